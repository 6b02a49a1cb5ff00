"""Sounds that are not speech, to which a face keeps its mouth shut: silence, hiss, hum, clicks, breath, tones, chords, knocks."""

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from visavox.windows import SAMPLE_RATE

SOURCE, LICENCE = "silence, hiss, hum, clicks, breath, chords, bursts (generated)", "Apache-2.0, our own"  # as a checkpoint states them


def negative(seconds: float, random: np.random.Generator) -> np.ndarray:
    """A sound (S,) float32 at 16 kHz without speech, of a random kind and level (now and then digital silence)."""
    size = int(seconds * SAMPLE_RATE)
    kinds = (_silence, _hiss, _hiss, _hum, _clicks, _breath, _chords, _bursts)
    sound = kinds[random.integers(len(kinds))](size, random)
    if random.random() < 0.4:
        sound = sound + kinds[random.integers(1, len(kinds))](size, random) * random.uniform(0.05, 0.5)
    peak = np.abs(sound).max()
    return (sound / peak * 10 ** random.uniform(-3, -0.1)).astype(np.float32) if peak > 0 else sound.astype(np.float32)


def _silence(size: int, random: np.random.Generator) -> np.ndarray:
    return np.zeros(size)


def _hiss(size: int, random: np.random.Generator) -> np.ndarray:
    """White noise through a random one-pole filter, from brown to blue."""
    noise = random.normal(size=size)
    return lfilter([1], [1, -random.uniform(-0.5, 0.98)], noise)


def _hum(size: int, random: np.random.Generator) -> np.ndarray:
    time = np.arange(size) / SAMPLE_RATE
    base = random.choice((50, 60, 100, 120)) * random.uniform(0.98, 1.02)
    return sum(np.sin(2 * np.pi * base * k * time + random.uniform(0, 6)) * random.random() / k for k in range(1, 12))


def _clicks(size: int, random: np.random.Generator) -> np.ndarray:
    sound = np.zeros(size)
    hits = random.integers(0, size, max(int(size / SAMPLE_RATE * random.uniform(0.5, 8)), 1))
    sound[hits] = random.normal(size=hits.size)
    return lfilter([1], [1, -1.6 * random.uniform(0.5, 1), 0.7], sound)


def _breath(size: int, random: np.random.Generator) -> np.ndarray:
    """Band-passed noise that swells and dies, as breath does."""
    low = random.uniform(300, 1500)
    sections = butter(2, [low, min(low * random.uniform(2, 6), 7500)], "band", fs=SAMPLE_RATE, output="sos")
    swell = np.clip(np.sin(2 * np.pi * np.arange(size) / SAMPLE_RATE * random.uniform(0.2, 0.6) + random.uniform(0, 6)), 0, 1) ** 2
    return sosfilt(sections, random.normal(size=size)) * swell


def _chords(size: int, random: np.random.Generator) -> np.ndarray:
    """Plucked or held chords with overtones and some vibrato."""
    sound, time = np.zeros(size), np.arange(size) / SAMPLE_RATE
    beat = random.uniform(0.25, 1.2)
    for start in np.arange(0, size / SAMPLE_RATE, beat):
        envelope = np.exp(-np.maximum(time - start, 0) / random.uniform(0.1, 1.0)) * (time >= start)
        for _ in range(random.integers(1, 4)):
            pitch = 110 * 2 ** (random.integers(0, 36) / 12)
            wobble = 1 + 0.003 * np.sin(2 * np.pi * 5 * time)
            sound += envelope * sum(np.sin(2 * np.pi * pitch * k * time * wobble) / k**1.5 for k in range(1, 6))
    return sound


def _bursts(size: int, random: np.random.Generator) -> np.ndarray:
    """Noise in short bursts: steps, rustling, applause."""
    rate = random.uniform(2, 12)
    gate = np.repeat(random.random(int(size / SAMPLE_RATE * rate) + 2) < 0.4, int(SAMPLE_RATE / rate) + 1)[:size]
    gate = np.pad(gate, (0, size - gate.size)).astype(float)
    return random.normal(size=size) * lfilter([0.01], [1, -0.99], gate)
