"""The moving picture of the README: a few seconds of the bundled recording on two faces, in two styles: python -m tools.moving_picture"""

import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image

from visavox import Head, Identity, built_in_style, load, read_audio
from visavox.io.assets import demo_recording
from visavox.render import Camera, render

FACES = (("neutral", "neutral"), ("old_m", "lively"))  # identity and style
SECONDS, SIZE, FPS, CLOSER, QUALITY = 5.0, 320, 12.5, 0.86, 72
DOCS = Path(__file__).resolve().parents[1] / "docs"


def main(folder: Path = DOCS) -> None:
    """Writes speaking.webp into `folder`."""
    head, audio, animator = Head.default(), read_audio(demo_recording()), load()
    audio = audio.between(0, min(SECONDS, audio.seconds))
    columns = []
    for who, style in FACES:
        identity = Identity(who)
        camera = Camera.portrait(head, identity, SIZE)
        motion = animator.animate(audio, built_in_style(style), seed=0)
        shown = replace(motion, values=motion.values[:: round(motion.fps / FPS)])
        columns.append([Image.fromarray(each) for each in render(shown, head, replace(camera, view=CLOSER * camera.view), identity)])
    frames = []
    for row in zip(*columns, strict=True):
        frame = Image.new("RGB", (SIZE * len(row), SIZE))
        for column, picture in enumerate(row):
            frame.paste(picture, (SIZE * column, 0))
        frames.append(frame)
    path = folder / "speaking.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=round(1000 / FPS), loop=0, quality=QUALITY, method=6)
    print(f"wrote {path.name}: {len(frames)} frames, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
