"""The lips of a filmed speaker as two encoders read them together, and as one of them alone learns to say it.

Two encoders err differently on a stranger's voice, so the mean of what is read from each follows strangers better than either
(docs/ablations.md). Only one of them is there when a face is animated: on sounds that both have encoded, it learns to say that mean.
"""

from pathlib import Path

import numpy as np

from visavox.data.lips.filmed_lips import FilmedLips
from visavox.data.lips.lip_following import LipReading, fit_lips
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.rigs.heads.default_head import Head

RECOGNISER_RIDGE = 0.3  # the recogniser's features are twice as many as the encoder's and of another scale
EVERY = 3  # groups of a file of sounds that the recogniser encoded, of which one is used


def agreed_gaps(filmed: Path, sounds: list[Path], encoder: AudioEncoder) -> list[np.ndarray]:
    """For each file of `sounds` the lip gap (N,) that the filmed speaker would show, as `encoder` and the recogniser read it together.

    `filmed` is a file of recogniser features with measures (`gap`, `width`, `frames` of each clip, as `filmed_measures` says), from which
    both readings are fitted. Their mean, which moves less than lips do, is stretched to move as far as the filmed ones.
    """
    gaps, widths = _measures(filmed)
    own, their_features = _clips(filmed, encoder)
    readings = fit_lips(own, gaps, widths), fit_lips(their_features, gaps, widths, RECOGNISER_RIDGE)
    agreed = np.concatenate([_mean_gap(readings, both) for both in zip(own, their_features, strict=True)])
    stretch = np.concatenate(gaps).std() / max(agreed.std(), 1e-9)
    means = ([_mean_gap(readings, both) for both in _both_features(path, encoder)] for path in sounds)
    return [stretch * np.concatenate(gaps_of).astype(np.float32) for gaps_of in means]


def fit_shared_lips(filmed: Path, sounds: list[Path], agreed: list[np.ndarray], encoder: AudioEncoder, head: Head) -> FilmedLips:
    """The lips of the filmed clips as the features of `encoder` tell them: the gap as it was `agreed` on in the files of `sounds`, the
    mouth width as this encoder reads it."""
    features, targets = [], []
    for path, gap in zip(sounds, agreed, strict=True):
        groups = list(_both_features(path, encoder, EVERY))
        features += [own for own, _ in groups]
        targets += np.split(gap, np.cumsum(_lengths(path))[:-1])[::EVERY]
    gap_reading = fit_lips(features, targets, [np.zeros(len(target)) for target in targets])
    width = fit_lips(_clips(filmed, encoder)[0], *_measures(filmed))
    weights, offset = np.stack([gap_reading.weights[:, 0], width.weights[:, 1]], 1), np.array([gap_reading.offset[0], width.offset[1]])
    return FilmedLips(LipReading(weights, offset), head)


def _mean_gap(readings: tuple[LipReading, LipReading], features: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.mean([reading.lips(each)[0] for reading, each in zip(readings, features, strict=True)], axis=0)


def _measures(filmed: Path) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The gap and the width of each filmed clip."""
    with np.load(filmed, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["frames"])[:-1]
        return np.split(arrays["gap"], cuts), np.split(arrays["width"], cuts)


def _clips(filmed: Path, encoder: AudioEncoder) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The features of each filmed clip by `encoder` and by the recogniser."""
    with np.load(filmed, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["frames"])[:-1]
    own, theirs = (np.concatenate(each) for each in zip(*_both_features(filmed, encoder), strict=True))
    return np.split(own, cuts), np.split(theirs, cuts)


def _lengths(path: Path) -> np.ndarray:
    with np.load(path, allow_pickle=False) as arrays:
        return arrays["length"]


def _both_features(path: Path, encoder: AudioEncoder, every: int = 1):
    """For one in `every` groups of a file: its features (T, .) by `encoder` and by the recogniser."""
    with np.load(path, allow_pickle=False) as arrays:
        mel, theirs, lengths = arrays["mel"], arrays["features"], arrays["length"]
    ends = np.cumsum(lengths)
    for start, end in list(zip(ends - lengths, ends, strict=True))[::every]:
        features = normalise(mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * end].astype(np.float32))[None]
        yield encoder.eval().encoded(features)[0], theirs[start:end].astype(np.float32)
