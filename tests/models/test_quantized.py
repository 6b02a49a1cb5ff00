"""Products in whole numbers of 8 bits: exact where they can be, near elsewhere, and of each row alone."""

import numpy as np
import pytest

import visavox
from visavox import loading
from visavox.checkpoint import load
from visavox.cli import main
from visavox.errors import OptionError
from visavox.io.assets import default_checkpoint, demo_recording
from visavox.models.conditions import Conditions
from visavox.models.graphs.graph import Graph
from visavox.models.graphs.layers import linear
from visavox.models.graphs.quantized import MOST, NARROWEST, products_are_exact
from visavox.models.graphs.session import Session
from visavox.models.precision import FLOAT32, INT8

exact = pytest.mark.skipif(not products_are_exact(), reason="this processor has no instructions for int8")


@pytest.fixture(scope="module")
def engines():
    checkpoint = load(default_checkpoint())
    return {precision: checkpoint.engine(1, precision) for precision in (FLOAT32, INT8)}


def mapped(rows: np.ndarray, weight: np.ndarray, bias: np.ndarray, quantized: bool) -> np.ndarray:
    graph = Graph(quantized)
    graph.output("mapped", linear(graph, graph.input("rows", ("B", rows.shape[1])), "layer", weight.shape), 2)
    return Session(graph, {"layer.weight": weight, "layer.bias": bias})({"rows": rows})["mapped"]


def some(*shape, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@exact
def test_whole_numbers_are_multiplied_without_a_loss():
    """Rows and columns whose largest value is 127 are their own whole numbers."""
    random = np.random.default_rng(0)
    rows, weight = (random.integers(-MOST, MOST + 1, shape).astype(np.float32) for shape in ((5, 192), (160, 192)))
    rows[:, 3], weight[:, 7], bias = MOST, -MOST, some(160)
    np.testing.assert_allclose(mapped(rows, weight, bias, True), rows @ weight.T + bias, rtol=1e-6, atol=0.1)


@exact
def test_a_row_is_rounded_by_its_own_largest_value():
    """Rows of very different size are all multiplied to within a hundredth of their own size, and one of zeros is 0."""
    rows, weight, bias = some(4, 256) * np.float32([[1e-3], [1], [1e4], [0]]), some(256, 256, seed=1), np.zeros(256, np.float32)
    made, wanted = mapped(rows, weight, bias, True), rows @ weight.T
    error = np.abs(made - wanted)[:3].std(1) / wanted[:3].std(1)
    assert (error < 0.01).all() and (error > 1e-4).all() and not made[3].any()


def test_narrow_maps_stay_as_they_are():
    rows, weight, bias = some(3, NARROWEST - 1), some(256, NARROWEST - 1), some(256)
    assert mapped(rows, weight, bias, True).tobytes() == mapped(rows, weight, bias, False).tobytes()


@exact
def test_what_is_drawn_of_a_window_does_not_depend_on_its_neighbours_in_the_batch(engines):
    engine = engines[INT8]
    sizes, branches, noisy = engine.config.denoiser, [frozenset({"audio", "style"})], some(3, 40, 55)
    sounds, before, style = some(3, 40, sizes.width), some(3, sizes.context, sizes.channels), some(3, sizes.style)
    every = Conditions(sounds, np.ones((3, 40), bool), style=style)
    alone = Conditions(sounds[1:2], np.ones((1, 40), bool), style=style[1:2])
    together = engine.denoise(noisy, 250, engine.prepare(every, branches), before)[0, 1]
    assert together.tobytes() == engine.denoise(noisy[1:2], 250, engine.prepare(alone, branches), before[1:2])[0, 0].tobytes()
    exactly = engines[FLOAT32]
    other = exactly.denoise(noisy, 250, exactly.prepare(every, branches), before)[0, 1]
    assert 1e-4 < np.sqrt(np.square(together - other).mean()) < 0.02


@exact
def test_the_mouth_of_finished_motion_is_nearly_that_of_float32():
    audio = visavox.read_audio(demo_recording()).between(0.5, 3.1)
    made = [
        visavox.load(precision=precision, threads=threads).animate(audio) for precision, threads in ((FLOAT32, 1), (INT8, 1), (INT8, 2))
    ]
    assert made[1].values.tobytes() == made[2].values.tobytes() != made[0].values.tobytes()
    for name in ("jawOpen", "mouthPucker", "mouthClose"):
        assert np.abs(made[1].channel(name) - made[0].channel(name)).max() < 0.1 < np.ptp(made[0].channel(name))


@pytest.mark.parametrize(("possible", "usual"), [(True, INT8), (False, FLOAT32)])
def test_int8_is_usual_where_the_processor_has_instructions_for_it(monkeypatch, possible, usual):
    monkeypatch.setattr(loading, "products_are_exact", lambda: possible)
    assert visavox.load(threads=1).engine.precision == usual
    assert visavox.load(threads=1, precision=FLOAT32).engine.precision == FLOAT32


def test_a_precision_that_there_is_none_of_is_refused_before_anything_is_read(tmp_path, monkeypatch, capsys):
    with pytest.raises(OptionError, match="no precision 'int4'; choose float32 or int8"):
        visavox.load("nowhere.safetensors", precision="int4")
    monkeypatch.chdir(tmp_path)
    assert main(["animate", str(demo_recording()), "-o", "a.npz", "--precision", "fp16"]) == 2
    assert "no precision 'fp16'" in capsys.readouterr().err and not list(tmp_path.iterdir())


@exact
def test_pieces_of_a_recording_are_encoded_as_the_whole(engines):
    engine, mel = engines[INT8], some(4 * 400, 80)
    margin = engine.config.margin
    whole, piece = engine.encode(mel)[0], engine.encode(mel[4 * 100 :])[0]
    assert whole[100 + margin : -margin].tobytes() == piece[margin:-margin].tobytes()
    wanted = engines[FLOAT32].encode(mel)[0]
    assert 1e-4 < np.sqrt(np.square(whole - wanted).mean()) / wanted.std() < 0.05
