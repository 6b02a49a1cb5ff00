"""Oculus-15 visemes (.visemes.json): weights of viseme_sil to viseme_ou a frame, for Oculus and Ready Player Me characters.

`{"fps": 25.0, "channels": ["viseme_sil", ...], "provenance": {...}, "frames": [[15 weights], ...]}`; the weights of a frame sum to 1.
"""

from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.export.json.arkit import write_arkit_json
from visavox.motion import Motion
from visavox.rigs.visemes import viseme_motion


def write_visemes_json(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the mouth as visemes. A RigError names the channels of the mouth that the rig lacks."""
    write_arkit_json(viseme_motion(motion), path, accompaniment)
