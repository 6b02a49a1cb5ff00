"""`render`: motion and a head to frames, in one call."""

from collections.abc import Iterator

import numpy as np

from visavox.arguments import checked
from visavox.io.assets import asset_arrays
from visavox.motion import Motion
from visavox.render.appearance import Appearance
from visavox.render.camera import Camera
from visavox.render.renderer import HeadRenderer
from visavox.scene import MovingHead
from visavox.style import AnyIdentity, Identity


@checked
def render(
    motion: Motion,
    head: MovingHead,
    camera: Camera | None = None,
    identity: AnyIdentity | None = None,
    appearance: Appearance | None = None,
) -> Iterator[np.ndarray]:
    """The frames (H, W, 3) uint8 of `motion`, one by one, H = W = camera.size.

    Without a `camera`, the portrait of `identity` at 512 x 512; without an `appearance`, the packaged look of that identity.
    Errors of head, identity, rig or size are raised here, before the first frame is asked for.
    """
    identity = identity or Identity()
    camera = camera or Camera.portrait(head, identity)
    return HeadRenderer(head, identity, appearance or packaged_appearance(identity), camera).frames(motion)


def packaged_appearance(identity: AnyIdentity) -> Appearance:
    """The look that the package carries for the preset of `identity`."""
    return Appearance.from_asset(asset_arrays("skin.npz"), identity.name)
