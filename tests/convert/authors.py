"""DiffPoseTalk's networks written from the description of its checkpoints, under its own names, to make files like its authors'.

Plain PyTorch layers, nothing shared with the package: the reference for names and for numbers.
"""

import argparse
import math
import pathlib

import torch
from torch import nn

WINDOW, CONTEXT, SHAPE = 100, 10, 100


def sinusoids(rows: int, width: int) -> torch.Tensor:
    angle = torch.arange(rows)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table = torch.zeros(rows, width)
    table[:, 0::2], table[:, 1::2] = angle.sin(), angle.cos()
    return table[None]


class Positions(nn.Module):
    def __init__(self, rows, width):
        super().__init__()
        self.register_buffer("pe", sinusoids(rows, width))


class Denoising(nn.Module):
    def __init__(self, channels, width, layers, style, indicator, steps):
        super().__init__()
        self.indicator = indicator
        self.TE = Positions(steps + 1, width)
        self.PE = nn.Parameter(torch.randn(1, 1 + CONTEXT + WINDOW, width))
        self.diff_step_map = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.person_proj = nn.Linear(SHAPE + style, width)
        self.feature_proj = nn.Linear(channels + indicator, width)
        layer = nn.TransformerDecoderLayer(width, max(width // 64, 1), 4 * width, activation="gelu", batch_first=True)
        self.transformer = nn.TransformerDecoder(layer, layers)
        frames = CONTEXT + WINDOW
        self.register_buffer("alignment_mask", torch.cat([torch.zeros(1, frames, dtype=torch.bool), ~torch.eye(frames, dtype=torch.bool)]))
        self.motion_dec = nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, channels))

    def forward(self, noisy, audio, shape, style, before, before_audio, step, indicator):
        person = self.person_proj(torch.cat([shape, style], -1))[:, None] + self.diff_step_map(self.TE.pe[0, step])[:, None]
        motion = torch.cat([before, noisy], 1)
        if self.indicator:
            flags = torch.cat([torch.zeros(len(noisy), CONTEXT), indicator], 1)
            motion = torch.cat([motion, flags[..., None]], -1)
        tokens = torch.cat([person, self.feature_proj(motion)], 1) + self.PE
        memory = torch.cat([before_audio, audio], 1)
        return self.motion_dec(self.transformer(tokens, memory, memory_mask=self.alignment_mask)[:, 1:])


def betas_of(mode: str, steps: int) -> torch.Tensor:
    """The table of a schedule in single precision, as their files hold it."""
    if mode == "linear":
        return torch.linspace(1e-4, 0.02, steps)
    if mode == "quadratic":
        return torch.linspace(1e-4**0.5, 0.02**0.5, steps) ** 2
    if mode == "sigmoid":
        return torch.sigmoid(torch.linspace(-5, 5, steps)) * (0.02 - 1e-4) + 1e-4
    kept = torch.cos((torch.arange(steps + 1) / steps + 0.008) / 1.008 * torch.pi / 2) ** 2
    return torch.clip(1 - kept[1:] / kept[:-1], 1e-4, 0.999)


class Schedule(nn.Module):
    def __init__(self, steps, mode="cosine"):
        super().__init__()
        betas = torch.cat([torch.zeros(1), betas_of(mode, steps)])
        kept = torch.cumprod(1 - betas, 0)
        inflex = torch.cat([torch.zeros(1), torch.sqrt((1 - kept[:-1]) / (1 - kept[1:]) * betas[1:])])
        tables = {"betas": betas, "alphas": 1 - betas, "alpha_bars": kept, "sigmas_flex": betas.sqrt(), "sigmas_inflex": inflex}
        for name, table in tables.items():
            self.register_buffer(name, table)


class DiffTalkingHead(nn.Module):
    def __init__(self, channels=54, width=64, layers=2, style=16, indicator=True, steps=20, hubert=(64, 2, 96, 32), mode="cosine"):
        from transformers import HubertConfig, HubertModel  # seconds, which only who makes one has to pay

        super().__init__()
        hidden, depth, feed_forward, conv = hubert
        self.start_audio_feat = nn.Parameter(torch.randn(1, CONTEXT, width))
        self.start_motion_feat = nn.Parameter(torch.randn(1, CONTEXT, channels))
        self.null_style_feat = nn.Parameter(torch.randn(1, 1, style))
        self.null_audio_feat = nn.Parameter(torch.randn(1, 1, width))
        self.audio_feature_map = nn.Linear(hidden, width)
        self.audio_encoder = HubertModel(HubertConfig(
            hidden_size=hidden, num_hidden_layers=depth, num_attention_heads=max(hidden // 64, 1), intermediate_size=feed_forward,
            conv_dim=(conv,) * 7, feat_proj_dropout=0.1,
        ))  # fmt: skip
        self.denoising_net = Denoising(channels, width, layers, style, indicator, steps)
        self.diffusion_sched = Schedule(steps, mode)


class StyleEncoder(nn.Module):
    def __init__(self, channels=54, width=16, layers=2, heads=1):
        super().__init__()
        self.motion_proj = nn.Linear(channels, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, activation="gelu", batch_first=True)
        self.transformer = nn.TransformerEncoder(layer, layers)

    def forward(self, motion):
        row = sinusoids(600, self.motion_proj.out_features)[:, motion.shape[1]]
        return self.transformer(self.motion_proj(motion) + row[:, None]).mean(1)


def randomised(network: nn.Module) -> nn.Module:
    """The network in evaluation mode with every weight, also those that start at 0 or 1, moved at random."""
    torch.manual_seed(7)
    for weight in network.parameters():
        weight.data += 0.1 * torch.randn_like(weight)
    return network.eval()


def old_norms(weights: dict) -> dict:
    """The state dict as PyTorch before 2.1 named the positional convolution's weights."""
    ends = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    named = {}
    for name, value in weights.items():
        for new, old in ends.items():
            name = name.replace(new, old)
        named[name] = value
    return named


def save_denoiser(network: nn.Module, path, weights: dict | None = None, **options) -> None:
    """Writes a file like the authors': args, model, iter. Options are those of training, of which a path is one."""
    data = pathlib.PurePosixPath("datasets/HDTF_TFHP")
    args = argparse.Namespace(exp_name="head-SA-hubert-WM", data_root=data, target="sample", **{"align_mask_width": 1} | options)
    torch.save({"args": args, "model": network.state_dict() if weights is None else weights, "iter": 110_000}, path)


def save_style_encoder(network: nn.Module, path, **options) -> None:
    args = argparse.Namespace(exp_name="head-L4H4-T0.1-BS32", stats_file=pathlib.PurePosixPath("stats_train.npz"), **options)
    torch.save({"args": args, "encoder": network.state_dict(), "iter": 26_000}, path)
