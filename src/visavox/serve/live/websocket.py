"""WebSocket: pages and programs connect to us; `/` sends JSON text, `/binary` bytes (see `frames`), several at once.

The clock of a finished motion starts when the first receiver is there. One that is slow loses frames, one that leaves or reads nothing
for PATIENCE seconds is forgotten: every call toward a receiver has an end, whatever it does.
"""

import queue
import socket
import struct
import sys
import threading
from contextlib import suppress
from functools import partial

import numpy as np

from visavox.errors import DependencyError, OptionError
from visavox.rig import Rig
from visavox.serve.live.frames import binary_frame, goodbye, greeting, json_frame
from visavox.serve.live.sender import Address, Source, check_closed, opened

PORT = 8765
WAITING = 32  # frames that may wait for a slow receiver
END = None
PATIENCE = 2  # seconds for a receiver to take a frame, to answer a greeting or a goodbye


class WebSocket:
    """A small server that sends frames to all who connect. A DependencyError without `websockets`."""

    def __init__(self, address: Address, frames: int | None = None):
        try:
            import websockets.sync.server  # noqa: F401
        except ImportError:
            raise DependencyError("--to websocket needs websockets; install it with: pip install 'visavox[live]'") from None
        self._address, self._frames, self._source, self._server, self._last = address, frames, None, None, -1
        self._queues: dict[queue.Queue, bool] = {}
        self._sockets: set[socket.socket] = set()
        self._lock, self._someone = threading.Condition(), threading.Event()

    def open(self, rig: Rig, fps: float) -> None:
        """Starts to listen, without waiting for a receiver. An OptionError when the address is taken."""
        from websockets.sync.server import serve

        check_closed(self._source)
        source, (host, port) = Source(rig, fps, self._frames), self._address
        try:
            self._server = serve(partial(self._attend, greeting(source)), host, port or PORT, open_timeout=PATIENCE, close_timeout=PATIENCE)
        except OSError as error:
            raise OptionError(f"{host}:{port or PORT} cannot be listened on ({error.strerror}); choose another --address") from None
        self._last = -1
        self._someone.clear()
        self._source, self.port = source, self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Returns when the first receiver is connected; in short waits, so that Ctrl-C is heard."""
        while not self._someone.wait(0.2):
            pass

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Hands one frame to every receiver that is there."""
        frame = opened(self._source).frame(seconds, values)
        with self._lock:
            receivers = dict(self._queues)
        packed = {binary: (binary_frame if binary else json_frame)(frame) for binary in set(receivers.values())}
        for waiting, binary in receivers.items():
            _put(waiting, packed[binary])
        self._last = frame.number

    def close(self) -> None:
        """Sends what still waits and the goodbye, closes every connection and stops listening; those that do not answer are cut off."""
        source, self._source = self._source, None
        if source is None:
            return
        with self._lock:
            for waiting in self._queues:
                _put(waiting, goodbye(source, self._last))
                _put(waiting, END)
            self._lock.wait_for(lambda: not self._queues, PATIENCE)
        ending = threading.Thread(target=self._server.shutdown, daemon=True)
        ending.start()
        ending.join(PATIENCE)
        with self._lock:
            left = list(self._sockets)
        for each in left:
            with suppress(OSError):  # closed meanwhile
                each.shutdown(socket.SHUT_RDWR)
        ending.join(PATIENCE)
        self._thread.join(PATIENCE)

    def _attend(self, welcome: str, connection) -> None:
        """One receiver, in its own thread; `welcome` is what it is told first."""
        from websockets.exceptions import ConnectionClosed

        waiting: queue.Queue = queue.Queue(WAITING)
        with self._lock:
            self._sockets = {each for each in self._sockets if each.fileno() >= 0} | {connection.socket}
        _limit_sending(connection.socket)
        try:
            connection.send(welcome)
            with self._lock:
                self._queues[waiting] = connection.request.path.startswith("/binary")
            self._someone.set()
            while (data := waiting.get()) is not END:
                connection.send(data)
        except ConnectionClosed:
            return
        finally:
            with self._lock:
                self._queues.pop(waiting, None)
                self._lock.notify_all()


def _limit_sending(sending: socket.socket) -> None:
    """Makes a write that waits longer than PATIENCE fail; reading still waits as long as the receiver is silent."""
    limit = struct.pack("L", PATIENCE * 1000) if sys.platform == "win32" else struct.pack("ll", PATIENCE, 0)
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _put(waiting: queue.Queue, data) -> None:
    """Puts `data` at the end, and drops the oldest when there is no room."""
    while True:
        try:
            waiting.put_nowait(data)
            return
        except queue.Full:
            try:
                waiting.get_nowait()
            except queue.Empty:  # the receiver was faster
                continue
