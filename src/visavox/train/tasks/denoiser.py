"""The third task: the denoiser learns to move the face, on top of a frozen audio encoder and a frozen style encoder."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from visavox.data.material.recordings import EncodedSet
from visavox.diffusion.schedule import Schedule
from visavox.io.kept import as_entries
from visavox.models.face_model import Conditions, FaceModel, Nulls
from visavox.models.weights_digest import weights_digest
from visavox.train import face_losses as loss
from visavox.train.face_losses import FaceResult, LipGeometry
from visavox.train.precision import in_full
from visavox.train.terms import LossTerm, weighted


@dataclass(frozen=True)
class DenoisingConfig:
    """Every number of the task: clips a batch, chances of what is left out, and loss weights."""

    clips: int = 16
    first_window: float = 0.3
    truncated: float = 0.2
    no_style: float = 0.25  # conditions are the sound alone
    nothing: float = 0.06  # neither sound nor style
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

    @property
    def terms(self) -> list[LossTerm[FaceResult]]:
        """The losses that these weights weigh."""
        return [
            LossTerm("simple", loss.simple, self.simple),
            LossTerm("mouth", loss.mouth, self.lip_simple),
            LossTerm("vertex", loss.vertex, self.vertex),
            LossTerm("vertex_speed", loss.vertex_speed, self.vertex_speed),
            LossTerm("gap", loss.gap, self.gap),
            LossTerm("width", loss.width, self.width),
            LossTerm("head", loss.head, self.head),
            LossTerm("head_speed", loss.head_speed, self.head_speed),
            LossTerm("head_smooth", loss.head_smooth, self.head_smooth),
        ]


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
        long_enough = np.flatnonzero(recordings.length >= self.window)
        self.by_style = {int(s): long_enough[recordings.style[long_enough] == s] for s in np.unique(recordings.style[long_enough])}

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        # modules that are frozen stay in evaluation mode whatever the loop sets
        self.model.audio_encoder.eval()
        self.model.style_encoder.eval()
        motion, features, style = self.batch(random)
        normal = self.model.normalizer.normalise
        with torch.no_grad():
            style = self.model.style_encoder(normal(style)).float()
        target = normal(motion)
        valid = self.existing_frames(random)
        batch, step, noisy = len(target), *self.diffuse(target[:, self.context :], random)
        context = target[:, : self.context]
        context = context + self.config.context_noise * torch.from_numpy(random.normal(size=context.shape).astype(np.float32))
        audio = self.model.audio_map(features)
        audio = audio * torch.cat([torch.ones(batch, self.context), valid], 1)[..., None]
        conditions = Conditions(audio[:, self.context :], valid, context, audio[:, : self.context], style, named=self.named(motion))
        clean = self.model(noisy * valid[..., None], step, conditions, self.left_out(batch, random, conditions.named))
        with in_full(clean.device):
            exists = torch.cat([torch.ones(batch, self.context), valid], 1)
            return weighted(self.config.terms, self.result(clean.float(), target, exists))

    def batch(self, random: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Motion (B, P + W, C) and audio features (B, P + W, D) of drawn spans, and other motion (B, W, C) in the style of each."""
        data, length = self.recordings, self.context + self.window
        start, chosen = data.draw(self.config.clips, length, random)
        motion = np.stack([data.motion[s : s + length] for s in start])
        copies = random.integers(0, data.features.shape[1], len(start))
        features = np.stack([data.features[s : s + length, copy] for s, copy in zip(start, copies, strict=True)])
        others = [random.choice(self.by_style[int(data.style[recording])]) for recording in chosen]
        first = [data.start[r] + random.integers(0, data.length[r] - self.window + 1) for r in others]
        style = np.stack([data.motion[s : s + self.window] for s in first])
        return tuple(torch.from_numpy(np.ascontiguousarray(array, np.float32)) for array in (motion, features, style))

    def named(self, motion: Tensor) -> dict[str, Tensor]:
        """The values of the model's further conditions, by name, of the drawn motion (B, P + W, C): none. A task of a model that has some
        gives them here; each is left out as often as the style is."""
        return {}

    def existing_frames(self, random: np.random.Generator) -> Tensor:
        """Which window frames exist (B, W): all of them, or for some clips only up to a random one."""
        end = np.where(
            random.random(self.config.clips) < self.config.truncated, random.integers(5, self.window, self.config.clips), self.window
        )
        return torch.from_numpy((np.arange(self.window) < end[:, None]).astype(np.float32))

    def diffuse(self, clean: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """A drawn diffusion step (B,) for each window, and the windows (B, W, C) with its noise."""
        step = random.integers(1, self.schedule.steps + 1, len(clean))
        noise = torch.from_numpy(random.normal(size=clean.shape).astype(np.float32))
        return torch.from_numpy(step), self.schedule.add_noise(clean, noise, step)

    def left_out(self, batch: int, random: np.random.Generator, named: Collection[str] = ()) -> Nulls:
        """Which windows are drawn to go without style, without sound, without context and without each of the conditions `named` (B,)."""
        draw, first = random.random(batch), random.random(batch) < self.config.first_window
        nothing = draw < self.config.nothing
        no_style = nothing | (draw > 1 - self.config.no_style)
        missing = {name: torch.from_numpy(nothing | (random.random(batch) < self.config.no_style)) for name in named}
        return Nulls(*(torch.from_numpy(mask) for mask in (no_style, nothing, first)), named=missing)

    def result(self, prediction: Tensor, target: Tensor, exists: Tensor) -> FaceResult:
        """What the losses look at, of normalised prediction and target (B, P + W, C) and the frames that exist (B, P + W)."""
        return FaceResult(prediction, target, exists, self.model.normalizer, self.model.rig, self.lips)
