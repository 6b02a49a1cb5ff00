"""Files that `torch.save` wrote (.pt since PyTorch 1.6), read as arrays and plain values without PyTorch and without running anything.

Such a file is a zip: `data.pkl` describes the values, `data/KEY` hold the bytes of each tensor's storage. Options that training scripts
keep beside the weights come out plain: an argparse.Namespace as a dictionary, a path as its text, on every system.
"""

import math
import zipfile
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.archives import member_bytes, opened_archive
from visavox.io.pickled import UNREADABLE, Builder, Call, Stored, read_description, settle
from visavox.io.pickled_arrays import array_builders

MOST_BYTES, MOST_DESCRIPTION = 1 << 30, 64 << 20  # the published denoiser has half of it
AGAIN = "copy or download it again"
_DTYPES = {
    "FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4",
    "ShortStorage": "<i2", "CharStorage": "|i1", "ByteStorage": "|u1", "BoolStorage": "|b1",
}  # fmt: skip
_PATHS = ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "Path")


def read_torch_archive(path: str | Path) -> object:
    """What the file holds, tensors as NumPy arrays. Raises a FileError when it is missing, damaged, older than PyTorch 1.6, or asks to
    run anything that a file of weights does not need."""
    with opened_archive(path, f"give one that torch.save wrote since PyTorch 1.6, or {AGAIN}", MOST_BYTES) as archive:
        try:
            return _Archive(archive, path).read()
        except UNREADABLE as error:
            raise FileError(f"{path} is damaged ({type(error).__name__}: {error}); {AGAIN}") from None


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, path):
        self.archive, self.path = archive, path
        self.storages: dict[str, np.ndarray] = {}
        self.left = 2 * sum(entry.file_size for entry in archive.infolist())  # bytes that tensors may take: weights may be shared, once
        found = [name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl")]
        if len(found) != 1:
            raise FileError(f"{path} is a zip without data.pkl, not a file of torch.save; {AGAIN}")
        self.folder = found[0].removesuffix("data.pkl")

    def read(self) -> object:
        description = read_description(member_bytes(self.archive, f"{self.folder}data.pkl", MOST_DESCRIPTION), self.path)
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
        if any(type(size) is not int or not 0 <= size < 1 << 40 for size in (*shape, *strides, offset)):
            raise ValueError("a tensor is not described as one")
        flat = self._storage(storage)
        last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if 0 in shape:
            return np.zeros(shape, flat.dtype)
        if offset < 0 or min(strides, default=0) < 0 or last >= len(flat):
            raise ValueError("a tensor reaches beyond its storage")
        self.left -= math.prod(shape) * flat.itemsize
        if self.left < 0:  # by a stride of 0, or by many tensors of one storage, a small file could ask for any memory
            raise ValueError("its tensors are larger than what it stores")
        steps = [stride * flat.itemsize for stride in strides]
        return np.array(np.lib.stride_tricks.as_strided(flat[offset:], shape, steps, writeable=False))

    def _storage(self, stored: Stored) -> np.ndarray:
        _, kind, key, _, count = stored.key
        if key not in self.storages:
            name = kind.name.rpartition(".")[2]
            content = member_bytes(self.archive, f"{self.folder}data/{key}", MOST_BYTES)
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
