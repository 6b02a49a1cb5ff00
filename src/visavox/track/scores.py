"""Tracks of which only raw scores and the measures of the lips are left, as motion: what other systems and older files hold."""

from dataclasses import replace

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.track.contact import OF_SCORES, spread_as_seen, touching, true_gap, without_bias
from visavox.track.landmarks import SCORES
from visavox.track.motion_of import even_sides, without_offset
from visavox.track.smoothing import smooth
from visavox.track.solver import Solver, calm_frames


def motion_of_scores(raw: Motion, gap: np.ndarray, width: np.ndarray, solver: Solver, head: Head) -> Motion:
    """The motion whose weights are read from the raw scores that `raw` has as weights, with the lip gap and the mouth width (T,) of the
    landmarks; its head turns as before."""
    scores = np.stack([raw.channel(name) if name in raw.rig else np.zeros(raw.frames) for name in SCORES], axis=1)
    weights = smooth(even_sides(without_offset(solver.solve_scores(scores), calm_frames(scores))), raw.fps)
    weights = spread_as_seen(weights, width, OF_SCORES, head)
    weights = touching(weights, true_gap(without_bias(gap), solver.gap), head)
    values = raw.values.copy()
    values[:, raw.rig.indices(SHAPES)] = weights
    return replace(raw, values=values)
