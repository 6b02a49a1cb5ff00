"""The door of senders: what each protocol promises to a finished motion and to a source that is live, a pretend one among them."""

import io
import json
import socket
import threading
from types import SimpleNamespace

import numpy as np
import pytest

import visavox.serve.live
from visavox.cli.options import receiver
from visavox.errors import OptionError, RigError
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.serve.live import PROTOCOLS, play, sender_for
from visavox.serve.live.sender import Address, Source

FPS = 50
MOTION = Motion(np.random.default_rng(2).random((6, len(ARKIT))) * 0.5, FPS, ARKIT)


class Diary:
    """A pretend protocol: what was sent, as a list; three calls are all that a new one has to answer."""

    def __init__(self, address, frames=None):
        self.said, self._source = [], None

    def open(self, rig, fps):
        if self._source:
            raise OptionError("this diary is open already")
        self._source = Source(rig, fps)
        self.said.append(f"start {rig.name}")

    def send(self, seconds, values):
        if self._source is None:
            raise OptionError("this diary is not open")
        frame = self._source.frame(seconds, values)
        self.said.append(f"{frame.number} {frame.values.sum():.6f}")

    def close(self):
        self._source = None


FAMILY = (*PROTOCOLS, "diary")
NEEDS = {"vmc": "pythonosc", "vmc-vrm": "pythonosc", "websocket": "websockets"}


class Wire:
    """A sender of the protocol `name` and what comes out at its other end."""

    def __init__(self, name, monkeypatch, frames=None):
        pytest.importorskip(NEEDS.get(name, "numpy"))
        monkeypatch.setitem(visavox.serve.live.PROTOCOLS, "diary", Diary)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        monkeypatch.setattr("visavox.serve.live.websocket.PORT", 0)  # where the system has room
        monkeypatch.setattr("visavox.serve.live.websocket.PATIENCE", 60)  # on a busy machine
        port = 0 if name == "websocket" else self._socket.getsockname()[1]
        self._out = io.StringIO()
        monkeypatch.setattr("visavox.serve.live.lines.sys", SimpleNamespace(stdout=self._out))
        self.name, self.sender = name, sender_for(name, Address(port=port), frames)
        self._heard, self._client = [], None

    def open(self, rig=ARKIT, fps=FPS):
        self.sender.open(rig, fps)
        if self.name == "websocket":
            self.listen()

    def listen(self):
        from websockets.sync.client import connect

        def hear() -> None:
            with connect(f"ws://127.0.0.1:{self.sender.port}/", open_timeout=60) as connection:
                self._heard.extend(connection)

        self._client = threading.Thread(target=hear, daemon=True)
        self._client.start()
        self.sender.wait()

    def close(self):
        self.sender.close()
        if self._client:
            self._client.join(60)

    def said(self) -> list:
        """Everything that was sent, in order, after the sender was closed."""
        if self.name == "diary":
            return self.sender.said
        if self.name == "websocket":
            return self._heard
        if self.name == "jsonl":
            return self._out.getvalue().splitlines()
        datagrams = []
        while True:
            try:
                datagrams.append(self._socket.recv(65536))
            except TimeoutError:
                self._socket.close()
                return datagrams


@pytest.fixture(params=FAMILY)
def wire(request, monkeypatch):
    wire = Wire(request.param, monkeypatch)
    yield wire
    wire.close()


def sent(wire, frames) -> list:
    wire.open()
    for seconds, values in frames:
        wire.sender.send(seconds, values)
    wire.close()
    return wire.said()


def frames_of(motion):
    return [(frame / motion.fps, values) for frame, values in enumerate(motion.values)]


def test_a_source_that_is_live_sends_what_a_finished_motion_sends(wire, monkeypatch):
    live = sent(wire, frames_of(MOTION))
    other = Wire(wire.name, monkeypatch, MOTION.frames)
    began = threading.Event()
    playing = threading.Thread(target=play, args=(other.sender, MOTION, began.set))
    monkeypatch.setattr(visavox.serve.live, "beats", lambda frames, fps: iter(range(frames)))  # none left out on a busy machine
    playing.start()
    assert began.wait(60)
    if wire.name == "websocket":
        other.listen()
    playing.join(60)
    other.close()
    played = other.said()
    if wire.name in ("websocket", "jsonl"):  # a greeting tells the number of frames where it is known
        assert "frames" not in json.loads(live[0]) and json.loads(played[0]) == json.loads(live[0]) | {"frames": MOTION.frames}
        live, played = live[1:], played[1:]
    assert live == played and len(live) >= MOTION.frames


