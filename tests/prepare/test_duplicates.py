"""A sound is known again when it is quieter, a little noisy, cut elsewhere or part of a longer one; another sound is not."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

import visavox.prepare.duplicates as duplicates
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


def test_however_much_is_known_the_same_is_found(monkeypatch):
    chance = np.random.default_rng(6)
    sounds = [chance.integers(0, 2**32, 160, dtype=np.uint32) for _ in range(40)]
    for sound in sounds:
        sound[::9] = sounds[0][::9]  # words that stand in all of them
    asked = [sound[30:140] ^ np.uint32(1 << 20) * (np.arange(110) % 3 == 0) for sound in sounds] + [sounds[0][:20], sounds[1][::-1]]
    answers = []
    for most in (10**9, 1000, 1):  # all in one, a few blocks, a block for each
        monkeypatch.setattr(duplicates, "MOST_RECENT", most)
        found = Known()
        for number, sound in enumerate(sounds):
            found.add(f"sound {number}", sound)
        answers.append([found.find(sound.astype(np.uint32)) for sound in asked])
    assert answers[0] == answers[1] == answers[2] and answers[0][:40] == [f"sound {number}" for number in range(40)]


def test_other_sounds_silence_and_clicks_are_not():
    sounds = [voice(20), voice(21, 3.0), np.zeros(4 * RATE, np.float32), voice(3)[:3000]]
    for sound in sounds:
        assert known().find(fingerprint(Audio(sound, RATE))) is None
