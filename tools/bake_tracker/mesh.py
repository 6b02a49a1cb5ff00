"""Where the landmarks lie on the mesh of a drawn head, and how the plane of its face stands when the head is not turned."""

import numpy as np
from scipy.spatial.transform import Rotation
from tools.bake_tracker.learn import Seen
from tools.bake_tracker.scenes import between

from visavox.io.assets import asset_arrays
from visavox.rigs.heads.default_head import Head
from visavox.track.alignment import aligned


def mesh_points(clip: Seen, values: np.ndarray, head: Head) -> np.ndarray:
    """The places (T, 478, 3) in metres of the landmarks on a clip's head that moves by `values` (T, C)."""
    arrays = asset_arrays("portrait.npz")
    shares = arrays["shares"].astype(float)
    shares /= shares.sum(1, keepdims=True)
    moved = between(head, clip.identity.name, clip.other).vertices(values, clip.identity)
    return (shares[None, :, :, None] * moved[:, arrays["corners"].astype(int)]).sum(2)


def face_plane(clip: Seen, head: Head, canonical: np.ndarray) -> Rotation:
    """How the points of a clip's resting face, perfectly known, are turned against the `canonical` face (478, 3), in the head's axes: how a
    face that looks straight is built, which nobody who sees it can tell from a nod."""
    points = mesh_points(clip, np.zeros((1, clip.values.shape[1]), np.float32), head)[0]
    return Rotation.from_matrix(aligned(1000 * points * (1, -1, -1), canonical)[1].rotation).inv()
