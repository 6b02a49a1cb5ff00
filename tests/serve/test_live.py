"""Live protocols: packed bytes read by decoders of others, real sockets, and a clock that neither drifts nor falls behind."""

import json
import queue
import socket
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from visavox.errors import DependencyError, OptionError, RigError
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.rotations import head_quaternions
from visavox.rigs.visemes import viseme_motion
from visavox.serve.live import PROTOCOLS, play, sender_for
from visavox.serve.live.clock import beats
from visavox.serve.live.frames import binary_frame, json_frame, read_binary_frame
from visavox.serve.live.live_link import live_link_values, packet
from visavox.serve.live.sender import Address, Source
from visavox.serve.live.vmc import Layout, bundles, message

MOTION = Motion(np.random.default_rng(4).random((12, len(ARKIT))) * 0.5, 60, ARKIT)


def frame_of(number):
    return Source(ARKIT, 60).frame(number / 60, MOTION.values[number])


@pytest.fixture
def unhurried(monkeypatch):
    """WebSockets listen where the system has room, and wait long for a busy machine."""
    monkeypatch.setattr("visavox.serve.live.websocket.PORT", 0)
    monkeypatch.setattr("visavox.serve.live.websocket.PATIENCE", 60)


def until(holds) -> None:
    """Returns when `holds()` does; a fault of what is tested fails after a minute."""
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it never came")


class Time:
    """A clock of our own: sleeping takes as long as asked and `late` more."""

    def __init__(self, late: float = 0.0):
        self.seconds, self.late = 100.0, late

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds + self.late


def test_ten_minutes_do_not_drift():
    clock = Time(late=0.0001)
    moments = [clock.now() for _ in beats(36_000, 60, clock.now, clock.sleep)]
    off = np.array(moments) - 100 - np.arange(36_000) / 60
    assert len(moments) == 36_000 and -1e-9 <= off.min() and off.max() < 0.002


def test_a_late_machine_leaves_frames_out_and_stays_with_the_sound():
    clock, seen = Time(), []
    for frame in beats(100, 50, clock.now, clock.sleep):
        seen.append((frame, clock.now()))
        clock.seconds += 0.5 if frame == 10 else 0.001
    frames = [frame for frame, _ in seen]
    assert frames[:11] == list(range(11)) and frames[11] == 35 and frames[-1] == 99
    assert all(-1e-9 <= moment - 100 - frame / 50 < 0.021 for frame, moment in seen)


def test_the_real_clock_keeps_time():
    start = time.monotonic()
    moments = [time.monotonic() - start for _ in beats(30, 100)]
    off = np.array(moments) - np.arange(len(moments)) / 100
    assert np.all(off >= -1e-4), "a frame was sent before it was due"


def test_live_link_bytes_stand_where_the_protocol_has_them():
    values = np.arange(61, dtype=float)
    data = packet(7, 30000 / 1001, values, "Anna")
    assert data[0] == 6 and struct.unpack(">i", data[1:5]) == (36,) and len(data[5:41]) == 36
    assert struct.unpack(">i4s", data[41:49]) == (4, b"Anna")
    assert struct.unpack(">ifiiB", data[49:66]) == (7, 0.0, 30000, 1001, 61)
    assert struct.unpack(">61f", data[66:]) == tuple(values) and len(data) == 66 + 244


def test_live_link_is_read_by_a_decoder_of_others():
    live_link = pytest.importorskip("pylivelinkface")
    found, face = live_link.PyLiveLinkFace.decode(packet(3, 60, live_link_values(MOTION)[3]))
    assert found and face.name == "Visavox" and face._frames == 3 and face._fps == 60
    for name in SHAPES:
        place = getattr(live_link.FaceBlendShape, name[0].upper() + name[1:])
        assert face.get_blendshape(place) == pytest.approx(float(MOTION.channel(name)[3]), abs=1e-7), name
    assert face.get_blendshape(live_link.FaceBlendShape.HeadYaw) == pytest.approx(-float(MOTION.channel("headYaw")[3]))
    assert face.get_blendshape(live_link.FaceBlendShape.HeadPitch) == pytest.approx(float(MOTION.channel("headPitch")[3]))


