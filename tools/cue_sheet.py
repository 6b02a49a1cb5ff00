"""`python -m tools.cue_sheet OUT.jpg [--identity NAME]`: what each instruction of a cue looks like at its height, as one sheet.

The bundled recording is animated once without a cue and once for each instruction; the frame that differs most from the plain one is
drawn. So the sheet in docs/cues.md shows today's gestures. Needs Pillow.
"""

import argparse

import numpy as np
from PIL import Image, ImageDraw

from visavox import Cue, read_audio
from visavox.cues.grammar import read_instruction
from visavox.io.assets import demo_recording
from visavox.loading import load
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

MOMENTS = ("nod", "nod strongly", "shake", "roll eyes", "blink", "wink left", "wink right")  # instructions that need no span
HELD = (
    *("turn left", "turn right 40 deg", "turn up", "turn down", "tilt left", "tilt right", "lean in", "lean back"),
    *("look at camera", "look left", "look right", "look up", "look down", "look away", "close eyes", "widen eyes", "squint"),
    *("brows up", "brows up left", "brows down", "smile", "smile strongly", "smile left", "frown", "purse lips", "press lips"),
    *("open mouth", "puff cheeks", "wrinkle nose", "bite lip", "tremble lips", "stick out tongue", "sway", "listen", "mouth 0"),
)
FROM, TO, SECONDS = 2.0, 3.2, 4.5  # of the span, and of the recording
COLUMNS, TILE, LABEL, QUALITY = 8, 168, 16, 85


def main(out: str, identity: str):
    audio, animator, head, who = read_audio(demo_recording()).between(0, SECONDS), load(), Head.default(), Identity(identity)
    plain = animator.animate(audio, seed=0)
    middle = round((FROM + TO) / 2 * plain.fps)
    rows = [plain.values[middle]]
    for text in MOMENTS + HELD:
        cue = Cue(FROM, FROM if text in MOMENTS else TO, read_instruction(text))
        moved = animator.animate(audio, seed=0, cues=[cue]).values
        rows.append(moved[np.abs(moved - plain.values).sum(axis=1).argmax() if text in MOMENTS else middle])
    lines = -(-len(rows) // COLUMNS)
    page = Image.new("RGB", (COLUMNS * TILE, lines * (TILE + LABEL)), "white")
    pen = ImageDraw.Draw(page)
    pictures = render(Motion(np.stack(rows), plain.fps, plain.rig), head, Camera.portrait(head, who, TILE), who)
    for i, (text, picture) in enumerate(zip(("none", *MOMENTS, *HELD), pictures, strict=True)):
        x, y = i % COLUMNS * TILE, i // COLUMNS * (TILE + LABEL)
        page.paste(Image.fromarray(picture), (x, y + LABEL))
        pen.text((x + 4, y + 2), text, fill="black")
    page.save(out, quality=QUALITY)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--identity", default="male")
    given = parser.parse_args()
    main(given.out, given.identity)
