"""`visavox prepare`: what is missing is one line before the work, and a film that is none is a line of the report."""

import pytest

from visavox.cli import main


def test_what_is_missing_is_said_before_the_work(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("VISAVOX_LANDMARKER", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "film.mp4").write_bytes(b"x")
    stated = ["--consent", "mine", "--licence", "CC0-1.0"]
    assert main(["prepare", str(tmp_path / "film.mp4"), "-o", str(tmp_path / "store"), *stated]) == 2
    assert "there is no landmark model" in capsys.readouterr().err
    assert main(["prepare", str(tmp_path / "nothing"), "-o", str(tmp_path / "store"), *stated]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("left_out", ["--consent", "--licence"])
def test_consent_and_licence_are_asked_for(tmp_path, capsys, left_out):
    stated = [word for flag in ("--consent", "--licence") if flag != left_out for word in (flag, "mine")]
    (tmp_path / "film.mp4").write_bytes(b"x")
    assert main(["prepare", str(tmp_path / "film.mp4"), "-o", str(tmp_path / "store"), *stated]) == 2
    assert left_out in capsys.readouterr().err
