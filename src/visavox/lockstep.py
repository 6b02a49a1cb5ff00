"""Windows of a recording that go through the diffusion steps together, on all processor cores.

Each window is told, as its context, what the window before looked like one step ago; at the first step it is told nothing. Its neighbour
is nearly finished by then, so that they join as well as when one waits for the other.
Memory grows with the number of windows that are drawn together, not with the recording: the next ones wait for the end of these.

Shapes: N windows, B takes, W window, P context, C channels, D width of the audio features, G guidance branches.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from visavox.diffusion.guidance import combine
from visavox.diffusion.schedule import Schedule
from visavox.engine import Engine
from visavox.models.conditions import Conditions
from visavox.sampling import Sampling, Speaker
from visavox.windows import cut_window, fade_in

CONTINUED = 10  # frames within which a prediction that is off at a known frame comes back to itself
SHORTEST = 20  # frames of a last window, which is no longer than what is left of the recording
BATCH = 2  # windows that are asked in one call: the same for any number of threads, since the last bits depend on it

Run = Callable[[Callable, Iterable], Iterable]  # `map`, or that of a pool of threads


@dataclass(frozen=True)
class Carry:
    """What windows hand to those after them: the last P frames of motion (B, P, C), normalised, and of audio features (P,
    D), None at the start of a recording. Also the number of the first frame that comes.
    """

    context: np.ndarray | None = None
    audio: np.ndarray | None = None
    frame: int = 0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Windows as they were drawn, normalised: motion (B, N * W, C), and each window's own view of its context (N, B, P, C)."""

    motion: np.ndarray
    views: np.ndarray


@dataclass(frozen=True, eq=False)
class Held:
    """Frames that are known: normalised `motion` (N * W, C) of which the frames that are not `free` (N * W,) stay, whatever is drawn
    between them, under the `schedule` of the model.
    """

    motion: np.ndarray
    free: np.ndarray
    schedule: Schedule


@dataclass(frozen=True, eq=False)
class Stretch:
    """What windows are drawn to: audio features (N * W, D), of which the first `valid` frames exist, and frames that are known."""

    features: np.ndarray
    valid: int
    held: Held | None = None


def draw(engine: Engine, speaker: Speaker, carry: Carry, stretch: Stretch, run: Run = map) -> tuple[Drawn, Carry]:
    """The windows of a stretch, and what the next ones need.

    `run` is called once for each diffusion step; it asks for several batches, in any order or at once.
    """
    sizes, takes, features = engine.config.denoiser, len(speaker.noise), stretch.features
    number = len(features) // sizes.window
    windows = [_conditions(engine, speaker, carry, stretch, n) for n in range(number)]
    together = _Together(engine, speaker, windows, run)
    draws = count()

    def noise() -> np.ndarray:
        asked, shape = next(draws), (number * sizes.window, sizes.channels)
        frames = np.stack([each.frames(carry.frame, shape, asked) * speaker.noise_scale for each in speaker.noise])
        return frames.reshape(takes, number, sizes.window, sizes.channels).swapaxes(0, 1)

    start = noise()
    predict = together if stretch.held is None else _in_painted(together, stretch.held, start)
    motion = speaker.sampler.sample(predict, start, noise)
    context, audio, frame = motion[-1, :, -sizes.context :], features[-sizes.context :], carry.frame + number * sizes.window
    whole = motion.swapaxes(0, 1).reshape(takes, number * sizes.window, sizes.channels)
    return Drawn(whole, together.views), Carry(context, audio, frame)


def joined(drawn: Iterable[Drawn], blend: float) -> Iterator[np.ndarray]:
    """Motion (B, T, C) piece by piece, the end of every window blended into the view that the next one has of it.

    A piece leaves once the one after it is drawn.
    """
    made = None
    for piece in drawn:
        context, window = piece.views.shape[2], piece.motion.shape[1] // len(piece.views)
        motion = piece.motion
        for number, view in enumerate(piece.views[1:], 1):
            border = number * window
            end = blend_end(motion[:, border - context : border], view, blend)
            motion = np.concatenate([motion[:, : border - context], end, motion[:, border:]], axis=1)
        if made is not None:
            yield blend_end(made, piece.views[0], blend)
        made = motion
    if made is not None:
        yield made


