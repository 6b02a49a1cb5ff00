"""Poses: `pose talk.npz`, the head of another take or clip, fitted to the span. Mouth, brows and lids stay; the eyes hold their target."""

import re
from dataclasses import dataclass, field

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.cues.eyes import held
from visavox.cues.kind import EASE, Frames, eased
from visavox.errors import OptionError, RigError, VisavoxError
from visavox.io.motion import read_motion
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD

TURN = 0.6  # seconds in which a pose that is too short slows down and turns back
_POSE = re.compile(r"pose\s+(\S.*\.(?:npz|parquet))", re.I)


@dataclass(frozen=True)
class Pose(Instruction):
    """The head moves as that of the motion in a `file`; `motion` is what was read of it, see `opened`."""

    file: str
    motion: Motion | None = field(default=None, compare=False, repr=False)


class PoseKind:
    """The head of another motion."""

    name = "pose"
    holds = Pose
    vocabulary = {"pose FILE": "the head moves as in another motion file (.npz, .parquet); a shorter one goes to and fro"}
    examples = ("pose talk.npz",)

    def read(self, text: str) -> Pose | None:
        """See `Kind.read`."""
        found = _POSE.fullmatch(text.strip())
        return Pose(found[1]) if found else None

    def write(self, instruction: Pose) -> str:
        """See `Kind.write`."""
        return f"pose {instruction.file}"

    def explain(self, instruction: Pose) -> str:
        """See `Kind.explain`."""
        return f"the head moves as in {instruction.file}"

    def reach(self, cue: Cue) -> tuple[float, float]:
        """See `Acting.reach`."""
        return cue.start - EASE, cue.end + EASE

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """See `Acting.act`; a pose that was not opened, on a rig with a head, is an OptionError."""
        if any(name not in frames.rig for name in HEAD):
            return {}
        motion = opened(cue).instruction.motion
        at = to_and_fro(frames.seconds - cue.start, motion.seconds, cue.end - cue.start)
        known, share = (np.arange(motion.frames) + 0.5) / motion.fps, eased(cue, frames.seconds)
        changed = {}
        for name in HEAD:
            before = frames.channel(name)
            changed[name] = before + share * (np.interp(at, known, motion.channel(name)) - before)
        return changed | held(changed, frames)


def opened(cue: Cue) -> Cue:
    """The pose cue with its motion read; an OptionError that names the cue when it is none or has no head."""
    pose: Pose = cue.instruction
    if pose.motion is not None:
        return cue
    try:
        motion = read_motion(pose.file)
        if missing := [name for name in HEAD if name not in motion.rig]:
            raise RigError(f"{pose.file} moves rig {motion.rig.name!r}, which has no {missing[0]}; give ARKit motion with a head")
    except VisavoxError as error:
        raise OptionError(f"{cue.place}: {error}") from None
    return Cue(cue.start, cue.end, Pose(pose.file, motion), cue.note, cue.line)


def to_and_fro(seconds: np.ndarray, length: float, span: float) -> np.ndarray:
    """The times within a pose of `length` seconds that is walked for `span` seconds: straight on, or forwards and backwards in turn, slower
    where it turns."""
    if span <= length:
        return np.clip(seconds, 0, length)
    walked = length - np.abs(np.mod(seconds, 2 * length) - length)
    soft = min(TURN, length / 2)
    start, end = np.minimum(walked, soft), np.minimum(length - walked, soft)
    return walked + (soft - start) ** 2 / (2 * soft) - (soft - end) ** 2 / (2 * soft)
