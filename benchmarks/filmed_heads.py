"""Filmed heads on the clock of their sound, for the scripts that fit and measure a speaking head."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.readers.tracked import read_tracked
from visavox.evaluate.metrics.head_statistics import about_events, head_statistics, speed_curve
from visavox.gestures.smoothing import smoothed
from visavox.gestures.voice import VoiceTrack, voice_track
from visavox.rigs.arkit import HEAD

FPS = 25.0
SHORTEST = 4.8  # seconds
TWIN = "uncrop_Obama"  # the clip Obama_clip1 once more
COMMANDS = ("grid_multi", "grid_s1")  # sentences of 3 s, whose times are not those of a speaking head


@dataclass(frozen=True)
class FilmedHead:
    """One clip: `pose` (T, 3) in degrees at FPS, the `audio` and its `voice`."""

    name: str
    speaker: str
    pose: np.ndarray
    audio: Audio
    voice: VoiceTrack


def filmed_heads(folder: Path, every: int = 1) -> list[FilmedHead]:
    """The clips of a folder of tracked faces in which a face is nearly always found, every so many of them."""
    heads = []
    for number, clip in enumerate(read_tracked(folder, folder.name, "")):
        if number % every or clip.measures.ok.mean() < 0.8 or clip.name == TWIN:
            continue
        pose = np.degrees(clip.motion.at_fps(FPS).select(HEAD)).astype(float)
        frames = min(len(pose), int(clip.audio.seconds * FPS))
        heads.append(FilmedHead(clip.name, _speaker(folder, clip.name), pose[:frames], clip.audio, voice_track(clip.audio, frames, FPS)))
    return [head for head in heads if folder.name in COMMANDS or len(head.pose) >= SHORTEST * FPS]


def _speaker(folder: Path, name: str) -> str:
    """Who is filmed: GRID's clips begin with their speaker, or are all of one; one president has three clips; else the clip's name."""
    if folder.name in COMMANDS:
        return re.match(r"(s\d+)_", name + "_")[1] if re.match(r"s\d+_", name) else folder.name
    return "Obama" if "Obama" in name else name


def statistics(heads: Iterable[FilmedHead], poses: Callable[[FilmedHead], np.ndarray]) -> dict[str, dict[str, float]]:
    """The numbers of each clip by its name, of the head that `poses` gives it."""
    return {head.name: head_statistics(poses(head), FPS, head.voice.speech) | links(poses(head), head.voice) for head in heads}


def events(heads: Iterable[FilmedHead], poses: Callable[[FilmedHead], np.ndarray]) -> dict[str, list[float]]:
    """The readings about the events of all clips together."""
    found: dict[str, list[float]] = {}
    for head in heads:
        marks = {name: getattr(head.voice, name) for name in ("onset", "offset", "accent")}
        for name, values in about_events(poses(head), FPS, marks).items():
            found.setdefault(name, []).extend(values)
    return found


def links(pose: np.ndarray, voice: VoiceTrack) -> dict[str, float]:
    """Correlations of what moves with plain loudness and tone."""
    louder = smoothed(voice.level + voice.tone, 0.3 * FPS)
    return {
        "speed with level": correlation(np.log1p(speed_curve(pose, FPS)), smoothed(voice.level, 0.1 * FPS)),
        "pitch with level and tone": correlation(smoothed(pose[:, 0], 0.12 * FPS), louder),
    }


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's r, 0 of a curve that does not move."""
    one, other = one - one.mean(), other - other.mean()
    scale = np.sqrt(np.square(one).sum() * np.square(other).sum())
    return float((one * other).sum() / scale) if scale > 1e-9 else 0.0
