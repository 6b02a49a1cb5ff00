"""The noise schedule: how much of a signal is left at each diffusion step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from visavox.errors import OptionError

OFFSET = 0.008  # keeps the first steps from being too small (Nichol and Dhariwal 2021)
LOWEST_BETA, HIGHEST_BETA = 1e-4, 0.999
FIRST_BETA, LAST_BETA = 1e-4, 0.02  # of the schedules that rise from one to the other, whatever the number of steps
STEEPNESS = 5.0  # the sigmoid schedule runs from -5 to 5


@dataclass(frozen=True, eq=False)
class Schedule:
    """Arrays (N + 1,) float64 over diffusion steps 0 to N; step 0 is clean.

    beta: the share of noise that a step adds, 0 at step 0; kept: the product of 1 - beta up to a step (alpha-bar of
    the papers).
    """

    beta: np.ndarray
    kept: np.ndarray

    @property
    def steps(self) -> int:
        """The number of diffusion steps N."""
        return self.beta.size - 1

    @property
    def signal(self) -> np.ndarray:
        """The factor (N + 1,) of the clean values in the noisy ones: sqrt(kept)."""
        return np.sqrt(self.kept)

    @property
    def noise(self) -> np.ndarray:
        """The factor (N + 1,) of the noise in the noisy values: sqrt(1 - kept)."""
        return np.sqrt(1 - self.kept)

    @property
    def log_ratio(self) -> np.ndarray:
        """The logarithm (N + 1,) of signal over noise, infinite at step 0: lambda of the DPM-Solver papers."""
        with np.errstate(divide="ignore"):
            return np.log(self.signal) - np.log(self.noise)

    def add_noise(self, x0, noise, step: np.ndarray):
        """Noisy values of `x0` (B, ...) with standard normal `noise` (B, ...) at `step` (B,); arrays, or tensors of any device."""
        step = np.asarray(step)
        shape = (len(step), *[1] * (x0.ndim - 1))
        signal, spread = (np.float32(factor[step]).reshape(shape) for factor in (self.signal, self.noise))
        if not isinstance(x0, np.ndarray):  # whatever makes tensors of arrays of its own kind
            signal, spread = (x0.new_tensor(factor) for factor in (signal, spread))
        return signal * x0 + spread * noise


def cosine_schedule(steps: int) -> Schedule:
    """The cosine schedule of `steps` steps N: kept = cos^2 of a quarter turn, each beta clipped to [1e-4, 0.999].

    Source: Nichol and Dhariwal (2021), with the clipping of DiffPoseTalk.
    """
    angle = (np.arange(steps + 1) / steps + OFFSET) / (1 + OFFSET) * np.pi / 2
    curve = np.cos(angle) ** 2
    return _of_beta(np.clip(1 - curve[1:] / curve[:-1], LOWEST_BETA, HIGHEST_BETA))


def linear_schedule(steps: int) -> Schedule:
    """The schedule whose beta rises evenly from 1e-4 to 0.02. Source: Ho et al. (2020)."""
    return _of_beta(np.linspace(FIRST_BETA, LAST_BETA, steps))


def quadratic_schedule(steps: int) -> Schedule:
    """The schedule the root of whose beta rises evenly from that of 1e-4 to that of 0.02."""
    return _of_beta(np.linspace(np.sqrt(FIRST_BETA), np.sqrt(LAST_BETA), steps) ** 2)


def sigmoid_schedule(steps: int) -> Schedule:
    """The schedule whose beta goes from about 1e-4 to about 0.02 along a logistic curve between -5 and 5."""
    return _of_beta(FIRST_BETA + (LAST_BETA - FIRST_BETA) / (1 + np.exp(-np.linspace(-STEEPNESS, STEEPNESS, steps))))


SCHEDULES: dict[str, Callable[[int], Schedule]] = {
    "cosine": cosine_schedule, "linear": linear_schedule, "quadratic": quadratic_schedule, "sigmoid": sigmoid_schedule,
}  # fmt: skip


def schedule_of(name: str, steps: int) -> Schedule:
    """The schedule of that name; an OptionError when there is none."""
    if name not in SCHEDULES:
        raise OptionError(f"this model's noise schedule {name!r} is unknown; known are {', '.join(SCHEDULES)}: take another checkpoint")
    return SCHEDULES[name](steps)


def _of_beta(beta: np.ndarray) -> Schedule:
    """The schedule of beta (N,) at steps 1 to N."""
    beta = np.concatenate([[0.0], beta])
    return Schedule(beta, np.exp(np.cumsum(np.log1p(-beta))))
