"""Arrays out of strangers' .npz and .npy files: numbers and short texts, never objects, and no memory for what is not there.

The one home of reading NumPy's files. An array's header is read first. Its type and shape must be those of plain numbers or text and need
exactly the bytes that the file says it has, before a buffer of that size is made. Nothing of it can run code.
"""

import io
import math
import os
import tokenize
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.archives import UNREADABLE, opened_archive, unpacked

MOST_BYTES = 1 << 30  # uncompressed: 6 h of 100 channels at 60 fps are half of it
MOST_TEXT_BYTES = 16 << 20  # of one array of text
MOST_DIMENSIONS = 8
HEADER_BYTES = 16 << 10  # NumPy's own limit is 10,000 characters
NUMBERS, TEXTS = "biuf", "US"
LAST_CHARACTER = 0x10FFFF
LARGEST = 1e6  # of any number that a face is described by, whatever its unit
BAD_HEADER = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, OverflowError, EOFError, tokenize.TokenError)


def read_npz(
    path: str | Path, names: Sequence[str], advice: str, optional: Sequence[str] = (), most_bytes: int = MOST_BYTES
) -> dict[str, np.ndarray]:
    """The arrays `names` of a .npz, and those of `optional` that it has; numbers or text, as stored; others are not looked at.

    Raises a FileError that names the file and the array when it is missing, damaged, larger than `most_bytes` in all, holds objects, or
    says something untrue about itself. `advice` ends every message: what to give instead.
    """
    with opened_archive(path, advice, most_bytes) as archive:
        there = set(archive.namelist())
        missing = [name for name in names if f"{name}.npy" not in there]
        if missing:
            raise FileError(f"{path} lacks {', '.join(missing)}; {advice}")
        wanted = [*names, *(name for name in optional if f"{name}.npy" in there)]
        return {name: _member(archive, name, path, advice) for name in wanted}


def npz_names(path: str | Path, advice: str) -> set[str]:
    """The names of the arrays in a .npz, none of them read; a FileError when it is none."""
    with opened_archive(path, advice, 1 << 40) as archive:
        return {name.removesuffix(".npy") for name in archive.namelist()}


def npz_shape(path: str | Path, name: str, advice: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of the array `name` in a .npz, without its numbers; a FileError as `read_npz` raises it."""
    with opened_archive(path, advice, 1 << 40) as archive:
        if f"{name}.npy" not in archive.namelist():
            raise FileError(f"{path} lacks {name}; {advice}")
        try:
            shape, _, dtype, _ = _header_of(archive, archive.getinfo(f"{name}.npy"))
        except (*BAD_HEADER, *UNREADABLE) as error:
            raise _damaged(path, name, error, advice) from None
    return shape, dtype


def read_npy(path: str | Path, advice: str, most_bytes: int = MOST_BYTES) -> np.ndarray:
    """The array of numbers or text in a .npy; a FileError as `read_npz` raises it."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > most_bytes:
                raise FileError(f"{path} has {size >> 20} MB; {most_bytes >> 20} are read at most; {advice}")
            shape, by_column, dtype, start = _header(file.read(HEADER_BYTES), size)
            file.seek(start)
            content = np.empty(size - start, np.uint8)
            if file.readinto(content) < content.size:
                raise EOFError("it ends early")
            return _shaped(content, shape, by_column, dtype)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except (*UNREADABLE, *BAD_HEADER) as error:
        raise FileError(f"{path} is damaged or of another kind ({_reason(error)}); {advice}") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror or error}); check its name and permissions") from None


