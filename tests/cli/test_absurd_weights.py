"""Weights that are numbers and make none: the error names the checkpoint."""

import numpy as np
import safetensors
import safetensors.numpy

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main


def test_finite_but_absurd_weights_are_blamed_on_their_file(tmp_path, capsys):
    path = write_tiny_checkpoint(tmp_path / "tiny.safetensors")
    with safetensors.safe_open(path, "numpy") as file:
        header = file.metadata()
    weights = safetensors.numpy.load_file(path)
    rng = np.random.Generator(np.random.PCG64(0))
    for name, array in weights.items():
        if not name.startswith("style") and array.dtype.kind == "f":
            weights[name] = (rng.choice([-1, 1], array.shape) * (6e4 if array.dtype == np.float16 else 1e38)).astype(array.dtype)
    safetensors.numpy.save_file(weights, tmp_path / "absurd.safetensors", metadata=header)
    recordings.write_with_libsndfile(tmp_path / "a.wav", 0.5, 16000)
    command = ["animate", str(tmp_path / "a.wav"), "-o", str(tmp_path / "a.npz"), "--checkpoint", str(tmp_path / "absurd.safetensors")]
    assert main([*command, "--steps", "2"]) == 2
    said = capsys.readouterr().err
    assert "'absurd' makes motion that is not a number" in said and not (tmp_path / "a.npz").exists()
