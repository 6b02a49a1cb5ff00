"""`FaceModel`: the networks, learned start and null tensors and normalisation of one face, behind a few calls on NumPy
arrays.

Shapes: B batch, G guidance branches, L log-mel frames (4 a motion frame), T motion frames, W window, P context, C
channels, D width, K style, E identity. Motion and identity are normalised values throughout; nothing here reads a
file.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from visavox.models.audio_encoder import AudioEncoder
from visavox.models.conditions import Conditions, NamedCondition, Nulls
from visavox.models.denoiser import Denoiser
from visavox.models.face_config import FaceConfig
from visavox.models.fitting import check_fit, check_statistics
from visavox.models.hubert import HubertEncoder
from visavox.models.lip_reader import LipReader
from visavox.models.normalizer import Normalizer
from visavox.models.sizes import AudioEncoderConfig, HubertSizes
from visavox.models.style_encoder import StyleEncoder
from visavox.rig import Rig

AUDIO_ENCODERS = {AudioEncoderConfig: AudioEncoder, HubertSizes: HubertEncoder}


class FaceModel(nn.Module):
    """The whole model of `config`. `audio_encoder` maps features to (B, T, config.audio.width); it is built from the
    config when not given.
    """

    def __init__(self, config: FaceConfig, audio_encoder: nn.Module | None = None):
        super().__init__()
        sizes = config.denoiser
        self.config = config
        self.audio_encoder = AUDIO_ENCODERS[type(config.audio)](config.audio) if audio_encoder is None else audio_encoder
        self.audio_map = nn.Linear(config.audio.width, sizes.width)
        self.style_encoder = StyleEncoder(config.style)
        self.denoiser = Denoiser(sizes)
        self.lip_reader = None if config.lips is None else LipReader(config.lips)
        self.start_motion = nn.Parameter(torch.randn(1, sizes.context, sizes.channels))
        self.start_audio = nn.Parameter(torch.randn(1, sizes.context, sizes.width))
        self.null_style = nn.Parameter(torch.randn(1, sizes.style))
        self.null_audio = nn.Parameter(torch.randn(1, 1, sizes.width))
        self.null_named = nn.ParameterDict({entry.name: torch.zeros(entry.shape(1, 1)) for entry in sizes.conditions})
        self.normalizer = Normalizer(sizes.channels)
        self.identity_normalizer = Normalizer(sizes.identity)

    @property
    def rig(self) -> Rig:
        """The rig whose channels the model moves."""
        return self.config.rig

    # Training: tensors, with gradients.

    def features(self, mel: Tensor) -> Tensor:
        """Audio features (B, T, D) of what the audio encoder takes, for the default encoder normalised log-mel (B, 4
        T, 80).
        """
        return self.audio_map(self.audio_encoder(mel))

    def forward(self, noisy: Tensor, step: Tensor, conditions: Conditions, nulls: Nulls | None = None) -> Tensor:
        """x0 (B, P + W, C) of `noisy` (B, W, C) at `step` (B,), under conditions of which `nulls` replaces some by
        learned tensors.
        """
        audio, context, person, indicator = self.denoiser_inputs(conditions, nulls or Nulls())
        named = self.named_conditions(conditions, nulls or Nulls())
        prepared = self.denoiser.prepare(audio, person, indicator, named=named)
        return self.denoiser.denoise_prepared(self.hidden(noisy, conditions.valid), step, context, prepared)

    def named_conditions(self, given: Conditions, nulls: Nulls) -> dict[str, Tensor]:
        """The conditions of the configuration by name, null where they are not told."""
        batch, window = given.audio.shape[:2]
        found = {}
        for entry in self.config.denoiser.conditions:
            null = self.null_named[entry.name].expand(entry.shape(1, window))
            found[entry.name] = _with_null(given.named.get(entry.name), null, nulls.named.get(entry.name), batch)
        return found

    def denoiser_inputs(self, given: Conditions, nulls: Nulls) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor], Tensor]:
        batch = given.audio.shape[0]
        context = _with_null(given.context, self.start_motion, nulls.context, batch)
        before = _with_null(given.context_audio, self.start_audio, nulls.context, batch)
        style = _with_null(given.style, self.null_style, nulls.style, batch)
        audio = _with_null(given.audio, self.null_audio, nulls.audio, batch)
        identity = given.identity
        if identity is None:
            identity = style.new_zeros(batch, self.config.denoiser.identity)
        valid = given.valid.to(audio.dtype)
        audio = self.hidden(audio, valid)
        indicator = torch.cat([valid.new_zeros(batch, context.shape[1]), valid], dim=1)
        return torch.cat([before, audio], dim=1), context, (identity, style), indicator

    def hidden(self, frames: Tensor, valid: Tensor) -> Tensor:
        """`frames` (B, W, ...) with 0 where `valid` (B, W) is 0, if the configuration hides padding."""
        return frames * valid[..., None].to(frames.dtype) if self.config.denoiser.hide_padding else frames

    # What training changes.

    def gaining(self, *conditions: NamedCondition) -> "FaceModel":
        """This model with further named conditions, which move nothing until they are trained."""
        denoiser = replace(self.config.denoiser, conditions=(*self.config.denoiser.conditions, *conditions))
        model = FaceModel(replace(self.config, denoiser=denoiser))
        model.set_weights(model.weights() | self.weights(), self.statistics())
        return model.train(self.training)

    # What a checkpoint keeps.

    def weights(self) -> dict[str, np.ndarray]:
        """Every weight by name as float32."""
        return {name: value.detach().float().numpy(force=True) for name, value in self.state_dict().items()}

    def statistics(self) -> dict[str, list[float]]:
        """The normalisation of motion ("mean", "std") and of identities ("identity_mean", "identity_std")."""
        identity = self.identity_normalizer.statistics()
        return self.normalizer.statistics() | {f"identity_{name}": values for name, values in identity.items()}

    def set_weights(self, weights: dict[str, np.ndarray], statistics: dict[str, list[float]]) -> None:
        """Takes what `weights` and `statistics` gave; a CheckpointError that names what is missing, extra or of
        another shape.
        """
        check_fit(*({name: tuple(value.shape) for name, value in each.items()} for each in (self.state_dict(), weights)))
        check_statistics(statistics)
        self.normalizer.set_statistics(statistics["mean"], statistics["std"], floor=0)
        self.identity_normalizer.set_statistics(statistics["identity_mean"], statistics["identity_std"], floor=0)
        self.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in weights.items()})


def _with_null(given: Tensor | None, null: Tensor, missing: Tensor | None, batch: int) -> Tensor:
    """`given` (B, ...), with `null` (1, ...) in the samples where `missing` (B,) is true, or everywhere when nothing is
    told.
    """
    if given is None:
        return null.expand(batch, *null.shape[1:])
    if missing is None:
        return given
    return torch.where(missing.view(-1, *[1] * (given.ndim - 1)), null.to(given.dtype), given)
