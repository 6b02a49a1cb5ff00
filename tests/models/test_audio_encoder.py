"""The audio encoder: a frame hears the margin and no further, so pieces equal the whole; phones enter the features."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from visavox.data.synth.phones import BILABIALS, INDEX, LABIODENTALS, PHONES
from visavox.encoding import encode_in_chunks
from visavox.models import sizes
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.face_config import small_config
from visavox.models.sizes import FEATURES_PER_FRAME, LIP_PHONES, AudioEncoderConfig
from visavox.rigs.arkit import ARKIT

SMALL = AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1, 2))
CONFIGS = [SMALL, replace(AudioEncoderConfig(), width=16), replace(SMALL, slow_dilations=())]


def encoder(config: AudioEncoderConfig = SMALL) -> AudioEncoder:
    torch.manual_seed(0)
    return AudioEncoder(config).eval()


def encoded_by(model):
    """What an engine does with the encoder alone."""
    return lambda part: (model(torch.from_numpy(part)[None])[0].numpy(),)


def heard(frames: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(1, FEATURES_PER_FRAME * frames, 80, generator=torch.Generator().manual_seed(seed))


def test_shapes():
    model = encoder()
    features, logits = model.encode(heard(30))
    assert features.shape == (1, 30, 16) and logits.shape == (1, 60, 42)
    torch.testing.assert_close(model(heard(30)), features)


@pytest.mark.parametrize("config", CONFIGS)
@torch.no_grad()
def test_nothing_beyond_the_margin_is_heard(config):
    frames = 2 * config.margin + 41
    middle, model = frames // 2, encoder(config)
    one, other = heard(frames), heard(frames, 1)
    reach = FEATURES_PER_FRAME * config.margin
    first, last = FEATURES_PER_FRAME * middle - reach, FEATURES_PER_FRAME * (middle + 1) + reach
    mixed = other.clone()
    mixed[:, first:last] = one[:, first:last]
    torch.testing.assert_close(model(mixed)[:, middle], model(one)[:, middle], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_the_margin_is_no_larger_than_it_must_be():
    """Something is heard within two frames of the margin's edge; else chunks would be encoded longer than needed."""
    config, frames = SMALL, 2 * SMALL.margin + 41
    middle, model = frames // 2, encoder(SMALL)
    changed = heard(frames)
    changed[:, FEATURES_PER_FRAME * (middle + config.margin - 2) :] += 3.0
    assert not torch.equal(model(changed)[:, middle], model(heard(frames))[:, middle])


@pytest.mark.parametrize("chunk", [7, 20, 1000])
@torch.no_grad()
def test_chunks_equal_the_whole(chunk):
    model, features = encoder(), heard(50)[0].numpy()
    whole = model(torch.from_numpy(features)[None])[0].numpy()
    made = encode_in_chunks(encoded_by(model), features, FEATURES_PER_FRAME, SMALL.margin, chunk)[0]
    np.testing.assert_allclose(made, whole, atol=1e-5)


@torch.no_grad()
def test_silence_is_encoded_once_and_is_what_it_was():
    """Only where a chunk, with its margins, is all silence and follows one that is: each byte is that of chunks encoded one by one."""
    features, chunk, asked = heard(200)[0].numpy(), 20, []
    features[FEATURES_PER_FRAME * 30 : FEATURES_PER_FRAME * 170] = -2.7
    encode = encoded_by(encoder())

    def encode_once(piece):
        asked.append(len(piece))
        return encode(piece)

    made = encode_in_chunks(encode_once, features, FEATURES_PER_FRAME, SMALL.margin, chunk)[0]
    alone = []
    for first in range(0, 200, chunk):
        start, end = max(first - SMALL.margin, 0), first + chunk + SMALL.margin
        piece = encode(features[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * end])
        alone.append(piece[0][first - start : first - start + chunk])
    assert np.array_equal(made, np.concatenate(alone))
    assert 3 < len(asked) < 10


@torch.no_grad()
def test_the_shipped_sizes_hear_in_chunks_as_in_one():
    config = replace(small_config(ARKIT).audio, width=32)
    model, features = encoder(config), heard(120)[0].numpy()
    whole = model(torch.from_numpy(features)[None])[0].numpy()
    made = encode_in_chunks(encoded_by(model), features, FEATURES_PER_FRAME, config.margin, 50)[0]
    np.testing.assert_allclose(made, whole, atol=1e-5)


@torch.no_grad()
def test_phones_enter_the_features():
    model = encoder()
    before = model(heard(20))
    model.recall.weight.zero_()
    assert (model(heard(20)) - before).abs().max() > 1e-4


def test_dropout_is_off_when_evaluating():
    model = encoder(replace(SMALL, dropout=0.5))
    torch.testing.assert_close(model(heard(20)), model(heard(20)))
    model.train()
    assert not torch.equal(model(heard(20)), model(heard(20)))


def test_the_phones_of_the_lips_are_numbered_as_in_training():
    assert sizes.PHONES == len(PHONES)
    assert {*BILABIALS, *LABIODENTALS} < set(LIP_PHONES)
    assert all(INDEX[name] == number for name, number in LIP_PHONES.items())
    assert AudioEncoderConfig().names_phones and not AudioEncoderConfig(phones=40).names_phones
