"""The rings of the lips on the subdivided skin, and the six points that measure the mouth.

The source mesh is regular there: rings run around the mouth from the outer lip through the line where the lips touch
into the cavity, each crossing the midline once on the upper and once on the lower lip.
"""

import numpy as np
from tools.bake_head.loops import Loops

# Midline positions of the base mesh on the upper lip, outermost ring first; the subdivided rings between them are
# found by walking.
UPPER_MIDLINE = (455, 466, 467, 509, 468, 474, 520, 537, 554, 571, 588, 605)
CONTACT = 520  # the ring where the lips touch
CAVITY = 605  # a ring well inside: the mouth group is filled from here
CORNER = 24  # the place of the mouth corner on a half ring, upper midline 0, lower midline 38
INSIDE = 537  # the outermost ring of the mouth cavity


def ring(loops: Loops, positions: np.ndarray, start: int) -> np.ndarray:
    """The ring (76,) through midline position `start`, first along the face's left; `positions` (n, 3) under any
    preset.
    """
    left = max(loops.neighbours[start], key=lambda n: positions[n, 0])
    return np.array(loops.walk(start, left))


def half(whole: np.ndarray, side: int) -> np.ndarray:
    """The half of a ring from the upper to the lower midline: on the left when `side` is 1, on the right when -1."""
    middle = len(whole) // 2
    return whole[: middle + 1] if side == 1 else np.concatenate([whole[:1], whole[: middle - 1 : -1]])


def measuring_points(loops: Loops, positions: np.ndarray, eye_corners: tuple[int, int]) -> np.ndarray:
    """Six positions: inner lip upper and lower at the midline, inner mouth corners left and right, outer eye corners
    left and right.
    """
    contact = ring(loops, positions, CONTACT)
    lower = contact[len(contact) // 2]
    left, right = (contact[np.argmax(side * positions[contact, 0])] for side in (1, -1))
    return np.array([CONTACT, lower, left, right, *eye_corners], np.int32)
