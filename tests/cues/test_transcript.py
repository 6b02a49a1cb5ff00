"""Transcripts with times as subtitles and whisper write them, and cues at words."""

import json

import numpy as np
import pytest

from visavox.cue import Cue
from visavox.cues.grammar import read_instruction
from visavox.cues.performing import settled
from visavox.cues.transcript import read_transcript
from visavox.errors import FileError, OptionError, VisavoxError

WORDS = [{"word": " Really,", "start": 0.5, "end": 0.9}, {"word": " it's", "start": 0.9, "end": 1.1},
         {"word": " really", "start": 2.0, "end": 2.5}]  # fmt: skip
FILES = {
    "a.vtt": "WEBVTT\n\n00:00.500 --> 00:00.900\nReally,\n\n00:00.900 --> 00:01.100\n<v Ann>it’s\n\n00:02.000 --> 00:02.500\nreally!\n",
    "a.srt": "1\n00:00:00,500 --> 00:00:00,900\nReally,\n\n"
             "2\n00:00:00,900 --> 00:00:01,100\nit's\n\n3\n00:00:02,000 --> 00:00:02,500\nREALLY?\n",
    "whisper.json": json.dumps({"text": "", "segments": [{"start": 0, "end": 3, "text": "", "words": WORDS}]}),
    "api.json": json.dumps({"words": WORDS}),
    "cpp.json": json.dumps({"transcription": [
        {"offsets": {"from": round(word["start"] * 1e3), "to": round(word["end"] * 1e3)}, "text": word["word"]} for word in WORDS
    ]}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_transcript_tells_the_same_words(name, tmp_path):
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    spoken = read_transcript(tmp_path / name).words
    assert [word for _, _, word in spoken] == ["really", "it's", "really"]
    assert np.allclose([(start, end) for start, end, _ in spoken], [(0.5, 0.9), (0.9, 1.1), (2.0, 2.5)])


def test_words_share_the_time_of_a_line(tmp_path):
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\na longer one\n")
    times = [(round(start, 2), round(end, 2)) for start, end, _ in read_transcript(tmp_path / "a.vtt").words]
    assert times == [(1.0, 1.15), (1.15, 1.69), (1.69, 2.0)]


BROKEN = [
    "", "[]", '{"segments": 3}', '{"segments": [{"start": "x", "end": 1, "text": "a"}]}', '{"words": [{"word": "a"}]}', '{"words": []}',
    '{"words": [{"word": "a", "start": 1e300, "end": 2}]}',
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_broken_transcripts_are_refused_by_name(content, tmp_path):
    (tmp_path / "bad.json").write_text(content)
    with pytest.raises(FileError, match="bad.json"):
        read_transcript(tmp_path / "bad.json")
    with pytest.raises(OptionError, match="a.doc is no transcript"):
        read_transcript("a.doc")


def test_word_cues_find_all_times_in_their_span():
    spoken = [(0.5, 0.9, "really"), (0.9, 1.1, "it's"), (2.0, 2.5, "really")]
    word = read_instruction("word Really!: lips 1.4; brows up")
    found = settled([Cue(0.0, 3.0, word, "note", 4)], 3.0, spoken)
    assert [(cue.start, cue.end, cue.line, cue.note) for cue in found] == [(0.5, 0.9, 4, "note")] * 2 + [(2.0, 2.5, 4, "note")] * 2
    assert [cue.start for cue in settled([Cue(1.5, 3.0, word)], 3.0, spoken)] == [2.0, 2.0]
    assert [cue.start for cue in settled([Cue(0.0, 0.0, read_instruction("word really it's: nod"))], 3.0, spoken)] == [0.5]
    with pytest.raises(VisavoxError, match="line 9: the word 'never' is not said"):
        settled([Cue(0.0, 3.0, read_instruction("word never: nod"), line=9)], 3.0, spoken)
    with pytest.raises(VisavoxError, match="line 9 names a word.*--transcript"):
        settled([Cue(0.0, 3.0, word, line=9)], 3.0)
