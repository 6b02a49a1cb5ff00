"""Sentences with times, of a subtitle file or of plain text spread over the voice."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from visavox.cues.transcript import read_transcript as words_with_times
from visavox.cues.webvtt import parse_blocks
from visavox.direction.feeling import Phrase
from visavox.direction.words import Sentence
from visavox.errors import FileError, OptionError
from visavox.io.documents import read_text

SUFFIXES = (".txt", ".vtt", ".srt")
MOST_BYTES = 4 << 20
PAUSE = 0.4  # seconds without a word that part sentences
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")


def check_transcript(path: str | Path) -> None:
    """An OptionError for a name that ends in none of SUFFIXES."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise OptionError(f"the transcript {path} ends in none of {', '.join(SUFFIXES)}; give plain text or subtitles")


def read_transcript(path: str | Path, phrases: Sequence[Phrase]) -> list[Sentence]:
    """The sentences of a transcript: of subtitles at their own times, of plain text spread over `phrases` by their letters.

    An OptionError for another suffix, a FileError for a file that is not what it says or holds no words.
    """
    check_transcript(path)
    text = read_text(path, "give plain text or subtitles in UTF-8", MOST_BYTES)
    if Path(path).suffix.lower() == ".txt":
        found = spread(text, phrases)
    else:
        blocks = parse_blocks(text, path, header=Path(path).suffix.lower() == ".vtt")
        found = [Sentence(block.start, block.end, " ".join(block.lines)) for block in blocks if any(block.lines)]
    if not found and phrases:
        raise FileError(f"{path} holds no words; give what is said")
    return found


def read_sentences(path: str | Path, phrases: Sequence[Phrase]) -> list[Sentence]:
    """The sentences of any transcript: those of `read_transcript`, and of one that times words (.json) the words between pauses."""
    if Path(path).suffix.lower() in SUFFIXES:
        return read_transcript(path, phrases)
    return sentences_of(words_with_times(path))


def sentences_of(words: Sequence[tuple[float, float, str]]) -> list[Sentence]:
    """The words (start, end, word) between pauses as sentences."""
    found: list[Sentence] = []
    for start, end, word in words:
        if found and start - found[-1].end < PAUSE:
            found[-1] = Sentence(found[-1].start, max(end, found[-1].end), f"{found[-1].text} {word}")
        else:
            found.append(Sentence(start, end, word))
    return found


def spread(text: str, phrases: Sequence[Phrase]) -> list[Sentence]:
    """The sentences of a plain text, each for a share of the time of `phrases` as large as its share of the letters."""
    sentences = [part.strip() for part in _SENTENCE.findall(text) if re.search(r"\w", part)]
    if not sentences or not phrases:
        return []
    ends = np.cumsum([len(sentence) for sentence in sentences]) / sum(map(len, sentences))
    elapsed = np.concatenate([[0], np.cumsum([phrase.end - phrase.start for phrase in phrases])])

    def time(share: float, last: bool) -> float:
        """The time at which so much of the speech is over; at the end of a phrase its end for the `last` moment, else the next start."""
        at = share * elapsed[-1]
        number = int(np.clip(np.searchsorted(elapsed, at, "left" if last else "right") - 1, 0, len(phrases) - 1))
        return phrases[number].start + float(at - elapsed[number])

    starts = np.concatenate([[0], ends[:-1]])
    return [Sentence(time(start, False), time(end, True), text) for start, end, text in zip(starts, ends, sentences, strict=True)]
