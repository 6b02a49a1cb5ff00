"""DiffPoseTalk's recipe at a fraction of its width, and a store of synthetic clips for it, for tests.

The sound is a voice-like hum whose loudness opens the jaw and moves half of the expressions and the head's nod, and whose pitch moves
the others; each speaker has a style (gain, rest) of their own. So sound and style together say everything about the motion.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from flame_like import egg, flame_like, head_arrays
from visavox.data.store.shards import Row, write_shard
from visavox.models.face_config import FaceConfig
from visavox.models.sizes import AudioEncoderConfig
from visavox.recipes.diffposetalk import DiffPoseTalkRecipe, diffposetalk
from visavox.rig import Rig
from visavox.rigs.flame import FLAME
from visavox.rigs.heads.flame_head import FlameHead

HEAD = FlameHead.from_arrays(head_arrays(flame_like(*egg(8, 10))))
WIDTH = 24


class Folding(nn.Module):
    """Stands for HuBERT: loudness and pitch of each quarter of a frame, about unit size, through two maps: (B, 640 T) -> (B, T, D)."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(6)  # as pretrained weights are: always the same
        self.map = nn.Sequential(nn.Linear(8, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, samples):
        pieces = samples.unflatten(1, (-1, 4, 160))
        loud, rough = pieces.abs().mean(-1) + 1e-3, pieces.diff(dim=-1).abs().mean(-1) + 1e-4
        return self.map(torch.cat([4 * (loud - 0.8), 3 * (torch.log(rough / loud) + 2)], -1))


def small_recipe(head_moves: bool = True, clips: int = 4, window: int = 100) -> DiffPoseTalkRecipe:
    """The paper's recipe with narrow networks and few clips a batch. As in the paper a style is as long as its encoder is wide: its
    numbers are then about 1, where a linear map after the last norm made them so small that the denoiser learned to hear them last."""
    paper = diffposetalk(head_moves)
    config = paper.config
    style = replace(config.style, width=32, style=32, layers=2, heads=2, feed_forward=64)
    denoiser = replace(config.denoiser, style=32, width=64, layers=2, heads=4, feed_forward=128, window=window, dropout=0.0)
    small = FaceConfig(config.rig, replace(AudioEncoderConfig(), width=WIDTH, phones=1), style, denoiser)
    pairs = replace(paper.pairs, clips=clips)
    return replace(paper, config=small, pairs=pairs, style=replace(paper.style, persons=4), held_out=1, rounds=3)


def write_store(folder: Path, speakers: int = 6, clips: int = 2, frames: int = 260) -> Path:
    """A store of `clips` synthetic clips of each speaker."""
    random = np.random.default_rng(8)
    rows = [_row(speaker, number, frames, random) for speaker in range(speakers) for number in range(clips)]
    folder.mkdir(parents=True, exist_ok=True)
    write_shard(rows, folder / "shard-0000.parquet")
    return folder


def manner(speaker: int) -> tuple[float, float]:
    """How a speaker speaks: the gain of all that moves, and where the face rests."""
    return 0.6 + 0.25 * speaker, 0.2 * (speaker - 2.5)


def spoken(loud: np.ndarray, pitch: np.ndarray, speaker: int) -> np.ndarray:
    """The motion (T, C) of FLAME that this loudness (T,) and pitch (T,) have in the manner of `speaker`."""
    gain, rest = manner(speaker)
    values = np.zeros((len(loud), len(FLAME)), np.float32)
    values[:, FLAME.index("jawX")] = 0.2 * gain * (loud - 0.2)
    values[:, FLAME.index("jawY")] = 0.01
    for place in range(50):
        values[:, place] = rest * np.cos(place) + gain * 0.5 * (pitch if place % 2 else loud)
    values[:, FLAME.indices(("headX", "headY", "headZ"))] = 0.1 * gain * np.stack([loud - 0.6, pitch, loud * pitch], 1)
    return values


def restyled(motion: np.ndarray, rig: Rig, speaker: int, other: int) -> np.ndarray:
    """`motion` (T, C) of `rig`, which `speaker` made, as `other` would have made it of the same sound."""
    gain, _ = manner(speaker)
    loud, pitch = motion[:, rig.index("jawX")] / (0.2 * gain) + 0.2, motion[:, rig.index("headY")] / (0.1 * gain)
    return spoken(loud, pitch, other)[:, FLAME.indices(rig.names)]


def _row(speaker: int, number: int, frames: int, random: np.random.Generator) -> Row:
    loud = 0.6 + 0.4 * np.tanh(_smooth(random, frames, 4))
    pitch = np.tanh(_smooth(random, frames, 6))
    fine = np.repeat(loud, 640) * np.sin(np.cumsum(np.repeat(0.15 * 2**pitch, 640)))
    identity = np.full(100, 0.3, np.float32)  # the same face, so that only the style can tell the speakers apart
    return Row(f"p{speaker}/{number}", (0.3 * fine).astype(np.float32), 16000, f"p{speaker}", "synthetic", "CC0",
               motion=spoken(loud, pitch, speaker), rig="flame", identity=identity)  # fmt: skip


def _smooth(random: np.random.Generator, frames: int, width: int) -> np.ndarray:
    noise = random.normal(size=frames + 8 * width)
    window = np.hanning(4 * width)
    return np.convolve(noise, window / np.sqrt((window**2).sum()), "same")[4 * width : 4 * width + frames]
