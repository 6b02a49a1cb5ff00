"""What a command owes its process: standard streams that are closed or full, signals, and `python -m visavox`."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import recordings
from visavox.cli import main
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

COMMAND = f"{sys.executable} -m visavox"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


@pytest.fixture
def folder(tmp_path):
    write_motion(Motion(np.zeros((5, len(ARKIT))), 25, ARKIT), tmp_path / "face.npz")
    return tmp_path


def shell(line: str, folder):
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, timeout=600)


@pytest.mark.parametrize("streams", ["2>&-", ">&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_change_nothing_but_what_is_said(folder, streams):
    assert shell(f"{COMMAND} export face.npz -o face.csv {streams}", folder).returncode == 0
    assert "MouthSmileLeft" in (folder / "face.csv").read_text().splitlines()[0]
    assert shell(f"{COMMAND} export gone.npz -o other.csv {streams}", folder).returncode == 2


@pytest.mark.parametrize("arguments", ["inspect face.npz", "--help", "export face.npz -o face.csv"])
def test_a_full_standard_output_is_one_line(folder, arguments):
    done = shell(f"{COMMAND} {arguments} > /dev/full", folder)
    assert done.returncode == 2 and done.stderr.startswith("visavox: standard output cannot be written (No space")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("name", "says"), [("SIGTERM", "stopped by SIGTERM"), ("SIGHUP", "stopped by SIGHUP"), ("SIGINT", "interrupted")])
def test_a_signal_ends_a_verb_with_its_code_and_leaves_nothing(folder, name, says):
    """A video of an hour is begun; the signal comes when its unfinished file lies there."""
    write_motion(Motion(np.zeros((90_000, len(ARKIT))), 25, ARKIT), folder / "long.npz")
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # tests may run under nohup, which ignores it
    code += "from visavox.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "render", "long.npz", "-o", "out/face.mp4", "--size", "64"]
    (folder / "out").mkdir()
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not list((folder / "out").glob(".visavox-*/face.mp4")):
            try:
                running.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        running.send_signal(getattr(signal, name))
        try:
            said = running.communicate(timeout=600)[1]
        finally:
            running.kill()  # a command that does not hear the signal fails here and does not hang
    assert running.returncode == 128 + getattr(signal, name)
    assert said == f"visavox: {says}; no unfinished file is left\n" and os.listdir(folder / "out") == []


def test_a_signal_that_is_ignored_stays_ignored(folder):
    code = "import os, signal; from visavox.cli.process import Signals; signals = Signals()\n"
    code += "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nwith signals.caught():\n    os.kill(os.getpid(), signal.SIGHUP)\nprint('alive')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "alive\n"


def test_what_is_odd_about_a_recording_is_one_line(folder):
    recordings.write_wav(folder / "silent.wav", np.zeros(16000))
    done = shell(f"{COMMAND} export face.npz -o face.glb --audio silent.wav", folder)
    assert done.returncode == 0 and done.stderr.startswith("visavox: silent.wav: it is silent") and done.stderr.count("\n") == 1


def test_sound_comes_through_a_pipe(folder):
    recordings.write_with_libsndfile(folder / "sound.wav", 0.4, 16000)
    render = f"{COMMAND} render face.npz --size 64 --audio"
    whole = shell(f"{render} sound.wav -o whole.mp4", folder)
    assert whole.returncode == 0
    for place in ("-", "/dev/stdin", "<(cat sound.wav)"):
        done = shell(f"cat sound.wav | {render} {place} -o face.mp4", folder)
        assert done.returncode == 0 and done.stderr == whole.stderr.replace("whole.mp4", "face.mp4"), place
        assert (folder / "face.mp4").read_bytes() == (folder / "whole.mp4").read_bytes(), place


FORMATS = ["npz", "csv", "glb", "vrma", "usda", "usdc", "usdz", "bvh", "arkit.json", "a2f.json", "parquet", "mp4"]


FULL_DISK = "visavox: cannot write out/face.{}: File too large; free some space or choose another folder\n"


@pytest.fixture
def noise(folder):
    """The folder with a motion that no format holds in 8 kB, and an empty folder for what is written."""
    write_motion(Motion(np.random.default_rng(0).random((300, len(ARKIT))), 25, ARKIT), folder / "noise.npz")
    (folder / "out").mkdir()
    return folder


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_full_disk_is_one_line_and_leaves_nothing(noise, suffix, monkeypatch, capfd):
    """The limit on the size of this process's files stands for a full disk; Python ignores the signal that goes with it."""
    import resource

    libraries = {"usda": "pxr", "usdc": "pxr", "usdz": "pxr", "parquet": "pyarrow"}
    if suffix in libraries:
        pytest.importorskip(libraries[suffix])
    monkeypatch.chdir(noise)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python would leave halves of it
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 10, limits[1]))
    try:
        code = main(["render" if suffix == "mp4" else "export", "noise.npz", "-o", f"out/face.{suffix}"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (code, capfd.readouterr().err) == (2, FULL_DISK.format(suffix))
    assert os.listdir("out") == []


def test_a_process_with_a_full_disk_says_the_same(noise):
    done = shell(f"export PYTHONDONTWRITEBYTECODE=1; ulimit -f 8; exec {COMMAND} export noise.npz -o out/face.npz", noise)
    assert (done.returncode, done.stderr) == (2, FULL_DISK.format("npz"))
    assert os.listdir(noise / "out") == []


def test_the_shape_of_the_last_line_without_animating(folder):
    done = shell(f"{COMMAND} export face.npz -o face.csv", folder)
    assert done.stdout.startswith("wrote face.csv: 0.2 s in ") and "real time" not in done.stdout


REFUSED = ["OSError(28, 'No space left on device', 'x')", "FileNotFoundError(2, 'no temporary folder')", "MemoryError()"]


@pytest.mark.parametrize("error", REFUSED)
def test_what_the_system_refuses_anywhere_is_one_line(folder, error):
    code = f"import sys, visavox.cli as cli\ndef refused(options):\n    raise {error}\n"
    code += "cli.inspect.run = refused\nsys.exit(cli.main(['inspect', 'a']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "unexpected" not in done.stderr


@pytest.mark.parametrize("name", ["x" * 300, "é" * 200])
def test_a_folder_that_no_name_can_have_is_one_line(folder, name):
    for arguments in (f"store merge face -o {name}", f"evaluate . -o {name}", f"store import . -o {name} --consent c"):
        done = shell(f"{COMMAND} {arguments}", folder)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "File name too long" in done.stderr, done.stderr


def test_what_goes_beside_an_output_is_checked_before_the_work(folder):
    (folder / "face-2.csv.provenance.json").mkdir()
    done = shell(f"{COMMAND} animate gone.wav -o face.csv --takes 2", folder)
    assert done.returncode == 2 and "face-2.csv.provenance.json: it is a folder" in done.stderr
