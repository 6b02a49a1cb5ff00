"""DiffPoseTalk's denoiser task: two adjacent windows of a clip, each told the style of the other, the second shown the end of the first.

All chance of a step is drawn for the whole batch first, in NumPy, so that the parts of a batch cut over processes add up to it.
Shapes: B batch (or a share of it), W window, P context, C channels, D width, S samples.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from visavox.data.store.motion_clips import MotionClips
from visavox.diffusion.schedule import Schedule
from visavox.errors import OptionError
from visavox.io.kept import as_entries
from visavox.models.conditions import Conditions, Nulls
from visavox.models.face_model import FaceModel
from visavox.models.hubert import standardise
from visavox.models.weights_digest import weights_digest
from visavox.train.losses import Geometry, ValidFrames, WindowResult, head_channels, weigh
from visavox.train.processes import Share
from visavox.train.terms import LossTerm
from visavox.windows import SAMPLES_PER_FRAME


@dataclass(frozen=True)
class PairConfig:
    """Clips a batch; the chance that a batch's first and second windows end early; above which of a uniform number style and audio are
    left out (style > `style_kept` is null, > `audio_kept` audio is too)."""

    clips: int = 16
    truncated: tuple[float, float] = (0.3, 0.4)
    style_kept: float = 0.55
    audio_kept: float = 0.90


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that chance decides of one window for the whole batch: `end` (B,) valid frames, diffusion `step` (B,), `noise`
    (B, W, C), and whether style and audio are left out (B,)."""

    end: np.ndarray
    step: np.ndarray
    noise: np.ndarray
    no_style: np.ndarray
    no_audio: np.ndarray


def plan_window(config: PairConfig, truncated: float, sizes: tuple[int, int, int], random: np.random.Generator) -> Plan:
    """The chance of one window; `sizes` are W, C and the number of diffusion steps. One coin decides for the batch whether windows end
    early; each then ends after 1 to W - 1 frames."""
    window, channels, steps = sizes
    batch = config.clips
    early = random.random() < truncated
    end = random.integers(1, window, batch) if early else np.full(batch, window)
    chance = random.random(batch)
    step = random.integers(1, steps + 1, batch)
    noise = random.standard_normal((batch, window, channels), np.float32)
    return Plan(end, step, noise, chance > config.style_kept, chance > config.audio_kept)


