"""Teeth that nearly meet where s, sh and their like are heard, and a tongue between them for th.

The lips part as far for an s as for many a vowel, and the model opens the jaw for both. People do not: `benchmarks/phones.py` says how far
chins and lips of filmed people move (docs/report/phones.md).
"""

from collections.abc import Mapping

import numpy as np

from visavox.gestures.lip_reading import gap_of
from visavox.gestures.muscles import GAP, WIDTH, both_sides, drawn_in
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING

HISSED = {"S": 1.0, "Z": 1.0, "T": 0.5, "D": 0.5, "N": 0.5, "IY": 0.5}  # how nearly the teeth meet, between lips that part
HUSHED, BETWEEN = ("SH", "ZH", "CH", "JH"), ("TH", "DH")  # between lips that make a funnel; with the tongue between them
NEAR = 0.07  # the jaw of teeth that nearly meet
MOST = {"mouthLowerDown": 0.9, "mouthUpperUp": 0.7, "mouthFunnel": 0.3}  # of the lips, in place of the jaw
LOWERED = 0.5  # share of that in which the lower lip goes down; in the rest the upper one goes up
TONGUE, SEEN = 0.4, 0.06  # weight of a tongue between the teeth; of the eyes' distance: the gap in which it is seen
DOUBTED = 1.5  # how much more a th counts, of which the encoder is seldom sure
TEETH = (*HISSED, *HUSHED, *BETWEEN)


def close_teeth(motion: Motion, phones: Mapping[str, np.ndarray], free: np.ndarray) -> Motion:
    """`motion` whose jaw goes up for hissed and hushed `phones`, probabilities (T,) by name, where lips are `free` (T,) to part, 0 to 1.

    What it gives up the lips take over: one down and one up, between which the mouth stays as wide, or as a funnel.
    """
    hissed, hushed = sum(share * phones[name] for name, share in HISSED.items()), sum(phones[name] for name in HUSHED)
    jaw, held = motion.channel("jawOpen"), motion.channel("mouthClose")
    raised = free * np.clip(hissed + hushed, 0, 1) * np.maximum(jaw - NEAR, 0)
    lips_held = np.clip(held / np.maximum(jaw, 1e-6), 0, 1)  # the lips undo so much of the jaw
    gap, funnelled = GAP["jawOpen"] * raised * (1 - lips_held), hushed / np.maximum(hissed + hushed, 1e-6)
    shares = {"mouthLowerDown": LOWERED * (1 - funnelled), "mouthUpperUp": (1 - LOWERED) * (1 - funnelled), "mouthFunnel": funnelled}
    changed = {"jawOpen": jaw - raised, "mouthClose": held - raised * lips_held}
    for name in (*PARTING, "mouthFunnel"):
        pair, before = name.removesuffix("Left").removesuffix("Right"), motion.channel(name)
        changed[name] = np.maximum(before, np.minimum(before + shares[pair] * gap / GAP[pair], MOST[pair]))
    closed = motion.with_channels(changed)
    wider = sum(WIDTH[name] * (both_sides(closed, name) - both_sides(motion, name)) for name in ("jawOpen", "mouthUpperUp"))
    return _with_tongue(closed.with_channels(drawn_in(closed, wider)), phones, free)


def _with_tongue(motion: Motion, phones: Mapping[str, np.ndarray], free: np.ndarray) -> Motion:
    """`motion` with the tongue between the teeth for th, where the lips part far enough to show it."""
    if "tongueOut" not in motion.rig:
        return motion
    between = np.clip(DOUBTED * sum(phones[name] for name in BETWEEN), 0, 1) * free * np.clip(gap_of(motion) / SEEN, 0, 1)
    return motion.with_channels({"tongueOut": np.maximum(motion.channel("tongueOut"), TONGUE * between)})
