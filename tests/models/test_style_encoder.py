"""The style encoder: published size, an independent implementation, and what its two positional terms can and cannot
see.
"""

from dataclasses import replace

import pytest
import torch
from torch import nn

from visavox.errors import OptionError
from visavox.models.layers import sinusoid
from visavox.models.sizes import StyleEncoderConfig
from visavox.models.style_encoder import StyleEncoder

SMALL = StyleEncoderConfig(5, style=16, width=16, layers=2, heads=2, feed_forward=32)


def some_encoder(config: StyleEncoderConfig) -> StyleEncoder:
    torch.manual_seed(0)
    return StyleEncoder(config).eval()


@pytest.mark.parametrize(("channels", "count"), [(54, 800_128), (51, 799_744)])
def test_the_paper_s_encoder_has_the_published_size(channels, count):
    assert sum(parameter.numel() for parameter in StyleEncoder(StyleEncoderConfig(channels)).parameters()) == count


@pytest.mark.parametrize("positional", ["sinusoid", "constant_row"])
def test_it_is_pytorchs_encoder(positional):
    encoder = some_encoder(replace(SMALL, positional=positional))
    layer = nn.TransformerEncoderLayer(16, 2, 32, 0.1, "gelu", batch_first=True)
    plain = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).eval()
    for ours, theirs in zip(encoder.layers, plain.layers, strict=True):
        attend, perceive = ours.attend, ours.perceive
        theirs.self_attn.in_proj_weight.data = attend.query_key_value.weight.data
        theirs.self_attn.in_proj_bias.data = attend.query_key_value.bias.data
        theirs.self_attn.out_proj = attend.out
        theirs.linear1, theirs.linear2 = perceive[0], perceive[3]
    motion = torch.randn(2, 30, 5)
    table = sinusoid(torch.arange(31), 16)
    rows = table[30:] if positional == "constant_row" else table[:30]
    with torch.no_grad():
        wanted = plain(encoder.embed(motion) + rows).mean(dim=1)
        assert torch.allclose(encoder(motion), wanted, atol=1e-5)


def test_the_sinusoid_is_the_textbook_s():
    row = sinusoid(torch.tensor(7), 4)
    wanted = torch.tensor([7.0, 7.0, 0.07, 0.07])
    assert torch.allclose(row, torch.stack([wanted[0].sin(), wanted[1].cos(), wanted[2].sin(), wanted[3].cos()]), atol=1e-6)


def test_only_the_true_positions_see_order():
    motion = torch.randn(1, 40, 5)
    shuffled = motion[:, torch.randperm(40)]
    with torch.no_grad():
        true, constant = some_encoder(SMALL), some_encoder(replace(SMALL, positional="constant_row"))
        assert (true(motion) - true(shuffled)).abs().max() > 1e-3
        assert torch.allclose(constant(motion), constant(shuffled), atol=1e-5)


def test_the_constant_row_depends_on_length_and_has_no_longest_length():
    encoder = some_encoder(replace(SMALL, positional="constant_row"))
    motion = torch.ones(1, 700, 5)
    with torch.no_grad():
        assert (encoder(motion[:, :100]) - encoder(motion[:, :150])).abs().max() > 1e-3
        assert torch.isfinite(encoder(motion)).all()


def test_style_has_the_size_asked_for():
    assert some_encoder(replace(SMALL, style=7, norm_first=True))(torch.randn(2, 9, 5)).shape == (2, 7)


def test_an_unknown_positional_term_is_refused():
    with pytest.raises(OptionError, match="learnt.*valid: sinusoid, constant_row"):
        replace(SMALL, positional="learnt")
