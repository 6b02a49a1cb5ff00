"""When which word is said: transcripts with times, subtitles (.vtt, .srt) and the JSON of whisper and its relatives.

Where a file times a line but not its words, the words share the line's time by their lengths.
"""

from pathlib import Path

from visavox.cues.kinds.word import plain
from visavox.cues.webvtt import parse_blocks
from visavox.errors import FileError, OptionError
from visavox.fields import Fields
from visavox.io.documents import read_json, read_text

TimedWords = list[tuple[float, float, str]]  # start, end in seconds, word
SUFFIXES = (".vtt", ".srt", ".json")
MOST_BYTES = 64 << 20
LATEST = 1e6  # seconds
ADVICE = "give the .json that whisper writes with word times, or .vtt, .srt"


def read_transcript(path: str | Path) -> TimedWords:
    """The words of a transcript with times, in their order; a FileError that says what is wrong with it."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise OptionError(f"{path} is no transcript with times; give {', '.join(SUFFIXES)}")
    if suffix == ".json":
        found = _whisper(Fields(read_json(path, ADVICE, MOST_BYTES), path, ADVICE))
    else:
        blocks = parse_blocks(read_text(path, "save it as UTF-8 text", MOST_BYTES), path, header=suffix == ".vtt")
        found = [word for block in blocks for word in shared(block.start, block.end, " ".join(block.lines))]
    if not found:
        raise FileError(f"{path} holds no words; {ADVICE}")
    return sorted(found)


def shared(start: float, end: float, text: str) -> TimedWords:
    """The words of `text`, said from `start` to `end`, each with a share of the time by its length."""
    words = [word for word in map(plain, text.split()) if word]
    whole, found, now = sum(len(word) + 1 for word in words), [], start
    for word in words:
        after = now + (end - start) * (len(word) + 1) / whole
        found.append((now, after, word))
        now = after
    return found


def _whisper(fields: Fields) -> TimedWords:
    if "words" in fields:
        return _words(fields)
    if "transcription" in fields:  # of whisper.cpp, in thousandths
        parts = [(part.fields("offsets"), part.text("text")) for part in fields.each("transcription")]
        timed = [(offsets.number("from", 0, LATEST * 1e3), offsets.number("to", 0, LATEST * 1e3), text) for offsets, text in parts]
        return [word for start, end, text in timed for word in shared(start / 1e3, max(start, end) / 1e3, text)]
    found = []
    for segment in fields.each("segments"):
        if "words" in segment:
            found += _words(segment)
        else:
            start, end = segment.number("start", 0, LATEST), segment.number("end", 0, LATEST)
            found += shared(start, max(start, end), segment.text("text"))
    return found


def _words(fields: Fields) -> TimedWords:
    found = []
    for word in fields.each("words"):
        text = plain(word.text("word") if "word" in word else word.text("text"))
        if "start" in word and "end" in word and text:  # aligners leave out the times of what they could not place
            start, end = word.number("start", 0, LATEST), word.number("end", 0, LATEST)
            found.append((start, max(start, end), text))
    return found
