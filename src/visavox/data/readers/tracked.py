"""Recordings of real faces followed by a face tracker: sound, ARKit weights with the head's rotation, and lip measures.

A track file is an npz with `names` and `weights` (T, 52) as the tracker gives them, `matrix` (T, 4, 4) the head in
the camera's frame, `ok` (T,), `fps`, `lip_gap` and `mouth_width` (T,). The weights are raw scores, biased and noisy;
the measures come from landmarks and are the better truth for the lips.
"""

from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.data.clip import Clip, common_part
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.fields import Fields
from visavox.io.arrays import checked_numbers, checked_texts, read_npz
from visavox.io.audio import read_audio
from visavox.io.documents import read_json
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES

AGAIN = "it is not a track, or an older one: track the video again"
MOST_LATE = 60_000.0  # milliseconds
SOUNDS = (".flac", ".wav", ".mp3", ".ogg", ".m4a", ".mp4", ".mov", ".mpg")  # in the order in which they are preferred


def read_track(path: Path, rest: Rotation | None = None) -> tuple[Motion, Measures]:
    """The motion (rig ARKIT, the track's own fps) and the measures of one track file.

    Weights are found by name; shapes that the tracker does not give (tongueOut) stay 0. Head rotations are relative
    to `rest`, the mean rotation of this track when it is not given. Frames without a face are filled in from their
    neighbours and are marked in the measures. Raises FileError when the file is not a track or shows no face at all.
    """
    arrays = _load(path)
    ok, fps = np.asarray(arrays["ok"], bool), float(arrays["fps"])
    if not ok.any():
        raise FileError(f"{path} shows no face in any of its {ok.size} frames; leave it out")
    column = {str(name).lower(): position for position, name in enumerate(arrays["names"])}
    weights = np.asarray(arrays["weights"], np.float32)
    values = np.zeros((ok.size, len(ARKIT)), np.float32)
    for name in SHAPES:
        if name.lower() in column:
            values[:, ARKIT.index(name)] = weights[:, column[name.lower()]]
    turns = head_rotations(arrays["matrix"][ok], rest)
    values[np.ix_(np.flatnonzero(ok), ARKIT.indices(HEAD))] = turns
    values = _fill(values, ok)
    gap, width = (np.asarray(arrays[key], np.float32) for key in ("lip_gap", "mouth_width"))
    return Motion(values, fps, ARKIT), Measures(_fill(gap, ok), _fill(width, ok), ok, fps)


def head_rotations(matrix: np.ndarray, rest: Rotation | None = None) -> np.ndarray:
    """The head rotations (T, 3) in radians, in the order of `rigs.arkit.HEAD`, of poses (T, 4, 4) in the camera's
    frame.

    The camera's frame and the face's have X to the face's left, Y up and Z out of the face, like the default head. So
    the angles are those of yaw, then pitch, then roll, in the head's own axes, after `rest` (mean of `matrix` if
    None) is undone.
    """
    turns = Rotation.from_matrix(np.asarray(matrix, float)[:, :3, :3])
    yaw, pitch, roll = ((rest or turns.mean()).inv() * turns).as_euler("YXZ").T
    return np.stack([pitch, yaw, -roll], 1).astype(np.float32)


def rest_rotation(paths) -> Rotation:
    """The mean head rotation over all frames with a face of several tracks of one speaker before one camera."""
    arrays = [_load(path) for path in paths]
    return Rotation.from_matrix(np.concatenate([a["matrix"][a["ok"]][:, :3, :3] for a in arrays]).astype(float)).mean()


def read_tracked(folder: Path, source: str, licence: str, limit: int | None = None):
    """The clips of a folder with `motion/NAME.npz` and the sound NAME.* in `audio/` or beside; the speaker is the
    clip's name.

    A file whose name ends in "av_offset.json" (any case) says by how many milliseconds each sound is late (a number,
    or an object with "lag_ms"). The sound is moved by that much, and sound, motion and measures are cut to their
    common part.
    """
    folder, late = Path(folder), late_seconds(Path(folder))
    tracks = sorted((folder / "motion").glob("*.npz"))
    if not tracks:
        raise FileError(f"{folder} has no motion/*.npz; give a folder of tracked faces")
    for path in tracks[:limit]:
        motion, measures = read_track(path)
        audio = read_audio(find_sound(folder, path.stem))
        audio, motion, measures = common_part(audio, late.get(path.stem, 0.0), motion, measures)
        yield Clip(path.stem, audio, path.stem, source, licence, motion=motion, measures=measures)


