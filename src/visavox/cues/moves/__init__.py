"""The moves that a cue can ask for, by name. A new one is a `Move` in one of the files beside this one and an entry here."""

from visavox.cues.moves.face import (
    BITING,
    BREATHING,
    BROWS,
    FROWNING,
    OPENING,
    PRESSING,
    PUFFING,
    PURSING,
    SMILING,
    TONGUING,
    TREMBLING_LIPS,
    WRINKLING,
)
from visavox.cues.moves.gaze import BLINK, CLOSE, LOOK, ROLL, SQUINT, WIDEN, WINK
from visavox.cues.moves.head import LEAN, NOD, SHAKE, SHUDDER, SWAY, TILT, TURN
from visavox.cues.moves.move import Move

_ALL = (
    NOD, SHAKE, SHUDDER, SWAY, TURN, TILT, LEAN, LOOK, ROLL, BLINK, WINK, CLOSE, WIDEN, SQUINT, BROWS, SMILING, FROWNING, BREATHING,
    PURSING, PRESSING, OPENING, PUFFING, WRINKLING, BITING, TREMBLING_LIPS, TONGUING,
)  # fmt: skip
MOVES: dict[str, Move] = {move.name: move for move in _ALL}
