"""Forced alignment: the pure parts, and one real recording."""

import json
from dataclasses import replace

import numpy as np
import pytest

from shared_data import shared_data
from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.material import phone_alignment
from visavox.data.material.phone_alignment import LONGEST_STOP, align, align_clips, read_phones, shorten_stops, with_phones, words_of
from visavox.data.readers.grid import PAUSES, read_grid, read_words
from visavox.errors import FileError


def test_words_lose_case_and_punctuation_but_keep_inner_apostrophes():
    assert words_of("It's, \"fifty-two\" O'Neill's 'quoted'!") == ["it's", "fifty", "two", "o'neill's", "quoted"]


def test_a_stop_that_swallowed_a_pause_gives_it_back():
    phones = [(0.0, 0.1, "SIL"), (0.1, 0.8, "P"), (0.8, 0.9, "AA"), (0.9, 1.5, "T"), (1.5, 1.6, "S"), (1.6, 2.4, "AA")]
    shortened = shorten_stops(phones)
    assert [name for _, _, name in shortened] == ["SIL", "P", "AA", "SIL", "T", "S", "AA"]
    assert shortened[0] == (0.0, 0.8 - LONGEST_STOP, "SIL")
    assert shortened[-1] == (1.6, 2.4, "AA"), "a long vowel stays long"
    assert all(before[1] == pytest.approx(after[0]) for before, after in zip(shortened, shortened[1:], strict=False))


def test_phones_come_back_from_lines_and_bad_lines_are_named(tmp_path):
    path = tmp_path / "phones.jsonl"
    path.write_text(json.dumps({"clip": "a", "phones": [[0, 0.5, "SIL"]]}) + "\n")
    assert read_phones(path) == {"a": [(0.0, 0.5, "SIL")]}
    path.write_text(path.read_text() + '{"clip": "b", "pho')
    with pytest.raises(FileError, match="line 2"):
        read_phones(path)


def test_a_clip_that_was_aligned_with_another_sound_or_other_words_is_named(tmp_path, monkeypatch):
    asked = []

    def align(audio, transcript, *_):
        asked.append(transcript)
        return [(0.0, audio.seconds, "AA")]

    monkeypatch.setattr(phone_alignment, "align", align)
    clip = Clip("a", Audio(np.full(1600, 0.1), 16000), "s", "test", "CC0-1.0", transcript="ah")
    path = tmp_path / "phones.jsonl"
    for _ in range(2):
        assert align_clips([clip], path) == (1, []) and asked == ["ah"]
    faint = replace(clip, audio=Audio(np.zeros(1600), 16000))
    for other, says in ((replace(clip, transcript="oh"), "words ah .now oh."), (faint, "sound")):
        with pytest.raises(FileError, match=f"clip 'a' in .*phones.jsonl was made with {says}.*delete that line"):
            align_clips([other], path)
    path.write_text(json.dumps({"clip": "a", "phones": []}) + "\n")
    with pytest.raises(FileError, match="does not say what it was made of"):
        align_clips([clip], path)


def test_a_real_clip_aligns_with_its_published_word_times(tmp_path):
    pytest.importorskip("pocketsphinx")
    folder = shared_data("grid_s1")
    clip = next(read_grid(folder, limit=1, motion=False))
    assert align_clips([clip], tmp_path / "out" / "phones.jsonl") == (1, [])
    assert align_clips([clip], tmp_path / "out" / "phones.jsonl") == (1, []), "a second run finds it done"
    phones = with_phones([clip], read_phones(tmp_path / "out" / "phones.jsonl"))[0].phones
    said = [word for word in read_words(folder / "words.jsonl")[clip.name] if word[2] not in PAUSES]
    spoken = [phone for phone in phones if phone[2] != "SIL"]
    assert spoken[0][0] == pytest.approx(said[0][0], abs=0.15)
    assert spoken[-1][1] == pytest.approx(said[-1][1], abs=0.15)
    ends = np.array([end for _, end, _ in spoken])
    assert all(np.abs(ends - word[1]).min() < 0.08 for word in said[1:-1]), "words end where some phone ends"


def test_what_cannot_be_aligned_says_why():
    pytest.importorskip("pocketsphinx")
    clip = next(read_grid(shared_data("grid_s1"), limit=1, motion=False))
    with pytest.raises(FileError, match="lacks xyzzyq"):
        align(clip.audio, "bin xyzzyq")
    with pytest.raises(FileError, match="any word"):
        align(clip.audio, "1455")
    assert align(clip.audio, "zbin blue at f two now", {"zbin": "B IH N"})[1][2] == "B"
