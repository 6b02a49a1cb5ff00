"""The table of looks: what each preset looks like apart from its shape. Colours are linear light reflected: red, green, blue."""

from dataclasses import dataclass, fields

import numpy as np

FAIR, LIGHT, TAN, BROWN = (0.555, 0.35, 0.262), (0.525, 0.34, 0.24), (0.47, 0.285, 0.195), (0.17, 0.083, 0.05)
BLACK, DARK, CHESTNUT = (0.012, 0.01, 0.009), (0.035, 0.02, 0.013), (0.085, 0.04, 0.022)
BLOND, ASH = (0.23, 0.14, 0.07), (0.11, 0.075, 0.05)
BROWN_EYE, DARK_EYE, HAZEL = (0.13, 0.06, 0.025), (0.06, 0.028, 0.014), (0.17, 0.11, 0.045)
BLUE_EYE, GREEN_EYE = (0.115, 0.165, 0.225), (0.12, 0.145, 0.085)
NAVY, SAND, WINE = (0.045, 0.075, 0.13), (0.38, 0.31, 0.22), (0.14, 0.028, 0.035)
MOSS, SLATE, TEAL = (0.07, 0.095, 0.05), (0.11, 0.12, 0.135), (0.02, 0.1, 0.11)
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """One look. `style` of hair and kind of `brow` by name; from `brow_weight` on, amounts from 0 to about 1: `mottle` and
    `spots` of the skin, `pores`, beard `stubble`, share of `grey` hair, darkness of `lashes`, `shine` of the skin."""

    skin: Colour
    lips: Colour
    hair: Colour
    brow_colour: Colour
    iris: Colour
    shirt: Colour
    style: str
    brow: str
    brow_weight: float
    blush: float
    mottle: float
    pores: float
    lashes: float
    shine: float
    stubble: float = 0.0
    grey: float = 0.0
    spots: float = 0.0


LOOKS = {
    "neutral": Look(
        skin=TAN, lips=(0.345, 0.142, 0.117), hair=DARK, brow_colour=(0.018, 0.0105, 0.007), iris=BROWN_EYE, shirt=NAVY,
        style="short", brow="brow_full", brow_weight=0.9, blush=0.8, mottle=0.2, pores=0.3, lashes=0.65, shine=0.85,
        stubble=0.15,
    ),
    "female": Look(
        skin=FAIR, lips=(0.43, 0.112, 0.112), hair=CHESTNUT, brow_colour=(0.04, 0.018, 0.010), iris=GREEN_EYE, shirt=TEAL,
        style="bob", brow="brow_soft", brow_weight=0.9, blush=1, mottle=0.16, pores=0.22, lashes=0.95, shine=0.85,
    ),
    "male": Look(
        skin=FAIR, lips=(0.40, 0.160, 0.138), hair=DARK, brow_colour=(0.018, 0.0105, 0.007), iris=BLUE_EYE, shirt=SLATE,
        style="short", brow="brow_full", brow_weight=0.92, blush=0.8, mottle=0.24, pores=0.42, lashes=0.5, shine=0.85,
        stubble=0.9,
    ),
    "female_af": Look(
        skin=BROWN, lips=(0.15, 0.052, 0.045), hair=BLACK, brow_colour=BLACK, iris=DARK_EYE, shirt=SAND,
        style="afro", brow="brow_soft", brow_weight=0.95, blush=0.35, mottle=0.18, pores=0.24, lashes=1, shine=0.5,
    ),
    "male_af": Look(
        skin=BROWN, lips=(0.135, 0.056, 0.046), hair=BLACK, brow_colour=BLACK, iris=DARK_EYE, shirt=WINE,
        style="coil", brow="brow_full", brow_weight=0.95, blush=0.3, mottle=0.2, pores=0.4, lashes=0.7, shine=0.48,
        stubble=0.6,
    ),
    "female_as": Look(
        skin=LIGHT, lips=(0.43, 0.116, 0.104), hair=BLACK, brow_colour=(0.018, 0.0105, 0.007), iris=DARK_EYE, shirt=WINE,
        style="bob", brow="brow_soft", brow_weight=0.85, blush=0.7, mottle=0.14, pores=0.2, lashes=0.85, shine=0.85,
    ),
    "male_as": Look(
        skin=LIGHT, lips=(0.38, 0.150, 0.122), hair=BLACK, brow_colour=BLACK, iris=DARK_EYE, shirt=NAVY,
        style="short", brow="brow_full", brow_weight=0.88, blush=0.6, mottle=0.18, pores=0.34, lashes=0.5, shine=0.85,
        stubble=0.35,
    ),
    "old_f": Look(
        skin=(0.52, 0.332, 0.258), lips=(0.385, 0.150, 0.135), hair=ASH, brow_colour=(0.14, 0.11, 0.09), iris=HAZEL, shirt=WINE,
        style="swept", brow="brow_soft", brow_weight=0.7, blush=0.9, mottle=0.34, pores=0.42, lashes=0.6, shine=0.7,
        grey=0.85, spots=0.5,
    ),
    "old_m": Look(
        skin=(0.53, 0.335, 0.255), lips=(0.36, 0.165, 0.14), hair=ASH, brow_colour=(0.17, 0.15, 0.13), iris=BLUE_EYE, shirt=MOSS,
        style="thin", brow="brow_full", brow_weight=0.65, blush=1.0, mottle=0.38, pores=0.5, lashes=0.4, shine=0.75,
        stubble=0.45, grey=0.8, spots=0.45,
    ),
    "child": Look(
        skin=(0.6, 0.395, 0.302), lips=(0.47, 0.160, 0.145), hair=BLOND, brow_colour=(0.16, 0.095, 0.05), iris=BLUE_EYE, shirt=MOSS,
        style="fringe", brow="brow_soft", brow_weight=0.75, blush=0.9, mottle=0.12, pores=0.1, lashes=0.65, shine=0.75,
    ),
    "heavy": Look(
        skin=FAIR, lips=(0.40, 0.145, 0.128), hair=CHESTNUT, brow_colour=(0.04, 0.02, 0.011), iris=HAZEL, shirt=SLATE,
        style="short", brow="brow_full", brow_weight=0.88, blush=1.0, mottle=0.24, pores=0.34, lashes=0.55, shine=0.95,
        stubble=0.45,
    ),
    "thin": Look(
        skin=LIGHT, lips=(0.40, 0.138, 0.120), hair=CHESTNUT, brow_colour=(0.04, 0.02, 0.011), iris=GREEN_EYE, shirt=TEAL,
        style="swept", brow="brow_soft", brow_weight=0.85, blush=0.8, mottle=0.2, pores=0.32, lashes=0.75, shine=0.8,
    ),
}  # fmt: skip


def look_arrays(styles: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The table as arrays `look_<field>` of one row a preset; `look_style` is a position in `styles`."""
    arrays = {"look_names": np.array(list(LOOKS))}
    for field in fields(Look):
        column = [getattr(look, field.name) for look in LOOKS.values()]
        arrays[f"look_{field.name}"] = np.array(column) if field.name in ("style", "brow") else np.array(column, np.float32)
    arrays["look_style"] = np.array([styles.index(look.style) for look in LOOKS.values()], np.uint8)
    return arrays
