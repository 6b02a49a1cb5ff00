"""Another face, seen from nearer, as a video and as a still: python examples/04_render.py [SPEECH [FOLDER]]"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox import Camera, Head, Identity, Motion, load, read_audio, write_video
from visavox.io.assets import demo_recording
from visavox.io.atomic import write_bytes
from visavox.io.png import png_bytes
from visavox.render import render


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of the video, `child.mp4` in `folder`, with the picture of its most open mouth beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    audio, head, who = read_audio(speech), Head.default(), Identity("child")
    motion = load().animate(audio, seed=0)

    portrait = Camera.portrait(head, who, size=256)  # head and shoulders
    x, y, away = portrait.position
    near = replace(portrait, position=(x, y - 0.02, away), view=0.6 * portrait.view)  # a longer lens, 2 cm lower: the mouth
    write_video(render(motion, head, near, who), audio, folder / "child.mp4", motion.fps)

    widest = int(np.argmax(motion.channel("jawOpen")))
    moment = Motion(motion.values[widest : widest + 1], motion.fps, motion.rig)
    (still,) = render(moment, head, portrait, who)
    write_bytes(png_bytes(still), folder / "child.png")
    return folder / "child.mp4"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
