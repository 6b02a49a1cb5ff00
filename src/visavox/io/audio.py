"""Any recording to `Audio`: wav, flac, mp3, m4a, ogg, opus, video, from a file or a pipe.

The sound is decoded block by block and mixed down at once, so that the memory needed is that of the mono samples alone.
What is odd about a recording that is read all the same is said as a `VisavoxWarning`.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from visavox.arguments import checked
from visavox.audio import LOUDEST, Audio
from visavox.errors import FileError, VisavoxWarning
from visavox.io.audio_clock import MOST_CHANGES, Clock
from visavox.io.audio_decoding import Block, Track, decode
from visavox.io.audio_mixing import Mixer
from visavox.io.audio_promise import missing
from visavox.io.pipes import name_of, readable, source_name
from visavox.levels import decibels

LONGEST_SECONDS = 6 * 3600
SHORTEST_SECONDS = 0.1
MOST_SAMPLES = LONGEST_SECONDS * 48_000  # bounds the memory whatever rate a file declares: 4 GB of float32
LOWEST_RATE, HIGHEST_RATE = 2_000, 768_000  # Hz
QUIET_WINDOW = 0.05  # seconds
QUIET = 1e-3  # root mean square of a window: below -60 dB no voice is understood
CUT_OFF, CUT_OFF_SHARE = 0.9999, 0.02  # of the highest sample, where tops are flat, and the share of samples there from which lips suffer
PIECE = 1 << 20  # samples looked at together
WORTH_A_WORD = 0.1  # seconds of silence put in that are worth a word


@checked
def read_audio(path: str | Path) -> Audio:
    """The sound of a file as mono `Audio` at its own sample rate (the first one, if it changes); the channels are averaged.

    Reads what PyAV or libsndfile decodes, video files included, and pipes; - is standard input. Of several sound tracks the
    default one is used. The file's clock counts: missing packets and a late start are silence. Where channels cancel, the
    strongest is used. Warns (`VisavoxWarning`) about each of these, and about a recording that is all but silent or overdriven. Raises a
    FileError that names the file when it is missing, unreadable, without sound, shorter than 0.1 s, longer than 6 h, or holds
    values that are not numbers.
    """
    name = name_of(path)
    with readable(path) as source:
        mixer, clock = Mixer(), Clock()
        samples, track = _decoded(source, name, mixer, clock)
        chosen = mixer.better()
        if chosen:
            clock = Clock()
            samples, _ = _decoded(source, name, Mixer(chosen), clock)
    audio = _checked(samples, clock.rate, name, source_name(path))
    for notes in (*oddities(track, chosen, clock), *_of_level(audio), *_of_clipping(audio)):
        warnings.warn(f"{name}: {notes}", VisavoxWarning, stacklevel=3)  # of whoever called, through `checked`
    return audio


def _decoded(source: BinaryIO, name: str, mixer: Mixer, clock: Clock) -> tuple[np.ndarray, Track]:
    """The mono samples (S,) of a whole recording, and its track."""
    samples = bytearray()
    track, pieces = decoded_pieces(source, name, mixer, clock)
    check_stated(track.stated, name)
    for piece in pieces:
        samples += piece.tobytes()
        _check_length(len(samples) // 4, clock, name)
    return np.frombuffer(samples, np.float32), track


def decoded_pieces(source: BinaryIO, name: str, mixer: Mixer, clock: Clock) -> tuple[Track, Iterator[np.ndarray]]:
    """The track of a recording that is used, and its mono samples (S,) piece by piece, at `clock.rate`. A FileError at an odd rate."""
    track, blocks = decode(source, name)
    return track, _placed(blocks, name, mixer, clock)


def _placed(blocks: Iterator[Block], name: str, mixer: Mixer, clock: Clock) -> Iterator[np.ndarray]:
    for block in blocks:
        if not LOWEST_RATE <= block.sample_rate <= HIGHEST_RATE:
            allowed = f"{LOWEST_RATE} to {HIGHEST_RATE} Hz"
            raise FileError(f"{name} has a sample rate of {block.sample_rate} Hz, outside {allowed}; repair or convert it")
        mono = mixer.mono(block.samples, block.sample_rate)
        yield from clock.place(mono, block.sample_rate, block.at)
    yield from clock.finish()


def check_stated(seconds: float, name: str) -> None:
    """A FileError for a recording that by its own word is one that `read_audio` would refuse once hours of it were decoded."""
    if seconds > LONGEST_SECONDS:
        most = f"{LONGEST_SECONDS / 3600:.1f} h, the most that is read at once"
        raise FileError(f"{name} is longer than {most} (it says that it lasts {seconds / 3600:.1f} h); cut it into parts")


def _check_length(size: int, clock: Clock, name: str) -> None:
    if size > min(LONGEST_SECONDS * clock.rate, MOST_SAMPLES):
        hours = size / clock.rate / 3600
        raise FileError(f"{name} is longer than {hours:.1f} h, the most that is read at once; cut it into parts")
    if clock.changes > MOST_CHANGES:
        raise FileError(f"{name} changes its sample rate more than {MOST_CHANGES} times; repair or convert it")


def oddities(track: Track, chosen: tuple[int, ...] | None, clock: Clock) -> list[str]:
    """What is odd about a recording that is read all the same, a line each."""
    return [*_of_track(track), *_of_length(track, clock), *_of_channels(chosen), *_of_clock(clock, track)]


def _of_track(track: Track) -> list[str]:
    if track.of == 1:
        return []
    title = f" ({track.title})" if track.title else ""
    return [f"track {track.number} of {track.of}{title} is used, its default; for another one, give a file with that one alone"]


def _of_length(track: Track, clock: Clock) -> list[str]:
    """A line about a recording that ends before it says that it does."""
    if clock.leaps or clock.changes or not missing(track.promised, clock.seconds):  # of files joined end to end, one speaks for all
        return []
    there = f"{clock.seconds:.1f} of the {track.promised:.1f} s"
    return [f"it holds {there} that it says it lasts, so it was cut off; copy it again if the end is wanted"]


def _of_channels(chosen: tuple[int, ...] | None) -> list[str]:
    if not chosen:
        return []
    if len(chosen) == 1:
        return [f"the mean of its channels loses the sound; channel {chosen[0] + 1}, the strongest, is used alone"]
    return [f"most of its channels are silent; {len(chosen)} of them are averaged"]


def _of_clock(clock: Clock, track: Track) -> list[str]:
    notes = []
    if clock.late >= WORTH_A_WORD:
        notes.append(f"its sound begins {clock.late:.2f} s after its {'picture' if track.picture else 'time 0'}, which is kept as silence")
    if clock.silence - clock.late >= WORTH_A_WORD:
        notes.append(f"{clock.holes} holes in its sound, {clock.silence - clock.late:.2f} s in all, are kept as silence")
    if clock.leaps:
        second, leap = clock.leaps[0]
        notes.append(f"its clock leaps by {leap:.0f} s at {second:.1f} s, which is not believed: what follows comes at once")
    if clock.changes:
        notes.append(f"its sample rate changes {_times(clock.changes)}; all of it is read at {clock.rate} Hz, the first")
    return notes


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _of_level(audio: Audio) -> list[str]:
    """A line about a recording that is all but silent."""
    if not audio.samples.any():
        return ["it is silent from beginning to end, so the face will not speak; check the microphone, or name another file"]
    size = min(max(round(QUIET_WINDOW * audio.sample_rate), 1), audio.samples.size)
    whole = audio.samples[: audio.samples.size // size * size].reshape(-1, size)
    level = np.sqrt(np.einsum("ws,ws->w", whole, whole) / size)
    if np.count_nonzero(level > QUIET) * 2 > min(len(level), 4):
        return []
    loudest = decibels(float(level.max()) ** 2, 1e-18)
    return [f"it is all but silent (its loudest moment has {loudest:.0f} dB), so the face will hardly speak; check the microphone"]


def _of_clipping(audio: Audio) -> list[str]:
    """A line about a recording whose tops are cut off: at three samples and more in a row it stands still at its highest or lowest."""
    low, high = float(audio.samples.min()), float(audio.samples.max())
    if high < QUIET or low > -QUIET:
        return []
    still = 0
    for first in range(0, audio.samples.size, PIECE):  # hours are not copied
        piece = audio.samples[first : first + PIECE]
        for flat in (piece >= CUT_OFF * high, piece <= CUT_OFF * low):
            still += np.count_nonzero(flat[:-2] & flat[1:-1] & flat[2:])
    share = still / audio.samples.size
    if share < CUT_OFF_SHARE:
        return []
    return [f"it is overdriven ({100 * share:.0f} % of it is cut off at the top), so lips follow less well; record it at a lower level"]


def _checked(samples: np.ndarray, sample_rate: int, name: str, source: str) -> Audio:
    if samples.size == 0:
        raise FileError(f"{name} has zero samples; give a recording with sound in it")
    seconds = samples.size / sample_rate
    if seconds < SHORTEST_SECONDS:
        least = f"{SHORTEST_SECONDS * 1000:.0f} ms"
        raise FileError(f"{name} holds {seconds * 1000:.0f} ms of sound; at least {least} are needed")
    finite = np.isfinite(samples)
    if not finite.all():
        bad = int(np.argmin(finite)) / sample_rate
        raise FileError(f"{name} holds a value that is not a number at {bad:.3f} s; repair or re-record it")
    peak = max(float(samples.max()), -float(samples.min()))
    if peak > LOUDEST:
        raise FileError(f"{name} reaches {peak:.0f} where 1 is full scale; divide its samples by their full scale")
    return Audio.holding(samples, sample_rate, source)
