"""How high the eyes look in the middle of a clip: what of it is less than the reading's error is taken for a look into the camera."""

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.rigs.arkit import GAZE_ANGLES, SHAPES

# Radians over or under the camera, head and eyes together: up to the first the middle look is the reading's own error, for a face is read
# beside its own rest, which leaves little of a constant; less and less beyond it, and from the second on the person looks elsewhere.
NEAR, AWAY = 0.14, 0.28
SIDES = tuple(tuple(SHAPES.index(f"eyeLook{way}{side}") for way in ("Down", "Up")) for side in ("Left", "Right"))


def level_gaze(weights: np.ndarray, turns: Rotation) -> np.ndarray:
    """The weights (T, 52), in the order of SHAPES, of eyes that look at the camera's height in the middle of a clip, unless they are seen
    to look elsewhere. The head turns by `turns` (T,). How the eyes move about their middle stays."""
    weights = weights.copy()
    lowered = np.stack([weights[:, down] * GAZE_ANGLES["Down"] - weights[:, up] * GAZE_ANGLES["Up"] for down, up in SIDES])
    middle = float(np.median(lowered.mean(0) + turns.as_euler("YXZ")[:, 1]))
    doubt = float(np.clip((AWAY - abs(middle)) / (AWAY - NEAR), 0, 1))
    for (down, up), angle in zip(SIDES, lowered - doubt * middle, strict=True):
        weights[:, down], weights[:, up] = angle.clip(0) / GAZE_ANGLES["Down"], (-angle).clip(0) / GAZE_ANGLES["Up"]
    return weights.clip(0, 1)
