"""Checkpoints: what is saved is loaded, and anything else is refused by one line that names the file."""

import json
import os
import pickle
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint
from visavox.audio import Audio
from visavox.calibration import Calibration
from visavox.checkpoint import Checkpoint, inspect, load, save
from visavox.errors import CheckpointError, OptionError, RigError
from visavox.history import Source, Training
from visavox.io.assets import built_in_style, default_checkpoint
from visavox.io.style import write_style
from visavox.io.tensors import read_header, read_tensors, write_tensors
from visavox.loading import load as load_animator
from visavox.models.conditions import NamedCondition
from visavox.models.denoiser import Denoiser
from visavox.models.face_config import paper_config, small_config
from visavox.models.style_encoder import StyleEncoder
from visavox.models.torch_engine import TorchEngine
from visavox.recipes.default_calibration import CALIBRATION
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT
from visavox.style import Style


def some_checkpoint(seed: int = 0) -> Checkpoint:
    random = np.random.default_rng(seed)
    weights = {
        "style_encoder.mix.weight": random.normal(size=(8, 4)),
        "style_encoder.mix.bias": random.normal(size=8),
        "denoiser.out.weight": random.normal(size=(3, 5)),
    }
    statistics = {"mean": [0.1, 1 / 3], "scale": [1.0, 2.0]}
    return Checkpoint(weights, {"width": 8}, ARKIT, 25.0, 16000, statistics, (Training({"steps": 10}, "data-1"),), "CC0-1.0")


def test_a_checkpoint_comes_back(tmp_path):
    saved = some_checkpoint()
    save(saved, tmp_path / "a.safetensors")
    loaded = load(tmp_path / "a.safetensors")
    assert loaded.header() == saved.header() and loaded.rig == ARKIT and loaded.statistics["mean"][1] == 1 / 3
    assert sorted(loaded.weights) == sorted(saved.weights)
    for name, array in saved.weights.items():
        assert loaded.weights[name].dtype == np.float32 and np.array_equal(loaded.weights[name], array)
    assert os.listdir(tmp_path) == ["a.safetensors"]


