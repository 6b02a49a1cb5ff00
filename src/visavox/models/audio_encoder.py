"""The audio encoder: normalised log-mel in, one feature vector for each motion frame out.

Shapes: features (B, L, 80) at 100 Hz with L = 4 T -> stem (B, D, L/2) -> dilated blocks at 50 Hz, where a head names the phone
of each 20 ms; -> (B, D, T) at 25 Hz, with the phone probabilities mixed back in; -> blocks at 25 Hz -> (B, T, D).
Only convolutions and norms over channels: a frame depends on MARGIN frames to either side and nothing else, so a long recording
can be encoded in overlapping chunks that equal the whole.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from visavox.models.log_mel import BANDS
from visavox.models.sizes import AudioEncoderConfig

# Silence, open vowels, and those that lips shape, and their numbers.


class ChannelNorm(nn.Module):
    """Scales each frame of (B, D, L) to unit mean square over its channels, times a learned gain (RMS norm)."""

    def __init__(self, width: int):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width, 1))

    def forward(self, frames: Tensor) -> Tensor:
        return frames * torch.rsqrt(frames.square().mean(1, keepdim=True) + 1e-6) * self.gain


class FastBlock(nn.Module):
    """A residual block at 50 Hz: norm, dilated convolution over 3 frames, GELU, convolution over 1."""

    def __init__(self, width: int, dilation: int, dropout: float):
        super().__init__()
        self.norm = ChannelNorm(width)
        self.mix = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Conv1d(width, width, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, frames: Tensor) -> Tensor:
        return frames + self.drop(self.out(functional.gelu(self.mix(self.norm(frames)))))


class SlowBlock(nn.Module):
    """A residual block at 25 Hz: depthwise convolution over 7 frames, norm, and a perceptron of three times the width."""

    def __init__(self, width: int, dilation: int, dropout: float):
        super().__init__()
        self.mix = nn.Conv1d(width, width, 7, padding=3 * dilation, dilation=dilation, groups=width)
        self.norm = ChannelNorm(width)
        self.up = nn.Conv1d(width, 3 * width, 1)
        self.down = nn.Conv1d(3 * width, width, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, frames: Tensor) -> Tensor:
        return frames + self.drop(self.down(functional.gelu(self.up(self.norm(self.mix(frames))))))


class AudioEncoder(nn.Module):
    """Features (B, T, D) of normalised log-mel (B, L, 80), L = 4 T; `encode` also gives the phone logits (B, 2 T, phones) at 50 Hz."""

    def __init__(self, config: AudioEncoderConfig):
        super().__init__()
        self.config = config
        width = config.width
        self.stem = nn.Conv1d(BANDS, width, 5, padding=2)
        self.halve = nn.Conv1d(width, width, 4, stride=2, padding=1)
        self.fast = nn.Sequential(*(FastBlock(width, dilation, config.dropout) for dilation in config.fast_dilations))
        self.phone_norm = ChannelNorm(width)
        self.phones = nn.Conv1d(width, config.phones, 1)
        self.recall = nn.Conv1d(config.phones, width, 1, bias=False)
        self.quarter = nn.Conv1d(width, width, 4, stride=2, padding=1)
        self.slow = nn.Sequential(*(SlowBlock(width, dilation, config.dropout) for dilation in config.slow_dilations))
        self.out_norm = ChannelNorm(width)

    def encode(self, features: Tensor) -> tuple[Tensor, Tensor]:
        frames = functional.gelu(self.stem(features.transpose(1, 2)))
        frames = self.fast(functional.gelu(self.halve(frames)))
        frames = self.phone_norm(frames)
        logits = self.phones(frames)
        frames = frames + self.recall(logits.softmax(1))
        frames = self.out_norm(self.slow(self.quarter(frames)))
        return frames.transpose(1, 2), logits.transpose(1, 2)

    def forward(self, features: Tensor) -> Tensor:
        return self.encode(features)[0]

    @torch.inference_mode()
    def phone_shares(self, features: np.ndarray) -> np.ndarray:
        """How likely each phone is (2 T, phones) at 50 Hz, for normalised log-mel (4 T, 80)."""
        return self.encode(torch.from_numpy(features)[None])[1][0].softmax(-1).numpy()

    @torch.inference_mode()
    def encoded(self, features: np.ndarray) -> np.ndarray:
        """Features (B, T, D) float32 of normalised log-mel (B, 4 T, 80)."""
        return self(torch.from_numpy(features)).numpy()

    @torch.inference_mode()
    def encoded_with_phones(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What `encoded` gives, and how likely each phone is (B, 2 T, phones) at 50 Hz, of one pass."""
        frames, logits = self.encode(torch.from_numpy(features))
        return frames.numpy(), logits.softmax(-1).numpy()
