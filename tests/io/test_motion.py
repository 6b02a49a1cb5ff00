"""Motion files: what is written is read back, without pickle, whatever rig made it; and nothing hostile is believed."""

import io
import json
import os
import zipfile

import numpy as np
import pytest

from visavox.errors import FileError, OptionError
from visavox.io import motion as motion_io
from visavox.io.motion import read_motion, write_motion
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT

STRANGE = Rig("strange", (Channel("ear", "neck", "coefficient", -np.inf, np.inf), Channel("trunk", "head", "rad", -2, 2)))


def some_motion(rig: Rig = ARKIT, frames: int = 7) -> Motion:
    return Motion(np.random.default_rng(0).random((frames, len(rig))), 29.97, rig)


def archive(path, **arrays):
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("rig", [ARKIT, STRANGE])
def test_a_motion_comes_back_with_its_rig(tmp_path, rig):
    motion = some_motion(rig)
    write_motion(motion, tmp_path / "a.npz", {"seed": 7})
    back = read_motion(tmp_path / "a.npz")
    assert np.array_equal(back.values, motion.values) and back.fps == motion.fps and back.rig == rig
    assert read_motion(tmp_path / "a.npz").provenance == {"seed": 7}
    assert os.listdir(tmp_path) == ["a.npz"]


def test_the_file_is_what_the_format_says(tmp_path):
    motion = some_motion()
    write_motion(motion, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert sorted(stored) == ["channels", "fps", "rig", "values"]
        assert stored["values"].dtype == np.float32 and stored["values"].shape == (7, len(ARKIT))
        assert stored["channels"].tolist() == list(ARKIT.names) and float(stored["fps"]) == 29.97
        assert json.loads(str(stored["rig"]))["name"] == "arkit"
    assert read_motion(tmp_path / "a.npz").provenance == {}


def test_equal_motions_are_equal_bytes_whatever_the_clock(tmp_path, monkeypatch):
    write_motion(some_motion(), tmp_path / "a.npz")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    write_motion(some_motion(), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_file_without_a_rig_opens_by_its_channels(tmp_path):
    archive(tmp_path / "a.npz", values=np.full((3, 2), 5.0), channels=["x", "y"], fps=60)
    motion = read_motion(tmp_path / "a.npz")
    assert motion.rig.names == ("x", "y") and motion.rig.name == "unknown" and motion.values.max() == 5
    archive(tmp_path / "b.npz", values=np.zeros((3, 1)), channels=np.array([b"x"]), fps=60, rig="theirs")
    assert read_motion(tmp_path / "b.npz").rig.name == "theirs" and read_motion(tmp_path / "b.npz").rig.names == ("x",)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"values": np.zeros((1, 1)), "channels": ["x"]}, "lacks fps"),
        ({"values": np.zeros((1, 1)), "fps": 25}, "lacks channels"),
        ({"values": np.zeros((1, 3)), "channels": ["x"], "fps": 25}, "does not fit"),
        ({"values": np.full((1, 1), np.nan), "channels": ["x"], "fps": 25}, "frame 0, channel 'x'"),
        ({"values": np.zeros((0, 1)), "channels": ["x"], "fps": 25}, "zero frames"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 0}, "has fps 0;"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": [25, 30]}, "does not hold a motion"),
        ({"values": np.zeros((1, 2)), "channels": ["x", "x"], "fps": 25}, "twice"),
        ({"values": [["a"]], "channels": ["x"], "fps": 25}, "does not hold a motion"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 25, "rig": "{}"}, "malformed"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 25, "rig": "{"}, "not JSON"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 25, "rig": json.dumps(ARKIT.to_json())}, "different"),
        ({"values": np.full((1, 1), 1e30), "channels": ["x"], "fps": 25}, "the value 1e.30 at frame 0, channel 'x'"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": np.inf}, "fps"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 1e5}, "fps 100000"),
        ({"values": np.zeros((86401, 1)), "channels": ["x"], "fps": 1}, "lasts 24.00 h"),
        ({"values": np.zeros((1, 1)), "channels": [3], "fps": 25}, "not of text"),
        ({"values": np.zeros((1, 1)), "channels": ["x"], "fps": 25, "rig": '{"a":' * 9000}, "deep"),
        ({"values": np.array([[{}]], object), "channels": ["x"], "fps": 25}, "something other than numbers or text"),
    ],
)
def test_a_bad_motion_is_one_line_that_names_the_file(tmp_path, arrays, says):
    path = archive(tmp_path / "bad.npz", **arrays)
    with pytest.raises(FileError, match=says) as caught:
        read_motion(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_files_that_are_no_archive(tmp_path):
    (tmp_path / "text.npz").write_text("no archive")
    whole = tmp_path / "whole.npz"
    write_motion(some_motion(frames=500), whole)
    (tmp_path / "half.npz").write_bytes(whole.read_bytes()[:900])
    for name, says in [
        ("text.npz", "damaged or of another kind"),
        ("half.npz", "damaged or of another kind"),
        ("no.npz", "does not exist"),
    ]:
        with pytest.raises(FileError, match=says):
            read_motion(tmp_path / name)
    with pytest.raises(FileError, match="cannot be read"):
        read_motion(tmp_path)


def test_a_flipped_byte_is_noticed_or_harmless(tmp_path):
    write_motion(some_motion(), tmp_path / "a.npz")
    data = bytearray((tmp_path / "a.npz").read_bytes())
    refused = 0
    for position in range(0, len(data), 37):
        data[position] ^= 0x55
        (tmp_path / "b.npz").write_bytes(data)
        data[position] ^= 0x55
        try:
            read_motion(tmp_path / "b.npz")
        except FileError:
            refused += 1
    assert refused > 20


def test_a_claim_of_a_huge_array_is_not_believed(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**14, 1)})
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("values.npy", header.getvalue())
        file.writestr("channels.npy", b"")
        file.writestr("fps.npy", b"")
    with pytest.raises(FileError, match="no possible shape"):
        read_motion(tmp_path / "a.npz")


def test_an_archive_that_unpacks_beyond_the_limit_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(motion_io, "MOST_BYTES", 1000)
    write_motion(Motion(np.zeros((5000, len(ARKIT))), 25, ARKIT), tmp_path / "a.npz")
    with pytest.raises(FileError, match="unpacks to 1 MB"):
        read_motion(tmp_path / "a.npz")


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(OptionError, match="end it in one of .npz"):
        write_motion(some_motion(), tmp_path / "a.csv")
