"""`visavox animate FOLDER`: many recordings, odd ones among them; stopped anywhere and run again, the files are the same."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main

NAMES = ("a b.wav", "ünï/çödé.wav", "ünï/new\nline.wav", "-o.wav", "deep/er/still/x.wav")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


def fill(folder: Path, count: int) -> Path:
    """A folder of `count` short recordings, five of them with odd names, one broken and one empty file, and a text."""
    rng = np.random.Generator(np.random.PCG64(2))
    for name in (*NAMES, *(f"line{number:03}.wav" for number in range(count - len(NAMES)))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        recordings.write_wav(folder / name, rng.normal(0, 0.1, 4000).astype(np.float32))
    (folder / "broken.flac").write_bytes(b"fLaC" + bytes(60))
    (folder / "empty.wav").touch()
    (folder / "notes.md").touch()
    return folder


def outputs(folder: Path) -> dict[str, bytes]:
    """Every file of a batch but its report, which tells times, and its ledger, which tells the order of the day."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "batch-" not in path.name}


def command(source, out, checkpoint, *more) -> list[str]:
    return ["animate", str(source), "-o", str(out), "--checkpoint", str(checkpoint), "--steps", "1", "--jobs", "1", *more]


def test_a_hundred_recordings_survive_the_odd_ones_and_kill_9(tmp_path, checkpoint, capsys):
    source = fill(tmp_path / "in", 100)
    assert main([*command(source, tmp_path / "whole", checkpoint, "--format", "csv"), "--jobs", "2"]) == 2, "two of them cannot be animated"
    said = capsys.readouterr()
    assert "100 written, 0 there already, 2 failed" in said.out and said.err.count("\n") == 1 and "2 of 102 recordings failed" in said.err
    report = json.loads((tmp_path / "whole" / "batch-report.json").read_text())
    assert {Path(each["path"]).name for each in report["recordings"] if each["state"] == "failed"} == {"broken.flac", "empty.wav"}
    assert report["left_out"] == ["notes.md"] and report["written"] == 100 and report["seconds"] > 20
    whole = outputs(tmp_path / "whole")
    assert {f"{os.path.splitext(name)[0]}.csv" for name in NAMES} < set(whole)

    run = subprocess.Popen([sys.executable, "-m", "visavox", *command(source, tmp_path / "killed", checkpoint, "--format", "csv")])
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "killed").glob("line*.csv"))) < 20 and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    run.kill()
    run.wait()
    assert main(command(source, tmp_path / "killed", checkpoint, "--format", "csv")) == 2
    report = json.loads((tmp_path / "killed" / "batch-report.json").read_text())
    assert report["skipped"] > 0 and report["skipped"] + report["written"] == 100
    assert outputs(tmp_path / "killed") == whole
    (source / "broken.flac").unlink()
    (source / "empty.wav").unlink()
    capsys.readouterr()
    assert main(command(source, tmp_path / "whole", checkpoint, "--format", "csv")) == 0, "what is not wanted any more fails no more"
    assert "0 written, 100 there already, 0 failed" in capsys.readouterr().out and outputs(tmp_path / "whole") == whole


def test_a_recording_of_a_batch_is_as_if_it_were_animated_alone(tmp_path, checkpoint):
    recordings.write_wav(tmp_path / "a.wav", np.sin(np.arange(8000) / 9).astype(np.float32) * 0.3)
    (tmp_path / "list.csv").write_text("path,seed,output\na.wav,7,seven\na.wav,,zero\n")
    assert main(command(tmp_path / "list.csv", tmp_path / "many", checkpoint, "--format", "mp4", "--size", "64")) == 0
    for name, seed in (("seven", "7"), ("zero", "0")):
        single = ["animate", str(tmp_path / "a.wav"), "-o", str(tmp_path / f"{name}.mp4"), "--checkpoint", str(checkpoint)]
        assert main([*single, "--steps", "1", "--seed", seed, "--size", "64"]) == 0
        assert (tmp_path / "many" / f"{name}.mp4").read_bytes() == (tmp_path / f"{name}.mp4").read_bytes()


@pytest.mark.parametrize(("more", "says"), [
    (["--format", "gif"], "no format 'gif'"), (["--engine", "rai"], "no engine 'rai', did you mean ray"),
    (["--takes", "2"], "--takes is for one"), (["--style", "gone"], "no style 'gone'"), (["--identity", "nobody"], "no identity 'nobody'"),
    (["--head", "gone.glb", "--format", "csv"], "--head"),
    (["--transcript", "t.txt", "--emotion", "auto"], "--transcript t.txt: a transcript says"),
])  # fmt: skip
def test_what_would_fail_for_every_recording_is_said_before_any(tmp_path, checkpoint, capsys, more, says):
    recordings.write_wav(tmp_path / "in.wav", np.zeros(4000, np.float32))
    assert main(command(tmp_path, tmp_path / "out", checkpoint, *more)) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1 and not (tmp_path / "out").exists()


@pytest.mark.parametrize("more", [["--jobs", "2"], ["--format", "csv"], ["--engine", "ray"]])
def test_options_of_a_batch_are_no_options_of_one_recording(tmp_path, capsys, more):
    recordings.write_wav(tmp_path / "in.wav", np.zeros(4000, np.float32))
    assert main(["animate", str(tmp_path / "in.wav"), "-o", str(tmp_path / "o.npz"), *more]) == 2
    assert "is for many recordings" in capsys.readouterr().err


def test_ray_does_the_same(tmp_path, checkpoint):
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    recordings.write_wav(tmp_path / "in" / "a.wav", np.ones(4000, np.float32) * 0.1)
    recordings.write_wav(tmp_path / "in" / "b.wav", np.ones(4000, np.float32) * 0.2)
    (tmp_path / "in" / "c.wav").touch()
    assert main(command(tmp_path / "in", tmp_path / "local", checkpoint)) == 2
    assert main(command(tmp_path / "in", tmp_path / "ray", checkpoint, "--engine", "ray")) == 2
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local") and len(outputs(tmp_path / "ray")) == 2


def test_ray_that_is_not_installed_is_named_with_its_extra(tmp_path, checkpoint, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    recordings.write_wav(tmp_path / "a.wav", np.ones(4000, np.float32) * 0.1)
    assert main(command(tmp_path, tmp_path / "out", checkpoint, "--engine", "ray")) == 2
    assert "pip install 'visavox[ray]'" in capsys.readouterr().err
