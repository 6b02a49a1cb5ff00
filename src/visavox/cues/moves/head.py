"""What the head does: nod, shake, turn, tilt, lean, sway, shudder. The eyes hold what they look at.

A nod of conversation takes about 0.6 s, down quicker than up, and each that follows is smaller; a shake swings about twice a second.
Left and right are the face's own. The rig turns the head and does not move it, so leaning is the turn that comes with it.
"""

import numpy as np

from visavox.cues.eyes import held
from visavox.cues.kind import Frames
from visavox.cues.moves.move import Course, Move
from visavox.gestures.eyes import HOLD

LIMITS = {"headPitch": 40.0, "headYaw": 65.0, "headRoll": 35.0}  # degrees that a neck turns either way
ALONG = 0.35  # of a turn that the eyes give back: who turns the head looks there
SWAYS, TREMOR = 0.4, 6.0  # Hz, of a head that sways, and that shudders
BENDS = 0.8  # of a limit from which a turn bends towards it


def _turned(frames: Frames, degrees: dict[str, np.ndarray], hold: float = HOLD) -> dict[str, np.ndarray]:
    """The head turned further by `degrees`, and the eyes that hold their target by so much."""
    changed = {}
    for name, further in degrees.items():
        if name in frames.rig:
            before = frames.channel(name)
            after = before + np.radians(further)
            changed[name] = np.where(further == 0, before, _bent(after, before, np.radians(LIMITS[name])))
    return changed | held(changed, frames, hold) if changed else {}


def _bent(angle: np.ndarray, before: np.ndarray, limit: float) -> np.ndarray:
    """`angle` within `limit`, or within `before` where the motion itself went further; it bends from BENDS of the limit on."""
    limit = np.maximum(limit, np.abs(before))
    free = np.maximum(BENDS * limit, np.abs(before))
    room = np.maximum(limit - free, 1e-9)
    beyond = np.maximum(np.abs(angle) - free, 0)
    return np.sign(angle) * (np.minimum(np.abs(angle), free) + room * np.tanh(beyond / room))


def _nods(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return _turned(frames, {"headPitch": course.peak * course.share})


def _shakes(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return _turned(frames, {"headYaw": course.peak * course.share})


def _turns(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    ways = {"left": ("headYaw", 1), "right": ("headYaw", -1), "down": ("headPitch", 1), "up": ("headPitch", -1)}
    name, sign = ways[course.way]
    return _turned(frames, {name: sign * course.peak * course.share}, ALONG)


def _tilts(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return _turned(frames, {"headRoll": (1 if course.way == "left" else -1) * course.peak * course.share})


def _leans(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return _turned(frames, {"headPitch": (1 if course.way == "in" else -1) * course.peak * course.share})


def _sways(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return _turned(frames, {"headRoll": course.peak * course.share * np.sin(2 * np.pi * SWAYS * frames.seconds)})


def _shudders(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    phase, far = 2 * np.pi * TREMOR * frames.seconds, course.peak * course.share
    return _turned(frames, {"headYaw": far * np.sin(phase), "headPitch": 0.3 * far * np.cos(phase)})


NOD = Move(
    "nod", "the head nods", "the head goes down and up", _nods, 0.6, degrees=9, most=25,
    names={"nods": "", "nodding": "", "bob": ""},
)  # fmt: skip
SHAKE = Move(
    "shake", "the head shakes", "the head turns from side to side, as for no", _shakes, 0.5, usual=2, degrees=11, most=35, swings=True,
    names={"shake head": "", "shakes": "", "shaking": ""},
)  # fmt: skip
TURN = Move(
    "turn", "the head turns", "the head turns, and stays for the cue's time", _turns,
    0.45, hold=1.2, ways=("left", "right", "up", "down"), either=True,
    degrees=22, most=60, names={"turn head": "", "turns": "", "rotate": "", "head up": "up", "head down": "down", "turn away": ""},
)  # fmt: skip
TILT = Move(
    "tilt", "the head tilts", "the head tilts to a shoulder, and stays for the cue's time", _tilts,
    0.4, hold=1.2, ways=("left", "right"), either=True,
    degrees=12, most=30, names={"tilt head": "", "tilts": "", "cock": ""},
)  # fmt: skip
LEAN = Move(
    "lean", "the head leans", "the head goes forward or back, as far as turning it shows that", _leans,
    0.5, hold=1.5, ways=("in", "back"), degrees=8,
    most=20, names={"leans": "", "lean forward": "in", "lean backward": "back", "lean backwards": "back"},
)  # fmt: skip
SWAY = Move(
    "sway", "the head sways", "the head sways from shoulder to shoulder for the cue's time", _sways, 0.6, hold=2.4, degrees=7, most=20,
    names={"sways": "", "rock": ""},
)  # fmt: skip
SHUDDER = Move(
    "shudder", "the head shudders", "a tremor runs through the head for the cue's time", _shudders, 0.15, hold=0.6, degrees=2.5, most=6,
    names={"shudders": "", "shiver": "", "tremble": ""},
)  # fmt: skip
TURNS = tuple(move.name for move in (NOD, SHAKE, TURN, TILT, LEAN, SWAY, SHUDDER))
