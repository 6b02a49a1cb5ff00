"""`Measures`: what a tracker saw of the lips of a filmed face."""

from dataclasses import dataclass

import numpy as np

from visavox.errors import FileError
from visavox.windows import frame_times, resample_frames


@dataclass(frozen=True, eq=False)
class Measures:
    """The lips of a filmed face, from landmarks: `lip_gap` (T,) between the inner lips at the midline and
    `mouth_width` (T,) between the inner corners, both divided by the distance of the outer eye corners; `ok` (T,)
    whether a face was found; `fps`."""

    lip_gap: np.ndarray
    mouth_width: np.ndarray
    ok: np.ndarray
    fps: float

    def __post_init__(self):
        gap, width = (np.asarray(values, np.float32) for values in (self.lip_gap, self.mouth_width))
        ok = np.asarray(self.ok, bool)
        if not gap.shape == width.shape == ok.shape or gap.ndim != 1 or gap.size == 0:
            raise FileError(f"measures of shapes {gap.shape}, {width.shape}, {ok.shape} do not agree; each must be the same (T,)")
        if not (np.isfinite(gap[ok]).all() and np.isfinite(width[ok]).all()):
            raise FileError("measures hold a value that is not a number where ok is true; mark those frames as not ok")
        for name, values in (("lip_gap", gap), ("mouth_width", width), ("ok", ok), ("fps", float(self.fps))):
            object.__setattr__(self, name, values)

    @property
    def frames(self) -> int:
        """The number of frames T."""
        return self.ok.size

    @property
    def times(self) -> np.ndarray:
        """The centres (T,) of the frames in seconds."""
        return frame_times(self.frames, self.fps)

    def at_fps(self, fps: float) -> "Measures":
        """The same measures at `fps`, resampled as motion is; a frame is ok where the nearest one was."""
        if fps == self.fps:
            return self
        known = np.flatnonzero(self.ok)
        lips = np.stack([self.lip_gap, self.mouth_width], 1)
        if known.size:
            lips = np.stack([np.interp(np.arange(self.frames), known, column[known]) for column in lips.T], 1)
        lips = resample_frames(np.nan_to_num(lips), self.fps, fps)
        nearest = np.clip(np.floor(frame_times(len(lips), fps) * self.fps).astype(int), 0, self.frames - 1)
        return Measures(lips[:, 0], lips[:, 1], self.ok[nearest], fps)
