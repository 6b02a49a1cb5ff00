"""Sound encoded block after block from what is remembered, against the encoding of all the sound so far."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tiny_model import tiny_config
from visavox.checkpoint import load
from visavox.engine import Remembers
from visavox.io.assets import default_checkpoint, demo_recording
from visavox.io.audio import read_audio
from visavox.models.face_config import FaceConfig
from visavox.models.face_model import FaceModel
from visavox.models.graphs.incremental import HALF, Blocks
from visavox.models.incremental_encoder import IncrementalEncoder
from visavox.models.log_mel import log_mel, normalise
from visavox.models.onnx_engine import OnnxEngine
from visavox.models.precision import FLOAT32, INT8
from visavox.models.sizes import AudioEncoderConfig, LipReaderConfig
from visavox.models.torch_engine import TorchEngine
from visavox.stream.encoding import Forgetful, block_encoder_of

AHEAD = 3
NAMING = AudioEncoderConfig(width=8, fast_dilations=(1, 4), slow_dilations=(1, 2))
FAMILY = {
    "tiny": tiny_config(identity=0),
    "names phones": replace(tiny_config(identity=0), audio=NAMING),
    "reads lips": replace(tiny_config(identity=0), audio=NAMING, lips=LipReaderConfig(encoder=8, width=12, dilations=(1, 3))),
}


def model_of(config: FaceConfig) -> FaceModel:
    torch.manual_seed(1)
    model = FaceModel(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return model


def engine_of(model: FaceModel) -> OnnxEngine:
    return OnnxEngine(model.config, model.weights(), model.statistics())


def followed(encoder, mel: np.ndarray, made: int) -> tuple[np.ndarray, np.ndarray]:
    """The features and cues of all blocks that the sound allows."""
    memory, found = encoder.start(), []
    for frame in range(0, len(mel) // 4 - made - AHEAD + 1, made):
        first = max(frame - encoder.past, 0)
        [(encoded, memory)] = encoder.encode([mel[4 * first : 4 * (frame + made + AHEAD)]], [memory])
        found.append([part[frame - first : frame - first + made] for part in encoded])
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def so_far(engine, mel: np.ndarray, made: int) -> tuple[np.ndarray, np.ndarray]:
    """The same of the whole past at every block."""
    return followed(Forgetful(engine, past=10_000), mel, made)


def speech(frames: int) -> np.ndarray:
    audio = read_audio(demo_recording())
    return normalise(log_mel(audio, 4 * frames))


@pytest.mark.parametrize("made", [1, 2, 4])
@pytest.mark.parametrize("name", FAMILY)
def test_with_all_that_the_networks_reach_it_is_the_encoding_of_all_sound_so_far(name, made):
    model = model_of(FAMILY[name])
    mel = np.random.default_rng(0).normal(size=(4 * 60, 80)).astype(np.float32)
    blocks = Blocks(made, AHEAD, seen=made + AHEAD + 2 * model.config.margin)
    encoder = IncrementalEncoder(model.config, model.weights(), blocks, remember="float32")
    for remembered, whole in zip(followed(encoder, mel, made), so_far(engine_of(model), mel, made), strict=True):
        assert remembered.shape == whole.shape and np.allclose(remembered, whole, atol=1e-5)


@pytest.mark.parametrize(("precision", "most"), [(FLOAT32, 0.04), (INT8, 0.06)])
def test_the_shipped_encoder_remembers_what_matters(precision, most):
    """Features and cues stay near those of all the sound so far, though only three frames of the past are encoded again."""
    engine = load(default_checkpoint()).engine(1, precision)
    mel = speech(80)
    for remembered, whole in zip(followed(engine.block_encoder(2, AHEAD), mel, 2), so_far(engine, mel, 2), strict=True):
        assert np.abs(remembered - whole).mean() < most * np.abs(whole).mean()
        assert not np.array_equal(remembered, whole)


def test_what_is_remembered_is_small_and_belongs_to_one_voice():
    engine = engine_of(model_of(FAMILY["reads lips"]))
    encoder, mel = engine.block_encoder(2, AHEAD), speech(40)
    assert engine.block_encoder(2, AHEAD) is encoder and encoder.start().dtype == np.dtype(HALF)
    before = followed(encoder, mel, 2)
    followed(encoder, mel[::-1].copy(), 2)
    assert all(np.array_equal(first, again) for first, again in zip(before, followed(encoder, mel, 2), strict=True))


def test_engines_that_remember_nothing_encode_the_past_again():
    torch_engine = TorchEngine(model_of(FAMILY["tiny"]))
    assert isinstance(block_encoder_of(torch_engine, 2, AHEAD), Forgetful) and isinstance(engine_of(model_of(FAMILY["tiny"])), Remembers)
