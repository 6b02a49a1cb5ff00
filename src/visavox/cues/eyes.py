"""Eyes under a head that a cue turns: they hold what they look at, as they do under any other head."""

import numpy as np

from visavox.cues.kind import Frames
from visavox.gestures.eyes import HOLD
from visavox.rigs.arkit import GAZE, GAZE_ANGLES, gaze_channels

PITCH_LIMITS, YAW_LIMITS = (-0.3, 0.36), (-0.46, 0.46)  # radians that an eye turns in the head, up to down and right to left


def gaze_of(frames: Frames) -> tuple[np.ndarray, np.ndarray]:
    """The pitch (T,), down, and the yaw (T,), to the face's own left, of the eyes in the head, in radians: the mean of both."""
    pitch = [GAZE_ANGLES["Down"] * frames.channel(f"eyeLookDown{side}") - GAZE_ANGLES["Up"] * frames.channel(f"eyeLookUp{side}")
             for side in ("Left", "Right")]  # fmt: skip
    out, inwards = GAZE_ANGLES["Out"], GAZE_ANGLES["In"]
    left = out * frames.channel("eyeLookOutLeft") - inwards * frames.channel("eyeLookInLeft")
    right = inwards * frames.channel("eyeLookInRight") - out * frames.channel("eyeLookOutRight")
    return sum(pitch) / 2, (left + right) / 2


def aimed(pitch: np.ndarray, yaw: np.ndarray) -> dict[str, np.ndarray]:
    """The eight channels of eyes turned in the head by `pitch` and `yaw` (T,) in radians, as far as eyes turn."""
    return gaze_channels(np.clip(pitch, *PITCH_LIMITS), np.clip(yaw, *YAW_LIMITS))


def moved(frames: Frames, pitch: np.ndarray, yaw: np.ndarray) -> dict[str, np.ndarray]:
    """The channels of eyes that go from where they are to `pitch` and `yaw` (T,); what the two have apart, such as looking at something
    near, they keep."""
    before, after = aimed(*gaze_of(frames)), aimed(pitch, yaw)
    return {name: np.clip(frames.channel(name) + after[name] - before[name], 0, 1) for name in after}


def held(changed: dict[str, np.ndarray], frames: Frames, hold: float = HOLD) -> dict[str, np.ndarray]:
    """The channels of the eyes once the head's are `changed`: they turn back by `hold` of what it was turned further; none without a
    gaze."""
    if not all(name in frames.rig for name in GAZE):
        return {}
    pitch, yaw = gaze_of(frames)
    further = {name: changed[name] - frames.channel(name) if name in changed else 0.0 for name in ("headPitch", "headYaw")}
    return moved(frames, pitch - hold * further["headPitch"], yaw - hold * further["headYaw"])