def checked_numbers(array: np.ndarray, where: str, advice: str, largest: float = LARGEST) -> np.ndarray:
    """The array as float32; a FileError that says where when a value is text, not a finite number, or beyond plus or minus `largest`.

    `where` names the file and the array, such as "face.npz has values".
    """
    if array.dtype.kind not in NUMBERS:
        raise FileError(f"{where} of {'text' if array.dtype.kind in TEXTS else array.dtype}, not of numbers; {advice}")
    if array.size and not (-largest <= float(array.min()) and float(array.max()) <= largest):  # false also where one is not a number
        place = tuple(int(i) for i in np.argwhere(~(np.abs(array.astype(float)) <= largest))[0])
        value = array[place]
        what_it_is = f"the value {float(value):.3g}" if np.isfinite(value) else "a value that is not a number"
        raise FileError(f"{where} with {what_it_is} at {list(place)}; {advice}")
    return np.ascontiguousarray(array, np.float32)


def checked_texts(array: np.ndarray, where: str, advice: str) -> list[str]:
    """The texts of an array of them, row by row; a FileError as `checked_numbers` raises it for numbers and for what no text can hold."""
    if array.dtype.kind not in TEXTS:
        raise FileError(f"{where} of {array.dtype}, not of text; {advice}")
    unread = FileError(f"{where} with text that cannot be read; {advice}")
    if array.dtype.kind == "U":  # numbers that are no characters would become broken strings, or a SystemError
        letters = np.ascontiguousarray(array.reshape(-1), array.dtype.newbyteorder("=")).view(np.uint32)
        if ((letters > LAST_CHARACTER) | ((letters >= 0xD800) & (letters <= 0xDFFF))).any():
            raise unread
    try:
        return [value.decode() if isinstance(value, bytes) else value for value in array.reshape(-1).tolist()]
    except UnicodeDecodeError:
        raise unread from None


def _member(archive: zipfile.ZipFile, name: str, path: str | Path, advice: str) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    try:
        shape, by_column, dtype, start = _header_of(archive, entry)
        content = np.empty(entry.file_size, np.uint8)
        if unpacked(archive, entry.filename, memoryview(content)) < entry.file_size:
            raise EOFError("it ends early")
    except (*BAD_HEADER, *UNREADABLE) as error:
        raise _damaged(path, name, error, advice) from None
    return _shaped(content[start:], shape, by_column, dtype)


def _damaged(path: str | Path, name: str, error: BaseException, advice: str) -> FileError:
    return FileError(f"{path} holds {name!r}, which is damaged or of another kind ({_reason(error)}); {advice}")


def _header_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    with archive.open(entry) as member:
        return _header(member.read(min(HEADER_BYTES, entry.file_size)), entry.file_size)


def _header(start: bytes, size: int) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Shape, whether it lies by column, type, and where the numbers begin, of an array in a file of `size` bytes that begins with `start`.

    Raises one of BAD_HEADER when it is no array of numbers or text, or needs other than the bytes that are there.
    """
    stream = io.BytesIO(start)
    version = np.lib.format.read_magic(stream)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise ValueError(f"it has version {version[0]}.{version[1]} of the format, which is not read")
    shape, by_column, dtype = readers[version](stream)
    if dtype.kind not in NUMBERS + TEXTS or not dtype.itemsize:
        raise ValueError("it holds something other than numbers or text")
    if len(shape) > MOST_DIMENSIONS or any(type(length) is not int or not 0 <= length < 1 << 40 for length in shape):
        raise ValueError(f"it has no possible shape: {str(shape)[:60]}")
    if math.prod(filter(None, shape)) > 1 << 40:  # an empty array may claim any other lengths
        raise ValueError(f"it has no possible shape: {shape}")
    needed, there = math.prod(shape) * dtype.itemsize, size - stream.tell()
    if needed != there:
        raise ValueError(f"its shape {shape} needs {needed} bytes, {there} are there")
    if dtype.kind in TEXTS and needed > MOST_TEXT_BYTES:
        raise ValueError(f"its text has {needed >> 20} MB, {MOST_TEXT_BYTES >> 20} are read at most")
    return shape, by_column, dtype, stream.tell()


def _shaped(content: np.ndarray, shape: tuple[int, ...], by_column: bool, dtype: np.dtype) -> np.ndarray:
    flat = np.require(content.view(dtype), requirements="A")
    return flat.reshape(shape, order="F" if by_column else "C")


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
