"""Key poses of a motion as cues, for an animator to edit: in or between phones, or where in-betweening errs most.

Shapes: T frames, C channels. `visavox animate --cues` joins the keys again, guided by the sound: see `cues.between`. In the middle of a
phone the mouth is in the phone's pose; at its borders it is on the way from one to the next, so each key says how fast it is passed.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from visavox.cue import Cue
from visavox.cues.between import through
from visavox.cues.kinds.key import Key
from visavox.cues.mouth import lip_gap
from visavox.cues.shortest import cheapest, slopes_of
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion

FLICKER = 0.02  # seconds (standard deviation) over which phones that are not sure take turns
FILLED = 0.2  # seconds between the middles of two phones from which there is another key between them
BETWEEN_BORDERS = 0.16  # the same of borders, which are no poses that are held
APART = 0.08  # seconds by which two borders are apart at least: of nearer ones the clearer counts
LONGEST = 0.5  # seconds between two keys: further apart they would not be joined
STILL = 0.02  # of a channel's range within which it does not move, and needs no key
WANTED = 0.06  # of a channel's range, by which in-betweening may err
GAP_COUNTS = 6.0  # times as much as its size: what is seen of a mouth is above all how far it is open
ELSEWHERE = 8.0  # what a key costs that is at no border of phones, where borders are asked for
NEAR = 0.7  # what a key beside a phone's middle costs of any other


def borders(phones: Mapping[str, np.ndarray], fps: float) -> np.ndarray:
    """The frames (K,) at which one phone of the lips gives way to another, of their probabilities (T,) by name."""
    return np.flatnonzero(np.diff(np.argmax(_turns(phones, fps), axis=0))) + 1


def _turns(phones: Mapping[str, np.ndarray], fps: float) -> np.ndarray:
    """The probabilities (N + 1, T) of the phones and of none of them, without what flickers."""
    known = np.stack([smoothed(share, FLICKER * fps) for share in phones.values()])
    return np.concatenate([known, 1 - known.sum(0, keepdims=True)])


def at_borders(phones: Mapping[str, np.ndarray], fps: float) -> np.ndarray:
    """The frames (K,) at the borders of the phones of the lips, APART at least and never further than BETWEEN_BORDERS, of their
    probabilities (T,) by name. With a motion `among` chooses as many that tell more of it."""
    turns, edges, kept = _turns(phones, fps), borders(phones, fps), []
    clear = np.abs(turns[:, edges] - turns[:, edges - 1]).sum(0)
    for frame in edges[np.argsort(-clear, kind="stable")].tolist():
        if all(abs(frame - other) >= APART * fps for other in kept):
            kept.append(frame)
    return filled(np.array(sorted(kept), int), turns.shape[1], BETWEEN_BORDERS * fps)


def at_phones(phones: Mapping[str, np.ndarray], fps: float) -> np.ndarray:
    """The frames (K,) in the middle of each phone of the lips, of their probabilities (T,) by name; never FILLED apart."""
    frames, edges = len(next(iter(phones.values()))), borders(phones, fps)
    return filled((edges[1:] + edges[:-1]) // 2, frames, FILLED * fps)


def evenly(count: int, frames: int) -> np.ndarray:
    """`count` frames at equal distances, the first and the last among them."""
    return np.unique(np.linspace(0, frames - 1, max(count, 2)).round().astype(int))


def filled(keys: np.ndarray, frames: int, most: float) -> np.ndarray:
    """The `keys` with the first and the last of `frames`, and more of them where two are further than `most` frames apart."""
    marks, most = np.unique(np.concatenate([[0], keys, [frames - 1]])), max(round(most), 1)
    parts = [evenly(-(-(end - start) // most) + 1, end - start + 1) + start for start, end in zip(marks, marks[1:], strict=False)]
    return np.unique(np.concatenate([marks, *parts]))


def among(motion: Motion, edges: np.ndarray, count: int) -> np.ndarray:
    """`count` frames (K,) from which the motion can be in-betweened best, at the frames `edges` and elsewhere only where that tells
    ELSEWHERE times as much."""
    cost = np.full(motion.frames, ELSEWHERE)
    cost[edges] = 1.0
    return _cheapest(motion, cost, count)


def where_it_errs(motion: Motion, count: int | None = None, near: np.ndarray | None = None) -> np.ndarray:
    """Frames (K,) from which the motion can be in-betweened to within WANTED of each channel's range, or `count` of them from which it is
    best; those beside one in `near` rather than others."""
    values, frames, longest = _in_ranges(motion), motion.frames, max(round(LONGEST * motion.fps), 1)
    cost = np.ones(frames)
    for shift in (-1, 0, 1) if near is not None else ():
        cost[np.clip(near + shift, 0, frames - 1)] = NEAR
    if count is None:
        return _refined(values, cheapest(values, longest, cost, within=WANTED))
    return _cheapest(motion, cost, count)


def _cheapest(motion: Motion, cost: np.ndarray, count: int) -> np.ndarray:
    """The `count` frames (K,) that tell most of the motion, each at its `cost` (T,)."""
    values = _in_ranges(motion)
    seen = np.concatenate([values, GAP_COUNTS * lip_gap(motion.values, motion.rig)[:, None]], axis=1)
    keys = cheapest(seen, max(round(LONGEST * motion.fps), 1), cost, count)
    return _refined(values, keys, min(count, motion.frames))


def _refined(values: np.ndarray, keys: np.ndarray, count: int | None = None) -> np.ndarray:
    """The `keys` with others where curves through their poses and slopes err most, until there are `count`, or all is within WANTED."""
    keys, frames = keys.tolist(), len(values)
    errors = _errors(values, keys, 0, frames)
    while len(keys) < (frames if count is None else count):
        errors[keys] = 0
        worst = int(errors.argmax())
        if worst in keys or count is None and errors[worst] <= WANTED:
            break
        place = int(np.searchsorted(keys, worst))
        keys.insert(place, worst)
        first, last = keys[max(place - 3, 0)], keys[min(place + 3, len(keys) - 1)]  # further away a key changes nothing
        around = keys[max(place - 5, 0) : place + 6]
        errors[first : last + 1] = _errors(values, around, first, last + 1)
    return np.array(keys)


def keys_of(motion: Motion, frames: Sequence[int]) -> list[Cue]:
    """The poses of `motion` at `frames` as key cues, of the channels that move, with their slopes."""
    values, slopes = _in_ranges(motion), slopes_of(motion.values.astype(float)) * motion.fps
    moving = [name for name, still in zip(motion.rig.names, np.ptp(values, axis=0) < STILL, strict=True) if not still]
    cues = []
    for frame in frames:
        time = round((frame + 0.5) / motion.fps, 3)
        for name in moving:
            slope = round(float(slopes[frame, motion.rig.index(name)]), 4) + 0.0
            cues.append(Cue(time, time, Key(name, round(float(motion.channel(name)[frame]), 6), slope=slope)))
    return cues


def _errors(values: np.ndarray, keys: Sequence[int], first: int, last: int) -> np.ndarray:
    """How far (last - first,) the frames are from curves through `keys` and their slopes, in the channel that is furthest."""
    start = keys[0]
    part = values[start : max(last, keys[-1] + 1)]
    slopes = np.array([_slope(values, key) for key in keys])
    made = through(np.array(keys), values[keys], np.arange(start, start + len(part)), slopes)
    return np.abs(made - part).max(1)[first - start : last - start]


def _slope(values: np.ndarray, frame: int) -> np.ndarray:
    """The slopes (C,) of `values` (T, C) at a frame, as `slopes_of` has them."""
    first, last = max(frame - 1, 0), min(frame + 1, len(values) - 1)
    return (values[last] - values[first]) / max(last - first, 1)


def _in_ranges(motion: Motion) -> np.ndarray:
    """The values (T, C) in units of a weight; a head's radian, which is a wide turn, counts double."""
    units = [2.0 if channel.unit == "rad" else 1.0 for channel in motion.rig.channels]
    return motion.values.astype(float) * np.array(units)
