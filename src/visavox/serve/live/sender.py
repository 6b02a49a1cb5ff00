"""`Sender`: the door of live protocols; what a sender was opened for; and datagrams, which several protocols are sent as."""

import queue
import socket
import threading
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from visavox.errors import OptionError, RigError, positive
from visavox.motion import RATES, Motion
from visavox.rig import Rig

PATIENCE = 10  # seconds for a name to be found
MOST_FRAMES = 2**31  # the number of a frame is an int32 in some protocols


class Address(NamedTuple):
    """Where a receiver listens; a port of 0 means the protocol's own."""

    host: str = "127.0.0.1"
    port: int = 0


class Sender(Protocol):
    """Sends frames to a running program as they are made, by a finished motion or by a source that is live.

    `open(rig, fps)` says what the values will be; a RigError when the protocol cannot carry them. `send(seconds, values)` sends one
    frame (C,) in the rig's order and units, `seconds` after the first, and returns at once: what nobody takes is lost without an error.
    Both check what they are given; whatever they refuse is not sent. `close()` ends the sending; it may be called at any time, and twice.
    A sender that is closed can be opened again, and begins anew; one that is open is closed first.
    """

    def open(self, rig: Rig, fps: float) -> None: ...

    def send(self, seconds: float, values: np.ndarray) -> None: ...

    def close(self) -> None: ...


@runtime_checkable
class Awaited(Protocol):
    """A sender whose receivers come to it: `wait` returns when the first is there. A live source need not wait, a motion has to."""

    def wait(self) -> None: ...


class Frame(NamedTuple):
    """One frame to send: its number, the seconds at which it begins, and its values as a motion of one frame."""

    number: int
    seconds: float
    motion: Motion

    @property
    def values(self) -> np.ndarray:
        """The values (C,) float32."""
        return self.motion.values[0]


@dataclass(frozen=True)
class Source:
    """What a sender was opened for: frames of `rig` at `fps`, `frames` of them where that is known."""

    rig: Rig
    fps: float
    frames: int | None = None

    def __post_init__(self):
        if not positive(self.fps, "fps", RATES) < MOST_FRAMES:
            raise OptionError(f"fps {self.fps} is too high; {RATES}")

    def frame(self, seconds: float, values: np.ndarray) -> Frame:
        """One frame, checked: an OptionError for a moment that is none, a RigError for values that are not the rig's."""
        if not 0 <= seconds * self.fps < MOST_FRAMES:
            raise OptionError(f"a frame at {seconds} s cannot be sent; give the seconds since the first, from 0 on")
        values = np.asarray(values)
        if values.ndim != 1:
            raise RigError(f"a frame of shape {values.shape} does not fit rig {self.rig.name!r}: it needs ({len(self.rig)},)")
        return Frame(round(seconds * self.fps), float(seconds), Motion(values[None], self.fps, self.rig))


def opened(source: Source | None) -> Source:
    """The source that a sender was opened for; an OptionError when it was not."""
    if source is None:
        raise OptionError("this sender is not open; call open(rig, fps) before send")
    return source


def check_closed(source: Source | None) -> None:
    """Raises an OptionError for a sender that is open for a source already."""
    if source is not None:
        raise OptionError(f"this sender is open for rig {source.rig.name!r} already; close it before it is opened again")


class Datagrams:
    """A UDP socket to one receiver. What nobody receives is lost without complaint, as live data are."""

    def __init__(self, address: Address, usual_port: int):
        self._family, self._target = _found(address.host, address.port or usual_port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Opens the socket, unless it is open."""
        if self._socket is None:
            self._socket = socket.socket(self._family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)  # a full queue loses the frame: it must not hold up the next

    def send(self, packet: bytes) -> None:
        """Sends one datagram."""
        try:
            self._socket.sendto(packet, self._target)
        except OSError:  # refused, unreachable, or a full queue: the next frame may arrive again
            pass

    def close(self) -> None:
        """Closes the socket, if it is open."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _found(host: str, port: int) -> tuple:
    """The family and address of a receiver. An OptionError when its name leads nowhere, or nobody answers within PATIENCE seconds."""
    answers: queue.Queue = queue.Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except queue.Empty:
        raise OptionError(f"the receiver {host}:{port} cannot be found (no name server answers); give its number in --address") from None
    if isinstance(answer, Exception):
        reason = getattr(answer, "strerror", None) or answer
        raise OptionError(f"the receiver {host}:{port} cannot be found ({reason}); check --address")
    return answer[0], answer[4]
