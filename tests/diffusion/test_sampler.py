"""The samplers against the schedulers of diffusers, step by step, and against distributions whose perfect denoiser is
known.
"""

import numpy as np
import pytest
import torch

from visavox.diffusion.sampler import SAMPLERS, Sampler, ddim, ddpm, dpm_solver, spaced_steps
from visavox.diffusion.schedule import cosine_schedule
from visavox.errors import OptionError

SCHEDULE = cosine_schedule(500)
SHARED = {
    "num_train_timesteps": 500,
    "trained_betas": SCHEDULE.beta[1:].astype(np.float32),
    "prediction_type": "sample",
}


def network(x, step):
    """A stand-in for a denoiser: nonlinear, and different at every step."""
    return np.tanh(x * (0.3 + step / 500)) + 0.1 * np.sin(step)


def theirs(scheduler, count: int, noises: list, extra: dict) -> np.ndarray:
    """The sample that a diffusers scheduler makes with our network; its timestep t is our step t + 1."""
    scheduler.set_timesteps(count)
    x, fresh = torch.from_numpy(noises[0]), iter(noises[1:])
    for timestep in scheduler.timesteps:
        x0 = torch.from_numpy(network(x.numpy(), int(timestep) + 1))
        given = {name: torch.from_numpy(next(fresh)) for name in extra.get("noise", ())}
        x = scheduler.step(x0, timestep, x, **given, **extra.get("fixed", {})).prev_sample
    return x.numpy()


def ours(sampler: Sampler, noises: list) -> np.ndarray:
    fresh = iter(noises[1:])
    return sampler.sample(network, noises[0], lambda: next(fresh))


def even(count: int) -> tuple[int, ...]:
    return tuple(round(SCHEDULE.steps * place / count) for place in range(count, 0, -1))


def some_noises(count: int) -> list:
    random = np.random.default_rng(0)
    return [random.normal(size=(2, 7, 3)) for _ in range(count + 1)]


@pytest.mark.parametrize("count", [1, 4, 10, 50, 500])
@pytest.mark.parametrize("eta", [0.0, 0.7, 1.0])
def test_ddim_is_that_of_diffusers(count, eta):
    from diffusers import DDIMScheduler

    noises = some_noises(count)
    scheduler = DDIMScheduler(**SHARED, clip_sample=False, timestep_spacing="trailing")
    extra = {"fixed": {"eta": eta}, "noise": ("variance_noise",) if eta else ()}
    assert np.allclose(ours(ddim(SCHEDULE, even(count), eta), noises), theirs(scheduler, count, noises, extra), atol=2e-4)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 5, 7, 10, 20, 50, 500])
def test_dpm_solver_is_that_of_diffusers(count, order):
    from diffusers import DPMSolverMultistepScheduler

    noises = some_noises(0)
    scheduler = DPMSolverMultistepScheduler(
        **SHARED, solver_order=order, timestep_spacing="trailing", final_sigmas_type="zero", lower_order_final=False
    )
    sampler = dpm_solver(SCHEDULE, even(count), order)
    scheduler.set_timesteps(count)
    assert tuple(int(timestep) + 1 for timestep in scheduler.timesteps) == sampler.steps
    assert np.allclose(ours(sampler, noises), theirs(scheduler, count, noises, {}), atol=2e-4)


@pytest.mark.parametrize("count", [5, 50, 500])
def test_ddpm_is_that_of_diffusers(monkeypatch, count):
    """Their scheduler draws its own noise, so it is handed ours."""
    from diffusers import DDPMScheduler

    noises = some_noises(count)
    fresh = iter([torch.from_numpy(noise) for noise in noises[1:]])
    monkeypatch.setattr("diffusers.schedulers.scheduling_ddpm.randn_tensor", lambda *_, **__: next(fresh))
    scheduler = DDPMScheduler(**SHARED, clip_sample=False, variance_type="fixed_small", timestep_spacing="trailing")
    wanted = theirs(scheduler, count, noises[:1], {})
    assert np.allclose(ours(ddpm(SCHEDULE, even(count)), noises), wanted, atol=2e-4)


def test_ddpm_is_the_published_rule():
    """x = sqrt(alpha)(1 - kept_before)/(1 - kept) x + sqrt(kept_before)(1 - alpha)/(1 - kept) x0 + sigma z, no noise
    at the last step.
    """
    sampler, flexible = ddpm(SCHEDULE, even(500)), ddpm(SCHEDULE, even(500), flexibility=0.25)
    assert sampler.steps == tuple(range(500, 0, -1))
    for row, step in ((0, 500), (250, 250), (498, 2)):
        beta, kept, before = SCHEDULE.beta[step], SCHEDULE.kept[step], SCHEDULE.kept[step - 1]
        sigma = np.sqrt(beta * (1 - before) / (1 - kept))
        wanted = np.sqrt(1 - beta) * (1 - before) / (1 - kept), np.sqrt(before) * beta / (1 - kept), sigma, 0
        assert np.allclose(sampler.table[row], wanted, rtol=1e-9)
        assert np.isclose(flexible.table[row][2], 0.25 * np.sqrt(beta) + 0.75 * sigma)
    assert np.allclose(sampler.table[-1], (0, 1, 0, 0), atol=1e-12)


