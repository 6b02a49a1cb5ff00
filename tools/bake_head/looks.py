"""The table of looks: what each preset looks like apart from its shape. Colours are linear light reflected, red green blue."""

import numpy as np

FAIR, LIGHT, TAN, BROWN = (0.60, 0.385, 0.295), (0.56, 0.37, 0.265), (0.47, 0.285, 0.195), (0.170, 0.083, 0.050)
BLACK, DARK, CHESTNUT, BLOND, ASH = (0.012, 0.010, 0.009), (0.035, 0.020, 0.013), (0.085, 0.040, 0.022), (0.23, 0.14, 0.070), (0.11, 0.075, 0.05)
BROWN_EYE, DARK_EYE, BLUE_EYE, GREEN_EYE, HAZEL = (0.13, 0.060, 0.025), (0.060, 0.028, 0.014), (0.115, 0.165, 0.225), (0.12, 0.145, 0.085), (0.17, 0.11, 0.045)
NAVY, SAND, WINE, MOSS, SLATE, TEAL = (0.045, 0.075, 0.13), (0.38, 0.31, 0.22), (0.14, 0.028, 0.035), (0.07, 0.095, 0.05), (0.11, 0.12, 0.135), (0.02, 0.10, 0.11)

# name: skin, lips, hair, brow_colour, iris, shirt | style, brow | brow_weight, blush, mottle, pores, stubble, grey, spots, lashes, shine
LOOKS = {
    "neutral": (TAN, (0.36, 0.150, 0.125), DARK, DARK, BROWN_EYE, NAVY, "short", "brow_full", 0.72, 0.8, 0.20, 0.30, 0.10, 0.0, 0.0, 0.65, 0.85),
    "female": (FAIR, (0.47, 0.165, 0.150), CHESTNUT, (0.06, 0.030, 0.018), GREEN_EYE, TEAL, "bob", "brow_soft", 0.90, 1.0, 0.16, 0.22, 0.0, 0.0, 0.0, 0.95, 0.85),
    "male": (FAIR, (0.42, 0.200, 0.165), DARK, DARK, BLUE_EYE, SLATE, "short", "brow_full", 0.78, 0.9, 0.24, 0.42, 0.60, 0.0, 0.0, 0.5, 0.85),
    "female_af": (BROWN, (0.150, 0.052, 0.045), BLACK, BLACK, DARK_EYE, SAND, "afro", "brow_soft", 0.95, 0.35, 0.18, 0.24, 0.0, 0.0, 0.0, 1.0, 0.62),
    "male_af": (BROWN, (0.135, 0.056, 0.046), BLACK, BLACK, DARK_EYE, WINE, "coil", "brow_full", 0.8, 0.30, 0.20, 0.40, 0.45, 0.0, 0.0, 0.7, 0.6),
    "female_as": (LIGHT, (0.46, 0.165, 0.140), BLACK, DARK, DARK_EYE, WINE, "bob", "brow_soft", 0.85, 0.7, 0.14, 0.20, 0.0, 0.0, 0.0, 0.85, 0.85),
    "male_as": (LIGHT, (0.41, 0.190, 0.150), BLACK, BLACK, DARK_EYE, NAVY, "short", "brow_full", 0.72, 0.6, 0.18, 0.34, 0.20, 0.0, 0.0, 0.5, 0.85),
    "old_f": ((0.56, 0.365, 0.285), (0.40, 0.190, 0.165), ASH, (0.14, 0.11, 0.09), HAZEL, WINE, "swept", "brow_soft", 0.70, 1.2, 0.34, 0.42, 0.0, 0.85, 0.5, 0.6, 0.7),
    "old_m": ((0.53, 0.335, 0.255), (0.37, 0.190, 0.155), ASH, (0.17, 0.15, 0.13), BLUE_EYE, MOSS, "thin", "brow_full", 0.80, 1.4, 0.38, 0.50, 0.45, 0.80, 0.7, 0.4, 0.75),
    "child": ((0.64, 0.430, 0.335), (0.50, 0.215, 0.185), BLOND, (0.16, 0.095, 0.05), BLUE_EYE, MOSS, "fringe", "brow_soft", 0.60, 1.2, 0.12, 0.10, 0.0, 0.0, 0.0, 0.65, 0.75),
    "heavy": (FAIR, (0.42, 0.185, 0.160), CHESTNUT, (0.055, 0.030, 0.018), HAZEL, SLATE, "short", "brow_full", 0.75, 1.3, 0.24, 0.34, 0.30, 0.0, 0.0, 0.55, 0.95),
    "thin": (LIGHT, (0.41, 0.185, 0.150), CHESTNUT, (0.055, 0.030, 0.018), GREEN_EYE, TEAL, "swept", "brow_soft", 0.85, 0.8, 0.20, 0.32, 0.0, 0.0, 0.0, 0.75, 0.8),
}  # fmt: skip
COLOURS = ("skin", "lips", "hair", "brow_colour", "iris", "shirt")
AMOUNTS = ("brow_weight", "blush", "mottle", "pores", "stubble", "grey", "spots", "lashes", "shine")


def look_arrays(styles: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The table as arrays `look_<column>` of one row a preset; `look_style` is a position in `styles`."""
    rows = list(LOOKS.values())
    arrays = {"look_names": np.array(list(LOOKS))}
    for column, key in enumerate(COLOURS):
        arrays[f"look_{key}"] = np.array([row[column] for row in rows], np.float32)
    arrays["look_style"] = np.array([styles.index(row[len(COLOURS)]) for row in rows], np.uint8)
    arrays["look_brow"] = np.array([row[len(COLOURS) + 1] for row in rows])
    for column, key in enumerate(AMOUNTS, len(COLOURS) + 2):
        arrays[f"look_{key}"] = np.array([row[column] for row in rows], np.float32)
    return arrays
