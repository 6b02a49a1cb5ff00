"""Files as torch.save writes them, by somebody who means harm: they take no more memory than they have bytes, and end in one line."""

import io
import pickle
import tracemalloc
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import torch

from optional_library import need

need("transformers")

from visavox.convert.diffposetalk import convert, read_denoiser  # noqa: E402
from visavox.errors import CheckpointError, FileError, OptionError  # noqa: E402
from visavox.io.torch_archive import read_torch_archive  # noqa: E402

NUMBERS = 100  # in the one storage


class Storage:
    """Stands for the numbers that lie beside the description."""


class Tensor:
    """Pickles as a tensor of the one storage, whatever its shape and strides say."""

    def __init__(self, shape: tuple, strides: tuple):
        self.said = shape, strides

    def __reduce__(self):
        return torch._utils._rebuild_tensor_v2, (Storage(), 0, *self.said, False, OrderedDict())


class Describe(pickle.Pickler):
    def persistent_id(self, value):
        return ("storage", torch.FloatStorage, "0", "cpu", NUMBERS) if isinstance(value, Storage) else None


def archive(path, weights: dict, options: dict | None = None):
    """A denoiser's file with tensors of these names, (shape, strides), and these options."""
    described = io.BytesIO()
    tensors = {name: Tensor(*said) for name, said in weights.items()}
    Describe(described, 2).dump({"args": options or {}, "model": tensors, "iter": 7})
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a/data.pkl", described.getvalue())
        file.writestr("a/data/0", np.arange(NUMBERS, dtype="<f4").tobytes())
    return path


def test_the_file_is_read_when_it_is_not_hostile(tmp_path):
    stored = read_torch_archive(archive(tmp_path / "a.pt", {"x": ((2, 3), (3, 1))}, {"n_heads": 4}))
    assert stored["model"]["x"].tolist() == [[0, 1, 2], [3, 4, 5]] and stored["args"] == {"n_heads": 4} and stored["iter"] == 7


@pytest.mark.parametrize("weights", [
    {"x": ((10**11,), (0,))}, {"x": ((10**6, 10**6), (0, 0))}, {"x": ((0, 2**62), (1, 1))}, {"x": ((-1,), (1,))}, {"x": ((101,), (1,))},
    {"x": ((2,), (-1,))}, {"x": ((2, 2), (1,))}, {"x": ((2.5,), (1,))}, {"x": ("ab", (1, 1))},
    {str(place): ((100,), (1,)) for place in range(5000)},
])  # fmt: skip
def test_tensors_larger_than_the_file_are_not_made(tmp_path, weights):
    path = archive(tmp_path / "a.pt", weights)
    tracemalloc.start()
    with pytest.raises(FileError, match="a.pt is damaged"):
        read_torch_archive(path)
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()


SIZES = {
    "start_motion_feat": (1, 1, 54), "null_style_feat": (1, 1, 1), "denoising_net.PE": (1, 3, 1),
    "denoising_net.person_proj.weight": (2, 1),
    "denoising_net.transformer.layers.0.linear1.weight": (2, 1), "denoising_net.feature_proj.weight": (1, 55),
    "audio_encoder.feature_projection.projection.weight": (16, 2),
    "audio_encoder.encoder.layers.0.feed_forward.intermediate_dense.weight": (2, 1),
}  # fmt: skip
CHANGES = [
    {}, {"null_style_feat": ()}, {"denoising_net.PE": ()}, {"denoising_net.person_proj.weight": (2, 2, 2)}, {"denoising_net.PE": (1, 0)},
    {"denoising_net.transformer.layers.5": (1,)}, {"audio_encoder.feature_projection.projection.weight": ()},
    {"diffusion_sched.betas": ()}, {f"denoising_net.transformer.layers.{place}.x": (1,) for place in range(300)}, {5: (1,)},
]  # fmt: skip
OPTIONS = [
    {}, {"n_heads": "8"}, {"n_heads": 10**30}, {"n_heads": -1}, {"n_diff_steps": 10**9}, {"n_diff_steps": [1]}, {"align_mask_width": 0.5},
    {5: 5}, {"x": float("nan")}, {"target": []}, {"target": "\ud800"},
]  # fmt: skip


CASES = [(change, {"n_heads": 1}) for change in CHANGES] + [({}, options) for options in OPTIONS]


@pytest.mark.parametrize(("change", "options"), CASES)
def test_names_and_options_that_no_network_has(tmp_path, change, options):
    sizes = {name: (shape, tuple(range(len(shape)))) for name, shape in (SIZES | change).items()}
    with pytest.raises((CheckpointError, OptionError)) as caught:
        convert(read_denoiser(archive(tmp_path / "a.pt", sizes, options)), None, {})
    assert str(caught.value).isprintable()
