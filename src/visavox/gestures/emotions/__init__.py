"""Emotions over finished motion: `express` lays what a track says over a face that speaks, and the words keep their lips.

An overlay after sampling: the denoiser knows no emotion. With nothing felt the motion is returned as it is.
"""

import zlib

import numpy as np

from visavox.arguments import checked
from visavox.audio import Audio
from visavox.easing import smooth_step
from visavox.emotion import REGIONS, EmotionTrack
from visavox.errors import OptionError
from visavox.gestures.accents import Hops, hops_of, voice_accents
from visavox.gestures.emotions.body import blink_as_felt, pose_head, turn_eyes
from visavox.gestures.emotions.dynamics import ACCENT_TIME, Course, courses
from visavox.gestures.emotions.lips import overlaid
from visavox.gestures.emotions.table import REGION_OF, SHAPE_REGIONS, EmotionTable
from visavox.levels import quiet_below
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES

QUIET, SILENT = 25.0, -60.0  # dB under the loud parts, and of full scale, under which nobody speaks
LONG_PAUSE, BORDER, PASSAGE = 1.5, 0.1, 0.3  # seconds: a pause in which an emotion has its full say, but for its ends; the way there
HIGHEST_ACCENT = 1.5


@checked
def express(motion: Motion, audio: Audio | None, track: EmotionTrack, seed: int = 0, table: EmotionTable | None = None) -> Motion:
    """`motion` as a face makes it that feels what `track` says, in the same rig and length; `seed` draws which way it is shown.

    Expressions rise within about half a second and leave more slowly, swell at accents of `audio`, and have their full say where it is
    silent for a while; lips that words shut stay shut. Frames and channels of regions in which nothing is felt keep their bytes. An
    OptionError for a motion without ARKit's shapes.
    """
    if not track.felt:
        return motion
    if missing := [name for name in SHAPES if name not in motion.rig]:
        raise OptionError(f"an emotion moves ARKit's shapes; rig {motion.rig.name!r} has no {missing[0]}")
    track = track.fitted(motion.frames, motion.fps)
    table = table or EmotionTable.default()
    accent, pause = _voice(audio, motion)
    seeds = _seeds(audio, seed)
    felt = courses(track, table, accent, seeds)
    changed = expression(motion, felt, table, track, pause)
    if felt:
        changed |= _body(motion.with_channels(changed), felt, table, (accent, seeds))
    return in_its_regions(motion, changed, felt, track)


def in_its_regions(motion: Motion, changed: dict[str, np.ndarray], felt: dict[str, Course], track: EmotionTrack) -> Motion:
    """`motion` with the `changed` channels, in frames and regions in which something is felt; the rest keeps its bytes."""
    active = np.zeros((motion.frames, len(REGIONS)), bool)
    for course in felt.values():
        active |= course.strength > 0
    kept = {
        name: np.where(active[:, REGION_OF[name]] | (name in track.extra), values, motion.channel(name)) for name, values in changed.items()
    }
    limited = motion.with_channels(kept).clamped()
    untouched = [name for name in motion.rig.names if name not in kept]
    return limited.with_channels({name: motion.channel(name) for name in untouched})


def _weights(felt: dict[str, Course], table: EmotionTable, track: EmotionTrack) -> np.ndarray:
    """The weights (T, 52) of the expression: what several emotions ask of a shape adds up to less than 1."""
    rest = np.ones((track.frames, len(SHAPES)), np.float32)
    left = np.array([name.endswith("Left") for name in SHAPES]) * 1.0 - np.array([name.endswith("Right") for name in SHAPES])
    for name, course in felt.items():
        shown = (course.shares @ table.weights[name]) * course.strength[:, SHAPE_REGIONS] * (1 + course.lopsided[:, None] * left)
        rest *= 1 - np.clip(shown, 0, 1)
    for name, weights in track.extra.items():
        if name in SHAPES:
            rest[:, SHAPES.index(name)] *= 1 - np.clip(weights, 0, 1)
    return 1 - rest


def expression(
    motion: Motion, felt: dict[str, Course], table: EmotionTable, track: EmotionTrack, pause: np.ndarray
) -> dict[str, np.ndarray]:
    """The channels by name of `motion` under the expression of what is `felt`; `pause` (T,) is 1 where nothing is said for a while."""
    weights = _weights(felt, table, track)
    shapes = overlaid(motion.select(SHAPES), weights, pause)
    return {name: shapes[:, place] for place, name in enumerate(SHAPES) if weights[:, place].any()}


def _body(motion: Motion, felt: dict[str, Course], table: EmotionTable, voice: tuple[np.ndarray, list[int]]) -> dict[str, np.ndarray]:
    """The changed channels by name, those of the expression among them as far as lids and eyes change them."""
    accent, seeds = voice
    regions = {region: any(course.strength[:, place].any() for course in felt.values()) for place, region in enumerate(REGIONS)}
    names = ARKIT.names
    changed = {name: motion.channel(name) for name in names if name in motion.rig}
    turned = motion.select(HEAD).astype(float) if all(name in motion.rig for name in HEAD) else np.zeros((motion.frames, 3))
    if regions["head"] and all(name in motion.rig for name in HEAD):
        turned = pose_head(motion, felt, table, accent)
        changed |= {name: turned[:, axis] for axis, name in enumerate(HEAD)}
    if regions["gaze"] or regions["head"]:
        changed |= turn_eyes(motion, turned, felt, table)
    if regions["eyes"]:
        changed |= blink_as_felt(motion, felt, table, seeds)
    return changed


def _voice(audio: Audio | None, motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """How far the voice stands out around each frame (T,), 0 to HIGHEST_ACCENT, and where it has been silent for long, 0 to 1 (T,)."""
    if audio is None:
        return np.zeros(motion.frames), np.zeros(motion.frames)
    hops = hops_of(audio)
    times = (np.arange(motion.frames) + 0.5) / motion.fps
    accent = np.zeros(motion.frames)
    for time, height in zip(*voice_accents(hops), strict=True):
        near = slice(*np.searchsorted(times, (time - 4 * ACCENT_TIME, time + 4 * ACCENT_TIME)))
        swell = min(height, HIGHEST_ACCENT) * np.exp(-np.square((times[near] - time) / ACCENT_TIME) / 2)
        accent[near] = np.maximum(accent[near], swell)
    return accent, _long_pauses(hops, times)


def _long_pauses(hops: Hops, times: np.ndarray) -> np.ndarray:
    """1 (T,) in the middle of long pauses, 0 in speech and at their ends."""
    quiet = hops.level < quiet_below(hops.level, QUIET, SILENT)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    pause = np.zeros(len(times))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        start, end = Hops.time(first) + BORDER, Hops.time(last) - BORDER
        if end - start >= LONG_PAUSE - 2 * BORDER:
            pause = np.maximum(pause, smooth_step(np.minimum(times - start, end - times) / PASSAGE))
    return pause


def _seeds(audio: Audio | None, seed: int) -> list[int]:
    """What chance depends on: the seed, and the opening of the recording, so that two of them share no curve."""
    return [seed, 0 if audio is None else zlib.crc32(np.ascontiguousarray(audio.samples[: audio.sample_rate], "<f4").tobytes())]
