"""Local identity shapes: the source's signed pairs of targets, left and right together, as one linear shape each."""

import numpy as np
from tools.bake_head.source import data_folder, read_target

FOLDERS = ("head", "forehead", "eyebrows", "eyes", "nose", "mouth", "chin", "cheek", "ears", "neck")
POSITIVE = ("incr", "up", "out", "forward", "convex", "uncompress")
NEGATIVE = ("decr", "down", "in", "backward", "concave", "compress")
SKIP = (
    "head-trans",
    "neck-trans",
    "mouth-trans-in",
    "nose-trans-in",
    "mouth-dimples",
    "head-age",
    "ear-rot",
    "ear-trans",
    "ear-flap",
)


def read_identities() -> tuple[list[str], np.ndarray]:
    """The names (E) and offsets (E, N, 3) at weight 1; at weight -1 the face moves the other way by as much."""
    paired, single = {}, {}
    for folder in FOLDERS:
        for path in sorted((data_folder() / "mpfb2/targets" / folder).glob("*.target.gz")):
            label = path.name.removesuffix(".target.gz")
            name = label[2:] if label.startswith(("l-", "r-")) else label
            stem, _, end = name.rpartition("-")
            if any(skip in name for skip in SKIP):
                continue
            if end in POSITIVE:
                paired.setdefault(stem, []).append((0.5, path))
            elif end in NEGATIVE:
                paired.setdefault(stem, []).append((-0.5, path))
            else:
                single.setdefault(name, []).append((1.0, path))
    chosen = {**paired, **single}
    shapes = [sum(weight * read_target(path) for weight, path in files) for files in chosen.values()]
    return list(chosen), np.stack(shapes)
