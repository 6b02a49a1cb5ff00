"""Audio features of a whole recording, encoded in pieces: one function for each kind of audio encoder, and the phones of the lips.

Shapes: T frames, D width of the audio features.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.models.log_mel import FEATURES_PER_SECOND, band_means, log_mel, normalise
from visavox.windows import overlapping_chunks

CHUNK = 500  # frames of sound encoded at a time: 20 s
LONGEST_AT_ONCE = 600  # s


def encode_log_mel(
    engine, audio: Audio, frames: int, padded: int, encode: Callable | None = None, margin: int | None = None
) -> np.ndarray:
    """Audio features (padded, D) of a recording of `frames` frames, followed by silence; or what `encode`, which hears `margin` frames to
    either side, makes of its log-mel. It is encoded in pieces that overlap by all that is heard, which gives the same as one."""
    per_frame = round(FEATURES_PER_SECOND / engine.config.fps)
    mel = log_mel(audio, padded * per_frame)
    mel = normalise(mel, band_means(mel[: frames * per_frame]))
    return encode_in_chunks(encode or engine.encode_audio, mel, per_frame, margin or engine.config.audio.margin)


def encode_samples(engine, audio: Audio, frames: int, padded: int, at_once: bool = False) -> np.ndarray:
    """Audio features (padded, D) for an encoder that hears samples: resampled sharply, standardised over the recording, then padding.

    Long sound is heard in overlapping chunks as long as the windows of training, or `at_once`, as published. Raises an OptionError
    for a recording over LONGEST_AT_ONCE seconds at once. Source: DiffPoseTalk, but for the chunks.
    """
    config = engine.config
    if at_once and audio.seconds > LONGEST_AT_ONCE:
        long = f"{audio.seconds:.0f} s; encoded at once are {LONGEST_AT_ONCE} at most"
        raise OptionError(f"the recording has {long}, since memory grows with the square: let it be encoded in chunks")
    per_frame = round(config.sample_rate / config.fps)
    heard = audio.resample_sharply(config.sample_rate).samples[: frames * per_frame]
    heard = (heard - heard.mean()) / (heard.std(ddof=min(1, heard.size - 1)) + 1e-5)
    samples = np.full(padded * per_frame, heard[-1] if config.audio.padding == "replicate" else 0, np.float32)
    samples[: heard.size] = heard
    parts, chunk = [], padded if at_once else config.audio.chunk
    for first, start, end in overlapping_chunks(padded, chunk, config.audio.margin):
        piece = engine.encode_audio(samples[first * per_frame : (first + chunk) * per_frame])
        parts.append(piece[start - first : end - first])
    return np.concatenate(parts)


ENCODINGS = {"log-mel": encode_log_mel, "hubert": encode_samples}  # by the kind of a checkpoint's audio encoder


def encode_in_chunks(encode: Callable, features: np.ndarray, per_frame: int, margin: int, chunk: int = CHUNK) -> np.ndarray:
    """`encode(features)` (T, D) of features (T * per_frame, bands), made `chunk` frames at a time, in memory that does
    not grow.

    Each chunk is heard with `margin` frames to either side; with an encoder that hears no further, the result is
    that of one call.
    """
    frames = features.shape[0] // per_frame
    parts = []
    for first in range(0, frames, chunk):
        start, end = max(first - margin, 0), min(first + chunk + margin, frames)
        heard = encode(features[start * per_frame : end * per_frame])
        parts.append(heard[first - start : first - start + chunk])
    return np.concatenate(parts)


def lip_cue_encoder(engine) -> Callable[[Audio, int], dict[str, np.ndarray]] | None:
    """A function (audio, frames) -> each of the engine's `lip_cues` (frames,), by name; None for an engine that has none.

    Takes of one recording are encoded once.
    """
    if not engine.lip_cues:
        return None

    @lru_cache(maxsize=1)
    def encode(audio: Audio, frames: int) -> dict[str, np.ndarray]:
        silence = engine.config.audio.margin  # after the end, as the model hears it
        cues = encode_log_mel(engine, audio, frames, frames + silence, engine.read_lips, engine.lip_margin)[:frames]
        return dict(zip(engine.lip_cues, cues.T, strict=True))

    return encode
