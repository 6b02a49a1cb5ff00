"""What an emotion does beside its expression: how the head moves, where the eyes look, how often they blink.

Every function changes only frames in which an emotion is felt. Angles are in radians unless a name says degrees.
"""

import numpy as np

from visavox.emotion import REGIONS
from visavox.gestures.emotions.dynamics import Course
from visavox.gestures.emotions.table import EmotionTable, Manner
from visavox.gestures.eyes import HOLD
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import GAZE_ANGLES, HEAD, gaze_channels

SLOW, FAST = 2.0, 0.12  # seconds, deviations: what a head moves about, and what is quick about it
START_TIME = 0.9  # seconds that a start or a turn away takes
AWAY_EVERY = (3.0, 6.0)  # seconds between turns away
TREMOR_HERTZ = 7.0
SACCADES = (0.25, 0.8)  # seconds between the further saccades of restless eyes
BLINK = 0.5  # lids closed so far belong to a blink
BLINKS_A_MINUTE, BLINK_SECONDS = 17.0, 0.3
IN_EYES, IN_GAZE, IN_HEAD = (REGIONS.index(name) for name in ("eyes", "gaze", "head"))


def pose_head(motion: Motion, felt: dict[str, Course], table: EmotionTable, accent: np.ndarray) -> np.ndarray:
    """The head (T, 3) in radians under the emotions that are `felt`; `accent` (T,) is how far the voice stands out."""
    head = motion.select(HEAD).astype(float)
    slow = _each(head, SLOW * motion.fps)
    moving = head - slow
    quick = moving - _each(moving, FAST * motion.fps)
    size, quickness, added = np.zeros(motion.frames), np.zeros(motion.frames), np.zeros((motion.frames, 3))
    for name, course in felt.items():
        manner, strength = table.manners[name], course.strength[:, IN_HEAD]
        size += strength * (manner.head_size - 1)
        quickness += strength * manner.head_quickness
        poses = course.shares @ np.array([variant.head for variant in table.variants[name]])
        added += strength[:, None] * (poses + _moves(course, manner, accent, motion.fps))
    return head + np.maximum(size, -0.8)[:, None] * moving + np.clip(quickness, -0.9, 1)[:, None] * quick + np.radians(added)


def _moves(course: Course, manner: Manner, accent: np.ndarray, fps: float) -> np.ndarray:
    """The degrees (T, 3) that an emotion adds to the head: nods, starts, turns away, tremor."""
    frames = len(accent)
    random = np.random.default_rng([*course.seeds, 1])
    moves = np.zeros((frames, 3))
    moves[:, 0] = manner.nods * accent
    for start in course.starts[course.starts > 0]:
        moves[:, 0] += manner.start * _out_and_back(frames, start, fps)
    if manner.away:
        at, side = 0.0, random.choice([-1, 1])
        while at < frames / fps:
            moves[:, 1] += side * manner.away * random.uniform(0.6, 1.2) * _out_and_back(frames, round(at * fps), fps)
            at += random.uniform(*AWAY_EVERY)
    if manner.tremor:
        shake = random.standard_normal((frames, 2))
        shake = _each(shake, fps / (2 * np.pi * TREMOR_HERTZ)) - _each(shake, fps / TREMOR_HERTZ)
        moves[:, :2] += manner.tremor * shake / np.maximum(shake.std(0), 1e-6)
    return moves


def _out_and_back(frames: int, start: int, fps: float) -> np.ndarray:
    """A move (T,) from 0 to 1 and back that begins at frame `start`, quicker out than back."""
    share = np.clip((np.arange(frames) - start) / (START_TIME * fps), 0, 1)
    return np.sin(np.pi * share**0.6) ** 2


def turn_eyes(motion: Motion, turned: np.ndarray, felt: dict[str, Course], table: EmotionTable) -> dict[str, np.ndarray]:
    """The eyeLook channels by name, of eyes that keep to the viewer as the head was `turned` (T, 3). They look where the emotions that are
    felt look, and are as steady or restless as they make them."""
    head = motion.select(HEAD).astype(float)
    more = -HOLD * (turned - head)[:, :2]
    held = np.zeros(motion.frames)
    for name, course in felt.items():
        manner, strength = table.manners[name], course.strength[:, IN_GAZE]
        variants = table.variants[name]
        own = np.array([variant.gaze or (0, 0) for variant in variants])
        free = course.shares @ np.array([variant.gaze is not None for variant in variants], float)
        more += strength[:, None] * np.radians(course.shares @ own)
        more += (strength * free)[:, None] * HOLD * np.radians(course.shares @ np.array([variant.head[:2] for variant in variants]))
        more += strength[:, None] * np.radians(manner.gaze_size * _restless(motion, course))
        held = np.maximum(held, strength * manner.gaze_hold)
    changed = {}
    for side in ("Left", "Right"):
        pitch, yaw = eye_angles(motion, side)
        pitch, yaw = (angle + np.clip(held, 0, 1) * (-HOLD * head[:, axis] - angle) for axis, angle in enumerate((pitch, yaw)))
        both = gaze_channels(np.clip(pitch + more[:, 0], -0.28, 0.34), np.clip(yaw + more[:, 1], -0.42, 0.42))
        changed |= {name: weights for name, weights in both.items() if name.endswith(side)}
    return changed