def test_saving_twice_is_the_same_bytes(tmp_path):
    for name in "ab":
        save(some_checkpoint(), tmp_path / f"{name}.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_matrices_are_stored_in_half_and_vectors_in_full(tmp_path):
    save(some_checkpoint(), tmp_path / "a.safetensors")
    stored, _ = read_tensors(tmp_path / "a.safetensors")
    assert {name: str(array.dtype) for name, array in stored.items()} == {
        "style_encoder.mix.weight": "float16",
        "style_encoder.mix.bias": "float32",
        "denoiser.out.weight": "float16",
    }


def test_the_header_is_read_without_the_weights(tmp_path):
    save(some_checkpoint(), tmp_path / "a.safetensors")
    data = (tmp_path / "a.safetensors").read_bytes()
    length = int.from_bytes(data[:8], "little")
    (tmp_path / "head.safetensors").write_bytes(data[: 8 + length].ljust(len(data), b"\xff"))  # as numbers, none
    assert inspect(tmp_path / "head.safetensors") == some_checkpoint().header()


def test_the_fingerprint_follows_the_style_encoder_and_nothing_else():
    checkpoint = some_checkpoint()
    other = {**checkpoint.weights, "denoiser.out.weight": np.zeros((3, 5))}
    assert replace(checkpoint, weights=other).style_encoder == checkpoint.style_encoder
    changed = {**checkpoint.weights, "style_encoder.mix.bias": np.zeros(8)}
    assert replace(checkpoint, weights=changed).style_encoder != checkpoint.style_encoder
    assert replace(checkpoint, config={"width": 9}).style_encoder != checkpoint.style_encoder


def test_weights_that_half_precision_cannot_hold_are_refused(tmp_path):
    checkpoint = replace(some_checkpoint(), weights={"big": np.full((2, 2), 1e6)})
    with pytest.raises(CheckpointError, match="big"):
        save(checkpoint, tmp_path / "a.safetensors")
    assert os.listdir(tmp_path) == []


def bad_checkpoint(path, kind):
    """Writes a file that is wrong in one way."""
    good = path.with_name("good.safetensors")
    save(some_checkpoint(), good)
    whole, header = good.read_bytes(), read_header(good)
    arrays, _ = read_tensors(good)
    if kind == "truncated":
        path.write_bytes(whole[:-10])
    elif kind == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "empty":
        path.touch()
    elif kind == "version":
        write_tensors(arrays, header | {"version": 4}, path)
    elif kind == "style":
        write_style(Style(np.zeros(4), "e"), path)
    elif kind == "no rig":
        write_tensors(arrays, {key: value for key, value in header.items() if key != "rig"}, path)
    elif kind == "bad rig":
        write_tensors(arrays, header | {"rig": {"name": "x", "channels": [{}]}}, path)
    elif kind == "swapped":
        write_tensors(arrays | {"style_encoder.mix.bias": np.ones(8, np.float32)}, header, path)
    elif kind == "pickle":
        path.write_bytes(pickle.dumps(arrays))
    elif kind == "torch":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", b"x")
    elif kind == "text":
        path.write_text("this is not a model, it is a text")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "does not exist"),
        ("empty", "truncated"),
        ("truncated", "truncated"),
        ("half", "truncated"),
        ("version", "checkpoint version 4, this Visavox reads 3"),
        ("style", "is a style, not a checkpoint"),
        ("no rig", "lacks rig;"),
        ("bad rig", r"lacks channels\[0\].low"),
        ("swapped", "does not hold the style encoder"),
        ("pickle", "is a pickle"),
        ("torch", "is a pickle"),
        ("text", "not a .safetensors file"),
    ],
)
def test_a_bad_checkpoint_is_refused_by_one_line(tmp_path, kind, says):
    path = tmp_path / "bad.safetensors"
    bad_checkpoint(path, kind)
    with pytest.raises(CheckpointError, match=says) as caught:
        load(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def model_checkpoint() -> Checkpoint:
    return tiny_checkpoint()


def test_a_model_comes_back_and_says_the_same(tmp_path, model_checkpoint):
    save(model_checkpoint, tmp_path / "a.safetensors")
    first, second = (TorchEngine(each.model()) for each in (model_checkpoint, load(tmp_path / "a.safetensors")))
    mel, motion = np.ones((40, 80), np.float32), np.ones((1, 20, len(ARKIT)), np.float32)
    assert all(map(np.array_equal, first.encode(mel), second.encode(mel)))
    assert np.array_equal(first.encode_style(motion), second.encode_style(motion))
    assert np.array_equal(first.motion.restore(motion), second.motion.restore(motion))
    assert not second.model.training and second.config.rig == ARKIT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: {"weights": {k: v for k, v in c.weights.items() if k != "null_style"}}, r"1 \(null_style\) missing"),
        (lambda c: {"weights": {**c.weights, "ear": np.zeros(3)}}, r"1 \(ear\) extra"),
        (lambda c: {"weights": {**c.weights, "null_style": np.zeros((1, 9))}}, r"1 \(null_style\) of another shape"),
        (lambda c: {"statistics": {"mean": [0.0]}}, "statistics hold"),
        (lambda c: {"statistics": {**c.statistics, "std": [1.0]}}, "do not fit 55 channels"),
        (lambda c: {"config": {**c.config, "ear": {}}}, "too much ear"),
        (lambda c: {"config": {"audio": c.config["audio"]}}, "lacks denoiser, style"),
        (lambda c: {"rig": Rig("less", ARKIT.channels[:9])}, "do not fit rig 'less'"),
    ],
)
def test_a_checkpoint_that_does_not_fit_together_is_refused(tmp_path, model_checkpoint, change, says):
    save(replace(model_checkpoint, **change(model_checkpoint)), tmp_path / "a.safetensors")
    for engine in (Checkpoint.model, Checkpoint.engine):
        with pytest.raises(CheckpointError, match=says) as caught:
            engine(load(tmp_path / "a.safetensors"))
        assert str(tmp_path / "a.safetensors") in str(caught.value)


def test_a_pt_file_is_called_a_pickle_whatever_it_holds(tmp_path):
    (tmp_path / "model.pt").write_bytes(b"anything at all")
    with pytest.raises(CheckpointError, match="is a pickle"):
        load(tmp_path / "model.pt")


