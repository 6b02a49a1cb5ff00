"""Words that change the picture and not the person: background, light and tone of a photo before it speaks.

`look_of("warm evening light from the left, blurred grey background, slightly vivid")` is a `Look`. What would change the person is refused
by name. Light is reckoned in linear light; the background needs an alpha that says what is background.
"""

import re
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.ndimage import gaussian_filter

from visavox.errors import OptionError
from visavox.gamma import GAMMA
from visavox.portrait.crop import resized

COLOURS = {
    "black": (12, 12, 14), "white": (242, 242, 240), "grey": (128, 130, 134), "blue": (58, 96, 150), "green": (66, 118, 84),
    "red": (150, 54, 52), "yellow": (222, 190, 92), "orange": (214, 132, 64), "purple": (104, 72, 136), "pink": (222, 160, 176),
    "brown": (112, 82, 60), "beige": (214, 198, 172), "teal": (44, 120, 124), "navy": (28, 40, 76),
}  # fmt: skip
SAME = {"gray": "grey", "cold": "cool", "blurry": "blurred", "blur": "blurred", "colourful": "vivid", "colorful": "vivid", "pale": "muted"}
SHADES = {"dark": 0.55, "light": 1.35}
AMOUNTS = {"slightly": 0.5, "softly": 0.5, "very": 1.6, "strongly": 1.6}
WARMTH = {"warm": 1.0, "cool": -1.0, "evening": 0.5, "morning": 0.3, "candle": 1.4, "moon": -1.2, "day": 0.0, "studio": 0.0}
STRENGTH = {"bright": 0.35, "dim": -0.35, "evening": -0.12, "soft": 0.0, "hard": 0.0, "candle": -0.25, "moon": -0.3}
SIDES = {"left": -1.0, "right": 1.0}
TONES = {"vivid": ("colour", 0.35), "muted": ("colour", -0.4), "contrasty": ("contrast", 0.2), "flat": ("contrast", -0.2)}
PERSON = {
    "age": "young younger old older aged age wrinkles child baby",
    "hair": "hair hairstyle bald beard moustache blond blonde brunette curly",
    "clothes": "clothes dress suit tie shirt jacket hat uniform armour jewellery",
    "the face": "smile smiling eyes nose lips makeup make-up glasses face",
    "who it is": "man woman boy girl like as",
}
FILLERS = {"a", "an", "the", "with", "from", "of", "in", "on", "to", "and", "lit", "tone", "tones", "colours", "colors", "picture"}
WARM = np.array([0.16, 0.0, -0.22])  # of red, green and blue light for a warmth of 1
SIDE, BLUR = 0.45, 0.05  # how much of the light a side takes or gives; of the face's width that a background is blurred by
RIM = 0.012  # of the face's width: the rim of the person that may hold the old background
SURE, SOFT, ENOUGH = 0.95, 0.15, 0.1  # alpha of the person alone; how soft the rim beside it may be; how much of the person must be near
SEPIA = np.array([1.07, 0.98, 0.80])
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Background:
    """colour (3,) in sRGB of 0 to 255 or None for the photo's own, blurred or not, and whether the colour is a gradient."""

    colour: tuple[float, ...] | None = None
    blurred: float = 0.0
    gradient: bool = False


@dataclass(frozen=True)
class Look:
    """warmth and strength of the light, side from -1 (left in the picture) to 1; colour and contrast of the tone as changes about 0; grey
    ("", "grey" or "sepia"), and the background, None where it stays.
    """

    warmth: float = 0.0
    strength: float = 0.0
    side: float = 0.0
    colour: float = 0.0
    contrast: float = 0.0
    grey: str = ""
    background: Background | None = None
    words: str = field(default="", compare=False)


def look_of(text: str) -> Look:
    """The look that `text` asks for; an OptionError that names what it cannot do, or a word that it does not know."""
    look = Look(words=" ".join(text.split()))
    for phrase in re.split(r"[,;]|\band\b(?!\s+white)", text.lower()):
        words = [SAME.get(word, word) for word in re.findall(r"[a-z-]+", phrase.replace("black and white", "monochrome"))]
        _refuse_person(words)
        if words:
            look = _background(look, words) if "background" in words else _light_or_tone(look, words)
    if look == Look():
        raise OptionError(f"--look {text!r} asks for nothing; such as 'warm evening light, blurred grey background'")
    return look


def _refuse_person(words: list[str]) -> None:
    for what, named in PERSON.items():
        found = [word for word in words if word in named.split()]
        if found:
            raise OptionError(f"--look cannot change {what} ({found[0]!r}): it changes background, light and tone, and not the person")


def _amount(words: list[str]) -> float:
    return float(np.prod([AMOUNTS[word] for word in words if word in AMOUNTS]))


def _known(words: list[str], *tables) -> None:
    for word in words:
        if word not in FILLERS and word not in AMOUNTS and not any(word in table for table in tables):
            known = sorted({name for table in tables for name in table})
            raise OptionError(f"--look does not know {word!r} there; it knows {', '.join(known)}")


def _background(look: Look, words: list[str]) -> Look:
    _known(words, COLOURS, SHADES, ("background", "blurred", "gradient", "plain"))
    colours = [np.array(COLOURS[word], float) for word in words if word in COLOURS]
    shade = float(np.prod([SHADES[word] for word in words if word in SHADES]))
    colour = tuple(np.clip(np.mean(colours, 0) * shade, 0, 255)) if colours else None
    blurred = _amount(words) if "blurred" in words else 0.0
    if colour is None and not blurred:
        raise OptionError(f"--look {' '.join(words)!r} names no colour and no blur; such as 'blurred background' or 'grey background'")
    return replace(look, background=Background(colour, blurred, "gradient" in words))


