"""`Sender`: what every live protocol does with a motion; and datagrams, which several of them are sent as."""

import queue
import socket
import threading
from typing import NamedTuple, Protocol

from visavox.errors import OptionError

PATIENCE = 10  # seconds for a name to be found


class Address(NamedTuple):
    """Where a receiver listens; a port of 0 means the protocol's own."""

    host: str = "127.0.0.1"
    port: int = 0


class Sender(Protocol):
    """Sends the frames of one motion. `wait` returns when a receiver may be expected; a receiver that vanishes is no error."""

    def wait(self) -> None: ...

    def send(self, frame: int) -> None: ...

    def close(self) -> None: ...


class Datagrams:
    """A UDP socket to one receiver. What nobody receives is lost without complaint, as live data are."""

    def __init__(self, address: Address, usual_port: int):
        host, port = address.host, address.port or usual_port
        family, self._target = _found(host, port)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # a full queue loses the frame: it must not hold up the next

    def send(self, packet: bytes) -> None:
        """Sends one datagram."""
        try:
            self._socket.sendto(packet, self._target)
        except OSError:  # refused, unreachable, or a full queue: the next frame may arrive again
            pass

    def close(self) -> None:
        """Closes the socket."""
        self._socket.close()


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
