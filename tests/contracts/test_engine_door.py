"""The door of engines: whatever runs the networks of a model keeps these promises, with PyTorch's engine as the oracle."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from gaussian_engine import GaussianEngine
from tiny_checkpoint import tiny_checkpoint
from visavox.animate import Animator
from visavox.audio import Audio
from visavox.models.conditions import Conditions
from visavox.models.torch_engine import TorchEngine
from visavox.sampling import Sampling

FAMILY = {"pretend": GaussianEngine, "PyTorch": lambda: TorchEngine(tiny_checkpoint().model()), "ONNX": lambda: tiny_checkpoint().engine()}
SOUND = np.random.default_rng(0).normal(size=(4 * 20, 80)).astype(np.float32)


@pytest.fixture(params=FAMILY)
def engine(request):
    return FAMILY[request.param]()


def conditions(engine, seed: int = 0) -> Conditions:
    sizes, random = engine.config.denoiser, np.random.default_rng(seed)

    def some(*shape):
        return random.normal(size=shape).astype(np.float32)

    audio = some(2, sizes.window, sizes.width)
    valid = np.ones((2, sizes.window), np.float32)
    context = some(2, sizes.context, sizes.channels)
    return Conditions(audio, valid, context, some(2, sizes.context, sizes.width), some(2, sizes.style))


def test_one_pass_gives_features_and_cues_frame_by_frame(engine):
    features, cues = engine.encode(SOUND)
    assert features.shape == (20, engine.config.denoiser.width) and cues.shape == (20, len(engine.config.lip_cues))
    assert features.dtype == cues.dtype == np.float32 and np.isfinite(features).all()
    again = engine.encode(SOUND)
    assert np.array_equal(again[0], features) and np.array_equal(again[1], cues)


def test_each_branch_is_an_x0_of_context_and_window(engine):
    sizes, branches = engine.config.denoiser, [frozenset(), frozenset({"audio"}), frozenset({"audio", "style"})]
    noisy = np.random.default_rng(1).normal(size=(2, sizes.window, sizes.channels)).astype(np.float32)
    prepared = engine.prepare(conditions(engine), branches)
    context = conditions(engine).context
    first, second = (engine.denoise(noisy, step, prepared, context) for step in (sizes.steps, 1))
    assert first.shape == (3, 2, sizes.context + sizes.window, sizes.channels) and first.dtype == np.float32
    assert not np.array_equal(first, second), "the step is told"
    assert np.array_equal(engine.denoise(noisy, sizes.steps, prepared, context), first), "what is prepared serves many steps"
    other = engine.denoise(noisy, sizes.steps, prepared, context + 1)
    assert not np.array_equal(other, first) and other.shape == first.shape, "and many contexts"


def test_several_threads_may_ask_at_once(engine):
    sizes, branches = engine.config.denoiser, [frozenset({"audio", "style"})]
    noisy = np.random.default_rng(1).normal(size=(8, 2, sizes.window, sizes.channels)).astype(np.float32)
    prepared, context = engine.prepare(conditions(engine), branches), conditions(engine).context
    alone = [engine.denoise(each, 3, prepared, context) for each in noisy]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: engine.denoise(each, 3, prepared, context), noisy))
    assert np.array_equal(alone, together)


def test_a_short_window_needs_no_padding(engine):
    """A stream denoises two frames at a time: positions and audio are those of the first frames of a usual window."""
    sizes, branches, whole = engine.config.denoiser, [frozenset({"audio", "style"})], conditions(engine)
    noisy = np.random.default_rng(1).normal(size=(2, 2, sizes.channels)).astype(np.float32)
    short = replace(whole, audio=whole.audio[:, :2], valid=whole.valid[:, :2])
    made = engine.denoise(noisy, sizes.steps, engine.prepare(short, branches), short.context)
    assert made.shape == (1, 2, sizes.context + 2, sizes.channels) and np.isfinite(made).all()
    alone = replace(short, **{name: getattr(short, name)[:1] for name in ("audio", "valid", "context", "context_audio", "style")})
    again = engine.denoise(noisy[:1], sizes.steps, engine.prepare(alone, branches), alone.context)
    assert np.allclose(again[:, 0], made[:, 0], atol=1e-5), "takes do not depend on one another"


def test_branches_do_not_depend_on_one_another(engine):
    noisy = np.zeros((2, engine.config.denoiser.window, engine.config.denoiser.channels), np.float32)
    told, both = conditions(engine), frozenset({"audio", "style"})
    alone = engine.denoise(noisy, 5, engine.prepare(told, [both]), told.context)[0]
    together = engine.denoise(noisy, 5, engine.prepare(told, [both, both]), told.context)
    assert np.allclose(together[0], alone, atol=1e-5) and np.allclose(together[1], alone, atol=1e-5)


def test_statistics_go_there_and_back(engine):
    values = np.random.default_rng(2).normal(size=(7, engine.config.denoiser.channels)).astype(np.float32)
    assert np.allclose(engine.motion.restore(engine.motion.normalise(values)), values, atol=1e-5)
    assert engine.motion.moving().shape == (engine.config.denoiser.channels,)


def test_an_animator_drives_any(engine):
    audio = Audio(np.random.default_rng(3).normal(0, 0.1, 16000).astype(np.float32), 16000)
    motion = Animator(engine, "any").animate(audio, sampling=Sampling(steps=3))
    assert motion.frames == 25 and motion.rig == engine.config.rig and np.isfinite(motion.values).all()


def test_driving_an_engine_needs_no_framework():
    code = "import sys, visavox.animate, visavox.engine, visavox.encoding; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
