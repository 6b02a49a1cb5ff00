"""The lips of a filmed speaker as two encoders read them together, and as one of them alone learns to say it.

Two encoders err differently on a stranger's voice, so the mean of what is read from each follows strangers better than either
(docs/ablations.md). Only one of them is there when a face is animated: on sounds that both have heard, it learns to say that mean.
"""

from pathlib import Path

import numpy as np

from visavox.data.follow import LipReading, fit_lips
from visavox.data.listen import RealLips
from visavox.models.audio_encoder import FEATURES_PER_FRAME, AudioEncoder
from visavox.models.log_mel import normalise
from visavox.rigs.head import Head

TEACHER_RIDGE = 0.3  # the teacher's features are twice as many as the encoder's and of another scale
EVERY = 3  # groups of a file of taught sounds, of which one is listened to


def fit_shared_lips(filmed: Path, taught: list[Path], encoders: tuple[AudioEncoder, AudioEncoder], head: Head) -> RealLips:
    """The lips of the filmed clips: a gap that the first of `encoders` and the teacher agree on, said by the features of the second,
    and the mouth width as the second reads it.

    `filmed` is a file of taught sounds with measures (`prepare_taught` with `gap`, `width` and the `frames` of each clip), `taught` are
    files without.
    """
    before, after = encoders
    with np.load(filmed, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["frames"])[:-1]
        gaps, widths = np.split(arrays["gap"], cuts), np.split(arrays["width"], cuts)
    heard = [np.concatenate(each) for each in zip(*_heard([filmed], encoders, 1), strict=True)]
    firsts, seconds, teachers = (np.split(each, cuts) for each in heard)
    first, teacher = fit_lips(firsts, gaps, widths), fit_lips(teachers, gaps, widths, TEACHER_RIDGE)
    agreed = np.concatenate([_mean_gap((first, teacher), each) for each in zip(firsts, teachers, strict=True)])
    stretch = np.concatenate(gaps).std() / max(agreed.std(), 1e-9)
    features, targets = [], []
    for by_first, by_second, by_teacher in _heard([filmed, *taught], encoders, EVERY):
        features.append(by_second)
        targets.append(stretch * _mean_gap((first, teacher), (by_first, by_teacher)))
    said = fit_lips(features, targets, [np.zeros(len(target)) for target in targets])
    own = fit_lips(seconds, gaps, widths)
    weights, offset = np.stack([said.weights[:, 0], own.weights[:, 1]], 1), np.array([said.offset[0], own.offset[1]])
    return RealLips(LipReading(weights, offset), head)


def _mean_gap(readings: tuple[LipReading, LipReading], features: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.mean([reading.lips(each)[0] for reading, each in zip(readings, features, strict=True)], axis=0)


def _heard(paths: list[Path], encoders: tuple[AudioEncoder, AudioEncoder], every: int):
    """For one in `every` groups of the files: its features (T, .) by each encoder and by the teacher."""
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            mel, taught, lengths = arrays["mel"], arrays["taught"], arrays["length"]
        ends = np.cumsum(lengths)
        for start, end in list(zip(ends - lengths, ends, strict=True))[::every]:
            features = normalise(mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * end].astype(np.float32))[None]
            yield *(encoder.eval().listen(features)[0] for encoder in encoders), taught[start:end].astype(np.float32)
