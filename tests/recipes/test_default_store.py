"""The default model on one's own store: from recordings with Visavox's own motion files to a checkpoint that speaks."""

import numpy as np
import pytest
import soundfile

from tiny_checkpoint import write_tiny_checkpoint
from visavox.audio import Audio
from visavox.checkpoint import load
from visavox.cli import main
from visavox.io.motion import write_motion
from visavox.io.style import read_style
from visavox.loading import load as load_animator
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT

pytest.importorskip("pyarrow")


def write_takes(folder, jaw: float, clips: int, rig: Rig = ARKIT):
    """Clips of 5 s whose jaw opens as far as `jaw` where the sound is loud."""
    folder.mkdir()
    for number in range(clips):
        random = np.random.default_rng([number, round(100 * jaw)])
        loud = np.repeat(random.uniform(0, 1, 25), 5)
        values = np.zeros((125, len(rig)), np.float32)
        values[:, rig.index("jawOpen")] = jaw * loud
        soundfile.write(folder / f"{number}.wav", 0.2 * np.repeat(loud, 640) * random.normal(size=80000), 16000)
        write_motion(Motion(values, 25, rig), folder / f"{number}.npz")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of two speakers, as `visavox store import` makes it."""
    folder = tmp_path_factory.mktemp("own")
    for speaker, jaw in (("ann", 0.2), ("ben", 0.6)):
        takes = write_takes(folder / speaker, jaw, 2)
        words = ["--consent", f"{speaker} agreed", "--licence", "CC0-1.0", "--speaker", speaker]
        assert main(["store", "import", str(takes), "-o", str(folder / "store"), *words]) == 0
    return folder / "store"


def train(part, store, folder, *more):
    return main(["train", part, str(store), "-o", str(folder), "--recipe", "default", "--steps", "2", "--batch", "2", *map(str, more)])


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("start") / "start.safetensors")


def test_the_denoiser_alone_keeps_encoders_and_styles(store, start, tmp_path, capsys):
    assert train("denoiser", store, tmp_path, "--start", start) == 0
    assert "4 clips" in capsys.readouterr().out
    before, made = load(start), load(tmp_path / "default.safetensors")
    assert made.style_encoder == before.style_encoder and made.statistics == before.statistics and made.licence == "not stated"
    kept = [name for name in before.weights if name.startswith(("audio_encoder.", "style_encoder."))]
    assert all(np.array_equal(before.weights[name], made.weights[name]) for name in kept)
    assert any(not np.array_equal(before.weights[name], made.weights[name]) for name in before.weights if name.startswith("denoiser."))
    assert {source.consent: source.clips for source in made.history[-1].sources} == {"ann agreed": 2, "ben agreed": 2}
    card = (tmp_path / "default.md").read_text()
    assert "| 2 | 0.00 | CC0-1.0 | ann agreed |" in card and "ben agreed" in card and "Licence of the weights: not stated." in card
    assert made.history[:-1] == before.history and [step["name"] for step in made.history[-1].steps] == ["denoiser_onward"]
    audio = Audio(np.full(16000, 0.1, np.float32), 16000)
    assert np.isfinite(load_animator(tmp_path / "default.safetensors").animate(audio).values).all()


def test_after_training_the_style_every_speaker_has_one(store, start, tmp_path):
    assert train("style", store, tmp_path, "--start", start) == 0
    assert train("denoiser", store, tmp_path, "--start", start) == 0
    made = load(tmp_path / "default.safetensors")
    styles = [read_style(path) for path in sorted((tmp_path / "styles").iterdir())]
    assert [style.name for style in styles] == ["ann", "ben"] and {style.encoder for style in styles} == {made.style_encoder}
    assert not np.allclose(styles[0].vector, styles[1].vector) and made.style_encoder != load(start).style_encoder
    assert [step["name"] for step in made.history[-1].steps] == ["style_encoder", "denoiser_onward"]


def test_speakers_who_are_held_out_validate(store, start, tmp_path):
    takes = write_takes(tmp_path / "cy", 0.4, 1)
    whole = tmp_path / "store"
    for speaker, folder in (("ann", store.parent / "ann"), ("ben", store.parent / "ben"), ("cy", takes)):
        words = ["--consent", "yes", "--licence", "CC0-1.0", "--speaker", speaker]
        assert main(["store", "import", str(folder), "-o", str(whole), *words]) == 0
    assert train("denoiser", whole, tmp_path / "run", "--start", start, "--held-out", 1) == 0
    assert load(tmp_path / "run" / "default.safetensors").history[-1].sources[0].clips < 4


def test_what_cannot_be_trained_says_why_in_one_line(store, start, tmp_path, capsys):
    one = tmp_path / "one"
    takes = write_takes(tmp_path / "takes", 0.3, 1)
    assert main(["store", "import", str(takes), "-o", str(one), "--consent", "c", "--licence", "l", "--speaker", "s"]) == 0
    other = tmp_path / "other.safetensors"
    write_tiny_checkpoint(other, Rig("less", ARKIT.channels[:40]))
    capsys.readouterr()
    for part, where, more, says in (
        ("style", one, ("--start", start), "0 of the store have them; train the denoiser alone"),
        ("denoiser", store, ("--start", other), "moves rig 'less'"),
        ("denoiser", store, ("--head", "a.safetensors"), "--head is not for --recipe default"),
        ("denoiser", store, ("--start", tmp_path / "nowhere"), "nowhere"),
    ):
        assert train(part, where, tmp_path / "run", *more) == 2
        error = capsys.readouterr().err
        assert says in error and error.count("\n") == 1


def test_a_folder_of_other_clips_is_named(store, start, tmp_path, capsys):
    assert train("denoiser", store, tmp_path / "run", "--start", start) == 0
    other = tmp_path / "other"
    takes = write_takes(tmp_path / "takes", 0.3, 2)
    assert main(["store", "import", str(takes), "-o", str(other), "--consent", "c", "--licence", "l", "--speaker", "s"]) == 0
    assert train("denoiser", other, tmp_path / "run", "--start", start) == 2
    assert "train.npz was made with clips" in capsys.readouterr().err
