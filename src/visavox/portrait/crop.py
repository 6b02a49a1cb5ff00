"""Which part of a photo is drawn, and at which size: the head with its air, square, or the whole photo."""

import numpy as np
from scipy import sparse

from visavox.portrait.landmarks import Landmarks

AIR, LOWER = 2.3, 0.02  # heights of the face across the square; how far below its middle the square lies
LANCZOS = 3  # lobes of the filter that enlarges


def head_square(landmarks: Landmarks, size: tuple[int, int]) -> tuple[int, int, int]:
    """The left, the top and the side, in pixels, of the square round the head in a photo of `size` (height, width)."""
    oval, (height, width) = landmarks.oval, size
    low, high = oval.min(0), oval.max(0)
    half = min(AIR * (high[1] - low[1]) / 2, height / 2, width / 2)
    middle = (low + high) / 2 + (0, LOWER * (high[1] - low[1]))
    left, top = np.round(np.clip(middle, half, np.array([width, height]) - half) - half).astype(int)
    return int(left), int(top), min(int(2 * half), width - int(left), height - int(top))


def cropped(photo: np.ndarray, landmarks: Landmarks, size: int) -> tuple[np.ndarray, Landmarks]:
    """The head in `photo` (H, W, 3) as a picture of `size` by `size` pixels, and its landmarks there."""
    left, top, side = head_square(landmarks, photo.shape[:2])
    return resized(photo[top : top + side, left : left + side], (size, size)), landmarks.moved(np.array([left, top]), size / side)


def resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture (H, W, k) uint8 at `size` (height, width): means of areas where it shrinks, Lanczos' filter where it grows."""
    if picture.shape[:2] == tuple(size):
        return np.ascontiguousarray(picture)
    rows, columns = (_resampling(old, new) for old, new in zip(picture.shape[:2], size, strict=True))
    tall = rows @ picture.reshape(len(picture), -1).astype(np.float32)
    wide = tall.reshape(size[0], picture.shape[1], -1).transpose(1, 0, 2).reshape(picture.shape[1], -1)
    done = (columns @ wide).reshape(size[1], size[0], -1).transpose(1, 0, 2)
    return np.ascontiguousarray(np.uint8(np.clip(np.rint(done), 0, 255)))


def _resampling(old: int, new: int) -> sparse.csr_matrix:
    """The matrix (new, old) that resamples a row of `old` pixels."""
    scale = old / new
    reach = LANCZOS if scale < 1 else scale / 2 + 1
    middles = (np.arange(new) + 0.5) * scale - 0.5
    first = np.floor(middles - reach).astype(int)
    columns = first[:, None] + np.arange(int(2 * reach) + 2)
    away = columns - middles[:, None]
    if scale < 1:
        weights = np.where(np.abs(away) < LANCZOS, np.sinc(away) * np.sinc(away / LANCZOS), 0)
    else:
        weights = np.clip(np.minimum(away + 0.5, scale / 2) - np.maximum(away - 0.5, -scale / 2), 0, None)
    weights /= weights.sum(1, keepdims=True)
    rows = np.repeat(np.arange(new), columns.shape[1])
    matrix = sparse.coo_matrix((weights.ravel(), (rows, np.clip(columns, 0, old - 1).ravel())), shape=(new, old))
    return matrix.astype(np.float32).tocsr()
