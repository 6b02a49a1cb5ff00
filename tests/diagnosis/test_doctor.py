"""`visavox doctor` says what works, how fast, and what is missing, and its exit code says whether the main job works."""

import json
import re
import sys
import tomllib
from email.message import Message
from pathlib import Path

import pytest

import visavox.loading
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.diagnosis import libraries
from visavox.diagnosis.libraries import EXTRAS, NEEDED, extras, versions

PROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    path = write_tiny_checkpoint(tmp_path / "tiny.safetensors")
    monkeypatch.setattr(visavox.loading, "default_checkpoint", lambda: path)


def test_it_says_what_works_and_how_fast(tiny, capsys):
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["works"] == {"sound to motion": True, "motion to video": True} and found["engine"] == "ONNX Runtime"
    assert found["libraries"]["numpy"] and found["processors"] >= 1 and found["times_real_time"]["processor"] > 1
    stages = {stage["name"]: stage for stage in found["stages"]}
    parts = [stages[name]["seconds"] for name in ("encode", "prepare", "denoise", "sample, gestures")]
    assert all(part > 0 for part in parts) and sum(parts) == pytest.approx(stages["animate"]["seconds"])
    assert stages["denoise"]["calls"] >= 3 and stages["encode"]["calls"] == 1, "three windows, one recording"
    assert stages["draw a frame"]["calls"] == 6 and 0 < stages["draw a frame"]["seconds"] < stages["first frame"]["seconds"] + 1


def test_people_get_lines(tiny, capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^sound to motion +works$", said, re.M) and re.search(r"^onnxruntime +\d", said, re.M)
    assert re.search(r"^speed +\d+ times real time on one thread", said, re.M)
    assert re.search(r"^denoise +[\d.]+ +[\d.]+ +\d+$", said, re.M)


def test_where_nothing_can_run_it_says_why_and_fails(tiny, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "visavox.models.torch_engine", None)
    assert main(["doctor", "--json"]) == 2
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert "ONNX Runtime cannot be loaded" in found["works"]["sound to motion"] == found["works"]["motion to video"]
    assert found["times_real_time"] is None and found["libraries"]["numpy"]
    assert err.startswith("visavox: ONNX Runtime cannot be loaded") and err.count("\n") == 1


def test_a_machine_that_cannot_draw_still_does_the_main_job(tiny, capsys, monkeypatch):
    import visavox.render

    def broken(*given):
        raise OSError("no room for compiled loops")

    monkeypatch.setattr(visavox.render, "render", broken)
    assert main(["doctor"]) == 0
    assert re.search(r"^motion to video +no room for compiled loops$", capsys.readouterr().out, re.M)


def test_what_is_missing_is_named_with_the_command_that_brings_it(monkeypatch):
    installed = Message()
    for line in (
        "numpy>=2", "visavox[completion,export]; extra == 'prepare'", "pyarrow>=16; extra == 'export'", 'torch>=2.6; extra == "train"',
        "pyarrow>=16; extra == 'train'", 'shtab>=1.8; extra == "completion"',
    ):  # fmt: skip
        installed["Requires-Dist"] = line
    for name in ("train", "completion", "prepare"):
        installed["Provides-Extra"] = name
    monkeypatch.setattr(libraries, "metadata", lambda name: installed)
    monkeypatch.setattr(libraries, "version_of", lambda name: None if name in ("torch", "shtab") else "1")
    assert extras() == {
        "completion": {"for": EXTRAS["completion"], "missing": ["shtab"], "install": "pip install 'visavox[completion]'"},
        "prepare": {"for": EXTRAS["prepare"], "missing": ["shtab"], "install": "pip install 'visavox[prepare]'"},
        "train": {"for": EXTRAS["train"], "missing": ["torch"], "install": "pip install 'visavox[train]'"},
    }
    assert versions()["torch"] is None and versions()["numpy"] == "1"


def test_an_extra_that_lacks_nothing_has_no_command(monkeypatch):
    installed = Message()
    installed["Requires-Dist"], installed["Provides-Extra"] = "shtab>=1.8; extra == 'completion'", "completion"
    monkeypatch.setattr(libraries, "metadata", lambda name: installed)
    monkeypatch.setattr(libraries, "version_of", lambda name: "1")
    assert extras() == {"completion": {"for": EXTRAS["completion"], "missing": [], "install": None}}


def test_every_extra_and_library_of_the_project_is_known():
    assert set(EXTRAS) == set(PROJECT["optional-dependencies"]) - {"dev"}
    everywhere = [each for each in PROJECT["dependencies"] if ";" not in each]  # Numba is needed on some systems only
    assert set(NEEDED) == {re.match(r"[\w.-]+", each).group() for each in everywhere}
