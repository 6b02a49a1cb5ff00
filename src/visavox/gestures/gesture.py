"""`Gesture`: what changes finished motion, piece by piece, with a declared delay and all its memory in a state.

A whole recording is one piece; any other division gives the same values. Shapes: T frames, C channels, S samples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Protocol

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import Hops, hops_of
from visavox.motion import Motion
from visavox.style import FaceStyle, HeadStyle


class Chance(Protocol):
    """What is random in a take, for one purpose: the same seed, recording and frame give the same numbers."""

    def generator(self) -> np.random.Generator:
        """A generator of the whole recording."""

    def frames(self, first: int, shape: tuple[int, ...]) -> np.ndarray:
        """Standard normal numbers (T, ...) of the frames from `first` on, the same however they are divided."""


@dataclass(frozen=True, eq=False)
class Take:
    """What stays the same while a recording is spoken: what is random in it, and the head and the face of its style."""

    chance: Chance
    head: HeadStyle = field(default_factory=HeadStyle)
    face: FaceStyle = field(default_factory=FaceStyle)


@dataclass(frozen=True, eq=False)
class Piece:
    """Some frames of motion, the sound that begins with them, the cues of the lips (T,) by name, and whether they are the last.

    The sound of all pieces together is that of the recording; a piece may hold more or less of it than its frames last.
    """

    motion: Motion
    audio: Audio | None
    cues: Mapping[str, np.ndarray] = field(default_factory=dict)
    last: bool = False
    analysed: Callable[[], Hops] | None = None

    @property
    def voice(self) -> Hops:
        """The pitch and loudness of the sound: what `analysed` gives, so that it can be analysed once for all gestures and takes."""
        return self.analysed() if self.analysed else hops_of(self.audio)


class Gesture(Protocol):
    """Changes motion. `delay` is the number of frames at some fps that must be known before one is given, None for all of them."""

    name: str

    def delay(self, fps: float) -> int | None: ...

    def start(self, take: Take) -> object:
        """A new state: the gesture's whole memory of a recording."""

    def step(self, state, piece: Piece) -> Motion | None:
        """The frames that are ready now, in order; None for none. The last piece gives all that are left. `state` moves on."""


def takes_of(gestures: Sequence[Gesture], chance: Callable[[str], Chance], head: HeadStyle, face: FaceStyle) -> list[Take]:
    """A take for each gesture, whose chance is that of its name: a gesture that comes or goes leaves the others as they were."""
    return [Take(chance(gesture.name), head, face) for gesture in gestures]


Change = Callable[[Piece, Take], Motion]


class FrameByFrame:
    """A gesture whose frames depend on nothing but themselves: `change(piece, take)` gives the piece's frames, changed."""

    def __init__(self, name: str, change: Change):
        self.name, self.change = name, change

    def delay(self, fps: float) -> int:
        """No frame waits for another."""
        return 0

    def start(self, take: Take) -> Take:
        """The take, which is all that it remembers."""
        return take

    def step(self, state: Take, piece: Piece) -> Motion:
        """The piece's frames, changed."""
        return self.change(piece, state)


class ByStyle(FrameByFrame):
    """A gesture whose frames depend on nothing but themselves and on the head and face of the take's style, on no chance and no sound."""

    def step_all(self, states: Sequence[Take], piece: Piece) -> Motion:
        """The frames of voices of one style, changed; see `gestures.side_by_side`."""
        return self.change(piece, states[0])


class WholeRecording:
    """A gesture that must know the whole recording before it gives a frame: `change(piece, take)` of everything as one piece."""

    def __init__(self, name: str, change: Change):
        self.name, self.change = name, change

    def delay(self, fps: float) -> None:
        """All frames are waited for."""
        return None

    def start(self, take: Take) -> tuple[Take, list[Piece]]:
        """The take, and the pieces so far."""
        return take, []

    def step(self, state: tuple[Take, list[Piece]], piece: Piece) -> Motion | None:
        """Nothing before the last piece, then everything."""
        take, pieces = state
        pieces.append(piece)
        return self.change(together(pieces), take) if piece.last else None


def seeded(change: Callable[[Motion, Audio, np.random.Generator], Motion]) -> Change:
    """`change(motion, audio, random)` as a gesture's change, with a generator of the recording."""
    return lambda piece, take: change(piece.motion, piece.audio, take.chance.generator())


def perform(gestures: Sequence[Gesture], takes: Sequence[Take], piece: Piece) -> Motion:
    """The motion of a whole recording after all `gestures` in order, each with its own take."""
    if not piece.analysed:
        piece = replace(piece, analysed=cache(partial(hops_of, piece.audio)))
    for gesture, take in zip(gestures, takes, strict=True):
        piece = replace(piece, motion=gesture.step(gesture.start(take), piece))
    return piece.motion


def together(pieces: list[Piece]) -> Piece:
    """All pieces as one."""
    if len(pieces) == 1:
        return pieces[0]
    motion = replace(pieces[0].motion, values=np.concatenate([piece.motion.values for piece in pieces]))
    sounds = [piece.audio for piece in pieces if piece.audio is not None]
    audio = Audio(np.concatenate([sound.samples for sound in sounds]), sounds[0].sample_rate) if sounds else None
    cues = {name: np.concatenate([piece.cues[name] for piece in pieces]) for name in pieces[0].cues}
    return Piece(motion, audio, cues, last=True)
