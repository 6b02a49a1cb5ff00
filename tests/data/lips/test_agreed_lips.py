"""Lips read by two encoders together: errors of one that the other does not share cancel, and a third party learns to say the rest."""

import numpy as np
import pytest

from visavox.data.lips.agreed_lips import agreed_gaps, fit_shared_lips
from visavox.io.assets import read_head_asset
from visavox.models.log_mel import normalise
from visavox.rigs.heads.default_head import Head

OPEN, ERROR, WIDE = 10, 20, 30  # bands of the made sounds


class Ears:
    """An encoder whose features are bands of the sound, or sums of them."""

    def __init__(self, *bands: tuple[int, ...]):
        self.bands = bands

    def eval(self):
        return self

    def encoded(self, features: np.ndarray) -> np.ndarray:
        frames = features[0].reshape(-1, 4, 80).mean(1)
        return np.stack([frames[:, list(bands)].sum(1) for bands in self.bands], 1)[None].astype(np.float32)


def sounds(path, random, clips: int, frames: int = 100, filmed: bool = False):
    """A file of taught sounds whose lips are in two bands; the first encoder's error is in a third, the recogniser's in none."""
    count = clips * frames
    gap, width, error = (np.repeat(random.normal(size=count // 4), 4) for _ in range(3))
    mel = random.normal(0, 0.01, (4 * count, 80)) - 5
    for band, values in ((OPEN, gap), (WIDE, width), (ERROR, error)):
        mel[:, band] += np.repeat(values, 4)
    taught = np.stack([gap + np.repeat(random.normal(size=count // 4), 4), random.normal(size=count)], 1)
    measures = {"gap": 1 + 0.1 * gap, "width": 0.2 * width, "frames": np.full(clips, frames)} if filmed else {}
    np.savez(path, mel=mel, features=taught, length=np.full(clips, frames), **measures)
    return path, gap, width, mel, error


def test_what_only_one_encoder_errs_in_is_halved_and_said_by_another(tmp_path):
    random = np.random.default_rng(0)
    filmed = sounds(tmp_path / "filmed.npz", random, 40, filmed=True)[0]
    taught, true, *_ = sounds(tmp_path / "more.npz", random, 60)
    first, second = Ears((OPEN, ERROR)), Ears((OPEN,), (ERROR,), (WIDE,))
    agreed = agreed_gaps(filmed, [filmed, taught], first)
    assert [len(gap) for gap in agreed] == [4000, 6000] and agreed[0].std() == pytest.approx(0.1, rel=0.05)
    assert np.corrcoef(agreed[1], true)[0, 1] > 0.8
    lips = fit_shared_lips(filmed, [filmed, taught], agreed, second, Head.from_asset(read_head_asset()))
    _, gap, width, mel, error = sounds(tmp_path / "new.npz", random, 1, 2000)
    read_gap, read_width = lips.reading.lips(second.encoded(normalise(mel.astype(np.float32))[None])[0])
    alone = gap + error  # all that the first encoder can say
    assert np.corrcoef(alone, gap)[0, 1] < 0.75 < 0.84 < np.corrcoef(read_gap, gap)[0, 1]
    assert read_gap.std() == pytest.approx(0.1 * gap.std(), rel=0.1) and np.corrcoef(read_width, width)[0, 1] > 0.99