def test_a_flipped_byte_in_the_header_is_refused_or_harmless(tmp_path):
    save(some_checkpoint(), tmp_path / "a.safetensors")
    data = bytearray((tmp_path / "a.safetensors").read_bytes())
    refused = 0
    for position in range(0, int.from_bytes(data[:8], "little"), 97):
        data[position] ^= 0x21
        (tmp_path / "b.safetensors").write_bytes(data)
        data[position] ^= 0x21
        try:
            load(tmp_path / "b.safetensors")
        except CheckpointError:
            refused += 1
    assert refused > 10


def version_1(checkpoint: Checkpoint) -> dict:
    """The header that the first version wrote."""
    new = checkpoint.header()
    kept = {name: new[name] for name in ("kind", "precision", "fps", "sample_rate", "rig", "config", "style_encoder", "statistics")}
    return kept | {"version": 1, "licence": "CC0-1.0; trained on hums", "recipe": {"name": "hums", "steps": 10}, "data": "0123"}


def test_a_checkpoint_of_version_1_opens_and_says_that_it_kept_no_history(tmp_path, model_checkpoint):
    path = tmp_path / "old.safetensors"
    save(model_checkpoint, path)
    arrays, _ = read_tensors(path)
    write_tensors(arrays, version_1(model_checkpoint), path)
    old = load(path)
    assert old.licence == "CC0-1.0; trained on hums" and old.recipe == {"name": "hums", "steps": 10} and old.data == "0123"
    assert not old.calibration.channels and old.usual_style is None and "before checkpoints kept a history" in old.history[0].note
    motion = np.random.default_rng(0).normal(size=(1, 20, len(ARKIT))).astype(np.float32)
    assert np.array_equal(old.restoration(motion), model_checkpoint.model().normalizer.restore(motion))
    save(old, tmp_path / "new.safetensors")
    assert load(tmp_path / "new.safetensors").header() == old.header()


def test_a_checkpoint_of_version_2_opens_under_the_names_that_its_weights_have_now(tmp_path, model_checkpoint):
    imitated = replace(model_checkpoint.history[0], distilled_from=({"name": "whisper", "licence": "MIT"},))
    model_checkpoint = replace(model_checkpoint, history=(imitated,))
    path, streaming = tmp_path / "old.safetensors", {"audio_encoder.stem.weight": model_checkpoint.weights["audio_encoder.stem.weight"] / 2}
    save(replace(model_checkpoint, streaming=streaming), path)
    arrays, header = read_tensors(path)
    before = {".stem.": ".hear.", ".attend_audio.": ".listen.", ".attend_audio_residual.": ".listen_residual."}
    for new, old in before.items():
        assert any(new in name for name in arrays)
        arrays = {name.replace(new, old): array for name, array in arrays.items()}
    training = {"teachers" if name == "distilled_from" else name: value for name, value in header["history"][0].items()}
    older = {"version": 2, "history": [training], "licence": header["licence"].replace("distilled from", "taught by")}
    write_tensors(arrays, header | older, path)
    found = load(path)
    assert found.weights.keys() == model_checkpoint.weights.keys() and found.streaming.keys() == streaming.keys()
    assert all(np.array_equal(found.weights[name], array) for name, array in model_checkpoint.weights.items())
    assert found.style_encoder == model_checkpoint.style_encoder and inspect(path) == found.header() == model_checkpoint.header() | {
        "streaming": True
    }
    save(found, tmp_path / "new.safetensors")
    assert not [name for name in read_tensors(tmp_path / "new.safetensors")[0] if ".hear." in name or ".listen" in name]


def test_a_calibration_moves_made_motion_about_its_rest_and_leaves_the_statistics():
    rig = Rig("two", ARKIT.channels[:2])
    first, second = rig.names
    random = np.random.default_rng(0)
    mean, std, unit = [0.2, 0.3], [0.1, 0.05], random.normal(size=(7, 2)).astype(np.float32)
    restored = Calibration({second: (2.0, 0.25)}).restoration(rig, mean, std)(unit)
    plain = unit * np.array(std) + np.array(mean)
    np.testing.assert_allclose(restored[:, 0], plain[:, 0], atol=1e-6)
    np.testing.assert_allclose(restored[:, 1], 0.25 + 2.0 * (plain[:, 1] - 0.25), atol=1e-6)
    with pytest.raises(OptionError, match="'jaw' is 0.0 about"):
        Calibration({"jaw": (0.0, 0.0)})


