"""Where a point of the skin lies in the painted skin: one cylinder around the head, wider in front than behind.

It is a function of the neutral face at rest, not of the mesh, so the painting outlives any change of the mesh.
"""

import numpy as np

AXIS = -0.075  # metres behind the eyes: the vertical axis of the cylinder
LOWEST, HIGHEST = -0.18, 0.13  # metres; what lies beyond takes the colour of the border
FRONT = 1.6  # how much finer the front is than the mean


def skin_map(rest: np.ndarray) -> np.ndarray:
    """The map coordinates (V, 2) in [0, 1] of neutral rest positions (V, 3): u around the head (0.5 the nose, growing to the
    face's left), v downwards from the crown."""
    angle = np.arctan2(rest[:, 0], rest[:, 2] - AXIS) / np.pi
    around = np.sign(angle) * (FRONT * np.abs(angle) - (FRONT - 1) * angle**2)
    down = (HIGHEST - rest[:, 1]) / (HIGHEST - LOWEST)
    return np.stack([0.5 + 0.5 * around, np.clip(down, 0, 1)], 1).astype(np.float32)
