"""Guidance by its two formulas written out, its cost, and dynamic thresholding."""

import numpy as np
import pytest

from visavox.diffusion.guidance import Term, Threshold, combine, incremental, independent
from visavox.errors import OptionError

ANSWERS = {
    frozenset(): 1.0,
    frozenset({"audio"}): 10.0,
    frozenset({"style"}): 300.0,
    frozenset({"audio", "style"}): 5000.0,
}


def answer(conditions):
    return np.array([ANSWERS[condition] for condition in conditions])


def D(*names):
    return ANSWERS[frozenset(names)]


@pytest.mark.parametrize(("a", "s"), [(1.15, 3.0), (2.0, 0.5), (1.0, 1.0), (0.0, 0.0), (1.0, 2.0), (0.3, 0.0)])
def test_both_formulas(a, s):
    scales = [("audio", a), ("style", s)]
    wanted = D() + a * (D("audio") - D()) + s * (D("audio", "style") - D("audio"))
    assert np.isclose(combine(answer, incremental(scales)), wanted)
    wanted = D() + a * (D("audio") - D()) + s * (D("style") - D())
    assert np.isclose(combine(answer, independent(scales)), wanted)


def test_the_weights_are_those_of_the_plan():
    weights = {term.condition: term.weight for term in incremental([("audio", 1.15), ("style", 3.0)])}
    assert weights == pytest.approx({frozenset(): -0.15, frozenset({"audio"}): -1.85, frozenset({"audio", "style"}): 3.0})
    weights = {term.condition: term.weight for term in independent([("audio", 1.15), ("style", 3.0)])}
    assert weights == pytest.approx({frozenset(): -3.15, frozenset({"audio"}): 1.15, frozenset({"style"}): 3.0})


def test_a_term_of_weight_0_is_not_predicted_and_one_call_serves_the_rest():
    calls = []

    def counted(conditions):
        calls.append(list(conditions))
        return answer(conditions)

    assert combine(counted, incremental([("audio", 1.0), ("style", 1.0)])) == D("audio", "style")
    assert combine(counted, incremental([("audio", 1.0)])) == D("audio")
    combine(counted, incremental([("audio", 1.5), ("style", 1.5)]))
    assert [len(conditions) for conditions in calls] == [1, 1, 2]


def test_a_first_name_of_scale_1_is_told_always():
    terms = incremental([("style", 1.0), ("audio", 2.0)])
    assert {term.condition: term.weight for term in terms} == {
        frozenset({"style"}): -1.0,
        frozenset({"audio", "style"}): 2.0,
    }


def test_weights_that_do_not_sum_to_1_are_refused():
    with pytest.raises(OptionError, match="sum to 1.5, not 1"):
        combine(answer, [Term(frozenset(), 1.5)])


def test_thresholding_clamps_each_sample_by_its_own_quantile():
    random = np.random.default_rng(0)
    x0 = np.stack([0.1 * random.normal(size=(100, 5)), random.normal(size=(100, 5)), 9 * random.normal(size=(100, 5))])
    clamped = Threshold().clamp(x0.astype(np.float32))
    assert clamped.dtype == np.float32
    assert np.allclose(clamped[0], x0[0], atol=1e-6), "below 1 nothing is clamped"
    limit = np.quantile(np.abs(x0[1]), 0.99)
    assert (
        np.isclose(np.abs(clamped[1]).max(), limit)
        and np.isclose(np.sort(np.abs(clamped[1]).ravel())[:-5], np.sort(np.abs(x0[1]).ravel())[:-5]).all()
    )
    assert np.abs(clamped[2]).max() == 4, "above 4 everything is"
