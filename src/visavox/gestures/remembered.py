"""What the gestures of a live voice share: a memory of plain values that can be saved, frames given at once, and running statistics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.side_by_side import each_alone
from visavox.motion import Motion


@dataclass
class Remembered:
    """The state of a live gesture: its take, and its `memory`, a dataclass of numbers, lists and arrays."""

    take: Take
    memory: object


class Live:
    """A gesture that gives each frame at once, from what was so far, of one voice or of several of one style side by side (see
    `gestures.side_by_side`). `show(voices, piece)` gives the piece's frames, changed, and moves the memory of each on, which begins as
    `fresh(take)`."""

    def __init__(self, name: str, fresh: Callable[[Take], object], show: Callable[[Sequence[Remembered], Piece], Motion]):
        self.name, self.fresh, self.show = name, fresh, show

    def delay(self, fps: float) -> int:
        """No frame waits for another."""
        return 0

    def start(self, take: Take) -> Remembered:
        """A take of which nothing was shown."""
        return Remembered(take, self.fresh(take))

    def step(self, state: Remembered, piece: Piece) -> Motion:
        """The piece's frames, changed."""
        return self.show([state], piece)

    def step_all(self, states: Sequence[Remembered], piece: Piece) -> Motion:
        """The frames of voices of one style side by side, changed."""
        return self.show(states, piece)


def one_by_one(show: Callable[[Take, object, Piece], Motion]) -> Callable[[Sequence[Remembered], Piece], Motion]:
    """A `show` of several voices that shows each by itself, by its take and its memory."""

    def all_of_them(voices: Sequence[Remembered], piece: Piece) -> Motion:
        made = [show(each.take, each.memory, alone) for each, alone in zip(voices, each_alone(piece, len(voices)), strict=True)]
        return made[0] if len(made) == 1 else replace(made[0], values=np.concatenate([motion.values for motion in made]))

    return all_of_them


class Drawn:
    """So many standard normal numbers of one frame, drawn when the first of them is asked for: few frames need any."""

    def __init__(self, take: Take, frame: int, count: int):
        self._asked, self._numbers = (take.chance, frame, count), None

    def __getitem__(self, place: int) -> float:
        if self._numbers is None:
            chance, frame, count = self._asked
            self._numbers = chance.frames(frame, (1, count))[0].tolist()
        return self._numbers[place]


@dataclass
class RunningMean:
    """The `mean` and `variance` of what was so far, as if a usual one had weighed `weight` frames before; at most `longest` count."""

    mean: float
    variance: float
    weight: float
    longest: float

    def add(self, value: float) -> None:
        """Takes in one frame."""
        self.weight = min(self.weight + 1, self.longest)
        share, away = 1 / self.weight, value - self.mean
        self.mean += share * away
        self.variance = (1 - share) * (self.variance + share * away * away)

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        return max(self.variance, 0.0) ** 0.5


@dataclass
class RunningQuantiles:
    """Quantiles of what was so far: weights (N,) of values between `low` and `high`, which are forgotten by the factor `keep` a frame."""

    weights: np.ndarray
    low: float
    high: float
    keep: float

    @staticmethod
    def usual(values: np.ndarray, weight: float, bounds: tuple[float, float, int], longest: float) -> "RunningQuantiles":
        """As if `values` (M,) had been before, which weigh `weight` frames together; `bounds` are low, high and the number of steps."""
        low, high, size = bounds
        quantiles = RunningQuantiles(np.zeros(size, np.float32), low, high, 1 - 1 / longest)
        for value in values:
            quantiles.add(float(value), weight / len(values))
        return quantiles

    def add(self, value: float, weight: float = 1.0) -> None:
        """Takes in one frame."""
        size = self.weights.size
        step = (value - self.low) / (self.high - self.low) * size
        self.weights *= self.keep
        self.weights[min(max(int(step), 0), size - 1)] += weight

    def at(self, *shares: float) -> list[float]:
        """The values under which so large `shares` of the weight lie."""
        sums, found = np.cumsum(self.weights), []
        for share in shares:
            wanted = share * sums[-1]
            place = int(np.searchsorted(sums, wanted))
            before = sums[place - 1] if place else 0.0
            inside = (wanted - before) / max(float(self.weights[place]), 1e-12)
            found.append(float(self.low + (self.high - self.low) * (place + min(inside, 1.0)) / self.weights.size))
        return found
