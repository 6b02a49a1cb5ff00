"""Writes the golden files of the curve formats in golden/: `python tests/export/make_golden.py`.

Every number is stated here by hand from the formats' own documents, with nothing of Visavox: three frames at 60 fps of a face that
rests, then opens its mouth and turns, then closes its lips on a p and looks to its own left.
"""

import json
from pathlib import Path

ARKIT = (
    "eyeBlinkLeft eyeLookDownLeft eyeLookInLeft eyeLookOutLeft eyeLookUpLeft eyeSquintLeft eyeWideLeft eyeBlinkRight eyeLookDownRight "
    "eyeLookInRight eyeLookOutRight eyeLookUpRight eyeSquintRight eyeWideRight jawForward jawLeft jawRight jawOpen mouthClose mouthFunnel "
    "mouthPucker mouthLeft mouthRight mouthSmileLeft mouthSmileRight mouthFrownLeft mouthFrownRight mouthDimpleLeft mouthDimpleRight "
    "mouthStretchLeft mouthStretchRight mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthPressLeft mouthPressRight "
    "mouthLowerDownLeft mouthLowerDownRight mouthUpperUpLeft mouthUpperUpRight browDownLeft browDownRight browInnerUp browOuterUpLeft "
    "browOuterUpRight cheekPuff cheekSquintLeft cheekSquintRight noseSneerLeft noseSneerRight tongueOut"
).split()
HEAD = ["headPitch", "headYaw", "headRoll"]
OPEN = {"jawOpen": 0.44, "mouthLowerDownLeft": 0.24, "mouthLowerDownRight": 0.24, "headYaw": 0.25, "headPitch": 0.125, "headRoll": 0.5}
PRESSED = {
    "jawOpen": 0.07, "mouthClose": 0.07, "mouthPressLeft": 0.14, "mouthPressRight": 0.14, "mouthRollLower": 0.2, "mouthRollUpper": 0.12,
    "eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5,
}  # fmt: skip
FRAMES = [{}, OPEN, PRESSED]
DEGREES = 57.29577951308232
SIDEWAYS = 0.489  # radians at weight 1


def row(names: list[str], frame: dict) -> str:
    return "  [" + ", ".join(json.dumps(float(frame.get(name, 0))) for name in names) + "]"


def rows(names: list[str]) -> str:
    return "[\n" + ",\n".join(row(names, frame) for frame in FRAMES) + "\n ]\n}\n"


def a2f() -> str:
    head = {name: [float(frame.get(name, 0)) for frame in FRAMES] for name in HEAD}
    fields = {
        "exportFps": 60.0, "trackPath": "golden.wav", "numPoses": 52, "numFrames": 3, "facsNames": ARKIT,
        "visavox": {"head_radians": head, "provenance": {"seed": 1}},
    }  # fmt: skip
    return json.dumps(fields, indent=1)[:-2] + ',\n "weightMat": ' + rows(ARKIT)


def arkit() -> str:
    units = ["weight"] * 52 + ["rad"] * 3
    fields = {"fps": 60.0, "rig": "arkit", "channels": ARKIT + HEAD, "units": units, "provenance": {"seed": 1}}
    return json.dumps(fields, indent=1)[:-2] + ',\n "frames": ' + rows(ARKIT + HEAD)


def azure() -> str:
    return '{\n "FrameIndex": 0,\n "BlendShapes": ' + rows([*ARKIT, "headRoll", "leftEyeRoll", "rightEyeRoll"])


def bvh() -> str:
    eye = "OFFSET {} 12.0 8.0\n      CHANNELS 3 Yrotation Xrotation Zrotation\n      End Site\n      {{\n        OFFSET 0.0 0.0 1.2\n      }}\n    }}\n"  # noqa: E501
    text = (
        "HIERARCHY\nROOT Neck\n{\n  OFFSET 0.0 0.0 0.0\n  CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation\n"
        "  JOINT Head\n  {\n    OFFSET 0.0 0.0 0.0\n    CHANNELS 3 Yrotation Xrotation Zrotation\n"
        "    JOINT LeftEye\n    {\n      " + eye.format("3.1") + "    JOINT RightEye\n    {\n      " + eye.format("-3.1") + "  }\n}\n"
        "MOTION\nFrames: 3\nFrame Time: 0.0166666667\n"
    )
    for frame in FRAMES:
        head = [frame.get("headYaw", 0), frame.get("headPitch", 0), -frame.get("headRoll", 0)]
        look = [SIDEWAYS * frame.get("eyeLookOutLeft", 0), 0, 0] + [SIDEWAYS * frame.get("eyeLookInRight", 0), 0, 0]
        text += "0.0 0.0 0.0 0.0 0.0 0.0 " + " ".join(f"{angle * DEGREES + 0.0:.6f}" for angle in head + look) + "\n"
    return text


def golden() -> dict[str, str]:
    """The text of each file by suffix."""
    return {".a2f.json": a2f(), ".arkit.json": arkit(), ".azure.json": azure(), ".bvh": bvh()} | cues()


def cues() -> dict[str, str]:
    """Rhubarb's three tables of one second at 10 fps: 0.4 s of rest, 0.3 s of an open mouth, 0.3 s of closed lips."""
    said = [("0.00", "0.40", "X"), ("0.40", "0.70", "D"), ("0.70", "1.00", "A")]
    tsv = "".join(f"{start}\t{shape}\n" for start, _, shape in said) + "1.00\tX\n"
    xml = '<?xml version="1.0" encoding="utf-8"?>\n<rhubarbResult>\n  <metadata>\n    <soundFile>golden.wav</soundFile>\n'
    xml += "    <duration>1.00</duration>\n  </metadata>\n  <mouthCues>\n"
    xml += "".join(f'    <mouthCue start="{start}" end="{end}">{shape}</mouthCue>\n' for start, end, shape in said)
    xml += "  </mouthCues>\n</rhubarbResult>\n"
    text = '{\n  "metadata": {\n    "soundFile": "golden.wav",\n    "duration": 1.00\n  },\n  "mouthCues": [\n'
    text += ",\n".join(f'    {{ "start": {start}, "end": {end}, "value": "{shape}" }}' for start, end, shape in said) + "\n  ]\n}\n"
    return {".tsv": tsv, ".xml": xml, ".json": text}


if __name__ == "__main__":
    folder = Path(__file__).with_name("golden")
    folder.mkdir(exist_ok=True)
    for suffix, text in golden().items():
        (folder / f"golden{suffix}").write_text(text)
