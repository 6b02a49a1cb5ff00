"""The face model: published sizes, null and start tensors, the three calls on arrays, and weights that go out and come
back.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from tiny_model import RIG, some_conditions, tiny_config, tiny_model
from visavox.errors import CheckpointError, OptionError
from visavox.models.face_config import FaceConfig, paper_config, small_config
from visavox.models.face_model import Conditions, FaceModel, Nulls
from visavox.models.renormalisation import renormalise
from visavox.models.sizes import CERTAINTY, LIP_PHONES, PHONES, READ, LipReaderConfig
from visavox.models.torch_engine import TorchEngine
from visavox.rig import Channel, Rig

NULL, AUDIO, STYLE, BOTH = frozenset(), frozenset({"audio"}), frozenset({"style"}), frozenset({"audio", "style"})


class Silent(nn.Module):
    """Stands for an audio encoder whose weights are not counted."""


@pytest.mark.parametrize(("channels", "count"), [(54, 34_905_554), (51, 34_903_217)])
def test_the_paper_s_model_has_the_published_size(channels, count):
    rig = Rig("flame", tuple(Channel(f"c{number}") for number in range(channels)))
    with torch.device("meta"):
        model = FaceModel(paper_config(rig), Silent())
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    assert sum(size for name, size in sizes.items() if not name.startswith("style_encoder.")) == count
    assert sum(size for name, size in sizes.items() if name.startswith("style_encoder.")) == (800_128 if channels == 54 else 799_744)


def test_the_paper_s_numbers():
    rig = Rig("flame", tuple(Channel(f"c{number}") for number in range(54)))
    config = paper_config(rig)
    denoiser = config.denoiser
    assert (config.fps, config.sample_rate, denoiser.window, denoiser.context, denoiser.steps) == (
        25,
        16000,
        100,
        10,
        500,
    )
    assert (denoiser.width, denoiser.layers, denoiser.heads, denoiser.feed_forward) == (512, 8, 8, 2048)
    assert (denoiser.align_width, denoiser.indicator, denoiser.norm_first, denoiser.dropout) == (1, True, False, 0.1)
    assert (config.style.width, config.style.layers, config.style.heads, config.style.feed_forward) == (128, 4, 4, 512)
    assert config.style.positional == "sinusoid" and paper_config(rig, True).style.positional == "constant_row"


def test_the_small_model_is_small():
    rig = Rig("arkit-like", tuple(Channel(f"c{number}") for number in range(55)))
    with torch.device("meta"):
        count = sum(parameter.numel() for parameter in FaceModel(small_config(rig)).parameters())
    assert 5e6 < count < 12e6


def test_nulls_and_starts_take_the_place_of_what_is_not_told():
    model, told = tiny_model(), some_conditions()
    noisy, step = torch.randn(2, 12, 5), torch.tensor([3, 17])
    first = torch.tensor([True, False])
    with torch.no_grad():
        some = model(noisy, step, told, Nulls(style=~first, audio=first, context=first))
        null_audio = model.null_audio.expand(1, 12, 16)
        one = Conditions(null_audio, told.valid[:1], None, None, told.style[:1], told.identity[:1])
        other = replace(told, style=model.null_style.expand(2, 4))
        assert torch.allclose(some[:1], model(noisy[:1], step[:1], one), atol=1e-6)
        assert torch.allclose(some[1:], model(noisy, step, other)[1:], atol=1e-6)
        assert torch.allclose(
            model(noisy, step, replace(told, identity=None)),
            model(noisy, step, replace(told, identity=told.identity * 0)),
        )
        assert (some - model(noisy, step, told)).abs().amax() > 1e-3


@pytest.mark.parametrize("hide", [True, False])
def test_what_lies_in_padding_is_hidden_when_the_configuration_says_so(hide):
    config = tiny_config()
    model = tiny_model(replace(config, denoiser=replace(config.denoiser, hide_padding=hide)))
    told = replace(some_conditions(), valid=torch.ones(2, 12).index_fill(1, torch.tensor([10, 11]), 0))
    arrays = told.map(lambda value: value.numpy())
    noisy, audio = torch.randn(2, 12, 5), told.audio.clone()
    other_noisy = noisy.clone()
    other_noisy[:, 10:], audio[:, 10:] = 7, -3
    other = replace(arrays, audio=audio.numpy())
    engine = TorchEngine(model)
    pairs = ((noisy, arrays), (other_noisy, other))
    one, two = (engine.denoise(x.numpy(), 9, engine.prepare(c, [NULL, BOTH]), c.context) for x, c in pairs)
    assert np.allclose(one, two) == hide
    with torch.no_grad():
        assert np.allclose(one[1], model(noisy, torch.tensor([9, 9]), told).numpy(), atol=1e-5)


def test_nothing_is_tied_to_a_device():
    """On PyTorch's meta device a tensor left behind on the CPU is an error, as it would be on a GPU."""
    model, told = tiny_model().to("meta"), some_conditions()
    told = told.map(lambda value: value.to("meta"))
    some = torch.tensor([True, False], device="meta")
    heard = model.features(torch.randn(2, 64, 80, device="meta"))
    noisy, step = torch.randn(2, 12, 5, device="meta"), torch.tensor([1, 20], device="meta")
    x0 = model(noisy, step, replace(told, audio=heard[:, 4:]), Nulls(some, some, some))
    assert x0.device.type == model.style_encoder(noisy).device.type == "meta"


