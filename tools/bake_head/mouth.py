"""Where the mouth's inside hangs: one anchor and one scale per preset, and how jaws follow shapes and identities.

Teeth, gums and tongue are modelled once, in millimetres about the anchor of an average adult: x to the face's left, y
up from the line where the lips touch, z forward from the inner face of the upper lip. So they stand behind the lips
of every preset.
"""

from dataclasses import dataclass

import numpy as np
from tools.bake_head.lips import CONTACT
from tools.bake_head.pieces import Piece

LOWER_CONTACT = 523  # base mesh position under CONTACT on the lower lip
INNER_LIP = (554, 571, 588)  # base mesh midline positions on the inner face of the upper lip
MILLIMETRE = 1e-3


@dataclass(frozen=True)
class Mouth:
    """Per preset the `anchor` (P, 3) in metres and the `scale` (P,), 1 for the neutral preset."""

    anchor: np.ndarray
    scale: np.ndarray

    def place(self, points: np.ndarray) -> np.ndarray:
        """The positions (P, n, 3) in metres of `points` (n, 3) given in millimetres about the anchor."""
        return self.anchor[:, None] + self.scale[:, None, None] * points * MILLIMETRE


def find_mouth(skin: Piece, teeth: Piece) -> Mouth:
    """The mouth of every preset: anchored on the sealed lips of `skin`, as wide as the source's own upper `teeth`."""
    positions = skin.preset_positions
    anchor = np.zeros((len(positions), 3))
    anchor[:, 1] = (positions[:, CONTACT, 1] + positions[:, LOWER_CONTACT, 1]) / 2
    anchor[:, 2] = positions[:, list(INNER_LIP), 2].min(1)
    width = np.ptp(teeth.preset_positions[..., 0], axis=1)
    return Mouth(anchor, width / width[0])


def follow(leader: Piece, offsets: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The offsets (n, 3) at `points` (n, 3) of the affine movement that best explains the `offsets` (m, 3) of the
    `leader` piece.

    Rigid parts (a jaw with its teeth) move by an affine map, so this carries that movement to teeth of another shape.
    """
    if np.abs(offsets).max() < 1e-6:
        return np.zeros_like(points)
    rest = leader.preset_positions[0]
    middle = rest.mean(0)
    system = np.hstack([rest - middle, np.ones((len(rest), 1))])
    solution = np.linalg.lstsq(system, offsets, rcond=None)[0]
    return np.hstack([points - middle, np.ones((len(points), 1))]) @ solution


def hang(mouth: Mouth, leader: Piece, points: np.ndarray, faces: np.ndarray, uv: np.ndarray, group: str) -> Piece:
    """The piece whose positions are `points` (n, 3), millimetres about the anchor, and which moves rigidly with
    `leader`.
    """
    placed = mouth.place(points)
    shapes = np.stack([follow(leader, offsets, placed[0]) for offsets in leader.shapes])
    identities = np.stack([follow(leader, offsets, placed[0]) for offsets in leader.identity_shapes])
    return Piece(placed, shapes, identities, np.ones(len(points)), faces, uv, np.full(len(faces), group, dtype="U12"))
