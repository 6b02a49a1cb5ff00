"""A head that speaks: pitch, yaw and roll made of moves and beats, whose time is the voice's and whose way is chance's.

Filmed heads hold and jump: they move in pieces of about half a second, to a new pose or out and back, still in pauses and at once when
speech goes on. The voice says when, hardly where, but for one thing: loud, high speech lifts the head. So a model that learns the mean of
what a sound may be moves no head, and what is drawn here is not learned by a network. Its constants are fitted to filmed heads by
`benchmarks/fit_head.py`. The pieces are minimum-jerk movements (Flash and Hogan, 1985).

`HeadGesture` is a state machine that needs to know `delay` seconds ahead: a whole recording and any pieces of it give the same values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import erf, exp, sqrt, tanh

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import Hops
from visavox.gestures.voice import VoiceTrack, voice_track
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.style import HeadStyle

Angles = tuple[float, float, float]  # of pitch, yaw and roll
ROLL_FREE, ROLL_MOST = 5.0, 8.0  # degrees up to which a head rolls as it likes, and that it never reaches
DELAY = 0.5  # seconds
DRAWS = 28  # standard normal numbers that chance gives for a frame
ONCE_AT_MOST = 0.2  # seconds between beats
MOST_SPREAD = 1.3  # deviations of the logarithm of times


@dataclass(frozen=True)
class HeadModel:
    """The constants of a speaking head; angles in degrees, times in seconds. The values are those that `benchmarks/fit_head.py` printed."""

    move: Angles = (2.15, 4.26, 3.68)  # deviation of the poses to which moves go
    beat: Angles = (2.3, 2.7, 1.18)  # size of what goes out and back
    drift: Angles = (0.54, 1.06, 0.92)
    unrest: Angles = (0.59, 0.58, 0.32)
    moves_a_second: float = 0.984
    move_at_onset: float = 0.77  # chance
    onset_time: float = 0.056  # from the end of a pause to the fastest moment of its move
    move_time: float = 0.65
    keep: float = 0.5  # share of a pose that the next one keeps: set, at .7 two recordings roll too much alike
    beat_at_accent: float = 0.29  # chance, as the next
    beat_at_syllable: float = 0.568
    beat_lead: float = -0.053  # by which a beat's middle comes before its accent
    beat_time: float = 0.62
    spread: float = 0.656  # of the logarithm of times
    still: float = 0.339  # activity in pauses
    fade: float = 0.296  # in which activity falls where speech ends
    loud: float = 0.286  # more activity a unit of level
    phrase: float = 0.13  # by which a head rises where speech begins and sinks where it ends
    lift: float = 1.765  # a unit of level and tone
    lift_time: float = 0.253  # of each of two filters


DRIFT_RATE = 1.1  # rad/s
UNREST_TIME = 0.05  # seconds, of each of three filters


@dataclass
class HeadState:
    """The whole memory of a head between frames: how many were `taken_in`; the `pose` that the last move goes to and the `base` of those
    that are over; `moves` (start, duration, way) and `beats` (start, duration, peak, way) under way, and filters."""

    style: HeadStyle
    fps: float
    taken_in: int = 0
    pose: list[float] = field(default_factory=lambda: [0.0] * 3)
    base: list[float] = field(default_factory=lambda: [0.0] * 3)
    moves: list[tuple] = field(default_factory=list)
    beats: list[tuple] = field(default_factory=list)
    last_beat: float = -9.0
    drift: list[list[float]] = field(default_factory=lambda: [[0.0] * 3, [0.0] * 3])  # angle and speed
    unrest: list[list[float]] = field(default_factory=lambda: [[0.0] * 3 for _ in range(3)])
    onsets: list[float] = field(default_factory=list)
    offsets: list[float] = field(default_factory=list)
    lift: list[float] = field(default_factory=lambda: [0.0] * 2)
    spoke: float = 0.0  # how much of speech is still felt
    activity: list[float] = field(default_factory=list)  # of the frames that are known and not shown


class HeadGesture:
    """Makes a head of a voice: `start` gives a state, `step` moves it on by what comes next.

    `delay` is in seconds; a head that knows less of what comes begins its moves later, never faster.
    """

    def __init__(self, model: HeadModel | None = None, delay: float = DELAY):
        self.model, self.delay = model or HeadModel(), delay

    def start(self, style: HeadStyle, fps: float) -> HeadState:
        """The memory of a head of which nothing was shown yet."""
        return HeadState(style, fps)

    def behind(self, fps: float) -> int:
        """The number of frames that must be known before one is shown."""
        return round(self.delay * fps)

    def step(self, state: HeadState, voice: VoiceTrack, chance: np.ndarray) -> np.ndarray:
        """The next frames (up to T, 3) in degrees, DELAY after what is known: T frames of `voice` and their `chance` (T, DRAWS) standard
        normal. `state` is moved on."""
        parts = self.parts(state, voice, chance)
        return self.joined(parts, state.style)

    def joined(self, parts: np.ndarray, style: HeadStyle) -> np.ndarray:
        """The angles (T, 3) of the parts (T, 5, 3) of moves, beats, drift, unrest, and what the voice alone asks."""
        model = self.model
        gains = np.array([model.move, np.array(model.beat) * style.beats, model.drift, model.unrest]) * style.axes
        angles = style.amplitude * ((parts[:, :4] * gains).sum(1) + parts[:, 4])
        angles[:, 2] = sqrt(1 - style.tilt**2) * angles[:, 2] + 0.7 * style.tilt * angles[:, 1]
        angles += style.rest
        angles[:, 2] = [soft_limit(roll) for roll in angles[:, 2]]
        return angles

    def parts(self, state: HeadState, voice: VoiceTrack, chance: np.ndarray) -> np.ndarray:
        """What `joined` joins, for the frames that `step` shows."""
        shown = []
        rows = zip(voice.speech.tolist(), voice.level.tolist(), voice.tone.tolist(), voice.onset.tolist(), voice.offset.tolist(),
                   voice.accent.tolist(), voice.syllable.tolist(), chance.tolist(), strict=True)  # fmt: skip
        behind = self.behind(state.fps)
        for row in rows:
            self._take_in(state, *row)
            if state.taken_in > behind:
                shown.append(self._show(state, (state.taken_in - behind - 0.5) / state.fps, row[-1]))
        return np.array(shown).reshape(-1, 5, 3)

    def _take_in(self, state: HeadState, *taken_in) -> None:
        """Decides what begins because of one more frame of the voice."""
        speech, level, tone, onset, offset, accent, syllable, normal = taken_in
        model, style, now = self.model, state.style, (state.taken_in + 0.5) / state.fps
        still = min(max(1 - (1 - model.still) * style.coupling, 0.05), 1.3)
        state.spoke = max(speech, state.spoke - (state.spoke - speech) / (1 + model.fade * state.fps))
        active = still + (1 - still) * state.spoke * min(max(1 + model.loud * level, 0.4), 1.6)
        state.activity.append(active)
        if not state.taken_in:
            state.base, state.pose = list(normal[4:7]), list(normal[4:7])
            state.drift = [list(normal[22:25]), [DRIFT_RATE * value for value in normal[25:28]]]
        if onset:
            state.onsets.append(now)
        if offset:
            state.offsets.append(now)
        step = 1 / (1 + model.lift_time * state.fps)
        state.lift[0] += step * (level + tone - state.lift[0])
        state.lift[1] += step * (state.lift[0] - state.lift[1])
        at_onset = onset and even_share(normal[0]) < model.move_at_onset * min(style.coupling, 1.3)
        if at_onset or even_share(normal[1]) < model.moves_a_second * style.rate * active / state.fps:
            self._begin_move(state, now + (model.onset_time + 0.08 * normal[8] if at_onset else 0.0), normal)
        at_accent = accent and even_share(normal[2]) < model.beat_at_accent * style.rate
        if at_accent or (syllable and even_share(normal[3]) < model.beat_at_syllable * style.rate * active):
            self._begin_beat(state, now - model.beat_lead + 0.15 * normal[21], 0.6 + 0.3 * accent if at_accent else 1.0, normal)
        state.taken_in += 1

    def _begin_move(self, state: HeadState, middle: float, normal: list[float]) -> None:
        lasts = self._lasts(self.model.move_time, normal[7], state.style)
        keep = self.model.keep
        pose = [keep * old + sqrt(1 - keep**2) * new for old, new in zip(state.pose, normal[4:7], strict=True)]
        way = tuple(new - old for old, new in zip(state.pose, pose, strict=True))
        state.moves.append((self._not_shown(state, middle - lasts / 2), lasts, way))
        state.pose = pose

    def _begin_beat(self, state: HeadState, middle: float, height: float, normal: list[float]) -> None:
        if middle - state.last_beat < ONCE_AT_MOST:
            return
        state.last_beat = middle
        lasts = self._lasts(self.model.beat_time, normal[9], state.style)
        size = height * exp(0.4 * normal[10])
        way = tuple(
            size * abs(0.8 + 0.35 * far) * (1 if sign > 0 else -1) * (1 if even_share(chosen) < share else 0.25)
            for far, sign, chosen, share in zip(normal[11:14], normal[14:17], normal[17:20], (0.95, 0.7, 0.6), strict=True)
        )
        state.beats.append((self._not_shown(state, middle - lasts / 2), lasts, 0.38 + 0.24 * even_share(normal[20]), way))

    def _lasts(self, usual: float, normal: float, style: HeadStyle) -> float:
        """A time in seconds about the `usual` one, never so short that the head would twitch."""
        return usual / style.speed * exp(self.model.spread * min(max(normal, -MOST_SPREAD), MOST_SPREAD))

    def _not_shown(self, state: HeadState, start: float) -> float:
        """`start`, or the first moment that may still be changed."""
        return max(start, (state.taken_in - self.behind(state.fps)) / state.fps)

    def _show(self, state: HeadState, now: float, normal: list[float]) -> list:
        """The parts (5, 3) of the frame at `now`."""
        moves, beats = list(state.base), [0.0] * 3
        for start, lasts, way in state.moves:
            share = smooth_step((now - start) / lasts)
            moves = [value + share * part for value, part in zip(moves, way, strict=True)]
        for start, lasts, peak, way in state.beats:
            share = _bump((now - start) / lasts, peak)
            beats = [value + share * part for value, part in zip(beats, way, strict=True)]
        state.beats = [beat for beat in state.beats if now < beat[0] + beat[1]]
        over = [move for move in state.moves if now >= move[0] + move[1]]
        if over:
            state.moves = [move for move in state.moves if now < move[0] + move[1]]
            state.base = [value + sum(move[2][axis] for move in over) for axis, value in enumerate(state.base)]
        active = state.activity.pop(0)
        unrest = [value * active for value in self._wander(state, normal)]
        return [moves, beats, state.drift[0][:], unrest, [-self._asked(state, now), 0.0, 0.0]]

    def _wander(self, state: HeadState, normal: list[float]) -> list[float]:
        """The unrest (3,) of deviation 1; moves the drift, a critically damped walk of deviation 1, on as well."""
        angle, speed = state.drift
        for axis in range(3):
            push = 2 * DRIFT_RATE**1.5 * normal[22 + axis] / sqrt(state.fps)
            pull = DRIFT_RATE * (DRIFT_RATE * angle[axis] + 2 * speed[axis]) / state.fps
            speed[axis] += push - pull
            angle[axis] += speed[axis] / state.fps
        step, values = 1 / (1 + UNREST_TIME * state.fps), normal[25:28]
        for filtered in state.unrest:
            for axis in range(3):
                filtered[axis] += step * (values[axis] - filtered[axis])
            values = filtered
        # the deviation of white noise after three such filters
        keep = (1 - step) ** 2
        deviation = step**3 * sqrt((1 + 4 * keep + keep**2) / (1 - keep) ** 5)
        return [value / deviation for value in values]

    def _asked(self, state: HeadState, now: float) -> float:
        """The degrees by which the voice lifts the head: where speech begins, not where it ends, and in loud, high stretches."""
        model, coupling = self.model, state.style.coupling
        state.onsets = [time for time in state.onsets if now - time < 8]
        state.offsets = [time for time in state.offsets if now - time < 2]
        rises = sum(smooth_step((now - time + 0.25) / 0.5) * exp(-max(now - time - 0.4, 0) / 1.2) for time in state.onsets)
        sinks = sum(exp(-((now - time + 0.02) ** 2) / (0.1 if now < time else 0.05)) for time in state.offsets)
        return coupling * (model.phrase * (rises - sinks) + model.lift * tanh(state.lift[1] / 2))


def move_head(motion: Motion, sound: Audio | Hops, chance: Callable[[int, int], np.ndarray], style: HeadStyle) -> Motion:
    """`motion` whose head is that of a voice, `sound`, spoken in a `style`; what turned it before is gone. `chance(T, K)` gives
    standard normal numbers (T, K) of the frames from the first on."""
    gesture = HeadGesture()
    voice = voice_track(sound, motion.frames, motion.fps)
    angles = np.radians(whole(gesture, voice, chance(motion.frames + gesture.behind(motion.fps), DRAWS), style, motion.fps))
    return motion.with_channels(dict(zip(HEAD, angles.T, strict=True))).clamped()


def whole(gesture: HeadGesture, voice: VoiceTrack, chance: np.ndarray, style: HeadStyle, fps: float) -> np.ndarray:
    """The angles (T, 3) in degrees of a whole recording of which `voice` is T frames; `chance` (T + gesture.behind(fps), DRAWS)."""
    state = gesture.start(style, fps)
    first = gesture.step(state, voice, chance[: len(voice)])
    return np.concatenate([first, gesture.step(state, VoiceTrack.silence(gesture.behind(fps)), chance[len(voice) :])])


def soft_limit(degrees: float, free: float = ROLL_FREE, most: float = ROLL_MOST) -> float:
    """`degrees`, bent from `free` on so that it stays within `most` to either side."""
    over = abs(degrees) - free
    if over <= 0:
        return degrees
    return (free + (most - free) * tanh(over / (most - free))) * (1 if degrees > 0 else -1)


def smooth_step(share: float) -> float:
    """A minimum-jerk movement from 0 to 1 at a `share` of its time."""
    share = min(max(share, 0.0), 1.0)
    return share**3 * (10 - 15 * share + 6 * share * share)


def _bump(share: float, peak: float) -> float:
    """Out until `peak` and back, both with minimum jerk; 0 outside."""
    return smooth_step(share / peak) if share < peak else 1 - smooth_step((share - peak) / (1 - peak))


def even_share(normal: float) -> float:
    """A standard normal number as one that is evenly spread from 0 to 1."""
    return 0.5 * (1 + erf(normal / sqrt(2)))
