"""Other statistics of motion for a trained model, which moves and reads faces as before."""

import numpy as np
import torch

from visavox.models.face_model import FaceModel


@torch.no_grad()
def renormalise(model: FaceModel, mean: np.ndarray, std: np.ndarray) -> None:
    """Gives `model` other statistics (C,) of motion and changes the first and last maps of its networks so that, in physical units, the
    same clean motion is read and made as before.
    """
    old_mean, old_std = model.normalizer.mean.clone(), model.normalizer.std.clone()
    model.normalizer.set_statistics(mean, std)
    ratio, shift = model.normalizer.std / old_std, (model.normalizer.mean - old_mean) / old_std
    for embed in (model.denoiser.embed, model.style_encoder.embed):
        weight = embed.weight[:, : ratio.numel()]
        embed.bias += weight @ shift
        weight *= ratio
    last = model.denoiser.read[-1]
    last.weight /= ratio[:, None]
    last.bias.copy_((last.bias - shift) / ratio)
    model.start_motion.copy_((model.start_motion - shift) / ratio)
