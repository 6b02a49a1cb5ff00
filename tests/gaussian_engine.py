"""An engine whose perfect denoiser is known: motion is a smooth Gaussian process, and the context is what came before."""

from dataclasses import replace

import numpy as np

from tiny_model import tiny_config
from visavox.diffusion.schedule import cosine_schedule
from visavox.engine import Encoded
from visavox.models.statistics import Statistics


class GaussianEngine:
    """Answers x0 as the posterior mean of a stationary process with correlation exp(-(i - j)^2 / 2 length^2).

    `forgets`: the context is ignored. `bias`: a constant by which the engine misplaces the whole window and its
    view of the context, with another sign in every window. `asked` records (step, noisy, context) and `told` the conditions of every
    preparation.
    """

    def __init__(self, forgets: bool = False, bias: float = 0.0, length: float = 4.0):
        config = tiny_config(identity=0)
        self.config = replace(config, denoiser=replace(config.denoiser, steps=500))
        channels = self.config.denoiser.channels
        self.motion = Statistics(np.zeros(channels, np.float32), np.ones(channels, np.float32))
        self.forgets, self.bias = forgets, bias
        self.schedule = cosine_schedule(self.config.denoiser.steps)
        context, window = self.config.denoiser.context, self.config.denoiser.window
        frame = np.arange(context + window)
        covariance = np.exp(-((frame[:, None] - frame) ** 2) / (2 * length**2)) + 1e-4 * np.eye(frame.size)
        before, across, self.free = (
            covariance[:context, :context],
            covariance[context:, :context],
            covariance[context:, context:],
        )
        self.gain = across @ np.linalg.inv(before)
        self.bound = self.free - self.gain @ across.T
        self.asked, self.told = [], []

    def encode(self, features: np.ndarray) -> Encoded:
        made = features.reshape(-1, 4, 80).mean(axis=1)[:, :16].astype(np.float32)
        return Encoded(made, np.zeros((len(made), 0), np.float32))

    def prepare(self, conditions, branches):
        self.told.append((conditions, branches))
        return len(branches), self.bias * (-1) ** len(self.told)

    def denoise(self, noisy, step, prepared, context=None):
        branches, bias = prepared
        self.asked.append((step, noisy.copy(), context))
        covariance = self.bound
        if context is None or self.forgets:
            covariance = self.free
            context = np.zeros((len(noisy), self.config.denoiser.context, noisy.shape[2])) if context is None else context
        gain, frames = self.gain[: noisy.shape[1]], noisy.shape[1]  # the beginning of a window is distributed as that of a whole one
        expected = (gain @ context if covariance is self.bound else np.zeros_like(noisy)) + bias
        covariance = covariance[:frames, :frames]
        signal, noise = self.schedule.signal[step], self.schedule.noise[step]
        seen = signal**2 * covariance + noise**2 * np.eye(len(covariance))
        x0 = expected + signal * covariance @ np.linalg.solve(seen, noisy - signal * expected)
        whole = np.concatenate([context + bias, x0], axis=1).astype(np.float32)
        return np.broadcast_to(whole, (branches, *whole.shape))