def test_a_frame_is_numbered_by_its_moment_however_uneven_the_source(wire, monkeypatch):
    off = (0, 0.004, -0.004, 0, 0.002, 0)
    uneven = [(seconds + late, values) for (seconds, values), late in zip(frames_of(MOTION), off, strict=True)]
    there = sent(wire, uneven)
    if wire.name == "live-link":
        assert [int.from_bytes(data[52:56], "big") for data in there] == list(range(MOTION.frames))
    if wire.name in ("websocket", "jsonl"):
        frames = [json.loads(line) for line in there[1:-1]]
        assert [frame["frame"] for frame in frames] == list(range(MOTION.frames)) and frames[1]["seconds"] == 0.024
    if wire.name == "diary":
        assert [line.split()[0] for line in there[1:]] == [str(frame) for frame in range(MOTION.frames)]
    assert len(there) >= MOTION.frames


BAD = {
    "too few values": (0.0, MOTION.values[0][:5], RigError, "arkit"),
    "many frames": (0.0, MOTION.values, RigError, "arkit"),
    "no number": (0.0, np.full(len(ARKIT), np.nan), RigError, "not a number"),
    "before the first": (-0.1, MOTION.values[0], OptionError, "seconds"),
    "no moment": (float("nan"), MOTION.values[0], OptionError, "seconds"),
    "far too late": (1e12, MOTION.values[0], OptionError, "seconds"),
}


def test_what_is_refused_is_not_sent_and_the_next_frame_is(wire, monkeypatch):
    wire.open()
    for seconds, values, kind, words in BAD.values():
        with pytest.raises(kind, match=words):
            wire.sender.send(seconds, values)
    wire.sender.send(0.0, MOTION.values[0])
    wire.close()
    assert wire.said() == sent(Wire(wire.name, monkeypatch), frames_of(MOTION)[:1])


def test_closing_is_always_possible_and_sending_only_while_open(wire):
    with pytest.raises(OptionError, match="not open"):
        wire.sender.send(0.0, MOTION.values[0])
    wire.open()
    wire.sender.send(0.0, MOTION.values[0])
    wire.close()
    wire.sender.close()
    with pytest.raises(OptionError, match="not open"):
        wire.sender.send(0.02, MOTION.values[1])


def test_a_sender_can_be_opened_again_once_it_is_closed(wire):
    wire.open()
    with pytest.raises(OptionError, match="already"):
        wire.sender.open(ARKIT, FPS)
    for seconds, values in frames_of(MOTION):
        wire.sender.send(seconds, values)
    wire.close()
    wire.open()
    for seconds, values in frames_of(MOTION):
        wire.sender.send(seconds, values)
    wire.close()
    said = wire.said()
    half = len(said) // 2
    assert said[:half] == said[half:] and half >= MOTION.frames


def test_a_sender_that_was_never_opened_is_closed(wire):
    wire.sender.close()
    assert wire.said() == []


def test_nothing_waits_for_a_receiver(wire):
    def alone():
        wire.sender.open(ARKIT, FPS)
        for seconds, values in frames_of(MOTION):
            wire.sender.send(seconds, values)
        wire.sender.close()

    sending = threading.Thread(target=alone, daemon=True)
    sending.start()
    sending.join(60)  # far above what it takes
    assert not sending.is_alive()


def test_a_motion_that_cannot_be_sent_leaves_the_sender_closed(wire, monkeypatch):
    def stop(frames, fps):
        yield 0
        raise KeyboardInterrupt

    monkeypatch.setattr(visavox.serve.live, "beats", stop)
    if hasattr(wire.sender, "wait"):
        monkeypatch.setattr(wire.sender, "wait", lambda: None)  # of this one: Python remembers which classes have it
    with pytest.raises(KeyboardInterrupt):
        play(wire.sender, MOTION)
    with pytest.raises(OptionError, match="not open"):
        wire.sender.send(0.0, MOTION.values[0])


def test_the_command_line_offers_every_protocol():
    """Its list is read for its help, without what sends; a new protocol is a line in both."""
    assert receiver.PROTOCOLS == tuple(PROTOCOLS)
