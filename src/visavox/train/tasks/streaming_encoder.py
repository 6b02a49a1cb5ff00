"""The task of an audio encoder that streams: to give, from the sound so far and a little more, what that of whole recordings gives.

The network is the same; what is new is that a window ends where the sound ends, so it learns to do with the future that is there. One
set of weights learns every look-ahead: the frames near the end of a window have less. Three things are imitated: the features, the phones,
and above all what the lip reader, which stays as it is, reads in them.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015); that a few frames of future are enough, Han et al., "Tiny is not
small enough" (2025), arXiv 2507.18352; small changes of large maps, Hu et al. (2021), arXiv 2106.09685.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.material.streaming_lessons import StreamingLessons
from visavox.io.kept import as_entries
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.lip_reader import LipReader
from visavox.models.low_rank import add_low_rank, merge_low_rank
from visavox.models.sizes import FEATURES_PER_FRAME, LIP_PHONES
from visavox.models.weights_digest import weights_digest
from visavox.train.precision import in_full
from visavox.train.terms import LossTerm, weighted

CLOSING = ("P", "B", "M", "F", "V")  # phones that a face must not miss
MOST_DRIFT = 1.3  # of what a stream is wrong about the means of bands, and at least nothing: later it is less wrong, of other voices more


@dataclass(frozen=True)
class StreamingConfig:
    """Windows a batch; frames that the reader knows `before` the encoder's first, frames that the encoder hears, of which the last have
    what each of `counts` says, and the reader takes the last `new` from it; the rank of its changes; how much more closing phones count;
    loss weights."""

    windows: int = 16
    before: int = 40
    encoded: int = 32
    new: int = 12
    counts: tuple[float, ...] = (1.0, 0.7, 0.7, 0.7, 0.7, 0.9, 1.2, 1.5, 1.5, 1.0, 0.5, 0.1)  # of the look-aheads 11 to 0
    rank: int = 48
    closing: float = 2.0
    features: float = 0.3
    phones: float = 0.3
    readings: float = 4.0

    @property
    def frames(self) -> int:
        """The frames of a window."""
        return self.before + self.encoded

    @property
    def terms(self) -> "list[LossTerm[StreamedResult]]":
        """The losses that these weights weigh."""
        return [
            LossTerm("features", feature_loss, self.features),
            LossTerm("phones", phone_loss, self.phones),
            LossTerm("readings", reading_loss, self.readings),
        ]


class StreamingEncoder(nn.Module):
    """An audio encoder and a lip reader, of which the parts that are to learn are told with `learns`; the other stays as it is."""

    def __init__(self, encoder: AudioEncoder, reader: LipReader):
        super().__init__()
        self.encoder, self.reader = encoder.requires_grad_(False), reader.requires_grad_(False)

    def learns(self, part: str, rank: int) -> "StreamingEncoder":
        """Itself, of which the "encoder" or the "reader" learns changes from now on: of `rank` those of its convolutions from channels to
        channels, and whole ones what is small."""
        learner = getattr(self, part)
        add_low_rank(learner, rank, (nn.Conv1d,))
        for name, weight in learner.named_parameters():
            weight.requires_grad_(weight.requires_grad or "parametrizations" not in name)
        return self

    def forward(self, mel: Tensor, features: Tensor, phones: Tensor, own: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
        """Features and phone logits of the last frames of log-mel (B, 4 T, 80), and readings (B, T, R).

        `own` says how many frames the encoder hears, and of how many the reader takes what the encoder made. Before them it takes what is
        given: `features` (B, T, E) and probabilities of `phones` (B, 2 T, P).
        """
        encoded, new = own
        made, logits = self.encoder.encode(mel[:, -FEATURES_PER_FRAME * encoded :])
        seen = torch.cat([features[:, :-new], made[:, -new:].to(features.dtype)], 1)
        named = torch.cat([phones[:, : -2 * new], logits[:, -2 * new :].float().softmax(-1)], 1)
        return made, logits, self.reader(mel, seen, named)

    def changes(self, part: str) -> dict[str, np.ndarray]:
        """What a part learned, by the names of its weights, as `models.changes` takes it."""
        found = {}
        for name, value in getattr(self, part).state_dict().items():
            where, _, what = name.partition("parametrizations.weight.")
            if not what:
                found[name] = value
            elif what != "original":
                found[f"{where}weight.{what.removeprefix('0.')}"] = value
        return {name: value.numpy().copy() for name, value in found.items()}

    def settle(self, part: str) -> None:
        """Makes what a part learned its own weights, which stay as they are from now on."""
        merge_low_rank(getattr(self, part))
        getattr(self, part).requires_grad_(False)


@dataclass(frozen=True, eq=False)
class StreamedResult:
    """What the losses look at: features (B, J, E), phone logits (B, 2 J, P) and readings (B, J, R) of the judged frames.

    `wanted` is what the encoders of whole recordings gave, `deviation` (E,) that of each feature, `importance` (P,) what a phone counts,
    `counts` (J, 1) what a frame counts, of mean 1.
    """

    features: Tensor
    logits: Tensor
    readings: Tensor
    wanted: tuple[Tensor, Tensor, Tensor]
    deviation: Tensor
    importance: Tensor
    counts: Tensor


def feature_loss(result: StreamedResult) -> Tensor:
    """Mean squared error of the features in their deviations."""
    return (result.counts * ((result.features - result.wanted[0]) / result.deviation).square()).mean()


def phone_loss(result: StreamedResult) -> Tensor:
    """Cross-entropy of the phone probabilities, in which some phones count more."""
    each = -(result.wanted[1] * result.logits.log_softmax(-1) * result.importance).sum(-1, keepdim=True)
    return (result.counts.repeat_interleave(2, 0) * each).mean()


def reading_loss(result: StreamedResult) -> Tensor:
    """Mean squared error of what is read of the lips."""
    return (result.counts * (result.readings - result.wanted[2]).square()).mean()


class StreamingEncoderTask:
    """Batches of windows that end in the middle of speech, of which the last frames are judged."""

    def __init__(self, model: StreamingEncoder, lessons: StreamingLessons, config: StreamingConfig):
        self.model, self.lessons, self.config = model, lessons, config
        start = weights_digest(model)
        self.made_of = {"lessons": lessons.digest, "start": start, **as_entries("task", config)}
        self.deviation = torch.from_numpy(lessons.features[::11].astype(np.float32).std(0) + 1e-3)
        self.importance = torch.ones(model.encoder.config.phones)
        self.importance[[LIP_PHONES[name] for name in CLOSING]] = config.closing
        self.counts = torch.tensor(config.counts)[:, None] / np.mean(config.counts)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        """The losses of a batch; dropout stays off, since what is imitated is not noisy."""
        self.model.eval()
        (mel, features, phones), wanted = self.batch(random)
        judged = len(self.config.counts)
        made, logits, readings = self.model(mel, features, phones, (self.config.encoded, self.config.new))
        with in_full(made.device):
            ends = made[:, -judged:].float(), logits[:, -2 * judged :].float(), readings[:, -judged:].float()
            return weighted(self.config.terms, StreamedResult(*ends, wanted, self.deviation, self.importance, self.counts))

    def batch(self, random: np.random.Generator) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """What windows of T frames give the networks, and what is wanted of the judged frames: features, phone probabilities and readings.

        Given are log-mel (B, 4 T, 80) as a stream normalises it, features (B, T, E) and phone probabilities (B, 2 T, P).
        """
        data, config = self.lessons, self.config
        start, _ = data.draw(config.windows, config.frames, random)
        rows = start[:, None] + np.arange(config.frames)
        mel, features, phones, readings = (
            torch.from_numpy(getattr(data, name)[rows].astype(np.float32)) for name in ("mel", "features", "phones", "readings")
        )
        share = random.uniform(0, MOST_DRIFT, (len(rows), 1)).astype(np.float32)
        drift = torch.from_numpy(share * data.drift[rows[:, -1]].astype(np.float32))
        mel = mel.unflatten(2, (FEATURES_PER_FRAME, -1)).flatten(1, 2) + drift[:, None]
        phones, judged = phones.unflatten(2, (2, -1)).flatten(1, 2), len(config.counts)
        return (mel, features, phones), (features[:, -judged:], phones[:, -2 * judged :], readings[:, -judged:])
