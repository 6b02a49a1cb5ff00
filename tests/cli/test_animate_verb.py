"""`visavox animate` end to end with random weights: what it writes, what repeats, and what every bad input costs."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import av
import numpy as np
import pytest

import recordings
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style
from visavox.checkpoint import load as load_checkpoint
from visavox.checkpoint import save as save_checkpoint
from visavox.cli import main
from visavox.io.motion import read_motion
from visavox.io.style import write_style
from visavox.rigs.arkit import ARKIT
from visavox.style import Style


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder with a recording beside it, made the current one."""
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 1.0, 16000)
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def animate(model, *arguments: str) -> int:
    return main(["animate", "speech.wav", "--checkpoint", str(model), "--steps", "2", *arguments])


def test_a_motion_file(model, folder, capsys):
    assert animate(model, "-o", "out/face.npz", "--seed", "3") == 0
    motion = read_motion("out/face.npz")
    assert motion.frames == 25 and motion.fps == 25 and motion.rig == ARKIT
    made = read_motion("out/face.npz").provenance
    assert made["seed"] == 3 and made["source"] == "speech.wav" and "trainedAlgorithmicMedia" in made["digital_source_type"]
    out, err = capsys.readouterr()
    assert re.fullmatch(r"wrote out/face.npz: 1.0 s in \d+.\d s \(\d+.\d times real time\)\n", out) and err == ""
    assert os.listdir("out") == ["face.npz"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_take(model, folder):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert animate(model, "-o", f"out/{name}.npz", "--seed", seed) == 0
    first, again, other = ((folder / f"{name}.npz").read_bytes() for name in "abc")
    assert first == again
    assert np.abs(read_motion("out/a.npz").values - read_motion("out/c.npz").values).max() > 1e-3 and first != other


def test_takes_are_numbered_and_are_the_seeds_that_follow(model, folder):
    assert animate(model, "-o", "out/face.npz", "--takes", "3", "--seed", "5") == 0
    assert sorted(os.listdir("out")) == ["face-1.npz", "face-2.npz", "face-3.npz"]
    assert animate(model, "-o", "out/face.npz", "--seed", "6") == 0
    assert np.array_equal(read_motion("out/face.npz").values, read_motion("out/face-2.npz").values)


def test_curves_at_another_rate(model, folder):
    assert animate(model, "-o", "out/face.csv", "--fps", "60") == 0
    header, *rows = (folder / "face.csv").read_text().splitlines()
    assert header.count(",") == 62 and len(rows) == 60 and rows[1].startswith("00:00:00:01.000,61,")


def test_a_style_file_and_guidance(model, folder):
    write_tiny_style(folder / "own.safetensors", model)
    assert animate(model, "-o", "out/plain.npz") == 0
    assert animate(model, "-o", "out/styled.npz", "--style", "out/own.safetensors", "--style-guidance", "3") == 0
    assert animate(model, "-o", "out/deaf.npz", "--audio-guidance", "0") == 0
    plain, styled, deaf = (read_motion(f"out/{name}.npz").values for name in ("plain", "styled", "deaf"))
    assert not np.array_equal(plain, styled) and not np.array_equal(plain, deaf)
    assert read_motion("out/styled.npz").provenance["style"] == "own" and read_motion("out/plain.npz").provenance["style"] == "average"


def test_the_style_that_is_recorded_is_the_one_that_was_spoken(model, folder):
    """A model with a usual style speaks in it where none is given, and the file says so; a renamed style file is still that style."""
    checkpoint = load_checkpoint(model)
    usual = Style(np.arange(4), checkpoint.style_encoder, "wistful")
    save_checkpoint(replace(checkpoint, usual_style=usual), folder / "usual.safetensors")
    write_style(usual, folder / "renamed.safetensors")
    assert animate(folder / "usual.safetensors", "-o", "out/unsaid.npz") == 0
    assert animate(model, "-o", "out/said.npz", "--style", "out/renamed.safetensors") == 0
    unsaid, said = read_motion("out/unsaid.npz"), read_motion("out/said.npz")
    assert unsaid.provenance["style"] == said.provenance["style"] == "wistful"
    assert np.array_equal(unsaid.values, said.values)
    assert (unsaid.provenance["checkpoint"], said.provenance["checkpoint"]) == ("usual", "tiny")


def test_a_video_has_every_frame_and_the_sound(model, folder):
    assert animate(model, "-o", "out/face.mp4", "--size", "64") == 0
    with av.open("out/face.mp4") as film:
        picture, sound = film.streams.video[0], film.streams.audio[0]
        assert (picture.width, picture.height) == (64, 64) and picture.codec_context.name == "h264"
        assert sound.codec_context.name == "aac"
        assert sum(1 for _ in film.decode(video=0)) == 25
    assert os.listdir("out") == ["face.mp4"]


def test_a_motion_drawn_later_is_the_video_drawn_at_once(model, folder):
    assert animate(model, "-o", "out/once.mp4", "--size", "64") == 0
    assert animate(model, "-o", "out/face.npz") == 0
    assert main(["render", "out/face.npz", "--audio", "speech.wav", "-o", "out/later.mp4", "--size", "64"]) == 0
    assert (folder / "once.mp4").read_bytes() == (folder / "later.mp4").read_bytes()


def bad_recordings() -> dict:
    nan = np.zeros(16000, np.float32)
    nan[3] = np.nan
    return {
        "text.wav": lambda path: path.write_text("a text\n" * 99),
        "none.wav": lambda path: recordings.write_wav(path, np.zeros(0)),
        "short.wav": lambda path: recordings.write_wav(path, np.zeros(480)),
        "nan.wav": lambda path: recordings.write_wav(path, nan),
        "mute.mp4": recordings.write_silent_film,
        "missing.wav": lambda path: None,
    }


BAD_SPEECH = {
    "text.wav": "not a recording",
    "none.wav": "zero samples",
    "short.wav": "30 ms of sound",
    "nan.wav": "not a number",
    "mute.mp4": "no sound track",
    "missing.wav": "does not exist",
}


def refused(capsys, folder, *arguments: str) -> str:
    """The one line of a refusal: exit code 2, nothing on stdout, nothing written."""
    before = sorted(os.listdir(folder))
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("visavox: ") and err.count("\n") == 1, err
    assert sorted(os.listdir(folder)) == before
    return err


@pytest.mark.parametrize("suffix", [".mp4", ".npz", ".csv"])
@pytest.mark.parametrize("name", BAD_SPEECH)
def test_a_bad_recording(model, folder, capsys, name, suffix):
    bad_recordings()[name](folder / name)
    said = refused(capsys, folder, "animate", f"out/{name}", "-o", f"out/face{suffix}", "--checkpoint", str(model))
    assert BAD_SPEECH[name] in said and name in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "out/face.xyz"], "ends in .xyz; end it in one of .mp4, .npz"),
        (["-o", "out/face"], "ends in no suffix"),
        (["-o", "out/.npz"], "end it in one of"),
        (["-o", "nowhere/face.npz"], "does not exist; create it"),
        (["-o", "/proc/self/face.npz"], "choose a folder that you may write to"),
        (["-o", "speech.wav"], "ends in .wav"),
        (["-o", "out/a.npz", "--identity", "nobody"], "no identity 'nobody'; --identity takes neutral, "),
        (["-o", "out/a.npz", "--style", "grumpy"], "no style 'grumpy'; built-in styles: "),
        (["-o", "out/a.npz", "--style", "gone.safetensors"], "gone.safetensors does not exist"),
        (["-o", "out/a.npz", "--seed", "-1"], "argument --seed: '-1' is not a whole number from 0"),
        (["-o", "out/a.npz", "--seed", "x"], "argument --seed: 'x'"),
        (["-o", "out/a.npz", "--takes", "0"], "argument --takes: '0' is not a whole number from 1 to 99"),
        (["-o", "out/a.npz", "--steps", "51"], "--steps 51 is more than the 50"),
        (["-o", "out/a.npz", "--steps", "0"], "argument --steps"),
        (["-o", "out/a.npz", "--size", "65"], "argument --size: '65' is odd"),
        (["-o", "out/a.npz", "--size", "9999"], "argument --size"),
        (["-o", "out/a.npz", "--fps", "0"], "argument --fps: '0' is not a rate from 1 to 240, such as 25, 29.97 or 30000/1001"),
        (["-o", "out/a.npz", "--fps", "nan"], "argument --fps"),
        (["-o", "out/a.npz", "--audio-guidance", "-3"], "argument --audio-guidance"),
        (["-o", "out/a.npz", "--style-guidance", "lots"], "argument --style-guidance: 'lots' is not a number"),
        (["-o", "out/a.npz", "--stile", "x"], "knows no '--stile', did you mean --style"),
        ([], "required: -o/--output"),
    ],
)
def test_a_bad_option(model, folder, capsys, arguments, says):
    command = ["animate", "speech.wav", "--checkpoint", str(model), *arguments]
    assert says in refused(capsys, folder, *command)


