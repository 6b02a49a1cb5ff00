"""Voices side by side: the gestures of several live faces in one go, each with its own memory, as if each were alone.

What a gesture decides frame by frame it decides for each voice. What it then does to channels it does to the frames of all at once: NumPy
takes as long for two frames as for sixty-four. A piece of voices side by side holds T frames of each, one voice after the other.

Shapes: B voices, T frames, C channels.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from visavox.gestures.gesture import Gesture, Piece
from visavox.motion import Motion


@runtime_checkable
class SideBySide(Protocol):
    """A gesture that steps several voices of one style at once, as `step` would each of them."""

    def step_all(self, states: Sequence, piece: Piece) -> Motion:
        """The frames of B voices side by side; each of the B `states` moves on."""


def rows_of_each(piece: Piece, voices: int) -> list[slice]:
    """The rows of each of so many voices in a piece of theirs side by side."""
    frames = piece.motion.frames // voices
    return [slice(first, first + frames) for first in range(0, voices * frames, frames)]


def each_alone(piece: Piece, voices: int) -> list[Piece]:
    """The piece of each of so many voices side by side."""
    if voices == 1:
        return [piece]
    return [
        replace(
            piece,
            motion=replace(piece.motion, values=piece.motion.values[rows]),
            cues={name: values[rows] for name, values in piece.cues.items()},
        )
        for rows in rows_of_each(piece, voices)
    ]


def stepped(gesture: Gesture, states: Sequence, piece: Piece) -> Motion:
    """The motion of voices of one style side by side after a `gesture` that gives each frame at once; its `states` move on."""
    if isinstance(gesture, SideBySide):
        return gesture.step_all(states, piece)
    made = [gesture.step(state, each) for state, each in zip(states, each_alone(piece, len(states)), strict=True)]
    return replace(piece.motion, values=np.concatenate([motion.values for motion in made]))
