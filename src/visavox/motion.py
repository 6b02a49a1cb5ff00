"""`Motion`: channel values over time in physical units, the one thing that every consumer takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from visavox.arguments import checked
from visavox.errors import OptionError, RigError, positive
from visavox.provenance import joined
from visavox.rig import Rig
from visavox.windows import fade_in

RATES = "give frames per second such as 24, 25, 30, 50 or 60"


@checked
@dataclass(frozen=True, eq=False)
class Motion:
    """A moving face: `values` (T, C) float32 in the rig's units, at `fps` frames a second, under `rig`.

    `provenance` says how it was made (see `visavox.provenance`); whatever is made of a motion carries it on.
    """

    values: np.ndarray
    fps: float
    rig: Rig
    provenance: dict = field(default_factory=dict)

    def __post_init__(self):
        values = np.ascontiguousarray(self.values, dtype=np.float32)
        if values.ndim != 2 or values.shape[1] != len(self.rig):
            raise RigError(f"motion of shape {values.shape} does not fit rig {self.rig.name!r}: it needs (T, {len(self.rig)})")
        if values.shape[0] == 0:
            raise RigError("motion has zero frames; give at least one")
        if not np.isfinite(values).all():
            frame, channel = np.argwhere(~np.isfinite(values))[0]
            raise RigError(f"motion holds a value that is not a number at frame {frame}, channel {self.rig.names[channel]!r}")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "fps", positive(self.fps, "fps", RATES))

    @property
    def frames(self) -> int:
        """The number of frames T."""
        return self.values.shape[0]

    @property
    def seconds(self) -> float:
        """The duration: T / fps seconds."""
        return self.frames / self.fps

    @checked
    def channel(self, name: str) -> np.ndarray:
        """The values (T,) of one channel by name."""
        return self.values[:, self.rig.index(name)]

    @checked
    def select(self, names: Iterable[str]) -> np.ndarray:
        """The values (T, len(names)) of several channels, in the order of `names`."""
        return self.values[:, self.rig.indices(names)]

    @checked
    def with_channels(self, values: dict[str, np.ndarray]) -> "Motion":
        """A motion in which each named channel is replaced by its (T,) array or constant."""
        changed = self.values.copy()
        for name, value in values.items():
            changed[:, self.rig.index(name)] = value
        return replace(self, values=changed)

    def clamped(self) -> "Motion":
        """The motion with every channel inside its rig's [low, high]."""
        return replace(self, values=np.clip(self.values, *self.rig.limits))

    @checked
    def between(self, start: float, end: float) -> "Motion":
        """The frames whose times lie in [start, end) seconds."""
        first, last = max(round(start * self.fps), 0), min(round(end * self.fps), self.frames)
        return replace(self, values=self.values[first:last])

    @checked
    def join(self, other: "Motion") -> "Motion":
        """This motion followed by `other`; both must share rig and fps."""
        self._check_same(other)
        return replace(self, values=np.concatenate([self.values, other.values]), provenance=joined(self.provenance, other.provenance))

    @checked
    def cross_fade(self, other: "Motion", frames: int) -> "Motion":
        """This motion followed by `other`, the last and first `frames` frames blended with a raised cosine."""
        self._check_same(other)
        if not 0 < frames <= min(self.frames, other.frames):
            raise OptionError(f"cross-fade of {frames} frames does not fit motions of {self.frames} and {other.frames} frames")
        ramp = fade_in(frames)[:, None]
        middle = self.values[-frames:] * (1 - ramp) + other.values[:frames] * ramp
        values = np.concatenate([self.values[:-frames], middle, other.values[frames:]])
        return replace(self, values=values, provenance=joined(self.provenance, other.provenance))

    @checked
    def at_fps(self, fps: float) -> "Motion":
        """The motion resampled to `fps` as `windows.resample_frames` does it: no overshoot, no aliasing, closures and blinks kept.

        29.97 and its like mean the exact NTSC rates (30000 / 1001).
        """
        fps = positive(fps, "fps", RATES)
        from visavox.windows import exact_fps, resample_frames

        if exact_fps(fps) == self.fps:
            return self
        return replace(self, values=resample_frames(self.values, self.fps, exact_fps(fps)), fps=exact_fps(fps))

    def _check_same(self, other: "Motion") -> None:
        if other.rig != self.rig or other.fps != self.fps:
            raise RigError(
                f"motions differ: rig {self.rig.name!r} at {self.fps} fps and rig {other.rig.name!r} at {other.fps} fps; "
                "retarget and resample one of them first"
            )
