"""Key poses of a motion as cues, for an animator to edit: at the borders of phones, or where in-betweening errs most.

Shapes: T frames, C channels. `visavox animate --cues` joins the keys again, guided by the sound: see `cues.kinds.key`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from visavox.cue import Cue
from visavox.cues.kinds.key import Key
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion

FLICKER = 0.02  # seconds (standard deviation) over which phones that are not sure take turns
LONGEST = 0.5  # seconds between two keys: further apart they would not be joined
STILL = 0.02  # of a channel's range within which it does not move, and needs no key
WANTED = 0.06  # of a channel's range, by which in-betweening may err


def at_phones(phones: Mapping[str, np.ndarray], fps: float) -> np.ndarray:
    """The frames (K,) at which one phone of the lips gives way to another, of their probabilities (T,) by name; never LONGEST apart."""
    known = np.stack([smoothed(share, FLICKER * fps) for share in phones.values()])
    likeliest = np.argmax(np.concatenate([known, 1 - known.sum(0, keepdims=True)]), axis=0)
    return filled(np.flatnonzero(np.diff(likeliest)) + 1, likeliest.size, fps)


def evenly(count: int, frames: int) -> np.ndarray:
    """`count` frames at equal distances, the first and the last among them."""
    return np.unique(np.linspace(0, frames - 1, max(count, 2)).round().astype(int))


def filled(keys: np.ndarray, frames: int, fps: float) -> np.ndarray:
    """The `keys` with the first and the last of `frames`, and more of them where two are LONGEST apart."""
    marks, most = np.unique(np.concatenate([[0], keys, [frames - 1]])), max(round(LONGEST * fps), 1)
    parts = [evenly(-(-(end - start) // most) + 1, end - start + 1) + start for start, end in zip(marks, marks[1:], strict=False)]
    return np.unique(np.concatenate([marks, *parts]))


def where_it_errs(motion: Motion, count: int | None = None, near: np.ndarray | None = None) -> np.ndarray:
    """Frames (K,) from which the motion can be in-betweened to within WANTED of each channel's range, or `count` of them: each is where
    the keys before it err most, within a frame of those in `near` as long as any of these is left."""
    values, frames = _in_ranges(motion), motion.frames
    keys = sorted({0, frames - 1}) if count is not None else filled(np.zeros(0, int), frames, motion.fps).tolist()
    allowed = np.zeros(frames, bool)
    for shift in (-1, 0, 1):
        allowed[np.clip((np.zeros(0, int) if near is None else near) + shift, 0, frames - 1)] = True
    errors, most = _errors(values, keys, 0, frames), frames if count is None else min(count, frames)
    while len(keys) < most:
        if count is None and errors.max() <= WANTED:
            break
        allowed[keys] = False
        worst = int((errors * allowed).argmax() if (errors * allowed).max() > 0 else errors.argmax())
        if worst in keys:
            break
        place = int(np.searchsorted(keys, worst))
        keys.insert(place, worst)
        first, last = keys[max(place - 3, 0)], keys[min(place + 3, len(keys) - 1)]  # further away a key changes nothing
        around = keys[max(place - 5, 0) : place + 6]
        errors[first : last + 1] = _errors(values, around, first, last + 1)
    return np.array(keys)


def keys_of(motion: Motion, frames: Sequence[int]) -> list[Cue]:
    """The poses of `motion` at `frames` as key cues, of the channels that move."""
    values = _in_ranges(motion)
    moving = [name for name, still in zip(motion.rig.names, np.ptp(values, axis=0) < STILL, strict=True) if not still]
    cues = []
    for frame in frames:
        time = round((frame + 0.5) / motion.fps, 3)
        cues += [Cue(time, time, Key(name, round(float(motion.channel(name)[frame]), 6))) for name in moving]
    return cues


def in_between(values: np.ndarray, keys: Sequence[int], base: np.ndarray | None = None) -> np.ndarray:
    """`values` (T, C) known at `keys` alone, with curves through them; with a `base` (T, C), which is known throughout, through what they
    differ from it."""
    from scipy.interpolate import PchipInterpolator

    base = np.zeros_like(values) if base is None else base
    if len(keys) < 2:
        return base + (values - base)[np.asarray(keys)[:1]]
    through = PchipInterpolator(keys, (values - base)[np.asarray(keys)], axis=0)
    return base + through(np.clip(np.arange(len(values)), keys[0], keys[-1]))


def _errors(values: np.ndarray, keys: Sequence[int], first: int, last: int) -> np.ndarray:
    """How far (last - first,) the frames are from curves through `keys`, in the channel that is furthest."""
    start = keys[0]
    part = values[start : max(last, keys[-1] + 1)]
    made = in_between(part, [key - start for key in keys])
    return np.abs(made - part).max(1)[first - start : last - start]


def _in_ranges(motion: Motion) -> np.ndarray:
    """The values (T, C) in units of a weight; a head's radian, which is a wide turn, counts double."""
    units = [2.0 if channel.unit == "rad" else 1.0 for channel in motion.rig.channels]
    return motion.values.astype(float) * np.array(units)
