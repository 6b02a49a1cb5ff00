"""Takes of Epic's Live Link Face app (and of tools that write its CSV): curves of ARKit shapes and the head, beside their sound.

Facts about the format: `HH:MM:SS:FF.sss` counts frames on a base of 60 whatever the rate, and `.sss` are thousandths of such a frame;
the second column is spelled BlendshapeCount or BlendShapeCount; rotations are radians, yaw positive to the face's own right; a file
NAME_cal.csv holds the take NAME with the performer's neutral face subtracted; columns are known by name, never by place.
"""

import csv
import re
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.data.clip import Clip, common_part
from visavox.data.readers.tracked import find_sound, late_seconds
from visavox.errors import FileError
from visavox.io.audio import read_audio
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES
from visavox.windows import FPS

TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d*)?)")
TIMECODE_BASE = 60
DAY = 24 * 3600
COUNT = "blendshapecount"
HEAD_COLUMNS = {"headPitch": ("headpitch", 1.0), "headYaw": ("headyaw", -1.0), "headRoll": ("headroll", 1.0)}
CALIBRATED = "_cal"
SLACK = 0.25  # of a frame: what timecodes of a steady camera stray
SIGNS_OF_DEGREES = 3.2  # radians: a head turned further than half round


def read_live_link(folder: Path, source: str, licence: str):
    """The clips of all takes in a folder and those below it: NAME.csv, or NAME_cal.csv where there is one, with the sound NAME.*.

    Rig ARKIT at 25 fps; head rotations are about the take's mean; the speaker is the name of the folder. `quality` is the share of
    frames in which the app saw a face. A file whose name ends in "av_offset.json" says how late a sound is, as for tracked faces.
    """
    folder = Path(folder)
    late = late_seconds(folder)
    for name, path in sorted(takes(folder).items()):
        motion, seen = read_live_link_csv(path)
        audio = read_audio(find_sound(path.parent, name))
        audio, motion, _ = common_part(audio, late.get(name, 0.0), rested(motion).at_fps(FPS), None)
        yield Clip(name, audio, folder.name, source, licence, motion=motion, quality=round(float(seen.mean()), 4))


def takes(folder: Path) -> dict[str, Path]:
    """The Live Link files of a folder and those below it by the name of their take, the calibrated one where there are two."""
    found: dict[str, Path] = {}
    for path in sorted(Path(folder).rglob("*.csv")):
        if is_live_link(path):
            name = path.stem.removesuffix(CALIBRATED)
            if name not in found or path.stem.endswith(CALIBRATED):
                found[name] = path
    return found


def is_live_link(path: Path) -> bool:
    """Whether a CSV file begins with the two columns of the format."""
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        return [name.strip().lower() for name in file.readline(200).split(",")[:2]] == ["timecode", COUNT]


def read_live_link_csv(path: Path) -> tuple[Motion, np.ndarray]:
    """The motion (rig ARKIT at the file's own rate, shapes within 0..1) of one file, and for each frame (T,) whether a face was seen.

    The rate comes from the timecodes. Frames that the app dropped, and those without a face (no values, or a count of 0), are filled in
    from their neighbours. Raises a FileError that names the line when the file is not of the format.
    """
    times, rows, ok = _rows(Path(path))
    if ok.sum() < 2:
        raise FileError(f"{path} shows a face in {ok.sum()} frames; at least two are needed: record the take again")
    steps = np.diff(times)
    if (steps <= 0).any():
        line = int(np.argmax(steps <= 0)) + 3
        raise FileError(f"{path}, line {line}: the timecode does not go on from the line before; give the file as the app wrote it")
    step = float(np.median(steps))
    steady = np.abs(steps - step).max() < SLACK * step
    fps = (times.size - 1) / (times[-1] - times[0]) if steady else 1 / step
    grid = times if steady and ok.all() else times[0] + np.arange(round((times[-1] - times[0]) * fps) + 1) / fps
    values = np.stack([np.interp(grid, times[ok], column[ok]) for column in rows.T], 1)
    seen = ok if grid is times else np.abs(grid[:, None] - times[ok][None]).min(1) < 0.75 / fps
    if np.abs(values[:, ARKIT.indices(HEAD)]).max() > SIGNS_OF_DEGREES:
        raise FileError(f"{path} turns the head by more than half a turn; its rotations must be radians: convert them")
    return Motion(values, fps, ARKIT).clamped(), seen


def rested(motion: Motion) -> Motion:
    """The same motion with its mean head rotation undone, as if the camera had stood before the resting face."""
    pitch, yaw, roll = motion.select(HEAD).T
    turns = Rotation.from_euler("YXZ", np.stack([yaw, pitch, -roll], 1))
    yaw, pitch, roll = (turns.mean().inv() * turns).as_euler("YXZ").T
    return motion.with_channels(dict(zip(HEAD, (pitch, yaw, -roll), strict=True)))


def _rows(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times (T,) in seconds, values (T, C) of ARKIT, and whether each line holds a face (T,)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = [name.strip().lower() for name in next(lines, [])]
        columns = _columns(path, header)
        times, rows, ok = [], [], []
        for number, line in enumerate(lines, 2):
            if not line:
                continue
            times.append(_seconds(line[0], path, number))
            if times[-1] < times[0]:
                times[-1] += DAY
            rows.append(_values(line, columns, path, number))
            ok.append(len(line) == len(header) and line[1].strip() != "0")
    return np.array(times), np.array(rows).reshape(-1, len(ARKIT)), np.array(ok, bool)


def _columns(path: Path, header: list[str]) -> list[tuple[int, int, float]]:
    """(channel, column, sign) for each channel of ARKIT that the file has."""
    if header[:2] != ["timecode", COUNT]:
        raise FileError(f"{path} does not begin with Timecode,BlendshapeCount; give a CSV of Live Link Face")
    known = {name: (name.lower(), 1.0) for name in SHAPES} | HEAD_COLUMNS
    columns = [(ARKIT.index(name), header.index(column), sign) for name, (column, sign) in known.items() if column in header]
    if not any(ARKIT.names[channel] in SHAPES for channel, _, _ in columns):
        raise FileError(f"{path} names none of the ARKit shapes, such as JawOpen; give a CSV of Live Link Face")
    return columns


def _seconds(timecode: str, path: Path, line: int) -> float:
    found = TIMECODE.fullmatch(timecode.strip())
    if not found:
        raise FileError(f"{path}, line {line}: {timecode[:30]!r} is not a timecode HH:MM:SS:FF.sss; give the file as the app wrote it")
    hours, minutes, seconds, frames = found.groups()
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds) + float(frames) / TIMECODE_BASE


def _values(line: list[str], columns: list[tuple[int, int, float]], path: Path, number: int) -> np.ndarray:
    values = np.zeros(len(ARKIT))
    try:
        for channel, column, sign in columns:
            values[channel] = sign * float(line[column] or 0) if column < len(line) else 0.0
    except ValueError as error:
        raise FileError(f"{path}, line {number} holds something other than numbers ({error}); mend that line") from None
    if not np.isfinite(values).all():
        raise FileError(f"{path}, line {number} holds a value that is not finite; mend that line")
    return values
