"""A face that does not speak and yet lives: how the head, the eyes and the lids of one who listens or waits move.

Everything is a function of time and of the chance of its cue, so that any frame can be made without those before it. What happens is drawn
for knots in time, one about every so many seconds. Head moves are minimum-jerk movements between poses that are held; blinks and fixations
are those of `gestures.eyes`.
"""

from dataclasses import dataclass

import numpy as np

from visavox.cue import Cue
from visavox.cues.eyes import aimed
from visavox.cues.kind import Frames
from visavox.easing import half_cosine, smooth_step
from visavox.gestures.eyes import AWAY, CLOSED, CLOSING, LIDS_WITH_GLANCE, LOWEST_GLANCE, NEAR, OPENING, WIDE_WITH_GAZE
from visavox.gestures.head import even_share
from visavox.rigs.arkit import GAZE, HEAD

PASSAGE = 0.6  # seconds in which a head comes to its own way of moving, and goes back to that of speech
JUMP = 0.06  # the same for eyes and lids
LOOSE = 0.35  # of the time between knots by which each is early or late
MOVE = 0.9  # seconds of a move from pose to pose
NOD_DOWN, NOD_UP = 0.42, 0.62  # seconds of a slow nod
AGAIN = 0.7  # what is left of a nod in the one that follows it
BREATH = 4.0  # seconds
DRIFT, DRIFT_HERTZ = 0.9, (0.13, 0.29, 0.47)  # degrees by which a head that holds a pose is still not at rest, and how fast
SHUTTER = 0.02  # seconds before and after a frame's time in which a lid is seen shut
RAISE = 0.5  # seconds in which brows rise and fall


@dataclass(frozen=True)
class Life:
    """How one lives who does not speak. Angles are degrees, times seconds.

    pose: deviation of the head's poses (pitch, yaw, roll), a new one about every `pose_every`; breath: by how much the head rises with one;
    nod: of a nod, in a share `nods` of the knots about every `nod_every`; fixations about every `fixation`, a share `away` of them away
    from the viewer; blinks about every `blink`; brows that rise by `brow` in a share `raises` of the knots about every `nod_every`.
    """

    pose: tuple[float, float, float]
    pose_every: float
    breath: float
    nod: float
    nods: float
    nod_every: float
    fixation: float
    away: float
    blink: float
    brow: float
    raises: float


LISTENING = Life((0.8, 1.0, 2.0), 4.2, 0.35, 5.0, 0.6, 4.5, 1.3, 0.04, 4.2, 0.25, 0.3)
WAITING = Life((1.1, 2.2, 1.4), 3.6, 0.45, 0.0, 0.0, 8.0, 1.1, 0.3, 3.4, 0.12, 0.15)


def lived(cue: Cue, life: Life, frames: Frames) -> dict[str, np.ndarray]:
    """The channels of head, gaze, lids and brows of a face that lives so for the cue's span; none that the rig lacks, nor at a moment."""
    if cue.momentary or any(name not in frames.rig for name in (*HEAD, *GAZE)):
        return {}
    seed = int(frames.chance(cue).integers(2**31))
    since = frames.seconds - cue.start
    head = _head(seed, life, since)
    turning, glancing = _share(cue, frames.seconds, PASSAGE), _share(cue, frames.seconds, JUMP)
    changed = {name: _passed(frames.channel(name), np.radians(angle), turning) for name, angle in zip(HEAD, head.T, strict=True)}
    pitch, yaw = _aim(seed, life, since)
    eyes = aimed(pitch - changed["headPitch"], yaw - changed["headYaw"])
    blink = _blinks(seed, life, since)
    for side in ("Left", "Right"):
        down = np.clip(pitch, 0, LOWEST_GLANCE) / LOWEST_GLANCE * LIDS_WITH_GLANCE * 0.4
        eyes[f"eyeBlink{side}"] = np.maximum(blink, down)
        eyes[f"eyeWide{side}"] = WIDE_WITH_GAZE * eyes[f"eyeLookUp{side}"] * (1 - blink)
    brows = {"browInnerUp": 0.6, "browOuterUpLeft": 1.0, "browOuterUpRight": 1.0, "browDownLeft": 0.0, "browDownRight": 0.0}
    raised = life.brow * _raised(seed, life, since)
    calm = {name: _passed(frames.channel(name), most * raised, turning) for name, most in brows.items() if name in frames.rig}
    return changed | {name: _passed(frames.channel(name), value, glancing) for name, value in eyes.items() if name in frames.rig} | calm


