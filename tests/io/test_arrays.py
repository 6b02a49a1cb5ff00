"""NumPy's files from strangers: numbers and text come out as stored; all else is one line and takes no memory."""

import io
import re
import tracemalloc
import zipfile

import numpy as np
import pytest

from visavox.errors import FileError
from visavox.io.arrays import checked_numbers, checked_texts, npz_names, read_npy, read_npz

ADVICE = "give another"


def npy(array: np.ndarray, version=None) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), version=version)
    return buffer.getvalue()


def with_header(changed: dict, content: bytes = b"\0" * 48) -> bytes:
    """An array whose header says what `changed` says."""
    header = {"descr": "<f4", "fortran_order": False, "shape": (12,)} | changed
    text = repr(header).ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1") + content


def raw_header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1") + b"\0" * 48


def archive(path, members: dict[str, bytes], kind=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=">f8").reshape(2, 3),
        np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
        np.zeros((0, 5)),
        np.float32(2.5),
        np.array([True, False]),
        np.array(["a", "bcd"]),
        np.array([b"xy"]),
    ],
)
def test_what_numpy_wrote_comes_back(tmp_path, array, kind):
    archive(tmp_path / "a.npz", {"x.npy": npy(array), "other.npy": b"never looked at"}, kind)
    back = read_npz(tmp_path / "a.npz", ["x"], ADVICE, ["missing"])
    assert list(back) == ["x"] and back["x"].dtype == array.dtype and np.array_equal(back["x"], array)
    (tmp_path / "a.npy").write_bytes(npy(array, (2, 0)))
    assert np.array_equal(read_npy(tmp_path / "a.npy", ADVICE), array)
    assert npz_names(tmp_path / "a.npz", ADVICE) == {"x", "other"}


HOSTILE = {
    "an object": npy(np.zeros(12)).replace(b"'<f8'", b"'|O' "),
    "a record": with_header({"descr": [("a", "<f4")]}),
    "dates": with_header({"descr": "<M8[s]", "shape": (6,)}),
    "complex": with_header({"descr": "<c8", "shape": (6,)}),
    "no type": with_header({"descr": "zz"}),
    "a type in a type": with_header({"descr": "(1000000000,)f4"}),
    "text without letters": with_header({"descr": "<U0", "shape": (10**12,)}, b""),
    "a negative length": with_header({"shape": (-12,)}),
    "a length that is none": with_header({"shape": (1.5,)}),
    "a length that is true": with_header({"shape": (True, 12)}),
    "a length that is text": with_header({"shape": ("12",)}),
    "no shape": with_header({"shape": 12}),
    "too long": with_header({"shape": (10**11,)}),
    "beyond counting": with_header({"shape": (2**32, 2**32)}),
    "empty and beyond counting": with_header({"shape": (0, 2**39, 2**39)}, b""),
    "too many dimensions": with_header({"shape": (1,) * 40}),
    "one too short": with_header({"shape": (11,)}),
    "a name too many": raw_header("{'descr': '<f4', 'fortran_order': False, 'shape': (12,), 'x': 1}\n"),
    "no order": raw_header("{'descr': '<f4', 'fortran_order': 2, 'shape': (12,)}\n"),
    "an open brace": raw_header("{" * 90),
    "open brackets": raw_header("(" * 5000),
    "half a text": raw_header("{'descr': '<f4\n"),
    "no dictionary": raw_header("[]\n"),
    "a long header": raw_header("{" + " " * 20000 + "}"),
    "another version": b"\x93NUMPY\x09\x00" + npy(np.zeros(3))[8:],
    "another file": b"GIF89a" + b"\0" * 60,
    "nothing": b"",
    "half an array": npy(np.zeros(100))[:-9],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_array_is_one_line(tmp_path, what):
    (tmp_path / "a.npy").write_bytes(HOSTILE[what])
    archive(tmp_path / "a.npz", {"x.npy": HOSTILE[what]})
    tracemalloc.start()
    for read in (lambda: read_npy(tmp_path / "a.npy", ADVICE), lambda: read_npz(tmp_path / "a.npz", ["x"], ADVICE)):
        with pytest.raises(FileError, match=ADVICE) as caught:
            read()
        assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 600
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_archives_that_are_none(tmp_path):
    good = npy(np.zeros(3))
    cases = {
        "bzip2": archive(tmp_path / "bzip2.npz", {"x.npy": good}, zipfile.ZIP_BZIP2),
        "lzma": archive(tmp_path / "lzma.npz", {"x.npy": good}, zipfile.ZIP_LZMA),
        "text": tmp_path / "text.npz",
        "folder": tmp_path,
        "missing": tmp_path / "missing.npz",
        "null": f"{tmp_path}/nu\0ll.npz",
    }
    (tmp_path / "text.npz").write_text("no zip")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "twice.npz", "w") as file:
        file.writestr("x.npy", good)
        file.writestr("x.npy", good)
    cases["twice"] = tmp_path / "twice.npz"
    cases["many"] = archive(tmp_path / "many.npz", {f"{number}.npy": b"" for number in range(10_001)}, zipfile.ZIP_STORED)
    for what, path in cases.items():
        with pytest.raises(FileError) as caught:
            read_npz(path, ["x"], ADVICE)
        assert "\n" not in str(caught.value), what
    with pytest.raises(FileError, match="lacks y"):
        read_npz(archive(tmp_path / "a.npz", {"x.npy": good}), ["x", "y"], ADVICE)


def test_a_bomb_is_not_unpacked(tmp_path):
    """300 MB of zeros that say they are 48 bytes, and as many that say so."""
    bomb = npy(np.zeros(75_000_000, np.float32))
    archive(tmp_path / "honest.npz", {"x.npy": bomb})
    data = bytearray((tmp_path / "honest.npz").read_bytes())
    small = with_header({})
    for place in [found.start() for found in re.finditer(re.escape(len(bomb).to_bytes(4, "little")), bytes(data))]:
        data[place : place + 4] = len(small).to_bytes(4, "little")
    (tmp_path / "lying.npz").write_bytes(data)
    tracemalloc.start()
    with pytest.raises(FileError, match="damaged"):
        read_npz(tmp_path / "lying.npz", ["x"], ADVICE)
    with pytest.raises(FileError, match="unpacks to 286 MB; 16 are read at most"):
        read_npz(tmp_path / "honest.npz", ["x"], ADVICE, most_bytes=16 << 20)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e7])
def test_a_value_that_is_no_number_is_named_by_its_place(value):
    array = np.zeros((3, 4))
    array[1, 2] = value
    with pytest.raises(FileError, match=r"f has x with .* at \[1, 2\]; give another"):
        checked_numbers(array, "f has x", ADVICE)


def test_numbers_and_texts_are_told_apart():
    assert checked_numbers(np.arange(3), "f has x", ADVICE).dtype == np.float32
    with pytest.raises(FileError, match="of text, not of numbers"):
        checked_numbers(np.array(["1"]), "f has x", ADVICE)
    assert checked_texts(np.array([["a"], ["ü"]]), "f has x", ADVICE) == ["a", "ü"]
    for array in (np.arange(3), np.array([b"\xff"]), np.array([0xD800], "<u4").view("<U1"), np.array([0xFFFFFFFF], "<u4").view("<U1"),
                  np.array([0x61, 0x110000, 0x7FFFFFFF], "<u4").view("<U3"), np.array([0x62, 0xFF000061], ">u4").view(">U2")):  # fmt: skip
        with pytest.raises(FileError, match="f has x"):
            checked_texts(array, "f has x", ADVICE)
