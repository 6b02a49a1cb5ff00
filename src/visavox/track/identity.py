"""Whose face it is: the preset and the weights of identity shapes with which the default head looks most like somebody who was followed."""

import numpy as np

from visavox.io.assets import asset_arrays
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity
from visavox.track.alignment import aligned
from visavox.track.following import Person
from visavox.track.solver import Solver, calm_frames

SKIN = 468  # points that lie on the skin; the others are the irises
NOISE, SHAPE, MOST = 0.05, 0.15, 0.8  # of the eyes' distance: of a point of a resting face; deviation of a weight, and its bound
HELD = ("eyebrows", "eye-", "mouth-angles", "mouth-laugh", "forehead-nubian")  # shapes that a held expression would be taken for
FIRM, SLIDING = 0.002, 0.009  # metres that a point wanders over the skin from face to face: it counts half, it does not count
DEPTH = 0.3  # how much the depth of a point counts beside its place: the landmarks guess it


def resting_points(person: Person, solver: Solver) -> np.ndarray:
    """The points (478, 3) of a person's resting face, upon the canonical one."""
    readings = person.seen.readings
    mean = readings.components[calm_frames(readings.scores)].mean(0)
    return solver.canonical + ((mean * solver.spread) @ solver.basis).reshape(solver.canonical.shape)


def identity_of(person: Person, solver: Solver, head: Head, preset: str | None = None) -> Identity:
    """The identity of the default head that is nearest to a person's resting face: of the preset of that name, or of the nearest one.

    Only the build is compared, never the skin: name a preset where the look shall be right.

    Landmarks are compared with what the landmarker sees of the presets themselves (`Solver.presets`), so that its own bias falls out.
    """
    arrays = asset_arrays("portrait.npz")
    trust = np.where(arrays["spread"] > SLIDING, 0.0, 1 / np.hypot(1, arrays["spread"] / FIRM))[:SKIN, None] * (1, 1, DEPTH)
    off = (resting_points(person, solver) - solver.presets)[:, :SKIN]
    nearest = int((np.square(off) * np.square(trust)).sum((1, 2)).argmin()) if preset is None else head.presets.index(preset)
    moves = _moves(head, nearest, arrays, solver.canonical)[:, :SKIN]
    moves[[place for place, name in enumerate(head.identity_names) if name.startswith(HELD)]] = 0
    rows = (moves * trust / NOISE).reshape(len(moves), -1).T
    goal = (off[nearest] * trust / NOISE).ravel()
    weights = np.linalg.solve(rows.T @ rows + np.eye(len(moves)) / SHAPE**2, rows.T @ goal)
    return Identity(head.presets[nearest], weights.clip(-MOST, MOST).astype(np.float32))


def _moves(head: Head, preset: int, arrays: dict, canonical: np.ndarray) -> np.ndarray:
    """What a unit of each identity shape (E, 478, 3) does to the points upon the canonical face, but for turns and sizes of the whole."""
    corners, shares = arrays["corners"].astype(int), arrays["shares"].astype(float)[..., None]
    at = lambda positions: (shares * positions[corners]).sum(1) * (1, -1, -1)  # noqa: E731 - the axes of pictures
    rest = head.preset_positions[preset].astype(float)
    still = aligned(at(rest), canonical)[0]
    return np.stack([aligned(at(rest + 0.3 * shape), canonical)[0] - still for shape in head.identity_shapes.astype(float)]) / 0.3
