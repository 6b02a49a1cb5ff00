"""Named curves as plain JSON (.arkit.json): every channel of the rig, one frame a line, for scripts and web pages.

`{"fps": 25.0, "channels": [names], "units": [units], "provenance": {...}, "frames": [[values], ...]}`; frame i lasts from i / fps to
(i + 1) / fps seconds. Weights are 0 to 1, rotations radians (signs as in `visavox.rigs.arkit`).
"""

from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.export.json.text import write_json
from visavox.motion import Motion


def write_arkit_json(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes all channels, whatever the rig."""
    fields = {
        "fps": motion.fps,
        "rig": motion.rig.name,
        "channels": list(motion.rig.names),
        "units": [channel.unit for channel in motion.rig.channels],
        "provenance": accompaniment.provenance,
    }
    write_json(fields, path, {"frames": motion.values})
