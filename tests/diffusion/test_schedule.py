"""The cosine schedule against the diffusers library and its own definition."""

import numpy as np
import pytest
from diffusers import DDPMScheduler

from visavox.diffusion.schedule import cosine_schedule


@pytest.mark.parametrize("steps", [20, 500, 1000])
def test_it_is_the_cosine_schedule_of_diffusers(steps):
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
