"""Following live sound by a clock of our own: even pace, gaps, bursts, late machines, interruptions; and the verb that does it."""

import json
import signal
import subprocess
import sys
import time
from functools import cache

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint, write_tiny_checkpoint
from visavox.animate import Animator
from visavox.cli import main
from visavox.io.motion import read_motion, write_motion
from visavox.models.torch_engine import TorchEngine
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.serve.live.following import Following, follow_at_once
from visavox.serve.live.sounds import Arrived
from visavox.serve.live.written import JsonFile, MotionFile
from visavox.stream import Stream

RATE = 16000
FIRST = 0.2075  # seconds from the start of a block of two until it can be made


@cache
def tiny() -> Animator:
    return Animator(TorchEngine(tiny_checkpoint().model()), "any")


class Plan:
    """Sounds that arrive at planned seconds of a clock of our own, which stands still while the face is made."""

    def __init__(self, pieces: list[tuple[float, float]], until: float, live: bool = False):
        self.pieces, self.until, self.live, self.seconds, self.slow = list(pieces), until, live, 50.0, 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds + self.slow
        self.slow = 0.0

    def arrived(self):
        came = []
        while self.pieces and self.pieces[0][0] <= self.seconds - 50:
            moment, lasts = self.pieces.pop(0)
            came.append(Arrived(np.full(round(lasts * RATE), 0.01, np.float32), RATE, 50 + moment))
        return came if came or self.seconds - 50 < self.until else None

    def close(self) -> None:
        pass


def followed(plan: Plan, interrupted=lambda: False):
    sent = []
    following = Following(
        Stream(tiny()), plan, lambda number, values: sent.append((number, plan.seconds - 50)), interrupted, plan.now, plan.sleep
    )
    following.run()
    return sent, following.report


def test_frames_leave_at_an_even_pace_as_early_as_they_can():
    sent, report = followed(Plan([(0.02 * n, 0.02) for n in range(1, 101)], 2.02))
    assert [number for number, _ in sent] == list(range(len(sent))) and report.sound == pytest.approx(2)
    steps = np.diff([moment for _, moment in sent])
    assert np.abs(steps[3:-8] - 0.04).max() < 0.012
    late = [moment - number / 25 for number, moment in sent[:40]]
    assert max(late) < FIRST + 0.04 and report.filled < 0.2
    assert 0.15 < np.median(report.latencies) < 0.25 and "sound to frame" in report.in_words()


def test_a_face_lives_on_in_a_gap_and_goes_on_after_it():
    sent, report = followed(Plan([(0.1, 0.1), (0.2, 0.1), (2.0, 0.5)], 3))
    assert report.sound == pytest.approx(0.7) and 2.0 < report.filled < 3
    assert np.diff([moment for _, moment in sent])[3:-8].max() < 0.1, "no frame waits for the sound"


def test_a_burst_waits_for_its_time():
    sent, report = followed(Plan([(0.0, 3.0)], 0.1))
    assert len(sent) == 75 and sent[-1][1] == pytest.approx(3.0 + FIRST - 0.04, abs=0.05)
    assert np.median(report.latencies) < 0.25, "measured from the time at which sound is due"


def test_a_microphone_whose_clock_is_fast_does_not_fall_behind():
    sent, report = followed(Plan([(0.02 * n, 0.022) for n in range(1, 501)], 10.1, live=True))
    assert report.sound == pytest.approx(10.1, abs=0.4)  # 11 s were given


def test_a_machine_that_stalls_leaves_frames_out_and_is_early_again():
    plan = Plan([(0.02 * n, 0.02) for n in range(1, 201)], 4.02)
    given = plan.arrived

    def stalls():
        plan.slow = 1.0 if 50.99 < plan.seconds < 51 else 0.0
        return given()

    plan.arrived = stalls
    sent, report = followed(plan)
    assert report.late > 10 and len(sent) + report.late == 100
    assert sent[-20][1] - sent[-20][0] / 25 < FIRST + 0.15


def test_an_interruption_drops_what_waits():
    asked = iter([False] * 100 + [True])
    sent, report = followed(Plan([(0.0, 10.0)], 1.0), lambda: next(asked, False))
    assert report.sound < 1 and len(sent) < 25


def test_without_a_clock_every_frame_comes_at_once():
    sent = []
    report = follow_at_once(Stream(tiny()), Plan([(0.0, 2.0)], 0.0), lambda number, values: sent.append(number))
    assert sent == list(range(50)) and report.frames == 50


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("stream") / "tiny.safetensors")