def test_ddim_with_full_noise_is_ddpm():
    for one, other in zip(ddim(SCHEDULE, even(25), 1.0).table, ddpm(SCHEDULE, even(25)).table, strict=True):
        assert np.allclose(one, other, atol=1e-9)


def test_first_order_dpm_solver_is_ddim():
    assert np.allclose(dpm_solver(SCHEDULE, even(10), 1).table, ddim(SCHEDULE, even(10)).table, atol=1e-9)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("count", [1, 3, 10, 77])
def test_every_sampler_stays_where_the_network_is_sure(name, count):
    """A network that always answers the same is obeyed to the last digit: the last step ends in x0 itself."""
    answer = np.arange(6.0).reshape(1, 2, 3)
    random = np.random.default_rng(0)
    sampler = SAMPLERS[name](SCHEDULE, spaced_steps(SCHEDULE, count))
    assert len(sampler.steps) == count and sampler.steps[0] == 500 and sampler.steps[-1] >= 1
    sample = sampler.sample(lambda x, step: answer, random.normal(size=answer.shape), lambda: random.normal(size=answer.shape))
    assert np.allclose(sample, answer, atol=1e-9)


def gaussian(mean: float, spread: float):
    """The perfect denoiser of values that are normal with `mean` and `spread`: the posterior mean of x0."""

    def predict(x, step):
        signal, noise = SCHEDULE.signal[step], SCHEDULE.noise[step]
        gain = signal * spread**2 / (signal**2 * spread**2 + noise**2)
        return mean + gain * (x - signal * mean)

    return predict


def spread_made(make, steps, spread: float) -> float:
    """The spread of samples over that of the truth, when the denoiser is perfect."""
    random = np.random.default_rng(0)

    def draw():
        return random.normal(size=20000)

    start = draw()
    sample = make(SCHEDULE, steps).sample(gaussian(0.7, spread), (start - start.mean()) / start.std(), draw)
    assert abs(sample.mean() - 0.7) < 0.02
    return sample.std() / spread


@pytest.mark.parametrize("spread", [0.2, 0.5, 0.7, 1.0, 1.5, 2.5])
@pytest.mark.parametrize(("make", "count", "most"), [(ddpm, 500, 0.03), (ddim, 50, 0.1), (dpm_solver, 20, 0.03), (dpm_solver, 10, 0.03)])
def test_samples_have_the_spread_of_the_truth(make, count, most, spread):
    assert abs(spread_made(make, spaced_steps(SCHEDULE, count), spread) - 1) < most


@pytest.mark.parametrize(("count", "loss", "lost"), [(8, 0.23, 0.4), (10, 0.18, 0.33), (20, 0.1, 0.15)])
def test_spaced_steps_keep_movements_that_even_steps_lose(count, loss, lost):
    """The reason for the default spacing, in numbers: what movements of 7 deviations lose, and usual ones under even steps."""
    made = {
        (name, spread): abs(spread_made(dpm_solver, steps, spread) - 1)
        for name, steps in (("even", even(count)), ("spaced", spaced_steps(SCHEDULE, count)))
        for spread in (0.2, 1.0, 7.0)
    }
    assert made["spaced", 7.0] < loss
    assert max(made["spaced", 0.2], made["spaced", 1.0]) < 0.05
    assert max(made["even", spread] for spread in (0.2, 1.0, 7.0)) > lost


def test_arrays_keep_their_kind_and_precision():
    for count in (5, 50):
        x = np.zeros((1, 4), np.float32)
        assert dpm_solver(SCHEDULE, even(count)).sample(lambda x, step: x + 1, x).dtype == np.float32
        tensor = dpm_solver(SCHEDULE, even(count)).sample(lambda x, step: x + 1, torch.zeros(1, 4))
        assert isinstance(tensor, torch.Tensor) and tensor.dtype == torch.float32


def test_steps_fall_from_the_last():
    assert spaced_steps(SCHEDULE, 10) == (500, 469, 440, 387, 301, 196, 109, 56, 27, 12)
    assert spaced_steps(SCHEDULE, 500) == tuple(range(500, 0, -1)) and spaced_steps(SCHEDULE, 1) == (500,)
    for count in range(1, 501):
        steps = spaced_steps(SCHEDULE, count)
        assert len(set(steps)) == count and list(steps) == sorted(steps, reverse=True)
        assert steps[0] == 500 and steps[-1] >= 1
    for wrong in (0, 501, -3):
        with pytest.raises(OptionError, match=f"^{wrong} sampling steps.*1 to 500"):
            spaced_steps(SCHEDULE, wrong)
    with pytest.raises(OptionError, match="order 3"):
        dpm_solver(SCHEDULE, even(5), 3)