def test_a_style_of_another_model_names_both(model, folder, capsys):
    write_style(Style(np.ones(4), "0123456789abcdef", "theirs"), folder / "theirs.safetensors")
    command = ["animate", "speech.wav", "--checkpoint", str(model), "-o", "out/a.npz", "--style", "out/theirs.safetensors"]
    said = refused(capsys, folder, *command)
    assert "'theirs'" in said and "0123456789abcdef" in said


@pytest.mark.parametrize("kind", ["truncated", "pickle", "text", "missing", "style"])
def test_a_bad_checkpoint(model, folder, capsys, kind):
    path = folder / ("model.pt" if kind == "pickle" else "model.safetensors")
    if kind == "truncated":
        path.write_bytes(model.read_bytes()[:-50])
    elif kind == "style":
        write_tiny_style(path, model)
    elif kind != "missing":
        path.write_text("not a model at all")
    said = refused(capsys, folder, "animate", "speech.wav", "--checkpoint", str(path), "-o", "out/a.npz")
    assert path.name in said


def test_an_input_is_never_replaced(model, folder, capsys):
    film = recordings.write_with_pyav(folder / "film.mp4", "aac", 1.0, 44100, picture=True)
    kept = film.read_bytes()
    said = refused(capsys, folder, "animate", "out/film.mp4", "--checkpoint", str(model), "-o", "out/../out/film.mp4")
    assert "also an input" in said and film.read_bytes() == kept


