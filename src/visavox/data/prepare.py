"""From shards to recordings: the step between a corpus and training, one file of recordings for each shard, resumable."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.follow import LipFit, fit_lips, follow_gap, follow_width
from visavox.data.recordings import FRAME, Recording, join_rows, record, save_recordings
from visavox.data.shards import read_shard
from visavox.data.synth.articulation import articulate, loudness_of, to_frames
from visavox.data.synth.negatives import negative
from visavox.data.synth.teacher import Manner, random_manner
from visavox.models.log_mel import SAMPLE_RATE, mel_power
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.gap import lip_gap
from visavox.rigs.head import Head

MANNERS = 160  # speaking manners in a corpus
WARPS = (0.86, 1.18)  # vocal-tract warp of a recording
NEGATIVES_A_FILE = 60
TRUST = 0.7  # in the fit of real lips against the teacher
OPENER = 1.1  # how much further than GRID's quiet speaker a face of manner 1 opens


@cache
def manners(seed: int = 77) -> tuple[Manner, ...]:
    """The manners of speaking that a corpus's recordings are given, the same for the same seed."""
    return tuple(random_manner(np.random.default_rng((seed, number))) for number in range(MANNERS))


@dataclass(frozen=True, eq=False)
class RealLips:
    """What real faces teach the teacher: a fit of their lip gap, and the head on which gaps are measured."""

    fit: LipFit
    head: Head

    def correct(self, made: Recording, loudness: np.ndarray, manner: Manner) -> Recording:
        """The recording with its lips opened for TRUST as the fit says and for the rest as the teacher did, scaled by the manner."""
        taught = Motion(made.motion, 25.0, ARKIT)
        gap = TRUST * OPENER * manner.opening * self.fit.gap(made.articulation.astype(float), loudness)
        return replace(made, motion=follow_gap(taught, gap + (1 - TRUST) * lip_gap(self.head, taught), self.head).values)


def prepare(
    shards: list[Path], folder: Path, negative_files: int, processes: int, lips: RealLips | None = None, report=None
) -> list[Path]:
    """The files of recordings made from `shards`, and `negative_files` files of sounds without speech; those already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [partial(_prepare_shard, shard, folder, lips) for shard in shards]
    jobs += [partial(_prepare_negatives, number, folder) for number in range(negative_files)]
    paths = []
    with ProcessPoolExecutor(processes) as pool:
        for number, future in enumerate([pool.submit(job) for job in jobs]):
            paths.append(future.result())
            if report is not None:
                report(number + 1, len(jobs), paths[-1].name)
    return paths


def _prepare_shard(shard: Path, folder: Path, lips: RealLips | None) -> Path:
    path = folder / (shard.stem + ".npz")
    if not path.exists():
        random = np.random.default_rng([3, *shard.stem.encode()])
        made = [_record(sound, phones, lips, random) for sound, phones in join_rows(list(read_shard(shard)), random)]
        save_recordings(made, path)
    return path


def _prepare_negatives(number: int, folder: Path) -> Path:
    path = folder / f"negatives-{number}.npz"
    if not path.exists():
        random, made = np.random.default_rng(900 + number), []
        for _ in range(NEGATIVES_A_FILE):
            sound = negative(12.0, random)
            sound = sound[: sound.size // FRAME * FRAME]
            style = int(random.integers(MANNERS))
            made.append(record(sound, [(0.0, sound.size / SAMPLE_RATE, "SIL")], manners()[style], style, random))
        save_recordings(made, path)
    return path


def _record(sound: np.ndarray, phones, lips: RealLips | None, random: np.random.Generator) -> Recording:
    style = int(random.integers(MANNERS))
    made = record(sound, phones, manners()[style], style, random, _warp(random))
    if lips is None:
        return made
    return lips.correct(made, to_frames(loudness_of(made.mel)), manners()[style])


def fit_real_lips(clips: list[Clip], head: Head) -> RealLips:
    """The fit of the lip gaps of real clips with phones and measures."""
    articulations, loudnesses, gaps = [], [], []
    for clip in clips:
        sound, frames = _cut(clip)
        loudness = loudness_of(mel_power(sound, 4 * frames))
        articulations.append(to_frames(articulate(list(clip.phones), loudness)).astype(float))
        loudnesses.append(to_frames(loudness))
        gaps.append(np.asarray(clip.measures.lip_gap[:frames], float))
    return RealLips(fit_lips(articulations, loudnesses, gaps), head)


def _cut(clip: Clip) -> tuple[np.ndarray, int]:
    """The clip's sound at 16 kHz, cut to whole frames that have measures, and their number."""
    sound = clip.audio.resample(SAMPLE_RATE).samples
    frames = min(len(clip.measures.lip_gap), sound.size // FRAME)
    return sound[: frames * FRAME], frames


def prepare_tracked(clips: list[Clip], head: Head, path: Path, copies: int = 3, together: int = 3) -> Path:
    """A file of recordings of real clips with phones and lip measures: the teacher's shapes made to follow the tracked lips.

    Each clip is taken `copies` times in different manners and warps; `together` clips make a recording long enough for a window.
    """
    random = np.random.default_rng(5)
    made = [_follow(clip, head, random) for clip in clips for _ in range(copies)]
    order = random.permutation(len(made))
    groups = [[made[i] for i in order[k : k + together]] for k in range(0, len(order) - together + 1, together)]
    save_recordings([_end_to_end(group) for group in groups], path)
    return path


def _follow(clip: Clip, head: Head, random: np.random.Generator) -> Recording:
    sound, frames = _cut(clip)
    style = int(random.integers(MANNERS))
    manner = manners()[style]
    made = record(sound, list(clip.phones), manner, style, random, _warp(random))
    scale = OPENER * manner.opening
    opened = follow_gap(Motion(made.motion, 25.0, ARKIT), scale * clip.measures.lip_gap[:frames], head)
    return replace(made, motion=follow_width(opened, scale * clip.measures.mouth_width[:frames], head).values)


def _end_to_end(group: list[Recording]) -> Recording:
    arrays = (np.concatenate([getattr(made, name) for made in group]) for name in ("mel", "phones", "articulation", "motion"))
    return Recording(*arrays, group[0].style)


def _warp(random: np.random.Generator) -> float:
    return float(np.round(random.uniform(*WARPS), 2))
