"""The recipe of encoders for streams in miniature: a checkpoint gains them, keeps all else, and streams run on them."""

from dataclasses import replace

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint
from visavox.audio import Audio
from visavox.checkpoint import Checkpoint, inspect, load, save
from visavox.data.clip import Clip
from visavox.errors import CheckpointError, OptionError
from visavox.history import Training
from visavox.loading import load as load_animator
from visavox.models.sizes import LipReaderConfig
from visavox.recipes.lip_people import with_lip_reader
from visavox.recipes.streaming import StreamingRecipe, add_streaming, parted
from visavox.train.tasks.streaming_encoder import StreamingConfig

RECIPE = replace(
    StreamingRecipe().scaled(0),
    speeds=(1.0,),
    copies=2,
    task=StreamingConfig(windows=2, before=4, encoded=8, new=4, counts=(1.0, 1.0), rank=2),
)


def clip(name: str) -> Clip:
    random = np.random.default_rng([7, *name.encode()])
    return Clip(name, Audio(0.1 * random.normal(size=32000).astype(np.float32), 16000), name, "hums", "CC0-1.0")


@pytest.fixture(scope="module")
def start() -> Checkpoint:
    tiny = tiny_checkpoint()
    model = with_lip_reader(tiny.model(), sizes=LipReaderConfig(8, width=8, dilations=(1,)))
    return replace(Checkpoint.of(model, Training({"note": "random weights"}, "none"), "CC0-1.0"), precision="full")


def test_a_checkpoint_gains_encoders_for_streams_and_keeps_the_rest(start, tmp_path):
    made = add_streaming(start, tmp_path / "streaming", RECIPE, [clip("a"), clip("b")], report=lambda _: None)
    save(made, tmp_path / "made.safetensors")
    again = load(tmp_path / "made.safetensors")
    assert all(np.array_equal(again.weights[name], each) for name, each in start.weights.items())
    assert again.style_encoder == start.style_encoder and inspect(tmp_path / "made.safetensors")["streaming"] is True
    assert again.history[-1].sources[0].clips == 2
    streams = again.for_streams()
    changed = {name for name, each in streams.weights.items() if not np.array_equal(each, start.weights[name])}
    assert "audio_encoder.stem.weight" in changed and all(name.startswith(("audio_encoder.", "lip_reader.")) for name in changed)
    assert {name.partition(".")[0] for name in changed} == {"audio_encoder", "lip_reader"}
    assert again.streaming["audio_encoder.stem.weight.up"].shape == (8, 2)
    assert streams.model() is not None and not streams.streaming and start.for_streams() is start


def test_they_go_on_with_encoders_that_stay_and_not_with_others(start, tmp_path):
    weights = {"audio_encoder.phones.bias": start.weights["audio_encoder.phones.bias"] + 1}
    streaming = replace(start, streaming=weights)
    model, training = start.model(), Training({"note": "more"}, "none")
    assert streaming.succeeded_by(model, training).streaming.keys() == weights.keys()
    model.audio_encoder.phones.bias.data += 1
    assert not streaming.succeeded_by(model, training).streaming


def test_weights_that_fit_nothing_are_refused(start):
    with pytest.raises(CheckpointError, match="weights for streams that fit none of its own"):
        replace(start, streaming={"audio_encoder.phones.bias": np.zeros(3)})
    with pytest.raises(CheckpointError, match="fit none"):
        replace(start, streaming={"nobody": np.zeros(3)})


def test_factors_are_weights_too(start):
    factors = {"audio_encoder.phones.weight.up": np.ones((42, 1)), "audio_encoder.phones.weight.down": np.ones((1, 8))}
    streaming = replace(start, streaming=factors)
    moved = streaming.for_streams().weights["audio_encoder.phones.weight"] - start.weights["audio_encoder.phones.weight"]
    np.testing.assert_allclose(moved, 1, atol=1e-6)
    model, training = start.model(), Training({"note": "more"}, "none")
    model.lip_reader.read.bias.data += 1  # another lip reader
    assert streaming.succeeded_by(model, training).streaming.keys() == factors.keys()
    model.audio_encoder.phones.weight.data += 1
    assert not streaming.succeeded_by(model, training).streaming
    with pytest.raises(CheckpointError, match="fit none"):
        replace(start, streaming={"audio_encoder.phones.weight.up": np.ones((42, 1))})


def test_the_last_tenth_of_each_source_is_held_out():
    clips = [replace(clip(f"{name}{number}"), source=name) for name, size in (("a", 20), ("b", 9)) for number in range(size)]
    learned, held = parted(clips)
    assert held == clips[18:20] and learned == clips[:18] + clips[20:]


def test_nothing_to_imitate_and_nothing_to_learn_from(start, tmp_path):
    with pytest.raises(OptionError, match="no lip reader"):
        add_streaming(tiny_checkpoint(), tmp_path, RECIPE, [clip("a")])
    with pytest.raises(OptionError, match="no sound"):
        add_streaming(start, tmp_path, RECIPE, [])


def test_a_live_voice_is_heard_by_the_encoders_for_streams(start, tmp_path):
    bias = start.weights["audio_encoder.phones.bias"] + 1
    save(replace(start, streaming={"audio_encoder.phones.bias": bias * np.arange(bias.size)}), tmp_path / "both.safetensors")
    save(start, tmp_path / "plain.safetensors")
    mel = np.random.default_rng(0).normal(size=(80, 80)).astype(np.float32)

    def cues(name: str, live: bool) -> np.ndarray:
        return load_animator(tmp_path / f"{name}.safetensors", live=live).engine.encode(mel)[1]

    np.testing.assert_array_equal(cues("both", False), cues("plain", False))
    np.testing.assert_array_equal(cues("plain", True), cues("plain", False))
    assert not np.allclose(cues("both", True), cues("plain", True))
