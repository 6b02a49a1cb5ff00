"""From a recording to a video in seven lines: python examples/01_animate.py [SPEECH [FOLDER]]"""

import sys
from pathlib import Path

from visavox import Head, load, read_audio, write_motion, write_video
from visavox.io.assets import demo_recording
from visavox.render import render


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of the video, `face.mp4` in `folder`, with the motion beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)

    audio = read_audio(speech)
    animator = load()
    motion = animator.animate(audio, seed=0)
    write_motion(motion, folder / "face.npz")
    head = Head.default()
    frames = render(motion, head)
    write_video(frames, audio, folder / "face.mp4", motion.fps)

    return folder / "face.mp4"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
