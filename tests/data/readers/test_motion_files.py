"""Visavox's own motion files beside their sound, taken back into a store."""

import numpy as np
import pytest

from recordings import write_with_libsndfile
from visavox.data.readers.folder import read_folder
from visavox.data.store.importing import Terms, import_folder
from visavox.errors import FileError
from visavox.export import export
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

pytest.importorskip("pyarrow")


def some_motion(fps=50.0, seconds=2.0):
    frames = round(seconds * fps)
    return Motion(np.zeros((frames, len(ARKIT))), fps, ARKIT).with_channels({"jawOpen": np.linspace(0, 0.5, frames)})


@pytest.mark.parametrize("place", [".", "motion"])
@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_a_motion_comes_in_with_its_sound(tmp_path, place, suffix):
    folder = tmp_path / "ann"
    (folder / place).mkdir(parents=True)
    export(some_motion(), folder / place / f"face{suffix}")
    write_with_libsndfile(folder / "face.wav", 1.6, 16000)
    (clip,) = read_folder(folder, licence="CC0")
    assert (clip.name, clip.speaker, clip.motion.fps, clip.motion.frames) == ("face", "ann", 25, 40)
    done = import_folder(folder, tmp_path / "store", Terms("my own", "CC0"))
    (stored,) = done.store.clips()
    assert done.store.rig == ARKIT and stored.name == "ann/face"
    np.testing.assert_allclose(stored.motion.channel("jawOpen"), some_motion().at_fps(25).channel("jawOpen")[:40], atol=1e-3)


def test_a_motion_without_sound_or_damaged_is_named(tmp_path):
    write_motion(some_motion(), tmp_path / "face.npz")
    with pytest.raises(FileError, match="no sound for clip 'face'"):
        read_folder(tmp_path)
    (tmp_path / "face.npz").write_bytes(b"PK")
    with pytest.raises(FileError, match="face.npz is damaged"):
        read_folder(tmp_path)


def test_a_parquet_of_another_kind_is_no_motion(tmp_path):
    (tmp_path / "shard.parquet").write_bytes(b"PAR1")
    write_with_libsndfile(tmp_path / "face.wav", 1.0, 16000)
    (clip,) = read_folder(tmp_path)
    assert clip.name == "face" and clip.motion is None