def test_bad_options_are_found_before_anything_heavy_is_loaded(model, folder):
    code = (
        "import sys; from visavox.cli import main; "
        f"code = main(['animate', 'gone.wav', '-o', 'out/a.npz', '--checkpoint', {str(model)!r}]); "
        "print(code, [name for name in ('torch', 'numba') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "2 []\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["out/gone.npz", "-o", "out/a.mp4"], "gone.npz does not exist"),
        (["speech.wav", "-o", "out/a.mp4"], "give a motion file"),
        (["out/face.npz", "-o", "out/a.npz"], "end it in one of .mp4"),
        (["out/face.npz", "-o", "out/a.mp4", "--audio", "gone.wav"], "gone.wav does not exist"),
        (["out/face.npz", "-o", "out/a.mp4", "--identity", "nobody"], "no identity"),
    ],
)
def test_a_bad_rendering(model, folder, capsys, arguments, says):
    assert animate(model, "-o", "out/face.npz") == 0
    capsys.readouterr()
    assert says in refused(capsys, folder, "render", *arguments)


def test_an_interruption_leaves_nothing_behind(model, folder):
    recordings.write_with_libsndfile(folder.parent / "long.wav", 60.0, 16000)
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from visavox.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = ["animate", "long.wav", "-o", "out/face.mp4", "--steps", "1", "--checkpoint", str(model)]
    with subprocess.Popen([sys.executable, "-c", code, *command], stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not os.listdir(folder):  # until the unfinished video lies in the folder
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=600)[1]
    assert running.returncode == 130 and said == "visavox: interrupted; no unfinished file is left\n"
    assert os.listdir(folder) == []
