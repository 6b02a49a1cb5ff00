"""Statistics for normalisation, as DiffPoseTalk makes them from random crops."""

import numpy as np

FLOOR = 1e-9  # added to every standard deviation, as published


def crop_statistics(motions: list[np.ndarray], frames: int, rounds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`mean` and `std` (C,) over `rounds` random crops of `frames` frames of each motion (T, C), every crop counting the same.

    `std` is the mean of the standard deviations within a crop, not that of the whole: what people's means differ by is not in it, so
    that normalised values have more than unit variance. It divides by the number of frames, not by one less. Source: DiffPoseTalk's
    statistics script, without its uneven last batch.
    """
    random = np.random.default_rng(seed)
    means, deviations = [], []
    for _ in range(rounds):
        for motion in motions:
            start = random.integers(0, len(motion) - frames + 1)
            crop = motion[start : start + frames].astype(np.float64)
            means.append(crop.mean(0))
            deviations.append(crop.std(0))
    return np.mean(means, 0), np.mean(deviations, 0) + FLOOR


def identity_statistics(identities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`mean` and `std` (E,) over identities (N, E), one for each speaker; a number that never varies gets 1.

    The published deviations of identity are the jitter of a per-frame tracker; a store holds one identity for a clip, which has none.
    """
    values = np.asarray(identities, np.float64)
    deviation = values.std(0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
    return values.mean(0), np.where(deviation > 1e-6, deviation, 1.0)
