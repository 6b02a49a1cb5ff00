"""Writes the asset: render vertices, quantised arrays, one compressed file."""

from pathlib import Path

import numpy as np
from tools.bake_head.pieces import Piece

POSITION_UNIT = 1.6e-5  # metres per step of the int16 preset positions
GROUPS = ("skin", "mouth", "eyes", "lashes", "teeth", "gums", "tongue", "shirt")


def render_vertices(piece: Piece) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The render vertices: position index (R,), uv (R, 2) and the faces (F, 3) over them; one per distinct (position,
    uv).
    """
    corner = np.column_stack([piece.faces.reshape(-1, 1), np.rint(piece.uv.reshape(-1, 2) * 32767)]).astype(np.int64)
    unique, local = np.unique(corner, axis=0, return_inverse=True)
    return (
        unique[:, 0].astype(np.int32),
        (unique[:, 1:] / 32767).astype(np.float32),
        local.reshape(-1, 3).astype(np.int32),
    )


def write_asset(path: Path, piece: Piece, names: dict, extra: dict) -> int:
    """The size in bytes of the asset written to `path`; `names` holds presets, shapes, identities."""
    order = np.argsort([GROUPS.index(group) for group in piece.groups], kind="stable")
    piece = Piece(
        piece.preset_positions, piece.shapes, piece.identity_shapes, piece.head_weight,
        piece.faces[order], piece.uv[order], piece.groups[order],
    )  # fmt: skip
    reach = np.abs(piece.preset_positions).max()
    if not reach < 32767 * POSITION_UNIT:
        raise SystemExit(f"a position lies {reach} m from the origin, too far for POSITION_UNIT in {__file__}; raise it")
    position_index, uv, faces = render_vertices(piece)
    arrays = {
        "presets": np.array(names["presets"]),
        "preset_positions": np.rint(piece.preset_positions / POSITION_UNIT).astype(np.int16),
        "position_unit": np.float32(POSITION_UNIT),
        "shape_names": np.array(names["shapes"]),
        "shapes": clean(piece.shapes),
        "identity_names": np.array(names["identities"]),
        "identity_shapes": clean(piece.identity_shapes),
        "faces": faces,
        "face_group": np.array([GROUPS.index(group) for group in piece.groups], np.uint8),
        "group_names": np.array(GROUPS),
        "position_index": position_index,
        "uv": uv,
        "head_weight": piece.head_weight.astype(np.float16),
        **extra,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    return path.stat().st_size


def clean(offsets: np.ndarray) -> np.ndarray:
    """The offsets as float16, those under 2 micrometres set to zero so that they compress."""
    return np.where(np.abs(offsets) < 2e-6, 0, offsets).astype(np.float16)
