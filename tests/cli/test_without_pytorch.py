"""Whatever runs does so where PyTorch is not installed; whatever trains says which extra brings it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tiny_checkpoint import write_tiny_checkpoint
from visavox.io.motion import read_motion

SOURCE = Path(__file__).resolve().parents[2] / "src" / "visavox"
HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "transformers", "accelerate"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
"""
TRAINING = ("train.", "adapt.", "recipes.", "data.lips.", "data.material.", "rigs.heads.flame_skinning")
NETWORKS = {
    "audio_encoder", "denoiser", "face_model", "hubert", "layers", "lip_reader", "low_rank", "normalizer", "recogniser", "renormalisation",
    "style_encoder", "torch_engine", "weights_digest",
}  # fmt: skip


def without_pytorch(code: str, *arguments: str, at: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", HIDE + code, *arguments], cwd=at, capture_output=True, text=True)


def visavox(*arguments: str, at: Path) -> subprocess.CompletedProcess:
    return without_pytorch("from visavox.cli import main; sys.exit(main(sys.argv[1:]))", *arguments, at=at)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with speech.wav, short.wav and tiny.safetensors."""
    folder = tmp_path_factory.mktemp("without")
    tone = 0.2 * np.sin(2 * np.pi * 220 * np.arange(97_000) / 24_000)
    soundfile.write(folder / "speech.wav", tone, 24_000)
    soundfile.write(folder / "short.wav", tone[:6000], 24_000)
    write_tiny_checkpoint(folder / "tiny.safetensors")
    return folder


def test_only_networks_and_training_import_it(tmp_path):
    """Every module is imported, one after the other; those that cannot be are the ones that hold tensors."""
    names = [".".join(("visavox", *path.relative_to(SOURCE).with_suffix("").parts)) for path in SOURCE.rglob("*.py")]
    code = """
import importlib, json
failed = {}
for name in json.loads(sys.stdin.read()):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        failed[name] = error.name
print(json.dumps(failed))
"""
    names = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    done = subprocess.run([sys.executable, "-c", HIDE + code], input=json.dumps(names), cwd=tmp_path, capture_output=True, text=True)
    failed = json.loads(done.stdout)
    assert set(failed.values()) == {"torch"}, done.stderr
    where = {name.removeprefix("visavox.") for name in failed}
    running = {name for name in where if not name.startswith(TRAINING)}
    assert running == {f"models.{name}" for name in NETWORKS}


def test_sound_becomes_motion_with_few_libraries(folder):
    """From .wav to .npz and .csv neither SciPy, numba nor PyAV is loaded, each of which takes longer than a second of motion."""
    code = """
from visavox.cli import main
code = main(["animate", "speech.wav", "-o", sys.argv[1]])
print(code, [name for name in ("scipy", "numba", "av") if name in sys.modules])
"""
    for name in ("a.npz", "a.csv"):
        done = without_pytorch(code, name, at=folder)
        assert done.stdout.endswith("0 []\n"), done.stderr
    assert read_motion(folder / "a.npz").frames == 102


def test_style_export_and_pictures_are_made(folder):
    commands = [
        ["animate", "speech.wav", "-o", "b.npz", "--checkpoint", "tiny.safetensors"],
        ["style", "b.npz", "-o", "b.safetensors", "--checkpoint", "tiny.safetensors"],
        ["export", "b.npz", "-o", "b.bvh"],
        ["animate", "short.wav", "-o", "b.mp4", "--checkpoint", "tiny.safetensors", "--size", "64"],
        ["inspect", "tiny.safetensors"],
    ]
    code = "import json\nfrom visavox.cli import main\nsys.exit(any(main(each) for each in json.loads(sys.argv[1])))"
    done = without_pytorch(code, json.dumps(commands), at=folder)
    assert done.returncode == 0, done.stderr
    assert all((folder / name).stat().st_size for name in ("b.npz", "b.safetensors", "b.bvh", "b.mp4"))


def test_training_says_which_extra_brings_it(folder):
    done = visavox("train", "style", ".", "-o", "run", at=folder)
    line = done.stderr.strip().splitlines()
    assert done.returncode == 2 and line == ["visavox: this needs torch, which is not installed: pip install 'visavox[train]'"], done


def test_a_checkpoint_that_is_to_be_trained_says_so_too(folder):
    code = "from visavox.checkpoint import load\nload('tiny.safetensors').model()"
    said = without_pytorch(code, at=folder).stderr.splitlines()[-1]
    assert said == "visavox.errors.DependencyError: training needs torch, which is not installed: pip install 'visavox[train]'"


def test_neither_engine_installed_is_one_line(folder):
    code = "sys.modules['onnxruntime'] = None; from visavox.cli import main; sys.exit(main(sys.argv[1:]))"
    done = without_pytorch(code, "animate", "speech.wav", "-o", "c.npz", at=folder)
    assert done.returncode == 2 and done.stderr.startswith("visavox: ONNX Runtime cannot be loaded") and done.stderr.count("\n") == 1
    assert not (folder / "c.npz").exists()
