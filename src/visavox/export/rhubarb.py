"""Rhubarb mouth cues (.tsv, .xml, .json): contiguous drawings A to H and X with times in hundredths of a second.

The tables of Rhubarb Lip Sync: its .tsv ends with the end time and the rest; its .xml and .json name the sound and its duration.
Games and 2D animation tools that read Rhubarb read these.
"""

import json
from html import escape
from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.io.atomic import write_bytes
from visavox.motion import Motion
from visavox.rigs.visemes import MouthCue, mouth_cues

REST = "X"


def write_rhubarb_tsv(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes one line a cue, `start<TAB>shape`, and a last line with the end. A RigError names the mouth channels that are missing."""
    cues = _in_hundredths(mouth_cues(motion))
    lines = [f"{start}\t{shape}" for start, _, shape in cues] + [f"{cues[-1][1]}\t{REST}"]
    write_bytes(("\n".join(lines) + "\n").encode(), path)


def write_rhubarb_xml(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes `rhubarbResult` with its metadata and mouth cues. A RigError names the mouth channels that are missing."""
    cues = _in_hundredths(mouth_cues(motion))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<rhubarbResult>",
        "  <metadata>",
        f"    <soundFile>{escape(_sound(path), quote=False)}</soundFile>",
        f"    <duration>{cues[-1][1]}</duration>",
        "  </metadata>",
        "  <mouthCues>",
        *(f'    <mouthCue start="{start}" end="{end}">{shape}</mouthCue>' for start, end, shape in cues),
        "  </mouthCues>",
        "</rhubarbResult>",
    ]
    write_bytes(("\n".join(lines) + "\n").encode(), path)


def write_rhubarb_json(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes `metadata` and `mouthCues`. A RigError names the mouth channels that are missing."""
    cues = _in_hundredths(mouth_cues(motion))
    lines = [f'    {{ "start": {start}, "end": {end}, "value": "{shape}" }}' for start, end, shape in cues]
    head = f'{{\n  "metadata": {{\n    "soundFile": {json.dumps(_sound(path))},\n    "duration": {cues[-1][1]}\n  }},\n'
    write_bytes((head + '  "mouthCues": [\n' + ",\n".join(lines) + "\n  ]\n}\n").encode(), path)


def _in_hundredths(cues: list[MouthCue]) -> list[tuple[str, str, str]]:
    """Start, end and shape as the files write them."""
    return [(f"{cue.start:.2f}", f"{cue.end:.2f}", cue.shape) for cue in cues]


def _sound(path: str | Path) -> str:
    return f"{Path(path).stem}.wav"
