"""`visavox cues`, and the options of `visavox animate` that become cues."""

import json
import os

import numpy as np
import pytest
import soundfile

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.cues.groups import GROUPS
from visavox.io.motion import read_motion
from visavox.rigs.arkit import HEAD


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 2.0, 16000)
    soundfile.write(tmp_path / "mono.wav", np.zeros((16000, 1)), 16000)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def animate(model, *arguments: str) -> int:
    return main(["animate", "speech.wav", "--checkpoint", str(model), "--steps", "2", *arguments])


def changed(one: str, other: str) -> dict[str, np.ndarray]:
    """The frames that differ between two motion files, by channel."""
    first, second = read_motion(one), read_motion(other)
    differs = first.values != second.values
    return {name: np.flatnonzero(differs[:, index]) for index, name in enumerate(first.rig.names) if differs[:, index].any()}


def test_cues_are_explained_line_by_line(folder, capsys):
    (folder / "a.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:00.500\nnod twice; happy 0.6\n\n00:01.000 --> 00:02.000\nlook away slowly\n")
    assert main(["cues", "check", "a.vtt"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "line 4: at 00:00.500, the head nods by 9 degrees twice",
        "line 4: at 00:00.500, the face looks happy at 60 %",
        "line 7: from 00:01.000 to 00:02.000, the eyes look away by 17 degrees slowly",
        "a.vtt: 3 instructions, all understood",
    ]
    (folder / "b.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.500\nnoddle twice\n")
    assert main(["cues", "check", "b.vtt"]) == 2
    refusal = "b.vtt, line 4: 'noddle twice' is not understood, nothing is known of 'noddle', did you mean 'nod twice'"
    assert refusal in capsys.readouterr().err
    (folder / "c.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.500\n")
    assert main(["cues", "check", "c.vtt"]) == 0 and "no instruction; write" in capsys.readouterr().out


def test_the_vocabulary_is_listed(capsys):
    assert main(["cues", "list"]) == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("contemptuous", "nod", "take NUMBER", "word WORD", "pose FILE", "idle", *GROUPS))
    assert main(["cues", "check"]) == 2 and main(["cues", "list", "a.vtt"]) == 2


def test_every_option_changes_what_it_names_and_nothing_else(model, folder):
    assert animate(model, "-o", "plain.npz") == 0
    (folder / "a.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nbrows up\n")
    assert animate(model, "-o", "cued.npz", "--cues", "a.vtt") == 0
    found = changed("plain.npz", "cued.npz")
    assert set(found) <= {*GROUPS["brows"], *GROUPS["lids"]} and all(frames.min() >= 12 and frames.max() <= 30 for frames in found.values())
    assert animate(model, "-o", "gained.npz", "--gain", "brows 0, cheeks 50%") == 0
    assert set(changed("plain.npz", "gained.npz")) <= {*GROUPS["brows"], *GROUPS["cheeks"]}
    assert animate(model, "-o", "prompted.npz", "--prompt", "She nods slowly, then she smiles.") == 0
    nods, smiles = (changed("plain.npz", "prompted.npz")[name] for name in ("headPitch", "mouthSmileLeft"))
    assert nods.max() <= smiles.min() + 6
    assert animate(model, "-o", "other.npz", "--seed", "9") == 0
    assert animate(model, "-o", "posed.npz", "--pose", "other.npz") == 0
    assert set(changed("plain.npz", "posed.npz")) <= {*HEAD, *GROUPS["gaze"]}
    assert np.allclose(read_motion("posed.npz").select(HEAD), read_motion("other.npz").select(HEAD), atol=1e-5)


def test_word_cues_take_a_transcript(model, folder, capsys):
    (folder / "a.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nword really: brows up\n")
    (folder / "said.json").write_text(json.dumps({"words": [{"word": "Really", "start": 1.0, "end": 1.4}]}))
    assert animate(model, "-o", "plain.npz") == 0
    assert animate(model, "-o", "cued.npz", "--cues", "a.vtt", "--transcript", "said.json") == 0
    frames = changed("plain.npz", "cued.npz")["browInnerUp"]
    assert frames.min() >= 24 and frames.max() <= 40
    assert animate(model, "-o", "none.npz", "--cues", "a.vtt") == 2
    assert "a.vtt, line 4 names a word, whose time no transcript tells" in capsys.readouterr().err
    assert animate(model, "-o", "none.npz", "--cues", "a.vtt", "--transcript", "said.doc") == 2
    assert capsys.readouterr().err.startswith("visavox: said.doc is no transcript")
    assert not os.path.exists("none.npz")


def test_a_prompt_finds_the_words_that_it_names_in_the_transcript(model, folder, capsys):
    (folder / "said.json").write_text(json.dumps({"words": [{"word": "Really", "start": 1.0, "end": 1.4}]}))
    (folder / "free.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nraises the brows on 'really'\n")
    assert animate(model, "-o", "plain.npz") == 0
    for asked in (["--prompt", "raises the brows on 'really'"], ["--cues", "free.vtt"]):
        assert animate(model, "-o", "cued.npz", *asked, "--transcript", "said.json") == 0
        frames = changed("plain.npz", "cued.npz")["browInnerUp"]
        assert frames.min() >= 20 and frames.max() <= 45
        assert animate(model, "-o", "none.npz", *asked) == 2
        assert "names a word, whose time no transcript tells; give one with --transcript" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [[], ["--emotion", "happy"], ["--prompt", "nods"], ["--cues", "a.vtt"]])
def test_a_transcript_that_nothing_reads_is_refused(asked, model, folder, capsys):
    (folder / "a.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nbrows up\n")
    (folder / "said.txt").write_text("Really")
    assert animate(model, "-o", "none.npz", *asked, "--transcript", "said.txt") == 2
    assert "nothing here does, so leave it out" in capsys.readouterr().err and not os.path.exists("none.npz")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cues", "missing.vtt"], "missing.vtt does not exist"),
        (["--gain", "brwos 0.5"], "--gain: 'brwos 0.5' is no gain, did you mean brows"),
        (["--gain", ""], "--gain is empty; leave it out"),
        (["--gain", "head nan"], "--gain: 'head nan' is no gain; write a group and a number, such as"),
        (["--gain", "head 9"], "the gain of head 9 is not within 0 to 3"),
        (["--prompt", "juggles three balls"], "--prompt: 'juggles three balls' is not understood"),
        (["--prompt", ""], "--prompt is empty; leave it out"),
        (["--pose", "missing.npz"], "missing.npz"),
        (["--transcript", "missing.srt", "--prompt", "nods on 'never'"], "missing.srt"),
        (["--surroundings", "mono.wav"], r"mono.wav has 1 channel(s)"),
    ],
)
def test_bad_options_are_one_line_and_leave_nothing(arguments, said, model, folder, capsys):
    assert animate(model, "-o", "out.npz", *arguments) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and not os.path.exists("out.npz")
