"""Sounds around a face: where a sudden one comes from, and the head and eyes that turn to it, as cues.

Directions are read from stereo (level and time difference) or first-order ambisonics (AmbiX: W, Y, Z, X). Azimuth is in degrees, positive
to the left of a listener who faces where the face does; stereo reaches 90 degrees to either side and cannot tell behind from before.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.cue import Cue
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.words import Manner
from visavox.errors import FileError
from visavox.io.audio_channels import read_channels
from visavox.levels import decibels
from visavox.windows import SAMPLE_RATE

RATE = SAMPLE_RATE  # Hz, at which it is analysed
HOP, AROUND = 0.01, 1.0  # seconds: of a level, and of what a level stands out from
KNOWN = 10  # levels before anything can stand out
RISE, SILENT = 10.0, -55.0  # dB above the level before, and of full scale, from which a sound is sudden
NOISE = 30  # levels before it that tell how loud the room is
APART = 0.4  # seconds between sounds at least
FIRST_WAVE = 0.02  # seconds of a sound, from its onset, that tell where it comes from, before its echoes do
HEAD_RADIUS = 0.0875  # metres, of the sphere whose ears hear in stereo (Woodworth 1938)
SPEED = 343.0  # metres a second
SURE, MOST_APART = 0.3, 25.0  # likeness of the channels, and dB between them, from which times, or levels alone, tell
CENTRE = 8.0  # degrees to either side within which nothing turns
REACTION, QUICKER = 0.28, 0.06  # seconds after the sound: of the slowest start, and by how much the loudest is quicker
LOUD = 30.0  # dB above what was before, of the loudest
HOLD = 1.4  # seconds for which the head stays
TURNED = 0.7  # of the way that the head goes; the eyes go the rest
FARTHEST, EYES = 60.0, 24.0  # degrees that head and eyes turn at most
WONT, FORGETS, ALIKE = 0.55, 12.0, 25.0  # what is left of the reaction to the next sound from within so many degrees; seconds; degrees
LEAST = 0.25  # of a reaction, below which there is none


@dataclass(frozen=True)
class SuddenSound:
    """A sudden sound: its time in seconds, its azimuth in degrees (left positive) and by how many dB it stands out."""

    time: float
    azimuth: float
    rise: float


def read_surroundings(path: str | Path) -> list[SuddenSound]:
    """The sudden sounds of a stereo or four-channel sound file; a FileError for one of other channels."""
    samples, rate = read_channels(path, RATE)
    if samples.shape[0] not in (2, 4):
        raise FileError(f"{path} has {samples.shape[0]} channel(s); surroundings need 2 (stereo) or 4 (first-order ambisonics, AmbiX)")
    return sudden_sounds(samples, rate)


def sudden_sounds(samples: np.ndarray, rate: int) -> list[SuddenSound]:
    """The sudden sounds of `samples` (2 or 4, S): where the level rises by RISE above that of the second before."""
    hop = round(HOP * rate)
    mono = samples.mean(0) if len(samples) == 2 else samples[0]
    blocks = mono[: mono.size // hop * hop].reshape(-1, hop)
    if len(blocks) < 2:
        return []
    power = np.square(blocks).mean(1) if len(samples) == 4 else np.square(samples[:, : blocks.size]).mean(0).reshape(-1, hop).mean(1)
    level = decibels(power, 1e-9)
    before, found = round(AROUND / HOP), []
    for index in np.flatnonzero(level > SILENT):
        if index < KNOWN:
            continue  # nothing is sudden before it is known how quiet it was
        rise = level[index] - np.median(level[max(index - before, 0) : index])
        late = found and index * HOP - found[-1].time < APART
        if rise >= RISE and not late:
            noise = samples[:, max(index - NOISE, 0) * hop : (index - 1) * hop]
            first = (index - 1) * hop + _onset(samples[:, (index - 1) * hop : (index + 1) * hop], noise, rate)
            piece = samples[:, first : first + round(FIRST_WAVE * rate)]
            found.append(SuddenSound(index * HOP, azimuth_of(piece, rate, noise), float(rise)))
    return found


def _onset(samples: np.ndarray, noise: np.ndarray, rate: int) -> int:
    """The first millisecond of `samples` (2 or 4, S) that stands out from the `noise` (2 or 4, N) before, as a sample; the middle if none
    does."""
    size = round(rate / 1000)
    power = np.square(samples[:, : samples.shape[1] // size * size]).mean(0).reshape(-1, size).mean(1)
    loud = power > 10 ** (RISE / 10) * np.square(noise).mean() + 1e-12
    return int(loud.argmax()) * size if loud.any() else samples.shape[1] // 2


def azimuth_of(samples: np.ndarray, rate: int, noise: np.ndarray | None = None) -> float:
    """The azimuth in degrees, left positive, of the sound in `samples` (2 or 4, S), in the `noise` (2 or 4, N) that was there before."""
    if len(samples) == 4:
        front, left = (float((samples[0] * samples[channel]).mean()) for channel in (3, 1))  # intensity along X and Y
        return float(np.degrees(np.arctan2(left, front)))
    power = np.square(samples).mean(1)
    if noise is not None and noise.size:
        power = power - np.square(noise).mean(1)  # else a side without the sound is as loud as the room
    power = np.maximum(power, 0.0) + 1e-12
    # a panned recording has levels alone: equal power from one side to the other
    by_level = float(2 * np.degrees(np.arctan2(np.sqrt(power[0]), np.sqrt(power[1]))) - 90)
    lag, likeness = _lag(samples, rate)
    if likeness < SURE or abs(lag) < 0.5 / rate or abs(np.diff(decibels(power, 0.0))[0]) > MOST_APART:
        return by_level
    angles = np.linspace(-np.pi / 2, np.pi / 2, 721)
    return float(np.degrees(np.interp(lag, HEAD_RADIUS / SPEED * (angles + np.sin(angles)), angles)))


def _lag(samples: np.ndarray, rate: int) -> tuple[float, float]:
    """By how many seconds the right channel hears it later, to a part of a sample, and how alike the channels are then, to 1."""
    most = int(np.ceil(HEAD_RADIUS / SPEED * (np.pi / 2 + 1) * rate)) + 1
    left, right = samples - samples.mean(1, keepdims=True)
    size = 1 << int(np.ceil(np.log2(2 * left.size)))
    crossed = np.fft.rfft(left, size).conj() * np.fft.rfft(right, size)
    fine = 8
    padded = np.zeros(fine * size // 2 + 1, complex)
    padded[: crossed.size] = crossed
    correlation = fine * np.fft.irfft(padded, fine * size)
    lags = np.arange(-most * fine, most * fine + 1)
    best = lags[np.argmax(correlation[lags])]
    whole = np.sqrt((left**2).sum() * (right**2).sum()) + 1e-12
    return float(best / (fine * rate)), float(correlation[best] / whole)


def reactions(sounds: list[SuddenSound]) -> list[Cue]:
    """The cues of a face that turns to each sound: the eyes first, then the head, 0.2 to 0.5 s after it; less to one that comes again."""
    cues, seen = [], []
    for sound in sounds:
        left = 1.0
        for time, azimuth in seen:
            if abs(azimuth - sound.azimuth) < ALIKE:
                left *= 1 - WONT * np.exp(-(sound.time - time) / FORGETS)
        seen.append((sound.time, sound.azimuth))
        if abs(sound.azimuth) < CENTRE or left < LEAST:
            continue
        way = "left" if sound.azimuth > 0 else "right"
        angle = min(abs(sound.azimuth), 90.0) * left
        head = min(TURNED * angle, FARTHEST)
        start = sound.time + REACTION - QUICKER * min(sound.rise / LOUD, 1)
        note = f"a sound from {abs(sound.azimuth):.0f} degrees {way} at {sound.time:.2f} s" + (", heard before" if left < 1 else "")
        eyes = Manner(degrees=round(min(angle - head + 4, EYES), 1))
        cues.append(Cue(round(start, 3), round(start + HOLD, 3), Gesture("look", way, eyes), note))
        cues.append(Cue(round(start + 0.06, 3), round(start + HOLD, 3), Gesture("turn", way, Manner(degrees=round(head, 1))), note))
    return cues
