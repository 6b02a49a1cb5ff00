"""`FaceModel`: the networks, learned start and null tensors and normalisation of one face, behind a few calls on NumPy
arrays.

Shapes: B batch, G guidance branches, L log-mel frames (4 a motion frame), T motion frames, W window, P context, C
channels, D width, K style, E identity. Motion and identity are normalised values throughout; nothing here reads a
file.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from visavox.errors import CheckpointError
from visavox.models.audio_encoder import LIP_PHONES
from visavox.models.conditions import Conditions, NamedCondition, Nulls
from visavox.models.denoiser import Denoiser, Prepared
from visavox.models.face_config import FaceConfig
from visavox.models.lip_reader import READ
from visavox.models.normalizer import Normalizer
from visavox.models.style_encoder import StyleEncoder
from visavox.rig import Rig


class FaceModel(nn.Module):
    """The whole model of `config`. `audio_encoder` maps features to (B, T, config.audio.width); it is built from the
    config when not given.
    """

    def __init__(self, config: FaceConfig, audio_encoder: nn.Module | None = None):
        super().__init__()
        sizes = config.denoiser
        self.config = config
        self.audio_encoder = config.audio.build() if audio_encoder is None else audio_encoder
        self.audio_map = nn.Linear(config.audio.width, sizes.width)
        self.style_encoder = StyleEncoder(config.style)
        self.denoiser = Denoiser(sizes)
        self.lip_reader = None if config.lips is None else config.lips.build()
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
        """Audio features (B, T, D) of what the audio encoder hears, for the default encoder normalised log-mel (B, 4
        T, 80).
        """
        return self.audio_map(self.audio_encoder(mel))

    def forward(self, noisy: Tensor, step: Tensor, conditions: Conditions, nulls: Nulls | None = None) -> Tensor:
        """x0 (B, P + W, C) of `noisy` (B, W, C) at `step` (B,), under conditions of which `nulls` replaces some by
        learned tensors.
        """
        inputs = self._denoiser_inputs(conditions, nulls or Nulls())
        named = self._named(conditions, nulls or Nulls())
        prepared = self.denoiser.prepare(*inputs, named=named)
        return self.denoiser.denoise_prepared(self._hidden(noisy, conditions.valid), step, prepared)

    def _named(self, told: Conditions, nulls: Nulls) -> dict[str, Tensor]:
        """The conditions of the configuration by name, null where they are not told."""
        batch, window = told.audio.shape[:2]
        found = {}
        for entry in self.config.denoiser.conditions:
            null = self.null_named[entry.name].expand(entry.shape(1, window))
            found[entry.name] = _with_null(told.named.get(entry.name), null, nulls.named.get(entry.name), batch)
        return found

    def _denoiser_inputs(self, told: Conditions, nulls: Nulls) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor], Tensor]:
        batch = told.audio.shape[0]
        context = _with_null(told.context, self.start_motion, nulls.context, batch)
        before = _with_null(told.context_audio, self.start_audio, nulls.context, batch)
        style = _with_null(told.style, self.null_style, nulls.style, batch)
        audio = _with_null(told.audio, self.null_audio, nulls.audio, batch)
        identity = told.identity
        if identity is None:
            identity = style.new_zeros(batch, self.config.denoiser.identity)
        valid = told.valid.to(audio.dtype)
        audio = self._hidden(audio, valid)
        indicator = torch.cat([valid.new_zeros(batch, context.shape[1]), valid], dim=1)
        return torch.cat([before, audio], dim=1), context, (identity, style), indicator

    def _hidden(self, frames: Tensor, valid: Tensor) -> Tensor:
        """`frames` (B, W, ...) with 0 where `valid` (B, W) is 0, if the configuration hides padding."""
        return frames * valid[..., None].to(frames.dtype) if self.config.denoiser.hide_padding else frames

    # The engine: NumPy arrays, no gradients.

    @torch.inference_mode()
    def encode_audio(self, features: np.ndarray) -> np.ndarray:
        """Audio features (T, D) float32 of normalised log-mel (4 T, 80)."""
        return self.features(self._tensor(features)[None])[0].numpy(force=True)

    @property
    def lip_cues(self) -> tuple[str, ...]:
        """The names of what `read_lips` gives: phones of the lips, where the audio encoder names phones, and lips that are read, where
        there is a lip reader."""
        phones = tuple(LIP_PHONES) if self.config.audio.names_phones else ()
        return phones if self.lip_reader is None else (*phones, *READ)

    @property
    def lip_margin(self) -> int:
        """How many frames to either side influence what `read_lips` gives for a frame."""
        return self.config.audio.margin + (0 if self.config.lips is None else self.config.lips.margin)

    @torch.inference_mode()
    def read_lips(self, features: np.ndarray) -> np.ndarray:
        """What the lips do in each frame (T, cues) float32, for normalised log-mel (4 T, 80): how likely each phone of `lip_cues` is, 0 to
        1, then gap and width about their mean in units of a person's deviation."""
        mel = self._tensor(features)[None]
        frames, logits = self.audio_encoder.encode(mel)
        shares = logits.softmax(-1)
        cues = shares[0].reshape(-1, 2, shares.shape[-1]).mean(1)[:, list(LIP_PHONES.values())]
        if self.lip_reader is not None:
            cues = torch.cat([cues, self.lip_reader(mel, frames, shares)[0]], dim=1)
        return cues.numpy(force=True)

    @torch.inference_mode()
    def encode_style(self, motion: np.ndarray) -> np.ndarray:
        """Style vectors (B, K) float32 of normalised motion (B, W, C)."""
        return self.style_encoder(self._tensor(motion)).numpy(force=True)

    @torch.inference_mode()
    def prepare(self, conditions: Conditions, branches: Sequence[frozenset[str]]) -> Prepared:
        """What `denoise` needs of a window, for G branches that each name what they are told: of "audio", "style" and the names of
        further conditions; the rest is null.

        Branches that hear the same audio share its projections.
        """
        told = conditions.map(self._tensor)
        batch = told.audio.shape[0]
        everything = Nulls(), Nulls(style=_all(batch, told.audio.device), audio=_all(batch, told.audio.device))
        heard, unheard = (self._denoiser_inputs(told, nulls) for nulls in everything)
        audible = [heard if "audio" in branch else unheard for branch in branches]
        different = [inputs for inputs in (heard, unheard) if any(inputs is used for used in audible)]
        rows = [next(i for i, inputs in enumerate(different) if inputs is used) for used in audible]
        numbers = torch.arange(batch, device=told.audio.device)
        styles = [(heard if "style" in branch else unheard)[2][1] for branch in branches]
        person = heard[2][0].repeat(len(branches), 1), torch.cat(styles)
        given, null = self._named(told, Nulls()), self._named(replace(told, named={}), Nulls())
        by_branch = {name: torch.cat([(given if name in branch else null)[name] for branch in branches]) for name in given}
        return self.denoiser.prepare(
            torch.cat([inputs[0] for inputs in different]),
            heard[1].repeat(len(branches), 1, 1),
            person,
            heard[3].repeat(len(branches), 1),
            torch.cat([row * batch + numbers for row in rows]),
            by_branch,
        )

    @torch.inference_mode()
    def denoise(self, noisy: np.ndarray, step: int, prepared: Prepared) -> np.ndarray:
        """x0 (G, B, P + W, C) float32 of `noisy` (B, W, C) at `step`, for each of the G branches of `prepared`."""
        batch = noisy.shape[0]
        branches = prepared.person.shape[0] // batch
        tokens = self._hidden(self._tensor(noisy).repeat(branches, 1, 1), prepared.indicator)
        steps = torch.full((1,), step, dtype=torch.long, device=tokens.device)
        clean = self.denoiser.denoise_prepared(tokens, steps, prepared)
        return clean.unflatten(0, (branches, batch)).numpy(force=True)

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
        own = self.state_dict()
        missing, extra = sorted(set(own) - set(weights)), sorted(set(weights) - set(own))
        reshaped = [name for name in own if name in weights and tuple(own[name].shape) != weights[name].shape]
        if missing or extra or reshaped:
            lists = f"{_some(missing)} missing, {_some(extra)} extra, {_some(reshaped)} of another shape"
            raise CheckpointError(f"weights do not fit the model: {lists}; take a checkpoint of this configuration")
        names = {"mean", "std", "identity_mean", "identity_std"}
        if set(statistics) != names:
            raise CheckpointError(
                f"statistics hold {sorted(statistics)}, not {sorted(names)}; take a checkpoint of this version"
            )
        self.normalizer.set_statistics(statistics["mean"], statistics["std"], floor=0)
        self.identity_normalizer.set_statistics(statistics["identity_mean"], statistics["identity_std"], floor=0)
        self.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in weights.items()})

    @torch.no_grad()
    def renormalise(self, mean: np.ndarray, std: np.ndarray) -> None:
        """Takes other statistics of motion and changes the first and last maps of the networks so that, in physical units, the same
        clean motion is read and made as before.
        """
        old_mean, old_std = self.normalizer.mean.clone(), self.normalizer.std.clone()
        self.normalizer.set_statistics(mean, std)
        ratio, shift = self.normalizer.std / old_std, (self.normalizer.mean - old_mean) / old_std
        for embed in (self.denoiser.embed, self.style_encoder.embed):
            weight = embed.weight[:, : ratio.numel()]
            embed.bias += weight @ shift
            weight *= ratio
        last = self.denoiser.read[-1]
        last.weight /= ratio[:, None]
        last.bias.copy_((last.bias - shift) / ratio)
        self.start_motion.copy_((self.start_motion - shift) / ratio)

    def _tensor(self, array: np.ndarray) -> Tensor:
        return torch.tensor(array, dtype=torch.float32, device=self.start_motion.device)


def _with_null(told: Tensor | None, null: Tensor, missing: Tensor | None, batch: int) -> Tensor:
    """`told` (B, ...), with `null` (1, ...) in the samples where `missing` (B,) is true, or everywhere when nothing is
    told.
    """
    if told is None:
        return null.expand(batch, *null.shape[1:])
    if missing is None:
        return told
    return torch.where(missing.view(-1, *[1] * (told.ndim - 1)), null.to(told.dtype), told)


def _all(batch: int, device: torch.device) -> Tensor:
    return torch.ones(batch, dtype=torch.bool, device=device)


def _some(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names[:3])})" if names else "none"
