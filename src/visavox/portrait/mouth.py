"""The inside of the mouth: teeth, gums, tongue and cavity of the default head, in the photo's light."""

import numpy as np

from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, LOWER_LIP, PLAIN_SKIN, UPPER_LIP
from visavox.portrait.planar import depth_inside
from visavox.render.painter import MATTER
from visavox.rigs.heads.default_head import Head

PARTS = ("mouth", "gums", "tongue", "teeth")
LUMINANCE = np.array([0.25, 0.6, 0.15])
GAMMA = 2.2
DIM, BRIGHTEST, LEAST_LIGHT = 0.35, 1.3, 1e-3  # of the light however dark the skin is; its bounds
DARKEST_SKIN = 8.0  # times the light on the darkest skin may be what that skin shows: beyond, it is the photo that is dark
TEETH_SHARE, TEETH_LIGHT = 88, 0.12  # percentile of the light between the lips from which it is teeth, if it is as light as that
MOST_TEETH, LEAST_TEETH = 1.15, 0.2
WHITE, TEETH_TO_EYES = 85, 1.25  # percentile of an eye that is its white; how much lighter teeth are than that, as three open smiles show
LEAST_OF_SKIN = 0.45  # of the light by the skin: eyes may lie in the shadow of brows or glasses
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


def light_of(picture: np.ndarray, landmarks: Landmarks) -> np.ndarray:
    """The light (3,) of the photo on what is in the mouth, 1 for that of the default head: from its teeth, or from its skin."""
    linear = (picture.astype(np.float32) / 255) ** GAMMA
    height, width = picture.shape[:2]
    at = np.clip(landmarks.points[list(PLAIN_SKIN)].astype(int), 0, (width - 1, height - 1))
    skin = np.median(linear[at[:, 1], at[:, 0]], 0) @ LUMINANCE / (np.array(MATTER["skin"][3]) @ LUMINANCE)
    by_skin = np.clip(min(DIM + (1 - DIM) * skin, DARKEST_SKIN * skin), LEAST_LIGHT, BRIGHTEST)
    whites = np.concatenate([_within(linear, landmarks.eye(eye)) for eye in range(len(EYES))])
    by_eyes = TEETH_TO_EYES * np.percentile(whites @ LUMINANCE, WHITE) / (np.array(MATTER["teeth"][3]) @ LUMINANCE)
    by_skin = np.full(3, np.clip(by_eyes, LEAST_OF_SKIN * by_skin, by_skin))
    if landmarks.closed:
        return by_skin
    shown = _within(linear, landmarks.points[[*UPPER_LIP, *LOWER_LIP[::-1]]])
    if len(shown) <= 30:
        return by_skin
    light = shown @ LUMINANCE
    teeth = shown[light >= np.percentile(light, TEETH_SHARE)].mean(0)
    if teeth @ LUMINANCE <= TEETH_LIGHT:
        return by_skin
    return np.clip(teeth / np.array(MATTER["teeth"][3]) / IN_LIGHT, LEAST_TEETH, MOST_TEETH)


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
