"""The painted look of the default head as pictures for other programs: what the renderer mixes, in the colours that they expect."""

from typing import TYPE_CHECKING

from visavox.gamma import GAMMA

if TYPE_CHECKING:
    from visavox.export.gltf.paint import Hair, Look
    from visavox.rigs.heads.default_head import Head
    from visavox.style import Identity

SIZE, GLOSS_SIZE = 1024, 256  # pixels of the skin's picture and of its gloss
KNOTS, POINTS = 9, 13000  # the most points of a strand and of all strands together: they take 0.9 MB
WIDER = 2.4  # how much wider strands are that are drawn as ribbons, the more so the fewer of them stay
CAP = 0.5  # of the way that the renderer raises the skin under hair: strands of few points would cut into it
DULL = 18  # of 255: steps of the gloss, which would otherwise be grain


def look_of(identity: "Identity") -> "Look":
    """The look of an identity of the default head."""
    import numpy as np
    from scipy.spatial import cKDTree

    from visavox.export.gltf.paint import Look
    from visavox.io.assets import asset_arrays
    from visavox.render.appearance import Appearance, sample_map
    from visavox.render.skin_map import skin_map
    from visavox.rigs.heads.default_head import Head

    appearance, head = Appearance.from_asset(asset_arrays("skin.npz"), identity.name), Head.default()
    roots = appearance.skin[..., :3].astype(np.float32) / 255  # square roots of linear light
    skin, iris, shirt = (_in_srgb(light) for light in (_smaller(roots**2, SIZE), appearance.iris, appearance.shirt))
    skin &= 0xFE  # half as large a file, and no eye sees it
    gloss = np.uint8(_smaller(appearance.skin[..., 3:4].astype(np.float32), GLOSS_SIZE)[..., 0] // DULL * DULL)
    rest = head.preset_positions[0]
    _, near = cKDTree(appearance.shade[:, :3]).query(rest)
    place, lift = skin_map(rest), np.zeros(len(rest), np.float32)
    at = _skin(head)
    lift[at] = CAP * sample_map(appearance.lift, place[at])
    return Look(skin, place, iris, shirt, gloss, appearance.shade[near, 3], lift, _hair(appearance, head, identity))


def _skin(head: "Head"):
    """The positions (n,) of the skin."""
    import numpy as np

    return np.unique(head.position_index[head.faces[head.face_group == head.groups.index("skin")]])


def _hair(appearance, head: "Head", identity: "Identity") -> "Hair | None":
    """Fewer and wider strands than the renderer draws, on the identity's own skull."""
    import numpy as np

    from visavox.export.gltf.paint import Hair

    if appearance.strands is None:
        return None
    skin = _skin(head)
    rest, neutral = head.preset_positions[0], head.neutral(identity)
    strands = appearance.strands if np.array_equal(rest, neutral) else appearance.strands.fitted(rest[skin], neutral[skin])
    strand_count, knots = strands.width.shape
    step = -(-knots // KNOTS)
    fewer = -(-strand_count * -(-knots // step) // POINTS)
    points, width, depth = (field[::fewer, ::step] for field in (strands.points, strands.width, strands.depth))
    return Hair(points, width * WIDER * np.sqrt(fewer), strands.colour[::fewer], depth)


def _smaller(picture, size: int):
    """The means of blocks of a picture (H, W, k), so that it has `size` rows or as many as it had."""
    step = max(picture.shape[0] // size, 1)
    return picture.reshape(picture.shape[0] // step, step, picture.shape[1] // step, step, -1).mean((1, 3))


def _in_srgb(light):
    """Linear light in [0, 1] as sRGB bytes, for which the power 1 / GAMMA is near enough."""
    import numpy as np

    return np.uint8(np.rint(255 * np.clip(light, 0, 1) ** (1 / GAMMA)))
