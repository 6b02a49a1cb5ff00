"""The denoiser: a transformer that predicts the clean motion of a window from a noisy one, given audio, context, style
and step.

Shapes, with L = P + W: noisy (B, W, C), step (B,), audio (B, L, D), context (B, P, C), style (B, K), identity (B, E),
indicator (B, L) -> x0 (B, L, C). The tokens are [person, context P, window W] (B, 1 + L, D).
Source: DiffPoseTalk (SIGGRAPH 2024); the numbers of its configuration are in `face_config.paper_config`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from visavox.models.layers import AudioMemory, DecoderLayer, LayerSizes, sinusoid
from visavox.models.positions import alignment_mask
from visavox.models.sizes import DenoiserConfig


@dataclass(frozen=True)
class Prepared:
    """All that stays the same over the steps of one window: person (B, 1, D) without the step; the indicator of context and window
    (B, P + W); each layer's audio, and what conditions by name add to the window's tokens (B, W, D), None without any.
    """

    person: Tensor
    indicator: Tensor
    memories: tuple[AudioMemory, ...]
    frames: Tensor | None = None


class Denoiser(nn.Module):
    """Clean motion x0 (B, P + W, C) of context and window, predicted from a noisy window. See the head of this file
    for shapes.
    """

    def __init__(self, config: DenoiserConfig):
        super().__init__()
        self.config = config
        width, frames = config.width, config.context + config.window
        sizes = LayerSizes(width, config.heads, config.feed_forward, config.norm_first, config.dropout)
        self.person = nn.Linear(config.identity + config.style, width)
        self.embed = nn.Linear(config.channels + config.indicator, width)
        self.position = nn.Parameter(torch.randn(1, 1 + frames, width) * 0.02)
        self.step_map = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.layers = nn.ModuleList(DecoderLayer(sizes, config.align_width) for _ in range(config.layers))
        self.last_norm = nn.LayerNorm(width) if config.norm_first else nn.Identity()
        self.read = nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, config.channels))
        self.named = nn.ModuleDict({entry.name: nn.Linear(entry.size, width, bias=False) for entry in config.conditions})
        for projection in self.named.values():
            nn.init.zeros_(projection.weight)  # a model that gains a condition moves as before until it has learned it
        self.register_buffer("step_rows", sinusoid(torch.arange(config.steps + 1), width), persistent=False)
        self.register_buffer("mask", torch.from_numpy(alignment_mask(frames, config.align_width)), persistent=False)

    def forward(
        self,
        noisy: Tensor,
        step: Tensor,
        audio: Tensor,
        context: Tensor,
        person: tuple[Tensor, Tensor],
        indicator: Tensor,
    ) -> Tensor:
        """x0 (B, P + W, C), of a model without conditions by name; `person` is (identity (B, E), style (B, K))."""
        return self.denoise_prepared(noisy, step, context, self.prepare(audio, person, indicator))

    def prepare(
        self,
        audio: Tensor,
        person: tuple[Tensor, Tensor],
        indicator: Tensor,
        rows: Tensor | None = None,
        named: Mapping[str, Tensor] | None = None,
    ) -> Prepared:
        """The constants of a window. With `rows` (B,), `audio` holds only the different recordings and rows[b] names
        that of b. `named` holds every condition of the configuration, (B, Q) or (B, W, Q).
        """
        memories = tuple(layer.attend_audio.prepare(audio) for layer in self.layers)
        if rows is not None:
            memories = tuple(memory.rows(rows) for memory in memories)
        who = self.person(torch.cat(person, dim=-1))[:, None] + self.position[:, :1]
        for entry in self.config.conditions:
            if entry.per == "clip":
                who = who + self.named[entry.name](named[entry.name])[:, None]
        tracks = [self.named[entry.name](named[entry.name]) for entry in self.config.conditions if entry.per == "frame"]
        return Prepared(who, indicator, memories, sum(tracks) if tracks else None)

    def denoise_prepared(self, noisy: Tensor, step: Tensor, context: Tensor, prepared: Prepared) -> Tensor:
        """x0 (B, P + W, C) of `noisy` (B, W, C) at `step` (B,) or (1,), each from 1 to N, after `context` (B, P, C); the window may be
        shorter than usual.
        """
        first, frames = self.config.context, self.config.context + noisy.shape[1]
        before = self._embed(context, prepared.indicator[:, :first]) + self.position[:, 1 : 1 + first]
        now = self._embed(noisy, prepared.indicator[:, first:]) + self.position[:, 1 + first : 1 + frames]
        now = now if prepared.frames is None else now + prepared.frames
        person = prepared.person + self.step_map(self.step_rows[step])[:, None]
        tokens = torch.cat([person, before, now], dim=1)
        for layer, memory in zip(self.layers, prepared.memories, strict=True):
            tokens = layer(tokens, memory, self.mask[: 1 + frames, :frames])
        return self.read(self.last_norm(tokens[:, 1:]))

    def _embed(self, motion: Tensor, indicator: Tensor) -> Tensor:
        if self.config.indicator:
            motion = torch.cat([motion, indicator[..., None].to(motion.dtype)], dim=-1)
        return self.embed(motion)