def eye_angles(motion: Motion, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Pitch (down) and yaw (to the face's left) of one eye (T,) in radians."""
    ways = ("Down", "In", "Out", "Up")
    down, inward, outward, up = (motion.channel(f"eyeLook{way}{side}").astype(float) * GAZE_ANGLES[way] for way in ways)
    return down - up, (outward - inward) * (1 if side == "Left" else -1)


def _restless(motion: Motion, course: Course) -> np.ndarray:
    """Offsets (T, 2) of about 1 to which eyes jump every half second."""
    random, offsets, at = np.random.default_rng([*course.seeds, 2]), np.zeros((motion.frames, 2)), 0
    while at < motion.frames:
        offsets[at:] = random.normal(0, (0.6, 1.0))
        at += max(round(random.uniform(*SACCADES) * motion.fps), 1)
    return offsets


def blink_as_felt(motion: Motion, felt: dict[str, Course], table: EmotionTable, seeds: list[int]) -> dict[str, np.ndarray]:
    """The eyeBlink channels by name: fewer blinks, or more, or longer ones, and one where a surprise begins."""
    random = np.random.default_rng([*seeds, 3])
    lids = {side: motion.channel(f"eyeBlink{side}").astype(float) for side in ("Left", "Right")}
    before = {side: lid.copy() for side, lid in lids.items()}
    often, longer, starts = np.ones(motion.frames), np.zeros(motion.frames), []
    for name, course in felt.items():
        manner, strength = table.manners[name], course.strength[:, IN_EYES]
        often += strength * (manner.blinks - 1)
        longer += strength * manner.blink_more
        starts += [(start, manner.startle * min(strength[start : start + round(motion.fps)].max(), 1)) for start in course.starts if start]
    for first, last in _closed(np.minimum(before["Left"], before["Right"]) > BLINK):
        if random.random() > often[first:last].mean():
            _open(lids, max(first - round(0.1 * motion.fps), 0), last + round(0.2 * motion.fps))
    rate = np.maximum(often - 1, 0) * BLINKS_A_MINUTE / 60 / motion.fps
    starts += [(frame, 1.0) for frame in np.flatnonzero(random.random(motion.frames) < rate)]
    for frame, depth in starts:
        _shut(lids, frame, depth, motion.fps)
    reach = max(round(max(longer.max(), 0) * motion.fps), 0)
    changed = {}
    for side, lid in lids.items():
        held = lid.copy()
        for frame in range(1, reach + 1):
            np.maximum(held[frame:], np.where(longer[frame:] * motion.fps >= frame - 0.5, lid[:-frame], 0), out=held[frame:])
        changed[f"eyeBlink{side}"] = held
    return changed


def _shut(lids: dict[str, np.ndarray], frame: int, depth: float, fps: float) -> None:
    """Adds a blink of some depth that begins at `frame`."""
    share = (np.arange(frame, min(frame + round(BLINK_SECONDS * fps), len(lids["Left"]))) + 0.5 - frame) / (BLINK_SECONDS * fps)
    shut = depth * np.clip(np.minimum(share / 0.3, (1 - share) / 0.5), 0, 1)
    for lid in lids.values():
        span = lid[frame : frame + shut.size]
        np.maximum(span, shut, out=span)


def _open(lids: dict[str, np.ndarray], first: int, last: int) -> None:
    """Takes a blink out: the lids pass from where they are at its one end to where they are at the other."""
    for lid in lids.values():
        span = lid[first:last]
        span[:] = np.minimum(span, np.linspace(span[0], span[-1], span.size))


def _closed(shut: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shut.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _each(values: np.ndarray, width: float) -> np.ndarray:
    return np.stack([smoothed(column, width) for column in values.T], 1)
