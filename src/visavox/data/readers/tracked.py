"""Recordings of real faces followed by a face tracker: sound, ARKit weights with the head's rotation, and lip measures.

A track file is an npz with `names` and `weights` (T, 52) as the tracker gives them, `matrix` (T, 4, 4) the head in
the camera's frame, `ok` (T,), `fps`, `lip_gap` and `mouth_width` (T,). The weights are raw scores, biased and noisy;
the measures come from landmarks and are the better truth for the lips.
"""

import json
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.data.clip import Clip, Measures, common_part
from visavox.errors import FileError
from visavox.io.audio import read_audio
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES

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

    The camera's frame and the face's have X to the face's left, Y up and Z out of the face, like the default head, so
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
    or an object with "lag_ms"); the sound is moved by that much, and sound, motion and measures are cut to their
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
    for place in (folder / "audio", folder):
        for suffix in (*SOUNDS, *map(str.upper, SOUNDS)):  # cameras write .WAV
            if (place / (name + suffix)).exists():
                return place / (name + suffix)
    raise FileError(f"{folder} has motion but no sound for clip {name!r}; put {name}.flac into {folder / 'audio'}")


def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = {key: arrays[key] for key in arrays}
    except (OSError, ValueError) as error:
        raise FileError(f"{path} is not a readable npz file ({error}); track the video again") from None
    missing = {"names", "weights", "matrix", "ok", "fps", "lip_gap", "mouth_width"} - set(found)
    if missing:
        raise FileError(
            f"{path} lacks {', '.join(sorted(missing))}; it is not a track, or an older one: track the video again"
        )
    return found


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
        for name, entry in json.loads(path.read_text(encoding="utf-8")).items():
            milliseconds = entry.get("lag_ms") if isinstance(entry, dict) else entry
            if isinstance(milliseconds, (int, float)):
                late[Path(name).stem] = milliseconds / 1000
    return late
