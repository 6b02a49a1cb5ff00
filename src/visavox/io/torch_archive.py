"""Files that `torch.save` wrote (.pt since PyTorch 1.6), read as arrays and plain values without PyTorch and without running anything.

Such a file is a zip: `data.pkl` describes the values, `data/KEY` hold the bytes of each tensor's storage. Options that training scripts
keep beside the weights come out plain: an argparse.Namespace as a dictionary, a path as its text, on every system.
"""

import zipfile
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.pickled import Builder, Call, Stored, read_description, settle
from visavox.io.pickled_arrays import array_builders

MOST_BYTES = 8 << 30
AGAIN = "copy or download it again"
_DTYPES = {
    "FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4",
    "ShortStorage": "<i2", "CharStorage": "|i1", "ByteStorage": "|u1", "BoolStorage": "|b1",
}  # fmt: skip
_PATHS = ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "Path")


def read_torch_archive(path: str | Path) -> object:
    """What the file holds, tensors as NumPy arrays. Raises a FileError when it is missing, damaged, older than PyTorch 1.6, or asks to
    run anything that a file of weights does not need."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Archive(archive, path).read()
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except zipfile.BadZipFile:
        raise FileError(f"{path} is truncated, or was not written by torch.save since PyTorch 1.6; {AGAIN}") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror or error}); check its name and permissions") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, EOFError, RuntimeError, NotImplementedError) as error:
        raise FileError(f"{path} is damaged ({type(error).__name__}: {error}); {AGAIN}") from None


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, path):
        self.archive, self.path = archive, path
        self.storages: dict[str, np.ndarray] = {}
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_BYTES:
            raise FileError(f"{path} unpacks to {size >> 20} MB; {MOST_BYTES >> 20} are read at most")
        found = [name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl")]
        if len(found) != 1:
            raise FileError(f"{path} is a zip without data.pkl, not a file of torch.save; {AGAIN}")
        self.folder = found[0].removesuffix("data.pkl")

    def read(self) -> object:
        description = read_description(self.archive.read(f"{self.folder}data.pkl"), self.path)
        return settle(description, self._builders(), self.path)

    def _builders(self) -> dict[str, Builder]:
        builders = array_builders() | {
            "torch._utils._rebuild_tensor_v2": self._tensor,
            "torch._utils._rebuild_parameter": lambda call: call.arguments[0],
            "collections.OrderedDict": lambda call: dict(call.items),
            "argparse.Namespace": lambda call: dict(call.state or {}),
            "torch.Size": lambda call: tuple(call.arguments[0]),
        }
        for module in ("pathlib", "pathlib._local"):
            builders |= {f"{module}.{kind}": _path_text for kind in _PATHS}
        return builders

    def _tensor(self, call: Call) -> np.ndarray:
        storage, offset, shape, strides = call.arguments[:4]
        flat = self._storage(storage)
        last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if 0 in shape:
            return np.zeros(shape, flat.dtype)
        if offset < 0 or min(strides, default=0) < 0 or last >= len(flat):
            raise ValueError("a tensor reaches beyond its storage")
        steps = [stride * flat.itemsize for stride in strides]
        return np.array(np.lib.stride_tricks.as_strided(flat[offset:], shape, steps, writeable=False))

    def _storage(self, stored: Stored) -> np.ndarray:
        _, kind, key, _, count = stored.key
        if key not in self.storages:
            name = kind.name.rpartition(".")[2]
            content = self.archive.read(f"{self.folder}data/{key}")
            if name == "BFloat16Storage":
                flat = (np.frombuffer(content, "<u2").astype("<u4") << 16).view("<f4")
            else:
                flat = np.frombuffer(content, _DTYPES[name])
            if len(flat) < count:
                raise ValueError(f"storage {key} has {len(flat)} of {count} values")
            self.storages[key] = flat
        return self.storages[key]


def _path_text(call: Call) -> str:
    return "/".join(str(part) for part in call.arguments)
