"""Transformer layers: self-attention, attention to aligned audio, perceptron, and the sinusoid of positions.

Shapes: B batch, T tokens, L audio frames, D width, H heads. Each layer is a residual layer with the norm after the
sum (the paper's) or before the branch (`norm_first`). What depends on the audio alone is computed by `prepare`,
once for a window.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


def sinusoid(positions: Tensor, width: int) -> Tensor:
    """Sinusoids (..., D) of `positions` (...): sine in even columns, cosine in odd ones, wavelengths 2 pi to 10000 * 2
    pi.
    """
    rates = torch.exp(torch.arange(0, width, 2, device=positions.device) * (-math.log(10000.0) / width))
    angles = positions[..., None].float() * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)[..., :width]


@dataclass(frozen=True)
class LayerSizes:
    """What every layer of a stack shares: width D, heads H, width of the perceptron, place of the norms, dropout."""

    width: int
    heads: int
    feed_forward: int
    norm_first: bool
    dropout: float


class SelfAttention(nn.Module):
    """Multi-head attention of tokens (B, T, D) to one another."""

    def __init__(self, sizes: LayerSizes):
        super().__init__()
        self.heads, self.dropout = sizes.heads, sizes.dropout
        self.query_key_value = nn.Linear(sizes.width, 3 * sizes.width)
        self.out = nn.Linear(sizes.width, sizes.width)
        _start_attention(self.query_key_value)
        nn.init.zeros_(self.out.bias)

    def forward(self, tokens: Tensor) -> Tensor:
        query, key, value = (split_heads(part, self.heads) for part in self.query_key_value(tokens).chunk(3, dim=-1))
        dropout = self.dropout if self.training else 0.0
        attended = functional.scaled_dot_product_attention(query, key, value, dropout_p=dropout)
        return self.out(merge_heads(attended))


@dataclass(frozen=True)
class AudioMemory:
    """What a layer keeps of a window's audio: `key` and `value` (B, H, L, D / H), and at alignment width 1 the finished
    `injection` (B, L, D) of each motion token."""

    key: Tensor
    value: Tensor
    injection: Tensor | None

    def rows(self, index: Tensor) -> "AudioMemory":
        """The memory whose batch rows are those of `index` (N,), so that branches with equal audio share its work."""
        injection = None if self.injection is None else self.injection[index]
        return AudioMemory(self.key[index], self.value[index], injection)


class AudioAttention(nn.Module):
    """Attention of [person, motion frames] (B, 1 + L, D) to audio (B, L, D) under the alignment mask of `align_width`.

    At width 1 a motion token sees one audio frame, whose softmax is 1. Attention is then a linear map of that
    frame, made once in `prepare`; only the person token has anything to attend to.
    """

    def __init__(self, sizes: LayerSizes, align_width: int):
        super().__init__()
        self.heads, self.align_width = sizes.heads, align_width
        self.query = nn.Linear(sizes.width, sizes.width)
        self.key_value = nn.Linear(sizes.width, 2 * sizes.width)
        self.out = nn.Linear(sizes.width, sizes.width)
        self.drop = nn.Dropout(sizes.dropout)
        _start_attention(self.query, self.key_value)
        nn.init.zeros_(self.out.bias)

    def prepare(self, audio: Tensor) -> AudioMemory:
        """The memory of `audio` (B, L, D)."""
        key, value = (split_heads(part, self.heads) for part in self.key_value(audio).chunk(2, dim=-1))
        if self.align_width > 1:
            return AudioMemory(key, value, None)
        kept = value * self.drop(torch.ones_like(value[..., :1])) if self.training else value
        return AudioMemory(key, value, self.out(merge_heads(kept)))

    def forward(self, tokens: Tensor, memory: AudioMemory, mask: Tensor) -> Tensor:
        dropout = self.drop.p if self.training else 0.0
        if memory.injection is not None:
            tokens, mask = tokens[:, :1], None
        query = split_heads(self.query(tokens), self.heads)
        attend = functional.scaled_dot_product_attention
        attended = self.out(merge_heads(attend(query, memory.key, memory.value, attn_mask=mask, dropout_p=dropout)))
        return attended if memory.injection is None else torch.cat([attended, memory.injection], dim=1)


class Perceptron(nn.Sequential):
    """Two linear maps with GELU and dropout between, over each token (B, T, D)."""

    def __init__(self, sizes: LayerSizes):
        up, down = nn.Linear(sizes.width, sizes.feed_forward), nn.Linear(sizes.feed_forward, sizes.width)
        super().__init__(up, nn.GELU(), nn.Dropout(sizes.dropout), down)


class Residual(nn.Module):
    """The frame of each sublayer: norm(x + branch(x)), or x + branch(norm(x)) when `norm_first`; dropout on the
    branch.
    """

    def __init__(self, sizes: LayerSizes):
        super().__init__()
        self.norm_first = sizes.norm_first
        self.norm = nn.LayerNorm(sizes.width)
        self.drop = nn.Dropout(sizes.dropout)

    def forward(self, tokens: Tensor, branch) -> Tensor:
        if self.norm_first:
            return tokens + self.drop(branch(self.norm(tokens)))
        return self.norm(tokens + self.drop(branch(tokens)))


class EncoderLayer(nn.Module):
    """Tokens (B, T, D) attend to one another, then each passes through a perceptron."""

    def __init__(self, sizes: LayerSizes):
        super().__init__()
        self.attend, self.attend_residual = SelfAttention(sizes), Residual(sizes)
        self.perceive, self.perceive_residual = Perceptron(sizes), Residual(sizes)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = self.attend_residual(tokens, self.attend)
        return self.perceive_residual(tokens, self.perceive)


class DecoderLayer(nn.Module):
    """Tokens (B, 1 + L, D) attend to one another, then to the aligned audio, then each passes through a perceptron."""

    def __init__(self, sizes: LayerSizes, align_width: int):
        super().__init__()
        self.attend, self.attend_residual = SelfAttention(sizes), Residual(sizes)
        self.attend_audio, self.attend_audio_residual = AudioAttention(sizes, align_width), Residual(sizes)
        self.perceive, self.perceive_residual = Perceptron(sizes), Residual(sizes)

    def forward(self, tokens: Tensor, memory: AudioMemory, mask: Tensor) -> Tensor:
        tokens = self.attend_residual(tokens, self.attend)
        tokens = self.attend_audio_residual(tokens, lambda queries: self.attend_audio(queries, memory, mask))
        return self.perceive_residual(tokens, self.perceive)


def split_heads(tokens: Tensor, heads: int) -> Tensor:
    """(B, T, D) as (B, H, T, D / H)."""
    return tokens.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(tokens: Tensor) -> Tensor:
    """(B, H, T, D / H) as (B, T, D)."""
    return tokens.transpose(1, 2).flatten(-2)


def _start_attention(*projections: nn.Linear) -> None:
    """Glorot-uniform weights, as in Vaswani et al., each of the stacked square maps on its own; biases 0."""
    for projection in projections:
        for part in projection.weight.data.split(projection.in_features):
            nn.init.xavier_uniform_(part)
        nn.init.zeros_(projection.bias)
