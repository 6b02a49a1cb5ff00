"""The inside of a mouth belongs to its photo: the person's own teeth where they show, its light, and edges no sharper than its own."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter
from sitter import landmarks, motion_of, picture, portrait, posed

from visavox.portrait import PortraitRenderer, build
from visavox.portrait.covered import lips_covered
from visavox.portrait.layout import LOWER_LIP, OUTER_LIPS, UPPER_LIP
from visavox.portrait.mouth import GAMMA, light_of, shown_teeth
from visavox.portrait.softness import softness_of
from visavox.render.photo_soft import bell

SMILE = {"jawOpen": 0.13, **{f"mouth{name}{side}": 0.5 for name in ("Smile", "UpperUp", "LowerDown") for side in ("Left", "Right")}}
OPEN = {"jawOpen": 0.45, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3}
SIDE = 384


@cache
def smiling() -> np.ndarray:
    return posed(SMILE, SIDE)


def opened(photo: np.ndarray) -> np.ndarray:
    """What a portrait of the smiling `photo` shows of a mouth that opens."""
    return next(iter(PortraitRenderer(build(photo, landmarks(SMILE, SIDE)), 1).frames(motion_of(OPEN)))).astype(float)


def stained() -> np.ndarray:
    """The smile with its teeth in blue."""
    photo = smiling().astype(float)
    inside = _mouth(SMILE)
    white = (photo.min(2) > 90) & inside
    photo[white] *= (0.75, 0.8, 1.0)
    assert white.sum() > 100
    return np.uint8(photo)


def _mouth(pose) -> np.ndarray:
    """Where the mouth lies (H, W) in the picture."""
    points = landmarks(pose, SIDE).points[[78, 308, 13, 14]]
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    return (x > points[0, 0]) & (x < points[1, 0]) & (y > points[2, 1] - 1) & (y < points[3, 1] + 1)


def test_teeth_that_the_photo_shows_are_the_teeth_that_speak():
    made = build(smiling(), landmarks(SMILE, SIDE))
    assert len(made.parts.mouth.own_light) > 200
    plain, blue = opened(smiling()), opened(stained())
    bluer = (blue - plain)[..., 2] - (blue - plain)[..., 0]
    assert 60 < (bluer > 15).sum() < 0.2 * SIDE**2


def test_a_shut_mouth_shows_no_teeth():
    assert shown_teeth(picture(), landmarks()) is None
    assert len(portrait().parts.mouth.own_light) == 0


def test_lips_shade_the_teeth_at_their_edges():
    renderer = PortraitRenderer(build(smiling(), landmarks(SMILE, SIDE)), 1)
    moment = next(renderer.moments(motion_of(OPEN)))
    own = renderer.painter.parts.mouth
    teeth = moment.positions[own.end - len(own.own_light) : own.end]
    light, low = renderer.painter.off_lips(teeth, moment.positions), own.edges[0].at(moment.positions)[5, 1]
    middle = np.abs(teeth[:, 0]) < 0.01
    assert light[middle & (teeth[:, 1] > low)].max() < 0.3 and light[middle].max() > 0.7


def test_lips_are_no_teeth():
    """A mouth that is open and shows lips, tongue and dark alone has the light of its skin, however red these are."""
    photo = smiling().copy()
    photo[_mouth(SMILE)] = (190, 60, 60)
    assert shown_teeth(photo, landmarks(SMILE, SIDE)) is None
    assert len(build(photo, landmarks(SMILE, SIDE)).parts.mouth.own_light) == 0


def test_teeth_that_look_like_the_lips_are_not_taken():
    """Where lips are as pale and as dark as the teeth, a mouth that opens on these would look shut."""
    photo, points = smiling().copy(), landmarks(SMILE, SIDE).points
    teeth = shown_teeth(photo, landmarks(SMILE, SIDE))
    sheet = Image.new("1", (SIDE, SIDE))
    ImageDraw.Draw(sheet).polygon([tuple(point) for point in points[list(OUTER_LIPS)]], fill=1)
    ImageDraw.Draw(sheet).polygon([tuple(point) for point in points[[*UPPER_LIP, *LOWER_LIP[::-1]]]], fill=0)
    photo[np.asarray(sheet)] = 255 * (0.7 * teeth) ** (1 / GAMMA)
    assert shown_teeth(photo, landmarks(SMILE, SIDE)) is not None
    assert len(build(photo, landmarks(SMILE, SIDE)).parts.mouth.own_light) == 0


def test_teeth_take_the_tint_of_the_light():
    """In a photo under warm light the teeth of a mouth that opens are warmer than under white light."""
    warm = np.uint8(picture() * (1.0, 0.85, 0.7))
    cold_light, warm_light = light_of(picture(), landmarks()), light_of(warm, landmarks())
    assert warm_light[0] / warm_light[2] > 1.2 * cold_light[0] / cold_light[2]


@pytest.mark.parametrize("blur", [1.0, 2.0])
def test_the_softness_of_a_photo_is_that_of_its_sharpest_edges(blur):
    soft = np.uint8(gaussian_filter(smiling().astype(float), (blur, blur, 0)))
    found = softness_of(soft, landmarks(SMILE, SIDE), 1.0)
    assert found == pytest.approx(np.hypot(blur, softness_of(smiling(), landmarks(SMILE, SIDE), 1.0)), rel=0.25)


def test_the_inside_of_a_mouth_is_no_sharper_than_its_photo():
    made = portrait()
    sharp, soft = (
        next(iter(PortraitRenderer(replace(made, parts=replace(made.parts, mouth=mouth)), 1).frames(motion_of(OPEN)))).astype(float)
        for mouth in (replace(made.parts.mouth, softness=each) for each in (0.3, 2.0))
    )
    changed = (sharp != soft).any(2)
    detail = [np.abs(one - gaussian_filter(one, (1, 1, 0)))[changed].mean() for one in (sharp, soft)]
    assert detail[1] < 0.6 * detail[0] and 0 < changed.mean() < 0.1


def test_a_bell_counts_one():
    for width in (0.5, 1.0, 3.0):
        weights = bell(width)
        assert len(weights) >= 2 and weights[0] + 2 * weights[1:].sum() == pytest.approx(1, abs=1e-6)


UNDER_NOSE, BRIDGE = (2, 172, 397), (6, 234, 454)  # points to which a mask reaches: the latter covers the cheeks


@pytest.mark.parametrize("colour", [(120, 160, 200), (235, 235, 235), (20, 20, 22), (60, 140, 90)])
@pytest.mark.parametrize("edge", [UNDER_NOSE, BRIDGE])
def test_what_covers_a_mouth_is_seen_by_its_colour(colour, edge):
    masked = picture().copy()
    points = landmarks().points
    top, (left, right), bottom = points[edge[0], 1], np.sort(points[list(edge[1:]), 0]), points[152, 1]
    masked[int(top) : int(bottom), int(left) : int(right)] = colour
    forehead = points[[151, 9]].astype(int)
    masked[forehead[:, 1].min() - 20 : forehead[:, 1].max() + 20, :, 2] //= 2  # a sitter so pale is hardly redder than white
    assert lips_covered(masked, landmarks())
    assert not lips_covered(picture(), landmarks()) and not lips_covered(smiling(), landmarks(SMILE, SIDE))


def test_a_photo_without_colour_says_nothing_of_a_mask():
    grey = np.repeat(np.uint8(picture().mean(2))[..., None], 3, 2)
    assert not lips_covered(grey, landmarks())


def test_a_photo_without_colour_speaks_without_colour():
    """Neither the inside of the mouth nor the line of the lips is red in a black and white photo."""
    grey = np.repeat(np.uint8(smiling().mean(2))[..., None], 3, 2)
    frame = opened(grey)
    assert (frame[..., 0] == frame[..., 1]).all() and (frame[..., 0] == frame[..., 2]).all()
    assert np.abs(frame - grey).max() > 40
