"""`Fields`: an entry of a foreign document is of its kind, or the message says which entry of which file is not."""

import pytest

from visavox.errors import FileError
from visavox.fields import Fields

HOSTILE = [None, True, "", "x", -1, 0.5, 2**70, 10**400, float("nan"), float("inf"), [], {}, [[]], "A" * 100_000]
TAKE = {"number": (1, 9), "whole": (1, 9), "numbers": (1, 9), "wholes": (1, 9)}
RIGHT = {
    "text": "x", "flag": True, "number": 2.5, "whole": 3, "items": [1, "x"], "numbers": [1, 2.5], "wholes": [3], "texts": ["x"],
    "fields": {}, "each": [{}, {}],
}  # fmt: skip
KINDS = {kind: lambda fields, kind=kind: getattr(fields, kind)("a", *TAKE.get(kind, ())) for kind in RIGHT}


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_its_kind_comes_back(kind):
    found = KINDS[kind](Fields({"a": RIGHT[kind]}, "file", "do this"))
    plain = [fields.value for fields in found] if kind == "each" else found.value if kind == "fields" else found
    assert plain == RIGHT[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_entries_are_of_the_kind_or_named(kind):
    refused = 0
    for value in (*HOSTILE, *([value] for value in HOSTILE)):
        try:
            KINDS[kind](Fields({"outer": {"a": value}}, "file", "do this").fields("outer"))
        except FileError as error:
            refused += 1
            assert str(error).startswith("file has ") and "outer.a" in str(error) and str(error).endswith("; do this")
            assert len(str(error)) < 300
    assert refused >= 8
    with pytest.raises(FileError, match="file lacks a; do this"):
        KINDS[kind](Fields({}, "file", "do this"))


def test_places_and_extra_entries_are_named():
    fields = Fields({"rows": [{"n": 1}, {"n": "x"}]}, "file", "do this")
    assert "rows" in fields and "n" not in fields
    with pytest.raises(FileError, match=r"file has 'x' for rows\[1\].n, not a whole number from 0 to 5"):
        [row.whole("n", 0, 5) for row in fields.each("rows")]
    with pytest.raises(FileError, match="unknown entry rows"):
        fields.only(["n"])
    with pytest.raises(FileError, match="file has 1 for its content, not an object"):
        Fields(1, "file", "do this")
