"""`drawn`: the next frames of one voice or of several in one evaluation of the denoiser, which costs a voice half of what it costs alone.

A row of a batch depends on that row alone, so a voice gets the frames that it would get by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from visavox.diffusion.guidance import combine
from visavox.engine import Engine
from visavox.models.conditions import Conditions
from visavox.sampling import Speaker


@dataclass(frozen=True, eq=False)
class Draft:
    """What is needed to draw the frames (W, C) of one voice from the frame `first` on: whose they are, and their conditions (1, ...)."""

    engine: Engine
    speaker: Speaker
    conditions: Conditions
    first: int

    @property
    def kind(self) -> tuple:
        """What drafts that are drawn together have in common."""
        given = [value is not None for name, value in vars(self.conditions).items() if name != "named"]
        how = self.speaker.sampler, *self.speaker.terms
        return id(self.engine), self.conditions.audio.shape, *given, *self.conditions.named, *how

    def noise(self, draw: int) -> np.ndarray:
        """The noise (W, C) of its frames that is drawn as number `draw`."""
        shape = self.conditions.audio.shape[1], self.engine.config.denoiser.channels
        return self.speaker.noise[0].frames(self.first, shape, draw) * self.speaker.noise_scale


def drawn(drafts: Sequence[Draft]) -> list[np.ndarray]:
    """Normalised motion (W, C) of each draft. Those of one kind are drawn together."""
    if len(drafts) == 1:
        return list(_together(drafts))
    made: dict[int, np.ndarray] = {}
    for kind in dict.fromkeys(draft.kind for draft in drafts):
        places = [place for place, draft in enumerate(drafts) if draft.kind == kind]
        made |= zip(places, _together([drafts[place] for place in places]), strict=True)
    return [made[place] for place in range(len(drafts))]


def _together(drafts: Sequence[Draft]) -> np.ndarray:
    """Normalised motion (B, W, C) of drafts of one kind."""
    engine, speaker = drafts[0].engine, drafts[0].speaker
    given, draws = _joined([draft.conditions for draft in drafts]), count()
    prepared = engine.prepare(given, [term.condition for term in speaker.terms])

    def predict(noisy: np.ndarray, step: int) -> np.ndarray:
        asked = combine(lambda conditions: engine.denoise(noisy, step, prepared, given.context), speaker.terms)
        return asked[:, engine.config.denoiser.context :]

    def draw() -> np.ndarray:
        number = next(draws)
        return np.stack([draft.noise(number) for draft in drafts])

    return speaker.sampler.sample(predict, draw(), draw)


def _joined(conditions: Sequence[Conditions]) -> Conditions:
    """The conditions of several voices as one batch."""
    if len(conditions) == 1:
        return conditions[0]

    def join(values: Sequence) -> np.ndarray | None:
        return None if values[0] is None else np.concatenate(values)

    fields = {name: join([getattr(each, name) for each in conditions]) for name in vars(conditions[0]) if name != "named"}
    return Conditions(**fields, named={name: join([each.named[name] for each in conditions]) for name in conditions[0].named})
