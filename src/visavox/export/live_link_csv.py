"""Live Link Face CSV: the 63 columns that Epic's capture app writes and Unreal Engine, Blender and Maya tools import.

Facts about the format, checked against public captures of the app:
- after `Timecode,BlendshapeCount` (always 61) come the ARKit shapes in Apple's order, but JawRight before JawLeft and
  MouthRight before MouthLeft; then head and eye rotations;
- `HH:MM:SS:FF.sss` counts frames on a base of 60 whatever the rate; `.sss` are thousandths of such a frame, not ms;
- rotations are radians in the app's files; some importers expect degrees, hence the option;
- signs are Unreal's: yaw > 0 turns to the face's own right, pitch > 0 looks down, roll > 0 tilts to the face's own left
  shoulder. That is so of head and eyes alike (the app treats the three transforms the same way). So of our head
  channels only headYaw changes its sign;
- eye angles follow the look channels by `GAZE_ANGLES`, so that both say the same as our own head shows.
"""

from pathlib import Path

import numpy as np

from visavox.export.accompaniment import Accompaniment
from visavox.export.required_shapes import need_shapes
from visavox.io.atomic import check_suffix, replacing
from visavox.motion import Motion
from visavox.rigs.arkit import GAZE_ANGLES, SHAPES

SWAPPED = {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight", "mouthRight": "mouthLeft"}
SHAPE_COLUMNS = tuple(SWAPPED.get(name, name) for name in SHAPES)
ROTATED, AXES = ("Head", "LeftEye", "RightEye"), ("Yaw", "Pitch", "Roll")
ROTATION_COLUMNS = tuple(part + axis for part in ROTATED for axis in AXES)
HEADER = ("Timecode", "BlendshapeCount", *(name[0].upper() + name[1:] for name in SHAPE_COLUMNS), *ROTATION_COLUMNS)
TIMECODE_BASE = 60
DAY = 24 * 3600 * TIMECODE_BASE * 1000  # thousandths of a timecode frame


def write_live_link_csv(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes one row per frame at the motion's fps. Shapes that the rig lacks are 0.

    The format has no place for sound, identity or provenance. Raises a RigError when the rig has no ARKit shape at all.
    """
    need_shapes(motion, "a Live Link Face file")
    check_suffix(path, (".csv",), "the Live Link Face file")
    shapes = [_channel(motion, name) for name in SHAPE_COLUMNS]
    rotations = live_link_rotations(motion)
    rows = np.concatenate([np.stack(shapes, axis=1), np.degrees(rotations) if accompaniment.degrees else rotations], axis=1)
    rows += 0.0  # turns -0.0 into 0.0
    template = ",".join(["%.10f"] * rows.shape[1])
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(",".join(HEADER) + "\n")
        for frame, row in enumerate(rows):
            file.write(f"{timecode(frame, motion.fps)},{rows.shape[1]},{template % tuple(row)}\n")


def timecode(frame: int, fps: float) -> str:
    """The timecode `HH:MM:SS:FF.sss` at which frame number `frame` begins; it starts again after 24 hours."""
    thousandths = round(frame * TIMECODE_BASE * 1000 / fps) % DAY
    frames, thousandths = divmod(thousandths, 1000)
    seconds, frames = divmod(frames, TIMECODE_BASE)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}:{frames:02d}.{thousandths:03d}"


def _channel(motion: Motion, name: str) -> np.ndarray:
    """One channel (T,) float64, so that ten digits are exact; zero when the rig lacks it."""
    return motion.channel(name).astype(np.float64) if name in motion.rig else np.zeros(motion.frames)


def live_link_rotations(motion: Motion) -> np.ndarray:
    """The rotations (T, 9) of ROTATION_COLUMNS in radians and the app's signs; the eyes do not roll."""
    head = [-_channel(motion, "headYaw"), _channel(motion, "headPitch"), _channel(motion, "headRoll")]
    return np.stack(head + _eye(motion, "Left", 1) + _eye(motion, "Right", -1), axis=1)


def _eye(motion: Motion, side: str, inwards: int) -> list[np.ndarray]:
    """Yaw, pitch and roll (T,) of one eye; `inwards` is the sign of the yaw that looks towards the nose."""
    angle = {way: radians * _channel(motion, f"eyeLook{way}{side}") for way, radians in GAZE_ANGLES.items()}
    yaw = inwards * (angle["In"] - angle["Out"])
    return [yaw, angle["Down"] - angle["Up"], np.zeros_like(yaw)]
