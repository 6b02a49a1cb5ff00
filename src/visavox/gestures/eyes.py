"""Blinks and gaze, which no sound dictates: one state machine each, for a whole recording and for a live voice.

They decide when the time comes. All that a recording knows better is where the pauses lie that a blink may wait for, `REACH` ahead.

Sources: blink rates and shapes after Bentivoglio et al. (1997) and Trutoiu et al. (2011): 15 to 25 a minute in conversation, closing in
about 80 ms, opening in about 200 ms. Gaze comes as fixations with saccades of a few degrees. The eyes hold their target
as the head turns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import erf, exp, log, sqrt

import numpy as np

from visavox.easing import smooth_step
from visavox.gestures.gesture import Piece, Take, WholeRecording
from visavox.gestures.head import even_share
from visavox.gestures.remembered import Drawn, Live, Remembered
from visavox.gestures.side_by_side import rows_of_each
from visavox.gestures.voice import pause_starts
from visavox.motion import Motion
from visavox.rigs.arkit import BLINKS, gaze_channels

CLOSING, CLOSED, OPENING = 0.08, 0.03, 0.20  # seconds
FINE = 8  # parts of a frame over which a lid is averaged
BLINKS_A_MINUTE = 17.0
INTERVAL_SPREAD = 0.55  # of the logarithm of the time between blinks
SHORTEST_INTERVAL = 0.6  # seconds
LATEST = 1.7  # deviations: a time between blinks never comes out longer (7.9 s at the usual rate), or a face seems to stare
# what is before and beyond the cut adds to the mean of a log-normal, over its median
BEFORE = 0.5 + 0.5 * erf((LATEST - INTERVAL_SPREAD) / sqrt(2))
BEYOND = exp(INTERVAL_SPREAD * LATEST) * (0.5 - 0.5 * erf(LATEST / sqrt(2)))
MEDIAN = 60 / BLINKS_A_MINUTE / (BEFORE * exp(INTERVAL_SPREAD**2 / 2) + BEYOND)
SEEKS, REACH, SOON = 0.65, 0.6, 0.12  # chance that a blink within REACH seconds is moved to a pause, and how long after its start at most
GLANCES_AWAY = 0.14  # share of the fixations
NEAR, AWAY = (0.018, 0.025), (0.06, 0.16)  # rad: the deviations of the pitch and yaw of fixations on the listener, and of glances away
LOWEST_GLANCE = 0.15  # rad below the listener: lids that follow further look asleep
LIDS_WITH_GLANCE, LIDS_WITH_HEAD = 0.4, 0.1  # how far the upper lid rides on an eye that glances down, and on one that holds its target
WIDE_WITH_GAZE = 0.4  # and is lifted by one that looks up
SACCADE = 0.05  # seconds
HOLD = 0.85  # share of the head's turn that the eyes give back, to keep looking at whoever listens


@dataclass
class GazeMemory:
    """Frames shown, that from which on the eyes look elsewhere, where they look, and the aims that a saccade passes over."""

    frame: int = 0
    until: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    past: list[list[float]] = field(default_factory=list)


def look(voices: Sequence[Remembered], piece: Piece) -> Motion:
    """The motion of `piece` with gaze: fixations around the listener with saccades between them, glances away, lids that follow, and eyes
    that hold their target while the head turns. It is that of one or of several voices side by side."""
    aims = [aim for each in voices for aim in _aims(each.take, each.memory, piece.motion.fps, piece.motion.frames // len(voices))]
    return turn_eyes(piece.motion, *np.array(aims).reshape(-1, 2).T)


def _aims(take: Take, memory: GazeMemory, fps: float, frames: int) -> list:
    """How far down and aside the eyes look in each of the next frames."""
    aims = []
    passed = max(round(SACCADE * fps), 1) if fps > 40 else 1  # at lower rates a saccade lasts a frame
    for _ in range(frames):
        if memory.frame >= memory.until:
            draws = Drawn(take, memory.frame, 4)
            chosen, down, aside, lasts = (draws[place] for place in range(4))
            away = even_share(chosen) < GLANCES_AWAY
            reach = AWAY if away else NEAR
            memory.pitch, memory.yaw = min(reach[0] * down + (0.03 if away else 0.0), LOWEST_GLANCE), reach[1] * aside
            share = even_share(lasts)
            memory.until += fps * (0.35 + 0.65 * share if away else min(0.3 - 1.1 * log(max(1 - share, 1e-9)), 4.0))
        aim = [memory.pitch, memory.yaw]
        memory.past = [*(memory.past or [aim] * passed), aim][-passed:]
        aims.append(aim if passed == 1 else np.mean(memory.past, axis=0))
        memory.frame += 1
    return aims


@dataclass
class BlinkMemory:
    """Frames shown, the second of the next blink, and the blinks under way: start, lag of the right eye, depth."""

    frame: int = 0
    following: float = -1.0
    blinks: list[list[float]] = field(default_factory=list)


def blink(take: Take, memory: BlinkMemory, motion: Motion, pauses: Iterable[float], ahead: float = 0.0) -> Motion:
    """`motion` with blinks: log-normal intervals, drawn towards `pauses`, both lids almost together, some half closed.

    `pauses` (T,) is 1 in the frames in which it is known that `ahead` seconds later a pause begins.
    """
    return _with_lids(motion, _lids(take, memory, motion.fps, pauses, ahead))


def _lids(take: Take, memory: BlinkMemory, fps: float, pauses: Iterable[float], ahead: float = 0.0) -> list[list[float]]:
    """How far the left and the right lid are closed in each frame."""
    lids, median = [], MEDIAN / take.face.blinks
    for pause in pauses:
        draws = Drawn(take, memory.frame, 6)
        now, lasts = memory.frame / fps, CLOSING + CLOSED + OPENING
        if memory.following < 0:
            memory.following = median * (0.2 + 0.8 * even_share(draws[0]))
        if pause and abs(memory.following - now - ahead) < REACH and even_share(draws[1]) < SEEKS:
            memory.following = now + ahead + SOON * even_share(draws[2])
        if memory.following < now + 1 / fps:
            full, share = even_share(draws[3]) < 0.88, even_share(draws[4])
            memory.blinks.append([memory.following, 0.008 * even_share(draws[0]), 0.9 + 0.1 * share if full else 0.45 + 0.3 * share])
            memory.following += max(median * exp(INTERVAL_SPREAD * min(draws[5], LATEST)), SHORTEST_INTERVAL)
        lids.append([_closed(memory, fps, side) for side in (0.0, 1.0)])
        memory.blinks = [each for each in memory.blinks if now < each[0] + each[1] + lasts]
        memory.frame += 1
    return lids


def _with_lids(motion: Motion, lids: list[list[float]]) -> Motion:
    closed = dict(zip(BLINKS, np.array(lids).reshape(-1, 2).T, strict=True))
    return motion.with_channels({name: np.maximum(motion.channel(name), lid) for name, lid in closed.items()})


def _closed(memory: BlinkMemory, fps: float, side: float) -> float:
    """How far one lid is closed in the frame that comes now."""
    frame = memory.frame
    return max(
        (depth * float(lid_of_frames(frame, frame + 1, fps, start + side * lag)[0]) for start, lag, depth in memory.blinks), default=0.0
    )


def _blink_in_recording(piece: Piece, take: Take) -> Motion:
    motion = piece.motion
    known = np.array([time - REACH for time in pause_starts(piece.voice) if time >= REACH])
    pauses = np.zeros(motion.frames)
    pauses[np.minimum((known * motion.fps).astype(int), motion.frames - 1)] = 1
    return blink(take, BlinkMemory(), motion, pauses.tolist(), REACH)


def _blink_live(voices: Sequence[Remembered], piece: Piece) -> Motion:
    pauses, lids = np.asarray(piece.cues["voice offset"]).tolist(), []
    for each, rows in zip(voices, rows_of_each(piece, len(voices)), strict=True):
        lids += _lids(each.take, each.memory, piece.motion.fps, pauses[rows])
    return _with_lids(piece.motion, lids)


LOOKING = Live("gaze", lambda take: GazeMemory(), look)
BLINKING = WholeRecording("blinks", _blink_in_recording)  # how loud the loud parts are, which says what a pause is, is known at the end
LIVE_BLINKING = Live("blinks", lambda take: BlinkMemory(), _blink_live)


def turn_eyes(motion: Motion, aimed: np.ndarray, yaw: np.ndarray) -> Motion:
    """`motion` whose eyes look `aimed` (T,) rad down and `yaw` (T,) aside, however the head turns, with lids that follow."""
    pitch = np.clip(aimed - HOLD * motion.channel("headPitch"), -0.28, 0.34)
    yaw = np.clip(yaw - HOLD * motion.channel("headYaw"), -0.42, 0.42)
    changed = gaze_channels(pitch, yaw)
    for side in ("Left", "Right"):
        down, up = (changed[f"eyeLook{way}{side}"] for way in ("Down", "Up"))
        glanced = np.minimum(down, gaze_channels(aimed, yaw)[f"eyeLookDown{side}"])
        lowered = LIDS_WITH_GLANCE * glanced + LIDS_WITH_HEAD * (down - glanced)
        changed[f"eyeBlink{side}"] = np.maximum(motion.channel(f"eyeBlink{side}"), lowered)
        changed[f"eyeWide{side}"] = motion.channel(f"eyeWide{side}") + WIDE_WITH_GAZE * up
    return motion.with_channels(changed).clamped()


def lid_of_frames(first: int, last: int, fps: float, start: float) -> np.ndarray:
    """How far a blink that begins at `start` seconds has closed the lid in the frames [first, last), averaged over each."""
    times = (np.arange(first * FINE, max(last, first) * FINE) + 0.5) / (fps * FINE) - start
    closing, opening = times / CLOSING, 1 - (times - CLOSING - CLOSED) / OPENING
    smooth = smooth_step(np.minimum(closing, opening)).reshape(-1, FINE)
    return np.maximum(smooth.mean(1), np.where(smooth.max(1) > 0.98, smooth.max(1), 0))
