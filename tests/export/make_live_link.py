"""Writes live_link.csv, the golden file of `test_live_link_csv.py`: `python tests/export/make_live_link.py`.

It states each expected cell by hand from the format's facts, with nothing of Visavox: three frames at 25 fps of a face
that first rests, then speaks and turns, then looks about. The header line is that of the capture app's own files.
"""

from pathlib import Path

HEADER = (
    "Timecode,BlendshapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,"
    "EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,EyeWideRight,"
    "JawForward,JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,MouthSmileLeft,"
    "MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,MouthStretchLeft,MouthStretchRight,"
    "MouthRollLower,MouthRollUpper,MouthShrugLower,MouthShrugUpper,MouthPressLeft,MouthPressRight,MouthLowerDownLeft,"
    "MouthLowerDownRight,MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,BrowOuterUpLeft,"
    "BrowOuterUpRight,CheekPuff,CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,TongueOut,HeadYaw,HeadPitch,"
    "HeadRoll,LeftEyeYaw,LeftEyePitch,LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"
)
REST = ("00:00:00:00.000", {})
SPEAKS = (
    "00:00:00:02.400",  # 40 ms are 2.4 frames of 1/60 s
    {
        "JawOpen": "0.5000000000",
        "JawLeft": "0.2500000000",
        "MouthRight": "0.1250000000",
        "TongueOut": "1.0000000000",
        "HeadYaw": "-0.2500000000",  # a turn to the face's own left
        "HeadPitch": "0.5000000000",  # a nod down
        "HeadRoll": "0.1250000000",  # a tilt to the own left shoulder
    },
)
LOOKS = (
    "00:00:00:04.800",
    {
        "EyeLookOutLeft": "0.5000000000",  # both eyes to the own left, at half of 0.489 rad
        "EyeLookInRight": "0.5000000000",
        "LeftEyeYaw": "-0.2445000000",
        "RightEyeYaw": "-0.2445000000",
        "EyeLookUpLeft": "0.2500000000",  # the left eye up, at a quarter of 0.314 rad
        "LeftEyePitch": "-0.0785000000",
        "EyeLookDownRight": "0.5000000000",  # the right eye down, at half of 0.384 rad
        "RightEyePitch": "0.1920000000",
    },
)


def golden() -> str:
    """The whole file."""
    columns = HEADER.split(",")[2:]
    lines = [HEADER]
    for timecode, cells in (REST, SPEAKS, LOOKS):
        lines.append(",".join([timecode, "61", *(cells.get(name, "0.0000000000") for name in columns)]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("live_link.csv").write_text(golden())
