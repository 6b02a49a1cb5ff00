"""Text and JSON from strangers: plain values come out whole; everything else is one line that names file and line."""

import json

import pytest

from visavox.errors import FileError
from visavox.io.documents import parse_json, read_json, read_json_lines, read_text

ADVICE = "give another"


def test_text_is_read_with_and_without_a_mark(tmp_path):
    for mark in (b"", b"\xef\xbb\xbf"):
        (tmp_path / "a.txt").write_bytes(mark + "Grüße".encode())
        assert read_text(tmp_path / "a.txt") == "Grüße"


@pytest.mark.parametrize("data", [b"one\ntwo\nthr\xffe", "one\ntwo\nthrée\nfour".encode("latin-1"), b"\n\n\xed\xa0\x80"])
def test_text_that_is_not_utf8_is_named_by_its_line(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(FileError, match=r"a.txt, line 3 is not UTF-8 text \(byte 0x"):
        read_text(tmp_path / "a.txt")


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"x" * 100)
    for path, says in ((tmp_path / "no.txt", "does not exist"), (tmp_path, "cannot be read"), (tmp_path / "large.txt", "larger")):
        with pytest.raises(FileError, match=says):
            read_text(path, most=10)


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "ü", {"b": []}]}, [[[[[1]]]]], "text", -5, 2**62])
def test_plain_values_come_back(value):
    assert parse_json(json.dumps(value), "f", ADVICE) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"), ("{", "not JSON"), ("{'a': 1}", "not JSON"), ("nan", "not JSON"), ("[NaN]", "not finite"),
        ("[1, -Infinity]", "not finite"), ("1e400", "not finite"), ("9" * 5000, "not JSON"), ("[1" + "0" * 400 + "]", "too large"),
        ('{"a": 1, "a": 2}', "'a' is there twice"),
        ('["\\ud800"]', "half a character"), ('{"\\udc80": 1}', "half a character"), ("[" * 200000, "deep"), ("[" * 60 + "]" * 60, "deep"),
        ('{"a":' * 60 + "1" + "}" * 60, "deep"), ("[" * 900 + "]" * 900, "deep"),
    ],
)  # fmt: skip
def test_what_is_not_plain_json_is_one_line(text, says):
    with pytest.raises(FileError, match=f"^f .*{says}.*; give another$"):
        parse_json(text, "f", ADVICE)


def test_lines_are_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n{"a": \n')
    lines = read_json_lines(tmp_path / "a.jsonl", ADVICE)
    assert next(lines) == (f"{tmp_path / 'a.jsonl'}, line 1", {"a": 1})
    with pytest.raises(FileError, match="a.jsonl, line 3 is not JSON"):
        next(lines)
    (tmp_path / "a.json").write_text("[1]")
    assert read_json(tmp_path / "a.json", ADVICE) == [1]
