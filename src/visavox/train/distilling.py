"""The audio encoder's last task: beside phones and articulations it learns to say what a large recogniser hears.

Source: Hinton et al., Distilling the Knowledge in a Neural Network (2015), on features as Romero et al., FitNets (2015). The recogniser
hears the clean sound, the encoder an augmented one.
"""

import numpy as np
import torch
from torch import Tensor, nn

from visavox.data.augment import augment
from visavox.data.recordings import RecordingSet
from visavox.data.taught import TaughtSet
from visavox.models.audio_encoder import FEATURES_PER_FRAME
from visavox.models.log_mel import normalise
from visavox.train.hearing import Hearing, HearingTask
from visavox.train.precision import autocast

WEIGHT = 0.4  # of the teacher's components, whose mean square is 1


class Distilling(nn.Module):
    """The encoder with its reading of articulations, and a linear reading of the teacher's components; the readings are dropped later."""

    def __init__(self, hearing: Hearing, components: int):
        super().__init__()
        self.hearing = hearing
        self.echo = nn.Linear(hearing.encoder.config.width, components)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        frames, logits = self.hearing.encoder.encode(features)
        return self.hearing.read(frames), logits, self.echo(frames)


class DistillingTask:
    """Batches of `clips` windows, half of them labelled recordings and half taught sounds: the losses of hearing and the teacher's."""

    def __init__(self, model: Distilling, recordings: RecordingSet, taught: TaughtSet, clips: int = 16, frames: int = 100):
        self.model, self.taught, self.clips, self.frames = model, taught, clips // 2, frames
        self.hearing = HearingTask(model.hearing, recordings, clips - clips // 2, frames)

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        features, phones, wanted = self.hearing.batch(random)
        start, _ = self.taught.draw(self.clips, self.frames, random)
        step = FEATURES_PER_FRAME
        mel = np.stack([self.taught.mel[step * s : step * (s + self.frames)] for s in start])
        heard = torch.from_numpy(np.stack([normalise(clip) for clip in augment(mel, random)]))
        taught = torch.from_numpy(np.stack([self.taught.taught[s : s + self.frames] for s in start]))
        with autocast():
            read, logits, echo = self.model(torch.cat([features, heard]))
        labelled = len(features)
        losses = self.hearing.losses_of(read[:labelled].float(), logits[:labelled].float(), phones, wanted)
        return losses | {"taught": WEIGHT * (echo[labelled:].float() - taught).square().mean()}
