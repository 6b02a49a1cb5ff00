"""The head style whose head ranges and turns as fast as somebody's does, tried on sounds: what is made is measured as the person is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from visavox.audio import Audio
from visavox.gestures.head import DRAWS, HeadGesture, move_head
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.style import HeadStyle

ROUNDS, TAKES = 6, 4
EAGER = 0.8  # share of a difference that a round takes away
GAINS, MOST_GAIN = 0.05, 3.5  # of an angle's movement beside the usual
SPEEDS, RATES = (0.4, 2.5), (0.3, 3.0)  # of a head style
STILL = 0.05  # degrees, under which a head was not filmed but left alone
SLOWEST = 0.1  # degrees a second
DOUBT = 1.5  # seconds of the usual head that a motion is weighed against
BY_SPEED = 0.5  # share of a gain by which an angle shall turn as fast, beside as far: speeds of two short takes of one person agree better
SMOOTHING = 0.06  # seconds, the deviation of what is taken over poses before speeds, since trackers tremble

HEAD_ALONE = Rig("head", tuple(channel for channel in ARKIT.channels if channel.name in HEAD))


@dataclass(frozen=True, eq=False)
class HeadHabits:
    """How a head moves: the 5th to 95th percentile `turns` (3,) of pitch, yaw and roll in degrees, how fast each turns (3,), and all of it
    together, in degrees a second."""

    turns: np.ndarray
    speeds: np.ndarray
    speed: float

    @staticmethod
    def of(pose: np.ndarray, fps: float) -> "HeadHabits":
        """The habits of poses (T, 3) in degrees."""
        smooth = np.stack([smoothed(angle, SMOOTHING * fps) for angle in pose.T], 1)
        steps = np.diff(smooth, axis=0) * fps if len(pose) > 1 else np.zeros((1, 3))
        turns = np.percentile(pose, 95, axis=0) - np.percentile(pose, 5, axis=0)
        return HeadHabits(turns, np.abs(steps).mean(0), float(np.linalg.norm(steps, axis=1).mean()))

    @staticmethod
    def mean(parts: Sequence["HeadHabits"], weights: Sequence[float]) -> "HeadHabits":
        """The weighted mean of several."""
        turns, speeds = (np.average([getattr(part, name) for part in parts], axis=0, weights=weights) for name in ("turns", "speeds"))
        return HeadHabits(turns, speeds, float(np.average([part.speed for part in parts], weights=weights)))


def fit_head(style: HeadStyle, own: HeadHabits, known: float, made_with: Callable[[HeadStyle], HeadHabits]) -> HeadStyle:
    """`style` with the amplitude, axes, speed and rate that bring what is `made_with` it to somebody's `own` habits. Of these so much is
    `known`, 0 to 1; the rest of what is wanted is the usual head."""
    if own.turns.max() < STILL:
        return HeadStyle()
    usual = made_with(HeadStyle())
    wanted = usual.turns ** (1 - known) * np.maximum(own.turns, STILL) ** known
    quick = usual.speeds ** (1 - known) * np.maximum(own.speeds, SLOWEST) ** known
    fast = usual.speed ** (1 - known) * max(own.speed, SLOWEST) ** known
    gains, speed, rate = np.ones(3), style.speed, 1.0
    for _ in range(ROUNDS):
        amplitude = float(np.exp(np.log(gains).mean()))
        style = replace(style, amplitude=amplitude, axes=tuple(np.clip(gains / amplitude, 0.05, 4)), speed=speed, rate=rate)
        made = made_with(style)
        gains = np.clip(gains * _asked(np.log(wanted / np.maximum(made.turns, STILL)), np.log(quick / made.speeds)), GAINS, MOST_GAIN)
        faster = fast / made.speed * made.turns.mean() / wanted.mean()
        wished = speed * faster**EAGER
        speed = float(np.clip(wished, *SPEEDS))
        rate = float(np.clip(rate * wished / speed, *RATES))  # what quicker movements cannot give, more of them do
    return style


def _asked(farther: np.ndarray, faster: np.ndarray) -> np.ndarray:
    """How many times larger each angle (3,) is to be that moves so much too little and too slowly, both as logarithms. How fast all are
    together is the style's speed, so of the speeds only what one angle differs from the others counts."""
    alike = faster - faster.mean() + farther.mean()
    return np.exp(EAGER * ((1 - BY_SPEED) * farther + BY_SPEED * alike))


def heads_of(style: HeadStyle, still: Motion, sound: Audio, number: int = 0) -> list[HeadHabits]:
    """The habits of TAKES heads that a style gives to a `sound`, which goes with the motion `still`; `number` tells sounds apart."""
    found = []
    for take in range(TAKES):
        chance = np.random.default_rng((number, take)).normal(size=(still.frames + HeadGesture().behind(still.fps), DRAWS))
        moved = move_head(still, sound, lambda frames, count, chance=chance: chance[:frames, :count], style)
        found.append(HeadHabits.of(np.degrees(moved.select(HEAD)), still.fps))
    return found


def matched_head(head: HeadStyle, seen: Motion, sound: Audio) -> HeadStyle:
    """`head` with the range and the speed that were `seen`, tried on a `sound`; as it is where the rig of what was seen has no head."""
    if not all(name in seen.rig for name in HEAD):
        return head
    frames = max(round(sound.seconds * seen.fps), 1)
    still = replace(seen, values=np.zeros((frames, len(HEAD)), np.float32), rig=HEAD_ALONE)

    def made_with(tried: HeadStyle) -> HeadHabits:
        made = heads_of(tried, still, sound)
        return HeadHabits.mean(made, [1.0] * len(made))

    known = seen.seconds / (seen.seconds + DOUBT)
    return fit_head(head, HeadHabits.of(np.degrees(seen.select(HEAD)), seen.fps), known, made_with)
