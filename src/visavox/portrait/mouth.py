"""The inside of the mouth: teeth, gums, tongue and cavity of the default head, in the photo's light."""

import numpy as np

from visavox.gamma import GAMMA
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, LOWER_LIP, PLAIN_SKIN, UPPER_LIP
from visavox.portrait.planar import depth_inside
from visavox.render.painter import MATTER
from visavox.rigs.heads.default_head import Head

PARTS = ("mouth", "gums", "tongue", "teeth")
LUMINANCE = np.array([0.25, 0.6, 0.15])
DIM, BRIGHTEST, LEAST_LIGHT = 0.35, 1.3, 1e-3  # of the light however dark the skin is; its bounds
DARKEST_SKIN = 8.0  # times the light on the darkest skin may be what that skin shows: beyond, it is the photo that is dark
TEETH_SHARE, TEETH_LIGHT = 88, 0.45  # percentile of the light between the lips from which it may be teeth, if it is so light beside skin
FEW = 30  # pixels between the lips that tell nothing
MOST_TEETH = 1.15
COLOURFUL, GREY_TEETH = 0.3, 0.8  # how much redder than green skin is in colour photos; of its light that teeth have at least in grey ones
WHITE, TEETH_TO_EYES = 85, 1.25  # percentile of an eye that is its white; how much lighter teeth are than that, as three open smiles show
LEAST_OF_SKIN = 0.45  # of the light by the skin: eyes may lie in the shadow of brows or glasses
TINTED = 0.6  # how much of the tint of the eyes' whites is that of teeth
FLESH = np.array([1.36, 0.78, 0.72], np.float32)  # what light within flesh adds to its matter, as our renderer's own heads show it
IN_LIGHT = 0.95  # of the photo's light that its teeth show


def interior(head: Head) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What lies behind the lips: its positions (n,) of the head, triangles (m, 3) over these, colours (n, 3) in linear light, and which
    (n,) are teeth.
    """
    names = np.array(head.groups)[head.face_group]
    triangles = head.position_index[head.faces[np.isin(names, PARTS)]]
    positions = np.unique(triangles)
    index = np.full(len(head.head_weight), -1)
    index[positions] = np.arange(len(positions))
    colour, teeth = np.zeros((len(head.head_weight), 3), np.float32), np.zeros(len(head.head_weight), bool)
    for part in PARTS:
        own = np.unique(head.position_index[head.faces[names == part]])
        colour[own], teeth[own] = np.array(MATTER[part][3]) * (1 if part == "teeth" else FLESH), part == "teeth"
    return positions, index[triangles].astype(np.int32), colour[positions], teeth[positions]


def human(head: Head) -> np.ndarray:
    """Which (m,) of the triangles of `interior` are teeth and gums, as no animal has them."""
    names = np.array(head.groups)[head.face_group]
    return np.isin(names[np.isin(names, PARTS)], ("teeth", "gums"))


def light_of(picture: np.ndarray, landmarks: Landmarks, row: bool = False) -> np.ndarray:
    """The light (3,) of the photo on what is in the mouth, 1 for that of the default head.

    It is read from the teeth where the photo shows a `row` of them. Else it is read from skin and the whites of the eyes, and no tooth
    is darker than the one that may show.
    """
    linear = (picture.astype(np.float32) / 255) ** GAMMA
    skin = _skin(linear, landmarks)
    light = skin @ LUMINANCE / (np.array(MATTER["skin"][3]) @ LUMINANCE)
    by_skin = np.clip(min(DIM + (1 - DIM) * light, DARKEST_SKIN * light), LEAST_LIGHT, BRIGHTEST)
    matter = np.array(MATTER["teeth"][3])
    white = _brightest(_whites(linear, landmarks), WHITE)
    by_eyes = TEETH_TO_EYES * white @ LUMINANCE / (matter @ LUMINANCE)
    tint = (white / matter) ** TINTED
    by_skin = np.clip(by_eyes, LEAST_OF_SKIN * by_skin, by_skin) * tint * (matter @ LUMINANCE) / (matter * tint @ LUMINANCE)
    teeth = shown_teeth(picture, landmarks)
    if teeth is None:
        return by_skin
    by_teeth = np.clip(teeth / matter / IN_LIGHT, LEAST_LIGHT, MOST_TEETH)
    return by_teeth if row else np.maximum(by_teeth, by_skin)


def shown_teeth(picture: np.ndarray, landmarks: Landmarks) -> np.ndarray | None:
    """The linear colour (3,) of the teeth that the photo shows between its lips; None where it shows none.

    Teeth are as light as skin or nearly so, and as little red as the whites of the eyes, where gums, tongue and lips are redder than skin.
    """
    if landmarks.closed:
        return None
    linear = (picture.astype(np.float32) / 255) ** GAMMA
    shown = _within(linear, landmarks.points[[*UPPER_LIP, *LOWER_LIP[::-1]]])
    if len(shown) <= FEW:
        return None
    skin, white, teeth = _skin(linear, landmarks), _brightest(_whites(linear, landmarks), WHITE), _brightest(shown, TEETH_SHARE)
    if colourful(picture, landmarks) == 0:
        return teeth if teeth @ LUMINANCE > GREY_TEETH * (skin @ LUMINANCE) else None
    redness = np.sqrt(_red(skin) * _red(white))
    return teeth if teeth @ LUMINANCE > TEETH_LIGHT * (skin @ LUMINANCE) and _red(teeth) < redness else None


def colourful(picture: np.ndarray, landmarks: Landmarks) -> float:
    """How much of its colour the photo gives to skin, from 0 for a black and white one to 1."""
    skin = _skin((picture.astype(np.float32) / 255) ** GAMMA, landmarks)
    return float(np.clip((_red(skin) - 1) / COLOURFUL, 0, 1))


def coloured(colour: np.ndarray, share: float) -> np.ndarray:
    """The linear colours (n, 3) with a `share` of their saturation."""
    grey = (colour @ LUMINANCE.astype(np.float32))[:, None]
    return grey + np.float32(share) * (colour - grey)


def _skin(linear: np.ndarray, landmarks: Landmarks) -> np.ndarray:
    height, width = linear.shape[:2]
    at = np.clip(landmarks.points[list(PLAIN_SKIN)].astype(int), 0, (width - 1, height - 1))
    return np.median(linear[at[:, 1], at[:, 0]], 0)


def _whites(linear: np.ndarray, landmarks: Landmarks) -> np.ndarray:
    return np.concatenate([_within(linear, landmarks.eye(eye)) for eye in range(len(EYES))])


def _brightest(colours: np.ndarray, share: float) -> np.ndarray:
    """The mean (3,) of the `colours` (n, 3) from a percentile of their light on."""
    light = colours @ LUMINANCE
    return np.maximum(colours[light >= np.percentile(light, share)].mean(0), LEAST_LIGHT)


def _red(colour: np.ndarray) -> float:
    """How much more red than green a colour (3,) is."""
    return float(colour[0] / max(colour[1], LEAST_LIGHT))


def _within(linear: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """The pixels (n, 3) of the photo inside an outline (m, 2); the one in its middle where it is narrower than a pixel."""
    height, width = linear.shape[:2]
    low = np.clip(np.floor(outline.min(0)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(outline.max(0)).astype(int) + 1, low + 1, (width, height))
    x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    points = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], 1)
    inside = depth_inside(outline, points) > 0
    inside[len(inside) // 2] |= not inside.any()
    return linear[y.ravel()[inside], x.ravel()[inside]]
