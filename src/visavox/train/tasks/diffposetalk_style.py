"""DiffPoseTalk's style task: two windows of one person's clip, ten frames apart, belong together; windows of other people do not."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.store.motion_clips import MotionClips
from visavox.errors import OptionError
from visavox.io.kept import as_entries
from visavox.models.normalizer import Normalizer
from visavox.train.processes import Share
from visavox.train.tasks.style_encoder import nt_xent
from visavox.train.terms import LossTerm, weighted


@dataclass(frozen=True)
class StyleConfig:
    """Different people a batch, frames of a window, frames between the two windows, temperature of the contrast."""

    persons: int = 32
    frames: int = 100
    gap: int = 10
    temperature: float = 0.1

    @property
    def length(self) -> int:
        """The frames from the start of the first window to the end of the second."""
        return 2 * self.frames + self.gap


class StylePairsTask:
    """Batches of `persons` different people with one clip each; the contrast of all against all."""

    def __init__(self, model: nn.Module, normalizer: Normalizer, clips: MotionClips, config: StyleConfig):
        self.model, self.normalizer, self.config = model, normalizer, config
        self.terms = [LossTerm("contrast", partial(nt_xent, temperature=config.temperature), 1.0)]
        self.made_of = {"data": clips.fingerprint, **as_entries("task", config)}
        self.persons: dict[str, list[np.ndarray]] = {}
        for clip in clips.clips:
            if clip.frames >= config.length:
                self.persons.setdefault(clip.speaker, []).append(clip.motion)
        if len(self.persons) < config.persons:
            raise OptionError(
                f"{config.persons} people a batch, but only {len(self.persons)} have a clip of {config.length} frames; "
                "add people to the store or ask for fewer with --batch"
            )

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        """The contrast of a whole batch."""
        vectors = self.model(self._normal(self.draw(random)))
        return weighted(self.terms, vectors.float())

    def share_losses(self, random: np.random.Generator, share: Share) -> dict[str, Tensor]:
        """One share's part of the contrast: its gradient through the share's own windows, against everybody else's as they are."""
        windows = self._normal(self.draw(random))
        count = self.config.persons
        mine = np.zeros(count, bool)
        mine[share.items(count)] = True
        own = torch.from_numpy(np.concatenate([mine, mine]))
        with torch.no_grad():
            vectors = self.model(windows)
        vectors = vectors.float().clone()
        vectors[own] = self.model(windows[own]).float()
        return {name: loss - loss.detach() * (1 - 1 / share.of) for name, loss in weighted(self.terms, vectors).items()}

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """Windows (2 N, W, C) in physical units: the first windows of N people, then their second."""
        config, names = self.config, sorted(self.persons)
        first, second = [], []
        for person in random.choice(len(names), config.persons, replace=False):
            clips = self.persons[names[person]]
            motion = clips[random.integers(len(clips))]
            start = int(random.integers(0, len(motion) - config.length + 1))
            first.append(motion[start : start + config.frames])
            second.append(motion[start + config.length - config.frames : start + config.length])
        return np.stack(first + second)

    def _normal(self, windows: np.ndarray) -> Tensor:
        device = next(self.model.parameters()).device
        return self.normalizer.to(device).normalise(torch.from_numpy(windows).to(device))
