"""`python -m tools.bake_head.sheet KIND OUT.png [PRESET ...]`: contact sheets of the baked head, for looking at it.

KIND is `shapes` (each of the 52 at weight 1), `visemes` (the mouth of speech, close up) or `presets` (every face at rest).
"""

import sys
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

TILE = 240  # pixels
# A typical pose of the mouth for each sound; a name without a side stands for both.
VISEMES = {
    "rest": {},
    "M B P": {"jawOpen": 0.06, "mouthClose": 0.06, "mouthPress": 0.35, "mouthRollLower": 0.25, "mouthRollUpper": 0.2},
    "F V": {"jawOpen": 0.07, "mouthRollLower": 0.7, "mouthUpperUp": 0.3, "mouthShrugLower": 0.1},
    "AA": {"jawOpen": 0.5, "mouthLowerDown": 0.2, "mouthUpperUp": 0.15},
    "IY": {"jawOpen": 0.12, "mouthSmile": 0.35, "mouthStretch": 0.4, "mouthLowerDown": 0.35, "mouthUpperUp": 0.25},
    "UW": {"jawOpen": 0.12, "mouthPucker": 0.75, "mouthFunnel": 0.25},
    "OW": {"jawOpen": 0.3, "mouthFunnel": 0.6, "mouthPucker": 0.35},
    "TH": {"jawOpen": 0.16, "tongueOut": 0.5, "mouthLowerDown": 0.2, "mouthUpperUp": 0.15},
    "L": {"jawOpen": 0.26, "tongueOut": 0.25, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1},
    "SH": {"jawOpen": 0.08, "mouthFunnel": 0.6, "mouthPucker": 0.15},
    "S": {"jawOpen": 0.04, "mouthStretch": 0.3, "mouthLowerDown": 0.4, "mouthUpperUp": 0.2},
    "W": {"jawOpen": 0.05, "mouthPucker": 0.95, "mouthFunnel": 0.15},
    "tongue out": {"jawOpen": 0.3, "tongueOut": 1.0},
    "smile": {"mouthSmile": 0.7, "cheekSquint": 0.5, "eyeSquint": 0.3},
}


def motion_of(poses: list[dict]) -> Motion:
    """A motion with one frame for each pose (name -> weight)."""
    values = np.zeros((len(poses), len(ARKIT)), np.float32)
    for row, pose in zip(values, poses, strict=True):
        for name, weight in pose.items():
            for channel in [name] if name in ARKIT else [f"{name}Left", f"{name}Right"]:
                row[ARKIT.index(channel)] = weight
    return Motion(values, 25, ARKIT)


def mouth_camera(head: Head, identity: Identity) -> Camera:
    """A camera that fills the picture with the mouth of `identity`."""
    lips = head.neutral(identity)[head.lip_points[:2]].mean(0)
    return replace(Camera(TILE), position=(0.0, float(lips[1]), 0.95), view=6.2)


def tiles(kind: str, presets: list[str]) -> list[tuple[str, np.ndarray]]:
    """The labelled pictures (TILE, TILE, 3) of a sheet."""
    head = Head.default()
    poses = {"shapes": {name: {name: 1.0} for name in SHAPES}, "visemes": VISEMES, "presets": {"": {}}}[kind]
    made = []
    for preset in presets or (list(head.presets) if kind == "presets" else ["female"]):
        identity = Identity(preset)
        close = kind == "visemes"
        camera = mouth_camera(head, identity) if close else Camera.portrait(head, identity, TILE)
        pictures = render(motion_of(list(poses.values())), head, camera, identity)
        made += [(f"{preset} {name}", picture) for name, picture in zip(poses, pictures, strict=True)]
    return made


def main(kind: str, out: str, *presets: str):
    made = tiles(kind, list(presets))
    columns = 7
    sheet = Image.new("RGB", (columns * TILE, -(-len(made) // columns) * TILE))
    pen = ImageDraw.Draw(sheet)
    for number, (label, picture) in enumerate(made):
        corner = (number % columns * TILE, number // columns * TILE)
        sheet.paste(Image.fromarray(picture), corner)
        pen.text((corner[0] + 4, corner[1] + 3), label, fill=(255, 235, 120))
    sheet.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
