"""What a face's landmarks have to agree on before the default head is laid on them, and what the laid face must look like.

Each disagreement is a RigError that names the landmarks in question. Positions are in the default head's space and size: metres.
"""

import numpy as np

from visavox.errors import RigError
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmarks import head_landmarks
from visavox.rigs.transfer.surface import Surface

OFF_SURFACE = 0.008  # metres that a landmark may lie off the character's surface
LEAST, MOST = 0.3, 3.0  # of the default head's way from one landmark to the next, which the character's may be
TOUCHING = -0.15  # the same where what the landmarks lie on may touch, as lids and lips do
BELOW = (  # from the first down to the second, and the least share
    ("brow_left", "upper_lid_left", LEAST), ("brow_right", "upper_lid_right", LEAST),
    ("upper_lid_left", "lower_lid_left", TOUCHING), ("upper_lid_right", "lower_lid_right", TOUCHING),
    ("lower_lid_left", "nose_tip", LEAST), ("lower_lid_right", "nose_tip", LEAST), ("nose_tip", "upper_lip_top", LEAST),
    ("upper_lip_top", "lip_middle", TOUCHING), ("lip_middle", "lower_lip_bottom", TOUCHING), ("lower_lip_bottom", "chin", LEAST),
)  # fmt: skip
BESIDE = (  # from the first to the second towards the face's right
    ("eye_outer_left", "eye_inner_left", LEAST), ("eye_inner_left", "eye_inner_right", LEAST),
    ("eye_inner_right", "eye_outer_right", LEAST), ("mouth_corner_left", "mouth_corner_right", LEAST),
)  # fmt: skip
STRETCHED, MOST_STRETCHED = 2.0, 3.0  # one way against the other: what the middle of the triangles may be, and 95 of 100
OPEN = 0.005  # metres by which lips and lids may fail to shut


def check_landmarks(head: Head, marks: dict[str, np.ndarray], target: Surface) -> None:
    """Raises a RigError for a landmark off the surface of `target`, or for two that lie the wrong way round or too far apart."""
    off = {name: float(target.nearest(place[None]).distance[0]) for name, place in marks.items() if name != "lip_middle"}
    middle = float(np.median(list(off.values())))
    if middle > OFF_SURFACE:
        far = f"{middle * 1000:.0f} mm (at the size of an adult) off the character's surface in the middle"
        raise RigError(f"the faces do not lie on one another: the landmarks lie {far}; check whose they are, and their units")
    worst = max(off, key=off.get)
    if off[worst] > OFF_SURFACE:
        far = f"{off[worst] * 1000:.0f} mm (at the size of an adult) off the character's surface"
        raise RigError(f"the landmark {worst} lies {far}; give the place of a vertex, in the units of the file")
    rest = head.neutral()
    ours = {name: np.float64(rest[number]) for name, number in head_landmarks(head).items()}
    for pairs, axis, ways in ((BELOW, 1, ("below", "above")), (BESIDE, 0, ("to the right of", "to the left of"))):
        for first, second, least in pairs:
            expected, way = (1000 * (each[first][axis] - each[second][axis]) for each in (ours, marks))
            if not least * expected <= way <= MOST * expected:
                lies = f"lies {abs(way):.0f} mm (at the size of an adult) {ways[int(way < 0)]} {first}"
                wrong = f"should lie {max(least, 0) * expected:.0f} to {MOST * expected:.0f} mm {ways[0]} it"
                raise RigError(f"the landmark {second} {lies} and {wrong}; correct one of them, and check left and right, up and down")


def check_stretch(rest: np.ndarray, laid: np.ndarray, triangles: np.ndarray) -> None:
    """Raises a RigError when the head's `triangles` (F, 3) are drawn out too much from their places `rest` (V, 3) to `laid` (V, 3)."""
    across = [_in_plane(points[triangles]) for points in (rest, laid)]
    values = np.linalg.svd(across[1] @ np.linalg.inv(across[0]), compute_uv=False)
    stretch = values[:, 0] / np.maximum(values[:, 1], 1e-12)
    middle, most = np.quantile(stretch, (0.5, 0.95))
    if middle > STRETCHED or most > MOST_STRETCHED:
        wrong = f"{middle:.1f} times as long one way as the other in the middle, and {most:.1f} times in 5 of 100 places"
        raise RigError(
            f"the default face would be drawn out too much to fit this one: {wrong}; correct the landmarks, or sculpt its shapes"
        )


def check_closing(lips: float, lids: np.ndarray) -> None:
    """Raises a RigError when the lips stay `lips` further apart than at rest, or the lids (2,) apart or crossed, all in metres."""
    parts = {"lips": (lips, "the mouth"), "left lids": (lids[0], "the left eye"), "right lids": (lids[1], "the right eye")}
    for part, (apart, where) in parts.items():
        if abs(apart) > OPEN:
            how = "apart" if apart > 0 else "across one another"
            far = f"{abs(apart) * 1000:.0f} mm {how} (at the size of an adult)"
            raise RigError(f"the {part} of the character stay {far} when they should close; correct the landmarks of {where}")


def _in_plane(corners: np.ndarray) -> np.ndarray:
    """The two edges of each triangle (F, 3, 3) from its first corner, as columns (F, 2, 2) within its own plane."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    long = np.maximum(np.linalg.norm(first, axis=1), 1e-9)
    along = (first * second).sum(1) / long
    high = np.maximum(np.linalg.norm(np.cross(first, second), axis=1) / long, 1e-9)
    return np.stack([np.stack([long, along], axis=1), np.stack([np.zeros_like(long), high], axis=1)], axis=1)
