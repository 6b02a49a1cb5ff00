"""The denoiser against PyTorch's own decoder, its parameter counts against the published ones, and what may see what."""

from dataclasses import replace

import pytest
import torch

from models.plain_denoiser import PlainDenoiser
from visavox.errors import OptionError
from visavox.models.denoiser import Denoiser
from visavox.models.sizes import DenoiserConfig

SMALL = DenoiserConfig(5, style=6, identity=3, width=16, layers=2, heads=2, feed_forward=32, window=12, context=4, steps=20)


def some_inputs(config: DenoiserConfig, batch: int = 3) -> tuple:
    frames = config.context + config.window
    valid = torch.ones(batch, frames)
    valid[:, : config.context] = 0
    valid[-1, -2:] = 0
    return (
        torch.randn(batch, config.window, config.channels),
        torch.randint(1, config.steps + 1, (batch,)),
        torch.randn(batch, frames, config.width),
        torch.randn(batch, config.context, config.channels),
        (torch.randn(batch, config.identity), torch.randn(batch, config.style)),
        valid,
    )


def some_denoiser(config: DenoiserConfig) -> Denoiser:
    """A denoiser whose every weight, also those that start at 0 or 1, is random."""
    torch.manual_seed(0)
    denoiser = Denoiser(config)
    for parameter in denoiser.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    return denoiser.eval()


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("align_width", [1, 3])
@pytest.mark.parametrize("indicator", [False, True])
def test_it_is_pytorchs_decoder_under_the_alignment_mask(norm_first, align_width, indicator):
    config = replace(SMALL, norm_first=norm_first, align_width=align_width, indicator=indicator)
    denoiser, inputs = some_denoiser(config), some_inputs(config)
    plain = PlainDenoiser(denoiser).eval()
    with torch.no_grad():
        assert torch.allclose(denoiser(*inputs), plain(*inputs), atol=1e-5)


def test_gradients_are_those_of_the_plain_decoder():
    config = replace(SMALL, norm_first=False)
    inputs = some_inputs(config)
    gradients = []
    for make in (lambda denoiser: denoiser, PlainDenoiser):
        denoiser = some_denoiser(config)
        make(denoiser).eval()(*inputs).square().sum().backward()
        gradients.append([denoiser.person.weight.grad, denoiser.embed.weight.grad, denoiser.position.grad])
    for ours, theirs in zip(*gradients, strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-4)


def test_rows_share_audio_without_changing_the_answer():
    denoiser = some_denoiser(SMALL)
    noisy, step, audio, context, person, indicator = some_inputs(SMALL, 4)
    rows = torch.tensor([1, 0, 1, 1])
    with torch.no_grad():
        whole = denoiser(noisy, step, audio[rows], context, person, indicator)
        shared = denoiser.denoise_prepared(noisy, step, context, denoiser.prepare(audio[:2], person, indicator, rows))
    assert torch.allclose(whole, shared, atol=1e-6)


@pytest.mark.parametrize("align_width", [1, 3])
def test_without_self_attention_a_frame_hears_only_its_neighbours(align_width):
    config = replace(SMALL, align_width=align_width)
    denoiser = some_denoiser(config)
    for layer in denoiser.layers:
        torch.nn.init.zeros_(layer.attend.out.weight)
    noisy, step, audio, context, person, indicator = some_inputs(config, 1)
    changed = audio.clone()
    changed[:, 8] += 1
    with torch.no_grad():
        one, other = (denoiser(noisy, step, heard, context, person, indicator) for heard in (audio, changed))
    moved = (one - other).abs().amax(dim=(0, 2)) > 1e-6
    assert moved.nonzero().flatten().tolist() == list(range(8 - align_width + 1, 8 + align_width))


def test_the_indicator_and_every_condition_matter():
    denoiser = some_denoiser(SMALL)
    inputs = some_inputs(SMALL, 1)
    with torch.no_grad():
        usual = denoiser(*inputs)
        noisy, step, audio, context, (identity, style), indicator = inputs
        others = [
            (noisy + 1, step, audio, context, (identity, style), indicator),
            (noisy, step % 20 + 1, audio, context, (identity, style), indicator),
            (noisy, step, audio, context + 1, (identity, style), indicator),
            (noisy, step, audio, context, (identity + 1, style), indicator),
            (noisy, step, audio, context, (identity, style + 1), indicator),
            (noisy, step, audio, context, (identity, style), 1 - indicator),
        ]
        assert all((denoiser(*other) - usual).abs().amax() > 1e-3 for other in others)


def test_dropout_at_width_one_drops_whole_audio_frames():
    config = replace(SMALL, dropout=0.5, heads=1)
    torch.manual_seed(0)
    attend_audio = Denoiser(config).layers[0].attend_audio.train()
    audio = torch.randn(1, 400, config.width)
    injection = attend_audio.prepare(audio).injection
    silent = (injection == attend_audio.out.bias).all(dim=-1).float().mean()
    assert 0.4 < silent < 0.6


def parameters(module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(("channels", "count"), [(54, 34_505_526), (51, 34_503_219)])
def test_the_paper_s_denoiser_has_the_published_size(channels, count):
    paper = DenoiserConfig(channels, style=128, identity=100, width=512, layers=8, heads=8, feed_forward=2048, norm_first=False)
    with torch.device("meta"):
        assert parameters(Denoiser(paper)) == count


def test_sizes_that_cannot_be_are_refused():
    for wrong in ({"heads": 3}, {"context": 13}, {"context": 0}, {"align_width": 0}):
        with pytest.raises(OptionError, match=str(next(iter(wrong.values())))):
            replace(SMALL, **wrong)