def test_a_calibrated_checkpoint_moves_further_and_reads_styles_as_before(tmp_path, model_checkpoint):
    paths = [tmp_path / "plain.safetensors", tmp_path / "calibrated.safetensors"]
    save(model_checkpoint, paths[0])
    save(replace(model_checkpoint, calibration=Calibration({"headYaw": (3.0, 0.1), "jawOpen": (0.5, 0.0)})), paths[1])
    audio = Audio(np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32), 16000)
    plain, calibrated = (load_animator(path, ()).animate(audio) for path in paths)
    np.testing.assert_allclose(calibrated.channel("headYaw"), 0.1 + 3 * (plain.channel("headYaw") - 0.1), atol=1e-5)
    np.testing.assert_allclose(calibrated.channel("jawOpen"), 0.5 * plain.channel("jawOpen"), atol=1e-5)
    assert np.array_equal(calibrated.channel("headPitch"), plain.channel("headPitch"))
    vectors = [load_animator(path, ()).extract_style(plain.join(plain.join(plain.join(plain)))).vector for path in paths]
    np.testing.assert_allclose(*vectors, atol=1e-5)
    assert load(paths[1]).statistics == model_checkpoint.statistics and load(paths[1]).style_encoder == model_checkpoint.style_encoder
    with pytest.raises(RigError, match="no channel 'nose'"):
        replace(model_checkpoint, calibration=Calibration({"nose": (2.0, 0.0)}))


def test_the_usual_style_belongs_to_the_file(tmp_path, model_checkpoint):
    style = Style(np.arange(4), model_checkpoint.style_encoder, "mine")
    path = tmp_path / "styled.safetensors"
    save(replace(model_checkpoint, usual_style=style), path)
    audio = Audio(np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32), 16000)
    animator = load_animator(path)
    unsaid, said = animator.animate(audio), animator.animate(audio, style)
    assert animator.usual_style.name == "mine" and np.array_equal(unsaid.values, said.values)
    save(model_checkpoint, tmp_path / "plain.safetensors")
    assert not np.array_equal(load_animator(tmp_path / "plain.safetensors").animate(audio).values, unsaid.values)
    with pytest.raises(OptionError, match="encoder other"):
        replace(model_checkpoint, usual_style=Style(np.arange(4), "other"))


def test_styles_of_an_earlier_form_of_the_encoder_are_spoken_where_the_file_says_so(tmp_path, model_checkpoint):
    path, audio = tmp_path / "a.safetensors", Audio(np.full(8000, 0.1, np.float32), 16000)
    save(replace(model_checkpoint, speaks=("earlier",)), path)
    own, earlier = Style(np.arange(4), model_checkpoint.style_encoder), Style(np.arange(4), "earlier")
    animator = load_animator(path)
    assert np.array_equal(animator.animate(audio, own).values, animator.animate(audio, earlier).values)
    with pytest.raises(OptionError, match="encoder other"):
        animator.animate(audio, Style(np.arange(4), "other"))


def test_a_checkpoint_goes_on_in_the_model_that_was_trained_from_it(tmp_path, model_checkpoint):
    """New weights and a new entry of the history, everything else as it was; the styles of both speak."""
    usual = Style(np.arange(4), model_checkpoint.style_encoder, "mine")
    calibration = Calibration({"headYaw": (3.0, 0.1)})
    for precision in ("half", "full"):
        start = replace(model_checkpoint, calibration=calibration, usual_style=usual, speaks=("earlier",), precision=precision)
        model = start.model()
        model.null_style.data += 1 / 3
        made = start.succeeded_by(model, Training({"name": "next"}, "data-2", (Source("hums", "CC0-1.0", "", 2, 1.0, "b"),)))
        save(made, tmp_path / f"{precision}.safetensors")
        loaded = load(tmp_path / f"{precision}.safetensors")
        assert loaded.history == (*start.history, made.history[-1]) and loaded.recipe == {"name": "next"}
        assert (loaded.licence, loaded.precision, loaded.calibration) == (start.licence, precision, calibration)
        assert loaded.speaks == ("earlier",) and loaded.usual_style.name == "mine" and "hums" in loaded.header()["licence"]
        exact = 0 if precision == "full" else 1e-3
        np.testing.assert_allclose(loaded.weights["null_style"], model.null_style.numpy(force=True), atol=exact)


