"""`visavox train`: both parts from the command line on a small store, resuming, and what it says when something is missing."""

from pathlib import Path

import pytest

from optional_library import need

need("transformers")
import paper_small  # noqa: E402
import torch  # noqa: E402

from flame_like import egg, flame_like, head_arrays  # noqa: E402
from visavox.checkpoint import load  # noqa: E402
from visavox.cli import main  # noqa: E402
from visavox.data.store.split import Split, SplitRule  # noqa: E402
from visavox.data.store.writing import index_store  # noqa: E402
from visavox.io.head import write_head  # noqa: E402
from visavox.models.hubert import HubertEncoder  # noqa: E402
from visavox.models.sizes import HubertSizes  # noqa: E402
from visavox.recipes import diffposetalk as recipes  # noqa: E402

HUBERT = HubertSizes(width=16, layers=3, heads=2, feed_forward=24, conv_width=8)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs a verb with the paper's recipe at a fraction of its width."""
    from dataclasses import replace

    store = paper_small.write_store(tmp_path / "store")
    write_head(head_arrays(flame_like(*egg(6, 8))), "made", tmp_path / "head.safetensors")

    def small(head_moves=True):
        recipe = paper_small.small_recipe(head_moves, clips=2)
        recipe = replace(recipe, config=replace(recipe.config, audio=HUBERT))
        few = {"validate_every": 1, "validation_rounds": 1, "save_every": 1, "log_every": 1}
        return replace(recipe, style_loop=replace(recipe.style_loop, **few), pairs_loop=replace(recipe.pairs_loop, **few))

    monkeypatch.setattr(recipes, "diffposetalk", small)

    def run(part, *arguments, held_out=("--held-out", "1")):
        return main(["train", part, str(store), "-o", str(tmp_path / "runs"), *held_out, *map(str, arguments)])

    return run


def hubert_folder(path: Path) -> Path:
    HubertEncoder(HUBERT).hubert.save_pretrained(path)
    return path


def test_style_then_denoiser(command, tmp_path, capsys):
    assert command("style", "--steps", 2) == 0
    assert "12 clips" in capsys.readouterr().out
    folder = hubert_folder(tmp_path / "hubert")
    assert command("denoiser", "--steps", 1, "--head", tmp_path / "head.safetensors", "--hubert", folder) == 0
    checkpoint = load(tmp_path / "runs" / "diffposetalk.safetensors")
    assert checkpoint.config["audio"]["kind"] == "hubert" and checkpoint.recipe["pairs_loop"]["steps"] == 1
    assert "| source | clips | hours | licence | consent |" in (tmp_path / "runs" / "diffposetalk.md").read_text()
    frozen = "audio_encoder.hubert.encoder.layers.0.attention.k_proj.weight"
    published = dict(torch.load(folder / "model.bin") if (folder / "model.bin").exists() else _safetensors(folder))
    assert checkpoint.weights[frozen] == pytest.approx(published["encoder.layers.0.attention.k_proj.weight"].numpy(), rel=1e-3, abs=1e-5)
    # a run that exists goes on without asking for HuBERT again
    assert command("denoiser", "--steps", 2, "--head", tmp_path / "head.safetensors") == 0
    capsys.readouterr()


def _safetensors(folder: Path) -> dict:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


@pytest.mark.parametrize(("arguments", "words"), [
    (("style", "--batch", "40"), "40 people a batch, but only"),
    (("style", "--held-out", "3"), "hold out fewer"),
    (("denoiser",), "give it with --head"),
    (("denoiser", "--head", "nowhere.safetensors"), "does not exist"),
    (("denoiser", "--head", "head.pkl"), "convert-head"),
    (("style", "--precision", "fp8"), "fp8"),
])  # fmt: skip
def test_what_is_missing_is_said_in_one_line(command, capsys, arguments, words):
    assert command(*arguments) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_the_denoiser_needs_a_style_and_hubert(command, tmp_path, capsys):
    head = ("--head", tmp_path / "head.safetensors")
    assert command("denoiser", *head) == 2
    assert "style" in capsys.readouterr().err
    assert command("style", "--steps", 1) == 0
    capsys.readouterr()
    assert command("denoiser", *head) == 2
    assert "--hubert" in capsys.readouterr().err
    assert command("denoiser", *head, "--hubert", tmp_path) == 2
    assert "config.json" in capsys.readouterr().err


def test_the_split_of_a_store_s_index_counts(command, tmp_path, capsys):
    index_store(tmp_path / "store", SplitRule(listed=Split((), ("p1", "p4"), ("p2",))))
    assert command("style", "--steps", 1, "--batch", 3, held_out=()) == 0
    assert "12 clips, 0.03 hours; speakers: 3 to train on, 2 to validate, 1 to test" in capsys.readouterr().out
    assert command("style", "--steps", 1) == 2
    assert "--held-out 1, but the index of" in capsys.readouterr().err


def test_a_store_that_is_not_what_its_index_says(command, tmp_path, capsys):
    index_store(tmp_path / "store")
    (shard,) = (tmp_path / "store").glob("*.parquet")
    shard.rename(tmp_path / "store" / "elsewhere.parquet")
    assert command("style", "--steps", 1) == 2
    said = capsys.readouterr().err
    assert f"{shard} is gone" in said and said.count("\n") == 1
