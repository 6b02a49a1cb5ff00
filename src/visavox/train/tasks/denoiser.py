"""The third task: the denoiser learns to move the face, on top of a frozen audio encoder and a frozen style encoder."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from visavox.data.material.recordings import EncodedSet
from visavox.diffusion.schedule import Schedule
from visavox.io.kept import as_entries
from visavox.models.face_model import Conditions, FaceModel, Nulls
from visavox.models.weights_digest import weights_digest
from visavox.rigs.arkit import HEAD, MOUTH
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, lip_maps
from visavox.train.precision import in_full

METRES_TO_MM = 1000.0


@dataclass(frozen=True)
class DenoisingConfig:
    """Every number of the task: clips a batch, chances of what is left out, and loss weights."""

    clips: int = 16
    first_window: float = 0.3
    truncated: float = 0.2
    no_style: float = 0.25  # told audio only
    nothing: float = 0.06  # told neither
    context_noise: float = 0.05  # of unit deviation: generated context is never as clean as the true one
    simple: float = 1.0
    lip_simple: float = 1.0
    vertex: float = 0.4  # for each mm^2 of the mean lip vertex
    vertex_speed: float = 0.8
    gap: float = 0.15  # for each mm of the lip gap
    width: float = 0.15  # for each mm of the mouth width
    head: float = 0.4
    head_speed: float = 4.0
    head_smooth: float = 0.2


class LipGeometry:
    """The default head's lips as linear maps from rig values: `vertices` (C, R) whose squared norm is the mean squared distance of the
    lip vertices in mm^2, and `gap` (C,), the opening at the midline in mm."""

    def __init__(self, head: Head, radius: float = 0.035):
        rest = head.neutral()
        middle = rest[head.lip_points[:2]].mean(0)
        near = np.linalg.norm(rest - middle, axis=1) < radius
        deltas = np.zeros((len(head.rig), int(near.sum()), 3), np.float32)
        for name, shape in zip(head.shape_names, head.shapes, strict=True):
            if name in head.rig:
                deltas[head.rig.index(name)] = shape[near] * METRES_TO_MM
        flat = deltas.reshape(len(head.rig), -1) / np.sqrt(near.sum())
        values, vectors = np.linalg.eigh(flat @ flat.T)
        self.vertices = torch.from_numpy((vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32))
        _, maps = lip_maps(head)
        self.gap, self.width = torch.zeros(len(head.rig)), torch.zeros(len(head.rig))
        for name, points in zip(head.shape_names, maps * METRES_TO_MM, strict=True):
            if name in head.rig:
                channel = head.rig.index(name)
                self.gap[channel] = float(points[UPPER, 1] - points[LOWER, 1])
                self.width[channel] = float(points[MOUTH_LEFT, 0] - points[MOUTH_RIGHT, 0])


class DenoisingTask:
    """Windows of motion under noise, with the sound, the end of the window before and the style of another recording of that manner."""

    def __init__(self, model: FaceModel, recordings: EncodedSet, schedule: Schedule, lips: LipGeometry, config: DenoisingConfig):
        self.made_of = {"recordings": recordings.digest, "start": weights_digest(model), **as_entries("task", config)}
        self.model, self.recordings, self.lips, self.config = model, recordings, lips, config
        self.schedule = schedule
        model.audio_encoder.requires_grad_(False).eval()
        model.style_encoder.requires_grad_(False).eval()
        sizes = model.config.denoiser
        self.context, self.window = sizes.context, sizes.window
        rig = model.rig
        self.mouth = torch.tensor(rig.indices([*MOUTH, "jawOpen", "tongueOut"]))
        self.head = torch.tensor(rig.indices(HEAD))
        long_enough = np.flatnonzero(recordings.length >= self.window)
        self.by_style = {int(s): long_enough[recordings.style[long_enough] == s] for s in np.unique(recordings.style[long_enough])}

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        # modules that are frozen stay in evaluation mode whatever the loop sets
        self.model.audio_encoder.eval()
        self.model.style_encoder.eval()
        motion, features, style = self._batch(random)
        normal = self.model.normalizer.normalise
        with torch.no_grad():
            manner = self.model.style_encoder(normal(style)).float()
        target = normal(motion)
        valid = self._valid(random)
        batch, step, noisy = len(target), *self._diffuse(target[:, self.context :], random)
        context = target[:, : self.context]
        context = context + self.config.context_noise * torch.from_numpy(random.normal(size=context.shape).astype(np.float32))
        audio = self.model.audio_map(features)
        audio = audio * torch.cat([torch.ones(batch, self.context), valid], 1)[..., None]
        told = Conditions(audio[:, self.context :], valid, context, audio[:, : self.context], manner)
        clean = self.model(noisy * valid[..., None], step, told, self._nulls(batch, random))
        with in_full(clean.device):
            return self._compare(clean.float(), target, torch.cat([torch.ones(batch, self.context), valid], 1))

    def _batch(self, random: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        data, length = self.recordings, self.context + self.window
        start, chosen = data.draw(self.config.clips, length, random)
        motion = np.stack([data.motion[s : s + length] for s in start])
        copies = random.integers(0, data.features.shape[1], len(start))
        features = np.stack([data.features[s : s + length, copy] for s, copy in zip(start, copies, strict=True)])
        others = [random.choice(self.by_style[int(data.style[recording])]) for recording in chosen]
        first = [data.start[r] + random.integers(0, data.length[r] - self.window + 1) for r in others]
        style = np.stack([data.motion[s : s + self.window] for s in first])
        return tuple(torch.from_numpy(np.ascontiguousarray(array, np.float32)) for array in (motion, features, style))

    def _valid(self, random: np.random.Generator) -> Tensor:
        """Which window frames exist (B, W): all of them, or for some clips only up to a random one."""
        end = np.where(
            random.random(self.config.clips) < self.config.truncated, random.integers(5, self.window, self.config.clips), self.window
        )
        return torch.from_numpy((np.arange(self.window) < end[:, None]).astype(np.float32))

    def _diffuse(self, clean: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        step = random.integers(1, self.schedule.steps + 1, len(clean))
        noise = torch.from_numpy(random.normal(size=clean.shape).astype(np.float32))
        return torch.from_numpy(step), self.schedule.add_noise(clean, noise, step)

    def _nulls(self, batch: int, random: np.random.Generator) -> Nulls:
        draw, first = random.random(batch), random.random(batch) < self.config.first_window
        nothing = draw < self.config.nothing
        no_style = nothing | (draw > 1 - self.config.no_style)
        return Nulls(*(torch.from_numpy(mask) for mask in (no_style, nothing, first)))

    def _compare(self, clean: Tensor, target: Tensor, valid: Tensor) -> dict[str, Tensor]:
        config, weight = self.config, valid / valid.sum()
        error = clean - target
        physical = error * self.model.normalizer.std
        truth = self.model.normalizer.restore(target)
        moved = physical @ self.lips.vertices
        both = valid[:, 1:] * valid[:, :-1]
        three = both[:, 1:] * both[:, :-1]
        turned = error[..., self.head]
        gap_error = (physical @ self.lips.gap).abs()
        nearly_shut = 1 + 2 * torch.exp(-(truth @ self.lips.gap).clamp(min=0) / 2)  # closures count up to three times
        return {
            "simple": config.simple * _mean(error.square().mean(-1), weight),
            "mouth": config.lip_simple * _mean(error[..., self.mouth].square().mean(-1), weight),
            "vertex": config.vertex * _mean(moved.square().sum(-1), weight),
            "vertex_speed": config.vertex_speed * _mean(moved.diff(dim=1).square().sum(-1), both / both.sum()),
            "gap": config.gap * _mean(gap_error * nearly_shut, weight),
            "width": config.width * _mean((physical @ self.lips.width).abs(), weight),
            "head": config.head * _mean(turned.square().mean(-1), weight),
            "head_speed": config.head_speed * _mean(turned.diff(dim=1).square().mean(-1), both / both.sum()),
            "head_smooth": config.head_smooth * _mean(clean[..., self.head].diff(n=2, dim=1).square().mean(-1), three / three.sum()),
        }


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum()
