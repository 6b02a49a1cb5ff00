"""The network of `visavox.track.mouth_picture`, which sees the lip gap: what it learns from, and how it learns."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tools.bake_tracker.scenes import Clip, between, drawn

from visavox.io.kept import keep, text_digest
from visavox.render.camera import Camera
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity
from visavox.track.alignment import aligned
from visavox.track.landmarks import FaceLandmarks
from visavox.track.mouth_picture import COLUMNS, FLAT, ROWS, TAPS, mouth_strips
from visavox.track.solver import packaged_solver

WIDTH, HIDDEN, ROUNDS, BATCH = 32, 32, 4000, 128
DROPPED, MIRRORED, BLURRED, SHIFTED = 0.2, 0.5, 0.5, 3  # of hidden units; of batches, twice; rows at most
TINT, LIFT, GAMMA, NOISE = 0.25, 0.08, 0.3, 0.06  # of colours, of black, of the curve of grey, of pixels
MIXED, SHADED, KNOTS = 0.25, 0.12, 6  # of one colour into another; of shades by rows, and how many there are
TOUCHING = 0.012  # a gap under which lips touch
CHANNELS = 3 * COLUMNS


def mouths(path: Path, chance: np.random.Generator, step: int, head: Head) -> Path:
    """The file of the mouths (T, ROWS, COLUMNS, 3) of the clip at `path`, drawn again in a light by `chance`: one in `step` frames, where a
    face was found; the others are zeros."""
    with np.load(path, allow_pickle=False) as kept:
        points, values = kept["points"], kept["values"]
        face, other = Identity(str(kept["preset"]), kept["identity"]), (str(kept["preset"]), 0.0)
        other = (str(kept["other"]), float(kept["share"])) if "other" in kept else other
        size, view, place = int(kept["size"]), float(kept["view"]), tuple(float(each) for each in kept["position"])
    camera = replace(Camera.portrait(between(head, face.name, other), face, size), position=place, view=view)
    clip = Clip(face, other, values[::step], camera, chance)

    def look(target: Path) -> None:
        found, canonical = np.zeros((len(points), ROWS, COLUMNS, 3), np.uint8), packaged_solver().canonical
        for frame, picture in zip(range(0, len(points), step), drawn(clip, head), strict=True):
            if np.isfinite(points[frame]).all():
                seen = FaceLandmarks(points[frame], 1.0, np.zeros(1))
                found[frame] = mouth_strips(picture, seen, aligned(seen.points, canonical)[1])
        with target.open("wb") as file:
            np.savez_compressed(file, mouths=found)

    arrays = {"values": values, "points": points, "head": head.shapes}
    made_of = {"step": step} | {name: text_digest(array.tobytes()) for name, array in arrays.items()}
    return keep(mouths_of(path), made_of, look)


def mouths_of(path: Path) -> Path:
    """Where the mouths of the clip at `path` are kept."""
    return path.with_name(f"mouths_{path.stem}.npz")


class Mouths(NamedTuple):
    """The mouths (T, ROWS, COLUMNS, 3) of a clip, the gaps (T,) that they show, and those (T,) that landmarks show of them."""

    pictures: np.ndarray
    gaps: np.ndarray
    shown: np.ndarray

    def shut(self) -> np.ndarray:
        """The frames that may stand for the shut mouth: those of which landmarks show the least, and those in which lips touch."""
        least = np.argsort(self.shown)[: max(len(self.shown) // 10, 2)]
        return np.unique(np.concatenate([least, np.flatnonzero(self.gaps < TOUCHING)]))


def learned(clips: list[Mouths], seed: int = 0) -> dict[str, np.ndarray]:
    """The arrays of a `LipReader` by name, learned on how far the lips of each mouth are apart beside a shut one of the same clip."""
    starts = np.cumsum([0] + [len(clip.gaps) for clip in clips[:-1]])
    shut = [start + clip.shut() for start, clip in zip(starts, clips, strict=True)]
    shut = torch.tensor(np.array([np.resize(each, max(map(len, shut))) for each in shut]))
    owner = torch.tensor(np.repeat(np.arange(len(clips)), [len(clip.gaps) for clip in clips]))
    mouths, gaps = np.concatenate([clip.pictures for clip in clips]), np.concatenate([clip.gaps for clip in clips])
    chance = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    convolution = lambda inputs, step: torch.nn.Conv1d(inputs, WIDTH, TAPS, padding=TAPS // 2, stride=step)  # noqa: E731
    layers = [convolution(2 * CHANNELS, 1), convolution(WIDTH, 2), convolution(WIDTH, 2)]
    layers += [torch.nn.Linear(WIDTH * ROWS // 4, HIDDEN), torch.nn.Linear(HIDDEN, 1)]
    silu, drop = torch.nn.SiLU(), torch.nn.Dropout(DROPPED)
    network = torch.nn.Sequential(
        layers[0], silu, layers[1], silu, layers[2], silu, torch.nn.Flatten(), drop, layers[3], silu, drop, layers[4]
    )
    pictures = torch.tensor(mouths.reshape(len(mouths), ROWS, CHANNELS).transpose(0, 2, 1).astype(np.float32) / 255)
    wanted = torch.tensor(gaps, dtype=torch.float32)
    adam = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, 4e-3, ROUNDS)
    for _ in range(ROUNDS):
        batch = torch.randint(0, len(pictures), (BATCH,), generator=chance)
        beside = shut[owner[batch], torch.randint(0, shut.shape[1], (BATCH,), generator=chance)]
        seen, rest = varied(pictures[batch], pictures[beside], chance)
        middle, spread = rest.mean((1, 2), keepdim=True), rest.std((1, 2), keepdim=True, correction=0) + FLAT
        seen, rest = (seen - middle) / spread, (rest - middle) / spread
        said = (network(torch.cat([each, rest], 1))[:, 0] for each in (seen, rest))
        loss = 10 * (next(said) - next(said) - (wanted[batch] - wanted[beside])).abs().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        pace.step()
    named = zip(("first", "second", "third", "hidden", "last"), layers, strict=True)
    parts = [(f"{name}_{part}", getattr(layer, part)) for name, layer in named for part in ("weight", "bias")]
    return {name: values.detach().numpy() for name, values in parts}


def varied(mouths: torch.Tensor, shut: torch.Tensor, chance: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Mouths (N, CHANNELS, ROWS) and the shut ones beside them in other colours and lights, shaded by rows as by a beard, noisy, blurred
    and mirrored, each pair alike; but each a little brighter or darker, and up or down by some rows."""
    count, pairs = len(mouths), 2 * COLUMNS
    normal = lambda *size: torch.randn(*size, generator=chance)  # noqa: E731
    both = torch.cat([mouths, shut], 1)
    if torch.rand(1, generator=chance) < MIRRORED:
        both = both.view(count, 2, COLUMNS, 3, ROWS).flip(2).reshape(count, 2 * CHANNELS, ROWS)
    mixed = torch.eye(3) + MIXED * normal(count, 3, 3)
    both = torch.einsum("nij,nkjt->nkit", mixed, both.view(count, pairs, 3, ROWS)).reshape(count, 2 * CHANNELS, ROWS)
    tint = torch.exp(TINT * normal(count, 3)).repeat(1, pairs)[:, :, None]
    both = (both * tint + LIFT * normal(count, 1, 1)).clamp(0, 1.8) ** torch.exp(GAMMA * normal(count, 1, 1))
    both[:, :CHANNELS] *= torch.exp(LIFT * normal(count, 1, 1))
    for part, rows in ((slice(0, CHANNELS), SHIFTED), (slice(CHANNELS, None), SHIFTED - 1)):
        both[:, part] = torch.roll(both[:, part], int(torch.randint(-rows, rows + 1, (1,), generator=chance)), 2)
    shade = torch.nn.functional.interpolate(normal(count, 1, KNOTS), size=ROWS, mode="linear", align_corners=True)
    both = (both * (1 + SHADED * torch.rand(count, 1, 1, generator=chance) * shade)).clamp(0)
    both = both + NOISE * torch.rand(count, 1, 1, generator=chance) * normal(*both.shape)
    if torch.rand(1, generator=chance) < BLURRED:
        soft = torch.tensor([[[0.25, 0.5, 0.25]]]).repeat(2 * CHANNELS, 1, 1)
        for _ in range(int(torch.randint(1, 4, (1,), generator=chance))):
            both = torch.nn.functional.conv1d(torch.nn.functional.pad(both, (1, 1), mode="replicate"), soft, groups=2 * CHANNELS)
    return both[:, :CHANNELS], both[:, CHANNELS:]
