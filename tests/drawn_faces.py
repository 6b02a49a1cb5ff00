"""Faces for the tests of tracking: our own head, drawn, whose motion and place are known."""

from functools import cache

import numpy as np
import pytest

from shared_data import shared_model
from visavox.motion import Motion
from visavox.render.camera import Camera
from visavox.render.renderer import HeadRenderer
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity


@cache
def landmarker():
    """The real landmarker; skips the running test where its model or its runtime is missing."""
    pytest.importorskip("ai_edge_litert")
    from visavox.track.landmarker import load_landmarker

    return load_landmarker(shared_model("face_landmarker.task"))


@cache
def head() -> Head:
    return Head.default()


@cache
def _renderer(preset: str, size: int) -> HeadRenderer:
    identity = Identity(preset)
    return HeadRenderer(head(), identity, packaged_appearance(identity), Camera.portrait(head(), identity, size))


def drawn(channels: dict[str, np.ndarray | float] | None = None, preset: str = "female", size: int = 256) -> list[np.ndarray]:
    """The frames of a head whose named channels move as given (all of one length) and whose others rest."""
    given = {name: np.atleast_1d(np.asarray(values, np.float32)) for name, values in (channels or {}).items()}
    frames = max([1, *map(len, given.values())])
    motion = Motion(np.zeros((frames, len(ARKIT))), 25, ARKIT).with_channels(given)
    return list(_renderer(preset, size).frames(motion))
