"""The moves that a cue can ask for, by name. A new one is a `Move` in one of the files beside this one and an entry here."""

from visavox.cues.moves.face import BREATHING, BROWS, FROWNING, OPENING, PRESSING, PUFFING, PURSING, SMILING, WRINKLING
from visavox.cues.moves.gaze import BLINK, CLOSE, LOOK, SQUINT, WIDEN, WINK
from visavox.cues.moves.head import LEAN, NOD, SHAKE, TILT, TURN
from visavox.cues.moves.move import Move

_ALL = (
    NOD, SHAKE, TURN, TILT, LEAN, LOOK, BLINK, WINK, CLOSE, WIDEN, SQUINT, BROWS, SMILING, FROWNING, BREATHING, PURSING, PRESSING, OPENING,
    PUFFING, WRINKLING,
)  # fmt: skip
MOVES: dict[str, Move] = {move.name: move for move in _ALL}
