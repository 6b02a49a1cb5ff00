"""Motion files: a NumPy .npz with `values` (T, C) float32, `channels` (C) names, `fps`, and `rig`; never pickle.

`rig` is the JSON text of `Rig.to_json` (kind, unit and range of each channel), so that a file of any rig opens.
A file whose `rig` is a bare name, or which has none, opens too: its channels are then weights without stated limits.
"""

import io
import json
import math
import zipfile
import zlib
from pathlib import Path

import numpy as np

from visavox.errors import FileError, OptionError, RigError
from visavox.io.atomic import write_bytes
from visavox.motion import Motion
from visavox.rig import Channel, Rig

MOST_BYTES = 1 << 30  # uncompressed: 6 h of 100 channels at 60 fps are half of it
MEMBERS = ("values", "channels", "fps", "rig", "provenance")
UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, MemoryError, OverflowError)


def write_motion(motion: Motion, path: str | Path, provenance: dict | None = None) -> None:
    """Writes `motion` to `path` (suffix .npz), whole or not at all; equal motions give equal bytes.

    `provenance` (plain JSON values: what made the motion from which sound) is stored as JSON text under its own key.
    """
    if Path(path).suffix != ".npz":
        raise OptionError(f"{path} does not end in .npz, as a motion file must; change its name")
    arrays = {
        "values": motion.values,
        "channels": np.array(motion.rig.names),
        "fps": np.array(motion.fps),
        "rig": np.array(json.dumps(motion.rig.to_json())),
    }
    if provenance:
        arrays["provenance"] = np.array(json.dumps(provenance, sort_keys=True))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    write_bytes(buffer.getvalue(), path)


def read_motion(path: str | Path) -> Motion:
    """The motion stored in a .npz. Raises a FileError when the file is missing, too large, or does not hold one."""
    arrays = _read_members(path)
    missing = [name for name in ("values", "channels", "fps") if name not in arrays]
    if missing:
        raise FileError(f"{path} lacks {', '.join(missing)}; a motion file has values, channels, fps and rig")
    try:
        names = arrays["channels"].astype(str).reshape(-1).tolist()
        return Motion(arrays["values"], float(arrays["fps"].item()), _rig_of(arrays.get("rig"), names))
    except (RigError, OptionError, ValueError, TypeError) as error:
        raise FileError(f"{path} does not hold a motion: {error}") from None


def read_provenance(path: str | Path) -> dict:
    """What the file says about its own making; empty when it says nothing."""
    stored = _read_members(path).get("provenance")
    if stored is None:
        return {}
    try:
        provenance = json.loads(str(stored))
    except (ValueError, RecursionError):
        return {}
    return provenance if isinstance(provenance, dict) else {}


def _rig_of(stored: np.ndarray | None, names: list[str]) -> Rig:
    text = "unknown" if stored is None else str(stored)
    if not text.startswith("{"):
        return Rig(text, tuple(Channel(name, low=-math.inf, high=math.inf) for name in names))
    rig = Rig.from_json(json.loads(text))
    if list(rig.names) != names:
        raise RigError(f"its channels and its rig {rig.name!r} name different channels; write it again")
    return rig


def _read_members(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of the file that a motion may have, each no larger than the archive says, none of them an object."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename.removesuffix(".npy"): entry.file_size for entry in archive.infolist()}
            size = sum(sizes.values())
            if size > MOST_BYTES:
                raise FileError(f"{path} unpacks to {size >> 20} MB; {MOST_BYTES >> 20} are read at most; cut it")
            return {name: _read_array(archive, name) for name in MEMBERS if name in sizes}
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check the name of the motion file") from None
    except UNREADABLE as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise FileError(f"{path} is not a motion file ({reason}); give a .npz that Visavox wrote") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None


def _read_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """One array; its data are read whole before NumPy trusts the shape that they claim."""
    return np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
