"""Every format against its golden file, which nothing of ours wrote: text to the byte, other formats by what lies in them.

`make_golden` states the text formats by hand, `make_golden_files` authors the others with the libraries of their makers.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from make_golden import FRAMES, OPEN, PRESSED
from make_golden_files import EYES, ON_HEAD, PIVOT, POINTS, SAID, SHAPES_CM, SPOKEN, TRIANGLES

from visavox.export import Accompaniment, export
from visavox.io.gltf import read_gltf
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head

FOLDER = Path(__file__).with_name("golden")


def motion_of(frames: list[dict], fps: float) -> Motion:
    motion = Motion(np.zeros((len(frames), len(ARKIT))), fps, ARKIT)
    for frame, weights in enumerate(frames):
        motion.values[frame, ARKIT.indices(weights)] = list(weights.values())
    return motion


def small_head() -> Head:
    """The head of 14 points of `make_golden_files`."""
    shapes = np.zeros((len(SHAPES), len(POINTS), 3), np.float32)
    for name, moved in SHAPES_CM.items():
        shapes[SHAPES.index(name), list(moved), 1] = np.array(list(moved.values())) / 100
    points = np.float32(POINTS) / 100
    return Head(
        ARKIT, ("neutral",), SHAPES, (), ("skin", "eyes"), np.array(TRIANGLES), np.array([0, 0, 0, 1, 1]), np.arange(len(points)),
        np.zeros((len(points), 2), np.float32), points[None], shapes, np.zeros((4, len(points), 3), np.float32),
        np.zeros((0, len(points), 3), np.float32), np.float32(ON_HEAD), np.float32(PIVOT) / 100, np.float32([EYES]) / 100,
        np.full((1, 2), 0.012, np.float32), np.full((2, 4), 0.489, np.float32), np.array([0, 3, 1, 2, 6, 7]), np.array([[6, 1], [7, 2]]),
    )  # fmt: skip


@pytest.mark.parametrize("suffix", [".a2f.json", ".arkit.json", ".azure.json", ".bvh"])
def test_curves_are_the_golden_file(tmp_path, suffix):
    export(motion_of(FRAMES, 60), tmp_path / f"golden{suffix}", Accompaniment(provenance={"seed": 1}))
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()


@pytest.mark.parametrize("suffix", [".tsv", ".xml", ".json"])
def test_mouth_cues_are_the_golden_file(tmp_path, suffix):
    mouth = motion_of([{}] * 4 + [OPEN] * 3 + [PRESSED] * 3, 10)
    export(mouth, tmp_path / f"golden{suffix}")
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()


def test_visemes_are_the_golden_file(tmp_path):
    export(motion_of(SPOKEN, 60), tmp_path / "golden.visemes.json", Accompaniment(provenance=SAID))
    there, kept = (json.loads((folder / "golden.visemes.json").read_text()) for folder in (tmp_path, FOLDER))
    assert np.allclose(there.pop("frames"), kept.pop("frames"), atol=1e-6) and there == kept


def test_motion_files_hold_the_arrays_of_the_golden_file(tmp_path):
    export(motion_of(FRAMES, 60), tmp_path / "golden.npz", Accompaniment(provenance=SAID))
    with np.load(tmp_path / "golden.npz") as there, np.load(FOLDER / "golden.npz") as kept:
        assert set(kept) < set(there) and all(np.array_equal(there[name], kept[name]) for name in kept)


def test_parquet_has_the_columns_of_the_golden_file(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    export(motion_of(FRAMES, 60), tmp_path / "golden.parquet", Accompaniment(provenance=SAID))
    there, kept = (parquet.read_table(folder / "golden.parquet") for folder in (tmp_path, FOLDER))
    assert there.schema.equals(kept.schema) and there.replace_schema_metadata(None).equals(kept.replace_schema_metadata(None))
    said = there.schema.metadata
    assert all(said[key] == value for key, value in kept.schema.metadata.items()) and b"visavox.rig" in said


@pytest.mark.parametrize(("name", "frames"), [("golden.vrma", SPOKEN), ("golden.glb", FRAMES)])
def test_gltf_moves_as_the_golden_file(tmp_path, name, frames):
    """The same nodes under the same parents, the same extension, the same curves to float32."""
    pygltflib = pytest.importorskip("pygltflib")
    character = None if name.endswith(".vrma") else read_gltf(Path(__file__).with_name("character.glb"))
    export(motion_of(frames, 60), tmp_path / name, Accompaniment(character=character, provenance=SAID))
    there, kept = (_moving(pygltflib.GLTF2().load_from_bytes((folder / name).read_bytes())) for folder in (tmp_path, FOLDER))
    curves, expected = there.pop("curves"), kept.pop("curves")
    assert there == kept and curves.keys() == expected.keys()
    for key, values in expected.items():
        turned = key[1] == "rotation" and (values * curves[key]).sum() < 0  # a quaternion and its negative are one turn
        assert np.allclose(-curves[key] if turned else curves[key], values, atol=1e-6), key


def _moving(file) -> dict:
    """What a golden glTF states: nodes, extension, extras, and the curves of its first animation by node and path."""
    said = {
        "nodes": [(node.name, node.translation, node.rotation, node.children, node.mesh) for node in file.nodes],
        "extension": file.extensions, "used": file.extensionsUsed, "extras": file.asset.extras, "scene": file.scenes[0].nodes,
        "animations": [animation.name for animation in file.animations],
    }  # fmt: skip
    speech, curves = file.animations[0], {}
    for channel in speech.channels:
        sampler = speech.samplers[channel.sampler]
        assert sampler.interpolation in (None, "LINEAR")
        times, values = (_floats(file, accessor) for accessor in (sampler.input, sampler.output))
        curves[file.nodes[channel.target.node].name, channel.target.path] = np.concatenate([times, values])
    return said | {"curves": curves}


def _floats(file, accessor: int) -> np.ndarray:
    entry = file.accessors[accessor]
    count = entry.count * {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[entry.type]
    start = file.bufferViews[entry.bufferView].byteOffset + (entry.byteOffset or 0)
    assert entry.componentType == 5126
    return np.frombuffer(file.binary_blob(), "<f4", count, start)


def test_usda_is_the_golden_file(tmp_path):
    """Every line as the installed USD writes it, numbers to float32."""
    sdf = pytest.importorskip("pxr.Sdf", reason="usd-core is not installed")
    export(motion_of(FRAMES, 60), tmp_path / "golden.usda", Accompaniment(head=small_head(), provenance=SAID))
    texts = [sdf.Layer.OpenAsAnonymous(str(folder / "golden.usda")).ExportToString() for folder in (tmp_path, FOLDER)]
    number = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
    assert number.sub("#", texts[0]) == number.sub("#", texts[1])
    there, kept = (np.array([float(found) for found in number.findall(text)]) for text in texts)
    assert np.allclose(there, kept, atol=1e-6)