def find_sound(folder: Path, name: str) -> Path:
    """The sound file of clip `name` in `folder/audio` or in `folder`; a FileError when there is none."""
    found = sound_beside(folder, name)
    if found is None:
        raise FileError(f"{folder} has motion but no sound for clip {name!r}; put {name}.flac or its film there, or take the motion out")
    return found


def sound_beside(folder: Path, name: str) -> Path | None:
    """The sound file of clip `name` in `folder/audio` or in `folder`; None when there is none."""
    suffixes = (*SOUNDS, *map(str.upper, SOUNDS))  # cameras write .WAV
    paths = (place / (name + suffix) for place in (folder / "audio", folder) for suffix in suffixes)
    return next((path for path in paths if path.exists()), None)


def _load(path: Path) -> dict[str, np.ndarray]:
    found = read_npz(path, ("names", "weights", "matrix", "ok", "fps", "lip_gap", "mouth_width"), AGAIN)
    names = checked_texts(found["names"], f"{path} has names", AGAIN)
    ok = checked_numbers(found["ok"], f"{path} has ok", AGAIN).astype(bool)
    fps = checked_numbers(found["fps"], f"{path} has fps", AGAIN)
    frames = ok.size
    shapes = {"weights": (frames, len(names)), "matrix": (frames, 4, 4), "lip_gap": (frames,), "mouth_width": (frames,)}
    if fps.size != 1 or not 1 <= fps.item() <= 1000 or ok.ndim != 1:
        raise FileError(f"{path} has fps {fps.reshape(-1)[:3].tolist()} and ok of shape {ok.shape}, which is no track; {AGAIN}")
    for name, shape in shapes.items():
        if found[name].shape != shape:
            raise FileError(f"{path} has {name} of shape {found[name].shape}, not {shape}; {AGAIN}")
    # frames without a face may hold anything
    seen = {name: checked_numbers(found[name][ok], f"{path} has {name}, where a face was seen,", AGAIN) for name in shapes}
    whole = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    for name, values in seen.items():
        whole[name][ok] = values
    if frames and (np.linalg.det(seen["matrix"][:, :3, :3].astype(float)) <= 0).any():
        raise FileError(f"{path} has a matrix that is no rotation; {AGAIN}")
    return whole | {"names": np.array(names), "ok": ok, "fps": np.array(float(found["fps"].item()))}


def _fill(values: np.ndarray, ok: np.ndarray) -> np.ndarray:
    """`values` (T,) or (T, C) with the frames that are not ok replaced by a straight line between their neighbours."""
    if ok.all():
        return values
    frames, known = np.arange(ok.size), np.flatnonzero(ok)
    columns = values.reshape(ok.size, -1)
    filled = np.stack([np.interp(frames, known, column[known]) for column in columns.T], 1)
    return filled.reshape(values.shape).astype(np.float32)


def late_seconds(folder: Path) -> dict[str, float]:
    """How many seconds the sound of each clip is late, from the files of the folder whose name ends in "av_offset.json"."""
    late = {}
    for path in sorted(folder.glob("*.json")):
        if not path.name.lower().endswith("av_offset.json"):
            continue
        advice = "give milliseconds by clip"
        stored = Fields(read_json(path, advice), path, advice)
        for name, entry in stored.value.items():
            place = (stored.fields(name), "lag_ms") if isinstance(entry, dict) else (stored, name)
            if isinstance(place[0].value.get(place[1]), int | float):  # others are notes, or lags that nobody measured
                late[Path(name).stem] = place[0].number(place[1], -MOST_LATE, MOST_LATE) / 1000
    return late