def test_vmc_reaches_an_osc_server_of_others():
    dispatcher = pytest.importorskip("pythonosc.dispatcher").Dispatcher()
    from pythonosc.osc_server import ThreadingOSCUDPServer

    heard = queue.Queue()
    dispatcher.set_default_handler(lambda address, *values: heard.put((address, *values)))
    server = ThreadingOSCUDPServer(("127.0.0.1", 0), dispatcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sender = sender_for("vmc", Address(port=server.server_address[1]))
    frames = [0, 1, 3]  # as if the machine had been late for one
    sender.open(ARKIT, 60)
    for frame in frames:
        sender.send(frame / 60, MOTION.values[frame])
    wanted = 3 * (2 + 3 + 52 + 1)
    said = [heard.get(timeout=60) for _ in range(wanted)]
    sender.close()
    server.shutdown()
    server.server_close()
    weights = [{name: value for address, name, value in (m for m in said if m[0] == "/VMC/Ext/Blend/Val")}]
    assert set(weights[0]) == set(SHAPES)
    jaw = sorted(value for address, *rest in said if address == "/VMC/Ext/Blend/Val" and rest[0] == "jawOpen" for value in rest[1:])
    assert jaw == pytest.approx(sorted(MOTION.channel("jawOpen")[frames].tolist()))
    heads = [rest for address, *rest in said if address == "/VMC/Ext/Bone/Pos" and rest[0] == "Head"]
    expected = head_quaternions(MOTION)[frames] * (1, -1, -1, 1)  # Unity's hand
    assert np.allclose(sorted(head[4:] for head in heads), sorted(expected.tolist()), atol=1e-6)
    assert sorted(rest[0] for address, *rest in said if address == "/VMC/Ext/T") == pytest.approx([0, 1 / 60, 3 / 60])


def test_vmc_frames_fit_packets_and_end_with_apply():
    osc = pytest.importorskip("pythonosc.osc_bundle")
    sender = sender_for("vmc", Address())
    sender.open(ARKIT, 60)
    packed = bundles(sender.messages(frame_of(0)))
    sender.close()
    assert max(map(len, packed)) <= 1400 and len(packed) > 1
    last = list(osc.OscBundle(packed[-1]))[-1]
    assert last.address == "/VMC/Ext/Blend/Apply" and not last.params
    assert message("/a", 1, 2.0, "b").dgram.hex() == "2f610000" + "2c696673" + "00000000" + "00000001" + "40000000" + "62000000"


def test_vmc_bytes_are_those_that_the_library_packs():
    pytest.importorskip("pythonosc")
    first = [message("/a", "name", 0.0, 0.0), message("/b", 1), message("/c" * 680, 0.0), message("/d", 0.0), message("/end")]
    then = [message("/a", "name", 0.25, -3.5), message("/b", 1), message("/c" * 680, 1e-9), message("/d", 7.0), message("/end")]
    assert len(bundles(then)) == 3 and Layout(first).filled([0.25, -3.5, 1e-9, 7.0]) == bundles(then)


@pytest.mark.parametrize("name", ["vmc", "vmc-vrm"])
def test_vmc_sends_what_its_messages_say(name, monkeypatch):
    pytest.importorskip("pythonosc")
    sent = []
    monkeypatch.setattr("visavox.serve.live.sender.Datagrams.send", lambda _, packet: sent.append(bytes(packet)))
    sender = sender_for(name, Address())
    sender.open(ARKIT, 60)
    for frame in range(3):
        sender.send(frame / 60, MOTION.values[frame])
    said = [bundle for frame in range(3) for bundle in bundles(sender.messages(frame_of(frame)))]
    sender.close()
    assert sent == said and len(set(sent)) >= 3


def test_presets_of_one_frame_are_those_of_the_whole_motion():
    alone = np.concatenate([viseme_motion(frame_of(number).motion).values for number in range(MOTION.frames)])
    assert np.allclose(alone, viseme_motion(MOTION).values, atol=1e-7)


def test_a_head_that_goes_round_turns_the_short_way():
    pytest.importorskip("pythonosc")
    round_it = MOTION.with_channels({"headYaw": np.linspace(0, 2 * np.pi, MOTION.frames)})
    sender = sender_for("vmc", Address())
    sender.open(ARKIT, 60)
    said = [sender.messages(Source(ARKIT, 60).frame(0, values))[2].params for values in round_it.values]
    sender.close()
    assert np.allclose([head[4:] for head in said], head_quaternions(round_it) * (1, -1, -1, 1), atol=1e-6)


def test_vmc_for_plain_avatars_sends_presets():
    pytest.importorskip("pythonosc")
    sender = sender_for("vmc-vrm", Address())
    sender.open(ARKIT, 60)
    names = [message.address for message in sender.messages(frame_of(0))]
    assert names.count("/VMC/Ext/Blend/Val") == 7
    sender.close()


@pytest.mark.parametrize("name", ["live-link", "vmc", "vmc-vrm"])
def test_a_receiver_that_vanishes_is_survived(name):
    pytest.importorskip("pythonosc" if "vmc" in name else "numpy")
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    sender = sender_for(name, Address(port=receiver.getsockname()[1]))
    sender.open(ARKIT, 60)
    sender.send(0, MOTION.values[0])
    assert receiver.recv(4096)
    receiver.close()
    for frame in range(1, MOTION.frames):
        sender.send(frame / 60, MOTION.values[frame])
    sender.close()


@pytest.mark.parametrize("path", ["/", "/binary"])
def test_websocket_receivers_hear_everything_in_order(path, unhurried, monkeypatch):
    client = pytest.importorskip("websockets.sync.client")
    monkeypatch.setattr("visavox.serve.live.beats", lambda frames, fps: iter(range(frames)))  # none left out on a busy machine
    sender, began = sender_for("websocket", Address(), MOTION.frames), threading.Event()
    playing = threading.Thread(target=play, args=(sender, MOTION, began.set))
    playing.start()
    assert began.wait(60)
    with client.connect(f"ws://127.0.0.1:{sender.port}{path}", open_timeout=60) as connection:
        said = list(connection)
    playing.join(timeout=60)
    start, frames, end = json.loads(said[0]), said[1:-1], json.loads(said[-1])
    assert start["channels"] == list(ARKIT.names) and start["fps"] == 60 and start["frames"] == 12
    assert end == {"type": "end", "frames": 12, "seconds": 0.2}
    numbers = []
    for data in frames:
        if path == "/":
            frame = json.loads(data)
            numbers.append(frame["frame"])
            assert np.allclose(frame["values"], MOTION.values[numbers[-1]], atol=1e-6)
        else:
            number, seconds, values = read_binary_frame(data)
            numbers.append(number)
            assert np.array_equal(values, MOTION.values[number]) and seconds == number / 60
    assert numbers == list(range(12))


def test_websocket_survives_one_that_leaves(unhurried):
    client = pytest.importorskip("websockets.sync.client")
    sender, began = PROTOCOLS["websocket"](Address()), threading.Event()
    playing = threading.Thread(target=play, args=(sender, MOTION, began.set))
    playing.start()
    assert began.wait(60)
    with client.connect(f"ws://127.0.0.1:{sender.port}/", open_timeout=60) as leaver:
        leaver.recv()
        leaver.socket.shutdown(socket.SHUT_RDWR)  # without a goodbye
    playing.join(timeout=60)
    assert not playing.is_alive()


GREETED = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
GREETED += b"A" * 22 + b"==\r\nSec-WebSocket-Version: 13\r\n\r\n"


@pytest.mark.parametrize("said", [GREETED, GREETED + b"\x81", b"GET / HT", b""], ids=["deaf", "half a word", "half a greeting", "mute"])
def test_websocket_ends_whatever_a_receiver_does(said, monkeypatch):
    """One receiver stops; the stream still ends, and another one hears its end."""
    monkeypatch.setattr("visavox.serve.live.websocket.PORT", 0)
    client = pytest.importorskip("websockets.sync.client")
    motion = Motion(np.random.default_rng(0).random((3000, len(ARKIT)), np.float32), 25, ARKIT)
    sender = PROTOCOLS["websocket"](Address())
    sender.open(motion.rig, motion.fps)
    stopped = socket.socket()
    stopped.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stopped.connect(("127.0.0.1", sender.port))
    stopped.sendall(said)
    with client.connect(f"ws://127.0.0.1:{sender.port}/") as good:
        heard = []
        listening = threading.Thread(target=lambda: heard.extend(good), daemon=True)
        listening.start()
        sender.wait()
        until(lambda: sender.send(0, motion.values[0]) or len(heard) > 1)  # the first receiver may have been the other one
        for frame in range(motion.frames):
            sender.send(frame / motion.fps, motion.values[frame])
        until(lambda: json.loads(heard[-1]).get("frame") == motion.frames - 1)
        ending = threading.Thread(target=sender.close, daemon=True)
        ending.start()
        ending.join(60)
        assert not ending.is_alive()
        listening.join(60)
    stopped.close()
    assert json.loads(heard[-1]) == {"type": "end", "frames": motion.frames, "seconds": motion.seconds}


def test_a_name_that_no_server_answers_for_is_an_option_error(monkeypatch):
    monkeypatch.setattr("visavox.serve.live.sender.PATIENCE", 0.1)
    refused = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: refused.wait() and [()])
    with pytest.raises(OptionError, match="no name server answers"):
        sender_for("live-link", Address("far.example", 1))
    refused.set()


