"""Makes small heads with FLAME's structure, and pickles like FLAME's own, for tests.

FLAME itself is its users' to download. These heads have its five joints, 400 shape directions and 36 pose correctives on an egg with a
chin. Run as a script it writes one: python tests/flame_like.py OUT.pkl
"""

import pickle
import struct
import sys
import types
from pathlib import Path

import numpy as np
from scipy.sparse import csc_matrix

PARENTS = [4294967295, 0, 1, 1, 1]  # as in FLAME's file: no parent is the largest unsigned number
JOINTS = np.array([[0, -0.08, -0.02], [0, -0.05, -0.02], [0, -0.02, 0.0], [0.03, 0.03, 0.07], [-0.03, 0.03, 0.07]])


def egg(rows: int = 12, columns: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) in metres and triangles (F, 3) of an egg as high as a head, faces outwards, Y up, +Z forward."""
    height = np.linspace(0.06, np.pi - 0.06, rows)
    around = np.arange(columns) * 2 * np.pi / columns
    down, turn = np.meshgrid(height, around, indexing="ij")
    vertices = np.stack([0.075 * np.sin(down) * np.sin(turn), 0.11 * np.cos(down), 0.09 * np.sin(down) * np.cos(turn)], -1).reshape(-1, 3)
    quads = [(r * columns + c, r * columns + (c + 1) % columns) for r in range(rows - 1) for c in range(columns)]
    faces = [(a, a + columns, b) for a, b in quads] + [(b, a + columns, b + columns) for a, b in quads]
    return vertices, np.array(faces)


def flame_like(vertices: np.ndarray, faces: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """FLAME's entries for a head of these vertices: smooth random shapes that get smaller, joints near JOINTS, a jaw in front and below."""
    random = np.random.default_rng(seed)
    count = len(vertices)
    centres = vertices[random.integers(0, count, 400)]
    bump = np.exp(-((vertices[:, None] - centres) ** 2).sum(-1) / (2 * 0.03**2))
    sizes = np.concatenate([0.004 / (1 + np.arange(300) / 20), 0.003 / (1 + np.arange(100) / 15)])
    shapes = bump[:, None, :] * (random.normal(size=(3, 400)) * sizes)
    jaw = 1 / (1 + np.exp((vertices[:, 1] + 0.03) / 0.006)) / (1 + np.exp(-(vertices[:, 2] - 0.01) / 0.006))
    neck = (1 - jaw) * 0.3
    eyes = np.exp(-((vertices[:, None] - JOINTS[3:]) ** 2).sum(-1) / (2 * 0.012**2)) * (1 - jaw - neck)[:, None] * 0.4
    weights = np.column_stack([1 - jaw - neck - eyes.sum(1), neck, jaw, eyes])
    return {
        "v_template": vertices,
        "shapedirs": shapes,
        "posedirs": random.normal(0, 0.0005, (count, 3, 36)),
        "J_regressor": np.stack([_near(vertices, joint) for joint in JOINTS]),
        "weights": weights,
        "kintree_table": np.array([PARENTS, range(5)], np.int64),
        "f": faces.astype(np.uint32),
    }


