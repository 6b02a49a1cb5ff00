"""How far somebody's lips part, taken from motion: made speech comes nearer to it, and is never driven far beyond what was seen."""

import numpy as np
import pytest

from visavox.gestures.face_style import FARTHEST, lips_of, nearer_lips
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT


def speaking(jaw: float, seconds: float = 8.0) -> Motion:
    """A mouth that opens and shuts three times a second, as far as `jaw`, and spreads a little."""
    time = np.arange(round(seconds * 25)) / 25
    values = np.zeros((len(time), len(ARKIT.channels)), np.float32)
    values[:, ARKIT.names.index("jawOpen")] = jaw * (1 - np.cos(6 * np.pi * time)) / 2
    for name in ("mouthStretchLeft", "mouthStretchRight"):
        values[:, ARKIT.names.index(name)] = 0.2 * (1 - np.cos(2 * np.pi * time)) / 2
    return Motion(values, 25, ARKIT)


@pytest.mark.parametrize("made, sign", [(0.3, 1), (0.5, -1)])
def test_what_opens_too_little_is_opened_further_and_the_reverse(made, sign):
    seen = speaking(0.4)
    face = lips_of(seen)
    assert sign * (nearer_lips(face, seen, speaking(made)).gap_range - face.gap_range) > 0.05 * face.gap_range


@pytest.mark.parametrize("made", [0.02, 1.0])
def test_a_model_that_answers_nothing_does_not_drive_them_on_and_on(made):
    seen = speaking(0.3)
    face = own = lips_of(seen)
    for _ in range(6):
        face = nearer_lips(face, seen, speaking(made))
    assert own.gap_range / FARTHEST * 0.999 <= face.gap_range <= own.gap_range * FARTHEST * 1.001
    assert face.gap_range == pytest.approx(own.gap_range * FARTHEST if made < 0.3 else own.gap_range / FARTHEST)
