"""Any recording to `Audio`: PyAV decodes it (wav, flac, mp3, m4a, ogg, opus, video), libsndfile what PyAV cannot.

The sound is decoded block by block and mixed down at once, so that the memory needed is that of the mono samples alone.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.errors import FileError

LONGEST_SECONDS = 6 * 3600
SHORTEST_SECONDS = 0.1
MOST_SAMPLES = LONGEST_SECONDS * 48_000  # bounds the memory whatever rate a file declares: 4 GB of float32
LOWEST_RATE, HIGHEST_RATE = 2_000, 768_000  # Hz
LOUDEST = 16.0  # a float file above this holds integers, not sound in [-1, 1], and clipping would ruin it
BLOCK = 65_536  # samples read at a time
DAMAGED = 0.1  # a stray bad packet is common in mp3 and is skipped; from this share of them on, the file is damaged


def read_audio(path: str | Path) -> Audio:
    """The sound of a file as mono `Audio` at its own sample rate; the channels are averaged.

    Reads what PyAV or libsndfile decodes, video files included (their first sound track). Raises a FileError that names
    the file when it is missing, unreadable, without sound, shorter than 0.1 s, longer than 6 h, or holds values that
    are not numbers.
    """
    _check_file(path)
    samples, sample_rate = bytearray(), 0
    for block, sample_rate in _blocks(path):
        samples += block.tobytes()
        size = len(samples) // 4
        if size > min(LONGEST_SECONDS * sample_rate, MOST_SAMPLES):
            hours = size / sample_rate / 3600
            raise FileError(f"{path} is longer than {hours:.1f} h, the most that is read at once; cut it into parts")
    return _checked(np.frombuffer(samples, np.float32), sample_rate, path)


def _check_file(path: str | Path) -> None:
    target = Path(path)
    if target.is_dir():
        raise FileError(f"{path} is a folder; name a recording inside it")
    try:
        with target.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check the name of the recording") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its permissions") from None
    if not first:
        raise FileError(f"{path} is empty (0 bytes); give a recording with sound in it")


def _checked(samples: np.ndarray, sample_rate: int, path: str | Path) -> Audio:
    if samples.size == 0:
        raise FileError(f"{path} has zero samples; give a recording with sound in it")
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        allowed = f"{LOWEST_RATE} to {HIGHEST_RATE} Hz"
        raise FileError(f"{path} has a sample rate of {sample_rate} Hz, outside {allowed}; repair or convert it")
    seconds = samples.size / sample_rate
    if seconds < SHORTEST_SECONDS:
        least = f"{SHORTEST_SECONDS * 1000:.0f} ms"
        raise FileError(f"{path} holds {seconds * 1000:.0f} ms of sound; at least {least} are needed")
    finite = np.isfinite(samples)
    if not finite.all():
        bad = int(np.argmin(finite)) / sample_rate
        raise FileError(f"{path} holds a value that is not a number at {bad:.3f} s; repair or re-record it")
    peak = max(float(samples.max()), -float(samples.min()))
    if peak > LOUDEST:
        raise FileError(f"{path} reaches {peak:.0f} where 1 is full scale; divide its samples by their full scale")
    return Audio(samples, sample_rate)


def _blocks(path: str | Path) -> Iterator[tuple[np.ndarray, int]]:
    """Mono blocks (S,) float32 with their sample rate, from the first of the two libraries that knows the format."""
    import av  # here and below: the command line must answer before a decoder is loaded

    try:
        container = av.open(f"file:{path}")  # the prefix: a colon in a name is no protocol
    except (av.FFmpegError, ValueError):
        yield from _blocks_by_libsndfile(path)
        return
    with container:
        if not container.streams.audio:
            raise FileError(f"{path} has no sound track; give a recording or a video with sound")
        good = bad = 0
        resampler = av.AudioResampler(format="fltp")  # the sample format alone: rate and channels stay
        for packet in container.demux(container.streams.audio[0]):
            try:
                frames = [plain for frame in packet.decode() for plain in resampler.resample(frame)]
            except av.InvalidDataError:
                bad += 1
                continue
            except (av.FFmpegError, ValueError) as error:
                raise FileError(f"{path} is damaged ({error}); convert or re-record it") from None
            good += bool(frames)
            for frame in frames:
                yield frame.to_ndarray().mean(axis=0, dtype=np.float32), frame.sample_rate
        if bad > DAMAGED * (good + bad):
            raise FileError(f"{path} is damaged ({bad} of {good + bad} packets); convert or re-record it")


def _blocks_by_libsndfile(path: str | Path) -> Iterator[tuple[np.ndarray, int]]:
    import soundfile

    known = "wav, flac, mp3, m4a, ogg, opus or a video with sound"
    unknown = f"{path} is not a recording that can be decoded; give {known}"
    if Path(path).suffix.lower() == ".mp3":  # PyAV knows it already, and libsndfile's decoder prints to the terminal
        raise FileError(unknown)
    try:
        with soundfile.SoundFile(str(path)) as recording:
            for block in recording.blocks(BLOCK, dtype="float32", always_2d=True):
                yield block.mean(axis=1, dtype=np.float32), recording.samplerate
    except soundfile.LibsndfileError:
        raise FileError(unknown) from None
