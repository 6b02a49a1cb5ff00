"""Any recording to blocks of samples with their channels, rate and time: PyAV decodes, libsndfile plain wav and flac, and what PyAV cannot.

The commonest recordings are thus read without loading PyAV, to the same samples; where they are damaged, PyAV reads them all the same.
Blocks are decoded to interleaved samples: of more than seven channels in planes PyAV reads past the eighth.
A file is decoded from its bytes alone: playlists that name other files or addresses are not recordings.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from visavox.errors import FileError
from visavox.io.audio_priming import Priming, has_picture
from visavox.io.audio_promise import track_seconds, wav_seconds
from visavox.io.ogg import joined_parts

BLOCK = 4_096  # samples read at a time, about as many as packets hold: channels are compared over half seconds
DAMAGED = 0.1  # a stray bad packet is common in mp3 and is skipped; from this share of them on, the file is damaged
LONGEST_LOSS = 0.2  # seconds that one bad packet may stand for
LATEST = 60.0  # seconds: sound alone that begins later keeps another clock than its file's
# Formats whose packets carry times; in the others (mp3, aac, flac, wav ...) a time is only counted from the packets before.
CLOCKED = ("matroska", "webm", "mov", "mp4", "ogg", "avi", "mpegts", "mpeg", "flv", "asf", "nut", "mxf", "rm", "wtv")
OTHERS = (ValueError, OverflowError, MemoryError)  # what PyAV raises for damaged files beside its own errors
MEMORY = "needs more memory than there is, or is damaged so that it asks for it"
LESS = "close other programs, or repair or convert it"
ALONE = {"protocol_whitelist": "none"}  # nothing else is opened on a file's behalf
FLAC = b"fLaC"
ARCHIVES = (b"PK\x03\x04", b"PAR1")  # how .npz and .parquet begin
WAV_SUBTYPES, FLAC_SUBTYPES = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"), ("PCM_S8", "PCM_16", "PCM_24")
ENDLESS = 1 << 40  # samples: libsndfile gives the largest number there is for a flac whose writer, a pipe, did not know
PRIMING = 0.1  # seconds that an encoder may need before its first sample
FROM_ZERO = ("matroska", "webm", "mov", "mp4")  # and where time 0 is the beginning even when nothing is there


class Block(NamedTuple):
    """Samples (S, C) float32 in [-1, 1], their rate in Hz, and when they begin: seconds, or None for right after the last block."""

    samples: np.ndarray
    sample_rate: int
    at: float | None


class Track(NamedTuple):
    """Which of how many sound tracks is used, counted from 1; its title ("" when it has none), whether there is a picture; how many
    seconds the file says that it lasts (0 when it does not say), and how many it promises of this track (0 when it says none exactly)."""

    number: int = 1
    of: int = 1
    title: str = ""
    picture: bool = False
    stated: float = 0.0
    promised: float = 0.0


def decode(source: BinaryIO, name: str) -> tuple[Track, Iterator[Block]]:
    """The track that is used and its blocks, by the first of the two libraries that knows the format.

    Ogg and FLAC recordings that are joined end to end follow one another. Raises a FileError that calls the source `name`; the blocks raise
    one where the sound is damaged.
    """
    parts = joined_parts(source, name)
    track, blocks = _decoded(parts[0], name)
    return track, blocks if len(parts) == 1 else _one_after_the_other(blocks, parts[1:], name)


def _one_after_the_other(blocks: Iterator[Block], rest: list[BinaryIO], name: str) -> Iterator[Block]:
    """The blocks of joined recordings on one clock: each begins where the one before it ends."""
    begin = end = 0.0
    while True:
        for block in blocks:
            at = end if block.at is None else begin + block.at
            end = at + len(block.samples) / max(block.sample_rate, 1)
            yield block._replace(at=at)
        if not rest:
            return
        begin, (part, *rest) = end, rest
        _, blocks = _decoded(part, name)


def _decoded(source: BinaryIO, name: str) -> tuple[Track, Iterator[Block]]:
    seconds = _plain_seconds(source)
    if not seconds:
        return _opened(source, name)
    source.seek(0)
    promised = seconds if source.read(4) == FLAC else wav_seconds(source)
    return Track(stated=seconds, promised=promised), _plain(source, name)


def _plain_seconds(source: BinaryIO) -> float:
    """How long a wav or flac says that it lasts which libsndfile reads to the samples that PyAV does; 0 for anything else."""
    source.seek(0)
    start = source.read(12)
    if not (start[:4] == FLAC or (start[:4], start[8:]) == (b"RIFF", b"WAVE")):
        return 0.0
    import soundfile  # here and below: the command line must answer before a decoder is loaded

    source.seek(0)
    try:
        with soundfile.SoundFile(source) as recording:
            known = recording.subtype in (FLAC_SUBTYPES if start[:4] == FLAC else WAV_SUBTYPES)
            seconds = recording.frames / recording.samplerate if recording.frames < ENDLESS else 0.0
    except (soundfile.LibsndfileError, ZeroDivisionError, *OTHERS):
        return 0.0
    return seconds if known else 0.0


def _plain(source: BinaryIO, name: str) -> Iterator[Block]:
    """The blocks of a plain wav or flac. From where libsndfile meets damage, PyAV goes on."""
    import soundfile

    source.seek(0)
    done = 0
    try:
        with soundfile.SoundFile(source) as recording:
            while len(samples := recording.read(BLOCK, dtype="float32", always_2d=True)):
                yield Block(samples, recording.samplerate, None)
                done += len(samples)
        return
    except (soundfile.LibsndfileError, *OTHERS):
        _, blocks = _opened(source, name)
    for block in blocks:
        yield block._replace(samples=block.samples[done:])
        done = max(done - len(block.samples), 0)


def _opened(source: BinaryIO, name: str) -> tuple[Track, Iterator[Block]]:
    import av

    source.seek(0)
    try:
        container = av.open(source, "r", options=ALONE, metadata_errors="replace")
    except MemoryError:
        raise FileError(f"{name} {MEMORY}; {LESS}") from None
    except (av.FFmpegError, *OTHERS):
        return Track(), _by_libsndfile(source, name)
    tracks = list(container.streams.audio)
    if not tracks:
        container.close()
        raise FileError(f"{name} has no sound track; give a recording or a video with sound")
    track_of_sound = _chosen(container)
    title = next((track_of_sound.metadata[key] for key in ("title", "handler_name", "language") if track_of_sound.metadata.get(key)), "")
    picture = has_picture(container)
    lasts = stated_seconds(container, track_of_sound), track_seconds(container, track_of_sound, source)
    track = Track(tracks.index(track_of_sound) + 1, len(tracks), " ".join(title.split())[:60], picture, *lasts)
    return track, _by_pyav(container, track_of_sound, name)


def stated_seconds(container, track_of_sound) -> float:
    """The seconds that a file says it lasts, 0 when it does not: of plain samples no more than its bytes can hold."""
    import av

    lengths = [float(track_of_sound.duration * track_of_sound.time_base)] if track_of_sound.duration and track_of_sound.time_base else []
    lengths += [container.duration / av.time_base] if container.duration else []
    codec = track_of_sound.codec_context  # none for a damaged kind of sound
    if codec and codec.name.startswith("pcm_") and codec.bit_rate:
        lengths.append(8 * container.size / codec.bit_rate)
    return min(lengths, default=0.0)


def _chosen(container):
    """The track that the container calls its default; where it calls none or several so, the one that players take."""
    from av.stream import Disposition

    tracks = list(container.streams.audio)
    marked = [track for track in tracks if track.disposition & Disposition.default]
    return marked[0] if len(marked) == 1 else container.streams.best("audio") or tracks[0]


class _FileClock:
    """When each frame begins in its file, in seconds; None in formats whose packets carry no times."""

    def __init__(self, container, track_of_sound):
        formats = set(container.format.name.split(","))
        self.counts = bool(formats & set(CLOCKED))
        timed = [stream for stream in container.streams if stream.type in ("audio", "video") and stream.start_time is not None]
        self._zero = min((float(stream.start_time * stream.time_base) for stream in timed), default=0.0)
        self._alone = all(stream.type == "audio" for stream in timed)
        self._from_zero, self._first = bool(formats & set(FROM_ZERO)), True

    def __call__(self, frame) -> float | None:
        if not self.counts or frame.pts is None:
            return None
        at = float(frame.pts * frame.time_base)
        if self._first and self._alone:  # nothing beside the sound says when the file begins
            self._zero = 0.0 if self._from_zero and PRIMING < at <= LATEST else at
        self._first = False
        return at - self._zero


def _by_pyav(container, track_of_sound, name: str) -> Iterator[Block]:
    import av

    with container:
        clock, unpack = _FileClock(container, track_of_sound), _Unpacker()
        good, bad, last, seconds, priming = 0, 0, 0, 0.0, Priming(container, track_of_sound)
        for packet in _packets(container, track_of_sound, name):
            priming.meet(packet)
            try:
                blocks = [unpack(frame, clock(frame)) for frame in packet.decode()]
            except av.InvalidDataError:
                bad, last = bad + 1, 1
                blocks = [] if clock.counts else unpack.lost(packet)
            except MemoryError:
                raise FileError(f"{name} {MEMORY} at {seconds:.1f} s; {LESS}") from None
            except (av.FFmpegError, *OTHERS) as error:
                raise FileError(f"{name} is damaged at {seconds:.1f} s ({_reason(error)}); repair, convert or re-record it") from None
            else:
                good, last = good + bool(blocks), 0 if blocks else last
            seconds += sum(len(block.samples) / max(block.sample_rate, 1) for block in blocks)
            for block in blocks:
                samples, later = priming.without(block.samples)
                at = block.at if block.at is None or not block.sample_rate else block.at + later / block.sample_rate
                yield Block(samples, block.sample_rate, at)
        if bad - last > DAMAGED * (good + bad):  # the last one is half there in a file that was cut off
            raise FileError(f"{name} is damaged ({bad} of {good + bad} packets); convert or re-record it")


def packets_of(container, stream) -> Iterator:
    """The packets of one stream of an open container. What belongs to a stream that only begins later, which PyAV cannot place, is passed
    over: each round reads on behind it, until the empty packet that ends the stream. Empty ones with a time, NUT's last, hold nothing."""
    ended = False
    while not ended:
        try:
            for packet in filter(_means, container.demux(stream)):
                ended = not packet.size
                yield packet
            return
        except IndexError:
            continue