def _passed(before: np.ndarray, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    return before + share * (after - before)


def _share(cue: Cue, seconds: np.ndarray, passage: float) -> np.ndarray:
    """How far (T,) the face lives by itself: it begins to at the start of the span and goes back after its end."""
    rise = min(passage, cue.end - cue.start)
    return half_cosine((seconds - cue.start) / rise) * half_cosine((cue.end + rise - seconds) / rise)


def _knots(seed: list[int], every: float, since: np.ndarray, numbers: int) -> tuple[np.ndarray, np.ndarray]:
    """The knots (K,) in seconds around the times `since` (T,), of which the first is never late, and standard normal `numbers` (K, N)."""
    first, last = (int(np.floor(time / every)) for time in (since.min(), since.max()))
    places = np.arange(max(first - 2, 0), max(last, 0) + 3)
    drawn = np.array([np.random.default_rng([*seed, place]).standard_normal(numbers + 1) for place in places.tolist()])
    late = LOOSE * every * np.tanh(drawn[:, 0])
    return np.where(places > 0, places * every + late, -every), drawn[:, 1:]


def _latest(knots: np.ndarray, since: np.ndarray) -> np.ndarray:
    """The place (T,) of the last knot that is over at each time."""
    return np.clip(np.searchsorted(knots, since, "right") - 1, 0, len(knots) - 1)


def _head(seed: int, life: Life, since: np.ndarray) -> np.ndarray:
    """The angles (T, 3) of the head in degrees."""
    knots, normal = _knots([seed, 1], life.pose_every, since, 3)
    poses = np.clip(normal, -2, 2) * life.pose
    now = _latest(knots, since)
    share = np.clip((since - knots[now]) / MOVE, 0, 1)[:, None]
    before = poses[np.maximum(now - 1, 0)]
    head = before + (poses[now] - before) * share**3 * (10 - 15 * share + 6 * share**2)
    phases = np.random.default_rng([seed, 2]).uniform(0, 2 * np.pi, (3, len(DRIFT_HERTZ) + 1))
    turns = 2 * np.pi * since[:, None, None] * np.array([1 / BREATH, *DRIFT_HERTZ]) + phases
    head += DRIFT * np.sin(turns[:, :, 1:]).mean(2)
    head[:, 0] += _nods(seed, life, since) - life.breath * np.sin(turns[:, 0, 0])
    return head


def _nods(seed: int, life: Life, since: np.ndarray) -> np.ndarray:
    """The pitch (T,) in degrees of slow nods, of which some are followed by a smaller one."""
    nods = np.zeros(len(since))
    if not life.nods:
        return nods
    knots, normal = _knots([seed, 3], life.nod_every, since, 3)
    for start, (taken, size, twice) in zip(knots.tolist(), normal.tolist(), strict=True):
        if start < 0 or even_share(taken) >= life.nods:
            continue
        depth = life.nod * np.exp(0.25 * np.clip(size, -2, 2))
        for number in range(2 if even_share(twice) < 0.35 else 1):
            begun = since - start - number * (NOD_DOWN + NOD_UP)
            nods += depth * AGAIN**number * half_cosine(begun / NOD_DOWN) * half_cosine((NOD_DOWN + NOD_UP - begun) / NOD_UP)
    return nods


def _aim(seed: int, life: Life, since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pitch (T,), down, and the yaw (T,) in radians of what the eyes look at, seen from the viewer."""
    knots, normal = _knots([seed, 4], life.fixation, since, 3)
    away = np.array([even_share(each) < life.away for each in normal[:, 0].tolist()])
    reach = np.where(away[:, None], AWAY, NEAR) * np.clip(normal[:, 1:], -2, 2)
    now = _latest(knots, since)
    return np.minimum(reach[now, 0], LOWEST_GLANCE), reach[now, 1]


def _blinks(seed: int, life: Life, since: np.ndarray) -> np.ndarray:
    """How far (T,) the lids are shut."""
    knots, normal = _knots([seed, 5], life.blink, since, 1)
    shut = np.zeros(len(since))
    for start, (less,) in zip(knots.tolist(), normal.tolist(), strict=True):
        begun = since - start
        closing, opening = (begun + SHUTTER) / CLOSING, 1 - (begun - SHUTTER - CLOSING - CLOSED) / OPENING
        shut = np.maximum(shut, (1 - 0.05 * min(abs(less), 2)) * smooth_step(np.minimum(closing, opening)))
    return shut


def _raised(seed: int, life: Life, since: np.ndarray) -> np.ndarray:
    """How far (T,) the brows are raised, 0 to 1."""
    knots, normal = _knots([seed, 6], life.nod_every, since, 2)
    raised = np.zeros(len(since))
    for start, (taken, longer) in zip(knots.tolist(), normal.tolist(), strict=True):
        if start >= 0 and even_share(taken) < life.raises:
            held = 0.4 + 0.3 * min(abs(longer), 2)
            raised = np.maximum(raised, half_cosine((since - start) / RAISE) * half_cosine((start + 2 * RAISE + held - since) / RAISE))
    return raised
