"""The default rig: Apple's 52 ARKit blend shapes by their standard names, and three head rotations in radians.

Order: the Apple list (the same as Azure's 1 to 52). Left and right are the face's own. The eight eyeLook channels are the gaze.
Head rotations, about the top of the neck. headPitch > 0 nods down (chin to chest), headYaw > 0 turns to the face's own left,
headRoll > 0 tilts towards the face's own left shoulder. They are applied as yaw, then pitch, then roll in the head's own axes.
"""

from visavox.rig import Channel, Rig

GAZE = tuple(f"eyeLook{way}{side}" for side in ("Left", "Right") for way in ("Down", "In", "Out", "Up"))
EYELIDS = tuple(f"eye{what}{side}" for side in ("Left", "Right") for what in ("Blink", "Squint", "Wide"))
BLINKS = ("eyeBlinkLeft", "eyeBlinkRight")
JAW = ("jawForward", "jawLeft", "jawRight", "jawOpen")
MOUTH = (
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
)  # fmt: skip
PARTING = ("mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight")  # of the lips, without the jaw
SPREADERS = ("mouthStretchLeft", "mouthStretchRight", "mouthSmileLeft", "mouthSmileRight")  # of the mouth's corners
SMILES = ("mouthSmileLeft", "mouthSmileRight")
RAISED = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight")  # brows
BROWS = ("browDownLeft", "browDownRight", *RAISED)
CHEEKS_AND_NOSE = ("cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight")
HEAD = ("headPitch", "headYaw", "headRoll")

_EYE_ORDER = ("eyeBlink", "eyeLookDown", "eyeLookIn", "eyeLookOut", "eyeLookUp", "eyeSquint", "eyeWide")
SHAPES = (
    tuple(f"{name}{side}" for side in ("Left", "Right") for name in _EYE_ORDER)
    + JAW + MOUTH + BROWS + CHEEKS_AND_NOSE + ("tongueOut",)
)  # fmt: skip


def opening(jaw, lower, upper):
    """How far the mouth is open, about 0 to 1: .6 jawOpen + .35 lower lip down + .25 upper lip up, arrays or tensors alike."""
    return 0.6 * jaw + 0.35 * lower + 0.25 * upper


HEAD_LIMIT = 1.2  # radians: further than a neck turns, so that clamping never touches real motion


def _channel(name: str) -> Channel:
    if name in HEAD:
        return Channel(name, "head", "rad", -HEAD_LIMIT, HEAD_LIMIT)
    kind = "gaze" if name in GAZE else "eyelids" if name in EYELIDS else "jaw" if name in JAW else "expression"
    return Channel(name, kind)


ARKIT = Rig("arkit", tuple(_channel(name) for name in SHAPES + HEAD))

# How far (radians) an eyeball turns at weight 1 of each way: what ARKit's captures and the default head agree on.
GAZE_ANGLES = {"Down": 0.384, "In": 0.489, "Out": 0.489, "Up": 0.314}


def gaze_channels(pitch, yaw) -> dict:
    """The eight eyeLook weights by name, for both eyes turned by `pitch` (positive down) and `yaw` (positive to the face's left)
    in radians; numbers or arrays (T,) of NumPy. Weights are clipped to 0..1."""
    down, up = (abs(pitch) + pitch) / 2, (abs(pitch) - pitch) / 2
    left, right = (abs(yaw) + yaw) / 2, (abs(yaw) - yaw) / 2
    ways = {"Left": (down, right, left, up), "Right": (down, left, right, up)}  # Down, In, Out, Up
    return {
        f"eyeLook{way}{side}": (angle / GAZE_ANGLES[way]).clip(0, 1)
        for side, angles in ways.items()
        for way, angle in zip(("Down", "In", "Out", "Up"), angles, strict=True)
    }
