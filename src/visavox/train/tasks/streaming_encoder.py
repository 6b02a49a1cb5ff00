"""The task of encoders that stream: to give, from the sound so far and a little more, what those of whole recordings give.

The networks are the same; what is new is that a window ends where the sound ends, so they learn to do with the future that is there. One
set of weights learns every look-ahead up to that of the window: the frames near its end have less.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015); that a few frames of future are enough, Han et al., "Tiny is not
small enough" (2025), arXiv 2507.18352.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.material.streaming_lessons import StreamingLessons
from visavox.io.kept import as_entries
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.lip_reader import LipReader
from visavox.models.sizes import FEATURES_PER_FRAME, LIP_PHONES
from visavox.models.weights_digest import weights_digest
from visavox.train.precision import in_full
from visavox.train.terms import LossTerm, weighted

CLOSING = ("P", "B", "M", "F", "V")  # phones that a face must not miss


@dataclass(frozen=True)
class StreamingConfig:
    """Windows a batch; frames of sound `before` the first frame that is judged; frames that are judged, the last of which ends the sound;
    deviation of a window's bands about their means, which a stream does not know yet; how much more closing phones count; loss weights."""

    windows: int = 32
    before: int = 31
    judged: int = 6
    drift: float = 0.12
    closing: float = 2.0
    features: float = 1.0
    phones: float = 0.5
    readings: float = 0.5

    @property
    def frames(self) -> int:
        """The frames of a window."""
        return self.before + self.judged

    @property
    def terms(self) -> "list[LossTerm[StreamedResult]]":
        """The losses that these weights weigh."""
        return [
            LossTerm("features", feature_loss, self.features),
            LossTerm("phones", phone_loss, self.phones),
            LossTerm("readings", reading_loss, self.readings),
        ]


class StreamingEncoder(nn.Module):
    """An audio encoder and a lip reader: features (B, T, E), phone logits (B, 2 T, P) and readings (B, T, R) of log-mel (B, 4 T, 80)."""

    def __init__(self, encoder: AudioEncoder, reader: LipReader):
        super().__init__()
        self.encoder, self.reader = encoder, reader

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features, logits = self.encoder.encode(mel)
        return features, logits, self.reader(mel, features, logits.softmax(-1))


@dataclass(frozen=True, eq=False)
class StreamedResult:
    """What the losses look at: features (B, J, E), phone logits (B, 2 J, P) and readings (B, J, R) of the judged frames.

    `wanted` is what the encoders of whole recordings gave, `deviation` (E,) that of each feature, `importance` (P,) what a phone counts.
    """

    features: Tensor
    logits: Tensor
    readings: Tensor
    wanted: tuple[Tensor, Tensor, Tensor]
    deviation: Tensor
    importance: Tensor


def feature_loss(result: StreamedResult) -> Tensor:
    """Mean squared error of the features in their deviations."""
    return ((result.features - result.wanted[0]) / result.deviation).square().mean()


def phone_loss(result: StreamedResult) -> Tensor:
    """Cross-entropy of the phone probabilities, in which some phones count more."""
    each = -(result.wanted[1] * result.logits.log_softmax(-1) * result.importance).sum(-1)
    return each.mean()


def reading_loss(result: StreamedResult) -> Tensor:
    """Mean squared error of what is read of the lips."""
    return (result.readings - result.wanted[2]).square().mean()


class StreamingEncoderTask:
    """Batches of windows that end in the middle of speech, of which the last frames are judged."""

    def __init__(self, model: StreamingEncoder, lessons: StreamingLessons, config: StreamingConfig):
        self.model, self.lessons, self.config = model, lessons, config
        start = weights_digest(model)
        self.made_of = {"lessons": lessons.digest, "start": start, **as_entries("task", config)}
        self.deviation = torch.from_numpy(lessons.features[::11].astype(np.float32).std(0) + 1e-3)
        self.importance = torch.ones(model.encoder.config.phones)
        self.importance[[LIP_PHONES[name] for name in CLOSING]] = config.closing

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        """The losses of a batch; dropout stays off, since what is imitated is not noisy."""
        self.model.eval()
        mel, *wanted = self.batch(random)
        judged = self.config.judged
        features, logits, readings = self.model(mel)
        with in_full(features.device):
            ends = features[:, -judged:].float(), logits[:, -2 * judged :].float(), readings[:, -judged:].float()
            return weighted(self.config.terms, StreamedResult(*ends, tuple(wanted), self.deviation, self.importance))

    def batch(self, random: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Log-mel (B, 4 T, 80) of windows; of the judged frames features (B, J, E), phone probabilities (B, 2 J, P), readings (B, J, R)."""
        data, config = self.lessons, self.config
        start, _ = data.draw(config.windows, config.frames, random)
        mel = np.stack([data.mel[s : s + config.frames] for s in start]).astype(np.float32)
        mel = mel.reshape(len(mel), config.frames * FEATURES_PER_FRAME, -1)
        drift = config.drift * (random.normal(size=(len(mel), 1, 1)) + random.normal(size=(len(mel), 1, mel.shape[2])))
        ends = [slice(s + config.before, s + config.frames) for s in start]
        features, phones, readings = (np.stack([rows[end] for end in ends]) for rows in (data.features, data.phones, data.readings))
        phones = phones.reshape(len(phones), 2 * config.judged, -1)
        return tuple(torch.from_numpy(array.astype(np.float32)) for array in (mel + drift, features, phones, readings))
