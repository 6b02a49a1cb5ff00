"""The door of formats: what each entry of `FORMATS` promises, a pretend one among them."""

import os

import numpy as np
import pytest

import visavox.export
import visavox.io.atomic
from visavox.errors import FileError, OptionError
from visavox.export import FORMATS, Accompaniment, Format, export, suffixes, zeroed
from visavox.export.format import KEEPS, NEEDS, OPTIONS
from visavox.io.atomic import write_bytes
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, SHAPES


class Bar:
    """Draws a grey picture as bright as the jaw is open, for formats that are pictures."""

    def frames(self, motion):
        return (np.full((64, 64, 3), int(200 * jaw), np.uint8) for jaw in motion.channel("jawOpen"))


def write_count(motion, path, accompaniment):
    """A pretend format: how many frames there are, in words."""
    write_bytes(f"{motion.frames} frames of speech, said {accompaniment.provenance}".encode(), path)


PRETEND = Format(".count", write_count, "a count", frozenset({"provenance"}), "a number", "the motion", "visavox export a.npz -o a.count")
FAMILY = (*FORMATS, PRETEND)


@pytest.fixture(autouse=True)
def with_the_pretend_one(monkeypatch):
    """One list line is all that a new format takes."""
    monkeypatch.setattr(visavox.export, "FORMATS", FAMILY)


MOTION = Motion(np.random.default_rng(1).random((5, len(ARKIT))), 25, ARKIT)


@pytest.mark.parametrize("suffix", [each.suffix for each in FAMILY])
def test_an_export_is_one_whole_file_and_always_the_same(tmp_path, suffix):
    for name in "ab":
        (tmp_path / name).mkdir()
        export(MOTION, tmp_path / name / f"face{suffix}", Accompaniment(provenance={"seed": 1}, renderer=Bar()))
    first, second = (tmp_path / name / f"face{suffix}" for name in "ab")
    assert first.read_bytes() == second.read_bytes() and first.stat().st_size > 20


@pytest.mark.parametrize("suffix", [each.suffix for each in FAMILY])
def test_an_export_that_cannot_be_finished_leaves_nothing(tmp_path, suffix, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(visavox.io.atomic.os, "replace", full)
    with pytest.raises(FileError, match="No space left"):
        export(MOTION, tmp_path / f"a{suffix}", Accompaniment(renderer=Bar()))
    assert os.listdir(tmp_path) == []


def test_an_unknown_suffix_lists_the_known_ones(tmp_path):
    with pytest.raises(OptionError) as caught:
        export(MOTION, tmp_path / "a.xyz")
    assert all(suffix in str(caught.value) for suffix in suffixes())


@pytest.mark.parametrize("chosen", FAMILY, ids=lambda each: each.suffix)
def test_a_format_says_of_itself_what_is_known(chosen):
    assert chosen.suffix.startswith(".") and chosen.suffix == chosen.suffix.lower()
    assert chosen.keeps <= set(KEEPS) and chosen.needs <= set(NEEDS) and chosen.options <= set(OPTIONS)
    assert all((chosen.what, chosen.kept, chosen.lost, chosen.example))


@pytest.mark.parametrize("chosen", FAMILY, ids=lambda each: each.suffix)
def test_provenance_is_in_the_file_or_beside_it(chosen, tmp_path):
    path = tmp_path / f"face{chosen.suffix}"
    export(MOTION, path, Accompaniment(provenance={"generator": "visavox of the tests"}, renderer=Bar()))
    beside = tmp_path / f"{path.name}.provenance.json"
    assert beside.exists() == ("provenance" not in chosen.keeps)
    export(MOTION, path, Accompaniment(renderer=Bar()))
    assert not beside.exists()
    if "provenance" not in chosen.keeps:
        beside.mkdir()
        path.unlink()
        with pytest.raises(FileError, match=r"provenance.json: it is a folder"):
            export(MOTION, path, Accompaniment(provenance={"generator": "visavox of the tests"}, renderer=Bar()))
        assert not path.exists()


@pytest.mark.parametrize("chosen", FAMILY, ids=lambda each: each.suffix)
def test_a_format_of_every_shape_says_which_are_zero(chosen, tmp_path):
    jaw = Motion(np.ones((2, 1)), 25, Rig("jaw", (Channel("jawOpen"),)))
    missing = zeroed(jaw, tmp_path / f"a{chosen.suffix}")
    assert missing == ([name for name in SHAPES if name != "jawOpen"] if "every shape" in chosen.keeps else [])


@pytest.mark.parametrize("chosen", [each for each in FAMILY if "renderer" in each.needs], ids=lambda each: each.suffix)
def test_what_a_format_needs_is_named(chosen, tmp_path):
    with pytest.raises(OptionError, match="renderer"):
        export(MOTION, tmp_path / f"a{chosen.suffix}")
    assert os.listdir(tmp_path) == []


def test_a_pretend_format_is_chosen_by_its_suffix(tmp_path):
    export(MOTION, tmp_path / "a.COUNT")
    assert (tmp_path / "a.COUNT").read_text().startswith("5 frames") and ".count" in suffixes()
