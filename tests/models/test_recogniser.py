"""The recogniser that is distilled from: a Whisper of random weights, read from its folder, gives a mean of two frames for each 40 ms."""

import numpy as np
import pytest
import torch

from optional_library import need
from visavox.errors import FileError, OptionError
from visavox.models.recogniser import LONGEST, Recogniser

need("transformers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperModel

    folder = tmp_path_factory.mktemp("whisper")
    torch.manual_seed(0)
    sizes = {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "vocab_size": 51865}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    WhisperModel(WhisperConfig(**sizes, **heads)).save_pretrained(folder)
    WhisperFeatureExtractor(feature_size=80).save_pretrained(folder)
    return folder


def test_features_are_means_of_pairs_of_the_encoders_frames(folder):
    from transformers import WhisperFeatureExtractor, WhisperModel

    sound = np.random.default_rng(0).normal(0, 0.1, 640 * 40 + 100).astype(np.float32)
    made = Recogniser(folder)(sound)
    assert made.shape == (40, 16) and made.dtype == np.float32
    heard = WhisperFeatureExtractor.from_pretrained(folder)(sound, sampling_rate=16000, return_tensors="pt").input_features
    with torch.no_grad():
        states = WhisperModel.from_pretrained(folder).eval().encoder(heard).last_hidden_state[0].numpy()
    np.testing.assert_allclose(made[7], (states[14] + states[15]) / 2, atol=1e-5)


def test_layers_stand_beside_one_another_the_last_as_it_is_alone(folder):
    sound = np.random.default_rng(0).normal(0, 0.1, 640 * 8).astype(np.float32)
    last = Recogniser(folder)
    layers = last.in_layers((1, 1))
    np.testing.assert_array_equal(layers(sound), np.tile(last(sound), 2))
    assert last.layers == () and layers.digest == f"{last.digest}-1-1"
    with pytest.raises(OptionError, match="has layers 1 to 1, not 1, 6"):
        last.in_layers((1, 6))


def test_more_than_whisper_hears_at_once_is_refused(folder):
    with pytest.raises(OptionError, match="longer than the 30 s"):
        Recogniser(folder)(np.zeros(int((LONGEST + 0.1) * 16000), np.float32))


def test_a_folder_without_whisper_is_named(tmp_path):
    with pytest.raises(FileError, match="is not a folder of Whisper"):
        Recogniser(tmp_path)
    with pytest.raises(FileError, match="nowhere is not a folder; give"):
        Recogniser(tmp_path / "nowhere")
