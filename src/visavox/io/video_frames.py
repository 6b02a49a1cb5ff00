"""Pictures of any film, one by one, upright, with the time at which each is shown: cameras turn them, drop them and vary their rate.

The clock is that of `io.audio`: time 0 is where the first of picture and sound begins. A film is decoded from its bytes alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.audio_decoding import ALONE, OTHERS, packets_of
from visavox.io.audio_priming import COVERS

LONGEST_HOURS = 6
LONGEST_PAUSE = 600  # seconds for which a picture may stand
LARGEST_SIDE = 8192  # pixels of what is decoded
SHOWN_SIDE = 1920  # pixels of what is handed on: a face needs no more
SQUAT = (0.25, 4.0)  # width over height of a pixel that is believed
DAMAGED = 0.5  # share of packets that cannot be decoded from which the film is damaged
USUAL_FPS = 25.0  # of what states no rate, such as a single picture
FILM = "give a film such as .mp4, .mov, .mkv, .webm, .avi or .mpg"


@dataclass(frozen=True)
class Film:
    """What a film says of itself: frames a second, seconds (0 when unknown), and whether it has sound."""

    fps: float
    seconds: float
    sound: bool


def read_frames(path: str | Path) -> tuple[Film, Iterator[tuple[float, np.ndarray]]]:
    """What the film at `path` says of itself, and its frames: (seconds, picture (H, W, 3) uint8), upright, in the order of their times.

    Pixels are square, and pictures larger than SHOWN_SIDE are made smaller. A FileError for what is no film, is too large, or is damaged.
    """
    frames = _frames(Path(path))
    return next(frames), frames


def film_of(path: str | Path) -> Film:
    """What the film at `path` says of itself; a FileError as of `read_frames`."""
    film, frames = read_frames(path)
    frames.close()
    return film


def _frames(path: Path) -> Iterator:
    import av  # here: the command line must answer before a video library is loaded

    if path.is_file() and not path.stat().st_size:
        raise FileError(f"{path} is empty; {FILM}")
    try:
        with open(path, "rb") as file, av.open(file, "r", options=ALONE, metadata_errors="replace") as container:
            stream = _film_of(container, path)
            yield Film(_rate(stream), (container.duration or 0) / 1e6, bool(container.streams.audio))
            yield from _decoded(container, stream, path)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except (av.FFmpegError, OSError, *OTHERS) as error:
        raise FileError(f"{path} cannot be read as a film ({getattr(error, 'strerror', None) or error}); {FILM}") from None


def _film_of(container, path: Path):
    """The stream of pictures that is shown: not a cover, and of a size that can be decoded."""
    films = [stream for stream in container.streams.video if stream.codec_context and not _is_cover(stream, container)]
    if not films:
        raise FileError(f"{path} has no moving picture; {FILM}")
    stream = max(films, key=lambda film: film.codec_context.width * film.codec_context.height)
    width, height = stream.codec_context.width, stream.codec_context.height
    if min(width, height) <= 0:
        raise FileError(
            f"{path} does not say how large its pictures are, or they are of a kind that is not decoded (animated webp); {FILM}"
        )
    if max(width, height) > LARGEST_SIDE:
        raise FileError(f"{path} has pictures of {width}x{height}; up to {LARGEST_SIDE} pixels a side are read: make it smaller")
    stream.thread_type = "AUTO"
    return stream


def _is_cover(stream, container) -> bool:
    """Whether a picture is one on the sleeve of a recording."""
    return stream.codec_context.name in COVERS and bool(container.streams.audio) and not stream.average_rate


def _rate(stream) -> float:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 1 <= float(rate) <= 240:
            return float(rate)
    return USUAL_FPS


def _decoded(container, stream, path: Path) -> Iterator[tuple[float, np.ndarray]]:
    starts = [float(one.start_time * one.time_base) for one in (*container.streams.video, *container.streams.audio) if one.start_time]
    zero = min(starts) if len(starts) == len(container.streams.video) + len(container.streams.audio) else min([0.0, *starts])
    step, stretch, last = 1 / _rate(stream), _stretch(stream), None
    for frame in _whole_frames(container, stream, path):
        at = float(frame.pts * frame.time_base) - zero if frame.pts is not None else (0.0 if last is None else last + step)
        at = max(at, 0.0)
        if last is not None and at <= last:  # shown twice, out of order, or before the beginning
            continue
        if at > LONGEST_HOURS * 3600:
            raise FileError(f"{path} lasts more than {LONGEST_HOURS} h; cut it into parts")
        if at - (last or 0.0) > LONGEST_PAUSE:
            raise FileError(f"{path} leaps from {last or 0.0:.0f} s to {at:.0f} s; its time stamps are damaged: convert it")
        last = at
        yield at, _upright(frame, stretch)


def _whole_frames(container, stream, path: Path) -> Iterator:
    import av

    good = bad = 0
    for packet in packets_of(container, stream):
        try:
            frames = packet.decode()
        except (av.FFmpegError, *OTHERS):
            bad += 1
            continue
        good += len(frames)
        yield from frames
    if not good or bad > DAMAGED * (good + bad):
        raise FileError(f"{path} is damaged ({bad} of {good + bad} pictures cannot be decoded); repair or convert it")


def _stretch(stream) -> float:
    """How much wider than high the pixels of a film are: those of camcorders and of broadcasts often are not square."""
    for ratio in (stream.sample_aspect_ratio, stream.codec_context.sample_aspect_ratio):
        if ratio and SQUAT[0] <= float(ratio) <= SQUAT[1]:
            return float(ratio)
    return 1.0


def _upright(frame, stretch: float) -> np.ndarray:
    """The picture (H, W, 3) of a frame, of which pixels are wider than high by `stretch`, with square ones, as it is meant to be held."""
    width, height = frame.width * stretch, float(frame.height)
    shrink = min(1.0, SHOWN_SIDE / max(width, height))
    width, height = max(round(width * shrink), 1), max(round(height * shrink), 1)
    picture = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    quarters = round(getattr(frame, "rotation", 0) / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, quarters)) if quarters else picture
