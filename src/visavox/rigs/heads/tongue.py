"""The tongue's way out of the mouth: the correctives that bend the straight line of the `tongueOut` shape.

Spoken L and TH use small values of tongueOut: at TIP_UP the tip stands behind the upper front teeth, at TIP_BETWEEN it lies between the
teeth, at 1 the tongue hangs over the lower lip. A straight way from behind the teeth would lead through them: the tip has come down by
TIP_DOWN. While it leans on the upper teeth it does not fall with the jaw.
"""

import numpy as np

TIP_UP = 0.25
TIP_DOWN = 0.31
TIP_BETWEEN = 0.5
CORRECTIVES = ("tongueUp", "tongueBetween", "tongueUpJaw", "tongueBetweenJaw")


def corrective_weights(tongue_out: np.ndarray, jaw_open: np.ndarray) -> np.ndarray:
    """The weights (T, 4) of CORRECTIVES for tongueOut and jawOpen, both (T,): a tent over each pose, and the tents
    times the jaw.
    """
    up = np.interp(tongue_out, (0, TIP_UP, TIP_DOWN), (0, 1, 0))
    between = np.interp(tongue_out, (TIP_UP, TIP_DOWN, TIP_BETWEEN, 1), (0, TIP_DOWN / TIP_BETWEEN, 1, 0))
    return np.stack([up, between, up * jaw_open, between * jaw_open], 1).astype(np.float32)
