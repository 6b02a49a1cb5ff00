"""`visavox store` and the store that `visavox synth` leaves: what a person types and reads."""

import json
import os
import shutil

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from made_clips import made_clip  # noqa: E402

from visavox.cli import main  # noqa: E402
from visavox.data.store.reading import open_store  # noqa: E402
from visavox.data.store.writing import append_clips, start_store  # noqa: E402
from visavox.io.motion import write_motion  # noqa: E402
from visavox.motion import Motion  # noqa: E402
from visavox.rigs.arkit import ARKIT  # noqa: E402


@pytest.fixture
def store(tmp_path):
    return append_clips(start_store(tmp_path / "store"), [made_clip(name, name, 25) for name in ("ann", "bob", "cyd")]).folder


def said(capsys, *arguments, code=0):
    assert main(["store", *map(str, arguments)]) == code
    out, err = capsys.readouterr()
    assert err.count("\n") == (code != 0)
    return out + err


def test_info(capsys, store):
    text = said(capsys, "info", store)
    for words in (
        "3 clips, 0.00 h at 16000 Hz in 1 shards",
        "rig arkit (55 channels) at 25 fps",
        "3 to train on",
        "licence: CC0",
        "fingerprint",
    ):
        assert words in text


def test_verify(capsys, store):
    assert "holds what its index says" in said(capsys, "verify", store)
    (store / "left.part").write_bytes(b"")
    text = said(capsys, "verify", store, code=2)
    assert "left.part was left by a writer that was killed; delete it" in text and "has 1 problems" in text


def test_split_and_index(capsys, store):
    assert "test: 1 speakers: bob" in said(capsys, "split", store, "--test-speakers", "bob")
    assert open_store(store).split.test == ("bob",)
    assert "no speaker fell to validation; give another --seed" in said(capsys, "split", store, "--validation", "1e-9")
    (store / "index.json").unlink()
    assert "visavox store index" in said(capsys, "info", store, code=2)
    assert "indexed 3 clips in 1 shards" in said(capsys, "index", store)
    assert "'dan', listed for test, is not in the store" in said(capsys, "split", store, "--test-speakers", "dan", code=2)


def test_merge(capsys, store, tmp_path):
    append_clips(start_store(tmp_path / "other"), [made_clip("dan", "dan", 25)])
    assert "4 clips" in said(capsys, "merge", store, tmp_path / "other", "-o", tmp_path / "both")
    assert open_store(tmp_path / "both").speakers == ["ann", "bob", "cyd", "dan"]


def test_import(capsys, tmp_path):
    soundfile = pytest.importorskip("soundfile")
    (tmp_path / "mine").mkdir()
    soundfile.write(tmp_path / "mine" / "hello.wav", 0.1 * np.sin(np.arange(16000) * 0.1), 16000)
    arguments = ("import", tmp_path / "mine", "-o", tmp_path / "new")
    assert "--consent" in said(capsys, *arguments, code=2)
    assert "--licence" in said(capsys, *arguments, "--consent", "my own voice", code=2)
    both = (*arguments, "--consent", "my own voice", "--licence", "CC0")
    assert "1 clips came in" in said(capsys, *both)
    assert "0 clips came in (1 were there already)" in said(capsys, *both)


def test_an_import_of_a_name_that_is_no_text_leaves_nothing(capsys, tmp_path):
    soundfile = pytest.importorskip("soundfile")
    path = tmp_path / "mine" / os.fsdecode(b"caf\xe9.wav")
    path.parent.mkdir()
    try:
        path.touch()
    except OSError:
        pytest.skip("names are UTF-8 here")
    with path.open("wb") as file:
        soundfile.write(file, 0.1 * np.sin(np.arange(16000) * 0.1), 16000, format="WAV")
    text = said(capsys, "import", path.parent, "-o", tmp_path / "new", "--consent", "my own voice", "--licence", "CC0", code=2)
    assert "the name caf? is not UTF-8 text" in text and not (tmp_path / "new").exists()


def test_a_store_whose_first_writing_failed_is_told_of(capsys, tmp_path):
    with pytest.raises(UnicodeEncodeError):
        append_clips(start_store(tmp_path / "new"), [made_clip("caf\udce9", "ann", 25)])
    text = said(capsys, "info", tmp_path / "new")
    assert "0 clips, 0.00 h in 0 shards" in text and "no motion" in text


def test_import_says_which_sounds_have_no_motion(capsys, tmp_path):
    soundfile = pytest.importorskip("soundfile")
    for name in ("1", "11", "one"):  # the clip 11 is none of the sound 1
        soundfile.write(tmp_path / f"{name}.wav", 0.1 * np.sin(np.arange(16000) * 0.1), 16000)
    write_motion(Motion(np.zeros((25, len(ARKIT))), 25, ARKIT), tmp_path / "11.npz")
    terms = ("--consent", "my own voice", "--licence", "CC0")
    text = said(capsys, "import", tmp_path, "-o", tmp_path / "new", *terms)
    assert "1 clips came in" in text and "2 left out, since no motion has their name or others hold the same: 1.wav, one.wav" in text


def test_what_is_asked_wrongly_is_one_line(capsys, store):
    assert "invalid choice: 'inf'" in said(capsys, "inf", code=2)
    assert "info|verify|index|merge|split|import" in said(capsys, code=2)
    assert "knows no '--sede'" in said(capsys, "split", store, "--sede", "1", code=2)


@pytest.mark.skipif(not shutil.which("flite"), reason="needs Debian's flite")
def test_synth_ends_with_a_store(capsys, tmp_path, monkeypatch):
    from visavox.data.synth import corpus

    monkeypatch.setattr(corpus, "SHARES", {"flite:slt": 0.5, "flite:kal16": 0.5})
    arguments = ["synth", "--hours", "0.01", "--processes", "1", "-o", str(tmp_path / "a")]
    assert main(arguments) == 0
    assert "holds what its index says" in said(capsys, "verify", tmp_path / "a")
    index = json.loads((tmp_path / "a" / "index.json").read_text())
    assert [shard["name"] for shard in index["shards"]] == ["shard-flite-kal16-00001.parquet", "shard-flite-slt-00000.parquet"]
    assert {clip.consent for clip in open_store(tmp_path / "a").clips()} == {"synthetic voice"}
    held = (tmp_path / "a" / "index.json").read_bytes()
    assert main(arguments) == 0 and (tmp_path / "a" / "index.json").read_bytes() == held, "a second run finds it done"
    assert main([*arguments[:-1], str(tmp_path / "b")]) == 0
    assert open_store(tmp_path / "b").index.fingerprint == index["fingerprint"], "the same seed gives the same corpus"
