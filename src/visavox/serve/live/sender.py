"""`Sender`: what every live protocol does with a motion; and datagrams, which several of them are sent as."""

import socket
from typing import NamedTuple, Protocol

from visavox.errors import OptionError


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
        try:
            family, _, _, _, self._target = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        except OSError as error:
            raise OptionError(f"the receiver {host}:{port} cannot be found ({error.strerror}); check --address") from None
        self._socket = socket.socket(family, socket.SOCK_DGRAM)

    def send(self, packet: bytes) -> None:
        """Sends one datagram."""
        try:
            self._socket.sendto(packet, self._target)
        except OSError:  # refused, unreachable, or a full queue: the next frame may arrive again
            pass

    def close(self) -> None:
        """Closes the socket."""
        self._socket.close()