def _near(vertices: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """Weights (V,) that add up to 1 over ten vertices whose mean is near `joint`."""
    weights = np.zeros(len(vertices))
    weights[np.argsort(((vertices - joint) ** 2).sum(1))[:10]] = 0.1
    return weights


def head_arrays(model: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The entries of a FLAME file as the arrays of a head file, written out here by hand so that the reader can be checked."""
    shapes = model["shapedirs"].transpose(2, 0, 1).astype(np.float32)
    return {
        "template": model["v_template"].astype(np.float32), "identity_shapes": shapes[:100], "expression_shapes": shapes[300:350],
        "pose_shapes": model["posedirs"].transpose(2, 0, 1).astype(np.float32), "faces": model["f"].astype(np.int32),
        "joint_regressor": model["J_regressor"].astype(np.float32), "skin_weights": model["weights"].astype(np.float32),
    }  # fmt: skip


def flame_from_head(arkit, scale: float, shift: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The arrays of a FLAME-like head made of the default head's skin, `scale` times as large and moved by `shift`, and which positions
    of that head its vertices are. Its expressions mix ARKit's shapes; its jaw turns what jawOpen lowers."""
    skin = arkit.position_index[arkit.faces[arkit.face_group == arkit.groups.index("skin")]]
    kept, renumbered = np.unique(skin, return_inverse=True)
    rest = arkit.neutral()[kept].astype(float) * scale + shift
    random = np.random.default_rng(0)
    names = [name for name in arkit.shape_names if name not in ("jawOpen", "tongueOut", "mouthClose") and not name.startswith("eyeLook")]
    shapes = np.stack([arkit.shapes[arkit.shape_names.index(name)][kept] for name in names]) * scale
    mix = random.normal(0, 0.25, (50, len(names))) + np.eye(50, len(names))
    opening = -arkit.shapes[arkit.shape_names.index("jawOpen")][kept][:, 1]
    jaw = np.clip(opening / opening.max(), 0, 1)
    eyes = arkit.eye_centre[0] * scale + shift
    regressor = np.zeros((5, len(kept)))
    for joint, place in enumerate((rest.mean(0), rest.mean(0), rest.mean(0) - [0, 0, 0.02], *eyes)):
        near = np.argsort(np.linalg.norm(rest - place, axis=1))[:40]
        system = np.vstack([rest[near].T, np.ones(len(near))])
        regressor[joint, near] = np.linalg.lstsq(system, np.append(place, 1), rcond=None)[0]
    arrays = {
        "template": rest.astype(np.float32),
        "identity_shapes": np.zeros((100, len(kept), 3), np.float32),
        "expression_shapes": np.einsum("ks,svx->kvx", mix, shapes).astype(np.float32),
        "pose_shapes": np.zeros((36, len(kept), 3), np.float32),
        "joint_regressor": regressor.astype(np.float32),
        "skin_weights": np.stack([1 - jaw, 0 * jaw, jaw, 0 * jaw, 0 * jaw], 1).astype(np.float32),
        "faces": renumbered.reshape(-1, 3).astype(np.int32),
    }
    return arrays, kept


class _OldPickler(pickle._Pickler):
    """Writes bytes as Python 2 wrote its strings, which is how FLAME's arrays are stored."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, value):
        self.write(b"T" + struct.pack("<i", len(value)) + value)
        self.memoize(value)

    dispatch[bytes] = save_bytes


def write_flame_pickle(model: dict[str, np.ndarray], path: Path) -> None:
    """Writes the model as FLAME's makers did: protocol 2, chumpy arrays (one of them a view), a sparse regressor."""
    modules = {name: types.ModuleType(name) for name in ("chumpy", "chumpy.ch", "chumpy.reordering")}
    ch = type("Ch", (), {"__module__": "chumpy.ch"})
    select = type("Select", (), {"__module__": "chumpy.reordering"})
    modules["chumpy.ch"].Ch, modules["chumpy.reordering"].Select = ch, select
    sys.modules.update(modules)

    def wrapped(array):
        value = ch.__new__(ch)
        value.__dict__.update(x=array, _dirty_vars=set(), _itr=None)
        return value

    view = select.__new__(select)
    shapes = model["shapedirs"]
    view.__dict__.update(a=wrapped(shapes.ravel()), idxs=np.arange(shapes.size), preferred_shape=shapes.shape)
    sparse = csc_matrix(model["J_regressor"])
    stored = {**model, "v_template": wrapped(model["v_template"]), "shapedirs": view, "J_regressor": sparse, "bs_style": "lrotmin"}
    try:
        with open(path, "wb") as file:
            _OldPickler(file, protocol=2).dump(stored)
    finally:
        for name in modules:
            del sys.modules[name]


if __name__ == "__main__":
    write_flame_pickle(flame_like(*egg()), Path(sys.argv[1]))
