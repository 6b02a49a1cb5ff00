"""The mistakes of a first day: each is one line that says what is wrong and what to do, and nothing is left behind."""

import json
import os

import pytest

from recordings import write_silent_film, write_with_libsndfile
from visavox.cli import main

MISTAKES = {
    "two recordings": (["animate", "speech.wav", "empty.wav", "-o", "faces"], "animate takes SPEECH, and 'empty.wav' is one too many"),
    "a leading dash": (["animate", "-speech.wav", "-o", "face.npz"], "is written ./-speech.wav"),
    "an output with a dash": (["animate", "speech.wav", "-o", "-face.npz"], "is written ./-face.npz"),
    "a number that nothing takes": (["animate", "speech.wav", "-1.5", "-o", "face.npz"], "animate knows no '-1.5'"),
    "another suffix": (["animate", "speech.wav", "-o", "face.xyz"], "ends in .xyz; end it in one of .mp4, .npz"),
    "no suffix": (["animate", "speech.wav", "-o", "face"], "no suffix; end it in one of .mp4"),
    "no such recording": (["animate", "there.wav", "-o", "face.npz"], "there.wav does not exist"),
    "no such motion": (["render", "there.npz", "-o", "face.mp4"], "there.npz does not exist"),
    "a style misspelt": (["animate", "speech.wav", "-o", "face.npz", "--style", "livley"], "did you mean lively?"),
    "a face misspelt": (["animate", "speech.wav", "-o", "face.mp4", "--identity", "femal"], "did you mean female"),
    "an emotion misspelt": (["animate", "speech.wav", "-o", "face.mp4", "--emotion", "hapy"], "did you mean happy?"),
    "a rig misspelt": (["retarget", "face.npz", "-o", "a.npz", "--to", "arkitt"], "choose from"),
    "a protocol misspelt": (["play", "speech.wav", "--to", "livelink"], "did you mean live-link?"),
    "an option that a script left empty": (
        ["animate", "speech.wav", "-o", "face.mp4", "--portrait", ""],
        "--portrait is empty; leave it out",
    ),
    "an option of spaces": (["animate", "speech.wav", "-o", "face.npz", "--cues= "], "--cues is empty; leave it out"),
    "no name of a recording": (["animate", "", "-o", "face.npz"], "SPEECH is empty; say what it is"),
    "a verb misspelt": (["animte", "speech.wav"], "did you mean animate?"),
    "an option misspelt": (["animate", "speech.wav", "-o", "face.npz", "--sed", "3"], "did you mean --seed"),
    "a film without sound": (["animate", "silent.mp4", "-o", "face.npz"], "no sound track; give a recording"),
    "an empty recording": (["animate", "empty.wav", "-o", "face.npz"], "is empty (0 bytes)"),
    "a text for a recording": (["animate", "notes.txt", "-o", "face.npz"], "a list of recordings, and the output face.npz one file"),
    "a folder for a recording": (["animate", "folder", "-o", "face.mp4"], "give a folder with -o"),
    "a folder to write over": (["animate", "speech.wav", "-o", "folder"], "ends in no suffix"),
    "a folder that is not there": (["animate", "speech.wav", "-o", "a/b/face.npz"], "does not exist; create it first"),
    "a seed that is no number": (["animate", "speech.wav", "-o", "face.npz", "--seed", "seven"], "'seven' is not a whole number"),
    "no output": (["animate", "speech.wav"], "required: -o/--output"),
    "a recording where a motion belongs": (["render", "speech.wav", "-o", "face.mp4"], "which visavox animate makes of a recording"),
    "no such checkpoint": (["animate", "speech.wav", "-o", "face.npz", "--checkpoint", "no.safetensors"], "no.safetensors does not exist"),
    "a loop of links": (["animate", "loop.wav", "-o", "face.npz"], "loop.wav cannot be read (Too many levels of symbolic links)"),
    "what to do is missing": (["rig"], "are required: init|landmarks|transfer, CHARACTER"),
    "no such photo": (["animate", "speech.wav", "-o", "face.mp4", "--portrait", "me.jpg", "--consent", "me"], "me.jpg does not exist"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_the_first_day_is_one_line_and_leaves_nothing(mistake, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    write_silent_film(tmp_path / "silent.mp4")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    (tmp_path / "notes.txt").write_text("hello\n")
    before = sorted(tmp_path.rglob("*"))
    arguments, words = MISTAKES[mistake]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("visavox: ") and error.count("\n") == 1 and words in error, error
    assert ("is written ./" in error) == ("dash" in mistake)
    assert sorted(tmp_path.rglob("*")) == before


LATIN = os.fsdecode(b"caf\xe9")  # as archives of other systems unpack names


@pytest.mark.parametrize("output", ["face.csv", "face.a2f.json", "face.bvh", "face.glb", "face.mp4", f"{LATIN}.csv"])
def test_a_recording_whose_name_is_not_utf8_is_animated(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    (tmp_path / "speech.wav").rename(tmp_path / f"{LATIN}.wav")
    assert main(["animate", f"{LATIN}.wav", "-o", output, *(["--size", "64"] if output.endswith(".mp4") else [])]) == 0
    assert (tmp_path / output).stat().st_size > 1000
    if output == "face.csv":
        assert json.loads((tmp_path / "face.csv.provenance.json").read_text())["source"] == "caf?.wav"


def test_an_output_whose_name_a_library_cannot_take_is_one_line(tmp_path, monkeypatch, capsys):
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    assert main(["animate", "speech.wav", "-o", f"{LATIN}.parquet"]) == 2
    error = capsys.readouterr().err
    assert error == "visavox: the name caf?.parquet is not UTF-8 text, which it has to be here; rename it\n"
    assert [path.name for path in tmp_path.iterdir()] == ["speech.wav"]
