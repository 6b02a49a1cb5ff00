"""How a film stands: whether its pictures lie on a side or on their head, which cameras do not always say."""

import numpy as np

from visavox.track.landmarks import SIDES, FaceLandmarks, Landmarker

VOTES = 3  # pictures of a face that decide
LEANING, LITTLE = np.radians((60, 45))  # a head leans up to this far in a film that stands, and up to that in one that is turned
CERTAIN = 0.88  # of a face that stands otherwise the detector is less sure than this
A_FACE = 0.7  # so sure it must be there: faces in test charts, which stand before many a film, come to .69
SURER = 0.04  # by so much it must be surer of a face in a film that is turned


class Standing:
    """Quarter turns, counter-clockwise, after which the faces of a film stand upright: `turn` is None until VOTES pictures have told."""

    def __init__(self, landmarker: Landmarker):
        self._landmarker, self._votes = landmarker, []

    @property
    def turn(self) -> int | None:
        """What most pictures say, once enough have been looked at."""
        return self.so_far if len(self._votes) >= VOTES else None

    @property
    def so_far(self) -> int:
        """What most of the pictures say that were looked at until now; 0 when there were none."""
        return max(sorted(set(self._votes)), key=self._votes.count, default=0)

    def look(self, picture: np.ndarray, faces: list[FaceLandmarks]) -> None:
        """Counts what a `picture` says in which `faces` were found, the largest first: the turn after which a face stands about upright
        and the detector is surest of one."""
        sure = {0: self._landmarker.surest(picture)} if faces and abs(_roll(faces[0])) < LEANING else {}
        if sure.get(0, 0.0) < CERTAIN:
            for turn in (1, 2, 3):
                turned = stood(picture, turn)
                found = self._landmarker.detect(turned)
                if found and abs(_roll(found[0])) < LITTLE:
                    sure[turn] = self._landmarker.surest(turned)
        if sure:
            best = max(sorted(sure), key=sure.get)
            if sure.get(0, 0.0) > sure[best] - SURER:
                self._votes.append(0)
            elif sure[best] > A_FACE:
                self._votes.append(best)


def stood(picture: np.ndarray, turn: int) -> np.ndarray:
    """The picture (H, W, 3) after so many quarter turns counter-clockwise."""
    return np.ascontiguousarray(np.rot90(picture, turn)) if turn else picture


def _roll(face: FaceLandmarks) -> float:
    """How far (radians) the line of the eyes is turned, counter-clockwise as seen."""
    across = face.points[SIDES[1], :2] - face.points[SIDES[0], :2]
    return float(np.arctan2(-across[1], across[0]))
