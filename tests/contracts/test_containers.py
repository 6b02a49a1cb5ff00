"""Every container of sound that can be written here: what is said at a moment is read at that moment, as of a plain wav.

Encoders begin with what their filters need. Where a file says how much, the library takes it off; where it cannot, `io.audio_priming` does.
"""

import av
import numpy as np
import pytest

import recordings
from visavox.io.audio import read_audio

MOST = 0.005  # seconds
# Suffix, codec, rate, and format where the suffix does not tell.
FAMILY = [
    ("wav", "pcm_s16le", 44100), ("flac", "flac", 44100), ("aiff", "pcm_s16be", 44100), ("mp3", "libmp3lame", 44100),
    ("m4a", "aac", 44100), ("m4a", "alac", 44100), ("mp4", "aac", 16000), ("mov", "aac", 48000), ("mkv", "aac", 44100),
    ("aac", "aac", 16000), ("aac", "aac", 44100), ("ts", "aac", 16000), ("ts", "mp2", 48000), ("ts", "libmp3lame", 44100),
    ("ts", "ac3", 48000), ("ts", "libopus", 48000), ("flv", "aac", 44100), ("flv", "libmp3lame", 44100), ("nut", "aac", 44100),
    ("loas", "aac", 44100, "latm"), ("mpg", "mp2", 44100), ("mp2", "mp2", 16000), ("ac3", "ac3", 48000), ("eac3", "eac3", 48000),
    ("wav", "libmp3lame", 44100), ("wma", "wmav2", 44100, "asf"), ("wma", "wmav2", 16000, "asf"), ("wma", "wmav1", 32000, "asf"),
    ("wma", "libmp3lame", 44100, "asf"), ("avi", "wmav2", 22050), ("avi", "aac", 44100), ("opus", "libopus", 48000, "ogg"),
    ("ogg", "libvorbis", 44100), ("webm", "libopus", 48000), ("mkv", "libopus", 16000), ("3gp", "libopencore_amrnb", 8000),
    ("3gp", "aac", 16000), ("amr", "libopencore_amrnb", 8000), ("wv", "wavpack", 44100),
    ("rm", "real_144", 8000), ("rm", "ac3", 48000), ("mkv", "real_144", 8000),
]  # fmt: skip
FILMS = [
    ("avi", "libmp3lame"), ("avi", "wmav2"), ("mp4", "aac"), ("mkv", "aac"), ("ts", "aac"), ("ts", "mp2"), ("asf", "wmav2"), ("asf", "aac"),
]  # fmt: skip


def voice(rate: int) -> np.ndarray:
    """A tone that glides and swells, which is like itself at no other moment; a tenth of a second of silence before it."""
    time, random = np.arange(rate) / rate, np.random.default_rng(1)
    swells, glides = (np.interp(time, np.linspace(0, 1, number), random.random(number)) for number in (20, 10))
    return (0.4 * swells * np.sin(2 * np.pi * np.cumsum(300 + 400 * glides) / rate) * (time > 0.1)).astype(np.float32)


def written(path, codec: str, rate: int, kind: str | None, picture: bool) -> None:
    """A file of the voice; skips where this build of the library lacks the encoder."""
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no encoder {codec}")
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        if codec.startswith("wma"):
            stream.bit_rate = 96_000  # it has no usual one
        if picture:
            recordings.add_picture(container, 1.0)
        frame = av.AudioFrame.from_ndarray(voice(rate)[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=size)
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            for packet in stream.encode(part):
                container.mux(packet)


def late(path, rate: int) -> float:
    """By how many seconds the voice is read too late."""
    audio = read_audio(path).resample(rate)
    size = 1 << int(np.ceil(np.log2(2 * rate)))
    alike = np.fft.irfft(np.fft.rfft(audio.samples[:rate], size) * np.conj(np.fft.rfft(voice(rate), size)), size)
    found = int(np.argmax(alike))
    return (found - size if found > size // 2 else found) / rate


@pytest.mark.filterwarnings("ignore::visavox.errors.VisavoxWarning")
@pytest.mark.parametrize("entry", FAMILY, ids=lambda entry: "-".join(map(str, entry)))
def test_sound_is_where_it_is_in_a_wav(tmp_path, entry):
    suffix, codec, rate, *kind = entry
    path = tmp_path / f"voice.{suffix}"
    written(path, codec, rate, kind[0] if kind else None, picture=False)
    assert abs(late(path, rate)) <= MOST


@pytest.mark.filterwarnings("ignore::visavox.errors.VisavoxWarning")
@pytest.mark.parametrize("suffix, codec", FILMS)
def test_the_sound_of_a_film_is_with_its_picture(tmp_path, suffix, codec):
    """Both may begin later than the file: then by as much."""
    rate, path = 44100, tmp_path / f"film.{suffix}"
    written(path, codec, rate, None, picture=True)
    with av.open(str(path)) as container:
        starts = [float(stream.start_time * stream.time_base) for stream in container.streams]
        picture = float(container.streams.video[0].start_time * container.streams.video[0].time_base) - min(starts)
    assert abs(late(path, rate) - picture) <= MOST
