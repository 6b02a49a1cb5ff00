"""The last maps of the lip reader, fitted in closed form to all of its lessons at once.

What a few thousand steps leave undone is mostly there: hidden channels and features are known, what they say of lips is linear, and a ridge
keeps it small. Shapes: N frames, W channels of the reader, E of the encoder, R = W + NEIGHBOURS E rows of the maps.
"""

from collections.abc import Iterator

import numpy as np
import torch

from visavox.data.lips.lip_lessons import LipLessons
from visavox.data.lips.people import beside
from visavox.models.lip_reader import LipReader
from visavox.models.log_mel import BANDS

TAKEN = (0, 1)  # copies of each lesson: as it is, and once augmented


def fit_last_maps(reader: LipReader, lessons: list[tuple[LipLessons, float]], ridge: float) -> None:
    """Sets the last maps of `reader` to the ridge regression of the lips of all `lessons`, which count as their weights say, however long.

    `ridge` is in units of the mean square of the hidden channels, and of the features.
    """
    reader.eval()
    total = sum(weight for _, weight in lessons)
    moments = sum(weight / total * _moments(reader, each) for each, weight in lessons)
    gram, wanted = moments[:-2, :-2].copy(), moments[:-2, -2:]
    width = reader.config.width
    for rows in (slice(0, width), slice(width, len(gram) - 1)):
        own = gram[rows, rows]
        own[np.diag_indices_from(own)] += ridge * np.trace(own) / len(own)
    solved = torch.from_numpy(np.linalg.solve(gram, wanted)).float()
    reader.set_last(solved[:width], solved[width:-1], solved[-1])


def _moments(reader: LipReader, lessons: LipLessons) -> np.ndarray:
    """The mean of the outer products of (hidden, features, 1, lips) over frames and copies, (R + 3, R + 3)."""
    ends, total, count = np.cumsum(lessons.length), 0.0, 0
    for start, end in zip(ends - lessons.length, ends, strict=True):
        for rows in _rows(reader, lessons, slice(int(start), int(end))):
            total, count = total + rows.T @ rows, count + len(rows)
    return total / count


@torch.inference_mode()
def _rows(reader: LipReader, lessons: LipLessons, frames: slice) -> Iterator[np.ndarray]:
    """(hidden, features, 1, lips) of the frames of one lesson, for each copy that is TAKEN."""
    for copy in TAKEN:
        mel, features, phones = (
            torch.from_numpy(np.asarray(each[frames, copy], np.float32))[None] for each in (lessons.mel, lessons.features, lessons.phones)
        )
        hidden = reader.hidden(mel.reshape(1, -1, BANDS), features, phones)[0].T.numpy()
        encoded = beside(features[0].numpy())
        yield np.concatenate([hidden, encoded, np.ones((len(hidden), 1)), lessons.lips[frames]], 1).astype(np.float64)
