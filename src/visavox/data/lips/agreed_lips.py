"""The lips of a filmed speaker as two encoders read them together, and as one of them alone learns to say it.

Two encoders err differently on a stranger's voice, so the mean of what is read from each follows strangers better than either
(docs/ablations.md). Only one of them is there when a face is animated: on sounds that both have heard, it learns to say that mean.
"""

from pathlib import Path

import numpy as np

from visavox.data.lips.filmed_lips import FilmedLips
from visavox.data.lips.lip_following import LipReading, fit_lips
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.rigs.heads.default_head import Head

TEACHER_RIDGE = 0.3  # the teacher's features are twice as many as the encoder's and of another scale
EVERY = 3  # groups of a file of taught sounds, of which one is listened to


def agreed_gaps(filmed: Path, taught: list[Path], encoder: AudioEncoder) -> list[np.ndarray]:
    """For each file of `taught` the lip gap (N,) that the filmed speaker would show, as `encoder` and the teacher read it together.

    `filmed` is a file of taught sounds with measures (`prepare_taught` with `gap`, `width` and the `frames` of each clip), from which
    both readings are fitted. Their mean, which moves less than lips do, is stretched to move as far as the filmed ones.
    """
    gaps, widths = _measures(filmed)
    own, taught_features = _clips(filmed, encoder)
    readings = fit_lips(own, gaps, widths), fit_lips(taught_features, gaps, widths, TEACHER_RIDGE)
    agreed = np.concatenate([_mean_gap(readings, both) for both in zip(own, taught_features, strict=True)])
    stretch = np.concatenate(gaps).std() / max(agreed.std(), 1e-9)
    return [stretch * np.concatenate([_mean_gap(readings, both) for both in _heard(path, encoder)]).astype(np.float32) for path in taught]


def fit_shared_lips(filmed: Path, taught: list[Path], agreed: list[np.ndarray], encoder: AudioEncoder, head: Head) -> FilmedLips:
    """The lips of the filmed clips as the features of `encoder` tell them: the gap as it was `agreed` on in the files of `taught`, the
    mouth width as this encoder reads it."""
    features, targets = [], []
    for path, gap in zip(taught, agreed, strict=True):
        groups = list(_heard(path, encoder, EVERY))
        features += [own for own, _ in groups]
        targets += np.split(gap, np.cumsum(_lengths(path))[:-1])[::EVERY]
    said = fit_lips(features, targets, [np.zeros(len(target)) for target in targets])
    width = fit_lips(_clips(filmed, encoder)[0], *_measures(filmed))
    weights, offset = np.stack([said.weights[:, 0], width.weights[:, 1]], 1), np.array([said.offset[0], width.offset[1]])
    return FilmedLips(LipReading(weights, offset), head)


def _mean_gap(readings: tuple[LipReading, LipReading], features: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.mean([reading.lips(each)[0] for reading, each in zip(readings, features, strict=True)], axis=0)


def _measures(filmed: Path) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The gap and the width of each filmed clip."""
    with np.load(filmed, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["frames"])[:-1]
        return np.split(arrays["gap"], cuts), np.split(arrays["width"], cuts)


def _clips(filmed: Path, encoder: AudioEncoder) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The features of each filmed clip by `encoder` and by the teacher."""
    with np.load(filmed, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["frames"])[:-1]
    own, taught = (np.concatenate(each) for each in zip(*_heard(filmed, encoder), strict=True))
    return np.split(own, cuts), np.split(taught, cuts)


def _lengths(path: Path) -> np.ndarray:
    with np.load(path, allow_pickle=False) as arrays:
        return arrays["length"]


def _heard(path: Path, encoder: AudioEncoder, every: int = 1):
    """For one in `every` groups of a file: its features (T, .) by `encoder` and by the teacher."""
    with np.load(path, allow_pickle=False) as arrays:
        mel, taught, lengths = arrays["mel"], arrays["taught"], arrays["length"]
    ends = np.cumsum(lengths)
    for start, end in list(zip(ends - lengths, ends, strict=True))[::every]:
        features = normalise(mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * end].astype(np.float32))[None]
        yield encoder.eval().listen(features)[0], taught[start:end].astype(np.float32)
