"""The second task: the style encoder learns to tell manners of speaking apart, whatever is said in whichever voice."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from visavox.data.material.recordings import RecordingSet
from visavox.errors import OptionError
from visavox.models.normalizer import Normalizer
from visavox.models.style_encoder import StyleEncoder
from visavox.models.weights_digest import weights_digest
from visavox.train.precision import in_full
from visavox.train.terms import LossTerm, weighted


class StylingTask:
    """Batches of window pairs, one for each of `styles` different manners, from two recordings of that manner; NT-Xent between them."""

    def __init__(self, model: StyleEncoder, normalizer: Normalizer, recordings: RecordingSet, styles: int = 32, frames: int = 100):
        self.model, self.normalizer, self.recordings, self.styles, self.frames = model, normalizer, recordings, styles, frames
        self.made_of = {"styles": styles, "frames": frames, "recordings": recordings.digest, "start": weights_digest(model)}
        long_enough = np.flatnonzero(recordings.length >= frames)
        self.by_style = [group for group in _groups(recordings.style[long_enough], long_enough) if len(group) > 1]
        if len(self.by_style) < styles:
            raise OptionError(f"{styles} styles a batch, but only {len(self.by_style)} have two long recordings; ask for fewer")

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]:
        chosen = random.choice(len(self.by_style), self.styles, replace=False)
        pairs = [random.choice(self.by_style[style], 2, replace=False) for style in chosen]
        windows = [self._window(pair[side], random) for side in (0, 1) for pair in pairs]
        motion = torch.from_numpy(np.stack(windows).astype(np.float32))
        vectors = self.model(self.normalizer.normalise(motion))
        return weighted(TERMS, vectors.float())

    def _window(self, recording: int, random: np.random.Generator) -> np.ndarray:
        data = self.recordings
        start = data.start[recording] + random.integers(0, data.length[recording] - self.frames + 1)
        return data.motion[start : start + self.frames]


def nt_xent(vectors: Tensor, temperature: float = 0.1) -> Tensor:
    """The normalised temperature-scaled cross entropy of vectors (2 N, K), of which i and i + N belong together.

    Source: Chen et al. (2020), "A Simple Framework for Contrastive Learning of Visual Representations"; temperature as in DiffPoseTalk.
    """
    unit = functional.normalize(vectors, dim=-1)
    with in_full(vectors.device):
        likeness = unit @ unit.T / temperature
    likeness.fill_diagonal_(float("-inf"))
    count = len(vectors) // 2
    partner = torch.arange(2 * count, device=vectors.device).roll(count)
    return functional.cross_entropy(likeness, partner)


TERMS = [LossTerm("contrast", nt_xent, 1.0)]


def _groups(labels: np.ndarray, members: np.ndarray) -> list[np.ndarray]:
    return [members[labels == label] for label in np.unique(labels)]
