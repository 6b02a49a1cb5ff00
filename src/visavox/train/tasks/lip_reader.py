"""The lip reader's task: to say, of a sound, what many people's lips do at it.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015). A recogniser that is not there at run time reads lips together
with the audio encoder, and the reader learns to say that from the audio encoder and the sound alone.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from visavox.data.lips.lip_lessons import COPIES, LipLessons
from visavox.models.lip_reader import LipReader
from visavox.train.terms import LossTerm, weighted

CLEAN = 0.4  # of the windows are without noise
PERSON_SHARE = 0.4  # of the windows are of filmed people
LEVEL_WEIGHT, SHAPE_WEIGHT, SPEED_WEIGHT = (
    0.3,
    0.7,
    0.3,
)  # of the error, of it about its mean over a window, of its change from frame to frame
NO_SOUND, NO_FEATURE = 0.3, 0.1  # share of the windows without log-mel, and of the features that are hidden in each


@dataclass(frozen=True, eq=False)
class LipResult:
    """What the losses look at: by how much the lips (B, T, 2) were missed, 0 where no frame is, and which frames exist (B, T)."""

    missed: Tensor
    exists: Tensor


def lips_loss(result: LipResult) -> Tensor:
    """Mean squared error of gap and width."""
    return result.missed.square().sum() / (2 * result.exists.sum())


def shape_loss(result: LipResult) -> Tensor:
    """Mean squared error of gap and width about its mean over each window: how far a mouth is open on the whole nobody asks."""
    exists = result.exists[..., None]
    mean = result.missed.sum(1, keepdim=True) / exists.sum(1, keepdim=True)
    return ((result.missed - mean) * exists).square().sum() / (2 * result.exists.sum())


def speed_loss(result: LipResult) -> Tensor:
    """Mean squared error of their first differences."""
    return result.missed.diff(dim=1).square().sum() / (2 * result.exists.sum())


TERMS = (
    LossTerm("lips", lips_loss, LEVEL_WEIGHT),
    LossTerm("shape", shape_loss, SHAPE_WEIGHT),
    LossTerm("speed", speed_loss, SPEED_WEIGHT),
)


class LipReaderTask:
    """Batches of windows, PERSON_SHARE of them of filmed `people`, a person drawn as often as `shares` says, the others of `sounds`.

    What is lost is the square error of the lips, about its mean over a window and as it is, and of their speed. Parts of the input are
    hidden.
    """

    def __init__(
        self, model: LipReader, people: list[LipLessons], shares: list[float], sounds: LipLessons, *, windows: int = 14, frames: int = 200
    ):
        self.model, self.people, self.sounds, self.windows, self.frames = model, people, sounds, windows, frames
        self.shares = np.array(shares) / np.sum(shares)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        drawn = [self._window(random) for _ in range(self.windows)]
        length = max(len(lips) for *_, lips in drawn)
        mel, features, phones, lips = (
            torch.from_numpy(np.stack([_padded(each, length) for each in column])) for column in zip(*drawn, strict=True)
        )
        there = torch.from_numpy(np.stack([np.arange(length) < len(each[-1]) for each in drawn])).float()
        read = self.model(mel, features, phones)
        return weighted(TERMS, LipResult((read.float() - lips) * there[..., None], there))

    def _window(self, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        lessons = self.sounds
        if random.random() < PERSON_SHARE:
            lessons = self.people[random.choice(len(self.people), p=self.shares)]
        frames = min(self.frames, int(lessons.length.max()))
        start, _ = lessons.draw(1, frames, random)
        copy = 0 if random.random() < CLEAN else int(random.integers(1, COPIES))
        rows = slice(int(start[0]), int(start[0]) + frames)
        inputs = (lessons.mel[rows, copy], lessons.features[rows, copy], lessons.phones[rows, copy])
        mel, features, phones = (each.astype(np.float32) for each in inputs)
        kept = (random.random(features.shape[1]) >= NO_FEATURE).astype(np.float32) / (1 - NO_FEATURE)
        return mel * np.float32(random.random() >= NO_SOUND), features * kept, phones, lessons.lips[rows]


def _padded(rows: np.ndarray, length: int) -> np.ndarray:
    return np.pad(rows, ((0, length - len(rows)), (0, 0)))
