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
        return (self.read(self.hidden(mel, features, phones)) + self.plain(features.transpose(1, 2))).transpose(1, 2)

    def hidden(self, mel: Tensor, features: Tensor, phones: Tensor) -> Tensor:
        """The last hidden channels (B, width, T), after their norm."""
        batch, frames, _ = features.shape
        sound = mel.reshape(batch, frames, -1).transpose(1, 2)
        named = phones.reshape(batch, frames, -1).transpose(1, 2)
        taken = self.features(features.transpose(1, 2)) + self.bands(sound) + self.phones(named)
        return self.norm(self.blocks(taken))

    @torch.no_grad()
    def set_plain(self, weights: Tensor, offset: Tensor) -> None:
        """Makes the linear reading that of `weights` (NEIGHBOURS E, 2), frame before frame, and `offset` (2,)."""
        kernel = weights.T.reshape(len(READ), NEIGHBOURS, -1).transpose(1, 2)
        self.plain.weight.copy_(kernel)
        self.plain.bias.copy_(offset)

    @torch.no_grad()
    def set_last(self, hidden: Tensor, features: Tensor, offset: Tensor) -> None:
        """Sets the last maps: weights of the `hidden` channels (width, 2), of `features` (NEIGHBOURS E, 2), `offset` (2,)."""
        self.read.weight.copy_(hidden.T[..., None])
        self.read.bias.zero_()
        self.set_plain(features, offset)
