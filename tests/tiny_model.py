"""A face model of a few thousand random weights, on a rig of five channels, and conditions for it."""

import torch

from visavox.models.conditions import Conditions
from visavox.models.face_config import FaceConfig
from visavox.models.face_model import FaceModel
from visavox.models.sizes import AudioEncoderConfig, DenoiserConfig, StyleEncoderConfig
from visavox.rig import Channel, Rig

RIG = Rig("five", tuple(Channel(f"c{number}") for number in range(5)))


def tiny_config(rig: Rig = RIG, identity: int = 2) -> FaceConfig:
    channels = len(rig)
    return FaceConfig(
        rig,
        AudioEncoderConfig(width=8, fast_dilations=(1,), slow_dilations=(1,), phones=3),
        StyleEncoderConfig(channels, style=4, width=8, layers=1, heads=2, feed_forward=16),
        DenoiserConfig(channels, 4, identity, 16, 2, 2, 32, window=12, context=4, steps=20),
    )


def tiny_model(config: FaceConfig | None = None) -> FaceModel:
    torch.manual_seed(0)
    return FaceModel(config or tiny_config()).eval()


def some_conditions(batch: int = 2) -> Conditions:
    return Conditions(
        audio=torch.randn(batch, 12, 16),
        valid=torch.ones(batch, 12),
        context=torch.randn(batch, 4, 5),
        context_audio=torch.randn(batch, 4, 16),
        style=torch.randn(batch, 4),
        identity=torch.randn(batch, 2),
    )