def test_json_lines_can_be_read_line_by_line():
    code = (
        "import numpy as np; from visavox.motion import Motion; from visavox.rigs.arkit import ARKIT\n"
        "from visavox.serve.live import play, sender_for; from visavox.serve.live.sender import Address\n"
        "play(sender_for('jsonl', Address(), 3), Motion(np.ones((3, 55)), 60, ARKIT))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600).stdout
    assert said.startswith('{"type": "start", "fps": 60.0, "frames": 3, "rig": "arkit", "channels": ["eyeBlinkLeft", ')
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["type"] for line in lines] == ["start", "frame", "frame", "frame", "end"]
    assert lines[2]["seconds"] == pytest.approx(1 / 60, abs=1e-6) and lines[2]["values"] == [1.0] * 55


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that can be asked")
@pytest.mark.parametrize("channels, lines", [(2, 0), (2, 1), (55, 0), (55, 1), (9000, 0), (9000, 1)])
def test_a_reader_of_json_lines_that_stops_holds_nothing_up(channels, lines):
    """The reader takes `lines` lines and then nothing; greetings and frames of 9000 channels are longer than a pipe holds."""
    patience = 3 if channels > 100 and lines else 0.3
    code = (
        "import numpy as np, sys; from visavox.errors import FileError; from visavox.motion import Motion\n"
        "from visavox.rig import Channel, Rig\n"
        "from visavox.serve.live import lines, play, sender_for; from visavox.serve.live.sender import Address\n"
        f"lines.PATIENCE = {patience}; rig = Rig('wide', tuple(Channel(f'c{{i}}') for i in range({channels})))\n"
        f"try: play(sender_for('jsonl', Address()), Motion(np.ones((2000, {channels})), 2000, rig))\n"
        "except FileError as error: sys.exit(str(error))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        for _ in range(lines):
            assert json.loads(running.stdout.readline())["type"] == "start"
        said = running.stderr.read()
        assert running.wait(timeout=600) in (0, 1)
        assert "has taken nothing" in said if channels > 100 else said == ""


def test_frames_are_exact():
    number, seconds, values = read_binary_frame(binary_frame(frame_of(5)))
    assert (number, seconds) == (5, 5 / 60) and np.array_equal(values, MOTION.values[5])
    assert np.allclose(json.loads(json_frame(frame_of(5)))["values"], MOTION.values[5], atol=5e-7)


def test_errors_name_what_is_wrong(monkeypatch):
    with pytest.raises(OptionError, match="telepathy.*live-link.*jsonl"):
        sender_for("telepathy", Address())
    with pytest.raises(OptionError, match="--address"):
        sender_for("live-link", Address("no.such.host.invalid", 1))
    odd = Motion(np.ones((2, 1)), 25, Rig("odd", (Channel("wiggle"),)))
    for name in ("live-link", "vmc-vrm"):
        sender = sender_for(name, Address())
        with pytest.raises(RigError, match="'odd'"):
            sender.open(odd.rig, 25)
        sender.close()
    monkeypatch.setitem(sys.modules, "websockets.sync.server", None)
    monkeypatch.setitem(sys.modules, "pythonosc.osc_bundle_builder", None)
    for name in ("websocket", "vmc", "vmc-vrm"):
        with pytest.raises(DependencyError, match=r"visavox\[live\]"):
            sender_for(name, Address())


def test_a_port_that_is_taken_is_an_option_error():
    pytest.importorskip("websockets")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(OptionError, match="cannot be listened on"):
            play(sender_for("websocket", Address(port=taken.getsockname()[1])), MOTION)