def command(checkpoint, *arguments):
    return [sys.executable, "-m", "visavox", "stream", "-", "--checkpoint", str(checkpoint), *map(str, arguments)]


def test_the_verb_writes_lines_motion_and_standard_output(checkpoint, tmp_path):
    sound = (np.sin(np.arange(RATE) / 9) * 9000).astype("<i2").tobytes()
    lines, motion = tmp_path / "out.jsonl", tmp_path / "out.npz"
    made = [subprocess.run(command(checkpoint, "--at-once", "--to", to), input=sound, capture_output=True) for to in (lines, motion, "-")]
    assert all(done.returncode == 0 for done in made), made
    printed = lines.read_text().splitlines()
    assert made[2].stdout.decode().splitlines() == printed and len(printed) == 27
    values = np.array([json.loads(line)["values"] for line in printed[1:-1]])
    assert np.allclose(read_motion(motion).values, values, atol=1e-5)
    assert read_motion(motion).provenance["source"] == "live sound"


def test_frames_to_a_motion_file_wait_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("visavox.serve.live.written.TOGETHER", 7)
    values = np.random.default_rng(0).uniform(0, 1, (20, len(ARKIT))).astype(np.float32)
    for name in ("twice.npz", "none.npz", "twice.npz"):
        sender = MotionFile(tmp_path / name, {"source": "a test"})
        sender.open(ARKIT, 25.0)
        for number, row in enumerate(values if name == "twice.npz" else ()):
            sender.send(number / 25, row)
        sender.close()
        sender.close()
    write_motion(Motion(values, 25.0, ARKIT, {"source": "a test"}), tmp_path / "at_once.npz")
    assert (tmp_path / "twice.npz").read_bytes() == (tmp_path / "at_once.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["at_once.npz", "twice.npz"]


def test_lines_without_a_frame_leave_what_was_there(tmp_path):
    path = tmp_path / "face.jsonl"
    path.write_text("an earlier performance")
    for frames in (0, 2):
        sender = JsonFile(path)
        sender.open(ARKIT, 25.0)
        for number in range(frames):
            sender.send(number / 25, np.zeros(len(ARKIT), np.float32))
        sender.close()
        sender.close()
        assert len(path.read_text().splitlines()) == (frames + 2 if frames else 1)


def test_the_verb_is_live_until_it_is_stopped(checkpoint, tmp_path):
    target = tmp_path / "out.jsonl"
    process = subprocess.Popen(command(checkpoint, "--to", target), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert b"following" in process.stderr.readline()
    process.stdin.write(bytes(RATE))
    process.stdin.flush()
    while not any(path.stat().st_size > 20_000 for path in tmp_path.glob(".visavox-*/out.jsonl")):  # more frames than the sound has
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said = process.stderr.read().decode()
    assert process.wait(60) == 130 and "s of silence in gaps" in said
    assert json.loads(target.read_text().splitlines()[-1])["type"] == "end"


@pytest.mark.parametrize("pace", [[], ["--at-once"]])
def test_a_pipe_that_ends_without_sound_is_no_success(checkpoint, tmp_path, pace):
    done = subprocess.run(command(checkpoint, *pace, "--to", tmp_path / "out.npz"), input=b"", capture_output=True, timeout=600)
    assert done.returncode == 2 and b"standard input ended without any sound; look at what" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["in.npz", "in.jsonl"])
def test_what_is_heard_or_asked_is_never_replaced(checkpoint, tmp_path, capsys, name):
    path = tmp_path / name
    path.write_text("WEBVTT\n")
    for given in ([str(path)], ["-", "--cues", str(path)]):
        assert main(["stream", *given, "--to", str(path), "--checkpoint", str(checkpoint), "--at-once"]) == 2
        assert "also an input" in capsys.readouterr().err and path.read_text() == "WEBVTT\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "live-lin"], "did you mean live-link"),
        (["--to", "out.mp4"], ".jsonl or .npz"),
        (["--microphone", "--to", "-"], "either SOUND"),
        (["--to", "nowhere/out.jsonl"], "nowhere"),
        (["--to", "-", "--rate", "4"], "--rate"),
        (["--to", "-", "--emotion", "auto"], "not live"),
        (["--to", "-", "--gain", "hed 2"], "did you mean head"),
        (["--to", "-", "--cues", "nowhere.vtt"], "nowhere.vtt"),
    ],
)
def test_mistakes_are_one_line(checkpoint, arguments, said):
    done = subprocess.run(command(checkpoint, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and said in done.stderr and not done.stdout
