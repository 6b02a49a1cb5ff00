"""The audio encoder's last task: beside phones and articulations it learns to say what a large recogniser hears, and the lips that are
read from that.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015), on features as Romero et al., FitNets (2015). The recogniser
hears the clean sound, the encoder every second time an augmented one.
"""

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.lips.lip_following import REACH
from visavox.data.material.augmentation import augment
from visavox.data.material.recogniser_features import TaughtSet
from visavox.data.material.recordings import RecordingSet
from visavox.io.kept import arrays_digest
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest
from visavox.train.precision import in_full
from visavox.train.tasks.audio_encoder import Hearing, HearingTask

WEIGHT = 0.4  # of the teacher's components, whose mean square is 1
AUGMENTED = 0.5  # of the taught windows; the others are heard as they are
LIPS_WEIGHT = 0.3  # of the lip gap, whose variance is made 1


class Distilling(nn.Module):
    """The encoder with its reading of articulations, and linear readings of the teacher's components and of the lip gap, the latter from
    REACH frames on either side; the readings are dropped later."""

    def __init__(self, hearing: Hearing, components: int):
        super().__init__()
        self.hearing = hearing
        width = hearing.encoder.config.width
        self.echo = nn.Linear(width, components)
        self.lips = nn.Conv1d(width, 1, 2 * REACH + 1, padding=REACH, padding_mode="replicate")

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        frames, logits = self.hearing.encoder.encode(features)
        return self.hearing.read(frames), logits, self.echo(frames), self.lips(frames.transpose(1, 2))[:, 0]


class DistillingTask:
    """Batches of `clips` windows, half of them labelled recordings and half taught sounds: the losses of hearing, the teacher's, and that
    of the lip gap `gaps` (N,) of the N taught frames, if there is one."""

    def __init__(
        self,
        model: Distilling,
        recordings: RecordingSet,
        taught: TaughtSet,
        gaps: np.ndarray | None = None,
        *,
        clips: int = 16,
        frames: int = 100,
    ):
        self.model, self.taught, self.clips, self.frames = model, taught, clips // 2, frames
        self.hearing = HearingTask(model.hearing, recordings, clips - clips // 2, frames)
        taught_digest = arrays_digest({"mel": taught.mel, "taught": taught.taught, "gaps": gaps})
        self.made_of = self.hearing.made_of | {"clips": clips, "taught": taught_digest, "start": weights_digest(model.hearing.encoder)}
        self.gaps = None if gaps is None else ((gaps - gaps.mean()) / max(gaps.std(), 1e-9)).astype(np.float32)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        features, phones, wanted = self.hearing.batch(random)
        start, _ = self.taught.draw(self.clips, self.frames, random)
        step = FEATURES_PER_FRAME
        mel = np.stack([self.taught.mel[step * s : step * (s + self.frames)] for s in start]).astype(np.float32)
        augmented = random.random(len(mel)) < AUGMENTED
        mel[augmented] = augment(mel, random)[augmented]
        heard = torch.from_numpy(np.stack([normalise(clip) for clip in mel]))
        taught = torch.from_numpy(np.stack([self.taught.taught[s : s + self.frames] for s in start]))
        read, logits, echo, lips = self.model(torch.cat([features, heard]))
        labelled = len(features)
        with in_full(read.device):
            losses = self.hearing.losses_of(read[:labelled].float(), logits[:labelled].float(), phones, wanted)
            losses["taught"] = WEIGHT * (echo[labelled:].float() - taught).square().mean()
            if self.gaps is not None:
                gaps = torch.from_numpy(np.stack([self.gaps[s : s + self.frames] for s in start]))
                losses["lips"] = LIPS_WEIGHT * (lips[labelled:].float() - gaps).square().mean()
        return losses
