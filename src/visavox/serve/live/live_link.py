"""Live Link Face over UDP, version 6, as Unreal Engine's ARKit source reads it on port 11111: one datagram a frame, big-endian.

`uint8 version | int32 length, device id | int32 length, subject | int32 frame | float32 part of a frame | int32 fps numerator,
denominator | uint8 61 | 61 float32`. The 52 shapes in Apple's order (unlike the CSV), then yaw, pitch and roll of head, left and right eye.
The device id is a text of 36 letters, as a phone's is: some receivers skip a fixed number of bytes.
"""

import struct
from fractions import Fraction

import numpy as np

from visavox.export.live_link_csv import live_link_rotations
from visavox.export.required_shapes import arkit_weights
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.serve.live.sender import Address, Datagrams, Source, check_closed, opened

PORT = 11111
VERSION = 6
DEVICE = "76697361-766f-4000-8000-737065656368"
SUBJECT = "Visavox"
VALUES = 61


def packet(frame: int, fps: float, values: np.ndarray, subject: str = SUBJECT) -> bytes:
    """The datagram of one frame: `values` (61,) in the protocol's order."""
    rate = Fraction(fps).limit_denominator(1001)
    device, name = DEVICE.encode(), subject.encode()
    head = struct.pack(f">Bi{len(device)}si{len(name)}s", VERSION, len(device), device, len(name), name)
    return head + struct.pack(f">ifiiB{VALUES}f", frame, 0.0, rate.numerator, rate.denominator, VALUES, *values.tolist())


def live_link_values(motion: Motion) -> np.ndarray:
    """The values (T, 61) of every frame. A RigError when the rig has no ARKit shape."""
    return np.concatenate([arkit_weights(motion, "Live Link Face"), live_link_rotations(motion)], axis=1)


class LiveLink:
    """Sends frames to an ARKit Face source of Live Link, which is never told how many will come."""

    def __init__(self, address: Address, frames: int | None = None):
        self._datagrams, self._source = Datagrams(address, PORT), None

    def open(self, rig: Rig, fps: float) -> None:
        """Checks the rig: datagrams need no receiver. A RigError when it has no ARKit shape."""
        check_closed(self._source)
        source = Source(rig, fps)
        live_link_values(source.frame(0, np.zeros(len(rig))).motion)
        self._datagrams.open()
        self._source = source

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Sends one frame."""
        frame = opened(self._source).frame(seconds, values)
        self._datagrams.send(packet(frame.number, frame.motion.fps, live_link_values(frame.motion)[0]))

    def close(self) -> None:
        """Closes the socket."""
        self._source = None
        self._datagrams.close()
