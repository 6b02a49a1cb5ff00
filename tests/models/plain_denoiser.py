"""The denoiser written the plain way from PyTorch's own decoder layers: the reference for equality and for speed."""

import torch
from torch import nn

from visavox.models.denoiser import Denoiser


class PlainDenoiser(nn.Module):
    """The same function as `denoiser`, with generic masked attention over all audio and nothing prepared."""

    def __init__(self, denoiser: Denoiser):
        super().__init__()
        config = self.config = denoiser.config
        self.parts = denoiser
        layer = nn.TransformerDecoderLayer(
            config.width,
            config.heads,
            config.feed_forward,
            config.dropout,
            "gelu",
            batch_first=True,
            norm_first=config.norm_first,
        )
        self.decoder = nn.TransformerDecoder(layer, config.layers)
        for ours, theirs in zip(denoiser.layers, self.decoder.layers, strict=True):
            theirs.load_state_dict(torch_names(ours))
        frames = config.context + config.window
        blocked = torch.ones(1 + frames, frames, dtype=torch.bool)
        for frame in range(frames):
            first, end = max(frame - config.align_width + 1, 0), frame + config.align_width
            blocked[1 + frame, first:end] = False
        blocked[0] = False
        self.blocked = blocked

    def forward(self, noisy, step, audio, context, person, indicator):
        parts, motion = self.parts, torch.cat([context, noisy], dim=1)
        if self.config.indicator:
            motion = torch.cat([motion, indicator[..., None]], dim=2)
        who = parts.person(torch.cat(person, dim=1)) + parts.step_map(parts.step_rows[step])
        tokens = torch.cat([who[:, None], parts.embed(motion)], dim=1) + parts.position
        return parts.read(parts.last_norm(self.decoder(tokens, audio, memory_mask=self.blocked)[:, 1:]))


def torch_names(layer) -> dict[str, torch.Tensor]:
    """The weights of one of our decoder layers under the names of `nn.TransformerDecoderLayer`."""
    attend, attend_audio = layer.attend, layer.attend_audio
    named = {
        "self_attn.in_proj_weight": attend.query_key_value.weight,
        "self_attn.in_proj_bias": attend.query_key_value.bias,
        "multihead_attn.in_proj_weight": torch.cat([attend_audio.query.weight, attend_audio.key_value.weight]),
        "multihead_attn.in_proj_bias": torch.cat([attend_audio.query.bias, attend_audio.key_value.bias]),
    }
    modules = {
        "self_attn.out_proj": attend.out,
        "multihead_attn.out_proj": attend_audio.out,
        "linear1": layer.perceive[0],
        "linear2": layer.perceive[3],
        "norm1": layer.attend_residual.norm,
        "norm2": layer.attend_audio_residual.norm,
        "norm3": layer.perceive_residual.norm,
    }
    for name, module in modules.items():
        named |= {f"{name}.weight": module.weight, f"{name}.bias": module.bias}
    return named
