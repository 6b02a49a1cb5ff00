"""How a head moves beside how people's move: bands, shape, nods, pauses, and what it does about the events of the voice. Pure functions.

Poses are (T, 3): pitch, yaw, roll in degrees, pitch > 0 down, at `fps`. Range and speed come out right on heads that nobody takes for real;
these see the difference. Every number is worth reading only beside that of filmed heads and of the same head under another's sound.
"""

from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, find_peaks, sosfiltfilt

from visavox.evaluate.metrics.head_motion import SMOOTHING

BANDS = ((0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0))  # Hz; above, trackers tremble
AXES = ("pitch", "yaw", "roll")
LEAST_NOD = 1.0  # degrees
EVENTS = {  # name: (event, from and to in seconds about it, what is read)
    "still before onset": ("onset", -0.48, -0.16, "speed"),
    "burst after onset": ("onset", 0.0, 0.24, "speed"),
    "still after offset": ("offset", 0.0, 0.32, "speed"),
    "burst at accent": ("accent", -0.2, 0.08, "speed"),
    "pitch after onset": ("onset", 0.0, 0.4, "pitch"),
    "pitch at offset": ("offset", -0.16, 0.04, "pitch"),
    "pitch at accent": ("accent", -0.2, 0.12, "pitch"),
}
MARGIN = 0.6  # seconds from the ends of a clip, within which no event is read


def band(curves: np.ndarray, fps: float, low: float, high: float) -> np.ndarray:
    """`curves` (T,) or (T, C) between `low` and `high` Hz, without delay; from 0 it keeps all slow movement."""
    return sosfiltfilt(_filter(low, high, fps), curves, axis=0, padlen=min(len(curves) - 1, round(2 * fps)))


@lru_cache
def _filter(low: float, high: float, fps: float) -> np.ndarray:
    return butter(2, high if low == 0 else [low, high], "low" if low == 0 else "band", fs=fps, output="sos")


def band_deviations(pose: np.ndarray, fps: float) -> np.ndarray:
    """The deviation (4, 3) in degrees of each angle in each of BANDS."""
    centred = pose - pose.mean(0)
    return np.array([np.sqrt(np.square(band(centred, fps, low, high)).mean(0)) for low, high in BANDS])


def speed_curve(pose: np.ndarray, fps: float, seconds: float = SMOOTHING) -> np.ndarray:
    """The angular speed (T,) in degrees a second, after Gaussian smoothing."""
    smooth = gaussian_filter1d(pose, seconds * fps, axis=0, mode="nearest")
    return np.linalg.norm(np.gradient(smooth, axis=0), axis=1) * fps


def memory(curve: np.ndarray, fps: float, longest: float = 2.4) -> float:
    """The seconds after which a curve (T,) resembles itself by less than 1/e."""
    centred = curve - curve.mean()
    power = np.square(centred).mean()
    for lag in range(1, min(round(longest * fps), len(curve) - 5)):
        if (centred[lag:] * centred[:-lag]).mean() < power / np.e:
            return lag / fps
    return longest


def nods(pitch: np.ndarray, fps: float, least: float = LEAST_NOD) -> tuple[np.ndarray, np.ndarray]:
    """How deep (N,) in degrees nods are and how long (N,) in seconds at half their depth."""
    smooth = gaussian_filter1d(pitch, SMOOTHING * fps, mode="nearest")
    _, found = find_peaks(smooth, prominence=least, wlen=round(2 * fps), width=0, rel_height=0.5)
    return found["prominences"], found["widths"] / fps


def head_statistics(pose: np.ndarray, fps: float, speech: np.ndarray) -> dict[str, float]:
    """All numbers of a clip by name; `speech` (T,) is 0 in pauses. A number that the clip does not have is nan."""
    speed, middle = speed_curve(pose, fps), band(pose[:, 0], fps, 0.5, 4.0)
    velocity = np.gradient(gaussian_filter1d(pose[:, 0], SMOOTHING * fps)) * fps
    pieces = _pieces(pose, round(5 * fps))
    spreads = [np.percentile(piece, 95, axis=0) - np.percentile(piece, 5, axis=0) for piece in pieces]
    depth, lasts = nods(pose[:, 0], fps)
    quiet = speech < 0.5
    found = {
        "speed": speed.mean(), "range in 5 s": np.mean(spreads), "speed cv": speed.std() / speed.mean(),
        "memory": np.mean([np.median([memory(piece[:, axis], fps) for piece in pieces]) for axis in range(3)]),
        "skew of pitch": (middle**3).mean() / np.square(middle).mean() ** 1.5,
        "kurtosis of velocity": (velocity**4).mean() / np.square(velocity).mean() ** 2,
        "nods a minute": depth.size * 60 * fps / len(pose),
        "nod depth": np.median(depth) if depth.size else np.nan, "nod time": np.median(lasts) if lasts.size else np.nan,
        "pauses to speech": speed[quiet].mean() / speed[~quiet].mean() if 10 < quiet.sum() < quiet.size - 10 else np.nan,
    }  # fmt: skip
    deviations = band_deviations(pose, fps)
    for row, (low, high) in zip(deviations, BANDS, strict=True):
        found |= {f"{axis} {low:g}-{high:g} Hz": value for axis, value in zip(AXES, row, strict=True)}
    return {name: float(value) for name, value in found.items()}


def about_events(pose: np.ndarray, fps: float, marks: dict[str, np.ndarray]) -> dict[str, list[float]]:
    """What the head does about the events of `marks` (name: (T,), not 0 where one is): for each of EVENTS the readings in deviations."""
    curves = {"speed": np.log1p(speed_curve(pose, fps, 0.04)), "pitch": band(pose[:, 0], fps, 0.3, 5.0)}
    curves = {name: (curve - curve.mean()) / curve.std() for name, curve in curves.items()}
    margin, found = round(MARGIN * fps), {}
    for name, (event, start, end, curve) in EVENTS.items():
        places = np.flatnonzero(marks[event])
        places = places[(places >= margin) & (places < len(pose) - margin - 1)]
        found[name] = [float(curves[curve][place + round(start * fps) : place + round(end * fps) + 1].mean()) for place in places]
    return found


def _pieces(pose: np.ndarray, length: int) -> list[np.ndarray]:
    """Pieces of `length` frames, and the rest where it is over half as long; all of a shorter pose."""
    pieces = [pose[start : start + length] for start in range(0, max(len(pose), 1), length)]
    return [piece for piece in pieces if len(piece) > 0.55 * length] or [pose]
