"""Blinks and gaze, which no sound dictates.

Sources: blink rates and shapes after Bentivoglio et al. (1997) and Trutoiu et al. (2011): 15 to 25 a minute in conversation, closing in
about 80 ms, opening in about 200 ms; gaze as fixations with saccades of a few degrees, the eyes holding their target as the head turns.
"""

from math import ceil, floor

import numpy as np

from visavox.audio import Audio
from visavox.easing import smooth_step
from visavox.levels import level_of, quiet_below
from visavox.motion import Motion
from visavox.rigs.arkit import BLINKS, gaze_channels

CLOSING, CLOSED, OPENING = 0.08, 0.03, 0.20  # seconds
FINE = 8  # parts of a frame over which a lid is averaged
BLINKS_A_MINUTE = 17.0
INTERVAL_SPREAD = 0.55  # of the logarithm of the time between blinks
SHORTEST_INTERVAL = 0.6  # seconds
NEAR, AWAY = (0.018, 0.025), (0.06, 0.16)  # rad: the deviations of the pitch and yaw of fixations on the listener, and of glances away
LOWEST_GLANCE = 0.15  # rad below the listener: lids that follow further look asleep
LIDS_WITH_GLANCE, LIDS_WITH_HEAD = 0.4, 0.1  # how far the upper lid rides on an eye that glances down, and on one that holds its target
WIDE_WITH_GAZE = 0.4  # and is lifted by one that looks up
HOLD = 0.85  # share of the head's turn that the eyes give back, to keep looking at whoever listens


def blink(motion: Motion, audio: Audio, random: np.random.Generator, a_minute: float = BLINKS_A_MINUTE) -> Motion:
    """`motion` with blinks: log-normal intervals, drawn towards the pauses of `audio`, both lids almost together, some half closed."""
    pauses = _pause_starts(audio)
    lids = {name: np.zeros(motion.frames) for name in BLINKS}
    # the mean of a log-normal is its median times exp(spread^2 / 2)
    median = 60 / a_minute / np.exp(INTERVAL_SPREAD**2 / 2)
    time = random.uniform(0.2, 1.0) * median
    while time < motion.seconds:
        near = pauses[np.abs(pauses - time) < 0.6]
        if near.size and random.random() < 0.65:
            time = float(near[0]) + random.uniform(0.0, 0.12)
        depth = random.uniform(0.9, 1.0) if random.random() < 0.88 else random.uniform(0.45, 0.75)
        for name, lag in zip(BLINKS, (0.0, random.uniform(0, 0.008)), strict=True):
            first, closed = _lid(motion.frames, motion.fps, time + lag)
            lids[name][first : first + closed.size] = np.maximum(lids[name][first : first + closed.size], depth * closed)
        time += max(median * float(np.exp(random.normal(0, INTERVAL_SPREAD))), SHORTEST_INTERVAL)
    return motion.with_channels({name: np.maximum(motion.channel(name), lid) for name, lid in lids.items()})


def look(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` with gaze: fixations around the listener with saccades between them, glances away, lids that follow, and eyes that
    hold their target while the head turns."""
    del audio  # gaze is timed by itself; the signature is that of every gesture
    pitch, yaw = (np.zeros(motion.frames) for _ in range(2))
    time = 0.0
    while time < motion.seconds:
        away = random.random() < 0.14
        reach = AWAY if away else NEAR
        aim = min(random.normal(0, reach[0]) + (0.03 if away else 0.0), LOWEST_GLANCE), random.normal(0, reach[1])
        first = round(time * motion.fps)
        time += random.uniform(0.35, 1.0) if away else min(0.3 + random.exponential(1.1), 4.0)
        until = round(time * motion.fps)
        pitch[first:until], yaw[first:until] = aim
    return turn_eyes(motion, _saccades(pitch, motion.fps), _saccades(yaw, motion.fps))


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


def _lid(frames: int, fps: float, start: float) -> tuple[int, np.ndarray]:
    """How far one blink that begins at `start` seconds has closed the lid: the first of the frames that it touches and its values there,
    averaged over each frame so that none is missed."""
    first = max(floor(start * fps), 0)
    last = min(ceil((start + CLOSING + CLOSED + OPENING) * fps), frames)
    return first, lid_of_frames(first, last, fps, start)


def lid_of_frames(first: int, last: int, fps: float, start: float) -> np.ndarray:
    """How far a blink that begins at `start` seconds has closed the lid in the frames [first, last), averaged over each."""
    times = (np.arange(first * FINE, max(last, first) * FINE) + 0.5) / (fps * FINE) - start
    closing, opening = times / CLOSING, 1 - (times - CLOSING - CLOSED) / OPENING
    smooth = smooth_step(np.minimum(closing, opening)).reshape(-1, FINE)
    return np.maximum(smooth.mean(1), np.where(smooth.max(1) > 0.98, smooth.max(1), 0))


def _saccades(aim: np.ndarray, fps: float) -> np.ndarray:
    """The angle (T,) of an eye that jumps between fixations within about 50 ms."""
    moved = aim.copy()
    if fps > 40:  # at lower rates a saccade lasts a frame
        frames = max(round(0.05 * fps), 1)
        moved = np.convolve(np.pad(aim, (frames - 1, 0), mode="edge"), np.ones(frames) / frames, "valid")
    return moved


def _pause_starts(audio: Audio) -> np.ndarray:
    """The times in seconds at which speech falls silent for at least 0.15 s: 20 dB under its loud parts, or under -55 dB."""
    hop = max(audio.sample_rate // 50, 1)
    blocks = audio.samples[: audio.samples.size // hop * hop].reshape(-1, hop)
    if len(blocks) < 8:
        return np.zeros(0)
    level = level_of(blocks)
    quiet = level < quiet_below(level, 20, -55, 90)
    held = np.convolve(quiet, np.ones(8), "valid") >= 8  # quiet from here for 0.16 s
    starts = np.flatnonzero(held[1:] & ~held[:-1]) + 1
    return starts * hop / audio.sample_rate
