"""`visavox build --measure`: what it refuses before the long work, and the reports it writes after."""

import json

import numpy as np
import pytest
import soundfile

import visavox.animate
import visavox.loading
import visavox.recipes.default as recipe
import visavox.recipes.default_material as material
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style
from visavox.cli import main
from visavox.motion import Motion
from visavox.recipes.default_choices import DefaultRecipe
from visavox.recipes.default_comparison import planned
from visavox.recipes.lip_people import LipRecipe
from visavox.recipes.share import LEAST_STEPS
from visavox.rigs.arkit import ARKIT


class Sleeper:
    window = 100
    heard = None

    def animate(self, audio, style, seed):
        self.heard = style
        return Motion(np.zeros((int(np.ceil(audio.seconds * 25)), len(ARKIT))), 25, ARKIT)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """The output folder of a build whose hours of work are left out, and a folder of one recording."""
    output, voices, sleeper = tmp_path / "made", tmp_path / "voices", Sleeper()

    def build(folder, made_by, *_):
        (folder / "steps").write_text(str(made_by.encoder.steps))
        (folder / "styles").mkdir()
        made = write_tiny_checkpoint(folder / "default.safetensors")
        write_tiny_style(folder / "styles" / "neutral.safetensors", made)
        return made

    monkeypatch.setattr(material, "make_material", lambda *_: None)
    monkeypatch.setattr(material, "check_material", lambda *_: None)
    monkeypatch.setattr(recipe, "build", build)
    monkeypatch.setattr(visavox.loading, "load", lambda checkpoint: sleeper)
    voices.mkdir()
    soundfile.write(voices / "one.wav", 0.1 * np.random.default_rng(0).normal(size=32000), 16000)
    return output, voices, sleeper


def test_the_new_checkpoint_is_measured_with_its_own_neutral_style(built, monkeypatch):
    monkeypatch.setattr("visavox.evaluate.report.plots.draw", lambda *_: [])
    output, voices, sleeper = built
    assert main(["build", "-o", str(output), "--measure", str(voices)]) == 0
    report = json.loads((output / "report" / "voices" / "report.json").read_text())
    assert report["about"]["checkpoint"] == "default.safetensors" and set(report["clips"]) == {"one"}
    assert sleeper.heard.name == "neutral"


def test_what_cannot_be_measured_is_refused_before_the_work(built, tmp_path, capsys):
    output, voices, _ = built
    (tmp_path / "other" / "voices").mkdir(parents=True)
    for extra, message in (
        ([str(tmp_path / "nowhere")], "is not a folder"),
        ([str(voices), str(tmp_path / "other" / "voices")], "different names"),
    ):
        arguments = [word for name in extra for word in ("--measure", name)]
        assert main(["build", "-o", str(output), *arguments]) == 2
        assert message in capsys.readouterr().err and not output.exists()


def test_a_rehearsal_has_its_own_folder_and_few_steps(built, capsys):
    output, _, _ = built
    assert main(["build", "-o", str(output), "--rehearse"]) == 0
    assert "learned nothing" in capsys.readouterr().out
    assert [path.name for path in output.iterdir()] == ["rehearsal"]
    assert (output / "rehearsal" / "steps").read_text() == str(LEAST_STEPS)


def test_a_share_is_built_in_the_folder_itself_and_is_not_taken_for_the_whole(built, capsys):
    output, _, _ = built
    assert main(["build", "-o", str(output), "--share", ".1"]) == 0
    assert "a share of 0.1 of the recipe" in capsys.readouterr().out
    assert (output / "steps").read_text() == str(DefaultRecipe().encoder.steps // 10)


def test_a_whole_build_trains_what_the_shipped_checkpoint_has_and_no_encoders_for_streams(built, tmp_path, monkeypatch):
    for name in ("_recogniser", "_learn_to_stream"):
        monkeypatch.setattr(f"visavox.cli.build.{name}", lambda *_: None)
    monkeypatch.setattr("visavox.recipes.lip_people.read_lip_clips", lambda *_: "clips")
    monkeypatch.setattr("visavox.cli.build._learn_lips", lambda path, *_: path)
    output, voices, _ = built
    assert main(["build", "-o", str(output), "--recogniser", str(voices), "--people", str(voices), "--unlabelled", str(voices)]) == 0
    stages = {name for training in planned(DefaultRecipe(), LipRecipe()) for name in (step["name"] for step in training.steps)}
    assert not [name for name in stages if "stream" in name]


def test_filmed_people_who_are_missing_are_named_before_the_work(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("visavox.cli.build._recogniser", lambda folder: None)
    output, voices, _ = built
    assert main(["build", "-o", str(output), "--recogniser", str(voices), "--people", str(tmp_path / "nobody")]) == 2
    assert "nobody has no motion" in capsys.readouterr().err and not output.exists()


@pytest.mark.parametrize("more", [[], ["--start", "x.safetensors"], ["--start", "x.safetensors", "--unlabelled", "v", "--lips-only"]])
def test_encoders_for_streams_need_a_checkpoint_and_sounds(tmp_path, capsys, more):
    assert main(["build", "-o", str(tmp_path / "made"), "--streaming-only", *more]) == 2
    assert "--streaming-only trains the encoders for streams" in capsys.readouterr().err or "--lips-only" in more
    assert not (tmp_path / "made").exists()
