"""Which face of a photo speaks, and where its points are, as a landmarker sees them.

A landmarker looks at the whole picture and at parts of it, down to a quarter. A face that is smaller still in a large photo is looked for
in tiles of it. One that no tile shows is looked for upside down and on its side, so that the user is told what to do. In two of five photos
that stand on their head an upright face is found, too; the detector is less sure of it than of the same photo turned.
"""

from dataclasses import replace

import numpy as np

from visavox.errors import FileError, OptionError
from visavox.io.photo import Photo
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYE_CORNERS
from visavox.track.landmarks import SCORES, FaceLandmarks, Landmarker

ALIKE = 0.5  # of the largest face: a smaller one is not asked about
SHARE, LEAST_TILE = 1 / 4, 640  # of the longer side of a photo, and pixels, that a tile is across at least
STRIDE = 0.75  # of a tile from one to the next
SURER = 0.12  # by so much a detector is surer of a face that stands: by .15 to .42 in 16 photos whose face is found on its head, too
SAME = 0.3  # overlap over union from which two finds are of one face
ON_ITS_HEAD, TURN_IT = "stands on its head", "turn the photo until it is upright, and give it again"
TURNS = ((2, ON_ITS_HEAD), (1, "lies on its side"), (3, "lies on its side"))  # quarters of a turn, and what then is found


def detected(photo: Photo, landmarker: Landmarker, face: int | None = None) -> Landmarks:
    """The landmarks of the face in a photo; of face number `face`, counted from the left from 1, when it shows several.

    A FileError for a photo without a face, an OptionError when one has to be chosen.
    """
    found = faces_in(photo.pixels, landmarker)
    if not found:
        _check_upright(photo, landmarker)
        raise FileError(f"{photo.name} shows no face that can be found; give a photo of a face from the front, or --landmarks points.toml")
    if _on_its_head(photo.pixels, landmarker):
        raise FileError(f"the face in {photo.name} {ON_ITS_HEAD}; {TURN_IT}")
    return chosen(found, photo.name, face)


def _on_its_head(picture: np.ndarray, landmarker: Landmarker) -> bool:
    """Whether a `picture` in which a face was found shows one more surely when it is turned: then a mouth was seen in a forehead."""
    turned = np.ascontiguousarray(picture[::-1, ::-1])
    return landmarker.surest(turned) > landmarker.surest(picture) + SURER and any(_upright(one.points) for one in landmarker.detect(turned))


def chosen(found: list[FaceLandmarks], name: str, face: int | None) -> Landmarks:
    """The landmarks of one of the faces `found` in the photo `name`: of number `face` from the left, or of the only large one."""
    alike = sorted(found, key=lambda one: one.box[0])
    if face is None:
        large = [one for one in alike if one.size >= ALIKE * found[0].size]
        if len(large) > 1:
            raise OptionError(f"{name} shows {len(alike)} faces; choose one, counted from the left: --face 1 to --face {len(alike)}")
        return landmarks_of(large[0])
    if face > len(alike):
        raise OptionError(f"{name} shows {len(alike)} face{'s' if len(alike) > 1 else ''}, and --face is {face}; count from the left")
    return landmarks_of(alike[face - 1])


def landmarks_of(face: FaceLandmarks) -> Landmarks:
    """The landmarks of what a landmarker found; it counts from the middles of pixels, a portrait from their edges."""
    points = face.points[:, :2].astype(float) + 0.5
    return Landmarks(points, {name: float(score) for name, score in zip(SCORES[1:], face.scores[1:], strict=True)})


def faces_in(picture: np.ndarray, landmarker: Landmarker) -> list[FaceLandmarks]:
    """Every face in a `picture` (H, W, 3) uint8, the largest first; tiles of it are looked at when the whole of it shows none."""
    found = landmarker.detect(picture)
    height, width = picture.shape[:2]
    side = int(max(min(SHARE * max(height, width), height, width), LEAST_TILE))
    if found or side >= max(height, width):
        return found
    for top in _starts(height, side):
        for left in _starts(width, side):
            seen = landmarker.detect(np.ascontiguousarray(picture[top : top + side, left : left + side]))
            shift = np.array([left, top, 0], np.float32)
            moved = [replace(face, points=face.points + shift) for face in seen]
            found += [face for face in moved if all(face.overlap(other) < SAME for other in found)]
    return sorted(found, key=lambda face: -face.size)


def _starts(length: int, side: int) -> list[int]:
    """Where tiles of a `side` begin along a `length`, the last one at its end."""
    last = max(length - side, 0)
    count = int(np.ceil(last / (STRIDE * side))) + 1
    return sorted(set(np.linspace(0, last, count).round().astype(int).tolist()))


def _check_upright(photo: Photo, landmarker: Landmarker) -> None:
    """A FileError for a photo that shows a face when it is turned."""
    for quarters, lies in TURNS:
        found = landmarker.detect(np.ascontiguousarray(np.rot90(photo.pixels, quarters)))
        if found and _upright(found[0].points):
            raise FileError(f"the face in {photo.name} {lies}; {TURN_IT}")


def _upright(points: np.ndarray) -> bool:
    """Whether a face of `points` (478, 3) has its left eye to the right, more than above or below."""
    left, right = (points[corner, :2] for corner in EYE_CORNERS)
    return bool(left[0] - right[0] > abs(left[1] - right[1]))