def _means(packet) -> bool:
    return packet.size > 0 or packet.pts is None


def _packets(container, track_of_sound, name: str) -> Iterator:
    import av

    try:
        yield from packets_of(container, track_of_sound)
    except MemoryError:
        raise FileError(f"{name} {MEMORY}; {LESS}") from None
    except (av.FFmpegError, *OTHERS) as error:
        raise FileError(f"{name} is damaged, or changes its kind of sound midway ({_reason(error)}); repair or convert it") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class _Unpacker:
    """Decoded frames to blocks; how sound is stored may change within a file."""

    def __init__(self):
        self._kind, self._resampler, self._rate, self._channels = None, None, 0, 0

    def __call__(self, frame, at: float | None) -> Block:
        import av

        kind = frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate
        if kind != self._kind:
            self._kind, self._resampler = kind, av.AudioResampler(format="flt")  # the sample format alone: rate and channels stay
            self._rate, self._channels = frame.sample_rate, frame.layout.nb_channels
        plain = [part.to_ndarray().reshape(-1, self._channels) for part in self._resampler.resample(frame)]
        return Block(np.concatenate(plain) if plain else np.zeros((0, self._channels), np.float32), self._rate, at)

    def lost(self, packet) -> list[Block]:
        """Silence as long as a packet that cannot be decoded; needed where packets carry no times that would show the hole."""
        if not self._rate or not packet.duration:
            return []
        seconds = min(max(float(packet.duration * packet.time_base), 0.0), LONGEST_LOSS)
        return [Block(np.zeros((round(seconds * self._rate), self._channels), np.float32), self._rate, None)]


def _like_mpeg(start: bytes) -> bool:
    """Whether libsndfile takes a file for mp3. PyAV knows those that are; bare samples that begin with -1 are none, and libsndfile makes
    minutes of noise of them, with a line on the terminal for each packet."""
    return len(start) == 2 and start[0] == 0xFF and start[1] >= 0xE0


def _by_libsndfile(source: BinaryIO, name: str) -> Iterator[Block]:
    import soundfile

    unknown = f"{name} is not a recording that can be decoded; give wav, flac, mp3, m4a, ogg, opus or a video with sound"
    source.seek(0)
    start = source.read(4)
    if start in ARCHIVES:
        raise FileError(f"{name} is no recording, but a motion or another archive; visavox render, export and play take a motion")
    if Path(name).suffix.lower() == ".mp3" or _like_mpeg(start[:2]):
        raise FileError(unknown)
    source.seek(0)
    try:
        with soundfile.SoundFile(source) as recording:
            for block in recording.blocks(BLOCK, dtype="float32", always_2d=True):
                yield Block(block, recording.samplerate, None)
    except (soundfile.LibsndfileError, *OTHERS):
        raise FileError(unknown) from None
