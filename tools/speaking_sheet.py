"""`python -m tools.speaking_sheet OUT.jpg RECORDING ... [--identity NAME ...]`: faces in the middle of speaking, as one sheet.

A row for each identity and recording, frames evenly over its first seconds, default settings: what anybody sees first. The sheets in
docs/ show three public-domain sentences (shared data: LJ001-0004, Obama_clip2, reagan_clip1) before and after a change of the mouth.
Needs Pillow.
"""

import argparse
from dataclasses import replace

import numpy as np
from PIL import Image

from visavox.audio import Audio
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

SECONDS, COLUMNS, TILE = 5.0, 10, 160  # of each recording; pictures in a row; pixels of each
CLOSER, QUALITY = 0.78, 82  # of the portrait's angle of view; of the JPEG


def row(head: Head, motion: Motion, identity: str) -> np.ndarray:
    """COLUMNS frames of `motion` on a face, side by side (TILE, COLUMNS * TILE, 3)."""
    frames = np.linspace(0, motion.frames - 1, COLUMNS + 2).astype(int)[1:-1]
    shown = Motion(motion.values[frames], motion.fps, motion.rig)
    camera = Camera.portrait(head, Identity(identity), TILE)
    camera = replace(camera, view=CLOSER * camera.view)
    return np.concatenate(list(render(shown, head, camera, Identity(identity))), axis=1)


def main(out: str, recordings: list[str], identities: list[str]):
    animator, head = load(), Head.default()
    rows = []
    for path in recordings:
        audio: Audio = read_audio(path)
        motion = animator.animate(audio.between(0, min(audio.seconds, SECONDS)), seed=0)
        rows += [row(head, motion, identity) for identity in identities]
    Image.fromarray(np.concatenate(rows)).save(out, quality=QUALITY)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--identity", action="append")
    given = parser.parse_args()
    main(given.out, given.recordings, given.identity or ["neutral", "female", "old_m"])
