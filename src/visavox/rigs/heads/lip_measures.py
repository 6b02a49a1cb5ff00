"""How open and how wide the mouth is: the measures that a tracker takes of a real face, taken of the head.

Both are divided by the distance between the outer corners of the eyes, so they have no unit and compare across faces
and with the `lip_gap` and `mouth_width` of tracked video. The head's rotation does not enter: the six points are read
before it. The points are linear in the shapes' weights, so a loss can use `lip_maps` and stay differentiable.
"""

import numpy as np

from visavox.errors import RigError
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.heads.default_head import NEUTRAL, Head
from visavox.style import Identity

# The order of `Head.lip_points`.
POINTS = ("upperLip", "lowerLip", "mouthCornerLeft", "mouthCornerRight", "eyeCornerLeft", "eyeCornerRight")
UPPER, LOWER, MOUTH_LEFT, MOUTH_RIGHT, EYE_LEFT, EYE_RIGHT = range(6)


def lip_maps(head: Head, identity: Identity = NEUTRAL) -> tuple[np.ndarray, np.ndarray]:
    """The rest places (6, 3) and the linear maps (52, 6, 3) of POINTS, in metres: points = rest + weights @ maps.

    The maps follow `Head.shape_names`, and the weights are `Head.shape_weights` (mouthClose counts no further than
    jawOpen). The two lip points are positions of the mesh, up to a millimetre beside the line where the sealed lips
    touch. So the lower one is set to the height of the upper: at rest the gap is 0 under every identity.
    """
    rest = head.neutral(identity)[head.lip_points]
    rest[LOWER, 1] = rest[UPPER, 1]
    return rest, head.shapes[:, head.lip_points]


def packaged_lip_maps() -> tuple[list[str], np.ndarray, np.ndarray]:
    """The names of the packaged head's shapes, and its `lip_maps`: to the same bits, without unpacking the whole head."""
    arrays = read_head_asset(("presets", "shape_names", "preset_positions", "position_unit", "shapes", "lip_points"))
    points, neutral = arrays["lip_points"], list(map(str, arrays["presets"])).index(NEUTRAL.name)
    rest = arrays["preset_positions"][neutral, points].astype(np.float32) * np.float32(arrays["position_unit"])
    rest[LOWER, 1] = rest[UPPER, 1]
    return list(map(str, arrays["shape_names"])), rest, arrays["shapes"][:, points].astype(np.float32)


def face_points(head: Head, motion: Motion, identity: Identity = NEUTRAL) -> np.ndarray:
    """The places (T, 6, 3) of POINTS in metres, without the head's rotation; a RigError when the motion has another
    rig.
    """
    if motion.rig != head.rig:
        raise RigError(f"the motion has rig {motion.rig.name!r}, the head {head.rig.name!r}; retarget the motion before measuring it")
    rest, maps = lip_maps(head, identity)
    return rest + np.tensordot(head.shape_weights(motion.values), maps, 1)


def lip_gap(head: Head, motion: Motion, identity: Identity = NEUTRAL) -> np.ndarray:
    """The gap (T,) between the inner lips at the midline over the outer eye corners' distance; 0 when they touch."""
    points = face_points(head, motion, identity)
    return np.maximum(points[:, UPPER, 1] - points[:, LOWER, 1], 0) / eye_distance(points)


def mouth_width(head: Head, motion: Motion, identity: Identity = NEUTRAL) -> np.ndarray:
    """The distance (T,) of the inner mouth corners over the distance of the outer eye corners."""
    points = face_points(head, motion, identity)
    return np.linalg.norm(points[:, MOUTH_LEFT] - points[:, MOUTH_RIGHT], axis=-1) / eye_distance(points)


def eye_distance(points: np.ndarray) -> np.ndarray:
    """The distance (T,) in metres of the outer eye corners in `points` (T, 6, 3)."""
    return np.linalg.norm(points[:, EYE_LEFT] - points[:, EYE_RIGHT], axis=-1)
