"""DiffPoseTalk's losses, each against its formula written out with loops (sheet 2.3), and the weights of the recipe."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from paper_small import HEAD  # noqa: E402

from visavox.models.normalizer import Normalizer  # noqa: E402
from visavox.recipes.diffposetalk import diffposetalk, loss_terms  # noqa: E402
from visavox.rigs.flame import FLAME, FLAME_GENERATED, FLAME_STILL_HEAD  # noqa: E402
from visavox.rigs.heads.flame_skinning import FlameSkinning  # noqa: E402
from visavox.style import FlameIdentity  # noqa: E402
from visavox.train import losses  # noqa: E402

RIG = FLAME_GENERATED
BATCH, CONTEXT, WINDOW = 3, 10, 20
FRAMES = CONTEXT + WINDOW
ENDS = [20, 7, 2]


@pytest.fixture(scope="module")
def window():
    random = np.random.default_rng(1)
    normalizer = Normalizer(len(RIG))
    normalizer.set_statistics(random.normal(0, 0.05, len(RIG)), random.uniform(0.05, 0.3, len(RIG)), floor=0)
    made, true = (torch.tensor(random.normal(size=(BATCH, FRAMES, len(RIG))), dtype=torch.float32) for _ in range(2))
    valid = torch.tensor([[1.0] * (CONTEXT + end) + [0.0] * (WINDOW - end) for end in ENDS])
    identity = torch.tensor(random.normal(size=(BATCH, 100)), dtype=torch.float32)
    geometry = losses.Geometry(FlameSkinning(HEAD), normalizer, RIG)
    return losses.WindowResult(made, true, losses.ValidFrames(valid, valid), identity, losses.head_channels(RIG), CONTEXT, geometry)


def frames_with(needed: int):
    """(sample, frame) of every valid frame whose `needed` frames before it are in the window too."""
    return [(b, f) for b, end in enumerate(ENDS) for f in range(needed, CONTEXT + end)]


def vertices(window, motion):
    """Vertices (B, F, V, 3) by the NumPy head, whose rotation is set to zero."""
    values = window.geometry.normalizer.restore(motion).numpy()
    full = np.zeros((BATCH, FRAMES, len(FLAME)), np.float32)
    full[..., FLAME.indices(RIG.names)] = values
    full[..., FLAME.indices(("headX", "headY", "headZ"))] = 0
    return np.stack([HEAD.vertices(f, FlameIdentity(i.numpy())).astype(float) for f, i in zip(full, window.identity, strict=True)])


def close(value, expected):
    assert float(value) == pytest.approx(float(expected), rel=2e-4)


def test_simple(window):
    error = (window.prediction - window.target).numpy()
    close(losses.simple(window), np.mean([error[at] ** 2 for at in frames_with(0)]))


def test_vertex_losses(window):
    made, true = vertices(window, window.prediction), vertices(window, window.target)
    close(losses.vertex(window), np.mean([(made[at] - true[at]) ** 2 for at in frames_with(0)]))
    speed = [((made[b, f] - made[b, f - 1]) - (true[b, f] - true[b, f - 1])) ** 2 for b, f in frames_with(1)]
    close(losses.vertex_velocity(window), np.mean(speed))
    bend = [(made[b, f] - 2 * made[b, f - 1] + made[b, f - 2]) ** 2 for b, f in frames_with(2)]
    close(losses.vertex_smoothness(window), np.mean(bend))


def test_head_losses(window):
    made, true = window.prediction[..., 50:53].numpy(), window.target[..., 50:53].numpy()
    close(losses.head_angle(window), np.mean([(made[at] - true[at]) ** 2 for at in frames_with(0)]))
    speed = [((made[b, f] - made[b, f - 1]) - (true[b, f] - true[b, f - 1])) ** 2 for b, f in frames_with(1)]
    close(losses.head_velocity(window), np.mean(speed))
    bend = [(made[b, f] - 2 * made[b, f - 1] + made[b, f - 2]) ** 2 for b, f in frames_with(2)]
    close(losses.head_smoothness(window), np.mean(bend))


def test_head_transition_looks_at_six_frames(window):
    """Sheet 2.3: two terms of consecutive velocities 1..3 and three of consecutive accelerations; term k counts where frame k exists."""
    ends = [20, 2, 1]
    valid = torch.tensor([[1.0] * (CONTEXT + end) + [0.0] * (WINDOW - end) for end in ends])
    turns, jerks = [], []
    for sample, end in enumerate(ends):
        h = np.concatenate([window.target[sample, 7:10, 50:53], window.prediction[sample, 10:13, 50:53]]).astype(float)
        v = [h[k + 1] - h[k] for k in range(5)]
        a = [v[k + 1] - v[k] for k in range(4)]
        turns += [(v[k + 2] - v[k + 1]) ** 2 for k in range(min(end, 2))]
        jerks += [(a[k + 1] - a[k]) ** 2 for k in range(min(end, 3))]
    assert (len(turns), len(jerks)) == (5, 6)
    close(losses.head_transition(replace(window, valid=losses.ValidFrames(valid, valid))), np.mean(turns) + np.mean(jerks))


def test_the_jaw_that_the_model_does_not_turn_rests_where_it_is_told(window):
    """The published loss puts y and z of the jaw at their mean in both motions: with y at .2 rad the vertices are those of such a face."""
    resting = losses.Geometry(window.geometry.skinning, window.geometry.normalizer, RIG, {"jawY": 0.2})
    values = window.geometry.normalizer.restore(window.prediction)[:1, :2].numpy()
    full = np.zeros((2, len(FLAME)), np.float32)
    full[:, FLAME.indices(RIG.names)] = values[0]
    full[:, FLAME.indices(("headX", "headY", "headZ"))] = 0
    full[:, FLAME.index("jawY")] = 0.2
    wanted = HEAD.vertices(full, FlameIdentity(window.identity[0].numpy()))
    made = resting(window.prediction[:1, :2], window.identity[:1])[0].numpy()
    np.testing.assert_allclose(made, wanted, atol=1e-6)
    assert np.abs(made - window.geometry(window.prediction[:1, :2], window.identity[:1])[0].numpy()).max() > 1e-3


def test_shares_of_a_batch_add_up(window):
    for function in (losses.simple, losses.vertex_velocity, losses.head_transition):
        parts = []
        for sample in range(BATCH):
            only = slice(sample, sample + 1)
            valid = losses.ValidFrames(window.valid.own[only], window.valid.whole)
            part = losses.WindowResult(
                window.prediction[only], window.target[only], valid, window.identity[only], window.head, CONTEXT, window.geometry
            )
            parts.append(float(function(part)))
        close(sum(parts), function(window))


def test_a_perfect_prediction_costs_only_its_own_roughness(window):
    same = losses.WindowResult(window.target, window.target, window.valid, window.identity, window.head, CONTEXT, window.geometry)
    zero = ("simple", "vertex", "vertex_velocity", "head_angle", "head_velocity")
    assert all(float(getattr(losses, name)(same)) == 0 for name in zero)
    assert float(losses.vertex_smoothness(same)) > 0


def test_the_weights_of_the_paper():
    """Sheet 2.3: weights 1, 2e6, 1e7, 1e5 and for the head 0.05, 5, 0.5, 0.5; no head terms in the model without head."""
    weights = [1, 2e6, 1e7, 1e5, 0.05, 5, 0.5, 0.5]
    terms = loss_terms(diffposetalk().weights, FLAME_GENERATED)
    assert [term.weight for term in terms] == weights
    assert [term.name for term in terms if term.between] == ["head_transition"]
    assert [term.weight for term in loss_terms(diffposetalk(False).weights, FLAME_STILL_HEAD)] == weights[:4]


def test_losses_are_halved_over_two_windows_but_for_the_transition(window):
    """Sheet 2.3: all losses averaged over the two windows except the head's transition."""
    first = losses.WindowResult(
        window.prediction[:, CONTEXT:], window.target[:, CONTEXT:],
        losses.ValidFrames(window.valid.own[:, CONTEXT:], window.valid.whole[:, CONTEXT:]),
        window.identity, window.head, 0, window.geometry,
    )  # fmt: skip
    terms = loss_terms(diffposetalk().weights, RIG)
    weighed = losses.weigh(terms, [first, window])
    for term, value in zip(terms, weighed.values(), strict=True):
        both = [float(term.function(one)) for one in (first, window)[term.between :]]
        close(value, term.weight * sum(both) / (1 if term.between else 2))


def test_every_loss_has_a_gradient():
    random = torch.Generator().manual_seed(0)
    normalizer = Normalizer(len(RIG))
    made = torch.randn(1, 16, len(RIG), generator=random).requires_grad_()
    valid = torch.ones(1, 16)
    result = losses.WindowResult(
        made, torch.randn(1, 16, len(RIG), generator=random), losses.ValidFrames(valid, valid), torch.zeros(1, 100),
        losses.head_channels(RIG), 4, losses.Geometry(FlameSkinning(HEAD), normalizer, RIG),
    )  # fmt: skip
    for term, kind in itertools.product(loss_terms(diffposetalk().weights, RIG), ("jawX", "expression01", "headX")):
        (gradient,) = torch.autograd.grad(term.function(result), made, retain_graph=True)
        seen = bool(gradient[..., RIG.index(kind)].abs().sum() > 0)
        assert seen == (term.name == "simple" or term.name.startswith("head_") == (kind == "headX")), (term.name, kind)
