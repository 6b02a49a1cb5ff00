"""A sound is known again when it is quieter, a little noisy, cut elsewhere or part of a longer one; another sound is not."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from visavox.audio import Audio
from visavox.prepare.duplicates import Known, fingerprint

RATE = 16000


def voice(seed: int, seconds: float = 6.0) -> np.ndarray:
    """Noise in bands that come and go, as unlike another seed's as two sentences are."""
    random, count = np.random.default_rng(seed), round(seconds * RATE)
    total = np.zeros(count)
    for low in (200, 500, 1000, 2000, 3500):
        band = sosfilt(butter(2, [low, 1.6 * low], "band", fs=RATE, output="sos"), random.normal(size=count))
        moments = np.arange(0, count + 2000, 2000)
        swell = np.interp(np.arange(count), moments, random.random(moments.size) ** 2)
        total += band * swell
    return (0.3 * total / np.abs(total).max()).astype(np.float32)


def known() -> Known:
    found = Known()
    for seed in range(5):
        found.add(f"voice {seed}", fingerprint(Audio(voice(seed), RATE)))
    return found


CHANGES = {
    "the same": lambda sound: sound,
    "quieter": lambda sound: 0.2 * sound,
    "noisy": lambda sound: sound + 0.002 * np.random.default_rng(9).normal(size=sound.size).astype(np.float32),
    "cut elsewhere": lambda sound: sound[7000 : 7000 + 3 * RATE],
    "among others": lambda sound: np.concatenate([voice(50, 2.0), sound, voice(51, 2.0)]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_sound_is_known_again(change):
    assert known().find(fingerprint(Audio(CHANGES[change](voice(3)), RATE))) == "voice 3"


def test_other_sounds_silence_and_clicks_are_not():
    sounds = [voice(20), voice(21, 3.0), np.zeros(4 * RATE, np.float32), voice(3)[:3000]]
    for sound in sounds:
        assert known().find(fingerprint(Audio(sound, RATE))) is None
