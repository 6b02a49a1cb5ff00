"""The style encoder: a stretch of motion in, K numbers that say how it is spoken out.

Shapes: normalised motion (B, T, C) -> tokens (B, T, D) plus positions -> transformer -> mean over time (B, D) ->
(B, K).
"""

import torch
from torch import Tensor, nn

from visavox.models.layers import EncoderLayer, LayerSizes, sinusoid
from visavox.models.sizes import StyleEncoderConfig


class StyleEncoder(nn.Module):
    """Style vectors (B, K) of normalised motion (B, T, C)."""

    def __init__(self, config: StyleEncoderConfig):
        super().__init__()
        self.config = config
        sizes = LayerSizes(config.width, config.heads, config.feed_forward, config.norm_first, config.dropout)
        self.embed = nn.Linear(config.channels, config.width)
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(EncoderLayer(sizes) for _ in range(config.layers))
        self.last_norm = nn.LayerNorm(config.width) if config.norm_first else nn.Identity()
        self.out = nn.Linear(config.width, config.style) if config.style != config.width else nn.Identity()

    def forward(self, motion: Tensor) -> Tensor:
        _, frames, _ = motion.shape
        first = frames if self.config.positional == "constant_row" else 0
        count = 1 if self.config.positional == "constant_row" else frames
        rows = sinusoid(torch.arange(first, first + count, device=motion.device), self.config.width)
        tokens = self.drop(self.embed(motion) + rows)
        for layer in self.layers:
            tokens = layer(tokens)
        return self.out(self.last_norm(tokens).mean(dim=1))
