"""The plate: what would be seen of a photo if nobody stood in it, so that the background stays still while the head moves before it."""

import numpy as np
from scipy.ndimage import gaussian_filter

REACHES = (1.5, 4.0, 10.0, 25.0, 60.0)  # pixels at 512 over which the background is carried into the person, the nearest first
RIM, RIM_SHARE = 2.0, 8.0  # pixels at 512 round the person, of which an eighth counts as the person
ENOUGH = 0.15  # how much background must lie within reach


def plate_of(photo: np.ndarray, alpha: np.ndarray, unit: float) -> np.ndarray:
    """The photo (H, W, 3) uint8 with its background, by `alpha` (H, W), continued behind the person; the photo's bytes elsewhere."""
    person = gaussian_filter(alpha.astype(np.float32) / 255, RIM * unit)
    seen = 1 - np.clip(person * RIM_SHARE, 0, 1)  # the rim of the person, hair and shadow, is no background to be carried on
    plate, known = photo * seen[..., None], seen.copy()
    for reach in REACHES:
        share = gaussian_filter(seen, reach * unit)
        near = gaussian_filter(photo * seen[..., None], (reach * unit, reach * unit, 0)) / np.maximum(share, 1e-4)[..., None]
        added = (1 - known) * np.clip(share / ENOUGH, 0, 1)
        plate += near * added[..., None]
        known += added
    plate += photo * (1 - known)[..., None]  # where no background is within any reach, nothing better is known
    return np.uint8(np.clip(np.rint(plate), 0, 255))
