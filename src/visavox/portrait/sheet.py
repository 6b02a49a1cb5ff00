"""A contact sheet of a portrait: what you will get, on one picture."""

import numpy as np

from visavox.motion import Motion
from visavox.portrait.crop import resized
from visavox.portrait.portrait import Portrait
from visavox.portrait.renderer import PortraitRenderer
from visavox.render.sheet import lettering

COLUMNS, TILE = 4, 320
BOTH = ("Left", "Right")


def _both(name: str, weight: float) -> dict[str, float]:
    return {f"{name}{side}": weight for side in BOTH}


# The photo itself comes first. Degrees in the names, radians in the values.
POSES: dict[str, dict[str, float]] = {
    "rest": {},
    "aa": {"jawOpen": 0.5},
    "m": {"jawOpen": 0.12, "mouthClose": 0.12, "mouthRollLower": 0.25, "mouthRollUpper": 0.2, **_both("mouthPress", 0.3)},
    "oo": {"jawOpen": 0.15, "mouthFunnel": 0.5, "mouthPucker": 0.6},
    "ee": {"jawOpen": 0.12, **_both("mouthStretch", 0.5), **_both("mouthUpperUp", 0.35), **_both("mouthLowerDown", 0.5)},
    "smile": {**_both("mouthSmile", 0.8), **_both("cheekSquint", 0.5)},
    "blink": _both("eyeBlink", 1.0),
    "half a blink": _both("eyeBlink", 0.5),
    "brows up": {"browInnerUp": 1.0, **_both("browOuterUp", 1.0), **_both("eyeWide", 0.6)},
    "gaze": {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5},
    "yaw left": {"headYaw": np.radians(15)},
    "yaw right": {"headYaw": -np.radians(15)},
    "pitch down": {"headPitch": np.radians(10)},
    "pitch up": {"headPitch": -np.radians(10)},
    "roll": {"headRoll": np.radians(8), "jawOpen": 0.4},
}


def portrait_sheet(portrait: Portrait) -> np.ndarray:
    """The picture (H, W, 3) uint8 of a portrait in each of POSES, under its name, after the photo itself."""
    rig = portrait.head.rig
    values = np.zeros((len(POSES), len(rig)), np.float32)
    for row, pose in enumerate(POSES.values()):
        for name, value in pose.items():
            values[row, rig.index(name)] = value
    frames = PortraitRenderer(portrait).frames(Motion(values, 25, rig))
    left, top, right, bottom = portrait.parts.box
    named = [("photo", portrait.parts.photo), *zip(POSES, frames, strict=True)]
    tiles = [_tile(picture[top:bottom, left:right], name) for name, picture in named]
    return np.concatenate([np.concatenate(tiles[row : row + COLUMNS], 1) for row in range(0, len(tiles), COLUMNS)])


def _tile(picture: np.ndarray, name: str) -> np.ndarray:
    """A picture within (TILE, TILE, 3), and its name on it."""
    scale = TILE / max(picture.shape[:2])
    small = resized(picture, tuple(min(TILE, round(side * scale)) for side in picture.shape[:2]))
    tile = np.zeros((TILE, TILE, 3), np.uint8)
    tile[: small.shape[0], : small.shape[1]] = small
    dots = np.kron(lettering(name), np.ones((2, 2), bool))[:, : TILE - 8]
    tile[: dots.shape[0] + 8, : dots.shape[1] + 8] //= 3
    tile[4 : 4 + dots.shape[0], 4 : 4 + dots.shape[1]][dots] = 255
    return tile
