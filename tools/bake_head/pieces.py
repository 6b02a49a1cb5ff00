"""`Piece`: a part of the head with its positions under every preset, shape and identity; and the helpers that make one
from a `Part`.
"""

from dataclasses import dataclass

import numpy as np
from tools.bake_head.mesh import Part, triangles

METRES = 0.1  # one source unit, a decimetre, in metres


@dataclass
class Piece:
    """n positions of one part of the head, in metres.

    preset_positions (P, n, 3); shapes (52, n, 3) and identity_shapes (E, n, 3) offsets; head_weight (n,);
    faces (F, 3) over the n positions; uv (F, 3, 2) per corner; groups (F,) the name of each face's group.
    """

    preset_positions: np.ndarray
    shapes: np.ndarray
    identity_shapes: np.ndarray
    head_weight: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Source:
    """All that was read, in source units: presets (P, N, 3), shapes (52, N, 3), identity (E, N, 3), head_weight (N,),
    origins (P, 3).
    """

    presets: np.ndarray
    shapes: np.ndarray
    identity: np.ndarray
    head_weight: np.ndarray
    origins: np.ndarray


def make_piece(part: Part, source: Source) -> Piece:
    """The piece of `part`, one group, carried through every preset, shape and identity by its subdivision matrix."""

    def carry(fields):
        return np.stack([part.subdivide @ field for field in fields]) * METRES

    positions = carry(source.presets) - source.origins[:, None] * METRES
    faces = triangles(part.quads)
    uv = part.uv[triangles(part.uv_quads)]
    weight = np.clip(part.subdivide @ source.head_weight, 0, 1)
    names = np.full(len(faces), part.name, dtype="U12")
    return Piece(positions, carry(source.shapes), carry(source.identity), weight, faces, uv, names)


def keep_faces(piece: Piece, keep: np.ndarray) -> Piece:
    """The piece with only the faces where `keep` (F,) is true, and only the positions they use."""
    used, local = np.unique(piece.faces[keep], return_inverse=True)
    return Piece(
        piece.preset_positions[:, used],
        piece.shapes[:, used],
        piece.identity_shapes[:, used],
        piece.head_weight[used],
        local.reshape(-1, 3),
        piece.uv[keep],
        piece.groups[keep],
    )


def join(pieces: list[Piece]) -> Piece:
    """One piece holding all `pieces`, positions concatenated in order."""
    starts = np.cumsum([0] + [len(piece.head_weight) for piece in pieces])
    return Piece(
        np.concatenate([piece.preset_positions for piece in pieces], 1),
        np.concatenate([piece.shapes for piece in pieces], 1),
        np.concatenate([piece.identity_shapes for piece in pieces], 1),
        np.concatenate([piece.head_weight for piece in pieces]),
        np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=False)]),
        np.concatenate([piece.uv for piece in pieces]),
        np.concatenate([piece.groups for piece in pieces]),
    )
