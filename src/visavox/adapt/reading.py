"""A personal layer on the lip reader: what its reading of gap and width lacks of one person, a ridge regression on the encoder's features.

The general reading knows what people do at a sound; a few minutes of one person add little to it, and take much away where they are
believed too far. So the correction is drawn towards nothing, as far as pieces that were not fitted say is best, and left out where it does
not help. It is added to the reader's own linear map: the network stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from visavox.adapt.person import Piece
from visavox.animate import Animator
from visavox.checkpoint import Checkpoint
from visavox.data.lips.people import beside
from visavox.evaluate.metrics.curves import correlation
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME, READ

PLAIN = "lip_reader.plain.weight"  # (2, E, 3)
RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # in units of the mean variance of the inputs
FOLDS = 5
LEAST_GAIN = 0.004  # in the correlation of pieces that were not fitted, under which nothing is added


@dataclass(frozen=True, eq=False)
class Correction:
    """What is added to the reading: `weights` (3 E, 2), and by what is read the ridge that was chosen (0 for none) and the correlation of
    pieces that were not fitted before and after."""

    weights: np.ndarray
    ridges: dict[str, float]
    before: dict[str, float]
    after: dict[str, float]

    def to_json(self) -> dict:
        """What a history keeps of it."""
        rounded = ({name: round(value, 4) for name, value in each.items()} for each in (self.before, self.after))
        return {"ridge": self.ridges, **dict(zip(("unseen_r_before", "unseen_r_after"), rounded, strict=True))}


@dataclass(frozen=True, eq=False)
class Example:
    inputs: np.ndarray  # (T, 3 E)
    read: np.ndarray  # (T, 2)
    lips: np.ndarray  # (T, 2), in deviations of the person
    ok: np.ndarray


def fit_reading(checkpoint: Checkpoint, animator: Animator, pieces: Sequence[Piece]) -> Correction:
    """The correction of the reading of `checkpoint`, which `animator` runs, that `pieces` of a person ask for."""
    examples = examples_of(checkpoint, animator, pieces)
    columns, ridges, before, after = [], {}, {}, {}
    for column, name in enumerate(READ):
        scores = {ridge: unseen_score(examples, column, ridge) for ridge in (0.0, *RIDGES)}
        best = max(scores, key=lambda ridge: scores[ridge])
        chosen = best if scores[best] >= scores[0.0] + LEAST_GAIN else 0.0
        ridges[name], before[name], after[name] = chosen, scores[0.0], scores[chosen]
        columns.append(fitted(examples, column, chosen) if chosen else np.zeros(examples[0].inputs.shape[1]))
    return Correction(np.stack(columns, 1), ridges, before, after)


def corrected(checkpoint: Checkpoint, correction: Correction) -> Checkpoint:
    """`checkpoint` whose reading is corrected, that for streams too."""
    channels = checkpoint.weights[PLAIN].shape[1]
    kernel = correction.weights.T.reshape(len(READ), -1, channels).transpose(0, 2, 1).astype(np.float32)
    weights, streaming = (
        {name: array + kernel if name == PLAIN else array for name, array in each.items()}
        for each in (checkpoint.weights, checkpoint.streaming)
    )
    return replace(checkpoint, weights=weights, streaming=streaming)


def examples_of(checkpoint: Checkpoint, animator: Animator, pieces: Sequence[Piece]) -> list[Example]:
    encoder = checkpoint.model().audio_encoder
    lips = np.concatenate([np.stack([piece.gap, piece.width], 1)[piece.ok] for piece in pieces])
    mean, deviation = lips.mean(0), np.maximum(lips.std(0), 1e-6)
    found = []
    for piece in pieces:
        frames = piece.motion.frames
        mel = normalise(mel_power(piece.audio.samples, FEATURES_PER_FRAME * frames))
        cues = animator.encode.cues(piece.audio, frames)
        seen = (np.stack([piece.gap, piece.width], 1) - mean) / deviation
        inputs = beside(encoder.eval().encoded(mel[None])[0])
        found.append(Example(inputs, np.stack([cues[name] for name in READ], 1), seen, piece.ok))
    return found


def unseen_score(examples: Sequence[Example], column: int, ridge: float) -> float:
    """The mean correlation of examples with a reading that was corrected by the others; a ridge of 0 corrects nothing."""
    scores, folds = [], min(FOLDS, len(examples))
    for fold in range(folds):
        others = [each for number, each in enumerate(examples) if number % folds != fold]
        weights = fitted(others, column, ridge) if ridge and others else None
        for each in examples[fold::folds]:
            read = each.read[:, column] if weights is None else each.read[:, column] + each.inputs @ weights
            scores.append(correlation(read, each.lips[:, column], each.ok))
    return float(np.nanmean(scores))


def fitted(examples: Sequence[Example], column: int, ridge: float) -> np.ndarray:
    """The weights (3 E,) of what the reading lacks, as large as the reading itself is read."""
    inputs, read, lips = (
        np.concatenate([getattr(each, name)[each.ok] for each in examples]).astype(np.float64) for name in ("inputs", "read", "lips")
    )
    inputs, read, lips = inputs - inputs.mean(0), read[:, column] - read[:, column].mean(), lips[:, column] - lips[:, column].mean()
    share = max(float(read @ lips) / max(float(read @ read), 1e-9), 0.1)  # how far the reading is right: what it lacks is beside that
    lacking = lips - share * read
    level = ridge * float(np.square(inputs).sum()) / inputs.shape[1]
    weights = inputs.T @ np.linalg.solve(inputs @ inputs.T + level * np.eye(len(inputs)), lacking)
    return weights / share
