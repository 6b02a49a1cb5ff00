"""One recording in several styles, and several takes of one, side by side: python examples/02_styles_and_takes.py [SPEECH [FOLDER]]"""

import sys
from pathlib import Path

import numpy as np

from visavox import Camera, Head, Motion, built_in_style, load, read_audio, write_video
from visavox.io.assets import demo_recording
from visavox.render import render

STYLES = ("calm", "neutral", "emphatic")
SEEDS = (1, 2, 3)


def side_by_side(motions: list[Motion], head: Head) -> list[np.ndarray]:
    """The frames of several motions of one length as one wide picture."""
    camera = Camera.portrait(head, size=192)
    return [np.concatenate(frames, axis=1) for frames in zip(*(render(motion, head, camera) for motion in motions), strict=True)]


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of the video of the styles, `styles.mp4` in `folder`, with `takes.mp4` beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    animator, audio, head = load(), read_audio(speech), Head.default()
    styles = [animator.animate(audio, built_in_style(name), seed=0) for name in STYLES]
    takes = animator.takes(audio, seeds=SEEDS)  # drawn together, which is faster than one by one
    for names, motions in ((STYLES, styles), ([f"seed {seed}" for seed in SEEDS], takes)):
        for name, motion in zip(names, motions, strict=True):
            print(f"{name:>9}: jaw {motion.channel('jawOpen').mean():.3f} on average, head {np.ptp(motion.channel('headPitch')):.3f} rad")
    write_video(side_by_side(styles, head), audio, folder / "styles.mp4", styles[0].fps)
    write_video(side_by_side(takes, head), audio, folder / "takes.mp4", takes[0].fps)
    return folder / "styles.mp4"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