def test_a_larger_successor_speaks_the_styles_of_its_start_and_one_of_another_style_encoder_is_refused(model_checkpoint):
    start = replace(model_checkpoint, usual_style=Style(np.arange(4), model_checkpoint.style_encoder), speaks=("earlier",))
    larger = start.model().gaining(NamedCondition("mood", 2, "clip"))
    made = start.succeeded_by(larger, Training({}))
    assert made.style_encoder != start.style_encoder and made.speaks == (start.style_encoder, "earlier")
    trained = start.model()
    trained.style_encoder.embed.weight.data += 1.0
    with pytest.raises(CheckpointError, match=r"style encoder is not that of .*embed\.weight"):
        start.succeeded_by(trained, Training({}))


def test_the_packaged_checkpoint_is_the_same_by_name_and_by_path(tmp_path):
    """What a user copies, renames and loads speaks as what `load()` gives."""
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(default_checkpoint().read_bytes())
    first, second = load_animator(), load_animator(copy)
    audio = Audio(np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32), 16000)
    assert np.array_equal(first.animate(audio).values, second.animate(audio).values)
    assert first.usual_style.name == second.usual_style.name == "neutral"
    assert np.array_equal(first.usual_style.vector, built_in_style("neutral").vector)


def test_licence_and_sources_are_added_up_from_the_history(tmp_path):
    one, two = Source("GRID", "CC BY 4.0", "yes", 3, 0.5, "a"), Source("hums", "CC0-1.0", "", 2, 1.25, "b")
    more = replace(two, clips=1, hours=0.25, data="c")
    imitated = {"name": "whisper", "licence": "MIT"}
    history = Training({}, "1", (one, two)), Training({}, "2", (two, more), distilled_from=(imitated,))  # two was heard twice
    checkpoint = replace(some_checkpoint(), history=history, licence="Apache-2.0")
    header = checkpoint.header()
    assert [(each["source"], each["clips"], each["hours"]) for each in header["sources"]] == [("hums", 3, 1.5), ("GRID", 3, 0.5)]
    line = "weights: Apache-2.0; trained on hums (CC0-1.0, 1.50 h), GRID (CC BY 4.0, 0.50 h); distilled from whisper (MIT)"
    assert header["licence"] == line
    save(checkpoint, tmp_path / "a.safetensors")
    assert load(tmp_path / "a.safetensors").header() == header
    arrays, _ = read_tensors(tmp_path / "a.safetensors")
    write_tensors(arrays, header | {"licence": "mine alone"}, tmp_path / "typed.safetensors")
    with pytest.raises(CheckpointError, match="licence of .* not those of its history"):
        load(tmp_path / "typed.safetensors")


def test_the_shipped_checkpoint_names_all_that_it_was_trained_on():
    """As docs/model_card.md says; the recipe of the last step is the last entry, not one before."""
    header = inspect(default_checkpoint())
    named = " ".join(source["source"] for source in header["sources"])
    for name in ("flite", "festival", "espeak-ng", "GRID", "LJ Speech", "LibriSpeech", "Kokoro"):
        assert name in named
    assert "whisper" in header["licence"] and "Festvox licence" in header["licence"]
    assert [step["name"] for step in header["history"][-1]["steps"]] == ["lip reader"]
    assert header["calibration"] == CALIBRATION.to_json() and header["weights_licence"] == "Apache-2.0"


HOSTILE = (None, True, "", "x", "\ud83d\ude00", -1, 0, 0.5, 2**31, 10**400, 1e308, [], {}, [[]], [None], {"": 0}, [1e308], "A" * 100_000)


