"""From shards to recordings: the step between a corpus and training, one file of recordings for each shard, resumable."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.lips.lip_following import follow_gap, follow_width, head_digest, shared_width
from visavox.data.material.recordings import SECONDS, Recording, join_rows, record, save_recordings
from visavox.data.origins import clips_digest
from visavox.data.store.shards import read_shard
from visavox.data.synth.negatives import negative
from visavox.data.synth.rule_based_animator import Manner, random_manner
from visavox.io.kept import file_digest, keep, text_digest
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

MANNERS = 160  # speaking manners in a corpus
WARPS = (0.86, 1.18)  # vocal-tract warp of a recording
NEGATIVES_A_FILE = 60
MANNERS_SEED, SHARD_SEED, NEGATIVES_SEED, TRACKED_SEED = 77, 3, 900, 5
OPENER = 1.1  # how much further than GRID's quiet speaker a face of manner 1 opens


@cache
def manners(seed: int = MANNERS_SEED) -> tuple[Manner, ...]:
    """The manners of speaking that a corpus's recordings are given, the same for the same seed."""
    return tuple(random_manner(np.random.default_rng((seed, number))) for number in range(MANNERS))


def prepare(shards: list[Path], folder: Path, negative_files: int, processes: int, report=None) -> list[Path]:
    """The files of recordings made from `shards`, and `negative_files` files of sounds without speech; those already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [partial(_prepare_shard, shard, folder) for shard in shards]
    jobs += [partial(_prepare_negatives, number, folder) for number in range(negative_files)]
    paths = []
    with ProcessPoolExecutor(processes) as pool:
        for number, future in enumerate([pool.submit(job) for job in jobs]):
            paths.append(future.result())
            if report is not None:
                report(number + 1, len(jobs), paths[-1].name)
    return paths


def _prepare_shard(shard: Path, folder: Path) -> Path:
    def make(path: Path) -> None:
        random = np.random.default_rng([SHARD_SEED, *shard.stem.encode()])
        save_recordings([_record(sound, phones, random) for sound, phones in join_rows(list(read_shard(shard)), random)], path)

    return keep(folder / (shard.stem + ".npz"), {"shard": file_digest(shard), "name": shard.stem, **settings()}, make)


def _prepare_negatives(number: int, folder: Path) -> Path:
    def make(path: Path) -> None:
        random, made = np.random.default_rng(NEGATIVES_SEED + number), []
        for _ in range(NEGATIVES_A_FILE):
            sound = negative(SECONDS, random)
            sound = sound[: sound.size // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
            style = int(random.integers(MANNERS))
            made.append(record(sound, [(0.0, sound.size / SAMPLE_RATE, "SIL")], manners()[style], style, random))
        save_recordings(made, path)

    return keep(folder / f"negatives-{number}.npz", {"number": number, "sounds": NEGATIVES_A_FILE, **settings()}, make)


def settings() -> dict:
    """What all recordings are made with, beside their sounds."""
    return {"manners": text_digest(manners()), "seconds": SECONDS, "warps": WARPS}


def _record(sound: np.ndarray, phones, random: np.random.Generator) -> Recording:
    style = int(random.integers(MANNERS))
    return record(sound, phones, manners()[style], style, random, warp_of(random))


def cut_to_measures(clip: Clip) -> tuple[np.ndarray, int]:
    """The clip's sound at 16 kHz, cut to whole frames that have measures, and their number."""
    sound = clip.audio.resample(SAMPLE_RATE).samples
    frames = min(len(clip.measures.lip_gap), sound.size // SAMPLES_PER_FRAME)
    return sound[: frames * SAMPLES_PER_FRAME], frames


def prepare_tracked(clips: list[Clip], head: Head, path: Path, copies: int = 3, together: int = 3) -> Path:
    """A file of recordings of real clips with phones and lip measures: the rule-based animator's shapes made to follow the tracked lips.

    Each clip is taken `copies` times in different manners and warps; `together` clips make a recording long enough for a window.
    """

    def make(part: Path) -> None:
        random = np.random.default_rng(TRACKED_SEED)
        order = [clips[i] for _ in range(copies) for i in random.permutation(len(clips))]
        groups = [order[k : k + together] for k in range(0, len(order) - together + 1, together)]
        save_recordings([_end_to_end(group, head, int(random.integers(MANNERS)), random) for group in groups], part)

    made_of = {"clips": clips_digest(clips), "head": head_digest(head), "copies": copies, "together": together, "opener": OPENER}
    return keep(path, made_of | settings(), make)


def _follow(clip: Clip, head: Head, style: int, random: np.random.Generator) -> Recording:
    sound, frames = cut_to_measures(clip)
    manner = manners()[style]
    made = record(sound, list(clip.phones), manner, style, random, warp_of(random))
    scale = OPENER * manner.opening
    animated = Motion(made.motion, FPS, ARKIT)
    opened = follow_gap(animated, scale * clip.measures.lip_gap[:frames], head)
    filmed = clip.measures.mouth_width[:frames]
    width = shared_width(animated, filmed - np.median(filmed), made.phones, manner.spread, head)
    return replace(made, motion=follow_width(opened, width, head).values)


def _end_to_end(clips: list[Clip], head: Head, style: int, random: np.random.Generator) -> Recording:
    group = [_follow(clip, head, style, random) for clip in clips]
    arrays = (np.concatenate([getattr(made, name) for made in group]) for name in ("mel", "phones", "articulation", "motion"))
    return Recording(*arrays, style)


def warp_of(random: np.random.Generator) -> float:
    """A vocal-tract warp at random."""
    return float(np.round(random.uniform(*WARPS), 2))
