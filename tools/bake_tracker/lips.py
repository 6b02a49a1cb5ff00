"""The network of `visavox.track.mouth_picture`, which sees the lip gap: what it learns from, and how it learns."""

from dataclasses import replace
from pathlib import Path

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

WIDTH, HIDDEN, ROUNDS, BATCH = 24, 32, 3000, 128
DROPPED, MIRRORED, BLURRED, SHIFTED = 0.2, 0.5, 0.4, 3  # of hidden units; of batches, twice; rows at most
TINT, LIFT, GAMMA, NOISE = 0.25, 0.08, 0.3, 0.06  # of colours, of black, of the curve of grey, of pixels
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


def learned(mouths: np.ndarray, gaps: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """The arrays of a `LipReader` by name, learned on `mouths` (N, ROWS, COLUMNS, 3) that show the gaps (N,)."""
    chance = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    convolution = lambda inputs, step: torch.nn.Conv1d(inputs, WIDTH, TAPS, padding=TAPS // 2, stride=step)  # noqa: E731
    layers = [convolution(CHANNELS, 1), convolution(WIDTH, 2), convolution(WIDTH, 2)]
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
        seen = varied(pictures[batch], chance)
        seen = (seen - seen.mean((1, 2), keepdim=True)) / (seen.std((1, 2), keepdim=True, correction=0) + FLAT)
        loss = 10 * (network(seen)[:, 0] - wanted[batch]).abs().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        pace.step()
    named = zip(("first", "second", "third", "hidden", "last"), layers, strict=True)
    parts = [(f"{name}_{part}", getattr(layer, part)) for name, layer in named for part in ("weight", "bias")]
    return {name: values.detach().numpy() for name, values in parts}


def varied(pictures: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Pictures (N, CHANNELS, ROWS) in other colours and lights, noisy, blurred, mirrored, and up or down by some rows."""
    count = len(pictures)
    normal = lambda *size: torch.randn(*size, generator=chance)  # noqa: E731
    if torch.rand(1, generator=chance) < MIRRORED:
        pictures = pictures.view(count, COLUMNS, 3, ROWS).flip(1).reshape(count, CHANNELS, ROWS)
    tint = torch.exp(TINT * normal(count, 3)).repeat(1, COLUMNS)[:, :, None]
    pictures = (pictures * tint + LIFT * normal(count, 1, 1)).clamp(0, 1.6) ** torch.exp(GAMMA * normal(count, 1, 1))
    pictures = pictures + NOISE * torch.rand(count, 1, 1, generator=chance) * normal(*pictures.shape)
    pictures = torch.roll(pictures, int(torch.randint(-SHIFTED, SHIFTED + 1, (1,), generator=chance)), 2)
    if torch.rand(1, generator=chance) < BLURRED:
        soft = torch.tensor([[[0.25, 0.5, 0.25]]]).repeat(CHANNELS, 1, 1)
        pictures = torch.nn.functional.conv1d(torch.nn.functional.pad(pictures, (1, 1), mode="replicate"), soft, groups=CHANNELS)
    return pictures
