"""Takes of Epic's Live Link Face app (and of tools that write its CSV): curves of ARKit shapes and the head, beside their sound.

Facts about the format: `HH:MM:SS:FF.sss` counts frames on a base of 60 whatever the rate, and `.sss` are thousandths of such a frame;
the second column is spelled BlendshapeCount or BlendShapeCount; rotations are radians, yaw positive to the face's own right. Columns are
known by name, never by place. The app puts each take into a folder of its own, `20260410_MySlate_14/MySlate_14_iPhone.mov`, and numbers
slates anew, so names come again. Beside the film lies NAME.csv, or NAME_raw.csv with NAME_cal.csv, from which the performer's neutral face
is subtracted, and NAME_neutral.csv, that face.
"""

import csv
import re
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.data.clip import Clip, common_part
from visavox.data.readers.tracked import find_sound, late_seconds, sound_beside
from visavox.errors import FileError
from visavox.io.audio import read_audio
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES
from visavox.windows import FPS, exact_fps

TIMECODE = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})[:;](\d{1,3}(?:\.\d{0,9})?)", re.ASCII)
TIMECODE_BASE = 60
DAY = 24 * 3600
COUNT = "blendshapecount"
HEAD_COLUMNS = {"headPitch": ("headpitch", 1.0), "headYaw": ("headyaw", -1.0), "headRoll": ("headroll", 1.0)}
KINDS = ("_cal", "", "_raw")  # of the files of one take, the better first ...
NEUTRAL = "_neutral"  # ... and the one that is none
SLACK = 0.25  # of a frame: what timecodes of a steady camera stray
LONGEST_GAP = 60.0  # seconds without a frame: a camera that stopped, or a clock that was set
SLOWEST, FASTEST, MOST_FRAMES = 1, 240, 6 * 3600 * 60  # frames a second, and frames: 6 h at 60
LONGEST_LINE = 1 << 16  # bytes; 62 columns need about 700
LARGEST = 1e3  # of a value: a shape is about 1, an angle a few radians, or hundreds of degrees
WHOLE = "give the file as the app wrote it"
SIGNS_OF_DEGREES = 3.2  # radians: a head turned further than half round


def read_live_link(folder: Path, source: str, licence: str):
    """The clips of all takes in a folder and those below it, each with the sound or film NAME.* beside it.

    Rig ARKIT at 25 fps; head rotations are about the take's mean; the speaker is the name of the folder. `quality` is the share of
    frames in which the app saw a face. A file whose name ends in "av_offset.json" says how late a sound is, as for tracked faces.
    """
    folder = Path(folder)
    late = late_seconds(folder)
    for name, path in sorted(takes(folder).items()):
        motion, seen = read_live_link_csv(path)
        audio = read_audio(find_sound(path.parent, _kind(path)[0]))
        audio, motion, _ = common_part(audio, late.get(name, 0.0), rested(motion).at_fps(FPS), None)
        yield Clip(name, audio, folder.name, source, licence, motion=motion, quality=round(float(seen.mean()), 4))


def takes(folder: Path) -> dict[str, Path]:
    """The Live Link files of a folder and those below it by the name of their take: the calibrated one, else the plain, else the raw one.

    Takes of one name in several folders have the name of their folder before their own, but for the first.
    """
    kept: dict[tuple[Path, str], Path] = {}
    for path in sorted(each for each in Path(folder).rglob("*") if each.suffix.lower() == ".csv"):
        name, kind = _kind(path)
        if kind != NEUTRAL and path.is_file() and is_live_link(path):
            place = path.parent, name
            kept[place] = min(kept.get(place, path), path, key=lambda each: KINDS.index(_kind(each)[1]))
    found: dict[str, Path] = {}
    for (parent, name), path in sorted(kept.items()):
        while name in found:
            parent, name = parent.parent, f"{parent.name}_{name}"
        found[name] = path
    return found


def _kind(path: Path) -> tuple[str, str]:
    """The name of the take that a file is of, and which of KINDS it is or NEUTRAL. A take may be called so itself: its sound is, too."""
    stem = path.stem.lower()
    kind = next((each for each in (*KINDS, NEUTRAL) if each and stem.endswith(each)), "")
    if not kind or sound_beside(path.parent, path.stem):
        return path.stem, ""
    return path.stem[: -len(kind)], kind


def is_live_link(path: Path) -> bool:
    """Whether a CSV file begins with the two columns of the format, in whatever encoding and with whatever between them: reading it then
    says what is wrong."""
    with Path(path).open("rb") as file:
        start = file.read(400)
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    first = start.decode(encoding, errors="replace").splitlines()[:1]
    return [name.strip().lower() for line in first for name in re.split("[,;\t]", line)[:2]] == ["timecode", COUNT]


