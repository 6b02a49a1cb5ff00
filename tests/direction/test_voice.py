"""What a voice tells: made voices with known cues, acted ones by other people, and none at all."""

import numpy as np
import pytest

from shared_data import shared_data
from visavox.audio import Audio
from visavox.direction.feeling import intensities
from visavox.direction.voice import CUES, PROFILES, chances_of, read_voice
from visavox.emotion import EMOTIONS
from visavox.io.audio import read_audio

RATE = 16000
ACTED = {"anger": "angry", "joy": "happy", "neutral": "neutral", "sadness": "sad"}


def made_voice(pitch: float, sweep: float, syllables: float, tilt: float, seconds: float = 4.0) -> np.ndarray:
    """A buzz (S,) at `pitch` Hz that wanders by `sweep` semitones, swells `syllables` times a second and falls by `tilt` dB an octave."""
    time = np.arange(round(seconds * RATE)) / RATE
    hertz = pitch * 2 ** (sweep / 12 * np.sin(2 * np.pi * 0.7 * time))
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    buzz = sum(np.sin(order * phase) * 10 ** (-tilt / 20 * np.log2(order)) for order in range(1, 20))
    swell = 0.15 + np.square(np.sin(np.pi * syllables * time))
    return (0.05 * buzz * swell).astype(np.float32)


def sound(*parts: np.ndarray) -> Audio:
    return Audio(np.concatenate([part for each in parts for part in (each, np.zeros(RATE // 2, np.float32))]), RATE)


def test_cues_follow_the_voice_against_its_own_usual():
    """Twelve phrases of one speaker, the last four higher, wider, quicker and brighter: each cue tells them from the others."""
    usual, excited = made_voice(120, 1.5, 2.5, 9), 2 * made_voice(170, 4.0, 4.5, 4)
    read = read_voice(sound(*[usual] * 8, *[excited] * 4))
    assert len(read.phrases) == 12
    apart = read.cues[8:].mean(0) - read.cues[:8].mean(0)
    assert (apart > 0.8).all(), dict(zip(CUES, apart.round(2), strict=True))
    assert read.arousal[8:].min() > read.arousal[:8].max() + 0.5
    assert np.abs(read.cues[:8].mean(0)[:2]).max() < 0.5, "the usual voice is its own measure"


def test_profiles_are_recognised_as_themselves():
    chances = chances_of(np.array([PROFILES[name] for name in EMOTIONS], float))
    assert np.allclose(chances.sum(1), 1) and (chances.argmax(1)[:5] == np.arange(5)).all()
    assert not intensities(np.eye(8))[0].any() and intensities(np.eye(8))[1].max() == pytest.approx(0.75)


def test_no_voice_no_emotion():
    read = read_voice(Audio(np.zeros(3 * RATE, np.float32), RATE))
    assert read.phrases == () and not read.track(75, 25.0).felt and read.overall[0] == 1


def test_acted_emotions_are_first_or_second():
    """Eight emotions, so chance is 1 in 4; nothing was fitted to these."""
    folder = shared_data("speech_multi", "nvidia_a2f")
    right = []
    for path in sorted(folder.glob("*.wav")):
        acted = ACTED.get(path.stem.split("_")[1])
        if acted is not None:
            best = np.argsort(-read_voice(read_audio(path)).overall)[:2]
            right.append(EMOTIONS.index(acted) in best)
    assert np.mean(right) >= 0.6
