"""Eyelids that meet: how far a blink has to go on this face, with these other movements of the lids."""

import numpy as np

SHUT = 0.0006  # metres between the middles of the lids' edges when the eye is shut: their thickness


def shut_lids(weights: np.ndarray, shape_names: tuple[str, ...], offsets: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The weights (T, 52) with each eyeBlink scaled so that at 1 the lids just meet, no matter the face, the gaze or a
    squint.

    A blink shape lowers the lid by a fixed way, while the way to go depends on the face and on what else moves the
    lids. Without this a narrow or lowered eye shuts beyond its lower lid, and a wide one stays ajar. `offsets` (52,
    2, 2, 3) are the shapes and `rest` (2, 2, 3) the places of the lids' middles in metres: left and right eye, upper
    and lower lid.
    """
    weights = weights.copy()
    for eye, side in enumerate(("Left", "Right")):
        blink = shape_names.index(f"eyeBlink{side}")
        opening = offsets[:, eye, 0, 1] - offsets[:, eye, 1, 1]
        others = weights @ opening - weights[:, blink] * opening[blink]
        to_go = rest[eye, 0, 1] - rest[eye, 1, 1] - SHUT + others
        weights[:, blink] *= np.clip(to_go / -opening[blink], 0, 1.5)
    return weights
