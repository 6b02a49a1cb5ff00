"""`TorchEngine`: the engine that PyTorch answers, without gradients. The oracle of every other one.

Shapes as in `visavox.engine`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps

import numpy as np
import torch
from torch import Tensor

from visavox.models.conditions import Conditions, Nulls
from visavox.models.denoiser import Prepared
from visavox.models.face_config import FaceConfig
from visavox.models.face_model import FaceModel
from visavox.models.precision import FLOAT32
from visavox.models.sizes import LIP_PHONES
from visavox.models.statistics import Statistics


def _undisturbed(method: Callable) -> Callable:
    """`method` without gradients and on the thread that calls it alone: how PyTorch divides its work would show in the last bits."""

    @wraps(method)
    @torch.inference_mode()
    def alone(*given):
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return method(*given)
        finally:
            torch.set_num_threads(threads)

    return alone


class TorchEngine:
    """Runs `model` where its weights lie."""

    precision = FLOAT32

    def __init__(self, model: FaceModel):
        self.model = model

    @property
    def config(self) -> FaceConfig:
        """The sizes of the model, its rig and rates."""
        return self.model.config

    @property
    def motion(self) -> Statistics:
        """The normalisation of motion."""
        return self.model.normalizer.arrays()

    @property
    def identity(self) -> Statistics:
        """The normalisation of identities."""
        return self.model.identity_normalizer.arrays()

    @_undisturbed
    def encode(self, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Audio features (T, D) and the cues of the lips (T, Q), both float32, in one pass; see `FaceConfig.lip_cues`."""
        model, mel = self.model, self._tensor(sound)[None]
        if not self.config.lip_cues:
            features = model.features(mel)[0]
            return features.numpy(force=True), np.zeros((len(features), 0), np.float32)
        frames, logits = model.audio_encoder.encode(mel)
        probabilities = logits.softmax(-1)
        named = probabilities[0].reshape(-1, 2, probabilities.shape[-1]).mean(1)
        cues = torch.cat([named[:, list(LIP_PHONES.values())], named[:, 1:].amax(1, keepdim=True)], dim=1)
        if model.lip_reader is not None:
            cues = torch.cat([cues, model.lip_reader(mel, frames, probabilities)[0]], dim=1)
        return model.audio_map(frames)[0].numpy(force=True), cues.numpy(force=True)

    @_undisturbed
    def encode_style(self, motion: np.ndarray) -> np.ndarray:
        """Style vectors (B, K) float32 of normalised motion (B, W, C)."""
        return self.model.style_encoder(self._tensor(motion)).numpy(force=True)

    @_undisturbed
    def prepare(self, conditions: Conditions, branches: Sequence[frozenset[str]]) -> Prepared:
        """What stays the same over the steps of a window, for G branches that each name what they are told: of "audio", "style" and the
        names of further conditions; the rest is null.

        Branches that are told the same audio share its projections.
        """
        model, tensors = self.model, conditions.map(self._tensor)
        batch = tensors.audio.shape[0]
        everything = torch.ones(batch, dtype=torch.bool, device=tensors.audio.device)
        given, null = (model.denoiser_inputs(tensors, nulls) for nulls in (Nulls(), Nulls(style=everything, audio=everything)))
        sounds = [given if "audio" in branch else null for branch in branches]
        different = [inputs for inputs in (given, null) if any(inputs is used for used in sounds)]
        rows = [next(i for i, inputs in enumerate(different) if inputs is used) for used in sounds]
        numbers = torch.arange(batch, device=tensors.audio.device)
        styles = [(given if "style" in branch else null)[2][1] for branch in branches]
        person = given[2][0].repeat(len(branches), 1), torch.cat(styles)
        named, unnamed = (model.named_conditions(each, Nulls()) for each in (tensors, replace(tensors, named={})))
        return model.denoiser.prepare(
            torch.cat([inputs[0] for inputs in different]),
            person,
            given[3].repeat(len(branches), 1),
            torch.cat([row * batch + numbers for row in rows]),
            {name: torch.cat([(named if name in branch else unnamed)[name] for branch in branches]) for name in named},
        )

    @_undisturbed
    def denoise(self, noisy: np.ndarray, step: int, prepared: Prepared, context: np.ndarray | None = None) -> np.ndarray:
        """x0 (G, B, P + W, C) float32 of `noisy` (B, W, C) at `step`, for each of the G branches of `prepared`, after `context`
        (B, P, C).
        """
        batch = noisy.shape[0]
        branches = prepared.person.shape[0] // batch
        tokens = self.model.hidden(self._tensor(noisy).repeat(branches, 1, 1), prepared.indicator[:, -noisy.shape[1] :])
        before = self.model.start_motion.expand(batch, -1, -1) if context is None else self._tensor(context)
        steps = torch.full((1,), step, dtype=torch.long, device=tokens.device)
        clean = self.model.denoiser.denoise_prepared(tokens, steps, before.repeat(branches, 1, 1), prepared)
        return clean.unflatten(0, (branches, batch)).numpy(force=True)

    def _tensor(self, array: np.ndarray) -> Tensor:
        return torch.tensor(array, dtype=torch.float32, device=self.model.start_motion.device)
