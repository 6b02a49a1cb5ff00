"""Frames as JSON text and as bytes: a greeting that names the channels once, then a number of frames.

Binary frame, little-endian: uint32 frame number, float64 seconds of the sound at which it begins, one float32 a channel.
"""

import json
import struct

import numpy as np

from visavox.serve.live.sender import Frame, Source

HEAD = "<Id"


def greeting(source: Source) -> str:
    """The JSON text that comes before the frames; it has their number where that is known."""
    units = [channel.unit for channel in source.rig.channels]
    known = {} if source.frames is None else {"frames": source.frames}
    start = {"type": "start", "fps": source.fps} | known | {"rig": source.rig.name}
    return json.dumps(start | {"channels": list(source.rig.names), "units": units})


def json_frame(frame: Frame) -> str:
    """One frame as JSON text: its number, the sound's clock in seconds, and its values in the order of the greeting."""
    values = [round(float(value), 6) for value in frame.values]
    return json.dumps({"type": "frame", "frame": frame.number, "seconds": round(frame.seconds, 6), "values": values})


def binary_frame(frame: Frame) -> bytes:
    """One frame as bytes."""
    return struct.pack(HEAD, frame.number, frame.seconds) + frame.values.astype("<f4").tobytes()


def read_binary_frame(data: bytes) -> tuple[int, float, np.ndarray]:
    """The number, the seconds and the values (C,) of a frame that `binary_frame` packed."""
    frame, seconds = struct.unpack_from(HEAD, data)
    return frame, seconds, np.frombuffer(data, "<f4", offset=struct.calcsize(HEAD))


def goodbye(source: Source, last: int) -> str:
    """The JSON text after the last frame, whose number is `last`; -1 when there was none."""
    return json.dumps({"type": "end", "frames": last + 1, "seconds": round((last + 1) / source.fps, 6)})
