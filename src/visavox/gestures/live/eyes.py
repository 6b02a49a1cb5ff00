"""Blinks and gaze of a live face: as `gestures.eyes` draws them, each decided when its time comes."""

from dataclasses import dataclass, field
from math import exp, log

import numpy as np

from visavox.gestures.eyes import (
    AWAY,
    BLINKS_A_MINUTE,
    CLOSED,
    CLOSING,
    INTERVAL_SPREAD,
    LOWEST_GLANCE,
    NEAR,
    OPENING,
    SHORTEST_INTERVAL,
    lid_of_frames,
    turn_eyes,
)
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.head import even_share
from visavox.gestures.live.remembered import Drawn, Live
from visavox.motion import Motion
from visavox.rigs.arkit import BLINKS
from visavox.windows import FPS

GLANCES_AWAY = 0.14  # share of the fixations
SEEKS, REACH, SOON = 0.65, 0.6, 0.12  # chance that a blink within REACH seconds is moved to a pause, and how long after its start at most
MEDIAN = 60 / BLINKS_A_MINUTE / exp(INTERVAL_SPREAD**2 / 2)


@dataclass
class GazeMemory:
    """Frames shown, that from which on the eyes look elsewhere, and where they look."""

    frame: int = 0
    until: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0


def _look(take: Take, memory: GazeMemory, piece: Piece) -> Motion:
    aims = []
    for _ in range(piece.motion.frames):
        if memory.frame >= memory.until:
            chosen, down, aside, lasts = take.chance.frames(memory.frame, (1, 4))[0].tolist()
            away = even_share(chosen) < GLANCES_AWAY
            reach = AWAY if away else NEAR
            memory.pitch, memory.yaw = min(reach[0] * down + (0.03 if away else 0.0), LOWEST_GLANCE), reach[1] * aside
            share = even_share(lasts)
            memory.until += FPS * (0.35 + 0.65 * share if away else min(0.3 - 1.1 * log(max(1 - share, 1e-9)), 4.0))
        aims.append((memory.pitch, memory.yaw))
        memory.frame += 1
    return turn_eyes(piece.motion, *np.array(aims).T)


@dataclass
class BlinkMemory:
    """Frames shown, the second of the next blink, and the blinks under way: start, lag of the right eye, depth."""

    frame: int = 0
    following: float = -1.0
    blinks: list[list[float]] = field(default_factory=list)


def _blink(take: Take, memory: BlinkMemory, piece: Piece) -> Motion:
    lids, median = [], MEDIAN / take.face.blinks
    for pause in np.asarray(piece.cues["voice offset"]).tolist():
        draws = Drawn(take, memory.frame, 6)
        now, lasts = memory.frame / FPS, CLOSING + CLOSED + OPENING
        if memory.following < 0:
            memory.following = median * (0.2 + 0.8 * even_share(draws[0]))
        if pause and abs(memory.following - now) < REACH and even_share(draws[1]) < SEEKS:
            memory.following = now + SOON * even_share(draws[2])
        if memory.following < now + 1 / FPS:
            full, share = even_share(draws[3]) < 0.88, even_share(draws[4])
            memory.blinks.append([memory.following, 0.008 * even_share(draws[0]), 0.9 + 0.1 * share if full else 0.45 + 0.3 * share])
            memory.following += max(median * exp(INTERVAL_SPREAD * draws[5]), SHORTEST_INTERVAL)
        lids.append([_closed(memory, now, side) for side in (0.0, 1.0)])
        memory.blinks = [blink for blink in memory.blinks if now < blink[0] + blink[1] + lasts]
        memory.frame += 1
    return piece.motion.with_channels(
        {name: np.maximum(piece.motion.channel(name), lid) for name, lid in zip(BLINKS, np.array(lids).T, strict=True)}
    )


def _closed(memory: BlinkMemory, now: float, side: float) -> float:
    """How far one lid is closed in the frame that begins at `now`."""
    frame = round(now * FPS)
    return max(
        (depth * float(lid_of_frames(frame, frame + 1, FPS, start + side * lag)[0]) for start, lag, depth in memory.blinks), default=0.0
    )


LIVE_GAZE = Live("gaze", lambda take: GazeMemory(), _look)
LIVE_BLINKS = Live("blinks", lambda take: BlinkMemory(), _blink)
