"""ONNX Runtime runs every configuration as PyTorch does, whatever the number of threads."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from tiny_model import RIG, tiny_config
from visavox.checkpoint import Checkpoint
from visavox.errors import DependencyError, OptionError
from visavox.io.assets import built_in_style, default_checkpoint, demo_recording
from visavox.io.audio import read_audio
from visavox.models.conditions import Conditions, NamedCondition
from visavox.models.face_config import FaceConfig
from visavox.models.face_model import FaceModel
from visavox.models.graphs.all import weight_shapes
from visavox.models.onnx_engine import OnnxEngine
from visavox.models.positions import sinusoid
from visavox.models.sizes import AudioEncoderConfig, HubertSizes, LipReaderConfig
from visavox.models.torch_engine import TorchEngine

TINY = tiny_config(identity=2)
NAMING = AudioEncoderConfig(width=8, fast_dilations=(1, 2), slow_dilations=(1, 2))
HUBERT = HubertSizes(width=32, layers=2, heads=4, feed_forward=24, conv_width=8, chunk=40, margin=8)
NAMED = (NamedCondition("mood", 3, "clip"), NamedCondition("face", 2, "frame"), NamedCondition("level", 1, "frame"))


def denoiser(**sizes) -> FaceConfig:
    return replace(TINY, denoiser=replace(TINY.denoiser, **sizes))


def style(**sizes) -> FaceConfig:
    return replace(TINY, style=replace(TINY.style, **sizes))


FAMILY = {
    "tiny": TINY,
    "names phones": replace(TINY, audio=NAMING),
    "reads lips": replace(TINY, audio=NAMING, lips=LipReaderConfig(encoder=8, width=12, dilations=(1, 3))),
    "HuBERT": replace(TINY, audio=HUBERT),
    "wide alignment": denoiser(align_width=3),
    "all audio": denoiser(align_width=16),
    "norms after": denoiser(norm_first=False),
    "padding heard": denoiser(hide_padding=False),
    "no indicator": denoiser(indicator=False),
    "as the paper's denoiser": denoiser(norm_first=False, hide_padding=False, align_width=2, heads=4, layers=3),
    "told more": denoiser(conditions=NAMED),
    "told more of clips": denoiser(conditions=NAMED[:1]),
    "no identity": tiny_config(identity=0),
    "constant row": style(positional="constant_row", layers=2),
    "norms before in style": style(norm_first=True),
    "style as wide as its encoder": replace(style(width=4), denoiser=TINY.denoiser),
}


def of(model: FaceModel) -> OnnxEngine:
    return OnnxEngine(model.config, model.weights(), model.statistics())


@pytest.fixture(params=FAMILY)
def engines(request):
    """PyTorch's engine and ONNX Runtime's, with the same random weights; also where training begins from zeros."""
    torch.manual_seed(1)
    model = FaceModel(FAMILY[request.param]).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    random = np.random.default_rng(0)
    model.normalizer.set_statistics(random.normal(size=len(RIG)), random.uniform(0.5, 2, len(RIG)))
    return TorchEngine(model), of(model)


def told(config: FaceConfig, batch: int, window: int, missing: tuple[str, ...] = ()) -> Conditions:
    random, sizes = np.random.default_rng(2), config.denoiser

    def some(*shape):
        return random.normal(size=shape).astype(np.float32)

    given = {
        "context": some(batch, sizes.context, sizes.channels),
        "context_audio": some(batch, sizes.context, sizes.width),
        "style": some(batch, sizes.style),
        "identity": some(batch, sizes.identity),
        "named": {entry.name: some(*entry.shape(batch, window)) for entry in sizes.conditions},
    }
    kept = {name: value for name, value in given.items() if name not in missing}
    exists = np.arange(window) < np.array([[window], [max(window - 3, 1)]])[:batch]
    return Conditions(some(batch, window, sizes.width), exists, **kept)


def test_sound_and_style_are_encoded_alike(engines):
    oracle, engine = engines
    random, config = np.random.default_rng(0), oracle.config
    for frames in (3, 20):
        shape = (640 * frames,) if isinstance(config.audio, HubertSizes) else (4 * frames, 80)
        sound = random.normal(size=shape).astype(np.float32)
        wanted, found = oracle.encode(sound), engine.encode(sound)
        assert [part.shape for part in found] == [part.shape for part in wanted] == [(frames, 16), (frames, len(config.lip_cues))]
        for one, other in zip(wanted, found, strict=True):
            np.testing.assert_allclose(other, one, atol=2e-5)
            assert other.dtype == np.float32
        motion = random.normal(size=(2, frames, 5)).astype(np.float32)
        np.testing.assert_allclose(engine.encode_style(motion), oracle.encode_style(motion), atol=1e-5)


@pytest.mark.parametrize("missing", [(), ("context", "context_audio"), ("style", "identity", "named")])
def test_windows_are_denoised_alike(engines, missing):
    """Under every set of conditions, told or null, also those that are missing, with padding, and in windows that are short."""
    oracle, engine = engines
    sizes = oracle.config.denoiser
    names = ["audio", "style", *(entry.name for entry in sizes.conditions)]
    branches = [frozenset(), frozenset(names[:1]), frozenset(names[1:]), frozenset(names)]
    for batch, window in ((2, sizes.window), (1, 3)):
        conditions = told(oracle.config, batch, window, missing)
        noisy = np.random.default_rng(3).normal(size=(batch, window, sizes.channels)).astype(np.float32)
        for chosen in (branches, branches[2:3], branches[3:]):
            wanted, found = (each.prepare(conditions, chosen) for each in engines)
            for step in (1, sizes.steps):
                x0 = engine.denoise(noisy, step, found, conditions.context)
                assert x0.shape == (len(chosen), batch, sizes.context + window, sizes.channels)
                np.testing.assert_allclose(x0, oracle.denoise(noisy, step, wanted, conditions.context), atol=3e-5)


def test_the_names_and_shapes_of_all_weights_are_known_without_pytorch(engines):
    oracle, engine = engines
    assert weight_shapes(engine.config) == {name: tuple(value.shape) for name, value in oracle.model.state_dict().items()}


def test_statistics_and_sizes_are_the_same(engines):
    oracle, engine = engines
    assert engine.config == oracle.config
    for one, other in ((oracle.motion, engine.motion), (oracle.identity, engine.identity)):
        assert np.array_equal(one.mean, other.mean) and np.array_equal(one.std, other.std)


def test_the_family_differs_in_what_it_makes():
    """A check that could not fail shows nothing: each configuration of the denoiser makes other motion of the same weights."""
    made = []
    for name in ("tiny", "padding heard", "wide alignment", "all audio"):
        torch.manual_seed(1)
        engine = of(FaceModel(FAMILY[name]))
        prepared = engine.prepare(told(engine.config, 2, 12), [frozenset({"audio", "style"})])
        made.append(engine.denoise(np.ones((2, 12, 5), np.float32), 7, prepared))
    assert all(np.abs(one - other).max() > 1e-3 for number, one in enumerate(made) for other in made[:number])


def test_positions_are_those_of_training():
    from visavox.models.layers import sinusoid as of_tensors

    for width in (8, 256):  # PyTorch's exponential differs in its last digit, which a step of 500 magnifies
        np.testing.assert_allclose(sinusoid(np.arange(501), width), of_tensors(torch.arange(501), width).numpy(), atol=4e-5)


def some_speech(seconds: float):
    return read_audio(demo_recording()).between(0.5, 0.5 + seconds)


@pytest.fixture(scope="module")
def shipped():
    from visavox.checkpoint import load

    return load(default_checkpoint())


def animators(checkpoint: Checkpoint, *engines):
    from visavox.animate import Animator
    from visavox.encoding import RecordingEncoder
    from visavox.gestures import gestures_of

    rest = checkpoint.usual_style, checkpoint.restoration, checkpoint.speaks
    gestures = gestures_of(checkpoint.rig, engines[0].config.lip_cues)
    return [Animator(engine, checkpoint.style_encoder, gestures, RecordingEncoder(engine), *rest) for engine in engines]


def test_finished_motion_of_the_shipped_model_is_pytorchs(shipped):
    """A cheap part of `benchmarks/engines.py`, which holds all styles and four seeds to the same 1e-4."""
    oracle, other = animators(shipped, TorchEngine(shipped.model()), shipped.engine())
    speech = some_speech(2.6)
    for seed, name in enumerate((None, "lively")):
        style = None if name is None else built_in_style(name)
        wanted, found = (each.animate(speech, style, seed=seed).values for each in (oracle, other))
        assert np.ptp(wanted) > 0.3, "a face that moves"
        np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_the_number_of_threads_changes_no_byte(shipped):
    made = [each.animate(some_speech(2.6), seed=1).values for each in animators(shipped, *(shipped.engine(count) for count in (1, 2, 3)))]
    assert made[0].tobytes() == made[1].tobytes() == made[2].tobytes()


def test_one_line_says_how_to_get_a_missing_runtime(monkeypatch, shipped):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(DependencyError, match="^ONNX Runtime cannot be loaded .*pip install onnxruntime$"):
        shipped.engine()


def test_where_only_pytorch_is_installed_it_runs_the_checkpoint(monkeypatch, shipped):
    from visavox.loading import engine_of

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert isinstance(engine_of(shipped), TorchEngine)


def test_samples_that_are_no_whole_frames_are_refused():
    engine = of(FaceModel(FAMILY["HuBERT"]))
    with pytest.raises(OptionError, match="650 samples are not whole motion frames of 640"):
        engine.encode(np.zeros(650, np.float32))
