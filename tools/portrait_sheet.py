"""`python tools/portrait_sheet.py --model face_landmarker.task OUT.jpg PHOTO ...`: one row of poses a photo, of two of our own heads as
photos, of one with glasses drawn before its eyes, of one as a painting, and of two drawings made here.

The picture of docs/portraits.md: what portraits are worth, failures with them. A photo may be followed by its points: `cat.png=cat.toml`.
"""

from argparse import ArgumentParser
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import uniform_filter

from visavox.io.documents import read_text
from visavox.io.photo import Photo, read_photo
from visavox.motion import Motion
from visavox.portrait import PortraitRenderer
from visavox.portrait.finding import detected
from visavox.portrait.points import read_points
from visavox.portrait.sheet import POSES
from visavox.portrait.source import Source
from visavox.render import render
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

SHOWN = ("rest", "aa", "m", "ee", "smile", "blink", "gaze", "yaw left", "pitch up", "roll")
TILE = (120, 136)
OWN = ("female_af", "old_m")  # presets of the default head
DRAWN = 512
INK = (58, 40, 34)
BRUSH = 7  # pixels


def main() -> None:
    """Draws every row and writes the sheet."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("photos", nargs="*")
    parser.add_argument("--model", required=True)
    options = parser.parse_args()
    from visavox.track.landmarker import load_landmarker

    finder = load_landmarker(options.model)
    rows = [row(source_of(name, finder)) for name in options.photos]
    rows += [row(own(preset, finder)) for preset in OWN]
    rows += [row(changed(own(preset, finder), change, finder)) for preset, change in (("old_f", spectacles), ("male_as", oil))]
    rows += [row(drawing(*faces)) for faces in ((cartoon, "cartoon"), (line_drawing, "line drawing"))]
    Image.fromarray(np.concatenate(rows)).save(options.out, quality=76, optimize=True)


def source_of(name: str, finder) -> Source:
    """The source of PHOTO, or of PHOTO=POINTS."""
    file, _, points = name.partition("=")
    photo = read_photo(file)
    if points:
        return Source.of(photo, read_points(read_text(points), points, photo.pixels.shape[:2]))
    return Source.of(photo, detected(photo, finder))


def own(preset: str, finder) -> Source:
    """The default head as `preset`, as its photo."""
    head = Head.default()
    still = Motion(np.zeros((1, len(head.rig)), np.float32), 25, head.rig)
    photo = Photo(next(iter(render(still, head, identity=Identity(preset)))), None, preset, "")
    return Source.of(photo, detected(photo, finder))


def changed(source: Source, change, finder) -> Source:
    """The source with its photo changed, in which its face is found again."""
    photo = Photo(change(source.photo, source.landmarks), None, f"{source.name}, {change.__name__}", "")
    return Source.of(photo, detected(photo, finder))


def spectacles(pixels: np.ndarray, landmarks) -> np.ndarray:
    """The photo with a dark frame before the eyes."""
    image = Image.fromarray(pixels).resize((2 * pixels.shape[1], 2 * pixels.shape[0]), Image.LANCZOS)
    pen, eyes = _Pen(ImageDraw.Draw(image)), landmarks.eyes
    thick = max(round(0.03 * eyes), 1)
    middles = [landmarks.eye(eye).mean(0) + (0, 0.03 * eyes) for eye in range(2)]
    for x, y in middles:
        pen.round(x, y, 0.30 * eyes, 0.21 * eyes, line=INK, width=thick)
    (right, y), (left, _) = sorted(map(tuple, middles))
    rim, low, high = 0.29 * eyes, landmarks.oval[:, 0].min(), landmarks.oval[:, 0].max()
    for start, end in ((right + rim, left - rim), (low, right - rim), (left + rim, high)):
        pen.line([(start, y - 0.04 * eyes), (end, y - 0.04 * eyes)], thick)
    return np.array(image.resize(pixels.shape[1::-1], Image.LANCZOS))


def oil(pixels: np.ndarray, _) -> np.ndarray:
    """The photo as if painted in oil: each pixel is the mean of the commonest of 20 tones within `BRUSH` pixels, on a woven ground."""
    colours, tones = pixels.astype(np.float32), (pixels.mean(2) * 20 / 256).astype(int)
    painted, most = colours.copy(), np.zeros(tones.shape)
    for tone in range(20):
        share = (tones == tone).astype(np.float32)
        count = uniform_filter(share, BRUSH)
        mean = uniform_filter(colours * share[..., None], (BRUSH, BRUSH, 1)) / np.maximum(count, 1e-6)[..., None]
        painted[count > most] = mean[count > most]
        most = np.maximum(most, count)
    y, x = np.mgrid[: len(tones), : tones.shape[1]]
    return np.uint8(np.clip(painted * (1.02, 0.98, 0.88) + 4 * (np.sin(1.9 * x) * np.sin(1.9 * y))[..., None], 0, 255))


def row(source: Source) -> np.ndarray:
    """The photo and its poses side by side."""
    portrait = source.portrait()
    rig = portrait.head.rig
    values = np.zeros((len(SHOWN), len(rig)), np.float32)
    for frame, name in enumerate(SHOWN):
        for channel, value in POSES[name].items():
            values[frame, rig.index(channel)] = value
    left, top, right, bottom = portrait.parts.box
    pictures = [portrait.parts.photo, *PortraitRenderer(portrait).frames(Motion(values, 25, rig))]
    return np.concatenate([_tile(picture[top:bottom, left:right]) for picture in pictures], 1)


def _tile(picture: np.ndarray) -> np.ndarray:
    image = Image.fromarray(np.ascontiguousarray(picture))
    width = round(image.height * TILE[0] / TILE[1])
    start = max((image.width - width) // 2, 0)
    return np.array(image.crop((start, 0, min(start + width, image.width), image.height)).resize(TILE, Image.LANCZOS))


def drawing(draw, name: str) -> Source:
    """One of the drawings with the points that it was drawn by."""
    image = Image.new("RGB", (2 * DRAWN, 2 * DRAWN), (222, 228, 232))
    points = draw(_Pen(ImageDraw.Draw(image)))
    pixels = np.array(image.resize((DRAWN, DRAWN), Image.LANCZOS))
    lines = "\n".join(f"{name} = {list(place)}" for name, place in points.items())
    return Source.of(Photo(pixels, None, name, ""), read_points(f"[points]\n{lines}\n", name, pixels.shape[:2]))


class _Pen:
    """Draws at twice the size, by the middle and the reach of what is round."""

    def __init__(self, draw: ImageDraw.ImageDraw):
        self.draw = draw

    def round(self, x, y, wide, high, fill=None, line=None, width=0) -> None:
        """An ellipse about (x, y)."""
        box = [2 * value for value in (x - wide, y - high, x + wide, y + high)]
        self.draw.ellipse(box, fill=fill, outline=line, width=2 * width)

    def bow(self, x, y, wide, high, start, end, width) -> None:
        """A part of an ellipse as a line."""
        self.draw.arc([2 * value for value in (x - wide, y - high, x + wide, y + high)], start, end, fill=INK, width=2 * width)

    def shape(self, points, fill) -> None:
        """A filled polygon."""
        self.draw.polygon([(2 * x, 2 * y) for x, y in points], fill=fill)

    def line(self, points, width, colour=INK) -> None:
        """A line through points."""
        self.draw.line([(2 * x, 2 * y) for x, y in points], fill=colour, width=2 * width, joint="curve")


def _points(eyes: tuple, nose: tuple, mouth: tuple, face: tuple) -> dict[str, tuple]:
    """The 24 points of a face that is alike on both sides of x = 256."""
    (inner, outer, eye, up, down, brow, iris), (nose_y, wing), (corner, line, top, bottom) = eyes, nose, mouth
    forehead, chin, cheek, jaw = face
    points = {"nose": (256, nose_y), "upper_lip": (256, top), "lip_middle": (256, line), "lower_lip": (256, bottom)}
    points |= {"chin": (256, chin), "forehead": (256, forehead)}
    for side, way in (("left", 1), ("right", -1)):
        middle = 256 + way * (inner + outer) / 2
        points |= {f"eye_inner_{side}": (256 + way * inner, eye), f"eye_outer_{side}": (256 + way * outer, eye)}
        points |= {f"upper_lid_{side}": (middle, eye - up), f"lower_lid_{side}": (middle, eye + down), f"brow_{side}": (middle, brow)}
        points |= {f"nose_wing_{side}": (256 + way * wing, nose_y + 4), f"mouth_corner_{side}": (256 + way * corner, line)}
        points |= {f"cheek_{side}": (256 + way * cheek, eye + 12), f"jaw_{side}": (256 + way * jaw, line)}
        points |= {f"iris_{side}": (middle, eye, iris)}
    return points


def cartoon(pen: _Pen) -> dict[str, tuple]:
    """A face in flat colours with a thick outline."""
    pen.round(256, 560, 190, 150, (196, 84, 74))
    pen.shape([(216, 380), (296, 380), (300, 450), (212, 450)], (226, 178, 138))
    pen.round(256, 222, 158, 178, (86, 54, 36))
    pen.round(256, 252, 134, 164, (246, 206, 168), (120, 74, 52), 3)
    pen.round(256, 112, 122, 48, (86, 54, 36))
    for x in (196, 316):
        pen.round(x, 242, 34, 24, (255, 255, 255), INK, 2)
        pen.round(x, 242, 16, 16, (62, 118, 178))
        pen.round(x, 242, 8, 8, (14, 12, 12))
        pen.bow(x, 242, 35, 25, 190, 350, 5)
        pen.bow(x, 210, 40, 16, 200, 340, 7)
    pen.bow(256, 286, 22, 16, 20, 160, 3)
    pen.shape([(206, 348), (232, 339), (256, 343), (280, 339), (306, 348), (282, 370), (256, 376), (230, 370)], (204, 82, 90))
    pen.line([(206, 348), (232, 353), (256, 355), (280, 353), (306, 348)], 3, (112, 34, 42))
    return _points((26, 94, 242, 25, 24, 196, 16), (292, 24), (50, 355, 343, 376), (126, 414, 132, 92))


def line_drawing(pen: _Pen) -> dict[str, tuple]:
    """A face in ink on paper, with hardly any colour."""
    pen.round(256, 260, 120, 158, (250, 246, 236), INK, 3)
    pen.line([(150, 470), (212, 432), (216, 394)], 3)
    pen.line([(362, 470), (300, 432), (296, 394)], 3)
    for step in range(-6, 7):
        pen.line([(256 + 20 * step, 196 - 0.9 * (36 - step * step)), (256 + 17 * step, 120 - 0.9 * (36 - step * step))], 2)
    for x in (204, 308):
        pen.round(x, 250, 28, 15, (255, 255, 255), INK, 2)
        pen.round(x, 250, 11, 11, (96, 88, 82))
        pen.round(x, 250, 5, 5, INK)
        pen.line([(x - 34, 220), (x, 210), (x + 34, 220)], 4)
    pen.line([(250, 252), (240, 306), (262, 310)], 3)
    pen.shape([(212, 352), (240, 344), (256, 347), (272, 344), (300, 352), (276, 366), (256, 369), (236, 366)], (226, 176, 168))
    pen.line([(208, 352), (238, 354), (256, 356), (274, 354), (304, 352)], 2)
    return _points((24, 80, 250, 15, 15, 212, 11), (302, 20), (46, 355, 346, 369), (140, 418, 116, 84))


if __name__ == "__main__":
    main()
