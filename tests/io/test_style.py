"""Style files come back as they were, and what is not one is refused by name."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import safetensors.numpy

from visavox.errors import FileError, OptionError
from visavox.io.style import read_style, write_style
from visavox.io.tensors import write_tensors
from visavox.style import HeadStyle, Style

CALM = Style(np.linspace(-1, 1, 8), "abc123", "calm")


def test_a_style_comes_back(tmp_path):
    write_style(CALM, tmp_path / "calm.safetensors")
    back = read_style(tmp_path / "calm.safetensors")
    assert np.array_equal(back.vector, CALM.vector) and (back.encoder, back.name) == ("abc123", "calm")


def test_the_style_of_the_head_comes_back_and_older_files_have_the_usual_one(tmp_path):
    head = HeadStyle(0.5, (1, 2, 0.5), tilt=-0.3, rest=(1, -2, 3))
    write_style(replace(CALM, head=head), tmp_path / "calm.safetensors")
    assert read_style(tmp_path / "calm.safetensors").head == head
    write_tensors({"vector": CALM.vector}, {"kind": "style", "version": 1, "name": "x", "encoder": "e"}, tmp_path / "old.safetensors")
    assert read_style(tmp_path / "old.safetensors").head == HeadStyle()


@pytest.mark.parametrize("head", [{"amplitude": 99}, {"axes": 1}, {"rest": "abc"}, {"other": 1}, {"tilt": None}, [1], {"speed": [1, 2]}])
def test_a_style_of_no_head_is_refused(tmp_path, head):
    header = {"kind": "style", "version": 1, "name": "x", "encoder": "e", "head": head}
    write_tensors({"vector": CALM.vector}, header, tmp_path / "bad.safetensors")
    with pytest.raises(FileError, match="bad.safetensors has .*head.*extract the style again"):
        read_style(tmp_path / "bad.safetensors")


def bad_style(path, kind):
    good = path.with_name("good.safetensors")
    write_style(CALM, good)
    header = {"kind": "style", "version": 1, "name": "x", "encoder": "e"}
    if kind == "checkpoint":
        write_tensors({"vector": CALM.vector}, {"kind": "checkpoint", "version": 1}, path)
    elif kind == "future":
        write_tensors({"vector": CALM.vector}, header | {"version": 9}, path)
    elif kind == "matrix":
        write_tensors({"vector": np.zeros((2, 2), np.float32)}, header, path)
    elif kind == "no vector":
        write_tensors({"other": CALM.vector}, header, path)
    elif kind == "foreign":
        path.write_bytes(safetensors.numpy.save({"vector": CALM.vector}))
    elif kind == "truncated":
        path.write_bytes(good.read_bytes()[:-3])
    elif kind == "cut header":
        path.write_bytes(good.read_bytes()[:40])
    elif kind == "three bytes":
        path.write_bytes(b"abc")
    elif kind == "pickle":
        path.write_bytes(pickle.dumps({"vector": [1]}))
    elif kind == "text":
        path.write_text("plain text, nothing more")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("checkpoint", "is a checkpoint, not a style"),
        ("future", "style version 9"),
        ("matrix", "does not hold a style"),
        ("no vector", "does not hold a style"),
        ("foreign", "another program"),
        ("truncated", "truncated"),
        ("cut header", "truncated inside its header"),
        ("three bytes", "truncated"),
        ("pickle", "is a pickle"),
        ("text", "not a .safetensors file"),
        ("missing", "does not exist"),
    ],
)
def test_a_bad_style_file_is_refused_by_name(tmp_path, kind, says):
    path = tmp_path / "bad.safetensors"
    bad_style(path, kind)
    with pytest.raises(FileError, match=says) as caught:
        read_style(path)
    assert str(path) in str(caught.value)


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(OptionError, match="end it in one of .safetensors"):
        write_style(CALM, tmp_path / "calm.pt")
