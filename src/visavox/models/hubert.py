"""HuBERT-base as DiffPoseTalk encodes with it: normalised samples at 16 kHz in, one vector of 768 for each motion frame at 25 Hz out.

Shapes: B batch, S samples with S = 640 T -> convolutions at 50 Hz (B, 2 T, 512); -> transformer at 50 Hz (B, 2 T, 768); -> the mean of
each pair of frames (B, T, 768). The padding at both ends makes exactly 2 T frames. Built from a configuration; it never downloads.
Needs the library `transformers` (the extra "paper").
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from visavox.errors import DependencyError
from visavox.models.sizes import HubertSizes, check_samples

CONV_STEP, SIDE = 320, 40  # samples between frames at 50 Hz; samples of padding at each end
MASK_SHARE, MASK_FRAMES, FEWEST_MASKS = 0.05, 10, 2  # of SpecAugment in HuBERT's own configuration
VARIANCE_FLOOR = 1e-5


class HubertEncoder(nn.Module):
    """Features (B, T, width) of samples (B, 640 T) that `standardise` made. In training, dropout, layer drop and masking are active."""

    def __init__(self, config: HubertSizes):
        super().__init__()
        self.config = config
        self.hubert = _hubert(config)
        self.hubert.feature_extractor._freeze_parameters()
        frozen = [self.hubert.feature_projection, *self.hubert.encoder.layers[: config.frozen_layers]]
        for module in frozen:
            module.requires_grad_(False)

    def forward(self, samples: Tensor) -> Tensor:
        check_samples(samples.shape[1])
        mask = self.masked_frames(samples) if self.training else None
        states = self.hubert(pad_ends(samples), mask_time_indices=mask).last_hidden_state
        return states.unflatten(1, (-1, 2)).mean(2)

    def masked_frames(self, samples: Tensor) -> Tensor:
        """Which frames at 50 Hz (B, 2 T) are hidden in training: spans of MASK_FRAMES, 5 % of the time, from PyTorch's generator."""
        batch, frames = samples.shape[0], samples.shape[1] // CONV_STEP
        length = min(MASK_FRAMES, frames)
        spans = max(round(MASK_SHARE * frames / length), FEWEST_MASKS)
        starts = torch.rand(batch, frames - length + 1, device=samples.device).argsort(1)[:, :spans]
        hidden = (starts[..., None] + torch.arange(length, device=samples.device)).flatten(1)
        return torch.zeros(batch, frames, dtype=torch.bool, device=samples.device).scatter_(1, hidden, True)


def standardise(samples: Tensor) -> Tensor:
    """Samples (..., S) with mean 0 and standard deviation 1 over the recording, as the paper's network takes them."""
    mean, std = samples.mean(-1, keepdim=True), samples.std(-1, keepdim=True)
    return (samples - mean) / (std + VARIANCE_FLOOR)


def pad_ends(samples: Tensor) -> Tensor:
    """Samples (B, S + 80): 40 more at each end, so that S = 640 T become exactly 2 T frames. They are mirrored in two halves of 20."""
    half = SIDE // 2
    once = functional.pad(samples[:, None], (half, half), mode="reflect")
    return functional.pad(once, (half, half), mode="reflect")[:, 0]


def _hubert(sizes: HubertSizes) -> nn.Module:
    try:
        from transformers import HubertConfig, HubertModel
    except ImportError:
        raise DependencyError("HuBERT needs the library transformers, which is not installed: pip install 'visavox[paper]'") from None
    config = HubertConfig(
        hidden_size=sizes.width, num_hidden_layers=sizes.layers, num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward, conv_dim=(sizes.conv_width,) * 7, feat_proj_dropout=0.1,
    )  # fmt: skip
    return HubertModel(config)
