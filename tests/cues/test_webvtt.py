"""WebVTT as people and programs write it, and what broken files cost: one line that names the line, or a right result."""

import time

import pytest

from visavox.cue import Cue
from visavox.cues import parse_cues, read_cues, write_cues
from visavox.cues.grammar import read_instruction
from visavox.cues.performing import settled
from visavox.cues.webvtt import parse_blocks, parse_time, time_text
from visavox.errors import FileError, OptionError, VisavoxError


def test_what_subtitle_editors_write_is_read():
    text = (
        "\ufeffWEBVTT - made by hand\r\nKind: metadata\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nNOTE one\r\nand two\r\n\r\n"
        "intro\r\n00:00:01.000 --> 00:00:02.500 align:start position:10%\r\n<b>nod</b> twice; happy 0.5\r\nbrows&nbsp;up\r\n\r\n"
        "NOTE at once\r\n00:03.000 --> 00:03.000\r\nblink\r\n\r\n\r\n00:04.000 --> 00:05.000\r\n"
    )
    nod, happy, brows, blink = parse_cues(text)
    assert [cue.line for cue in (nod, happy, brows, blink)] == [12, 12, 13, 17]
    assert (nod.start, nod.end, nod.note) == (1.0, 2.5, "one and two") and (blink.note, blink.momentary) == ("at once", True)
    assert nod.instruction == read_instruction("nod twice") and brows.instruction == read_instruction("brows up")


BROKEN = {
    "WEBVTT\n\nNOTE 00:00.000 --> 00:01.000\nnod\n": 3,
    "": 1,
    "hello\n\n00:01.000 --> 00:02.000\nnod\n": 1,
    "WEBVTT\n\n00:01.000 -> 00:02.000\nnod\n": 3,
    "WEBVTT\n\n00:01 --> 00:02.000\nnod\n": 3,
    "WEBVTT\n\n00:01.000 --> \nnod\n": 3,
    "WEBVTT\n\n00:03.000 --> 00:02.000\nnod\n": 3,
    "WEBVTT\n\n00:61.000 --> 00:62.000\nnod\n": 3,
    "WEBVTT\n\n-00:01.000 --> 00:02.000\nnod\n": 3,
    "WEBVTT\n\n999:59:59.000 --> 999:59:59.500\nnod\n": 3,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nnod\n00:03.000 --> 00:04.000\nnod\n": 5,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nnod\nwiggle ears\n": 5,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nhappy 9\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nhappy 1e999\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nhead nan\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nsad @ elbows\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nnod 400 times\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\njawOpen = 3\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\njawOpn = 0.3\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nturn left 90 deg\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nword : nod\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nword really brows up\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nword a: word b: nod\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nword so: fly away\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\nstyle\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\ntake -1\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\ntake 99999999999\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:03.000\ntake 1\n\n00:02.000 --> 00:04.000\ntake 2\n": 7,
    "WEBVTT\n\n00:01.000 --> 00:01.000\ntake 1\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "x" * 20_000 + "\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "nod;" * 2_000 + "\n": 4,
    "WEBVTT\n\n00:01.000 --> 00:02.000\n\x00\x1b[31m\n": 4,
}


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_file_is_one_line_that_names_the_line(number):
    text, line = list(BROKEN.items())[number]
    with pytest.raises(FileError) as refused:
        parse_cues(text, "show.vtt")
    message = str(refused.value)
    assert f"show.vtt, line {line}" in message and "\n" not in message and len(message) < 600


def test_free_words_that_wait_for_what_nobody_tells_name_their_line():
    cues = parse_cues("WEBVTT\n\n00:00.000 --> 00:05.000\nnods in the ninth sentence\n")
    with pytest.raises(VisavoxError, match="line 4: .* waits for sentence 9"):
        settled(cues, 9.0, (), lambda: [(2.0, 3.0)])


def test_nearest_instructions_are_named():
    for wrong, near in (("nod tvize", "nod twice"), ("bruws op", "brows up"), ("jawOpn = 0.2", "jawopen")):
        with pytest.raises(VisavoxError, match=near):
            parse_cues(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{wrong}\n")


def test_a_hundred_thousand_cues_are_read_in_seconds(monkeypatch):
    blocks = "".join(f"{time_text(index / 10)} --> {time_text(index / 10 + 0.001)}\nnod\n\n" for index in range(100_000))
    started = time.process_time()
    cues = parse_cues("WEBVTT\n\n" + blocks)
    assert len(cues) == 100_000 and cues[-1].start == 9999.9
    assert time.process_time() - started < 60  # not a measurement: a square of the number of cues would take hours
    monkeypatch.setattr("visavox.cues.webvtt.MOST_BLOCKS", 100)
    monkeypatch.setattr("visavox.cues.files.MOST_FREE", 3)
    free = "".join(f"00:00.000 --> 00:01.000\nshe nods at 0.{number} s\n\n" for number in range(9))
    with pytest.raises(FileError, match="many.vtt, line 13 is past the 3 different lines of free words"):
        parse_cues("WEBVTT\n\n" + free, "many.vtt")
    with pytest.raises(FileError, match="many.vtt, line 303 is past the 100 blocks"):
        parse_blocks("WEBVTT\n\n" + "00:00.000 --> 00:00.000\nx\n\n" * 101, "many.vtt")


def test_times_are_kept_to_the_millisecond():
    for seconds in (0, 0.001, 59.999, 60, 3599.9995, 3600, 359_999.999):
        assert parse_time(time_text(seconds)) == pytest.approx(seconds, abs=0.00051)
    assert parse_time("1:02:03,5") == 3723.5 and parse_time("00:00") is None and parse_time("0x1:00.000") is None


def test_files_are_written_whole_and_read_back(tmp_path):
    cues = [Cue(0.5, 0.5, read_instruction("nod"), "why --> because & so"), Cue(1.0, 2.25, read_instruction("happy 0.4 + sad 0.2"))]
    write_cues(cues, tmp_path / "a.vtt", "drafted -->\nby hand")
    assert read_cues(tmp_path / "a.vtt") == cues
    with pytest.raises(OptionError, match="end .* in .vtt"):
        write_cues(cues, tmp_path / "a.txt")
    for name, content in (("binary.vtt", b"\xff\xfe\x00WEBVTT"), ("folder.vtt", None)):
        path = tmp_path / name
        path.mkdir() if content is None else path.write_bytes(content)
        with pytest.raises(FileError, match=name):
            read_cues(path)
    with pytest.raises(FileError, match="missing"):
        read_cues(tmp_path / "missing.vtt")
    for start, end in ((2, 1), (-1, 1), (float("nan"), 1), (0, float("inf"))):
        with pytest.raises(OptionError):
            Cue(start, end, read_instruction("nod"))
