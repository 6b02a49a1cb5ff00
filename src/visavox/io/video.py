"""Video files: frames and sound to mp4 (H.264 + AAC), in one pass and with flat memory.

Frame i is shown from i / fps to (i + 1) / fps seconds, and sample s sounds at s / sample_rate: both clocks start at 0.
The encoder's AAC delay is written as the file's own edit list, which players honour.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.io.atomic import check_suffix, replacing

QUALITY, EFFORT = "20", "veryfast"  # x264's crf and preset: 3 ms a frame at 512 x 512
SOUND_RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)  # Hz that AAC holds and players take
SOUND_BITS = 96_000  # a second: transparent for a voice
BLOCK = 1024  # samples per AAC frame


def write_video(frames: Iterable[np.ndarray], audio: Audio | None, path: str | Path, fps: float) -> int:
    """The number of frames written to `path` (.mp4); `frames` are (H, W, 3) uint8 of one even size, taken one by one.

    The picture decides the duration: sound that is longer is cut at the end of the last frame, shorter sound is followed
    by silence. The file appears whole or not at all. Raises an OptionError for odd sizes, an unusable `fps` or another
    suffix, and a FileError when the file cannot be written.
    """
    check_suffix(path, (".mp4",), "the video")
    rate = _rate(fps)
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise OptionError(f"there are no frames to write to {path}; give at least one")
    with replacing(path) as temporary:
        return _encode(chain([first], frames), audio and _playable(audio), temporary, rate)


def _rate(fps: float) -> Fraction:
    """The exact rate meant by `fps`: 23.976, 29.97 and 59.94 are multiples of 1000 / 1001."""
    if not 1 <= fps <= 240:
        raise OptionError(f"fps {fps} is not between 1 and 240; give frames per second such as 25 or 60")
    broadcast = Fraction(round(fps * 1.001) * 1000, 1001)
    return broadcast if abs(float(broadcast) - fps) < 2e-3 and fps != round(fps) else Fraction(fps).limit_denominator(1000)


def _playable(audio: Audio) -> Audio:
    """The sound at a rate that AAC holds: unchanged when it is one, else at the lowest that loses nothing."""
    if audio.sample_rate in SOUND_RATES:
        return audio
    return audio.resample(min((rate for rate in SOUND_RATES if rate > audio.sample_rate), default=SOUND_RATES[0]))


def _encode(frames: Iterator[np.ndarray], audio: Audio | None, path: Path, rate: Fraction) -> int:
    import av  # here: the command line must answer before a video library is loaded

    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            return _encode_streams(container, frames, audio, rate)
    except av.FFmpegError as error:
        raise OSError(getattr(error, "errno", 0), error.strerror or "the encoder failed") from error


def _encode_streams(container, frames: Iterator[np.ndarray], audio: Audio | None, rate: Fraction) -> int:
    import av

    first = next(frames)
    size = _checked_size(first)
    picture = _picture_stream(container, size, rate)
    sound = _sound_stream(container, audio) if audio else None
    count = written = 0
    for frame in chain([first], frames):
        if _checked_size(frame) != size:
            raise OptionError(f"frame {count} has shape {frame.shape}, the first has {size}; give frames of one size")
        shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        shown.pts, shown.time_base = count, 1 / rate
        container.mux(picture.encode(shown))
        count += 1
        if sound:
            written = _write_sound(container, sound, audio, written, _samples_until(count, rate, audio))
    container.mux(picture.encode(None))
    if sound:
        _finish_sound(container, sound, audio, written, _samples_until(count, rate, audio))
    return count


def _checked_size(frame: np.ndarray) -> tuple[int, int]:
    """The (height, width) of `frame`; an OptionError unless it is an (H, W, 3) uint8 picture of even sides."""
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise OptionError(f"a frame has shape {frame.shape} and type {frame.dtype}; video takes (H, W, 3) uint8")
    height, width = frame.shape[:2]
    if height % 2 or width % 2 or not height or not width:
        raise OptionError(f"frames of {width}x{height} pixels cannot be stored; use an even width and height")
    return height, width


def _picture_stream(container, size: tuple[int, int], rate: Fraction):
    stream = container.add_stream("libx264", rate=rate)
    stream.height, stream.width = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = 1 / rate
    stream.options = {"crf": QUALITY, "preset": EFFORT, "threads": "1"}  # one thread: the same bytes on every machine
    return stream


def _sound_stream(container, audio: Audio):
    stream = container.add_stream("aac", rate=audio.sample_rate, layout="mono")
    stream.bit_rate = SOUND_BITS
    return stream


def _samples_until(frames: int, rate: Fraction, audio: Audio) -> int:
    """The number of samples that sound by the end of frame number `frames`."""
    return round(frames * audio.sample_rate / rate)


def _write_sound(container, stream, audio: Audio, start: int, end: int) -> int:
    """Writes whole blocks from sample `start` on while they end before `end`; the sample reached."""
    while start + BLOCK <= end:
        _write_block(container, stream, audio, start, start + BLOCK)
        start += BLOCK
    return start


def _finish_sound(container, stream, audio: Audio, start: int, end: int) -> None:
    start = _write_sound(container, stream, audio, start, end)
    if start < end:
        _write_block(container, stream, audio, start, end)
    container.mux(stream.encode(None))


def _write_block(container, stream, audio: Audio, start: int, end: int) -> None:
    import av

    samples = np.zeros((1, end - start), np.float32)
    heard = audio.samples[start:end]
    samples[0, : heard.size] = heard
    block = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
    block.sample_rate, block.pts, block.time_base = audio.sample_rate, start, Fraction(1, audio.sample_rate)
    container.mux(stream.encode(block))
