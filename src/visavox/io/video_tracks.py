"""What a recording, a video or a picture says of itself, without decoding it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import FileError
from visavox.io.audio_decoding import ALONE, OTHERS, stated_seconds
from visavox.io.audio_priming import COVERS
from visavox.io.pipes import name_of, readable

if TYPE_CHECKING:
    from typing import BinaryIO

LETTERS = ("tty",)  # what the video library takes a plain text for


@dataclass(frozen=True)
class Sound:
    """A sound track: its codec, Hz, channels, and seconds (0 when unknown)."""

    codec: str
    sample_rate: int
    channels: int
    seconds: float


@dataclass(frozen=True)
class Pictures:
    """A film or one picture: its codec, pixels, frames per second and seconds (both 0 for one picture, or when unknown)."""

    codec: str
    width: int
    height: int
    fps: float
    seconds: float


@dataclass(frozen=True)
class Media:
    """The tracks of a file, and whether it is one picture alone."""

    sounds: tuple[Sound, ...]
    pictures: tuple[Pictures, ...]
    still: bool


def read_media(path: str | Path) -> Media | None:
    """What the file at `path` (or a pipe) holds; None when it is no recording, video or picture. A FileError when it cannot be read."""
    with readable(path) as source:
        media = _tracks(source)
    if media and not (media.sounds or media.pictures):
        raise FileError(f"{name_of(path)} holds neither sound nor pictures; give a recording or a video")
    return media


def _tracks(source: "BinaryIO") -> Media | None:
    import av  # here: the command line must answer before a video library is loaded

    source.seek(0)
    try:
        with av.open(source, "r", options=ALONE, metadata_errors="replace") as container:
            if container.format.name in LETTERS:
                return None
            sounds = [track for track in container.streams.audio if track.codec_context]
            films = [track for track in container.streams.video if track.codec_context]
            still = container.format.name.endswith("_pipe") or container.format.name == "image2"
            films = [track for track in films if still or not sounds or track.codec_context.name not in COVERS]
            return Media(
                tuple(_sound(container, track) for track in sounds), tuple(_pictures(container, track, still) for track in films), still
            )
    except (av.FFmpegError, *OTHERS):
        return None


def _sound(container, track) -> Sound:
    codec = track.codec_context
    return Sound(codec.name, codec.sample_rate, codec.layout.nb_channels, stated_seconds(container, track))


def _pictures(container, track, still: bool) -> Pictures:
    codec, rate = track.codec_context, float(track.average_rate or track.guessed_rate or 0)
    seconds = 0.0 if still else (container.duration or 0) / 1e6
    return Pictures(codec.name, codec.width, codec.height, 0.0 if still else rate, seconds)
