"""The lip reader: how far open and how wide the mouth of the person who speaks would be, from what the audio encoder makes of the sound.

Shapes: normalised log-mel (B, 4 T, 80), features of the audio encoder (B, T, E) and its phone probabilities (B, 2 T, P) ->
(B, T, 2). Convolutions over frames at 25 Hz, wider than the encoder's own: a phrase opens and spreads slowly. A frame is read from
`margin` frames to either side and nothing else, beyond those that the encoder needs.
"""

import torch
from torch import Tensor, nn

from visavox.models.audio_encoder import ChannelNorm, SlowBlock
from visavox.models.log_mel import BANDS
from visavox.models.sizes import FEATURES_PER_FRAME, READ, LipReaderConfig

NEIGHBOURS = 3  # frames of which the plain linear reading is made


class LipReader(nn.Module):
    """Readings (B, T, 2) of READ: a linear one of the features, and what residual blocks over features, phones and sound add to it."""

    def __init__(self, config: LipReaderConfig):
        super().__init__()
        self.config = config
        width = config.width
        self.features = nn.Conv1d(config.encoder, width, 1)
        self.bands = nn.Conv1d(FEATURES_PER_FRAME * BANDS, width, 3, padding=1)
        self.phones = nn.Conv1d(2 * config.phones, width, 1, bias=False)
        self.blocks = nn.Sequential(*(SlowBlock(width, dilation, config.dropout) for dilation in config.dilations))
        self.norm = ChannelNorm(width)
        self.read = nn.Conv1d(width, len(READ), 1)
        self.plain = nn.Conv1d(config.encoder, len(READ), NEIGHBOURS, padding=NEIGHBOURS // 2, padding_mode="replicate")
        nn.init.zeros_(self.read.weight)

    def forward(self, mel: Tensor, features: Tensor, phones: Tensor) -> Tensor:
        batch, frames, _ = features.shape
        encoded = features.transpose(1, 2)
        sound = mel.reshape(batch, frames, -1).transpose(1, 2)
        named = phones.reshape(batch, frames, -1).transpose(1, 2)
        hidden = self.blocks(self.features(encoded) + self.bands(sound) + self.phones(named))
        return (self.read(self.norm(hidden)) + self.plain(encoded)).transpose(1, 2)

    @torch.no_grad()
    def set_plain(self, weights: Tensor, offset: Tensor) -> None:
        """Makes the linear reading that of `weights` (NEIGHBOURS E, 2), frame before frame, and `offset` (2,)."""
        kernel = weights.T.reshape(len(READ), NEIGHBOURS, -1).transpose(1, 2)
        self.plain.weight.copy_(kernel)
        self.plain.bias.copy_(offset)

    @torch.no_grad()
    def temper(self, weights: Tensor, offset: Tensor, share: float) -> None:
        """Makes what is read the mean of the reader's own, which counts `share`, and of the linear reading of `weights` and `offset`: the
        two err differently on voices that neither was trained on."""
        learned = self.plain.weight.clone(), self.plain.bias.clone()
        self.set_plain(weights, offset)
        for tensor, own in zip((self.plain.weight, self.plain.bias), learned, strict=True):
            tensor.lerp_(own, share)
        self.read.weight *= share
        self.read.bias *= share
