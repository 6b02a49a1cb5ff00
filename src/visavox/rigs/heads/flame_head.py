"""`FlameHead`: a user's FLAME head in NumPy: identity, expression, jaw, head rotation -> vertices in metres. For rendering and metrics.

Loper et al. 2015 and Li et al. 2017, with the full pose [head, neck 0, jaw, eyes 0] that the rig has. Because neck and eyes never
turn, their joints move rigidly with the root, so that blending five joints equals, exactly: bend by the jaw, then turn the whole by
the root.
`visavox.rigs.heads.flame_skinning` is the same in PyTorch for losses; a test holds both against the five-joint form.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visavox.errors import OptionError, RigError
from visavox.rig import Rig
from visavox.rigs.flame import EXPRESSION, FLAME, HEAD_ROTATION, IDENTITY, JAW_ROTATION
from visavox.rigs.heads.flame_landmarks import lips_and_lids
from visavox.style import FlameIdentity

STEP = 0.1  # of a bent channel's tangent: radians
ROOT, NECK, JAW, LEFT_EYE, RIGHT_EYE = range(5)
MEAN_FACE = FlameIdentity()
LEAST_JAW = 0.1  # of a vertex' skin weight on the jaw
EYEBALL = 0.9  # of a vertex' skin weight on one eye's joint
JAW_ROWS = slice(9, 18)  # of the 36 pose shapes: the nine entries of the jaw's matrix, after the neck's


@dataclass(frozen=True, eq=False)
class FlameHead:
    """The geometry behind `rig`, V vertices, F triangles.

    faces (F, 3); template (V, 3); identity_shapes (100, V, 3); expression_shapes (50, V, 3); jaw_shapes (9, V, 3), the correctives
    of the jaw's rotation matrix minus one; joint_regressor (5, V); skin_weights (V, 5). Metres, Y up, +Z forward.
    """

    rig: Rig
    faces: np.ndarray
    template: np.ndarray
    identity_shapes: np.ndarray
    expression_shapes: np.ndarray
    jaw_shapes: np.ndarray
    joint_regressor: np.ndarray
    skin_weights: np.ndarray

    @staticmethod
    def from_arrays(arrays: dict[str, np.ndarray], rig: Rig = FLAME) -> "FlameHead":
        """The head described by the arrays of a head file (as `visavox.io.head.read_head` returns them), moved by `rig`.

        A RigError when they are of another number of shapes than FLAME's, or the jaw moves nothing.
        """
        counts = {"identity_shapes": IDENTITY, "expression_shapes": len(EXPRESSION), "pose_shapes": 36}
        for name, count in counts.items():
            if len(arrays[name]) != count:
                raise RigError(f"the head has {len(arrays[name])} {name.replace('_', ' ')}, FLAME has {count}; convert it again")
        if arrays["skin_weights"][:, JAW].max() < LEAST_JAW:
            raise RigError("the head has a jaw that moves nothing, which speech needs; give one of FLAME with a jaw")
        return FlameHead(
            rig, arrays["faces"], arrays["template"], arrays["identity_shapes"], arrays["expression_shapes"],
            arrays["pose_shapes"][JAW_ROWS], arrays["joint_regressor"], arrays["skin_weights"],
        )  # fmt: skip

    def neutral(self, identity: FlameIdentity = MEAN_FACE) -> np.ndarray:
        """The vertices (V, 3) of `identity` at rest; an OptionError when it has other than 0 or 100 values."""
        if len(identity.values) not in (0, IDENTITY):
            has = f"{len(identity.values)} values; FLAME's has {IDENTITY}, or none for the mean face"
            raise OptionError(f"identity {identity.name!r} has {has}")
        values = identity.values
        return self.template + np.tensordot(values, self.identity_shapes[: len(values)], 1) if len(values) else self.template

    def joints(self, expression: np.ndarray, identity: FlameIdentity = MEAN_FACE) -> np.ndarray:
        """The positions (T, 5, 3) of root, neck, jaw, left and right eye under expressions (T, 50), which FLAME's joints follow too."""
        return self.joint_regressor @ self.neutral(identity) + np.tensordot(expression, self._joint_shapes, 1)

    def vertices(self, values: np.ndarray, identity: FlameIdentity = MEAN_FACE) -> np.ndarray:
        """The vertices (T, V, 3) float32 in metres of every frame of `values` (T, C), whose C channels are those of `rig`.

        A channel of FLAME that the rig lacks stays 0. A RigError when C is wrong.
        """
        values = np.asarray(values, np.float32)
        if values.ndim != 2 or values.shape[1] != len(self.rig):
            raise RigError(f"values have shape {values.shape}; rig {self.rig.name!r} needs (T, {len(self.rig)})")
        expression = self._channels(values, EXPRESSION)
        joints = self.joints(expression, identity)
        change = _matrices(self._channels(values, JAW_ROTATION)) - np.eye(3, dtype=np.float32)
        moved = np.concatenate([expression, change.reshape(-1, 9)], 1) @ self._shapes
        moved = moved.reshape(len(values), *self.template.shape)
        moved += self.neutral(identity)
        moved += self.skin_weights[:, JAW, None] * ((moved - joints[:, None, JAW]) @ change.transpose(0, 2, 1))
        turn, root = _matrices(self._channels(values, HEAD_ROTATION)), joints[:, None, ROOT]
        return (moved - root) @ turn.transpose(0, 2, 1) + root

    # What retargeting asks of a head.

    family = "flame"

    @property
    def skin_faces(self) -> np.ndarray:
        """The triangles (F, 3) over vertices that may be skin: all of them."""
        return self.faces

    def eye_centres(self) -> np.ndarray:
        """The centres (2, 3) of the left and the right eye at rest."""
        return self.joints(np.zeros((1, len(self.expression_shapes)), np.float32))[0][[LEFT_EYE, RIGHT_EYE]]

    def tangent(self, points: np.ndarray) -> np.ndarray:
        """The displacement (C, N, 3) of `points` a unit of each channel, at rest: shapes, and the tangent of joints that bend."""
        step = np.array([STEP if channel.unit == "rad" else 1.0 for channel in self.rig.channels], np.float32)
        moved = self.vertices(np.diag(step))[:, points] - self.neutral()[points]
        return moved / step[:, None, None]

    # What drawing asks of a head: its parts, and where an eye looks. The head has no trunk, so all of it turns.

    groups = ("skin", "eyes")

    @cached_property
    def face_group(self) -> np.ndarray:
        """Which of `groups` each triangle (F,) belongs to: eyeballs are what hangs on the eyes' joints alone."""
        ball = self._eyeball[self.faces].all(1)
        return ball.astype(np.uint8)

    @cached_property
    def uv(self) -> np.ndarray:
        """Where each vertex (V, 2) of an eyeball lies around its pupil at (0.5, 0.5), 0.5 being a right angle; 0 elsewhere."""
        uv = np.zeros((len(self.template), 2), np.float32)
        joints = self.joint_regressor @ self.template
        for eye in (LEFT_EYE, RIGHT_EYE):
            ball = np.flatnonzero(self._eyeball & (self.skin_weights[:, eye] > EYEBALL))
            away = self.template[ball] - joints[eye]
            angle = np.arctan2(np.linalg.norm(away[:, :2], axis=1), away[:, 2]) / np.pi
            around = away[:, :2] / np.maximum(np.linalg.norm(away[:, :2], axis=1, keepdims=True), 1e-9)
            uv[ball] = 0.5 + around * angle[:, None]
        return uv

    @property
    def position_index(self) -> np.ndarray:
        """The vertex (V,) behind each vertex that is drawn: itself."""
        return np.arange(len(self.template))

    @property
    def preset_positions(self) -> np.ndarray:
        """The mean face as the one preset (1, V, 3)."""
        return self.template[None]

    @property
    def shapes(self) -> np.ndarray:
        """The shapes (50, V, 3) that move parts of the face."""
        return self.expression_shapes

    @property
    def head_weight(self) -> np.ndarray:
        """How far each vertex (V,) follows the head: all of them wholly."""
        return np.ones(len(self.template), np.float32)

    @property
    def lip_points(self) -> np.ndarray:
        """The vertices (6,) of lips and eye corners, about."""
        return self._landmarks[0]

    @property
    def lid_points(self) -> np.ndarray:
        """The vertices (2, 2) of upper and lower lid of the left and the right eye, about."""
        return self._landmarks[1]

    @cached_property
    def _landmarks(self) -> tuple[np.ndarray, np.ndarray]:
        eyes = (self.joint_regressor @ self.template)[[LEFT_EYE, RIGHT_EYE]]
        return lips_and_lids(self.template, eyes, self.skin_weights[:, JAW], ~self._eyeball)

    @property
    def _eyeball(self) -> np.ndarray:
        return self.skin_weights[:, [LEFT_EYE, RIGHT_EYE]].max(1) > EYEBALL

    @cached_property
    def _shapes(self) -> np.ndarray:
        shapes = np.concatenate([self.expression_shapes, self.jaw_shapes])
        return shapes.reshape(len(shapes), -1)

    def _channels(self, values: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
        chosen = np.zeros((len(values), len(names)), np.float32)
        known = [place for place, name in enumerate(names) if name in self.rig]
        chosen[:, known] = values[:, self.rig.indices([names[place] for place in known])]
        return chosen

    @cached_property
    def _joint_shapes(self) -> np.ndarray:
        return np.einsum("jv,kvx->kjx", self.joint_regressor, self.expression_shapes)


def _matrices(vectors: np.ndarray) -> np.ndarray:
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    return Rotation.from_rotvec(vectors).as_matrix().astype(np.float32)
