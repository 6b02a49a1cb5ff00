"""`Source`: what a portrait is made from, and all that a `.portrait` file holds: photo, landmarks, where they come from, who agreed."""

from dataclasses import dataclass, replace

import numpy as np

from visavox.errors import FileError, OptionError
from visavox.io.photo import Photo
from visavox.portrait.builder import build
from visavox.portrait.crop import cropped, head_square, resized
from visavox.portrait.finding import landmarks_of
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.look import Look, look_of, with_look
from visavox.portrait.portrait import Portrait
from visavox.portrait.segmenter import person_in
from visavox.track.landmarks import Landmarker

FRAMES = ("crop", "whole")
SMALLEST, LARGEST = 64, 1024  # pixels of a head's square that is drawn
LEAST_FACE = 56  # pixels across a face
MOST_SQUARE, MOST_SIDE = 2048, 4096  # pixels of the head's square and of the photo that are kept
LIKENESS = 512  # pixels of the square in which a face is compared with itself


@dataclass(frozen=True, eq=False)
class Source:
    """photo (H, W, 3) uint8 and alpha (H, W) or None; landmarks in its pixels; the photo's name and SHA-256; consent, empty if none; the
    words of the look that it was given.
    """

    photo: np.ndarray
    landmarks: Landmarks
    name: str
    sha256: str
    consent: str = ""
    alpha: np.ndarray | None = None
    look: str = ""

    @staticmethod
    def of(photo: Photo, landmarks: Landmarks, consent: str = "") -> "Source":
        """The source of a photo, no larger than is of use; a FileError for a face that is too small or outside it."""
        _check_face(photo, landmarks)
        height, width = photo.pixels.shape[:2]
        _, _, side = head_square(landmarks, (height, width))
        scale = min(1.0, MOST_SQUARE / side, MOST_SIDE / max(height, width))
        source = Source(photo.pixels, landmarks, photo.name, photo.sha256, consent, photo.alpha)
        return source if scale == 1 else source.scaled(scale)

    def scaled(self, scale: float) -> "Source":
        """The source with a photo `scale` times as large."""
        size = tuple(max(round(side * scale), 2) for side in self.photo.shape[:2])
        factor = np.array([size[1] / self.photo.shape[1], size[0] / self.photo.shape[0]])
        landmarks = replace(self.landmarks, points=self.landmarks.points * factor)
        alpha = None if self.alpha is None else resized(self.alpha[..., None], size)[..., 0]
        return replace(self, photo=resized(self.photo, size), landmarks=landmarks, alpha=alpha)

    def portrait(self, frame: str = "crop", size: int = 512) -> Portrait:
        """The portrait: the head as a square of `size` pixels ("crop"), or the whole photo, its head's square `LARGEST` at most ("whole").

        An OptionError for another frame or a size out of bounds, a FileError for a face that is turned too far.
        """
        if frame not in FRAMES:
            raise OptionError(f"there is no frame {frame!r}; a portrait has {' or '.join(FRAMES)}")
        if frame == "whole":
            return self._whole()
        if not SMALLEST <= size <= LARGEST or size % 2:
            raise OptionError(f"a portrait of {size} pixels cannot be drawn; give an even number from {SMALLEST} to {LARGEST}")
        if self.alpha is None:
            return build(*cropped(self.photo, self.landmarks, size))
        cut, landmarks = cropped(np.dstack([self.photo, self.alpha]), self.landmarks, size)
        return build(np.ascontiguousarray(cut[..., :3]), landmarks, np.ascontiguousarray(cut[..., 3]))

    def _whole(self) -> Portrait:
        height, width = self.photo.shape[:2]
        _, _, side = head_square(self.landmarks, (height, width))
        source = self.scaled(LARGEST / side) if side > LARGEST else self
        height, width = (length // 2 * 2 for length in source.photo.shape[:2])  # video stores colour for pairs of pixels
        alpha = None if source.alpha is None else np.ascontiguousarray(source.alpha[:height, :width])
        return build(np.ascontiguousarray(source.photo[:height, :width]), source.landmarks, alpha)

    def cut_out(self, segmenter: str) -> "Source":
        """The source with an alpha of the person by the network in the file `segmenter`; its own stays where the photo has one."""
        return self if self.alpha is not None else replace(self, alpha=person_in(self.photo, segmenter))

    def looking(self, words: str, scene: Photo | None = None) -> "Source":
        """The source in the look of `words`, before the picture `scene`; an OptionError as `visavox.portrait.look` raises it.

        The landmarks, and so the shape of the face, stay as they are.
        """
        look = look_of(words) if words else Look()
        oval = self.landmarks.oval[:, 0]
        behind = None if scene is None else scene.pixels
        photo = with_look(self.photo, self.alpha, look, (float(oval.mean()), float(np.ptp(oval))), behind)
        before = None if scene is None else f"before {scene.name} ({scene.sha256[:12]})"
        return replace(self, photo=photo, look="; ".join(filter(None, (self.look, look.words, before))))

    def likeness(self, other: "Source", finder: Landmarker) -> float | None:
        """How far the face moved from this source to an `other` look of it: the median distance of what `finder` sees in both, over the
        distance of the eyes. It is None where it finds no face in one of them.
        """
        pictures = [cropped(source.photo, source.landmarks, LIKENESS)[0] for source in (self, other)]
        found = [finder.detect(picture)[:1] for picture in pictures]
        if not all(found):
            return None
        one, two = (landmarks_of(faces[0]) for faces in found)
        return float(np.median(np.linalg.norm(one.points - two.points, axis=1)) / one.eyes)

    def provenance(self) -> dict:
        """What a picture of this portrait says about it."""
        stated = {"portrait": self.name, "portrait_sha256": self.sha256, "consent": self.consent, "look": self.look}
        return {name: value for name, value in stated.items() if value}


def _check_face(photo: Photo, landmarks: Landmarks) -> None:
    oval, (height, width) = landmarks.oval, photo.pixels.shape[:2]
    across = float(np.ptp(oval[:, 0]))
    if across < LEAST_FACE:
        raise FileError(f"the face in {photo.name} is {across:.0f} pixels wide; {LEAST_FACE} are needed, 200 are good: give a larger photo")
    beyond = np.maximum(np.maximum(-oval, oval - (width, height)), 0).max()
    if beyond > 0.15 * across:
        raise FileError(f"the face in {photo.name} reaches over the edge of the photo; give one that shows the whole face")