def read_live_link_csv(path: Path) -> tuple[Motion, np.ndarray]:
    """The motion (rig ARKIT at the file's own rate, shapes within 0..1) of one file, and for each frame (T,) whether a face was seen.

    The rate comes from the timecodes. Frames that the app dropped, and those without a face (no values, or a count of 0), are filled in
    from their neighbours. Raises a FileError that names the line when the file is not of the format, or its time leaps by more than
    LONGEST_GAP. Memory grows with the number of frames alone.
    """
    take = _read(Path(path))
    times, ok = take.times, take.ok
    if ok.sum() < 2:
        raise FileError(f"{path} shows a face in {ok.sum()} frames; at least two are needed: record the take again")
    steps = np.diff(times)
    wrong = (steps <= 0) | (steps > LONGEST_GAP)
    if wrong.any():
        place = int(np.argmax(wrong))
        how = f"leaps by {steps[place]:.0f} s" if steps[place] > 0 else "does not go on"
        raise FileError(f"{path}, line {take.lines[place + 1]}: the timecode {how} from the line before; {WHOLE}")
    step = float(np.median(steps))
    steady = np.abs(steps - step).max() < SLACK * step
    fps = _meant((times.size - 1) / (times[-1] - times[0]), times.size) if steady else 1 / step
    if not SLOWEST <= fps <= FASTEST or (times[-1] - times[0]) * fps > MOST_FRAMES:
        long = f"{(times[-1] - times[0]) / 3600:.1f} h at {fps:.4g} frames a second"
        raise FileError(f"{path} lasts {long}; {SLOWEST} to {FASTEST} frames a second and {MOST_FRAMES} in all are read: {WHOLE}")
    grid = times if steady and ok.all() else times[0] + np.arange(round((times[-1] - times[0]) * fps) + 1) / fps
    values = np.empty((grid.size, len(ARKIT)), np.float32)
    for channel, column in enumerate(take.values.T):
        values[:, channel] = np.interp(grid, times[ok], column[ok])
    seen = ok if grid is times else _away(grid, times[ok]) < 0.75 / fps
    if np.abs(values[:, ARKIT.indices(HEAD)]).max() > SIGNS_OF_DEGREES:
        raise FileError(f"{path} turns the head by more than half a turn; its rotations must be radians: convert them")
    return Motion(values, fps, ARKIT).clamped(), seen


def _meant(fps: float, frames: int) -> float:
    """The whole or NTSC rate that `fps`, measured over so many `frames`, is but for the thousandths that timecodes are rounded to."""
    near = (max(round(fps), SLOWEST), exact_fps(max(round(fps * 1.001), SLOWEST) / 1.001))
    return next((float(each) for each in near if abs(frames / fps - frames / each) <= 1e-3 / TIMECODE_BASE), fps)


def _away(grid: np.ndarray, times: np.ndarray) -> np.ndarray:
    """How far (T,) each time of `grid` is from the nearest of `times`, both rising."""
    after = np.clip(np.searchsorted(times, grid), 1, times.size - 1)
    return np.minimum(np.abs(grid - times[after - 1]), np.abs(grid - times[after]))


def rested(motion: Motion) -> Motion:
    """The same motion with its mean head rotation undone, as if the camera had stood before the resting face."""
    pitch, yaw, roll = motion.select(HEAD).T
    turns = Rotation.from_euler("YXZ", np.stack([yaw, pitch, -roll], 1))
    yaw, pitch, roll = (turns.mean().inv() * turns).as_euler("YXZ").T
    return motion.with_channels(dict(zip(HEAD, (pitch, yaw, -roll), strict=True)))


@dataclass(frozen=True, eq=False)
class _Take:
    """What the lines say: times (T,) in seconds, values (T, C) float32 of ARKIT, whether each holds a face (T,), its number in the file."""

    times: np.ndarray
    values: np.ndarray
    ok: np.ndarray
    lines: np.ndarray


def _read(path: Path) -> _Take:
    times, values, ok, numbers = array("d"), array("f"), array("b"), array("q")
    lines = _lines(path)
    header = [name.strip().lower() for name in next(lines, (1, []))[1]]
    columns = _columns(path, header)
    for number, line in lines:
        if not line:
            continue
        if len(times) == MOST_FRAMES:
            raise FileError(f"{path} has more than {MOST_FRAMES} frames; cut it into parts")
        seconds = _seconds(line[0], path, number)
        times.append(seconds + DAY if times and seconds < times[0] else seconds)
        values.extend(_values(line, columns, path, number))
        ok.append(len(line) == len(header) and line[1].strip() != "0")
        numbers.append(number)
    rows = np.frombuffer(values, np.float32).reshape(-1, len(ARKIT)) if values else np.zeros((0, len(ARKIT)), np.float32)
    return _Take(np.array(times), rows, np.array(ok, bool), np.array(numbers))


def _lines(path: Path):
    """(number, fields) of each line; a FileError that names the line where it is not UTF-8, not CSV, or without end."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None
    with file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            yield number, _fields(line, path, number)


def _fields(line: bytes, path: Path, number: int) -> list[str]:
    if len(line) == LONGEST_LINE:
        raise FileError(f"{path}, line {number} is longer than {LONGEST_LINE} bytes; {WHOLE}")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\r", "").replace("\n", "")
        return next(csv.reader([text], strict=True), [])
    except UnicodeDecodeError as error:
        raise FileError(f"{path}, line {number} is not UTF-8 text ({error.reason}); {WHOLE}") from None
    except csv.Error as error:
        raise FileError(f"{path}, line {number} is not CSV ({error}); {WHOLE}") from None


def _columns(path: Path, header: list[str]) -> list[tuple[int, int, float]]:
    """(channel, column, sign) for each channel of ARKIT that the file has."""
    if header[:2] != ["timecode", COUNT]:
        raise FileError(f"{path} does not begin with Timecode,BlendshapeCount and commas; {WHOLE}")
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


def _values(line: list[str], columns: list[tuple[int, int, float]], path: Path, number: int) -> list[float]:
    values = [0.0] * len(ARKIT)
    try:
        for channel, column, sign in columns:
            text = line[column].strip() if column < len(line) else ""
            if "_" in text or not text.isascii():  # which Python takes for numbers
                raise ValueError(f"{text[:30]!r}")
            values[channel] = sign * float(text or 0)
    except ValueError as error:
        raise FileError(f"{path}, line {number} holds something other than numbers ({error}); mend that line") from None
    if not all(-LARGEST <= value <= LARGEST for value in values):  # false also for what is not a number
        raise FileError(f"{path}, line {number} holds a value that is not finite or beyond {LARGEST:g}; mend that line")
    return values
