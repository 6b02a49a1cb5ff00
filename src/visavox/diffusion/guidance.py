"""Guidance: predictions under several conditions, combined by weights that sum to 1; and dynamic thresholding.

A condition is the set of the names of what the network is told, such as {"audio", "style"}; a name that is absent
is null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from visavox.errors import OptionError


@dataclass(frozen=True)
class Term:
    """One condition and the weight of the prediction under it."""

    condition: frozenset[str]
    weight: float


def incremental(scales: Sequence[tuple[str, float]]) -> list[Term]:
    """Terms that add one name after another: D() + s1 [D(1) - D()] + s2 [D(1, 2) - D(1)] + ... for (name, scale) in
    order.

    With audio a and style s: {null: 1 - a, audio: a - s, audio + style: s}. A name of scale 1 that comes first is
    told in every term, so it is a condition without guidance. Source: DiffPoseTalk.
    """
    given, rising = frozenset(), [1.0, *(scale for _, scale in scales), 0.0]
    terms = [Term(given, rising[0] - rising[1])]
    for (name, scale), following in zip(scales, rising[2:], strict=True):
        given = given | {name}
        terms.append(Term(given, scale - following))
    return _active(terms)


def independent(scales: Sequence[tuple[str, float]]) -> list[Term]:
    """Terms that add each name to nothing: D() + sum of s_i [D(i) - D()]. With a and s: {null: 1 - a - s, audio: a,
    style: s}.
    """
    terms = [Term(frozenset(), 1.0 - sum(scale for _, scale in scales))]
    return _active(terms + [Term(frozenset({name}), scale) for name, scale in scales])


Guide = Callable[[Sequence[tuple[str, float]]], list[Term]]
GUIDES: dict[str, Guide] = {"incremental": incremental, "independent": independent}


def guide_of(name: str) -> Guide:
    """The guidance of that name; an OptionError when there is none."""
    if name not in GUIDES:
        raise OptionError(f"this model's guidance {name!r} is unknown; known are {', '.join(GUIDES)}: take another checkpoint")
    return GUIDES[name]


def _active(terms: list[Term]) -> list[Term]:
    """The terms whose weight is not 0: the others would cost a prediction and change nothing."""
    return [term for term in terms if abs(term.weight) > 1e-12]


def combine(predict: Callable, terms: Sequence[Term]):
    """The sum of weight times prediction; `predict(conditions)` is asked once, for an array (G, ...) over the G
    conditions.
    """
    total = sum(term.weight for term in terms)
    if abs(total - 1) > 1e-6:
        raise OptionError(f"guidance weights sum to {total:g}, not 1; make the terms with `incremental` or `independent`")
    branches = predict([term.condition for term in terms])
    combined = terms[0].weight * branches[0]
    for term, branch in zip(terms[1:], branches[1:], strict=True):
        combined = combined + term.weight * branch
    return combined


@dataclass(frozen=True)
class Threshold:
    """Dynamic thresholding of Saharia et al. (2022) as DiffPoseTalk uses it: clamp to +-s, where s is the `quantile`
    of the absolute values of a sample, between `low` and `high`; values are not rescaled.

    `per_branch` clamps each prediction before guidance combines them, as published; otherwise the combination is
    clamped.
    """

    quantile: float = 0.99
    low: float = 1.0
    high: float = 4.0
    per_branch: bool = True

    def clamp(self, x0: np.ndarray, sample_axes: int = 2) -> np.ndarray:
        """`x0` (..., T, C) clamped; each sample is its last `sample_axes` axes and has its own limit."""
        axes = tuple(range(-sample_axes, 0))
        limit = np.quantile(np.abs(x0), self.quantile, axis=axes, keepdims=True)
        limit = np.clip(limit, self.low, self.high).astype(x0.dtype)
        return np.clip(x0, -limit, limit)
