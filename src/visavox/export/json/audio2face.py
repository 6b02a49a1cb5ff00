"""Audio2Face JSON (.a2f.json): `facsNames` and `weightMat`, as its importers for Unreal, Maya, Unity and Blender read them.

The format has no place for the head; its three curves and the provenance stand under a key of our own, which importers pass over.
`trackPath` names a .wav of the same name, to be put beside the file.
"""

from pathlib import Path

import numpy as np

from visavox.export.accompaniment import Accompaniment
from visavox.export.json.text import write_json
from visavox.export.required_shapes import arkit_weights
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD, SHAPES


def write_a2f_json(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the 52 weights of every frame at the motion's fps. A RigError when the rig has no ARKit shape at all."""
    weights = arkit_weights(motion, "an Audio2Face file")
    head = {name: np.round(motion.channel(name).astype(float), 7).tolist() for name in HEAD if name in motion.rig}
    fields = {
        "exportFps": motion.fps,
        "trackPath": Path(path).name.lower().removesuffix(".a2f.json") + ".wav",
        "numPoses": len(SHAPES),
        "numFrames": motion.frames,
        "facsNames": list(SHAPES),
        "visavox": {"head_radians": head, "provenance": accompaniment.provenance},
    }
    write_json(fields, path, {"weightMat": weights})
