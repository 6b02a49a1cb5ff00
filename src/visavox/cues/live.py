"""Cues for a voice that is followed live: those whose time has come act on the frames that are made. Their times count from its beginning.

What needs frames that are still to come, or the words before they are said, is refused by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from visavox.cue import LATEST, Cue
from visavox.cues.grammar import kind_of
from visavox.cues.kind import Acting, Frames
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.kinds.guidance import Guidance
from visavox.cues.kinds.key import Key, chains_of
from visavox.cues.kinds.style import StyleCue
from visavox.cues.kinds.take import TakeCue
from visavox.cues.kinds.word import Word
from visavox.cues.mouth import closures, kept_shut
from visavox.cues.performing import BEFORE, check_rig, settled
from visavox.emotion import EMOTIONS, REGIONS, EmotionTrack
from visavox.errors import OptionError
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.live.emotion import live_emotion
from visavox.gestures.remembered import Live, one_by_one
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.windows import FPS

NOT_LIVE = {
    Word: "names a word, which is not known before it is said",
    StyleCue: "draws its span again in another style, from sound that is still to come",
    Guidance: "draws its span again with another guidance, from sound that is still to come",
    TakeCue: "draws its span again, from sound that is still to come",
}  # kinds of instruction that cannot act on a live voice, and why
INSTEAD = "leave it out, or animate the recording: visavox animate --cues"


def live_cues(cues: Sequence[Cue]) -> list[Cue]:
    """`cues` as they act on a live voice, free words made into what they ask for; an OptionError for one that cannot."""
    for cue in cues:
        for kind, reason in NOT_LIVE.items():
            if isinstance(cue.instruction, kind):
                raise OptionError(f"{_named(cue)} cannot act live: it {reason}; {INSTEAD}")
    found = settled(cues, LATEST)
    for chain in chains_of([cue for cue in found if isinstance(cue.instruction, Key)]):
        if len(chain) > 1:
            wrong = f"{_named(chain[1])} cannot act live: it is joined to the key before it, and what lies between must be known"
            raise OptionError(f"{wrong}; set the keys further apart, or animate the recording: visavox animate --cues")
    return found


def gestures_of_cues(cues: Sequence[Cue], rig: Rig) -> list[Live]:
    """Gestures of a live voice, after all others, that do what `cues` ask, in the order of `performing`; none where nothing is asked.

    An OptionError for a cue that cannot act live, or that moves channels which `rig` lacks.
    """
    cues = sorted(live_cues(cues), key=lambda cue: cue.start)
    check_rig(cues, rig)
    felt = [cue for cue in cues if isinstance(cue.instruction, Emotion)]
    before, after = ([cue for kind in kinds for cue in cues if isinstance(cue.instruction, kind)] for kinds in (BEFORE, (Gesture, Key)))
    found = [_gesture("cues", before)] if before else []
    found += [live_emotion(partial(_felt, _Times([_frames_of(cue) for cue in felt], felt)))] if felt else []
    return found + ([_gesture("late cues", after)] if after else [])


def _named(cue: Cue) -> str:
    return f"{cue.place}: {kind_of(cue.instruction).write(cue.instruction)!r}"


@dataclass
class CueMemory:
    """The seed of the take, and the number of the next frame."""

    seed: int
    frame: int = 0


class _Times:
    """Cues, and from when to when each may act, so that of a hundred thousand few are looked at."""

    def __init__(self, reaches: list[tuple[float, float]], cues: list[Cue]):
        self.cues, (self._firsts, self._lasts) = cues, np.array(reaches, float).T

    def within(self, first: float, last: float) -> list[Cue]:
        """Those that may act after `first` and before `last`, in their order."""
        return [self.cues[place] for place in np.flatnonzero((self._firsts < last) & (self._lasts > first)).tolist()]


def _gesture(name: str, cues: list[Cue]) -> Live:
    acting = _Times([kind_of(cue.instruction).reach(cue) for cue in cues], cues)
    return Live(name, lambda take: CueMemory(int(take.chance.generator().integers(2**31))), one_by_one(partial(_act, acting)))


def _act(cues: _Times, take: Take, memory: CueMemory, piece: Piece) -> Motion:
    motion = piece.motion
    seconds = (memory.frame + np.arange(motion.frames) + 0.5) / motion.fps
    memory.frame += motion.frames
    values = motion.values
    for cue in cues.within(seconds[0], seconds[-1]):
        kind: Acting = kind_of(cue.instruction)
        first, last = kind.reach(cue)
        reached = (seconds > first) & (seconds < last)
        if not reached.any():
            continue
        span = Frames(values[reached], seconds[reached], motion.rig, memory.seed)
        values = values.copy() if values is motion.values else values
        for name, channel in kind.act(cue, span).items():
            values[reached, motion.rig.index(name)] = channel
    if values is motion.values:
        return motion
    values = kept_shut(values, motion.values, closures(motion.values, motion.rig, piece.cues), motion.rig)
    changed = values != motion.values
    return replace(motion, values=np.where(changed, replace(motion, values=values).clamped().values, motion.values))


def _frames_of(cue: Cue) -> tuple[int, int]:
    """The frames from which and up to which something is felt; a cue at a moment is felt for one."""
    first = round(cue.start * FPS)
    return first, max(round(cue.end * FPS), first + 1)


def _felt(cues: _Times, first: int, last: int) -> EmotionTrack:
    """What is felt in the frames from `first` up to `last`, as `emotion.track_of` has it; before the beginning as in its first frame."""
    numbers = np.maximum(np.arange(first, last), 0)
    intensity = EmotionTrack.calm(last - first, FPS).intensity.copy()
    for cue in cues.within(numbers[0], last):
        start, end = _frames_of(cue)
        rows = (numbers >= start) & (numbers < end)
        if rows.any():
            column = np.array([cue.instruction.mix.intensities.get(name, 0.0) for name in EMOTIONS], np.float32)
            regions = [REGIONS.index(region) for region in cue.instruction.mix.regions]
            intensity[np.ix_(rows, range(len(EMOTIONS)), regions)] = column[None, :, None]
    return EmotionTrack(intensity, FPS)
