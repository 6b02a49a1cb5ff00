"""Cues performed on finished motion: in their order, within their frames and channels, the words keeping their lips.

Order: states, poses, gains, emotions, gestures, keys, then the rule of the mouth and the rig's ranges. Of what an instruction gives,
only the frames of its reach are taken over, so nothing that no cue names changes by a bit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from visavox.cue import Cue
from visavox.cues.grammar import kind_of
from visavox.cues.groups import channels_of
from visavox.cues.kind import EASE, Frames
from visavox.cues.kinds.emotion import Emotion, track_of
from visavox.cues.kinds.free import Free
from visavox.cues.kinds.free import placed as free_placed
from visavox.cues.kinds.gain import Gain
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.kinds.key import Key, chains_of, joined
from visavox.cues.kinds.pose import Pose, opened
from visavox.cues.kinds.state import State
from visavox.cues.kinds.take import check_apart
from visavox.cues.kinds.word import Word
from visavox.cues.kinds.word import placed as word_placed
from visavox.cues.mouth import closures, kept_shut
from visavox.cues.moves.head import TURNS
from visavox.cues.prompt import understood
from visavox.errors import OptionError
from visavox.gestures.emotions import express
from visavox.gestures.gesture import Piece, Take, together
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import HEAD, SHAPES

if TYPE_CHECKING:
    from visavox.cues.prompt.timing import Accents, Pauses

LATE = 0.1  # seconds after the sound's end at which its last frame may still be shown
FARTHEST = 1e6  # far beyond any rig's range, which bounds it in the end: many gains at one moment multiply to more than a number can hold
BEFORE, AFTER = (State, Pose, Gain), (Gesture, Key)  # what acts on finished motion, before emotions are laid over it and after


def settled(
    cues: Sequence[Cue],
    seconds: float,
    words: Sequence[tuple[float, float, str]] | None = None,
    pauses: "Pauses | None" = None,
    accents: "Accents | None" = None,
) -> list[Cue]:
    """`cues` for a recording of so many `seconds`, free words and words made into what they ask for; `words` are (start, end, word) of
    the transcript, None for none; `pauses` tells where the recording pauses, `accents` where its voice stands out, None where nobody knows.

    An OptionError for one that begins after the recording's end, or names a word where no transcript is known, and for takes that overlap.
    """
    check_apart(list(cues))
    found = []
    for cue in cues:
        if cue.start >= seconds + LATE:
            raise OptionError(f"{cue.place} begins at {cue.start:g} s, after the end of the recording ({seconds:.2f} s); correct its time")
        if isinstance(cue.instruction, Word):
            if words is None:
                raise OptionError(f"{cue.place} names a word, whose time no transcript tells; give one with --transcript")
            found += settled(word_placed(cue, list(words)), seconds + 1e9, None, pauses, accents)
        elif isinstance(cue.instruction, Free):
            understand = partial(understood, pauses=pauses, accents=accents, words=None if words is None else partial(list, words))
            asked = free_placed(replace(cue, end=min(cue.end, seconds)), understand)
            found += (
                settled(asked, seconds + 1e9, words, pauses, accents) if any(isinstance(one.instruction, Word) for one in asked) else asked
            )
        else:
            found.append(opened(cue) if isinstance(cue.instruction, Pose) else cue)
    return found


def check_rig(cues: Sequence[Cue], rig: Rig) -> None:
    """Raises an OptionError for a cue that moves channels which `rig` does not have."""
    for cue in cues:
        one = cue.instruction
        if isinstance(one, Gain):
            lacks = not channels_of(one.group, rig)
        elif isinstance(one, Key):
            lacks = one.channel not in rig
        elif isinstance(one, Emotion | State | Gesture | Pose):
            head = isinstance(one, Pose) or getattr(one, "name", "") in TURNS
            lacks = not all(name in rig for name in (HEAD if head else SHAPES))
        else:
            lacks = False
        if lacks:
            what = f"{cue.place}: {kind_of(one).write(one)!r} moves ARKit's channels"
            raise OptionError(f"{what}, which rig {rig.name!r} of this model lacks; leave it out, or choose a model of ARKit")


@dataclass
class _Performance:
    """What the gesture remembers: the seed of its take and the number of the next frame."""

    seed: int
    frame: int = 0


class CueGesture:
    """Cues as a gesture of `gestures.gesture`, after all others. It waits for no frame but where keys are joined or something is felt."""

    name = "cues"

    def __init__(self, cues: Sequence[Cue]):
        acting = (Emotion, *BEFORE, *AFTER)
        self.cues = [cue for cue in sorted(cues, key=lambda cue: cue.start) if isinstance(cue.instruction, acting)]
        self.waits = any(isinstance(cue.instruction, Key | Emotion) for cue in self.cues)

    def delay(self, fps: float) -> int | None:
        """None, for all frames, where there are keys or emotions; else none is waited for."""
        return None if self.waits else 0

    def start(self, take: Take) -> tuple[_Performance, list[Piece]]:
        """A new state."""
        return _Performance(int(take.chance.generator().integers(2**31))), []

    def step(self, state: tuple[_Performance, list[Piece]], piece: Piece) -> Motion | None:
        """The frames of `piece` as the cues ask; all at the end where it waits."""
        performance, waiting = state
        if self.waits:
            waiting.append(piece)
            if not piece.last:
                return None
            piece = together(waiting)
        made = self._performed(piece, performance)
        performance.frame += piece.motion.frames
        return made

    def _performed(self, piece: Piece, performance: _Performance) -> Motion:
        motion = piece.motion
        seconds = (performance.frame + np.arange(motion.frames) + 0.5) / motion.fps
        values = perform_cues(motion.values, Frames(motion.values, seconds, motion.rig, performance.seed), self.cues, BEFORE)
        felt = [cue for cue in self.cues if isinstance(cue.instruction, Emotion)]
        if felt:
            track = track_of(felt, motion.frames, motion.fps)
            values = express(replace(motion, values=values), piece.audio, track, performance.seed).values
        values = perform_cues(values, Frames(values, seconds, motion.rig, performance.seed), self.cues, AFTER)
        if values is motion.values:
            return motion
        values = kept_shut(values, motion.values, closures(motion.values, motion.rig, piece.cues), motion.rig)
        changed = values != motion.values  # what nothing has changed is not brought into its range either
        return replace(motion, values=np.where(changed, replace(motion, values=values).clamped().values, motion.values))


def perform_cues(values: np.ndarray, frames: Frames, cues: Sequence[Cue], kinds: Sequence[type] = (*BEFORE, *AFTER)) -> np.ndarray:
    """`values` (T, C) after all `cues` of some `kinds`, in their order; the same array where none reaches these frames."""
    before = values
    for kind in kinds:
        asked = [cue for cue in cues if isinstance(cue.instruction, kind)]
        for reach, act in _acts(asked, kind):
            first, last = np.searchsorted(frames.seconds, reach[0], "right"), np.searchsorted(frames.seconds, reach[1], "left")
            if last <= first:
                continue
            if values is before:
                values = values.copy()
            span = Frames(values[first:last], frames.seconds[first:last], frames.rig, frames.seed)
            for name, channel in act(span).items():
                values[first:last, frames.rig.index(name)] = np.clip(channel, -FARTHEST, FARTHEST)
    return values


def _acts(cues: list[Cue], kind: type) -> list[tuple[tuple[float, float], Callable[[Frames], Mapping[str, np.ndarray]]]]:
    """For each of `cues` of one kind, or each chain of keys, the seconds that it reaches and what it does with their frames."""
    if kind is Key:
        return [(_reach_of(chain), _chain(chain)) for chain in chains_of(cues)]
    found = [(kind_of(cue.instruction), cue) for cue in cues]
    return [(acting.reach(cue), lambda frames, acting=acting, cue=cue: acting.act(cue, frames)) for acting, cue in found]


def _chain(chain: list[Cue]) -> Callable[[Frames], dict[str, np.ndarray]]:
    name = chain[0].instruction.channel
    return lambda frames: {name: joined(chain, frames)} if name in frames.rig else {}


def _reach_of(chain: list[Cue]) -> tuple[float, float]:
    return chain[0].start - EASE, max(cue.end if cue.instruction.held else cue.start for cue in chain) + EASE
