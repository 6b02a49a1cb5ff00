"""The audio encoder's last task: beside phones and articulations it learns to give the features of a large recogniser, and the lips that
are read from those.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015), on features as Romero et al., FitNets (2015). The recogniser
encodes the clean sound, the encoder every second time an augmented one.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.lips.lip_following import REACH
from visavox.data.material.augmentation import augment
from visavox.data.material.recogniser_features import RecogniserFeatures
from visavox.data.material.recordings import RecordingSet
from visavox.io.kept import arrays_digest
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest
from visavox.train.precision import in_full
from visavox.train.tasks.audio_encoder import AudioEncoderTask, EncoderWithArticulations
from visavox.train.terms import LossTerm, weighted

WEIGHT = 0.4  # of the recogniser's components, whose mean square is 1
AUGMENTED = 0.5  # of the windows that the recogniser encoded; the others stay as they are
LIPS_WEIGHT = 0.3  # of the lip gap, whose variance is made 1


@dataclass(frozen=True, eq=False)
class ReadResult:
    """What the losses of recognised sounds look at: the recogniser's components (B, T, K) and the lip gap (B, T), as read and wished.

    `gaps` is None where no lips are known.
    """

    read: Tensor
    wished: Tensor
    lips: Tensor
    gaps: Tensor | None


def recogniser_loss(result: ReadResult) -> Tensor:
    """Mean squared error of the recogniser's components."""
    return (result.read - result.wished).square().mean()


def lips_loss(result: ReadResult) -> Tensor:
    """Mean squared error of the lip gap."""
    return (result.lips - result.gaps).square().mean()


RECOGNISER, LIPS = LossTerm("recogniser", recogniser_loss, WEIGHT), LossTerm("lips", lips_loss, LIPS_WEIGHT)


class EncoderWithReadings(nn.Module):
    """The encoder with its reading of articulations, and linear readings of the recogniser's components and of the lip gap, the latter from
    REACH frames on either side; the readings are dropped later."""

    def __init__(self, labelled: EncoderWithArticulations, components: int):
        super().__init__()
        self.labelled = labelled
        width = labelled.encoder.config.width
        self.features_of = nn.Linear(width, components)
        self.lips = nn.Conv1d(width, 1, 2 * REACH + 1, padding=REACH, padding_mode="replicate")

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        frames, logits = self.labelled.encoder.encode(features)
        return self.labelled.read(frames), logits, self.features_of(frames), self.lips(frames.transpose(1, 2))[:, 0]


class DistillationTask:
    """Batches of `clips` windows, half of them labelled recordings and half sounds that the recogniser encoded. The losses are those of the
    audio encoder's task, that of the recogniser's features, and that of the lip gap `gaps` (N,) of the N encoded frames, if there is
    one."""

    def __init__(
        self,
        model: EncoderWithReadings,
        recordings: RecordingSet,
        recogniser: RecogniserFeatures,
        gaps: np.ndarray | None = None,
        *,
        clips: int = 16,
        frames: int = 100,
    ):
        self.model, self.recogniser, self.clips, self.frames = model, recogniser, clips // 2, frames
        self.labelled = AudioEncoderTask(model.labelled, recordings, clips - clips // 2, frames)
        features = arrays_digest({"mel": recogniser.mel, "features": recogniser.features, "gaps": gaps})
        start = weights_digest(model.labelled.encoder)
        self.made_of = self.labelled.made_of | {"clips": clips, "recogniser features": features, "start": start}
        self.gaps = None if gaps is None else ((gaps - gaps.mean()) / max(gaps.std(), 1e-9)).astype(np.float32)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        features, phones, wanted = self.labelled.batch(random)
        start, _ = self.recogniser.draw(self.clips, self.frames, random)
        step = FEATURES_PER_FRAME
        mel = np.stack([self.recogniser.mel[step * s : step * (s + self.frames)] for s in start]).astype(np.float32)
        augmented = random.random(len(mel)) < AUGMENTED
        mel[augmented] = augment(mel, random)[augmented]
        clean = torch.from_numpy(np.stack([normalise(clip) for clip in mel]))
        wished = torch.from_numpy(np.stack([self.recogniser.features[s : s + self.frames] for s in start]))
        read, logits, given, lips = self.model(torch.cat([features, clean]))
        known = len(features)
        with in_full(read.device):
            losses = self.labelled.losses_of(read[:known].float(), logits[:known].float(), phones, wanted)
            terms = [RECOGNISER] if self.gaps is None else [RECOGNISER, LIPS]
            gaps = None if self.gaps is None else torch.from_numpy(np.stack([self.gaps[s : s + self.frames] for s in start]))
            losses |= weighted(terms, ReadResult(given[known:].float(), wished, lips[known:].float(), gaps))
        return losses
