"""`visavox retarget`: what a FLAME model made drives every export, and pairs that are none."""

import numpy as np
import pytest

import recordings
from flame_like import flame_from_head
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.export import format_of, suffixes
from visavox.io.assets import read_head_asset
from visavox.io.head import write_head
from visavox.io.motion import read_motion, write_motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME_GENERATED
from visavox.rigs.heads.default_head import Head


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A FLAME-like head made of the default head, which points belong together, and what a model of random weights made of a recording."""
    folder = tmp_path_factory.mktemp("retarget")
    arrays, kept = flame_from_head(Head.from_asset(read_head_asset()), 1.0, np.zeros(3))
    write_head(arrays, "made", folder / "flame.safetensors")
    np.savez(folder / "pairs.npz", flame=np.arange(len(kept))[::20], arkit=kept[::20])
    recordings.write_with_libsndfile(folder / "speech.wav", 0.2, 16000)
    model = write_tiny_checkpoint(folder / "model.safetensors", FLAME_GENERATED, 100)
    made = ["animate", str(folder / "speech.wav"), "--checkpoint", str(model), "--steps", "2", "-o", str(folder / "flame.npz")]
    assert main(made) == 0
    pairs = ["--pairs", str(folder / "pairs.npz")]
    flags = ["--to", "arkit", "--flame", str(folder / "flame.safetensors"), *pairs]
    assert main(["retarget", str(folder / "flame.npz"), *flags, "-o", str(folder / "arkit.npz")]) == 0
    write_motion(read_motion(folder / "arkit.npz").with_channels({name: 0.0 for name in ARKIT.names}), folder / "rest.npz")
    return folder


def test_motion_of_a_flame_model_becomes_arkits(folder):
    motion = read_motion(folder / "arkit.npz")
    assert read_motion(folder / "flame.npz").rig == FLAME_GENERATED and motion.rig == ARKIT and motion.frames == 5
    assert motion.provenance == read_motion(folder / "flame.npz").provenance and motion.provenance["source"] == "speech.wav"
    assert np.abs(motion.select(("headPitch", "headYaw", "headRoll"))).min() > 0.01 and motion.channel("jawOpen").max() > 0.1


@pytest.mark.parametrize("suffix", suffixes())
def test_it_drives_every_export(folder, suffix):
    """What is written is not what a face at rest would give."""
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    if suffix.startswith(".usd"):
        pytest.importorskip("pxr")
    written = {}
    for name in ("arkit", "rest"):
        out = folder / f"{name}-out{suffix}"
        sound = ["--audio", str(folder / "speech.wav")] if "sound" in format_of(out).keeps else []
        assert main(["export", str(folder / f"{name}.npz"), *sound, "-o", str(out)]) == 0
        written[name] = out.read_bytes()
    assert written["arkit"] != written["rest"]


@pytest.mark.parametrize(("content", "says"), [
    (b"PK\x03\x04 half a file", "damaged or of another kind"),
    (b"text", "damaged or of another kind"),
    (None, "does not exist"),
    ({"flame": np.arange(20)}, "lacks arkit"),
    ({"flame": np.arange(20), "arkit": np.array(["a"] * 20)}, "has arkit of shape (20,) and type <U1"),
    ({"flame": np.arange(20), "arkit": np.arange(21)}, "give as many of each"),
    ({"flame": np.arange(20) + 10**7, "arkit": np.arange(20)}, "check which head is which"),
])  # fmt: skip
def test_pairs_that_are_none_are_refused_in_one_line(folder, tmp_path, capsys, content, says):
    pairs, out = tmp_path / "bad.npz", tmp_path / "no.npz"
    if isinstance(content, bytes):
        pairs.write_bytes(content)
    elif content:
        np.savez(pairs, **content)
    flags = ["--to", "arkit", "--flame", str(folder / "flame.safetensors"), "--pairs", str(pairs), "-o", str(out)]
    assert main(["retarget", str(folder / "flame.npz"), *flags]) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1 and not out.exists()


def test_an_array_alone_is_no_pairs(folder, tmp_path, capsys):
    np.save(tmp_path / "one.npy", np.arange(20))
    flags = ["--to", "arkit", "--flame", str(folder / "flame.safetensors"), "--pairs", str(tmp_path / "one.npy")]
    assert main(["retarget", str(folder / "flame.npz"), *flags, "-o", str(tmp_path / "no.npz")]) == 2
    assert "one.npy is damaged or of another kind" in capsys.readouterr().err
