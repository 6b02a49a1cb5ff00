"""`FaceLandmarker`: faces of a picture, found and measured by the three networks of MediaPipe's face landmarker.

A detector finds the face, a turned square around it goes through the landmark network, and 146 of the 478 points, in pixels, through
the blend shape network. In a film the square comes from the points of the picture before, and the detector rests.
"""

from pathlib import Path

import numpy as np

from visavox.errors import OptionError
from visavox.track.crop import Crop, cut_out
from visavox.track.detection import AROUND, SIZE, Detection, decode, joined, overlap, views
from visavox.track.landmarks import POINTS, SIDES, FaceLandmarks
from visavox.track.model_file import LICENCE, read_networks
from visavox.track.networks import Network

SEEN = 256  # pixels along a side of what the landmark network sees
PRESENT = 0.5  # presence from which there is a face
SHARES = (1.0, 0.5, 0.25)  # of the longer side: the whole picture first, then parts of it for smaller faces
SAME = 0.3  # overlap over union from which two results are of one face
MOST_FACES = 32
LEAST_SIDE = 16  # pixels of a picture
# What the blend shape network reads of the 478 points.
READ = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80, 81, 82, 84, 87, 88,
    91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162,
    163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291,
    293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375,
    377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471,
    472, 473, 474, 475, 476, 477,
)  # fmt: skip


class FaceLandmarker:
    """The landmarker of a model file's three networks (see `model_file.read_networks`); it keeps nothing between pictures."""

    licence = LICENCE

    def __init__(self, networks: list[bytes]):
        self._detector, self._mesh, self._shapes = (Network(content) for content in networks)

    def detect(self, image: np.ndarray) -> list[FaceLandmarks]:
        """Every face in `image` (H, W, 3) uint8 RGB, the largest first; at most MOST_FACES. An OptionError for another kind of array."""
        image = _checked(image)
        faces: list[FaceLandmarks] = []
        for detection in self._detections(image):
            face = self._settled(image, detection.crop())
            if face and all(face.overlap(other) < SAME for other in faces):
                faces.append(face)
        return sorted(faces, key=lambda face: -face.size)[:MOST_FACES]

    def surest(self, image: np.ndarray) -> float:
        """How sure the detector is, 0 to 1, of the face in `image` that it is surest of: less of one that lies or stands on its head."""
        return max((detection.score for detection in self._detections(_checked(image))), default=0.0)

    def follow(self, image: np.ndarray, before: FaceLandmarks) -> FaceLandmarks | None:
        """The face that was at `before` in the picture before; None when no face is there now."""
        image = _checked(image)
        return self._measured(image, crop_of(before))

    def _detections(self, image: np.ndarray) -> list[Detection]:
        """What the detector finds in the whole picture and in its halves; in quarters only when nothing larger is there."""
        found: list[Detection] = []
        for share in SHARES:
            if share < SHARES[1] and found:
                break
            for view in views(image.shape[0], image.shape[1], share):
                seen = cut_out(image, view, SIZE, repeat_edge=False) / 127.5 - 1
                answer = self._detector(seen)
                part = decode(answer["regressors"][0], answer["classificators"][0, :, 0], view)
                found += [one for one in joined(part) if all(overlap(one.box, other.box) < SAME for other in found)]
        return found[: 2 * MOST_FACES]

    def _settled(self, image: np.ndarray, crop: Crop) -> FaceLandmarks | None:
        """The face in `crop`, measured again in the square around its own points, as it will be in the next picture of a film."""
        first = self._measured(image, crop)
        return first and self._measured(image, crop_of(first))

    def _measured(self, image: np.ndarray, crop: Crop) -> FaceLandmarks | None:
        if not 1 <= crop.side <= 8 * max(image.shape):
            return None
        answer = self._mesh(cut_out(image, crop, SEEN) / 255)
        presence = float(1 / (1 + np.exp(-np.clip(answer["Identity_1"].item(), -50, 50))))
        points = answer["Identity"].reshape(POINTS, 3)
        if presence < PRESENT or not np.isfinite(points).all():
            return None
        points = crop.to_picture(points, SEEN).astype(np.float32)
        scores = next(iter(self._shapes(points[list(READ), :2]).values()))
        return FaceLandmarks(points, presence, scores.reshape(-1).copy())


def crop_of(face: FaceLandmarks) -> Crop:
    """The turned square around the points of a face in which the next picture is looked at."""
    across = face.points[SIDES[1], :2] - face.points[SIDES[0], :2]
    left, top, right, bottom = face.box
    return Crop(((left + right) / 2, (top + bottom) / 2), AROUND * face.size, float(np.arctan2(across[1], across[0])))


def load_landmarker(path: str | Path) -> FaceLandmarker:
    """The landmarker of the model file at `path`; a FileError for another file, a DependencyError when its runtime is missing."""
    return FaceLandmarker(read_networks(path))


def _checked(image: np.ndarray) -> np.ndarray:
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        kind = f"shape {np.shape(image)} and type {getattr(image, 'dtype', type(image).__name__)}"
        raise OptionError(f"a picture of {kind} cannot be looked at; give (H, W, 3) uint8 in RGB")
    if min(image.shape[:2]) < LEAST_SIDE:
        raise OptionError(f"a picture of {image.shape[1]}x{image.shape[0]} pixels is too small for a face; give at least {LEAST_SIDE}")
    return image
