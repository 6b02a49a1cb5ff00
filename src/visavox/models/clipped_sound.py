"""Overdriven recordings: what a microphone or a converter cut off is drawn in again before the sound is listened to.

A cut wave has flat tops, whose edges add overtones that sound like other phones. The edges still say how steeply the wave was rising: a
cubic through them gives back some of its height. From there on the tops become those of the simplest spectrum that leaves every other
sample as it is. A lossy codec ripples the tops, which then are the one place where a voice has more samples than
below it. Shapes: S samples, N samples in tops, T spectra, F frequencies.
"""

import numpy as np

FLAT = 2e-3  # of the limit: samples so near to it belong to a flat top
LEAST_LIMIT = 0.02  # of full scale: below it steps of the samples themselves are flat
RISES = 0.01  # of the limit: how much higher the wave goes in the middle of a top that was cut, and not of a slow one
SHORTEST, LONGEST = 3, 0.01  # samples of a top that says that a recording is overdriven; seconds: half a wave of 50 Hz
LEAST_SHARE = 1e-4  # of the samples that are in flat tops: a recording that touches its limit here and there is not overdriven
LEVELS, LEAST_LEVEL = 32, 0.2  # of which samples are counted, from this share of the loudest; all but one in ten thousand count as that
CROWDED, CROWD = 1.8, 0.1  # times as many samples as at a lower level, and their share of all counted: rippled tops
VOICE = 1.1  # times as many samples at the lowest level as at the rarest: those of a voice, a tone has ever more up to its peak
DENSE = 0.25  # of fine levels that any sample has: coarse samples crowd at their steps
FEWEST = 20  # samples of a level that say how many there are: a click or a constant has none at lower levels
MOST_SHARE = 0.7  # of a piece: where hardly anything but tops is left, a simple spectrum may be any
HIGHEST = 12.0  # times the limit: no more is given back
PIECE = 1 << 20  # samples that are looked at together
SPECTRUM = 0.025  # seconds that a spectrum covers at least: the next power of two of samples
ROUNDS, FIRST, LAST = 60, 0.05, 0.001  # of simple spectra; magnitude, of the largest, that is left out in the first and in the last
BESIDE = 2  # spectra to either side that say what is left out: speech lasts
TOGETHER, MARGIN = 8.0, 0.2  # seconds of sound whose spectra are made simple together, and to either side

Tops = list[tuple[np.ndarray, float]]  # places (N,) of samples that were cut, and the limit, below 0 for those of the lower side


