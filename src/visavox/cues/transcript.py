"""What is said: transcripts as plain text, subtitles (.vtt, .srt) and the JSON of whisper and its relatives.

Where a file times a line but not its words, the words share the line's time by their lengths. Plain text has no times: those who need
them align it with the sound (`data.material.phone_alignment`) or spread it over the voice (`direction.transcript`).
"""

from dataclasses import dataclass
from pathlib import Path

from visavox.cues.kinds.word import plain
from visavox.cues.webvtt import parse_blocks
from visavox.errors import FileError, OptionError
from visavox.fields import Fields
from visavox.io.documents import read_json, read_text

TimedText = tuple[float, float, str]  # start, end in seconds, a word or a line
TimedWords = list[TimedText]
PLAIN_TEXT = (".txt", ".text")
SUFFIXES = (*PLAIN_TEXT, ".vtt", ".srt", ".json")
MOST_TEXT, MOST_BYTES = 4 << 20, 64 << 20  # of plain text, of a file with times
LATEST = 1e6  # seconds
ADVICE = "give what is said as .txt, .vtt, .srt, or the .json that whisper writes with word times"


@dataclass(frozen=True)
class Transcript:
    """What is said in a recording: `text`, where nothing has times; `lines` of subtitles with theirs; `words` with theirs, in order."""

    text: str = ""
    lines: tuple[TimedText, ...] = ()
    words: tuple[TimedText, ...] = ()


def check_transcript(path: str | Path) -> None:
    """An OptionError for a name that ends in none of SUFFIXES."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise OptionError(f"{path} is no transcript by its name; give {', '.join(SUFFIXES)}")


def read_transcript(path: str | Path) -> Transcript:
    """The transcript in a file; an OptionError as in `check_transcript`, a FileError that says what is wrong in the file."""
    check_transcript(path)
    suffix = Path(path).suffix.lower()
    if suffix in PLAIN_TEXT:
        found = Transcript(read_text(path, ADVICE, MOST_TEXT))
    elif suffix == ".json":
        found = Transcript(words=tuple(sorted(_whisper(Fields(read_json(path, ADVICE, MOST_BYTES), path, ADVICE)))))
    else:
        blocks = parse_blocks(read_text(path, ADVICE, MOST_BYTES), path, header=suffix == ".vtt")
        lines = tuple((block.start, block.end, " ".join(block.lines)) for block in blocks if any(block.lines))
        found = Transcript(lines=lines, words=tuple(sorted(word for line in lines for word in shared(*line))))
    if not found.words and not plain(found.text):
        raise FileError(f"{path} holds no words; {ADVICE}")
    return found


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
