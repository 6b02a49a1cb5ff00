"""`visavox evaluate --rig flame` on a FLAME-like head: the report, and what it says when something is missing."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")
import paper_small  # noqa: E402

from flame_like import egg, flame_like, head_arrays  # noqa: E402
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style  # noqa: E402
from visavox.cli import main  # noqa: E402
from visavox.data.store.split import Split, SplitRule  # noqa: E402
from visavox.data.store.writing import index_store  # noqa: E402
from visavox.io.head import write_head  # noqa: E402
from visavox.rigs.flame import FLAME_GENERATED  # noqa: E402

METRICS = {"flame_lve", "flame_lve_squared", "flame_fdd", "flame_fdd_squared", "flame_mod", "beat_alignment"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A store of two speakers with two clips each, a head, its masks and a model with random weights, in the current folder."""
    paper_small.write_store(tmp_path / "store", speakers=2, frames=110)
    write_head(head_arrays(flame_like(*egg())), "made", tmp_path / "head.safetensors")
    write_tiny_checkpoint(tmp_path / "flame.safetensors", FLAME_GENERATED, 100)
    masks = {"lips": np.arange(100, 110), "forehead": np.arange(20, 30), "eye_region": np.arange(28, 40)}
    (tmp_path / "FLAME_masks.pkl").write_bytes(pickle.dumps(masks, 2))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evaluate(*arguments: str) -> int:
    base = ["evaluate", "store", "-o", "report", "--rig", "flame", "--head", "head.safetensors", "--checkpoint", "flame.safetensors"]
    return main([*base, "--steps", "2", *arguments])


def report() -> dict:
    return json.loads(Path("report/report.json").read_text())


def test_the_report(folder, capsys):
    assert evaluate("--masks", "FLAME_masks.pkl", "--takes", "2", "--sampler", "ddim", "--threshold", "0.99") == 0
    assert "report.md" in capsys.readouterr().out
    found = report()
    (table,) = found["tables"]
    assert set(table["metrics"]) == METRICS and set(found["clips"]) == {"p0/0", "p0/1", "p1/0", "p1/1"}
    lve = table["metrics"]["flame_lve"]
    assert lve["unit"] == "mm" and min(lve["generated"], lve["shuffled"], lve["still"]) > 0
    assert table["metrics"]["flame_lve_squared"]["generated"] > lve["generated"] ** 2  # the mean of squares
    assert "FLAME_masks.pkl: 10 of lips, 20 of forehead and eye region" in table["clips"] and "mean of 2 takes" in table["clips"]
    assert found["about"]["sampling"].startswith("ddim, 2 steps") and "threshold 0.99" in found["about"]["sampling"]
    assert "for 0 of 4" in found["about"]["style"] and "names none to test on" in found["about"]["recordings"]


def test_without_masks_the_report_says_so(folder):
    write_tiny_style(folder / "own.safetensors", folder / "flame.safetensors")
    assert evaluate("--style", "own.safetensors", "--clips", "1") == 0
    found = report()
    assert "without FLAME's masks" in found["about"]["regions"] and "not comparable" in Path("report/report.md").read_text()
    assert found["about"]["style"] == "own" and set(found["clips"]) == {"p0/0"}


def test_a_store_with_a_split_is_tested_on_its_test_speakers(folder):
    index_store(folder / "store", SplitRule(listed=Split((), (), ("p1",))))
    assert evaluate() == 0
    assert set(report()["clips"]) == {"p1/0", "p1/1"} and "the speakers to test on" in report()["about"]["recordings"]


@pytest.mark.parametrize(("arguments", "says"), [
    (["--rig", "arkit"], "--head without --rig flame"),
    (["--styles"], "--styles is not measured"),
    (["--head", "gone.safetensors"], "gone.safetensors does not exist"),
    (["--head", "FLAME_masks.pkl"], "convert-head"),
    (["--masks", "gone.pkl"], "gone.pkl does not exist"),
    (["--checkpoint", "head.safetensors"], "not a checkpoint"),
    (["--checkpoint", "arkit.safetensors"], "moves rig 'arkit', not FLAME"),
    (["--steps", "51"], "--steps 51 is more than the 50"),
    (["--sampler", "euler"], "no sampler 'euler'"),
    (["--style", "neutral"], "was made by style encoder"),
])  # fmt: skip
def test_what_does_not_fit_is_said_in_one_line(folder, capsys, arguments, says):
    write_tiny_checkpoint(folder / "arkit.safetensors")
    assert evaluate(*arguments) == 2
    out, said = capsys.readouterr()
    assert out == "" and says in said and said.count("\n") == 1 and not Path("report").exists()


def test_the_head_and_the_model_are_needed(folder, capsys):
    assert main(["evaluate", "store", "-o", "report", "--rig", "flame"]) == 2
    assert "--head flame.safetensors" in capsys.readouterr().err
