"""HuBERT's wrapper: frame counts, padding, averaging to 25 Hz, frozen parts, chunks of long recordings (sheet 1.4)."""

import pytest
import torch

from optional_library import need
from visavox.errors import OptionError
from visavox.models.hubert import HubertEncoder, pad_ends, standardise
from visavox.models.sizes import HubertSizes
from visavox.windows import overlapping_chunks

need("transformers")

SMALL = HubertSizes(width=32, layers=4, heads=2, feed_forward=48, conv_width=16, chunk=20, margin=6)


@pytest.fixture(scope="module")
def encoder():
    torch.manual_seed(0)
    return HubertEncoder(SMALL).eval()


def sound(frames: int, batch: int = 1) -> torch.Tensor:
    return standardise(torch.randn(batch, 640 * frames, generator=torch.Generator().manual_seed(frames)))


def test_base_has_the_published_number_of_weights():
    """Sheet 1.8: about 94 M; facebook/hubert-base-ls960 has 94,371,712 with its mask vector."""
    with torch.device("meta"):
        encoder = HubertEncoder(HubertSizes())
    assert sum(weight.numel() for weight in encoder.parameters()) == 94_371_712
    config = encoder.hubert.config
    assert (config.layerdrop, config.hidden_dropout, config.feat_proj_dropout, config.do_stable_layer_norm) == (0.1, 0.1, 0.1, False)


@pytest.mark.parametrize("windows", [1, 2, 3])
def test_windows_of_four_seconds_give_200_frames_each(encoder, windows):
    """Sheet 1.4: the padding makes exactly 200 k frames at 50 Hz of k windows of 64,000 samples."""
    padded = pad_ends(sound(100 * windows))
    assert padded.shape[1] == 64_000 * windows + 80
    with torch.no_grad():
        assert encoder.hubert(padded).last_hidden_state.shape == (1, 200 * windows, 32)


def test_padding_mirrors_twenty_samples_twice():
    """Sheet 1.4: side = 40, reflected as 20 at each end, twice."""
    samples = torch.arange(640.0)[None]
    padded = pad_ends(samples)[0]
    assert padded[:40].tolist() == [*range(0, 20), *range(20, 0, -1)]
    assert padded[40:680].tolist() == list(range(640))
    assert torch.equal(padded[-40:].flip(0), 639 - padded[:40])


def test_frames_at_25_hz_are_means_of_pairs(encoder):
    """Sheet 1.4: the transformer runs at 50 Hz; then halving by linear interpolation is the mean of frames 2 i and 2 i + 1."""
    samples = sound(7)
    with torch.no_grad():
        fast = encoder.hubert(pad_ends(samples)).last_hidden_state
        halved = torch.nn.functional.interpolate(fast.transpose(1, 2), size=7, mode="linear", align_corners=False)
        torch.testing.assert_close(encoder(samples), halved.transpose(1, 2))


def test_frozen_parts_get_no_gradient():
    """Sheet 1.4: frozen are the convolutions, the projection and transformer layers 0 and 1; all else learns."""
    torch.manual_seed(1)
    encoder = HubertEncoder(SMALL)
    encoder.hubert.config.layerdrop = 0.0
    encoder.train()(sound(20, 2)).square().sum().backward()
    frozen = ("feature_extractor.", "feature_projection.", "encoder.layers.0.", "encoder.layers.1.", "masked_spec_embed")
    for name, weight in encoder.hubert.named_parameters():
        moved = weight.grad is not None and bool(weight.grad.abs().sum() > 0)
        if name == "masked_spec_embed" or name.endswith("k_proj.bias"):  # hidden frames learn it; a key's bias never matters
            continue
        assert moved != name.startswith(frozen), name


def test_training_hides_spans_and_answers_to_the_seed(encoder):
    encoder.train()
    try:
        torch.manual_seed(5)
        mask = encoder.masked_frames(sound(100, 3))
        assert mask.shape == (3, 200) and bool((mask.sum(1) >= 10).all()) and bool((mask.sum(1) <= 20).all())
        torch.manual_seed(5)
        once = encoder(sound(20))
        torch.manual_seed(5)
        torch.testing.assert_close(encoder(sound(20)), once)
        assert not torch.allclose(encoder(sound(20)), once)
    finally:
        encoder.eval()


def test_standardise_is_the_published_z_score():
    """Sheet 1.3: (a - mean) / (std + 1e-5) with the unbiased standard deviation over the recording."""
    samples = torch.tensor([[1.0, 2.0, 3.0, 6.0]])
    expected = (samples - 3) / ((14 / 3) ** 0.5 + 1e-5)
    torch.testing.assert_close(standardise(samples), expected)
    assert torch.isfinite(standardise(torch.zeros(1, 640))).all()


@pytest.mark.parametrize("frames", [1, 19, 20, 21, 28, 36, 100, 123])
def test_chunks_keep_every_frame_once_with_margin(frames):
    kept = []
    for first, start, end in overlapping_chunks(frames, 20, 6):
        assert 0 <= first and first + 20 <= max(frames, 20) and start < end
        assert start == 0 or start - first >= 6
        assert end == frames or first + 20 - end >= 6
        kept += range(start, end)
    assert kept == list(range(frames))


def test_sounds_that_are_not_whole_frames_are_refused(encoder):
    with pytest.raises(OptionError, match="whole motion frames"):
        encoder(torch.zeros(1, 1000))
    with pytest.raises(OptionError, match="margin"):
        HubertSizes(chunk=20, margin=10)
