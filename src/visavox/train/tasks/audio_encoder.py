"""The first task: the audio encoder learns to tell phones and articulations of augmented speech."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import RecordingSet
from visavox.data.synth.articulation import ARTICULATIONS
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest
from visavox.rigs.arkit import opening
from visavox.train.precision import in_full
from visavox.train.terms import LossTerm, weighted

_CHANNEL_WEIGHTS = {"jaw": 1.5, "closure": 2.5, "pucker": 1.5, "funnel": 1.2, "roll": 1.5, "press": 0.5, "tongue": 0.7}


class EncoderWithArticulations(nn.Module):
    """The encoder with a linear reading of the articulations from its features; the reading is dropped after this task."""

    def __init__(self, encoder: AudioEncoder):
        super().__init__()
        self.encoder = encoder
        self.read = nn.Linear(encoder.config.width, len(ARTICULATIONS))

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        frames, logits = self.encoder.encode(features)
        return self.read(frames), logits


@dataclass(frozen=True, eq=False)
class EncodedResult:
    """What the losses look at: articulations (B, T, 10), phone logits (B, 2 T, phones), what both should be, and the channels' weights."""

    read: Tensor
    logits: Tensor
    phones: Tensor
    wanted: Tensor
    weights: Tensor

    @cached_property
    def aperture_error(self) -> Tensor:
        """The error of the mouth's opening (B, T)."""
        return (aperture(self.read) - aperture(self.wanted)).abs()


def phone_loss(result: EncodedResult) -> Tensor:
    """Cross-entropy of the phones, labels smoothed by .05."""
    return functional.cross_entropy(result.logits.flatten(0, 1), result.phones.flatten(), label_smoothing=0.05)


def articulation_loss(result: EncodedResult) -> Tensor:
    """Weighted mean squared error of the articulations."""
    return ((result.read - result.wanted).square() * result.weights).mean()


def speed_loss(result: EncodedResult) -> Tensor:
    """Mean squared error of the articulations' first differences."""
    return (result.read.diff(dim=1) - result.wanted.diff(dim=1)).square().mean()


def aperture_loss(result: EncodedResult) -> Tensor:
    """Mean absolute error of the mouth's opening and four times its mean square."""
    return (result.aperture_error + 4 * result.aperture_error.square()).mean()


TERMS = (
    LossTerm("phones", phone_loss, 0.15),
    LossTerm("articulation", articulation_loss, 1.0),
    LossTerm("speed", speed_loss, 1.0),
    LossTerm("aperture", aperture_loss, 0.3),
)


class AudioEncoderTask:
    """Batches of augmented windows and their losses: phone cross-entropy, weighted square error of articulations, aperture and speed."""

    def __init__(self, model: EncoderWithArticulations, recordings: RecordingSet, clips: int = 16, frames: int = 100):
        self.model, self.recordings, self.clips, self.frames = model, recordings, clips, frames
        self.weights = torch.tensor([_CHANNEL_WEIGHTS.get(name, 1.0) for name in ARTICULATIONS])

    @property
    def made_of(self) -> dict:
        """What decides what is learned by this task, as the loop asks for it."""
        start = weights_digest(self.model.encoder)
        return {"clips": self.clips, "frames": self.frames, "recordings": self.recordings.digest, "start": start}

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        features, phones, wanted = self.batch(random)
        read, logits = self.model(features)
        with in_full(read.device):
            return self.losses_of(read.float(), logits.float(), phones, wanted)

    def losses_of(self, read: Tensor, logits: Tensor, phones: Tensor, wanted: Tensor) -> dict[str, Tensor]:
        """The losses of articulations (B, T, 10) and phone logits (B, 2 T, phones) against what was wanted."""
        return weighted(TERMS, EncodedResult(read, logits, phones, wanted, self.weights))

    def batch(self, random: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Augmented windows (B, 4 T, 80), their phones (B, 2 T) and articulations (B, T, 10)."""
        data, length = self.recordings, self.frames
        start, _ = data.draw(self.clips, length, random)
        step = FEATURES_PER_FRAME
        mel = np.stack([data.mel[step * s : step * (s + length)] for s in start])
        features = np.stack([normalise(clip) for clip in augment(mel, random)])
        phones = np.stack([data.phones[2 * s : 2 * (s + length)] for s in start])
        wanted = np.stack([data.articulation[s : s + length] for s in start]).astype(np.float32)
        return torch.from_numpy(features), torch.from_numpy(phones).long(), torch.from_numpy(wanted)


def aperture(articulation: Tensor) -> Tensor:
    """The opening of the mouth (...,) of articulations (..., 10), less where the lips close."""
    jaw, lower, upper, closure = articulation[..., :4].unbind(-1)
    return opening(jaw, lower, upper) * (1 - closure.clamp(0, 1))
