"""A film beside our own head that moves as the face in it was followed: what a person looks at to believe a track."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from visavox.io.video_frames import read_frames
from visavox.motion import Motion
from visavox.render.renderer import Renderer
from visavox.track.crop import Crop, cut_out
from visavox.track.standing import stood


def side_by_side(path: str | Path, turn: int, motion: Motion, renderer: Renderer) -> Iterator[np.ndarray]:
    """The frames (H, 2 H, 3) uint8: the film at the time of each frame of `motion`, whole and as large as the head beside it, after so
    many quarter turns counter-clockwise."""
    height = renderer.size[0]
    _, frames = read_frames(path)
    shown = _at_times(frames, (np.arange(motion.frames) + 0.5) / motion.fps)
    for picture, drawn in zip(shown, renderer.frames(motion), strict=True):
        yield np.concatenate([_fitted(stood(picture, turn), height), drawn], axis=1)


def _at_times(frames: Iterable[tuple[float, np.ndarray]], times: np.ndarray) -> Iterator[np.ndarray]:
    """The frame that is shown at each of the rising `times`; the last one stays."""
    frames = iter(frames)
    _, picture = next(frames)
    coming = next(frames, None)
    for at in times:
        while coming is not None and coming[0] <= at:
            picture, coming = coming[1], next(frames, None)
        yield picture


def _fitted(picture: np.ndarray, size: int) -> np.ndarray:
    """The whole picture in a square of `size` pixels, black beside it."""
    height, width = picture.shape[:2]
    return cut_out(picture, Crop((width / 2, height / 2), max(height, width)), size, repeat_edge=False).astype(np.uint8)