def _light_or_tone(look: Look, words: list[str]) -> Look:
    _known(words, WARMTH, STRENGTH, SIDES, TONES, ("light", "daylight", "monochrome", "sepia", "contrast", "high", "low"))
    amount = _amount(words)
    if "monochrome" in words or "sepia" in words:
        return replace(look, grey="sepia" if "sepia" in words else "grey")
    if "contrast" in words:
        return replace(look, contrast=look.contrast + amount * (-0.2 if "low" in words else 0.2))
    for word, (which, change) in TONES.items():
        if word in words:
            look = replace(look, **{which: getattr(look, which) + amount * change})
    warmth = sum(WARMTH.get(word, 0.0) for word in words) * amount
    strength = sum(STRENGTH.get(word, 0.0) for word in words) * amount
    side = sum(SIDES.get(word, 0.0) for word in words) * amount
    return replace(look, warmth=look.warmth + warmth, strength=look.strength + strength, side=look.side + side)


def with_look(
    photo: np.ndarray, alpha: np.ndarray | None, look: Look, face: tuple[float, float], scene: np.ndarray | None = None
) -> np.ndarray:
    """The photo (H, W, 3) uint8 in that look; `face` is the middle and the width of the face across, in pixels; `scene` (H', W', 3) uint8
    is a picture to stand before.

    An OptionError when the background shall change and no `alpha` (H, W) says what it is.
    """
    changed = photo
    if look.background or scene is not None:
        if alpha is None:
            needs = "a photo with an alpha channel (a .png of the person cut out), or --segmenter with a model that finds people"
            raise OptionError(f"the background shall change, and nothing says what that is; give {needs}")
        background = look.background or Background()
        if scene is not None and background.colour is not None:
            raise OptionError("--background and the colour in --look both say what is behind the person; leave one out")
        behind = photo if scene is None else _covering(scene, photo.shape[:2])
        changed = _before(changed, alpha, (background, behind, scene is None), face[1])
    linear = (changed.astype(np.float32) / 255) ** GAMMA
    across = np.clip((np.arange(photo.shape[1]) - face[0]) / max(face[1], 1), -1, 1)
    gain = (1 + look.strength) * (1 + SIDE * look.side * across)[None, :, None] * (1 + WARM * look.warmth)
    linear *= np.clip(gain, 0.05, 4).astype(np.float32)
    toned = np.clip(linear, 0, 1) ** (1 / GAMMA)
    grey = (toned @ LUMINANCE)[..., None]
    toned = grey + (toned - grey) * (0 if look.grey else 1 + look.colour)
    toned = 0.5 + (toned - 0.5) * (1 + look.contrast)
    if look.grey == "sepia":
        toned = toned * SEPIA
    return np.uint8(np.clip(np.rint(toned * 255), 0, 255))


def _covering(scene: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of a picture at `size` (height, width), filled without stretching it."""
    height, width = scene.shape[:2]
    scale = min(height / size[0], width / size[1])
    rows, columns = max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)
    top, left = (height - rows) // 2, (width - columns) // 2
    return resized(scene[top : top + rows, left : left + columns], size)


def _before(photo: np.ndarray, alpha: np.ndarray, background: tuple[Background, np.ndarray, bool], face: float) -> np.ndarray:
    """The person in the photo before another background: how it is, the picture behind, and whether the person stands in that too."""
    background, picture, same = background
    share = (alpha[..., None] / 255).astype(np.float32)
    behind = picture.astype(np.float32)
    if background.blurred:
        reach = max(BLUR * face * background.blurred, 1)
        seen = 1 - share if same else np.ones_like(share)
        outside = gaussian_filter(seen[..., 0], reach)[..., None]
        behind = gaussian_filter(behind * seen, (reach, reach, 0)) / np.maximum(outside, 1e-3)  # the person does not smear into it
    if background.colour is not None:
        colour = np.broadcast_to(np.array(background.colour, np.float32), behind.shape)
        if background.gradient:
            colour = colour * np.linspace(1.25, 0.7, len(photo), dtype=np.float32)[:, None, None]
        behind = 0.5 * behind + 0.5 * colour if background.blurred else colour
    person = photo if same and background.colour is None else _rim_cleared(photo, alpha, face)
    return np.uint8(np.clip(np.rint(person * share + behind * (1 - share)), 0, 255))


def _rim_cleared(photo: np.ndarray, alpha: np.ndarray, face: float) -> np.ndarray:
    """The photo whose half transparent rim of the person, where it has one, shows the colours within, and no more of the old background."""
    reach = max(RIM * face, 0.5)
    share = alpha.astype(np.float32) / 255
    soft = gaussian_filter(4 * share * (1 - share), reach)
    sure = ((share > SURE) & (soft < SOFT)).astype(np.float32)
    near = gaussian_filter(sure, reach)[..., None]
    colour = gaussian_filter(photo * sure[..., None], (reach, reach, 0)) / np.maximum(near, 1e-3)
    within = np.clip(near / ENOUGH, 0, 1) * (1 - sure[..., None])
    return photo + within * (colour - photo)
