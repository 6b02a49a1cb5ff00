"""`visavox export`, `visavox rig` and `visavox play`: what they write and send, and what bad input costs."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from recordings import write_with_libsndfile
from visavox.cli import main
from visavox.export import suffixes
from visavox.io.gltf import read_gltf
from visavox.io.motion import read_motion, write_motion
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT

CHARACTER = Path(__file__).resolve().parents[1] / "export" / "character.glb"
MOTION = Motion(np.random.default_rng(1).random((10, len(ARKIT))) * 0.5, 25, ARKIT)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_motion(MOTION, tmp_path / "face.npz", {"generator": "visavox", "seed": 4})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("suffix", [suffix for suffix in suffixes() if suffix not in (".npz", ".glb", ".usda", ".usdc", ".usdz")])
def test_every_suffix_is_a_format(folder, suffix, capsys):
    assert main(["export", "face.npz", "-o", f"out{suffix}"]) == 0
    assert f"wrote out{suffix}: 0.4 s" in capsys.readouterr().out and (folder / f"out{suffix}").stat().st_size > 20


def test_another_rate_and_degrees(folder):
    assert main(["export", "face.npz", "-o", "a.csv", "--fps", "60", "--degrees"]) == 0
    header, *rows = (folder / "a.csv").read_text().splitlines()
    assert len(rows) == 24
    yaw = header.split(",").index("HeadYaw")
    assert max(abs(float(row.split(",")[yaw])) for row in rows) > 5


def test_a_format_without_room_for_provenance_gets_it_beside(folder):
    assert main(["export", "face.npz", "-o", "a.csv", "--consent", "my own face"]) == 0
    said = json.loads((folder / "a.csv.provenance.json").read_text())
    assert said == {"generator": "visavox", "seed": 4, "consent": "my own face"}


def test_a_take_of_live_link_goes_wherever_a_motion_goes(folder, capsys):
    gentle = MOTION.with_channels({name: 0.1 for name in ("headPitch", "headYaw", "headRoll")})
    write_motion(gentle, folder / "gentle.npz", {"generator": "visavox", "seed": 4})
    assert main(["export", "gentle.npz", "-o", "take.csv"]) == 0
    for back in ("back.npz", "back.arkit.json"):
        assert main(["export", "take.csv", "-o", back]) == 0
    back = read_motion("back.npz")
    assert back.fps == 25 and back.provenance == {"generator": "visavox", "seed": 4}
    assert np.allclose(back.values, gentle.values, atol=1e-6)
    assert main(["export", "gentle.npz", "-o", "film.csv", "--fps", "29.97"]) == 0 and main(["export", "film.csv", "-o", "film.npz"]) == 0
    assert read_motion("film.npz").fps == 30000 / 1001
    assert main(["keys", "take.csv", "-o", "take.vtt", "--count", "3"]) == 0
    assert main(["play", "take.csv", "--to", "jsonl", "--fps", "25"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > MOTION.frames
    (folder / "table.csv").write_text("a,b\n1,2\n")
    for verb in (["export", "table.csv", "-o", "x.npz"], ["play", "table.csv", "--to", "jsonl"], ["render", "table.csv", "-o", "x.mp4"]):
        assert main(verb) == 2
        assert "table.csv does not begin with Timecode" in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "said"), [(0.4, ""), (1.3, ""), (2.0, "visavox: speech.wav lasts 2.0 s and face.npz 0.4 s; is it")])
def test_a_recording_that_lasts_much_longer_than_the_motion_is_doubted(folder, seconds, said, capsys):
    write_with_libsndfile(folder / "speech.wav", seconds, 16000)
    assert main(["export", "face.npz", "-o", "a.svg", "--audio", "speech.wav"]) == 0
    assert capsys.readouterr().err.startswith(said) and (folder / "a.svg").exists()
    assert main(["render", "face.npz", "-o", "a.mp4", "--audio", "speech.wav", "--size", "64"]) == 0
    assert ("is it the recording" in capsys.readouterr().err) == bool(said)


def test_no_provenance_says_what_it_leaves_out(folder, capsys):
    assert main(["export", "face.npz", "-o", "a.arkit.json", "--no-provenance"]) == 0
    assert "leaves out generator, seed" in capsys.readouterr().err
    assert json.loads((folder / "a.arkit.json").read_text())["provenance"] == {}
    assert main(["export", "face.npz", "-o", "a.csv"]) == 0
    assert (folder / "a.csv.provenance.json").exists()
    assert main(["export", "face.npz", "-o", "a.csv", "--no-provenance"]) == 0
    assert not (folder / "a.csv.provenance.json").exists(), "it would speak of a file that is gone"


@pytest.mark.parametrize(("target", "said"), [("a.csv", "lacks eyeLookDownLeft"), ("a.a2f.json", "and 44 more"), ("a.arkit.json", "")])
def test_shapes_that_a_rig_lacks_are_named(folder, target, said, capsys):
    write_motion(Motion(np.full((3, 2), 0.3), 25, Rig("half", (Channel("jawOpen"), Channel("eyeBlinkLeft")))), folder / "half.npz")
    assert main(["export", "half.npz", "-o", target]) == 0
    err = capsys.readouterr().err
    assert "rig 'half' lacks eyeLookDownLeft, eyeLookInLeft" in err and f"which {target} has as 0" in err if said else err == ""
    assert said in err and err.count("\n") == bool(said)


def test_an_own_character_and_its_map(folder, capsys):
    assert main(["rig", "init", str(CHARACTER), "-o", "map.toml"]) == 0
    said = capsys.readouterr().out
    assert "5 shapes follow the face, 1 do not" in said and "nothing of the character shows" in said
    text = (folder / "map.toml").read_text()
    assert tomllib.loads(text)["channels"]["Jaw_Open"]["from"] == {"jawOpen": 1.0}
    (folder / "map.toml").write_text(text.replace('"jawOpen" = 1 }, offset = 0', '"jawOpen" = 0.5 }, offset = 0.25', 1))
    assert main(["export", "face.npz", "-o", "me.glb", "--head", str(CHARACTER), "--rig", "map.toml"]) == 0
    animation = read_gltf("me.glb").document["animations"][0]
    assert animation["name"] == "speech" and len(animation["channels"]) == 5
    assert main(["export", "face.npz", "-o", "me.arkit.json", "--rig", "map.toml"]) == 0
    there = json.loads((folder / "me.arkit.json").read_text())
    jaw = np.array(there["frames"])[:, there["channels"].index("Jaw_Open")]
    assert np.allclose(jaw, 0.25 + 0.5 * MOTION.channel("jawOpen"), atol=1e-6)


BAD = {
    "suffix": (["export", "face.npz", "-o", "a.fbx"], r"ends in .fbx.*\.glb"),
    "head for another format": (["export", "face.npz", "-o", "a.csv", "--head", str(CHARACTER)], "--head is for .glb, and a .csv"),
    "degrees for another format": (["export", "face.npz", "-o", "a.bvh", "--degrees"], "--degrees is for .csv, and a .bvh has no use"),
    "sound for another format": (
        ["export", "face.npz", "-o", "a.csv", "--audio", "face.npz"],
        "--audio is for .mp4, .glb, .svg, and a .csv has",
    ),
    "identity for another format": (
        ["export", "face.npz", "-o", "a.npz", "--identity", "male"],
        "--identity is for .mp4, .glb, .usda, .usdc, .usdz, and a .npz",
    ),
    "two faces": (["export", "face.npz", "-o", "a.glb", "--head", "me.glb", "--identity", "male"], "both say which face moves; leave one"),
    "head of another kind": (["export", "face.npz", "-o", "a.glb", "--head", "me.fbx"], "me.fbx is not one of .glb"),
    "missing head": (["export", "face.npz", "-o", "a.glb", "--head", "me.glb"], "me.glb does not exist"),
    "missing map": (["export", "face.npz", "-o", "a.glb", "--rig", "none.toml"], "none.toml does not exist"),
    "map that is none": (["export", "face.npz", "-o", "a.glb", "--rig", "face.npz"], "face.npz, line 1 is not UTF-8"),
    "output over input": (["export", "face.npz", "-o", "face.npz"], "is also an input"),
    "no character": (["rig", "init", "face.npz", "-o", "a.toml"], "face.npz is not a glTF"),
    "protocol": (["play", "face.npz", "--to", "live-lynk"], "live-link"),
    "address": (["play", "face.npz", "--to", "vmc", "--address", "here"], "HOST:PORT"),
    "receiver of lines": (
        ["play", "face.npz", "--to", "jsonl", "--address", "10.0.0.1:80"],
        "--address is for a receiver, .* jsonl has none",
    ),
    "stream to a file": (["stream", "-", "--to", "a.npz", "--address", "10.0.0.1:80"], "--to a.npz has none; leave it out"),
    "style of a motion": (["play", "face.npz", "--to", "jsonl", "--style", "wry"], "--style is for a recording, and face.npz is a motion"),
    "output without -o": (["export", "face.npz", "a.csv"], "what to write is given with -o: visavox export face.npz -o a.csv"),
    "no output after a value": (["export", "--fps", "30", "face.npz"], "arguments are required: -o/--output; see"),
    "no output of a verb of several deeds": (["rig", "init", "me.glb"], "arguments are required: -o/--output; see"),
    "no output": (["export", "face.npz"], "arguments are required: -o/--output; see"),
    "a file for a verb": (["face.npz"], "there is no verb 'face.npz'; to animate it: visavox animate face.npz -o"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_costs_one_line_and_leaves_nothing(folder, case, capsys):
    import re

    arguments, expected = BAD[case]
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert re.search(expected, err) and err.count("\n") == 1, err
    assert os.listdir(folder) == ["face.npz"]


def test_a_stream_of_lines(folder):
    command = [sys.executable, "-m", "visavox.cli", "play", "face.npz", "--to", "jsonl", "--fps", "50"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and lines[0]["fps"] == 50 and lines[-1] == {"type": "end", "frames": 20, "seconds": 0.4}
    assert "sending 20 frames" in done.stderr


@pytest.mark.parametrize("heard", [b"", b"no sound at all", b"RIFF"])
def test_standard_input_without_sound_is_called_by_its_name(folder, heard):
    command = [sys.executable, "-m", "visavox.cli", "play", "-", "--to", "jsonl"]
    done = subprocess.run(command, input=heard, capture_output=True, timeout=600)
    err = done.stderr.decode()
    assert done.returncode == 2 and not done.stdout and err.startswith("visavox: standard input ") and err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stream_stops_cleanly(folder, name):
    import signal

    long = Motion(np.zeros((3000, len(ARKIT))), 25, ARKIT)
    write_motion(long, folder / "long.npz")
    command = [sys.executable, "-m", "visavox.cli", "play", "long.npz", "--to", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as sending:
        assert sending.stdout.readline().startswith('{"type": "start"')
        sending.send_signal(getattr(signal, name))
        out, err = sending.communicate(timeout=600)
    assert sending.returncode == 128 + getattr(signal, name) and "Traceback" not in err
    assert all(json.loads(line) for line in out.splitlines())
