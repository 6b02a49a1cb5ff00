"""Several channels to one: their mean, or where that loses the sound (channels that cancel, one voice among many) better ones."""

import numpy as np

WINDOW = 0.5  # seconds over which channels are compared
QUIET = 1e-4  # of the loudest window's power: windows below say nothing
SILENT = 1e-3  # of the strongest channel's power: channels below hold no sound of their own
CANCELS = 0.3  # of the power that channels without relation would leave in their mean; opposite ones leave none
OFTEN = 0.25  # of the windows with sound: from here on channels are taken to cancel
FAINT = 0.1  # of the strongest channel's power: a mean below is better without the silent channels


class Mixer:
    """Mixes blocks of channels down and measures on the way what their mean loses. `chosen` are the channels to average, None for all."""

    def __init__(self, chosen: tuple[int, ...] | None = None):
        self.chosen = chosen
        self._windows: dict[int, list[np.ndarray]] = {}
        self._sum, self._count = np.zeros(0), 0

    def mono(self, block: np.ndarray, sample_rate: int) -> np.ndarray:
        """The mono samples (S,) float32 of a block (S, C)."""
        channels = block.shape[1]
        if channels == 1:
            return block[:, 0]
        with np.errstate(over="ignore", invalid="ignore"):  # what is no number is named where the whole recording is checked
            if self.chosen and max(self.chosen) < channels:
                return block[:, list(self.chosen)].mean(axis=1, dtype=np.float32)
            mean = block.mean(axis=1, dtype=np.float32)
        if not self.chosen:
            self._measure(block, mean, sample_rate)
        return mean

    def better(self) -> tuple[int, ...] | None:
        """The channels to average in place of all, counted from 0, once everything was read; None where the mean of all is right."""
        if not self._windows:
            return None
        power = np.stack(max(self._windows.values(), key=len))
        channels, mean = power[:, :-1], power[:, -1]
        strongest = channels.max(1)
        sounding = strongest > QUIET * strongest.max()
        cancelling = mean * channels.shape[1] ** 2 < CANCELS * channels.sum(1)
        total = channels.sum(0)
        if np.count_nonzero(sounding & cancelling) > OFTEN * np.count_nonzero(sounding):
            return (int(total.argmax()),)
        own = np.flatnonzero(total > SILENT * total.max())
        if mean.sum() < FAINT * total.max() and 0 < len(own) < len(total):
            return tuple(map(int, own))
        return None

    def _measure(self, block: np.ndarray, mean: np.ndarray, sample_rate: int) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            power = np.append(np.einsum("sc,sc->c", block, block, dtype=np.float64), np.dot(mean, mean))
        if len(self._sum) != len(power):
            self._sum, self._count = np.zeros(len(power)), 0
        self._sum, self._count = self._sum + power, self._count + len(mean)
        windows = self._windows.setdefault(block.shape[1], [])
        if self._count >= WINDOW * sample_rate or not windows:
            windows.append(self._sum)
            self._sum, self._count = np.zeros(len(power)), 0
