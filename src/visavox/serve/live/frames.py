"""Frames as JSON text and as bytes: a greeting that names the channels once, then a number of frames.

Binary frame, little-endian: uint32 frame number, float64 seconds of the sound at which it begins, one float32 a channel.
"""

import json
import struct

import numpy as np

from visavox.motion import Motion

HEAD = "<Id"


def greeting(motion: Motion) -> str:
    """The JSON text that comes before the frames."""
    units = [channel.unit for channel in motion.rig.channels]
    said = {"type": "start", "fps": motion.fps, "frames": motion.frames, "rig": motion.rig.name}
    return json.dumps(said | {"channels": list(motion.rig.names), "units": units})


def json_frame(motion: Motion, frame: int) -> str:
    """One frame as JSON text: its number, the sound's clock in seconds, and its values in the order of the greeting."""
    values = [round(float(value), 6) for value in motion.values[frame]]
    return json.dumps({"type": "frame", "frame": frame, "seconds": round(frame / motion.fps, 6), "values": values})


def binary_frame(motion: Motion, frame: int) -> bytes:
    """One frame as bytes."""
    return struct.pack(HEAD, frame, frame / motion.fps) + motion.values[frame].astype("<f4").tobytes()


def read_binary_frame(data: bytes) -> tuple[int, float, np.ndarray]:
    """The number, the seconds and the values (C,) of a frame that `binary_frame` packed."""
    frame, seconds = struct.unpack_from(HEAD, data)
    return frame, seconds, np.frombuffer(data, "<f4", offset=struct.calcsize(HEAD))


def goodbye(motion: Motion) -> str:
    """The JSON text after the last frame."""
    return json.dumps({"type": "end", "frames": motion.frames, "seconds": round(motion.seconds, 6)})