def places(tree, at=()):
    """The place of every entry of a header, the first two of each list."""
    for key in tree if isinstance(tree, dict) else range(min(len(tree), 2)):
        yield (*at, key)
        if isinstance(tree[key], dict | list):
            yield from places(tree[key], (*at, key))


@pytest.mark.filterwarnings("error")
def test_every_entry_of_a_header_is_held_against_its_kind(tmp_path, model_checkpoint):
    """Each entry of the header becomes each of a few hostile values, in turn: the model loads, or one line says what is wrong."""
    path, refused = tmp_path / "a.safetensors", 0
    style = Style(np.arange(4), model_checkpoint.style_encoder, "mine")
    source = Source("clips", "CC0", "none needed", 3, 0.5, "ab")
    history = (
        replace(model_checkpoint.history[0], sources=(source,), distilled_from=({"name": "t", "licence": "MIT"},), steps=({"n": 1},)),
    )
    save(replace(model_checkpoint, usual_style=style, calibration=Calibration({"jawOpen": (2.0, 0.0)}), history=history), path)
    arrays, header = read_tensors(path)
    for number, place in enumerate(places(header)):
        for value in HOSTILE[number % 6 :: 6]:
            changed = json.loads(json.dumps(header))
            entry = changed
            for key in place[:-1]:
                entry = entry[key]
            entry[place[-1]] = value
            write_tensors(arrays, changed, path)
            try:
                load(path).engine()
            except CheckpointError as error:
                refused += 1
                assert "a.safetensors" in str(error) and "\n" not in str(error) and len(str(error)) <= 1000, place
                with pytest.raises(CheckpointError):
                    load(path).model()
            else:
                load(path).model()
    assert refused > 250


@pytest.mark.parametrize(
    ("network", "sizes"),
    [
        ("denoiser", {"width": 65536, "feed_forward": 65536}), ("denoiser", {"layers": 256, "feed_forward": 60000}),
        ("denoiser", {"window": 60000}), ("denoiser", {"steps": 60000}), ("denoiser", {"conditions": [["a", 65536, "clip"]] * 100}),
        ("denoiser", {"conditions": [["keys", 1, "clip"]]}), ("denoiser", {"conditions": [["a.b", 1, "clip"]]}), ("denoiser", {"heads": 0}),
        ("style", {"width": 65536, "feed_forward": 65536}), ("style", {"heads": 3}), ("audio", {"width": 65536}),
        ("audio", {"fast_dilations": [1] * 10**4}), ("audio", {"slow_dilations": [0]}), ("audio", {"phones": 65536, "width": 60000}),
    ],
)  # fmt: skip
def test_sizes_that_the_file_cannot_hold_are_refused_before_they_are_made(tmp_path, model_checkpoint, network, sizes):
    config = {name: dict(entry) for name, entry in model_checkpoint.config.items()}
    config[network] |= sizes
    tracemalloc.start()
    save(replace(model_checkpoint, config=config), tmp_path / "a.safetensors")
    for engine in (Checkpoint.model, Checkpoint.engine):
        with pytest.raises(CheckpointError):
            engine(load(tmp_path / "a.safetensors"))
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()


@pytest.mark.parametrize("config", [small_config(ARKIT), paper_config(Rig("54", ARKIT.channels[:54]))])
def test_the_least_number_of_weights_is_near_the_true_one(config):
    """Shown for the two networks that are cheap to make; a bound that is too high would refuse true files."""
    for part, network in ((config.style, StyleEncoder(config.style)), (config.denoiser, Denoiser(config.denoiser))):
        held = sum(weight.numel() for weight in network.state_dict().values())
        assert 0.9 * held < part.least_weights <= held


def test_weights_that_are_no_numbers_are_named(tmp_path):
    save(some_checkpoint(), tmp_path / "a.safetensors")
    arrays, header = read_tensors(tmp_path / "a.safetensors")
    arrays["denoiser.out.weight"] = np.full_like(arrays["denoiser.out.weight"], np.nan)
    write_tensors(arrays, header, tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match="holds weights denoiser.out.weight that are not numbers"):
        load(tmp_path / "a.safetensors")
