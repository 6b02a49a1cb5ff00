"""Sentences with times, of any transcript: subtitles have theirs, timed words are parted by pauses, plain text is spread over the voice."""

import re
from collections.abc import Sequence

import numpy as np

from visavox.cues.transcript import TimedText, Transcript
from visavox.direction.feeling import Phrase
from visavox.direction.words import Sentence

PAUSE = 0.4  # seconds without a word that part sentences
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")


def sentences_of(transcript: Transcript, phrases: Sequence[Phrase]) -> list[Sentence]:
    """The sentences of a transcript: its lines, or its words between pauses, or its text spread over `phrases` by its letters."""
    if transcript.lines:
        return [Sentence(*line) for line in transcript.lines]
    return between_pauses(transcript.words) if transcript.words else spread(transcript.text, phrases)


def between_pauses(words: Sequence[TimedText]) -> list[Sentence]:
    """The words between pauses as sentences."""
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
