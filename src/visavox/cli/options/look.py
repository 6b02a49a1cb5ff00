"""The painted look of the default head as pictures for other programs: what the renderer mixes, in the colours that they expect."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavox.export.gltf.paint import Look
    from visavox.style import Identity

SIZE = 512  # pixels of the skin's picture, half of the asset's


def look_of(identity: "Identity") -> "Look":
    """The look of an identity of the default head."""
    import numpy as np

    from visavox.export.gltf.paint import Look
    from visavox.io.assets import asset_arrays
    from visavox.render.appearance import Appearance
    from visavox.render.skin_map import skin_map
    from visavox.rigs.heads.default_head import Head

    appearance = Appearance.from_asset(asset_arrays("skin.npz"), identity.name)
    roots = appearance.skin[..., :3].astype(np.float32) / 255  # square roots of linear light
    step = max(roots.shape[0] // SIZE, 1)
    smaller = (roots**2).reshape(roots.shape[0] // step, step, roots.shape[1] // step, step, 3).mean((1, 3))
    rest = Head.default().preset_positions[0]
    skin, iris, shirt = (_in_srgb(light) for light in (smaller, appearance.iris, appearance.shirt))
    return Look(skin, skin_map(rest), iris, shirt)


def _in_srgb(light):
    """Linear light in [0, 1] as sRGB bytes, for which the power 1 / 2.2 is near enough."""
    import numpy as np

    return np.uint8(np.rint(255 * np.clip(light, 0, 1) ** (1 / 2.2)))
