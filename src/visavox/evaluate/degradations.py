"""The same clips made worse, and sounds that are no speech: what a face must bear. Pure functions, seeded."""

from dataclasses import replace

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.windows import SAMPLE_RATE

REVERBERATION_RATIO = 0.4  # energy of the reverberation's root over the direct sound
TELEPHONE = (300.0, 3400.0)  # Hz


def with_pink_noise(clip: Clip, decibels: float, random: np.random.Generator) -> Clip:
    """The clip with pink noise added at a signal-to-noise ratio of `decibels`, over the whole recording."""
    samples = clip.audio.samples.astype(float)
    noise = pink_noise(samples.size, clip.audio.sample_rate, random)
    return _with_sound(clip, samples + noise * samples.std() * 10 ** (-decibels / 20))


def with_reverberation(clip: Clip, seconds: float, random: np.random.Generator) -> Clip:
    """The clip in a room whose sound falls by 60 dB in `seconds`: decaying noise after the direct sound, 8 dB below
    it in all.
    """
    length = round(seconds * clip.audio.sample_rate)
    room = random.normal(size=length) * np.exp(-6.9 * np.arange(length) / length)
    room *= REVERBERATION_RATIO / np.sqrt((room**2).sum())
    room[0] = 1.0
    return _with_sound(clip, fftconvolve(clip.audio.samples, room)[: clip.audio.samples.size])


def over_telephone(clip: Clip) -> Clip:
    """The clip between 300 and 3400 Hz (causal filter, delay under a millisecond)."""
    filtered = sosfilt(butter(4, TELEPHONE, "bandpass", fs=clip.audio.sample_rate, output="sos"), clip.audio.samples)
    return _with_sound(clip, filtered)


def quieter(clip: Clip, decibels: float) -> Clip:
    """The clip turned down by `decibels`."""
    return _with_sound(clip, clip.audio.samples * 10 ** (-decibels / 20))


def overdriven(clip: Clip, decibels: float) -> Clip:
    """The clip so loud that its peaks, which would stand `decibels` over full scale, are cut off there."""
    loudest = max(float(np.abs(clip.audio.samples).max()), 1e-9)
    return replace(clip, audio=Audio(clip.audio.samples * (10 ** (decibels / 20) / loudest), clip.audio.sample_rate))


def sounds_without_speech(seconds: float, random: np.random.Generator, sample_rate: int = SAMPLE_RATE) -> list[Clip]:
    """Digital silence, faint noise, white noise, pink noise, a 50 Hz hum, clicks, and chords with drums, as clips: a face must stay
    closed and alive.
    """
    count = round(seconds * sample_rate)
    time = np.arange(count) / sample_rate
    clicks = np.where(random.random(count) < 2 / sample_rate, 0.5, 0.0)
    made = {
        "digital silence": np.zeros(count),
        "faint noise": 1e-4 * random.normal(size=count),
        "white noise": 0.1 * random.normal(size=count),
        "pink noise": 0.1 * pink_noise(count, sample_rate, random),
        "hum": 0.1 * np.sin(2 * np.pi * 50 * time) + 0.05 * np.sin(2 * np.pi * 150 * time),
        "clicks": clicks,
        "chords and drums": _music(count, sample_rate, random),
    }
    source = "made by visavox.evaluate.degradations"
    return [Clip(name, Audio(samples, sample_rate), "nobody", source, "CC0") for name, samples in made.items()]


def _music(count: int, sample_rate: int, random: np.random.Generator) -> np.ndarray:
    """Two chords a second (count,), each of four notes with overtones, and a drum every quarter of a second."""
    sound = np.zeros(count)
    for start in range(0, count, sample_rate // 4):
        time = np.arange(min(sample_rate // 2, count - start)) / sample_rate
        part = 0.1 * random.normal(size=time.size) * np.exp(-time / 0.04)  # the drum
        if start % (sample_rate // 2) < sample_rate // 4:
            notes = 110 * 2 ** ((random.integers(0, 12) + np.array([0, 4, 7, 12])) / 12)
            part += 0.06 * np.exp(-time / 0.3) * sum(np.sin(2 * np.pi * note * k * time) / k**1.5 for note in notes for k in range(1, 6))
        sound[start : start + time.size] += part
    return sound / max(float(np.abs(sound).max(initial=0)), 1.0)


def pink_noise(count: int, sample_rate: int, random: np.random.Generator) -> np.ndarray:
    """Noise (count,) whose power falls by 3 dB an octave above 30 Hz, of unit deviation."""
    spectrum = np.fft.rfft(random.normal(size=count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / sample_rate), 30.0)), count)
    return noise / noise.std()


def _with_sound(clip: Clip, samples: np.ndarray) -> Clip:
    loudest = max(float(np.abs(samples).max()), 1.0)  # what would clip is turned down instead
    return replace(clip, audio=Audio(samples / loudest, clip.audio.sample_rate))
