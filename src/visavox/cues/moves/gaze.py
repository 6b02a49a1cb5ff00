"""What the eyes do: look somewhere, roll, blink, wink, close, open wide, squint.

An eye jumps: within about 50 ms it is there. The lid rides on an eye that looks down and is lifted by one that looks up. A blink closes in
about 80 ms and opens in 200 (as those of `gestures.eyes`).
"""

import numpy as np

from visavox.cues.eyes import gaze_of, moved
from visavox.cues.kind import Frames
from visavox.cues.moves.move import Course, Move, both, laying, over
from visavox.gestures.eyes import CLOSED, CLOSING, LIDS_WITH_GLANCE, OPENING, WIDE_WITH_GAZE
from visavox.rigs.arkit import GAZE

ALIVE = 0.3  # of its small movements that an eye keeps as it looks somewhere
JUMP = 0.06  # seconds
LEAST = 4.0  # degrees below which an eye that looks somewhere keeps more of where it was
ROLLED_UP = 0.9  # degrees up for each degree aside of eyes that roll
SHUT = both({"eyeBlink": 1.0})
NARROW = both({"eyeSquint": 0.75, "cheekSquint": 0.35, "browDown": 0.3})
WIDE = both({"eyeWide": 0.8, "browOuterUp": 0.15})
AWAY_DOWN = 0.35  # degrees down for each degree aside of an eye that looks away


def _looks(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    if not all(name in frames.rig for name in GAZE):
        return {}
    pitch, yaw = gaze_of(frames)
    share, angle = course.share * np.clip(course.peak / LEAST, 0, 1), np.radians(course.peak)
    if course.way == "at camera":
        new = [now + share * (-frames.channel(name) - now) for now, name in ((pitch, "headPitch"), (yaw, "headYaw"))]
    else:
        aside = {"left": 1, "right": -1, "away left": 1, "away right": -1}.get(course.way, 0)
        down = {"down": 1.0, "up": -0.75}.get(course.way, AWAY_DOWN if course.way.startswith("away") else 0.0)
        # a way that is not asked for is left alone: down and left, asked for by two cues, is both
        new = [now + share * (angle * way + ALIVE * now - now) if way else now for now, way in ((pitch, down), (yaw, aside))]
    changed = moved(frames, *new)
    for side in ("Left", "Right"):
        more = {way: changed[f"eyeLook{way}{side}"] - frames.channel(f"eyeLook{way}{side}") for way in ("Down", "Up")}
        changed |= _lid(frames, side, LIDS_WITH_GLANCE * more["Down"], WIDE_WITH_GAZE * more["Up"])
    return changed


def _lid(frames: Frames, side: str, lower: np.ndarray, wider: np.ndarray) -> dict[str, np.ndarray]:
    """The lids of an eye that goes down or up by so much more; a lid that blinks goes on blinking."""
    blink, wide = (frames.channel(f"eye{what}{side}") for what in ("Blink", "Wide"))
    return {
        f"eyeBlink{side}": np.clip(blink + lower * (1 - blink), np.minimum(blink, 0.6 * blink), 1),
        f"eyeWide{side}": np.clip(wide + wider, 0, 1),
    }


def _blinks(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return over(frames, SHUT, _shut(course))


def _winks(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    side = course.way.capitalize()
    weights = {f"eyeBlink{side}": 1.0, f"cheekSquint{side}": 0.6, f"browDown{side}": 0.25, f"mouthSmile{side}": 0.2}
    return over(frames, weights, _shut(course)) | over(frames, {f"eyeBlink{side}": 1.0}, _shut(course))


def _shut(course: Course) -> np.ndarray:
    """Lids stay shut for a moment: the course's apex is flat."""
    return np.clip(course.peak, 0, 1) * np.clip(1.25 * course.share, 0, 1)


def _rolls(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    """Up and over to one side, under lids that fall a little."""
    if not all(name in frames.rig for name in GAZE):
        return {}
    pitch, yaw = gaze_of(frames)
    angle, aside = np.radians(course.peak) * course.share, 1 if course.way == "left" else -1
    return moved(frames, pitch - ROLLED_UP * angle, yaw + aside * angle * course.share) | over(
        frames, both({"eyeBlink": 0.2, "browOuterUp": 0.35}) | {"browInnerUp": 0.25}, course.share * np.clip(course.peak / 20, 0, 1)
    )


LOOK = Move(
    "look", "the eyes look", "the eyes look there, and stay for the cue's time", _looks, JUMP, hold=1.0, degrees=17, most=25,
    ways=("at camera", "left", "right", "up", "down", "away", "away left", "away right"),
    names={"gaze": "", "looks": "", "glance": "", "eyes": "", "look at the camera": "at camera", "look straight": "at camera",
           "look ahead": "at camera", "gaze camera": "at camera"},
)  # fmt: skip
BLINK = Move(
    "blink", "both eyes blink", "both eyes shut and open", _blinks, CLOSING + CLOSED + OPENING + 0.05,
    names={"blinks": "", "blinking": ""},
)  # fmt: skip
WINK = Move(
    "wink", "one eye winks", "one eye shuts and opens", _winks, 0.45, ways=("left", "right"), either=True,
    names={"winks": "", "winking": ""},
)  # fmt: skip
ROLL = Move(
    "roll eyes", "the eyes roll", "the eyes go up and over to one side, and back", _rolls, 1.2, ways=("left", "right"), either=True,
    degrees=20, most=25, names={"rolls eyes": "", "eye roll": "", "eyes roll": ""},
)  # fmt: skip
CLOSE = Move(
    "close eyes", "the eyes are shut", "the eyes are shut for the cue's time", laying(SHUT), 0.14, hold=0.8,
    names={"eyes closed": "", "shut eyes": "", "eyes shut": ""},
)  # fmt: skip
WIDEN = Move(
    "widen eyes", "the eyes open wide", "the eyes open wide for the cue's time", laying(WIDE), 0.2, hold=0.9,
    names={"open eyes wide": "", "eyes wide": "", "wide eyes": ""},
)  # fmt: skip
SQUINT = Move(
    "squint", "the eyes narrow", "the eyes narrow for the cue's time", laying(NARROW), 0.25, hold=1.0,
    names={"narrow eyes": "", "squints": "", "eyes narrow": ""},
)  # fmt: skip
