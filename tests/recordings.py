"""Small recordings in every format, made when a test asks for them: a tone whose pitch and length are known."""

from pathlib import Path

import av
import numpy as np
import soundfile

FREQUENCY = 440.0
LEVEL = 0.3


def stereo_tone(seconds: float, sample_rate: int) -> np.ndarray:
    """(S, 2) float32: the tone on the left at LEVEL, on the right at half of it; their mean is 0.75 LEVEL."""
    left = LEVEL * np.sin(2 * np.pi * FREQUENCY * np.arange(round(seconds * sample_rate)) / sample_rate)
    return np.stack([left, left / 2], axis=1).astype(np.float32)


def write_wav(path: Path, samples: np.ndarray, sample_rate: int = 16000) -> Path:
    """The path of a float wav of `samples` (S,) or (S, channels)."""
    soundfile.write(path, samples, sample_rate, subtype="FLOAT")
    return path


def write_with_libsndfile(path: Path, seconds: float, sample_rate: int) -> Path:
    """The path of a recording in the format of its suffix (wav, flac, ogg, mp3, aiff)."""
    soundfile.write(path, stereo_tone(seconds, sample_rate), sample_rate)
    return path


def write_with_pyav(path: Path, codec: str, seconds: float, sample_rate: int, picture: bool = False, title: str = "") -> Path:
    """The path of a recording (m4a, opus, webm, mp4 ...); `picture` adds a video track of grey frames."""
    with av.open(str(path), "w") as container:
        container.metadata["title"] = title
        sound = container.add_stream(codec, rate=sample_rate, layout="stereo")
        if picture:
            add_picture(container, seconds)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(stereo_tone(seconds, sample_rate).T), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = sample_rate, 0
        size = sound.codec_context.frame_size or 1024
        resampler = av.AudioResampler(format=sound.format, layout="stereo", rate=sample_rate, frame_size=size)
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            container.mux(sound.encode(part))
    return path


def write_silent_film(path: Path, seconds: float = 1.0) -> Path:
    """The path of a video without a sound track."""
    with av.open(str(path), "w") as container:
        add_picture(container, seconds)
    return path


def add_picture(container, seconds: float) -> None:
    """Adds a film of grey frames to an open container."""
    stream = container.add_stream("mpeg4", rate=25)
    stream.width = stream.height = 64
    grey = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 128, np.uint8), format="rgb24")
    for index in range(round(seconds * 25)):
        grey.pts = index
        container.mux(stream.encode(grey))
    container.mux(stream.encode(None))