def blend_end(motion: np.ndarray, view: np.ndarray, blend: float) -> np.ndarray:
    """`motion` (B, T, C) whose last P frames move towards `view` (B, P, C): not at all before them, by the share
    `blend` at the end.
    """
    if not blend:
        return motion
    frames = view.shape[1]
    ramp = blend * fade_in(frames)[:, None].astype(motion.dtype)
    end = motion[:, -frames:] * (1 - ramp) + view * ramp
    return np.concatenate([motion[:, :-frames], end], axis=1)


class _Batch:
    """Consecutive windows that are asked in one call, what they are told, and what the engine has prepared of that."""

    def __init__(self, engine: Engine, speaker: Speaker, windows: list[Conditions]):
        self.engine, self.branches = engine, [term.condition for term in speaker.terms]
        self.size, self.context, self.frames = len(windows), windows[0].context, windows[0].audio.shape[1]
        self.given = _stacked(windows)
        self._prepared, self._follows = None, None

    def __call__(self, noisy: np.ndarray, step: int, context: np.ndarray | None) -> np.ndarray:
        """x0 (G, rows, P + frames, C) of `noisy` (rows, frames, C) after `context` (rows, P, C), or after nothing that is known."""
        follows = context is not None
        if self._follows is not follows:
            given = self.given if follows else replace(self.given, context_audio=None)
            self._prepared, self._follows = self.engine.prepare(given, self.branches), follows
        return self.engine.denoise(noisy, step, self._prepared, context)


class _Together:
    """The guided prediction of x0 of windows (N, B, W, C); remembers what they looked like, and their latest `views` of their contexts
    (N, B, P, C).
    """

    def __init__(self, engine: Engine, speaker: Speaker, windows: list[Conditions], run: Run):
        self.speaker, self.run = speaker, run
        self.batches = [_Batch(engine, speaker, group) for group in _grouped(windows)]
        self.context = engine.config.denoiser.context
        self.views, self._ends = None, None

    def __call__(self, noisy: np.ndarray, step: int) -> np.ndarray:
        first = [0, *np.cumsum([batch.size for batch in self.batches])]
        parts = list(self.run(lambda n: self._ask(self.batches[n], first[n], noisy, step), range(len(self.batches))))
        whole = np.concatenate(parts)
        self.views, x0 = whole[:, :, : self.context], whole[:, :, self.context :]
        self._ends = x0[:, :, -self.context :]
        return x0

    def _ask(self, batch: _Batch, first: int, noisy: np.ndarray, step: int) -> np.ndarray:
        """The whole x0 (n, B, P + W, C) of the n windows of `batch`, of which the first is window number `first`."""
        asked = noisy[first : first + batch.size, :, : batch.frames]
        context = batch.context
        if first and self._ends is not None:
            context = _rows(self._ends[first - 1 : first - 1 + batch.size])
        branches = batch(_rows(asked), step, context)
        whole = _guided(branches, asked.shape[2], self.speaker)
        whole = whole.reshape(*asked.shape[:2], *whole.shape[1:])
        missing = noisy.shape[2] - batch.frames
        return np.pad(whole, ((0, 0), (0, 0), (0, missing), (0, 0))) if missing else whole


def _grouped(windows: list[Conditions]) -> list[list[Conditions]]:
    """Windows that follow one another, as many together as are asked in one call.

    The first is alone, since it has the end of the windows before, or nothing, as its context all along; and the last where it is shorter.
    """
    last = len(windows) - 1
    starts = {0, *range(1, len(windows), BATCH)}
    if windows[last].audio.shape[1] < windows[0].audio.shape[1]:
        starts.add(last)
    borders = [*sorted(starts), len(windows)]
    return [windows[start:end] for start, end in itertools.pairwise(borders)]


