"""`Correspondence`: where the landmarker's points lie on the default head, and which of its skin a photo can show."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visavox.errors import RigError
from visavox.io.assets import asset_arrays
from visavox.portrait.layout import SKIN_POINTS
from visavox.rigs.heads.default_head import Head

ASSET = "portrait.npz"
SURE, SLIDING = 0.002, 0.009  # metres of spread: a point counts half, a point does not count


@dataclass(frozen=True, eq=False)
class Correspondence:
    """Points on the skin of the default head, V positions.

    corners (478, 3) positions and shares (478, 3) of each point; spread (478,) metres that it wanders over the skin from face to face;
    skin (F', 3) triangles that can ever be seen; inner (n,) positions of the lips' insides; upper (V,) what belongs to the upper lip.
    """

    corners: np.ndarray
    shares: np.ndarray
    spread: np.ndarray
    skin: np.ndarray
    inner: np.ndarray
    upper: np.ndarray

    @staticmethod
    def from_asset(arrays: dict, head: Head) -> "Correspondence":
        """The correspondence that `tools/bake_head` wrote for `head`; a RigError when it was made for another head."""
        if str(arrays["topology"]) != topology(head):
            raise RigError("the packaged portrait.npz was made for another head.npz; bake it again: python -m tools.bake_head.portrait")
        seen = np.unpackbits(arrays["seen"], count=len(head.skin_faces)).astype(bool)
        upper = np.unpackbits(arrays["upper"], count=len(head.head_weight)).astype(bool)
        shares = arrays["shares"].astype(float)
        return Correspondence(
            arrays["corners"].astype(int), shares / shares.sum(1, keepdims=True), arrays["spread"].astype(float),
            head.skin_faces[seen].astype(np.int32), arrays["inner"].astype(int), upper,
        )  # fmt: skip

    def at(self, arrays: np.ndarray, points) -> np.ndarray:
        """What `arrays` (..., V, 3) is at the landmarks `points`: (..., n, 3)."""
        points = np.asarray(points)
        return (self.shares[points][..., None] * arrays[..., self.corners[points], :]).sum(-2)

    def trust(self) -> np.ndarray:
        """How much each of the 468 points of the skin counts, from 0 to 1: those that slide over the skin count little or nothing."""
        spread = self.spread[:SKIN_POINTS]
        return np.where(spread > SLIDING, 0.0, 1 / np.hypot(1, spread / SURE))


def topology(head: Head) -> str:
    """What names the mesh of `head`: a hash of its triangles, whatever its positions and shapes are."""
    digest = hashlib.sha256()
    for part in (head.faces, head.face_group, head.position_index):
        digest.update(np.ascontiguousarray(part, np.int32).tobytes())
    return digest.hexdigest()[:16]


@lru_cache(1)
def packaged() -> tuple[Head, Correspondence]:
    """The default head and its correspondence, read once."""
    head = Head.default()
    return head, Correspondence.from_asset(asset_arrays(ASSET), head)
