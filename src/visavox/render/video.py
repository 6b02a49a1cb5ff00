"""`render`: motion and a head to frames, a few at a time, so that memory does not grow with length."""

from collections.abc import Iterator

import numpy as np

from visavox.io.assets import asset_arrays
from visavox.motion import Motion
from visavox.render.appearance import Appearance
from visavox.render.camera import Camera
from visavox.render.painter import Painter
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

CHUNK = 16  # frames whose vertices are computed together


def render(
    motion: Motion, head: Head, camera: Camera | None = None, identity: Identity | None = None, appearance: Appearance | None = None
) -> Iterator[np.ndarray]:
    """The frames (H, W, 3) uint8 of `motion`, one by one, H = W = camera.size.

    Without a `camera`, the portrait of `identity` at 512 x 512; without an `appearance`, the packaged look of that identity.
    Errors of head, identity or size are raised here, before the first frame is asked for.
    """
    identity = identity or Identity()
    camera = camera or Camera.portrait(head, identity)
    painter = Painter(head, identity, appearance or packaged_appearance(identity), camera)
    return _frames(motion, head, identity, painter)


def packaged_appearance(identity: Identity) -> Appearance:
    """The look that the package carries for the preset of `identity`."""
    return Appearance.from_asset(asset_arrays("skin.npz"), identity.name)


def _frames(motion: Motion, head: Head, identity: Identity, painter: Painter) -> Iterator[np.ndarray]:
    for start in range(0, motion.frames, CHUNK):
        for positions in head.vertices(motion.values[start : start + CHUNK], identity):
            yield painter.draw(positions)
