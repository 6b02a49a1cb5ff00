"""The style encoder: a stretch of motion in, K numbers that say how it is spoken out.

Shapes: normalised motion (B, T, C) -> tokens (B, T, D) plus positions -> transformer -> mean over time (B, D) ->
(B, K).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visavox.errors import OptionError
from visavox.models.layers import EncoderLayer, LayerSizes, sinusoid

POSITIONALS = ("sinusoid", "constant_row")


@dataclass(frozen=True)
class StyleEncoderConfig:
    """Sizes of the style encoder: channels C in, `style` K out, width D.

    `positional` "sinusoid" gives each frame its own row of the sinusoid; "constant_row" gives every frame the row
    whose number is the length T, as the authors' weights expect (their encoder is blind to order). A last linear
    map exists when K is not D.
    """

    channels: int
    style: int = 128
    width: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 512
    positional: str = "sinusoid"
    norm_first: bool = False
    dropout: float = 0.1

    def __post_init__(self):
        if self.positional not in POSITIONALS:
            raise OptionError(
                f"positional {self.positional!r} of the style encoder is unknown; valid: {', '.join(POSITIONALS)}"
            )
        if self.heads < 1 or self.width % self.heads or self.width % 2:
            raise OptionError(f"style encoder width {self.width} must be even and a multiple of its {self.heads} heads; change one")

    @property
    def least_weights(self) -> int:
        """No more weights than an encoder of these sizes has: those of its layers, and of its first map."""
        return self.layers * 2 * self.width * (2 * self.width + self.feed_forward) + self.width * self.channels


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
