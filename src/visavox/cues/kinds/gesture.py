"""Gestures: `nod twice`, `turn right 20`, `look away slowly`, `brows up`, `smile slightly`."""

from dataclasses import dataclass

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.cues.kind import Frames
from visavox.cues.moves import MOVES
from visavox.cues.moves.move import Move
from visavox.cues.words import Manner, checked, manner_text, number_text, read_manner, tokens

SMALL = ("the", "a", "to", "your", "his", "her", "their")
WAYS = {
    "forward": "in", "forwards": "in", "backward": "back", "backwards": "back", "upward": "up", "upwards": "up", "downward": "down",
    "downwards": "down", "sideways": "away", "aside": "away", "camera": "at camera", "ahead": "at camera", "straight": "at camera",
    "raised": "up", "lowered": "down", "left up": "up left", "right up": "up right",
}  # fmt: skip


@dataclass(frozen=True)
class Gesture(Instruction):
    """A move by its `name` in `cues.moves`, in which `way` ("" for the usual one), and in which `manner`."""

    name: str
    way: str = ""
    manner: Manner = Manner()


class GestureKind:
    """Something that head, eyes, brows or mouth do."""

    name = "gesture"
    holds = Gesture
    vocabulary = {
        f"{move.name}{' ' + ' / '.join(move.ways) if any(move.ways) else ''}": f"{move.meaning}"
        + (f"; degrees up to {move.most:g}" if move.most else "")
        for move in MOVES.values()
    }
    examples = ("nod twice", "shake slowly", "turn right 20 deg", "look at camera", "brows up", "smile slightly", "blink")

    def read(self, text: str) -> Gesture | None:
        """See `Kind.read`."""
        words = [word for word in tokens(text) if word not in SMALL]
        found = named_move(words)
        if found is None:
            return None
        move, way, rest = found
        way, rest = (way, rest) if way else _way(move, rest)
        manner = read_manner(rest, move.counted, bool(move.most))
        if isinstance(manner, str):
            return None  # free words that begin like a gesture: "nods, then smiles"
        if manner.degrees is not None:
            checked(manner.degrees, 0, move.most, f"the angle of {move.name}")
        return Gesture(move.name, way, manner)

    def write(self, instruction: Gesture) -> str:
        """See `Kind.write`."""
        return " ".join(part for part in (instruction.name, instruction.way, manner_text(instruction.manner)) if part)

    def explain(self, instruction: Gesture) -> str:
        """See `Kind.explain`."""
        move, manner = MOVES[instruction.name], instruction.manner
        words = [move.says, instruction.way or ("" if move.either else move.ways[0])]
        if manner.degrees is not None or move.degrees:
            degrees = min((manner.degrees or move.degrees) * manner.strength, move.most)
            words.append(f"by {number_text(degrees)} degrees" if words[1] != "at camera" else "")
        elif manner.strength != 1:
            words.append(f"at {100 * manner.strength:.0f} %")
        words += [{1: "once", 2: "twice"}.get(manner.times, f"{manner.times} times")] if manner.times else []
        words += ["slowly" if manner.speed < 1 else "quickly"] if manner.speed != 1 else []
        return " ".join(word for word in words if word)

    def reach(self, cue: Cue) -> tuple[float, float]:
        """See `Acting.reach`."""
        return MOVES[cue.instruction.name].times(cue, cue.instruction.manner)

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """See `Acting.act`."""
        move, asked = MOVES[cue.instruction.name], cue.instruction
        way = asked.way
        if way == "away":
            way = f"away {('left', 'right')[int(frames.chance(cue).integers(2))]}"
        return move.does(move.course(cue, asked.manner, way, frames), frames)


def named_move(words: list[str]) -> tuple[Move, str, list[str]] | None:
    """The move that the words begin with, the way that its name says, and the rest of the words; None when they begin with none."""
    for length in (3, 2, 1):
        phrase = " ".join(words[:length])
        for move in MOVES.values():
            if len(words) >= length and (phrase == move.name or phrase in move.names):
                return move, move.names.get(phrase, ""), words[length:]
    return None


def _way(move: Move, words: list[str]) -> tuple[str, list[str]]:
    """The way among the `words`, "" for none, and the words without it."""
    for length in (2, 1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            way = phrase if phrase in move.ways else WAYS.get(phrase, "")
            if way and way in move.ways:
                return way, words[:start] + words[start + length :]
    return "", words
