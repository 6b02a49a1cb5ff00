"""The curve formats byte by byte against golden files, which `make_golden.py` states by hand; others against `make_golden_by_ours.py`."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from make_golden import FRAMES, OPEN, PRESSED
from make_golden_by_ours import SAID, moved, small_head

from visavox.export import Setting, export
from visavox.io.gltf import read_gltf
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

FOLDER = Path(__file__).with_name("golden")


def motion_of(frames: list[dict], fps: float) -> Motion:
    motion = Motion(np.zeros((len(frames), len(ARKIT))), fps, ARKIT)
    for frame, weights in enumerate(frames):
        motion.values[frame, ARKIT.indices(weights)] = list(weights.values())
    return motion


@pytest.mark.parametrize("suffix", [".a2f.json", ".arkit.json", ".azure.json", ".bvh"])
def test_curves_are_the_golden_file(tmp_path, suffix):
    export(motion_of(FRAMES, 60), tmp_path / f"golden{suffix}", Setting(provenance={"seed": 1}))
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()


@pytest.mark.parametrize("suffix", [".tsv", ".xml", ".json"])
def test_mouth_cues_are_the_golden_file(tmp_path, suffix):
    mouth = motion_of([{}] * 4 + [OPEN] * 3 + [PRESSED] * 3, 10)
    export(mouth, tmp_path / f"golden{suffix}")
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()


def test_visemes_are_the_golden_file(tmp_path):
    export(moved(), tmp_path / "golden.visemes.json", Setting(provenance=SAID))
    there, kept = (json.loads((folder / "golden.visemes.json").read_text()) for folder in (tmp_path, FOLDER))
    assert np.allclose(there.pop("frames"), kept.pop("frames"), atol=1e-6) and there == kept


def test_parquet_has_the_columns_of_the_golden_file(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    export(moved(), tmp_path / "golden.parquet", Setting(provenance=SAID))
    there, kept = (parquet.read_table(folder / "golden.parquet") for folder in (tmp_path, FOLDER))
    assert there.schema.equals(kept.schema) and there.replace_schema_metadata(None).equals(kept.replace_schema_metadata(None))
    said = there.schema.metadata
    assert all(said[key] == value for key, value in kept.schema.metadata.items()) and b"visavox.rig" in said


def test_vrma_is_the_golden_file(tmp_path):
    """The document to the letter but for the program's name, the curves to float32."""
    export(moved(), tmp_path / "golden.vrma", Setting(provenance=SAID))
    there, kept = (read_gltf(folder / "golden.vrma") for folder in (tmp_path, FOLDER))
    assert there.document.keys() == kept.document.keys()
    for key in set(kept.document) - {"accessors"}:
        assert there.document[key] == kept.document[key], key
    assert np.allclose(np.frombuffer(there.binary, "<f4"), np.frombuffer(kept.binary, "<f4"), atol=1e-6)


def test_usda_is_the_golden_file(tmp_path):
    """Every line as the installed USD writes it, numbers to float32."""
    sdf = pytest.importorskip("pxr.Sdf", reason="usd-core is not installed")
    export(moved(), tmp_path / "golden.usda", Setting(head=small_head(), provenance=SAID))
    texts = [sdf.Layer.OpenAsAnonymous(str(folder / "golden.usda")).ExportToString() for folder in (tmp_path, FOLDER)]
    number = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
    assert number.sub("#", texts[0]) == number.sub("#", texts[1])
    there, kept = (np.array([float(found) for found in number.findall(text)]) for text in texts)
    assert np.allclose(there, kept, atol=1e-6)
