"""Motion out of Parquet: what `visavox export` wrote comes back, also after another program saved it; the rest is one line."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from visavox.cli import main
from visavox.errors import FileError
from visavox.export import export
from visavox.export.accompaniment import Accompaniment
from visavox.io.motion import read_motion, write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def written(tmp_path):
    motion = Motion(np.random.default_rng(0).random((9, len(ARKIT))) * 0.3, 30000 / 1001, ARKIT)
    export(motion, tmp_path / "face.parquet", Accompaniment(provenance={"seed": 7}))
    return motion, tmp_path / "face.parquet"


def save(path, columns: dict, metadata: dict | None = None):
    parquet.write_table(pyarrow.table(columns).replace_schema_metadata(metadata), path)
    return path


def test_an_exported_motion_comes_back(written):
    motion, path = written
    back = read_motion(path)
    assert np.array_equal(back.values, motion.values) and back.fps == motion.fps and back.rig == ARKIT
    assert read_motion(path).provenance == {"seed": 7}


def test_a_motion_saved_by_another_program_is_known_by_its_columns_and_times(written):
    motion, path = written
    save(path, {name: pyarrow.array(parquet.read_table(path)[name].to_numpy().astype(float)) for name in ("seconds", *ARKIT.names)})
    back = read_motion(path)
    assert np.array_equal(back.values, motion.values) and back.fps == pytest.approx(motion.fps) and back.rig.names == ARKIT.names
    assert read_motion(path).provenance == {}


@pytest.mark.parametrize("verb", ["inspect", "export", "render", "retarget", "play"])
def test_every_verb_that_takes_a_motion_takes_it_whatever_it_is_called(written, verb, tmp_path, capsys):
    path = written[1].rename(tmp_path / "face.motion")
    if verb == "retarget":  # which needs a head; that this is what it misses shows that the motion was read
        assert main(["retarget", str(path), "--to", "flame", "-o", str(tmp_path / "o.npz")]) == 2
        assert "FLAME's head is yours to supply" in capsys.readouterr().err
        return
    output = {
        "inspect": [],
        "play": ["--to", "jsonl", "--fps", "100"],
        "export": ["-o", str(tmp_path / "o.csv")],
        "render": ["-o", str(tmp_path / "o.mp4"), "--size", "64"],
    }[verb]
    assert main([verb, str(path), *output]) == 0
    if verb == "inspect":
        assert "9 frames at 29.97 fps" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "verb", "said"), [
    ("face.parquet", "animate", "is no recording, but a motion"), ("face.wav", "animate", "is no recording, but a motion"),
    ("face.arkit.json", "play", "not .arkit.json"),
])  # fmt: skip
def test_what_a_verb_does_not_take_is_said_as_what_it_is(written, name, verb, said, tmp_path, capsys):
    motion, path = written
    if name.endswith((".csv", ".json")):
        export(motion, tmp_path / name, Accompaniment())
    else:
        path.rename(tmp_path / name)
    assert main([verb, str(tmp_path / name), *{"animate": ["-o", str(tmp_path / "o.npz")], "play": ["--to", "jsonl"]}[verb]]) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "o.npz").exists()
    if verb == "export":
        write_motion(motion, tmp_path / "a.npz")
        assert main(["export", str(tmp_path / "a.npz"), "-o", str(tmp_path / "p.csv")]) == 0
        assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "o.csv").read_bytes()


SECONDS = (np.arange(9) + 0.5) / 25
X = np.zeros(9, np.float32)
HOSTILE = {
    "no rate": ({"jawOpen": X}, None, "neither a rate"),
    "one time": ({"seconds": SECONDS[:1], "jawOpen": X[:1]}, None, "neither a rate"),
    "times that fall": ({"seconds": SECONDS[::-1], "jawOpen": X}, None, "neither a rate"),
    "times that leap": ({"seconds": np.append(SECONDS[:-1], 99.0), "jawOpen": X}, None, "not of one rate"),
    "a time that is none": ({"seconds": np.append(SECONDS[:-1], np.nan), "jawOpen": X}, None, "neither a rate"),
    "no channel": ({"seconds": SECONDS}, None, "9 frames of 0 channels"),
    "no frame": ({"seconds": SECONDS[:0], "jawOpen": X[:0]}, {"visavox.fps": "25"}, "zero frames"),
    "a hole": ({"seconds": SECONDS, "jawOpen": pyarrow.array([None] * 9, pyarrow.float32())}, None, "not a number at frame 0"),
    "text": ({"seconds": SECONDS, "jawOpen": ["x"] * 9}, None, "of string, not of numbers"),
    "lists": ({"seconds": SECONDS, "jawOpen": [[1.0]] * 9}, None, "not of numbers"),
    "numbers by name": ({"seconds": SECONDS, "jawOpen": pyarrow.array(["1"] * 9).dictionary_encode()}, None, "not of numbers"),
    "a huge value": ({"seconds": SECONDS, "jawOpen": X.astype(float) + 1e300}, None, "jawOpen"),
    "a rate that is text": ({"jawOpen": X}, {"visavox.fps": '"25"x'}, "a rate that is no number"),
    "a rate that is a list": ({"jawOpen": X}, {"visavox.fps": "[25]"}, "a rate that is no number"),
    "a rate too deep": ({"jawOpen": X}, {"visavox.fps": "[" * 99999}, "a rate that is no number"),
    "a rate that is none": ({"jawOpen": X}, {"visavox.fps": "NaN"}, "fps nan"),
    "a huge rate": ({"jawOpen": X}, {"visavox.fps": "1e300"}, "fps 1e.300"),
    "a foreign rig": ({"jawOpen": X}, {"visavox.fps": "25", "visavox.rig": json.dumps(ARKIT.to_json())}, "different channels"),
    "half a rig": ({"jawOpen": X}, {"visavox.fps": "25", "visavox.rig": '{"name": 5, "channels": []}'}, "for name, not a text"),
    "bytes": ({"jawOpen": X}, {b"visavox.fps": b"\xff\xfe"}, "not a readable"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_motion_is_one_line(tmp_path, what):
    columns, metadata, says = HOSTILE[what]
    path = save(tmp_path / "a.parquet", columns, metadata)
    with pytest.raises(FileError, match=says) as caught:
        read_motion(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_rows_are_counted_before_they_are_read(tmp_path, monkeypatch):
    """By run lengths a few kilobytes hold gigabytes."""
    monkeypatch.setattr("visavox.io.motion_parquet.MOST_BYTES", 1 << 20)
    with parquet.ParquetWriter(tmp_path / "a.parquet", pyarrow.schema([("x", pyarrow.float32())])) as writer:
        for _ in range(2):
            writer.write_table(pyarrow.table({"x": np.zeros(200_000, np.float32)}))
    assert (tmp_path / "a.parquet").stat().st_size < 1e4
    with pytest.raises(FileError, match="400000 rows of 1 columns; 1 MB are read at most"):
        read_motion(tmp_path / "a.parquet")


def test_damage_is_one_line(written, tmp_path):
    data, random = bytearray(written[1].read_bytes()), np.random.default_rng(1)
    for place in random.integers(0, len(data), 60):
        damaged = bytearray(data)
        damaged[place] ^= 1 << int(random.integers(8))
        (tmp_path / "b.parquet").write_bytes(damaged)
        try:
            read_motion(tmp_path / "b.parquet")
        except FileError as error:
            assert "b.parquet" in str(error) and "\n" not in str(error)
    for short in (b"", b"PAR1", b"PAR1" * 5, data[: len(data) // 2]):
        (tmp_path / "b.parquet").write_bytes(short)
        with pytest.raises(FileError, match="not a readable .parquet"):
            read_motion(tmp_path / "b.parquet")


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted as Linux lists them")
def test_reading_leaves_no_thread_behind_that_could_abort_the_end_of_the_process(written):
    """Arrow's pools do so, about once in a hundred commands on a busy machine (apache/arrow issue 34314)."""
    counting = (
        "import os, sys, pyarrow.parquet; from visavox.io.motion import read_motion; threads = lambda: len(os.listdir('/proc/self/task'))"
    )
    code = f"{counting}; before = threads(); read_motion(sys.argv[1]); print(threads() - before)"
    assert subprocess.run([sys.executable, "-c", code, written[1]], capture_output=True, text=True).stdout == "0\n"
