"""A checkpoint of a few thousand random weights, so that the command line is tested without the trained one."""

from pathlib import Path

import numpy as np

from visavox.checkpoint import Checkpoint, save
from visavox.history import Training
from visavox.io.style import write_style
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT
from visavox.style import Style


def tiny_checkpoint(rig: Rig = ARKIT, identity: int = 0) -> Checkpoint:
    """The checkpoint of a model that makes faces which tremble near 0.2 in every channel, told `identity` numbers of who speaks."""
    import torch

    from visavox.models.face_config import FaceConfig
    from visavox.models.face_model import FaceModel
    from visavox.models.sizes import AudioEncoderConfig, DenoiserConfig, StyleEncoderConfig

    torch.manual_seed(0)
    channels = len(rig)
    audio = AudioEncoderConfig(width=8, fast_dilations=(1,), slow_dilations=(1,))
    style = StyleEncoderConfig(channels, style=4, width=8, layers=1, heads=2, feed_forward=8)
    denoiser = DenoiserConfig(channels, style=4, identity=identity, width=8, layers=1, heads=2, feed_forward=8, steps=50)
    model = FaceModel(FaceConfig(rig, audio, style, denoiser))
    model.normalizer.set_statistics(np.full(channels, 0.2), np.full(channels, 0.1))
    if identity:
        model.identity_normalizer.set_statistics(np.zeros(identity), np.ones(identity))
    return Checkpoint.of(model, Training({"note": "random weights"}, "none"), "CC0-1.0")


def write_tiny_checkpoint(path: Path, rig: Rig = ARKIT, identity: int = 0) -> Path:
    """The path of a file that holds it."""
    save(tiny_checkpoint(rig, identity), path)
    return path


def write_tiny_style(path: Path, checkpoint: Path) -> Path:
    """The path of a style file that fits the tiny checkpoint."""
    from visavox.checkpoint import inspect

    write_style(Style(np.ones(4), inspect(checkpoint)["style_encoder"], path.stem), path)
    return path
