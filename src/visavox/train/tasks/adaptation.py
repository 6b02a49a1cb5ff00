"""The adaptation of a denoiser to one person: windows of that person in that person's style, beside motion that the model itself made.

What is replayed keeps the model from forgetting: its own motion for other voices in other styles, so no other data is needed. Source: Shin
et al. (2017), "Continual Learning with Deep Generative Replay", arXiv 1705.08690. Clips may be shorter than a window; frames that are not
there are masked. All chance of a step is drawn for the whole batch first, so that the shares of processes add up to it.

Shapes: N frames of all recordings end to end, R recordings, B batch (or a share of it), W window, P context.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from visavox.diffusion.schedule import Schedule
from visavox.io.kept import arrays_digest, as_entries
from visavox.models.face_model import Conditions, FaceModel, Nulls
from visavox.models.weights_digest import weights_digest
from visavox.train.face_losses import FaceResult, LipGeometry
from visavox.train.precision import in_full
from visavox.train.processes import Share
from visavox.train.tasks.denoiser import DenoisingConfig
from visavox.train.terms import weighted

SHORTEST = 5  # frames of a window that is cut short, and that follow a context


@dataclass(frozen=True, eq=False)
class Examples:
    """Recordings end to end: audio features (N, copies, E) and motion (N, C) in the rig's units, where a face was seen (N,), and of each
    recording its length (R,) and its style (R, K)."""

    features: np.ndarray
    motion: np.ndarray
    ok: np.ndarray
    length: np.ndarray
    style: np.ndarray

    @property
    def digest(self) -> str:
        """A hash (16 digits) of all of it."""
        return arrays_digest(vars(self))


@dataclass(frozen=True)
class AdaptationConfig:
    """Windows a batch, the share of them that is replayed, and the chances, noise and loss weights of the denoiser's own training."""

    windows: int = 16
    replayed: float = 0.5
    usual: DenoisingConfig = DenoisingConfig()


@dataclass(frozen=True, eq=False)
class Batch:
    """Windows with what comes before them: features (B, P + W, E), motion (B, P + W, C), which frames are there and which count for losses
    (B, P + W); which have no context (B,), styles (B, K), diffusion steps (B,); noise (B, W, C) and that of the context (B, P, C)."""

    features: np.ndarray
    motion: np.ndarray
    there: np.ndarray
    counts: np.ndarray
    first: np.ndarray
    style: np.ndarray
    step: np.ndarray
    noise: np.ndarray
    context_noise: np.ndarray

    def items(self, chosen: slice) -> "Batch":
        """Some of its windows."""
        return Batch(**{name: values[chosen] for name, values in vars(self).items()})


class AdaptationTask:
    """The losses of the denoiser on windows of `person`, and of `replay` where there is any."""

    def __init__(
        self, model: FaceModel, person: Examples, replay: Examples | None, schedule: Schedule, lips: LipGeometry, config: AdaptationConfig
    ):
        self.model, self.schedule, self.lips, self.config = model, schedule, lips, config
        replayed = 0 if replay is None else round(config.windows * config.replayed)
        self.parts = [(person, config.windows - replayed), *([] if replay is None else [(replay, replayed)])]
        digests = {"person": person.digest, "replay": "none" if replay is None else replay.digest}
        self.made_of = digests | {"start": weights_digest(model), **as_entries("task", config)}
        self.sizes = model.config.denoiser

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        """The losses of a whole batch."""
        return self.share_losses(random, Share())

    def share_losses(self, random: np.random.Generator, share: Share) -> dict[str, Tensor]:
        """What one share of the batch adds to its losses."""
        model, context = self.model, self.sizes.context
        whole = self.batch(random)
        batch, device = whole.items(share.items(len(whole.step))), model.start_motion.device
        features, motion, there, counts, style, noise, context_noise = (
            torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(device)
            for values in (batch.features, batch.motion, batch.there, batch.counts, batch.style, batch.noise, batch.context_noise)
        )
        target = model.normalizer.normalise(motion)
        noisy = self.schedule.add_noise(target[:, context:], noise, batch.step)
        with torch.no_grad():
            audio = model.audio_map(features) * there[..., None]
        shown = target[:, :context] + self.config.usual.context_noise * context_noise
        conditions = Conditions(audio[:, context:], there[:, context:], shown, audio[:, :context], style)
        nulls = Nulls(context=torch.from_numpy(batch.first).to(device))
        made = model(noisy * there[:, context:, None], torch.from_numpy(batch.step).to(device), conditions, nulls)
        with in_full(device):
            all_counts = torch.from_numpy(np.ascontiguousarray(whole.counts, np.float32)).to(device)
            result = FaceResult(made.float(), target, counts, model.normalizer, model.rig, self.lips.to(device), all_counts)
            return weighted(self.config.usual.terms, result)

    def batch(self, random: np.random.Generator) -> Batch:
        """All windows of a step, with everything that chance decides of them."""
        windows = [self._window(part, random) for part, count in self.parts for _ in range(count)]
        columns = [np.stack(column) for column in zip(*windows, strict=True)]
        count, sizes = len(windows), self.sizes
        step = random.integers(1, self.schedule.steps + 1, count)
        noise = random.standard_normal((count, sizes.window, sizes.channels), np.float32)
        return Batch(*columns, step, noise, random.standard_normal((count, sizes.context, sizes.channels), np.float32))

    def _window(self, part: Examples, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Features, motion, frames that are there and that count, whether it is a first window, and the style, of a drawn window."""
        context, window, usual = self.sizes.context, self.sizes.window, self.config.usual
        recording = int(random.choice(len(part.length), p=part.length / part.length.sum()))
        length, begins = int(part.length[recording]), int(part.length[:recording].sum())
        first = bool(random.random() < usual.first_window) or length < context + SHORTEST
        before = 0 if first else context
        frames = min(length, before + window)
        if random.random() < usual.truncated:
            frames = int(random.integers(before + min(SHORTEST, frames - before), frames + 1))
        start = begins + int(random.integers(0, length - frames + 1))
        rows, place = slice(start, start + frames), slice(context - before, context - before + frames)
        copy = int(random.integers(part.features.shape[1]))
        found = []
        for values in (part.features[rows, copy], part.motion[rows]):
            padded = np.zeros((context + window, values.shape[1]), np.float32)
            padded[place] = values
            found.append(padded)
        there, counts = np.zeros((2, context + window), np.float32)
        there[place], counts[place] = 1, part.ok[rows]
        return (*found, there, counts, np.array(first), part.style[recording])
