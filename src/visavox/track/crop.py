"""`Crop`, a turned square in a picture, and `cut_out`, the small picture that a network sees of it."""

from dataclasses import dataclass

import numpy as np

from visavox.render.compiled import compiled

MOST_SAMPLES = 4  # along each side of a pixel that is drawn: a picture much larger than the crop is averaged, not skipped over


@dataclass(frozen=True)
class Crop:
    """A square of `side` pixels around `middle` (x, y), turned by `roll` radians (clockwise as seen)."""

    middle: tuple[float, float]
    side: float
    roll: float = 0.0

    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """The square's own directions to the right and down, (2,) each, in the picture."""
        cosine, sine = np.cos(self.roll), np.sin(self.roll)
        return np.array([cosine, sine]), np.array([-sine, cosine])

    def to_picture(self, points: np.ndarray, size: int) -> np.ndarray:
        """Points (N, 2) or (N, 3) of a cut-out of `size` pixels as pixels of the picture; z is scaled alike."""
        across, down = self.axes()
        unit = self.side / size
        offset = (points[:, :2] - size / 2) * unit
        placed = np.array(self.middle) + offset[:, :1] * across + offset[:, 1:2] * down
        return np.concatenate([placed, points[:, 2:] * unit], axis=1)


def cut_out(image: np.ndarray, crop: Crop, size: int, repeat_edge: bool = True) -> np.ndarray:
    """The square `crop` of `image` (H, W, 3) uint8 at `size` pixels: (size, size, 3) float32, 0 to 255.

    Beyond the picture is its edge where `repeat_edge`, else black. The picture may lie in memory in any way.
    """
    image = np.ascontiguousarray(image)
    across, down = crop.axes()
    unit = crop.side / size
    corner = np.array(crop.middle) - (across + down) * crop.side / 2
    out = np.empty((size, size, 3), np.float32)
    samples = int(min(max(round(unit), 1), MOST_SAMPLES))
    _sample(image, np.stack([corner, across * unit, down * unit]), samples, repeat_edge, out)
    return out


@compiled
def _sample(image, place, samples, repeat_edge, out):
    """Each pixel of `out`: the mean of `samples` squared readings between the picture's pixels, around where `place` puts it: the first
    pixel, and the steps to the right and down, (3, 2).
    """
    height, width, size = image.shape[0], image.shape[1], out.shape[0]
    share = 1.0 / (samples * samples)
    for index in range(size * size):
        row, column = index // size, index % size
        red = green = blue = 0.0
        for part in range(samples * samples):
            u = column + (part % samples + 0.5) / samples - 0.5
            v = row + (part // samples + 0.5) / samples - 0.5
            x = place[0, 0] + u * place[1, 0] + v * place[2, 0]
            y = place[0, 1] + u * place[1, 1] + v * place[2, 1]
            if not repeat_edge and (x < 0 or y < 0 or x > width - 1 or y > height - 1):
                continue
            x = min(max(x, 0.0), width - 1.0)
            y = min(max(y, 0.0), height - 1.0)
            left, top = int(x), int(y)
            right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
            a, b = x - left, y - top
            p, q, r, s = (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b
            red += p * image[top, left, 0] + q * image[top, right, 0] + r * image[bottom, left, 0] + s * image[bottom, right, 0]
            green += p * image[top, left, 1] + q * image[top, right, 1] + r * image[bottom, left, 1] + s * image[bottom, right, 1]
            blue += p * image[top, left, 2] + q * image[top, right, 2] + r * image[bottom, left, 2] + s * image[bottom, right, 2]
        out[row, column, 0], out[row, column, 1], out[row, column, 2] = red * share, green * share, blue * share
