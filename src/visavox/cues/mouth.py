"""The right of words to their lips: whatever a cue asks, lips that meet for p, b and m still meet.

Where the lips are shut in the motion as it was and such a sound is heard, what parts them is taken back. In silence, and under a model that
tells no phones, a cue may part lips that were shut.
"""

from collections.abc import Mapping

import numpy as np

from visavox.gestures.lip_closure import LEAST, LEAST_OF_M, SURE
from visavox.rig import Rig

SHUT, AJAR = 0.02, 0.06  # the gap, of the distance of the eyes, at which lips are shut and at which they are open
GAP = {"jawOpen": 0.362, "mouthClose": -0.361, "mouthFunnel": 0.129} | {
    f"{name}{side}": weight for name, weight in (("mouthLowerDown", 0.021), ("mouthUpperUp", 0.026)) for side in ("Left", "Right")
}  # what a shape does to the gap at weight 1, as measured on the default head
_CLOSED = ("P", "B", "M")


def lip_gap(values: np.ndarray, rig: Rig) -> np.ndarray:
    """How far (T,) the lips are apart at the middle, of the distance of the eyes; the lips undo no more of the jaw than there is."""
    there = {name: values[:, rig.index(name)].astype(float) for name in GAP if name in rig}
    if "mouthClose" in there and "jawOpen" in there:
        there["mouthClose"] = np.minimum(there["mouthClose"], there["jawOpen"])
    return np.maximum(sum(GAP[name] * channel for name, channel in there.items()), 0) + np.zeros(len(values))


def closures(before: np.ndarray, rig: Rig, phones: Mapping[str, np.ndarray]) -> np.ndarray:
    """How surely (T,), 0 to 1, the lips of the motion `before` (T, C) are shut for a sound that asks it; `phones` are probabilities
    (T,) by name."""
    if not set(_CLOSED) <= set(phones) or "jawOpen" not in rig:
        return np.zeros(len(before))
    stops, nasal = np.asarray(phones["P"], float) + np.asarray(phones["B"], float), np.asarray(phones["M"], float)
    closed = np.maximum(np.clip((stops - LEAST) / SURE, 0, 1), np.clip((nasal - LEAST_OF_M) / SURE, 0, 1))
    return closed * (1 - np.clip((lip_gap(before, rig) - SHUT) / (AJAR - SHUT), 0, 1))


def kept_shut(values: np.ndarray, before: np.ndarray, shut: np.ndarray, rig: Rig) -> np.ndarray:
    """`values` (T, C) in which the lips meet as far as they are `shut` (T,); only frames whose mouth a cue has changed are touched."""
    parted = (shut > 0) & (lip_gap(values, rig) > lip_gap(before, rig) + 1e-6)
    if not parted.any():
        return values
    where = np.ix_(parted, [rig.index(name) for name in GAP if name in rig])
    made = values.copy()
    made[where] += shut[parted, None] * (before[where] - made[where])
    return made
