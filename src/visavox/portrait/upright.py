"""`Upright`: the part of a photo that holds a face, turned until its eyes are level.

What is read from a photo is read along rows and columns: lids, lips, rows of teeth. So a face whose head is tilted is read upright, and
what was found there is brought back.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import map_coordinates

from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYE_CORNERS
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import Lid

LEVEL = 6.0  # degrees by which the eyes may lie aslant and count as level: the photo is then read as it is
AIR, AIR_MORE = 1.3, 24  # times as far from the middle as the farthest landmark that the upright picture reaches, and pixels more


@dataclass(frozen=True, eq=False)
class Upright:
    """turn (2, 2) carries the photo's axes to the upright ones, `middle` (2,) of the photo to `corner` (2,) of an upright picture of `side`
    pixels; None where the photo is upright itself.
    """

    turn: np.ndarray
    middle: np.ndarray
    corner: np.ndarray
    side: int | None

    @staticmethod
    def of(landmarks: Landmarks) -> "Upright":
        """How a photo with these landmarks is to be turned."""
        points = landmarks.points
        x, y = points[EYE_CORNERS[0]] - points[EYE_CORNERS[1]]
        if abs(np.degrees(np.arctan2(y, x))) < LEVEL:
            return Upright(np.eye(2), np.zeros(2), np.zeros(2), None)
        turn = np.array([[x, y], [-y, x]]) / np.hypot(x, y)
        middle = (points.min(0) + points.max(0)) / 2
        half = int(np.ceil(AIR * np.linalg.norm(points - middle, axis=1).max())) + AIR_MORE
        return Upright(turn, middle, np.full(2, float(half)), 2 * half)

    def landmarks(self, landmarks: Landmarks) -> Landmarks:
        """The landmarks of the upright picture."""
        return replace(landmarks, points=(landmarks.points - self.middle) @ self.turn.T + self.corner)

    def picture(self, photo: np.ndarray) -> np.ndarray:
        """The upright picture of a photo (H, W, 3) uint8."""
        if self.side is None:
            return photo
        x, y = np.meshgrid(np.arange(self.side) + 0.5, np.arange(self.side) + 0.5)
        return _picked(photo, self.back(np.stack([x, y], -1)))

    def back(self, points: np.ndarray) -> np.ndarray:
        """The places (..., 2) in the photo of `points` (..., 2) of the upright picture."""
        return (points - self.corner) @ self.turn + self.middle

    def camera(self, camera: PhotoCamera) -> PhotoCamera:
        """The camera of the photo whose upright picture `camera` took."""
        roll = np.eye(3)
        roll[:2, :2] = self.turn
        return PhotoCamera(camera.focal, self.back(camera.middle), roll @ camera.turn)

    def lid(self, lid: Lid) -> Lid:
        """The lid with its moves as they are in the photo."""
        return replace(lid, moves=lid.moves @ self.turn, out=lid.out @ self.turn)

    def painted(self, photo: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """The photo (H, W, 3) uint8 with what was changed in its upright picture from `before` to `after`."""
        if self.side is None:
            return after
        reach = np.ceil(np.abs(self.corner) @ np.abs(self.turn)).astype(int)
        low = np.maximum(np.floor(self.middle).astype(int) - reach, 0)
        high = np.minimum(np.ceil(self.middle).astype(int) + reach, photo.shape[1::-1])
        x, y = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
        places = (np.stack([x, y], -1) - self.middle) @ self.turn.T + self.corner
        changed = _picked(np.uint8(255 * (before != after).any(2, keepdims=True)), places) / 255
        made = photo.copy()
        window = made[low[1] : high[1], low[0] : high[0]]
        window[:] = np.uint8(np.rint(window + changed * (_picked(after, places).astype(float) - window)))
        return made


def _picked(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The picture (H, W, n) uint8 at `places` (h, w, 2), between its pixels; its border goes on beyond it."""
    at = [places[..., 1] - 0.5, places[..., 0] - 0.5]
    return np.stack([map_coordinates(picture[..., k], at, order=1, mode="nearest") for k in range(picture.shape[2])], -1)
