"""How soft a photo is: what is drawn into it must not look sharper than the photo itself."""

import numpy as np
from scipy.ndimage import gaussian_filter

from visavox.portrait.landmarks import Landmarks

PROBED, EDGES, SHARPEST = 1.0, 97, 25  # pixels at 512 of a second blur; percentiles of gradients that are edges, and of their widths
SOFTEST, SHARP = 3.0, 0.5  # pixels: at 512 the softest that is drawn, and the least, as every edge needs some against steps


def softness_of(picture: np.ndarray, landmarks: Landmarks, unit: float) -> float:
    """The standard deviation, in pixels, of the bell over which the sharpest edges of the face pass in the `picture` (H, W, 3) uint8.

    A known blur weakens a gradient the less, the softer its edge was.
    Source: Zhuo and Sim 2011, Defocus map estimation from a single image.
    """
    height, width = picture.shape[:2]
    low = np.clip(np.floor(landmarks.points.min(0)).astype(int), 0, (width - 2, height - 2))
    high = np.clip(np.ceil(landmarks.points.max(0)).astype(int), low + 2, (width, height))
    grey = picture[low[1] : high[1], low[0] : high[0]].mean(2, dtype=np.float32)
    steep = np.hypot(*np.gradient(grey))
    blurred = np.hypot(*np.gradient(gaussian_filter(grey, PROBED * unit)))
    edges = steep > np.percentile(steep, EDGES)
    if not edges.any():
        return SHARP
    ratio = steep[edges] / np.maximum(blurred[edges], 1e-3)
    widths = PROBED * unit / np.sqrt(np.maximum(ratio**2 - 1, 1e-3))
    return float(np.clip(np.percentile(widths, SHARPEST), SHARP, SOFTEST * max(unit, SHARP)))