def test_every_weight_of_the_denoising_part_learns():
    model, told = tiny_model(), some_conditions()
    mel = torch.randn(2, 64, 80)
    heard = model.features(mel)
    assert heard.shape == (2, 16, 16)
    told = replace(told, audio=heard[:, 4:], context_audio=heard[:, :4])
    some = torch.tensor([True, False])
    x0 = model(torch.randn(2, 12, 5), torch.tensor([1, 20]), told, Nulls(some, ~some, some))
    assert x0.shape == (2, 16, 5)
    x0.square().mean().backward()
    still = {name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().any()}
    # in the last layer nobody reads the person token, the only one that asks the audio anything at alignment width 1
    unread = {
        f"denoiser.layers.1.{name}.{part}" for name in ("attend_audio.query", "attend_audio_residual.norm") for part in ("weight", "bias")
    }
    assert {name for name in still if not name.startswith("style_encoder.")} == unread


@pytest.mark.parametrize("branches", [[BOTH], [NULL, AUDIO, BOTH], [NULL, AUDIO, STYLE], [STYLE, BOTH], [NULL]])
def test_the_engine_equals_the_plain_forward(branches):
    model, told = tiny_model(), some_conditions()
    noisy = torch.randn(2, 12, 5)
    arrays = told.map(lambda value: value.numpy())
    engine = TorchEngine(model)
    prepared = engine.prepare(arrays, branches)
    answers = [engine.denoise(noisy.numpy(), step, prepared, arrays.context) for step in (20, 3)]
    for step, answer in zip((20, 3), answers, strict=True):
        assert answer.shape == (len(branches), 2, 16, 5) and answer.dtype == np.float32
        for branch, x0 in zip(branches, answer, strict=True):
            untold = {name: torch.full((2,), name not in branch) for name in ("style", "audio")}
            with torch.no_grad():
                wanted = model(noisy, torch.full((2,), step), told, Nulls(untold["style"], untold["audio"]))
            assert np.allclose(x0, wanted.numpy(), atol=1e-5)


def test_the_engine_starts_without_context_style_and_identity():
    model = tiny_model()
    arrays = Conditions(np.zeros((1, 12, 16)), np.ones((1, 12)))
    engine = TorchEngine(model)
    assert engine.denoise(np.zeros((1, 12, 5), np.float32), 20, engine.prepare(arrays, [NULL, AUDIO])).shape == (
        2,
        1,
        16,
        5,
    )
    assert [part.shape for part in TorchEngine(model).encode(np.zeros((40, 80), np.float32))] == [(10, 16), (10, 0)]
    assert TorchEngine(model).encode_style(np.zeros((3, 12, 5), np.float32)).shape == (3, 4)


def test_weights_and_statistics_go_out_and_come_back():
    model, other = tiny_model(), FaceModel(tiny_config()).eval()
    model.normalizer.set_statistics(np.arange(5), np.arange(5) + 0.5)
    other.set_weights(model.weights(), model.statistics())
    assert other.statistics() == model.statistics()
    mel = np.random.default_rng(0).normal(size=(40, 80)).astype(np.float32)
    assert np.array_equal(TorchEngine(other).encode(mel)[0], TorchEngine(model).encode(mel)[0])


def test_foreign_weights_are_refused_with_their_names():
    model = tiny_model()
    weights, statistics = model.weights(), model.statistics()
    cases = [
        ({name: value for name, value in weights.items() if name != "null_style"}, "1 \\(null_style\\) missing"),
        (weights | {"surplus": np.zeros(1)}, "1 \\(surplus\\) extra"),
        (weights | {"null_style": np.zeros((1, 9))}, "1 \\(null_style\\) of another shape"),
    ]
    for wrong, message in cases:
        with pytest.raises(CheckpointError, match=message):
            model.set_weights(wrong, statistics)
    with pytest.raises(CheckpointError, match="statistics"):
        model.set_weights(weights, {"mean": [0.0] * 5})


def test_the_configuration_is_json_and_back():
    config = tiny_config()
    stored = json.loads(json.dumps(config.to_json()))
    assert FaceConfig.from_json(stored, RIG, 25.0, 16000) == config
    with pytest.raises(CheckpointError, match="lacks denoiser"):
        FaceConfig.from_json({"audio": stored["audio"], "style": stored["style"]}, RIG, 25.0, 16000)
    paper = paper_config(RIG)
    assert FaceConfig.from_json(json.loads(json.dumps(paper.to_json())), RIG, 25.0, 16000) == paper
    with pytest.raises(CheckpointError, match="'audio' is of kind 'whisper'"):
        FaceConfig.from_json(stored | {"audio": {"kind": "whisper"}}, RIG, 25.0, 16000)
    stored["denoiser"]["depth"] = 3
    with pytest.raises(CheckpointError, match="depth"):
        FaceConfig.from_json(stored, RIG, 25.0, 16000)


