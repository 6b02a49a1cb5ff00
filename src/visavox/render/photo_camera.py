"""`PhotoCamera`: how the head's space, in metres and in the head's axes, falls on the photo."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

DISTANCE = 1.0  # metres from the viewer to the head's origin; the size of the head takes up what this leaves open


@dataclass(frozen=True, eq=False)
class PhotoCamera:
    """A viewer at `DISTANCE` before the head's origin: `focal` and `middle` (2,) in pixels, `turn` (3, 3) from the head's axes to his."""

    focal: float
    middle: np.ndarray
    turn: np.ndarray

    @staticmethod
    def of(parameters: np.ndarray) -> "PhotoCamera":
        """The camera of a rotation vector (3), the logarithm of the focal length, and the middle (2)."""
        turn = Rotation.from_rotvec(parameters[:3]).as_matrix()
        return PhotoCamera(float(np.exp(parameters[3])), np.array(parameters[4:6], float), turn)

    def shifted(self, pixels: np.ndarray) -> "PhotoCamera":
        """The camera whose pictures are moved by `pixels` (2,)."""
        return PhotoCamera(self.focal, self.middle + pixels, self.turn)

    def seen(self, positions: np.ndarray) -> np.ndarray:
        """`positions` (..., 3) in the viewer's axes, still in metres about the head's origin."""
        return positions @ self.turn.T

    def project(self, positions: np.ndarray) -> np.ndarray:
        """The place of `positions` (..., 3) in the photo: x right and y down in pixels, and the distance in metres, as (..., 3)."""
        seen = self.seen(positions)
        away = DISTANCE - seen[..., 2]
        scale = self.focal / away
        return np.stack([self.middle[0] + scale * seen[..., 0], self.middle[1] - scale * seen[..., 1], away], -1)

    def lift(self, moves: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """The displacement (n, 3) parallel to the picture that moves `positions` (n, 3) by `moves` (n, 2) pixels in it."""
        scale = (DISTANCE - self.seen(positions)[..., 2]) / self.focal
        flat = np.stack([moves[..., 0] * scale, -moves[..., 1] * scale, np.zeros_like(scale)], -1)
        return flat @ self.turn

    def place(self, points: np.ndarray, toward: np.ndarray) -> np.ndarray:
        """The positions (n, 3) that project onto `points` (n, 2), `toward` (n,) metres before the head's origin in the viewer's axes."""
        scale = (DISTANCE - toward) / self.focal
        return np.stack([(points[:, 0] - self.middle[0]) * scale, -(points[:, 1] - self.middle[1]) * scale, toward], 1) @ self.turn

    def angles(self) -> np.ndarray:
        """The yaw, pitch and roll (3,) in degrees by which the head in the photo is turned: aside, then up or down, then tilted.

        A photo that is tilted changes the roll alone.
        """
        return Rotation.from_matrix(self.turn).as_euler("ZXY", degrees=True)[::-1]
