"""`Head`: the default head, whose geometry the ARKit rig moves: blend shapes, eyeballs that rotate, a head that turns.

Metres, Y up, +Z forward, +X the face's own left, origin between the eyes. In `vertices`, in this order:
1. the identity: a preset's positions plus its weighted local shapes;
2. the blend shapes, linear in the channels of the same name but for a blink, which shuts the eye whatever else the
lids do (visavox.rigs.heads.lids), and for mouthClose, which counts no further than jawOpen; and the tongue's correctives
(visavox.rigs.heads.tongue);
3. the gaze: each eyeball rotates rigidly about its centre by the angles of its four eyeLook channels;
4. the head: headPitch > 0 nods down (chin to chest), headYaw > 0 turns to the face's own left, headRoll > 0 tilts
towards the face's own left shoulder. They are in radians, as yaw, then pitch, then roll in the head's own axes, about `pivot`;
each position follows by its `head_weight` (1 the skull, 0 the trunk, between them the neck).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visavox.arguments import checked
from visavox.errors import OptionError, RigError
from visavox.io.assets import read_head_asset
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.lids import shut_lids
from visavox.rigs.heads.rotations import turning
from visavox.rigs.heads.tongue import corrective_weights
from visavox.style import Identity

SIDES = ("Left", "Right")
GAZE_WAYS = ("Down", "In", "Out", "Up")
NEUTRAL = Identity()


@dataclass(frozen=True, eq=False)
class Head:
    """The geometry behind a rig: V positions, R render vertices (a position once per seam of the uv), F triangles.

    faces (F, 3) over render vertices; face_group (F,) into `groups`; position_index (R,) render vertex -> position;
    uv (R, 2), each group in a space of its own; preset_positions (P, V, 3); shapes (52, V, 3); corrective_shapes (4,
    V, 3); identity_shapes (E, V, 3); head_weight (V,); pivot (3,); eye_centre (P, 2, 3) and eye_radius (P, 2), left
    first; gaze_angle (2, 4) radians at weight 1 of Down, In, Out, Up; lip_points (6,) positions, see
    visavox.rigs.heads.lip_measures; lid_points (2, 2) positions, see visavox.rigs.heads.lids.
    """

    rig: Rig
    presets: tuple[str, ...]
    shape_names: tuple[str, ...]
    identity_names: tuple[str, ...]
    groups: tuple[str, ...]
    faces: np.ndarray
    face_group: np.ndarray
    position_index: np.ndarray
    uv: np.ndarray
    preset_positions: np.ndarray
    shapes: np.ndarray
    corrective_shapes: np.ndarray
    identity_shapes: np.ndarray
    head_weight: np.ndarray
    pivot: np.ndarray
    eye_centre: np.ndarray
    eye_radius: np.ndarray
    gaze_angle: np.ndarray
    lip_points: np.ndarray
    lid_points: np.ndarray

    @staticmethod
    @checked
    def default(rig: Rig = ARKIT) -> "Head":
        """The head that the package carries, moved by `rig`."""
        return Head.from_asset(read_head_asset(), rig)

    @staticmethod
    def from_asset(arrays: dict, rig: Rig = ARKIT) -> "Head":
        """The head described by the arrays of an asset (as `visavox.io.assets.read_head_asset` returns them), moved by
        `rig`.

        A RigError when an array is missing. Nothing is read from disk here.
        """
        try:
            return Head(
                rig,
                *(tuple(map(str, arrays[key])) for key in ("presets", "shape_names", "identity_names", "group_names")),
                *(arrays[key] for key in ("faces", "face_group", "position_index", "uv")),
                arrays["preset_positions"].astype(np.float32) * np.float32(arrays["position_unit"]),
                *(np.float32(arrays[key]) for key in ("shapes", "corrective_shapes", "identity_shapes")),
                *(np.float32(arrays[key]) for key in ("head_weight", "head_pivot")),
                *(np.float32(arrays[key]) for key in ("eye_centre", "eye_radius", "gaze_angle")),
                arrays["lip_points"],
                arrays["lid_points"],
            )
        except KeyError as missing:
            raise RigError(f"the head asset lacks the array {missing}; bake it again with tools/bake_head") from None

    def neutral(self, identity: Identity = NEUTRAL) -> np.ndarray:
        """The positions (V, 3) of `identity` at rest; an OptionError for an unknown preset or number of weights."""
        base = self.preset_positions[self.preset_index(identity)]
        weights = self._identity_weights(identity)
        return base + np.tensordot(weights, self.identity_shapes[: len(weights)], 1) if len(weights) else base

    def preset_index(self, identity: Identity) -> int:
        """The position of the identity's preset in `presets`; an OptionError that lists them when it is not one."""
        if isinstance(identity, str):
            raise OptionError(f"an identity is a value: Identity({identity!r})")
        if identity.name not in self.presets:
            raise OptionError(f"there is no identity {identity.name!r}; the head has {', '.join(self.presets)}")
        return self.presets.index(identity.name)

    def vertices(self, values: np.ndarray, identity: Identity = NEUTRAL) -> np.ndarray:
        """The positions (T, V, 3) float32 in metres of every frame of `values` (T, C), whose C channels are those of
        `rig`.

        Memory is about 12 V bytes a frame (0.3 MB), so long motion is passed in chunks. A RigError when C is wrong.
        """
        values = np.asarray(values, np.float32)
        if values.ndim != 2 or values.shape[1] != len(self.rig):
            raise RigError(f"values have shape {values.shape}; rig {self.rig.name!r} needs (T, {len(self.rig)})")
        neutral = self.neutral(identity)
        weights = shut_lids(self.shape_weights(values), self.shape_names, self.shapes[:, self.lid_points], neutral[self.lid_points])
        moved = (weights @ self.shapes.reshape(len(self.shapes), -1)).reshape(len(values), *neutral.shape)
        moved += neutral
        self._bend_tongue(moved, values)
        self._look(moved, values, identity)
        self._turn(moved, values)
        return moved

    def shape_weights(self, values: np.ndarray) -> np.ndarray:
        """The weights (T, 52) of the blend shapes under channel values (T, C); a shape that the rig does not name
        stays 0.

        mouthClose is what holds the lips together against an open jaw, so it counts no further than jawOpen.
        """
        weights = np.zeros((len(values), len(self.shape_names)), np.float32)
        named = [position for position, name in enumerate(self.shape_names) if name in self.rig]
        weights[:, named] = values[:, self.rig.indices([self.shape_names[position] for position in named])]
        close, jaw = self.shape_names.index("mouthClose"), self.shape_names.index("jawOpen")
        weights[:, close] = np.minimum(weights[:, close], weights[:, jaw])
        return weights

    def gaze(self, values: np.ndarray) -> np.ndarray:
        """The gaze (T, 2, 2) in radians of the left and right eye: pitch (positive down) and yaw (positive to the
        face's left).
        """
        angles = np.zeros((len(values), 2, 2), np.float32)
        for eye, side in enumerate(SIDES):
            names = [f"eyeLook{way}{side}" for way in GAZE_WAYS]
            down, inward, outward, up = (
                angle * self._channel(values, name) for angle, name in zip(self.gaze_angle[eye], names, strict=True)
            )
            angles[:, eye, 0] = down - up
            angles[:, eye, 1] = (outward - inward) * (1 if side == "Left" else -1)
        return angles

    # What retargeting asks of a head.

    family = "arkit"

    @property
    def skin_faces(self) -> np.ndarray:
        """The triangles (F', 3) of the skin, over positions."""
        return self.position_index[self.faces[self.face_group == self.groups.index("skin")]]

    def eye_centres(self) -> np.ndarray:
        """The centres (2, 3) of the left and the right eye at rest."""
        return self.eye_centre[0]

    def tangent(self, points: np.ndarray) -> np.ndarray:
        """The displacement (C, N, 3) of `points` a unit of each channel, at rest: the blend shapes."""
        moves = np.zeros((len(self.rig), len(points), 3), np.float32)
        for name, shape in zip(self.shape_names, self.shapes, strict=True):
            if name in self.rig:
                moves[self.rig.index(name)] = shape[points]
        return moves

    @cached_property
    def eyeballs(self) -> tuple[np.ndarray, np.ndarray]:
        """The positions (n,) of the left and of the right eyeball (the face's own left and right)."""
        positions = np.unique(self.position_index[self.faces[self.face_group == self.groups.index("eyes")]])
        left = self.preset_positions[0, positions, 0] > 0
        return positions[left], positions[~left]

    def _channel(self, values: np.ndarray, name: str) -> np.ndarray:
        return values[:, self.rig.index(name)] if name in self.rig else np.zeros(len(values), np.float32)

    def _identity_weights(self, identity: Identity) -> np.ndarray:
        if len(identity.values) not in (0, len(self.identity_names)):
            raise OptionError(
                f"identity {identity.name!r} has {len(identity.values)} weights; the head has "
                f"{len(self.identity_names)} identity shapes: give one weight each, or none"
            )
        return identity.values

    def _bend_tongue(self, moved: np.ndarray, values: np.ndarray) -> None:
        """Adds the tongue's correctives to `moved` (T, V, 3) in place; they are zero outside the tongue."""
        weights = corrective_weights(self._channel(values, "tongueOut"), self._channel(values, "jawOpen"))
        if weights.any():
            start, end = self._tongue_span
            offsets = self.corrective_shapes[:, start:end].reshape(len(self.corrective_shapes), -1)
            moved[:, start:end] += (weights @ offsets).reshape(len(values), end - start, 3)

    @cached_property
    def _tongue_span(self) -> tuple[int, int]:
        """The range of positions that the correctives move; positions of one part lie together."""
        moving = np.flatnonzero(np.abs(self.corrective_shapes).max((0, 2)))
        return int(moving[0]), int(moving[-1]) + 1

    def _look(self, moved: np.ndarray, values: np.ndarray, identity: Identity) -> None:
        """Rotates the eyeballs of `moved` (T, V, 3) in place."""
        angles, weights = self.gaze(values), self._identity_weights(identity)
        for eye, ball in enumerate(self.eyeballs):
            centre = self.eye_centre[self.preset_index(identity), eye]
            if len(weights):
                centre = centre + weights @ self.identity_shapes[:, ball].mean(1)
            turn = turning("YX", angles[:, eye, ::-1])
            moved[:, ball] = (moved[:, ball] - centre) @ turn.transpose(0, 2, 1) + centre

    def _turn(self, moved: np.ndarray, values: np.ndarray) -> None:
        """Turns the head of `moved` (T, V, 3) in place."""
        pitch, yaw, roll = (self._channel(values, name) for name in HEAD)
        turn = turning("YXZ", np.stack([yaw, pitch, -roll], 1))
        pivots, weights = self._turning_parts
        for frame, matrix in zip(moved, np.ascontiguousarray(turn.transpose(0, 2, 1)), strict=True):  # a frame fits the processor's cache
            rest = frame - pivots
            turned = rest @ matrix
            turned -= rest
            turned *= weights
            frame += turned

    @cached_property
    def _turning_parts(self) -> tuple[np.ndarray, np.ndarray]:
        """The pivot and the head weights, once for every coordinate (V, 3): arrays of one shape take NumPy a tenth of the time."""
        like = self.preset_positions[0]
        return np.ascontiguousarray(np.broadcast_to(self.pivot, like.shape)), np.repeat(self.head_weight[:, None], 3, axis=1)
