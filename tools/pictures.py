"""`python -m tools.pictures [FOLDER]`: the pictures of the README and the guide, drawn from the demo recording, into docs/.

face.png: four faces in four styles in the middle of speaking; styles.png: each built-in style at the same moments of the same
speech; identities.png: each face at one moment. Everything shown comes out of the packaged model, nothing is posed by hand.
The same checkpoint, styles and assets give the same bytes. Needs Pillow.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from visavox.io.assets import built_in_style, demo_recording, identity_names, style_names
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

DOCS = Path(__file__).parents[1] / "docs"
FACES = (("female", "cheerful"), ("male_af", "lively"), ("old_f", "wry"), ("male_as", "emphatic"))
CLOSER = 0.92  # of the portrait's angle of view
MOMENTS = 5  # columns of styles.png
STYLED = "female"  # the face that shows the styles
STILL = "lively"  # the style of identities.png
PAPER, INK = (250, 250, 248), (40, 42, 46)
GAP, MARGIN, LINE = 6, 96, 26  # pixels between tiles, left of rows for their names, and over columns for theirs


def channels(motion: Motion, *names: str) -> np.ndarray:
    """The greatest (T,) of the channels whose names begin with one of `names`."""
    found = [position for position, name in enumerate(motion.rig.names) if name.startswith(names)]
    return motion.values[:, found].max(1)


def photogenic(motion: Motion) -> int:
    """The frame in the middle of a sound, the mouth well open, with open eyes that look at the viewer."""
    jaw = channels(motion, "jawOpen")
    open_ = 0.7 * np.percentile(jaw, 95)
    away = 3 * np.abs(jaw - open_) / open_ + 2 * channels(motion, "eyeBlink") + channels(motion, "eyeLook")
    return int(np.argmin(away - 0.5 * channels(motion, "mouthSmile") + np.abs(motion.values[:, motion.rig.index("headYaw")])))


def moments(motions: list[Motion], count: int) -> list[int]:
    """In each of `count` equal parts of the speech, the frame with open eyes in which the motions differ most."""
    apart = np.std([motion.values for motion in motions], 0).sum(1)
    shut = np.max([channels(motion, "eyeBlink") for motion in motions], 0)
    score = apart - 3 * shut
    return [int(part[np.argmax(score[part])]) for part in np.array_split(np.arange(len(score)), count)]


def draw(head: Head, motion: Motion, frames: list[int], identity: str, size: int) -> list[Image.Image]:
    """The pictures of `frames` of a motion on a face, a little closer than the portrait."""
    who = Identity(identity)
    shown = Motion(motion.values[frames], motion.fps, motion.rig)
    camera = Camera.portrait(head, who, size)
    camera = replace(camera, view=CLOSER * camera.view)
    return [Image.fromarray(picture) for picture in render(shown, head, camera, who)]


def sheet(rows: list[list[Image.Image]], row_names: tuple[str, ...] = (), column_names: tuple[str, ...] = ()) -> Image.Image:
    """Pictures of one size in rows, with names left of the rows and over the columns where there are any."""
    size = rows[0][0].width
    left, top = MARGIN if row_names else 0, LINE if column_names else 0
    wide, high = (left + max(map(len, rows)) * (size + GAP) - GAP, top + len(rows) * (size + GAP) - GAP)
    page = Image.new("RGB", (wide, high), PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(16)
    for row, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            page.paste(picture, (left + column * (size + GAP), top + row * (size + GAP)))
    for row, name in enumerate(row_names):
        pen.text((left - 10, top + row * (size + GAP) + size // 2), name, INK, font, anchor="rm")
    for column, name in enumerate(column_names):
        pen.text((left + column * (size + GAP) + size // 2, top // 2), name, INK, font, anchor="mm")
    return page


def labelled(picture: Image.Image, name: str) -> Image.Image:
    """The picture with `name` in its lower left corner."""
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(15)
    pen.text((8, picture.height - 8), name, (255, 255, 255), font, anchor="ls", stroke_width=2, stroke_fill=(30, 32, 36))
    return picture


def main(folder: Path = DOCS):
    """Writes the three pictures into `folder`."""
    head, audio, animator = Head.default(), read_audio(demo_recording()), load()
    motions = {name: animator.animate(audio, built_in_style(name), seed=0) for name in style_names()}
    chosen = moments(list(motions.values()), MOMENTS)

    row = [draw(head, motions[style], [photogenic(motions[style])], who, 400)[0] for who, style in FACES]
    styles = [draw(head, motion, chosen, STYLED, 216) for motion in motions.values()]
    seconds = tuple(f"{(frame + 0.5) / motions[STILL].fps:.1f} s" for frame in chosen)
    names = identity_names()
    faces = [labelled(draw(head, motions[STILL], [photogenic(motions[STILL])], name, 256)[0], name) for name in names]

    folder.mkdir(parents=True, exist_ok=True)
    pictures = {
        "face.png": sheet([row]),
        "styles.png": sheet(styles, tuple(motions), seconds),
        "identities.png": sheet([faces[start : start + 6] for start in range(0, len(faces), 6)]),
    }
    for name, picture in pictures.items():
        picture.save(folder / name, optimize=True)
        print(f"wrote {name}: {picture.width} x {picture.height}, {(folder / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