def _in_painted(predict: Callable, held: Held, noise: np.ndarray) -> Callable:
    """`predict` of x0 (N, B, W, C) to which, at every step, the known frames are shown as they are under the step's share of `noise`.

    What it predicts of them is wrong by something; beside them its prediction is moved by that, so that it goes on where they end.
    """
    number, takes, window, channels = noise.shape
    known = held.motion.reshape(number, 1, window, channels)
    free = held.free.reshape(number, 1, window, 1)

    def between(noisy: np.ndarray, step: int) -> np.ndarray:
        x0 = predict(np.where(free, noisy, held.schedule.add_noise(known, noise, np.full(number, step))), step)
        whole = x0.swapaxes(0, 1).reshape(takes, number * window, channels)
        whole = _continued(whole, held).reshape(takes, number, window, channels).swapaxes(0, 1)
        return np.where(free, whole, known)

    return between


def _continued(x0: np.ndarray, held: Held) -> np.ndarray:
    """`x0` (B, T, C), moved within CONTINUED frames of a known frame by how far its prediction of that frame is off."""
    moved, off = x0.copy(), held.motion - x0
    borders = np.flatnonzero(np.diff(held.free.astype(int)))  # the last frame before each change
    for border in borders:
        forward = bool(held.free[border + 1])
        known, step = (border, 1) if forward else (border + 1, -1)
        run = _run(held.free, known + step, step)[:CONTINUED]
        moved[:, run] += off[:, known, None] * fade_in(CONTINUED)[::-1][: len(run), None].astype(x0.dtype)
    return moved


def _run(free: np.ndarray, first: int, step: int) -> np.ndarray:
    """The frames from `first` on, in steps of 1 or -1, for as long as they are free."""
    ahead = np.arange(first, len(free) if step > 0 else -1, step)
    known = np.flatnonzero(~free[ahead])
    return ahead[: known[0]] if known.size else ahead


def _guided(branches: np.ndarray, window: int, speaker: Speaker) -> np.ndarray:
    """The prediction (rows, P + W, C) that guidance makes of `branches` (G, rows, P + W, C), its window thresholded."""
    threshold, before = speaker.sampling.threshold, branches.shape[2] - window
    if threshold is not None and threshold.per_branch:
        branches = np.concatenate([branches[:, :, :before], threshold.clamp(branches[:, :, before:])], axis=2)
    x0 = combine(lambda conditions: branches, speaker.terms)
    if threshold is not None and not threshold.per_branch:
        x0 = np.concatenate([x0[:, :before], threshold.clamp(x0[:, before:])], axis=1)
    return x0


def _conditions(engine: Engine, speaker: Speaker, carry: Carry, stretch: Stretch, number: int) -> Conditions:
    """What window `number` of a stretch is told, for each take."""
    sizes, takes, features = engine.config.denoiser, len(speaker.noise), stretch.features
    start, end = number * sizes.window, (number + 1) * sizes.window
    if sizes.hide_padding:  # what does not exist is nothing to the model; published models attend to it
        end = min(end, max(stretch.valid, start + SHORTEST))
    exists = np.arange(start, end) < stretch.valid
    before = carry.audio if not number else features[start - sizes.context : start]
    named = _named(engine, speaker.sampling, carry.frame + start, end - start)
    given = (features[start:end], exists, None, before, speaker.style, speaker.identity)
    each = Conditions(*given, named).map(lambda values: np.broadcast_to(values, (takes, *values.shape)))
    return each if number else replace(each, context=carry.context)


def _named(engine: Engine, sampling: Sampling, first: int, frames: int) -> dict[str, np.ndarray]:
    """The named conditions of the window of so many `frames` that begins with frame `first`."""
    sizes, found = engine.config.denoiser, {}
    for entry in sizes.conditions:
        if entry.name in sampling.conditions:
            values = np.asarray(sampling.conditions[entry.name].values, np.float32)
            found[entry.name] = cut_window(values, first, frames) if entry.per == "frame" else values
    return found


def _stacked(windows: list[Conditions]) -> Conditions:
    """The conditions of several windows as rows of one batch."""
    if len(windows) == 1:
        return windows[0]
    first = windows[0]
    given = {name: [getattr(each, name) for each in windows] for name in vars(first) if name != "named"}
    rows = {name: None if values[0] is None else np.concatenate(values) for name, values in given.items()}
    return Conditions(**rows, named={name: np.concatenate([each.named[name] for each in windows]) for name in first.named})


def _rows(values: np.ndarray) -> np.ndarray:
    """`values` (n, B, ...) as rows (n * B, ...)."""
    return values.reshape(-1, *values.shape[2:])
