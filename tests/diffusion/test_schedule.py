"""The cosine schedule against the diffusers library and its own definition."""

import numpy as np
import pytest

from visavox.diffusion.schedule import SCHEDULES, cosine_schedule, schedule_of
from visavox.errors import OptionError


@pytest.mark.parametrize("steps", [20, 500, 1000])
def test_it_is_the_cosine_schedule_of_diffusers(steps):
    from diffusers import DDPMScheduler

    theirs = DDPMScheduler(num_train_timesteps=steps, beta_schedule="squaredcos_cap_v2")
    betas = np.maximum(theirs.betas.numpy(), 1e-4)
    schedule = cosine_schedule(steps)
    assert schedule.beta.shape == schedule.kept.shape == (steps + 1,) and schedule.steps == steps
    assert np.allclose(schedule.beta[1:], betas, rtol=1e-3, atol=1e-7)
    assert np.allclose(schedule.kept[1:], np.cumprod(1 - betas), rtol=1e-3, atol=1e-6)


def test_its_ends_and_limits():
    schedule = cosine_schedule(500)
    assert schedule.beta[0] == 0 and schedule.kept[0] == 1
    assert schedule.beta[1] == 1e-4, "the first step of 500 lies below the floor"
    assert schedule.beta[-1] == 0.999
    assert (np.diff(schedule.kept) < 0).all() and schedule.kept[-1] < 1e-6
    assert np.allclose(schedule.signal**2 + schedule.noise**2, 1)


def test_noise_is_added_sample_by_sample():
    schedule = cosine_schedule(500)
    random = np.random.default_rng(0)
    x0, noise = np.ones((3, 4, 2), np.float32), random.normal(size=(3, 4, 2)).astype(np.float32)
    step = np.array([1, 250, 500])
    noisy = schedule.add_noise(x0, noise, step)
    assert noisy.dtype == np.float32
    for sample in range(3):
        kept = schedule.kept[step[sample]]
        assert np.allclose(noisy[sample], np.sqrt(kept) + np.sqrt(1 - kept) * noise[sample], atol=1e-6)


@pytest.mark.parametrize(("name", "betas"), [
    ("linear", [1e-4, 0.00507500, 0.01005, 0.01502500, 0.02]),
    ("quadratic", [1e-4, 0.00183658, 0.0057321, 0.0117866, 0.02]),
    ("sigmoid", [0.000233185, 0.00160962, 0.01005, 0.0184904, 0.0198668]),
])  # fmt: skip
def test_the_other_schedules_of_the_published_options(name, betas):
    """Five steps from 1e-4 to .02 by hand: evenly; evenly in the root; along 1 / (1 + exp(-x)), x from -5 to 5."""
    schedule = schedule_of(name, 5)
    np.testing.assert_allclose(schedule.beta, [0, *betas], rtol=1e-4)
    np.testing.assert_allclose(schedule.kept[1:], np.cumprod(1 - schedule.beta[1:]))
    root = np.sqrt([1e-4, 0.02])
    exact = {
        "linear": np.linspace(1e-4, 0.02, 5), "quadratic": np.linspace(*root, 5) ** 2,
        "sigmoid": [1e-4 + 0.0199 / (1 + np.exp(5 - 2.5 * k)) for k in range(5)],
    }  # fmt: skip
    np.testing.assert_allclose(schedule.beta[1:], exact[name], rtol=1e-12)


def test_a_schedule_that_is_not_built_is_refused_by_name():
    assert set(SCHEDULES) == {"cosine", "linear", "quadratic", "sigmoid"}
    with pytest.raises(OptionError, match="'laplace' is unknown; known are cosine, linear"):
        schedule_of("laplace", 10)
