"""Where the machine code of drawing is kept when neither the package nor a home can be written."""

import os
import stat
import tempfile

import pytest

from visavox.cli.options import cache
from visavox.render import machine_code

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders of one user alone")


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """The folder for temporary files; no other takes any, and the package carries no machine code."""
    monkeypatch.setattr(machine_code, "fits", lambda: False)
    takes = cache.takes_files
    monkeypatch.setattr(cache, "takes_files", lambda folder: tmp_path in folder.parents and takes(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(cache.CACHE, "")
    return tmp_path


def test_a_folder_of_the_users_own_is_found_and_said_once(homeless, monkeypatch, capsys):
    cache.keep_compiled()
    place = homeless / f"visavox-{os.getuid()}"
    assert os.environ[cache.CACHE] == str(place) and stat.S_IMODE(place.stat().st_mode) == 0o700
    assert f"this once: it is kept in {place}" in capsys.readouterr().err
    monkeypatch.setenv(cache.CACHE, "")
    cache.keep_compiled()
    assert os.environ[cache.CACHE] == str(place) and capsys.readouterr().err == ""


@pytest.mark.parametrize("made", ["open to all", "a link"])
def test_a_folder_that_others_may_have_filled_is_not_trusted(homeless, capsys, made):
    place = homeless / f"visavox-{os.getuid()}"
    if made == "a link":
        (homeless / "other").mkdir(mode=0o700)
        place.symlink_to(homeless / "other")
    else:
        place.mkdir()
        place.chmod(0o777)
    cache.keep_compiled()
    assert not os.environ[cache.CACHE] and "each time" in capsys.readouterr().err


def test_a_place_that_is_there_is_left_alone(homeless, monkeypatch, capsys):
    monkeypatch.setattr(cache, "takes_files", lambda folder: folder.name == "__pycache__")
    cache.keep_compiled()
    assert not os.environ[cache.CACHE] and capsys.readouterr().err == ""


def test_where_the_package_carries_the_machine_code_nothing_is_to_be_kept(homeless, monkeypatch, capsys):
    monkeypatch.setattr(machine_code, "fits", lambda: True)
    cache.keep_compiled()
    assert not os.environ[cache.CACHE] and capsys.readouterr().err == "" and not list(homeless.iterdir())