def unclipped(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """`samples` (S,) with their cut tops drawn in as the wave was, turned down to fit between -1 and 1 again; the very same array where
    there are none.

    Source: cubic Hermite interpolation over each flat top, with the slopes of the samples beside it, never below what was recorded. Then
    iterative hard thresholding that stays consistent with all samples, after Kitic and others, 2013. Its spectra last, as in the social
    sparsity of Siedenburg, Kowalski and Doerfler, 2014.
    """
    longest = round(LONGEST * sample_rate)
    cut = [each for sign in (1, -1) if (each := _cut_tops(samples, sign, longest)) is not None]
    if not cut:
        return samples
    restored = samples.astype(np.float32)
    for at, heights, _ in cut:
        restored[at] = heights
    _simplify(restored, [(at, limit) for at, _, limit in cut], sample_rate)
    restored /= max(float(restored.max()), -float(restored.min()), 1.0)
    return restored


def _cut_tops(samples: np.ndarray, sign: int, longest: int) -> tuple[np.ndarray, np.ndarray, float] | None:
    """The samples (N,) of one side that were cut off, by their place, what they may have been, and the limit; None where none were."""
    limit = float(samples.max() if sign > 0 else samples.min())
    if sign * limit < LEAST_LIMIT:
        return None
    starts, ends = flat_tops(samples, limit, longest, shortest=1)
    length = ends - starts
    flat = length[(length >= SHORTEST) & was_cut(samples, limit, starts, ends)].sum()
    rippled = _rippled_limit(samples, sign, abs(limit))
    beyond = np.empty(0, int) if rippled is None else _beyond(samples, sign * rippled)
    if flat < len(beyond) / 2:
        return beyond, samples[beyond], sign * rippled
    if flat <= LEAST_SHARE * samples.size:
        return None
    at, heights = drawn_in(samples, limit, starts, ends)
    return at, sign * heights, limit


def flat_tops(samples: np.ndarray, limit: float, longest: int, shortest: int = SHORTEST) -> tuple[np.ndarray, np.ndarray]:
    """The first sample (N,) of each flat top at `limit`, or below where that is negative, and the one after its last (N,)."""
    near = _beyond(samples, limit * (1 - FLAT))
    if not near.size:
        return near, near
    breaks = np.flatnonzero(np.diff(near) > 1)
    starts, ends = near[np.r_[0, breaks + 1]], near[np.r_[breaks, -1]] + 1
    length = ends - starts
    kept = (length >= shortest) & (length <= longest) & (starts >= 2) & (ends <= samples.size - 2)
    return starts[kept], ends[kept]


def was_cut(samples: np.ndarray, limit: float, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether the wave (N,) would have gone on beyond each flat top: a hum is flat at its peaks, too, but reaches them slowly."""
    left, before, right, after = (np.sign(limit) * samples[at] for at in (starts - 1, starts - 2, ends, ends + 1))
    middle = (left + right) / 2 + (ends - starts + 1) * (left - before + right - after) / 8  # of the cubic that `drawn_in` draws
    return middle > (1 + RISES) * abs(limit)


def _rippled_limit(samples: np.ndarray, sign: int, largest: float) -> float | None:
    """The limit, above 0, at which one side was cut before a codec rippled its tops; None where they are no crowd."""
    fine = sum(np.histogram(sign * piece, 64 * LEVELS, (0.0, largest))[0] for piece in np.split(samples, range(PIECE, samples.size, PIECE)))
    loudest = (int(np.searchsorted(np.cumsum(fine), (1 - 1e-4) * fine.sum())) + 1) / fine.size
    edges = np.round(np.linspace(LEAST_LEVEL, 1, LEVELS + 1) * loudest * fine.size).astype(int)
    counts = np.diff(np.r_[0, np.cumsum(fine)][edges])
    smooth = np.convolve(np.pad(counts, 1, "edge"), (0.25, 0.5, 0.25), "valid")
    fewest = np.minimum.accumulate(smooth)
    crowding = np.where(fewest >= FEWEST, smooth / np.maximum(fewest, FEWEST), 0)
    peak = int(np.argmax(crowding))
    fewest_at = int(np.argmin(smooth[: peak + 1]))
    begins = (fewest_at + peak) // 2
    of_voice = smooth[0] > VOICE * smooth[fewest_at] and np.count_nonzero(fine[: edges[begins]]) > DENSE * edges[begins]
    if not of_voice or crowding[peak] < CROWDED or counts[begins:].sum() < CROWD * counts.sum():
        return None
    return float(edges[begins] / fine.size * largest)


def _beyond(samples: np.ndarray, limit: float) -> np.ndarray:
    """The places (N,) of `samples` (S,) at `limit` or beyond."""
    pieces = range(0, samples.size, PIECE)  # hours are not copied
    beyond = np.greater_equal if limit > 0 else np.less_equal
    return np.concatenate([first + np.flatnonzero(beyond(samples[first : first + PIECE], limit)) for first in pieces])


def drawn_in(samples: np.ndarray, limit: float, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The samples of all flat tops at `limit`, by their place, and how high the wave may have been there on that side: at least as high
    as it is recorded."""
    sign = np.sign(limit)
    length = ends - starts
    top = np.repeat(np.arange(len(starts)), length)
    place = np.arange(len(top)) - np.repeat(np.cumsum(length) - length, length) + 1
    left, before, right, after = (sign * samples[at].astype(np.float64) for at in (starts - 1, starts - 2, ends, ends + 1))
    span = (length + 1)[top]
    share = place / span
    height = (
        (2 * share**3 - 3 * share**2 + 1) * left[top]
        + (share**3 - 2 * share**2 + share) * span * (left - before)[top]
        + (3 * share**2 - 2 * share**3) * right[top]
        + (share**3 - share**2) * span * (after - right)[top]
    )
    at = starts[top] + place - 1
    return at, np.minimum(np.maximum(height, sign * samples[at]), HIGHEST * abs(limit))


def _simplify(restored: np.ndarray, tops: Tops, sample_rate: int) -> None:
    """Draws the `tops` of `restored` (S,)."""
    together, margin = round(TOGETHER * sample_rate), round(MARGIN * sample_rate)
    size = 1 << max(int(np.ceil(np.log2(SPECTRUM * sample_rate))), 1)  # halves overlap, so 2 samples at least
    for first in range(0, restored.size, together):
        start, end = max(first - margin, 0), min(first + together + margin, restored.size)
        near = [(at[slice(*np.searchsorted(at, (start, end)))] - start, limit) for at, limit in tops]
        count = sum(len(at) for at, _ in near)
        if 0 < count <= MOST_SHARE * (end - start):
            drawn = _of_simple_spectrum(restored[start:end], near, size)
            last = min(first + together, restored.size)
            restored[first:last] = drawn[first - start : last - start]


def _of_simple_spectrum(samples: np.ndarray, tops: Tops, size: int) -> np.ndarray:
    """`samples` (S,) whose `tops` are drawn by the simplest spectra of `size` samples that leave all else as it is."""
    from scipy.ndimage import uniform_filter1d  # here: what is not overdriven does without SciPy, which takes half a second to import

    window = np.sin(np.pi * (np.arange(size, dtype=np.float32) + 0.5) / size)  # its square adds up to 1 where halves overlap
    largest = float(np.abs(_spectra(samples, window)).max())
    drawn = samples.copy()
    for left_out in np.geomspace(FIRST, LAST, ROUNDS) * largest:
        spectra = _spectra(drawn, window)
        power = uniform_filter1d(spectra.real**2 + spectra.imag**2, 2 * BESIDE + 1, axis=0, mode="nearest")
        spectra *= power > left_out**2
        simple = _overlapped(spectra, window, samples.size)
        for at, limit in tops:
            drawn[at] = np.clip(simple[at], *sorted((limit, HIGHEST * limit)))
    return drawn


def _spectra(samples: np.ndarray, window: np.ndarray) -> np.ndarray:
    """The spectra (T, F) of windows of `samples` (S,), of which each begins in the middle of the one before."""
    from scipy.fft import rfft

    half = window.size // 2
    padded = np.pad(samples, (half, half + -samples.size % half))
    return rfft(np.lib.stride_tricks.sliding_window_view(padded, window.size)[::half] * window)


def _overlapped(spectra: np.ndarray, window: np.ndarray, count: int) -> np.ndarray:
    """The `count` samples of which `_spectra` makes these (T, F)."""
    from scipy.fft import irfft

    half = window.size // 2
    pieces = (irfft(spectra, window.size) * window).reshape(len(spectra), 2, half)
    added = pieces[1:, 0] + pieces[:-1, 1]
    return added.ravel()[:count]