def test_networks_that_do_not_fit_one_another_are_refused():
    config = tiny_config()
    with pytest.raises(OptionError, match="5 channels.*denoiser 6"):
        replace(config, denoiser=replace(config.denoiser, channels=6))
    with pytest.raises(OptionError, match="makes 3 numbers.*takes 4"):
        replace(config, style=replace(config.style, style=3))


@pytest.mark.parametrize(("fps", "sample_rate"), [(30.0, 16000), (50.0, 16000), (29.97, 16000), (25.0, 44100), (0.0, 16000)])
def test_a_frame_rate_that_does_not_divide_the_sound_is_refused(fps, sample_rate):
    """The encoders make one feature of 640 samples at 16 kHz: at any other rate the face would drift away from the voice."""
    for config in (tiny_config(), paper_config(RIG)):
        with pytest.raises(OptionError, match=f"{fps:g} frames a second do not divide sound of {sample_rate} Hz"):
            replace(config, fps=fps, sample_rate=sample_rate)
        assert replace(config, fps=12.5, sample_rate=8000).fps == 12.5  # 640 samples as well


def test_other_statistics_change_nothing_in_physical_units():
    random = np.random.default_rng(0)
    model, told = tiny_model(), some_conditions()
    model.normalizer.set_statistics(random.normal(size=5), random.uniform(0.5, 2, 5))
    noisy, step = torch.randn(2, 12, 5), torch.tensor([3, 15])
    style_of = torch.randn(2, 12, 5)
    physical = [model.normalizer.restore(values) for values in (noisy, told.context, style_of)]
    nulls = Nulls(context=torch.tensor([True, False]))
    with torch.inference_mode():
        made = model.normalizer.restore(model(noisy, step, told, nulls))
        style = model.style_encoder(style_of)
    renormalise(model, random.normal(size=5), random.uniform(0.5, 2, 5))
    noisy, context, style_of = (model.normalizer.normalise(values) for values in physical)
    with torch.inference_mode():
        again = model.normalizer.restore(model(noisy, step, replace(told, context=context), nulls))
        np.testing.assert_allclose(model.style_encoder(style_of), style, atol=1e-4)
    np.testing.assert_allclose(again, made, atol=1e-4)


def test_phones_of_the_lips_are_those_of_the_encoder_by_motion_frame():
    config = tiny_config()
    model = tiny_model(replace(config, audio=replace(config.audio, phones=PHONES)))
    assert tiny_config().lip_cues == ()  # three phones are not those of the lips
    features = np.random.default_rng(0).normal(size=(4 * 7, 80)).astype(np.float32)
    phones = model.audio_encoder.phone_shares(features)
    by_frame = phones.reshape(7, 2, PHONES).mean(1)
    cues = dict(zip(model.config.lip_cues, TorchEngine(model).encode(features)[1].T, strict=True))
    assert cues.pop(CERTAINTY) == pytest.approx(by_frame[:, 1:].max(1), abs=1e-6)
    for name, share in cues.items():
        assert share == pytest.approx(by_frame[:, LIP_PHONES[name]], abs=1e-6)


def test_a_lip_reader_adds_its_readings_and_leaves_the_rest_as_it_was():
    config = tiny_config()
    config = replace(config, audio=replace(config.audio, phones=PHONES))
    reader = LipReaderConfig(encoder=config.audio.width, width=8, dilations=(1, 2))
    plain, reading = tiny_model(config), tiny_model(replace(config, lips=reader))
    weights = reading.state_dict()
    plain.load_state_dict({name: weights[name] for name in plain.state_dict()})
    features = np.random.default_rng(0).normal(size=(4 * 60, 80)).astype(np.float32)
    assert reading.config.lip_cues == (*plain.config.lip_cues, *READ)
    reading, plain = TorchEngine(reading), TorchEngine(plain)
    np.testing.assert_array_equal(reading.encode(features)[1][:, :-2], plain.encode(features)[1])
    margin = reading.config.margin
    assert margin == config.audio.margin + reader.margin
    whole, part = reading.encode(features)[1], reading.encode(features[4 * 10 :])[1]
    np.testing.assert_allclose(part[margin:], whole[10 + margin :], atol=1e-4)  # nothing beyond the margin is heard
    again = FaceConfig.from_json(replace(config, lips=reader).to_json(), config.rig, config.fps, config.sample_rate)
    assert again.lips == reader and "lips" not in config.to_json()


def test_a_lip_reader_that_does_not_fit_the_encoder_is_refused():
    with pytest.raises(OptionError, match="lip reader reads 9 features"):
        replace(tiny_config(), lips=LipReaderConfig(encoder=9))