class PairedWindowsTask:
    """The losses of `terms` on batches of `clips`; the style encoder is frozen, the audio encoder learns with the denoiser."""

    def __init__(
        self, model: FaceModel, clips: MotionClips, schedule: Schedule, terms: list[LossTerm], geometry: Geometry, config: PairConfig
    ):
        self.model, self.clips, self.terms, self.geometry, self.config = model, clips.clips, terms, geometry, config
        weights = {term.name: term.weight for term in terms}
        self.made_of = {"data": clips.fingerprint, "style encoder": weights_digest(model.style_encoder), "losses": weights}
        self.made_of |= as_entries("task", config)
        self.sizes = model.config.denoiser
        short = [clip.name for clip in self.clips if clip.frames < 2 * self.sizes.window]
        if short:
            raise OptionError(f"clip {short[0]!r} is shorter than two windows of {self.sizes.window} frames; leave such clips out")
        self.schedule = schedule
        self.head = head_channels(model.rig)
        model.style_encoder.requires_grad_(False)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        """The losses of a whole batch."""
        return self.share_losses(random, Share())

    def share_losses(self, random: np.random.Generator, share: Share) -> dict[str, Tensor]:
        """What one share of the batch adds to its losses."""
        self.model.style_encoder.eval()
        self.geometry.to(self.model.start_motion.device)
        batch, window = self.config.clips, self.sizes.window
        chosen = random.choice(len(self.clips), batch, replace=batch > len(self.clips))
        starts = [int(random.integers(0, self.clips[number].frames - 2 * window + 1)) for number in chosen]
        shape = window, self.sizes.channels, self.sizes.steps
        plans = [plan_window(self.config, truncated, shape, random) for truncated in self.config.truncated]
        mine = share.items(batch)
        samples, motion, identity = self._read(chosen[mine], starts[mine])
        normal = self.model.normalizer.normalise(motion)
        halves = normal[:, :window], normal[:, window:]
        sounds = samples[:, : window * SAMPLES_PER_FRAME], samples[:, window * SAMPLES_PER_FRAME :]
        with torch.no_grad():
            styles = [self.model.style_encoder(other) for other in reversed(halves)]
        first, encoded = self._window(plans[0], mine, halves[0], sounds[0], (styles[0], identity), None)
        before = self._end_of_first(halves[0], sounds[0], encoded, plans[0])
        second, _ = self._window(plans[1], mine, halves[1], sounds[1], (styles[1], identity), before)
        return weigh(self.terms, [first, second])

    def _read(self, chosen: np.ndarray, starts: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Standardised samples (B, S) of both windows, motion (B, 2 W, C) and identity (B, E) in physical units."""
        cuts = [self.clips[number].cut(start, 2 * self.sizes.window) for number, start in zip(chosen, starts, strict=True)]
        arrays = (
            np.stack([samples for samples, _ in cuts]),
            np.stack([motion for _, motion in cuts]),
            np.stack([self.clips[number].identity for number in chosen]),
        )
        device = self.model.start_motion.device
        samples, motion, identity = (torch.from_numpy(array).float().to(device) for array in arrays)
        return standardise(samples), motion, identity

    def _window(
        self, plan: Plan, mine: slice, motion: Tensor, samples: Tensor, person: tuple[Tensor, Tensor], before: tuple[Tensor, Tensor] | None
    ) -> tuple[WindowResult, Tensor]:
        """The result of one window of a share, and its audio features (B, W, D). `before` is context (B, P, C) and its features."""
        style, identity = person
        whole = (np.arange(self.sizes.window) < plan.end[:, None]).astype(np.float32)
        to = motion.device
        valid = torch.from_numpy(whole[mine]).to(to)
        x0 = motion * valid[..., None]
        audio = self.model.features(samples * valid.repeat_interleave(SAMPLES_PER_FRAME, 1))
        step, noise = torch.from_numpy(plan.step[mine]), torch.from_numpy(plan.noise[mine]).to(to)
        noisy = self.schedule.add_noise(x0, noise, step.numpy())
        context, context_audio = (None, None) if before is None else before
        conditions = Conditions(audio, valid, context, context_audio, style, self.model.identity_normalizer.normalise(identity))
        nulls = Nulls(torch.from_numpy(plan.no_style[mine]).to(to), torch.from_numpy(plan.no_audio[mine]).to(to))
        made = self.model(noisy, step.to(to), conditions, nulls).float()
        return self._result(made, x0, before, torch.from_numpy(whole).to(to), mine, identity), audio

    def _result(self, made: Tensor, x0: Tensor, before, whole: Tensor, mine: slice, identity: Tensor) -> WindowResult:
        context = self.sizes.context
        if before is None:
            made, counted = made[:, context:], 0
        else:
            x0, counted = torch.cat([before[0], x0], 1), context
            whole = torch.cat([whole.new_ones(len(whole), context), whole], 1)
        return WindowResult(made, x0, ValidFrames(whole[mine], whole), identity, self.head, counted, self.geometry)

    def _end_of_first(self, motion: Tensor, samples: Tensor, encoded: Tensor, plan: Plan) -> tuple[Tensor, Tensor]:
        """The true end of the first window as context for the second: motion (B, P, C) and its audio features, also where the first ended
        early; without gradient."""
        context = self.sizes.context
        if (plan.end < self.sizes.window).any():
            with torch.no_grad():
                encoded = self.model.features(samples)
        return motion[:, -context:], encoded[:, -context:].detach()
