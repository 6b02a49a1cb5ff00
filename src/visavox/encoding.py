"""What the audio encoder makes of a whole recording, in pieces: one function for each kind of encoder.

Shapes: T frames, D width of the audio features.
"""

from collections.abc import Callable

import numpy as np

from visavox.audio import Audio
from visavox.engine import Encoded, Engine
from visavox.errors import OptionError
from visavox.models.log_mel import FEATURES_PER_SECOND, band_means, log_mel, normalise
from visavox.windows import overlapping_chunks, padded_frames

CHUNK = 500  # frames of sound encoded at a time: 20 s
LONGEST_AT_ONCE = 600  # s


def encode_log_mel(engine: Engine, audio: Audio, frames: int, padded: int, at_once: bool = False) -> Encoded:
    """What an encoder of log-mel makes of a recording of `frames` frames, followed by silence: features and cues of `padded` frames.

    It is encoded in pieces that overlap by all that the encoder reaches, which gives the same as `at_once`.
    """
    del at_once
    config = engine.config
    per_frame, whole = round(FEATURES_PER_SECOND / config.fps), max(padded, frames + config.audio.margin)
    mel = log_mel(audio, whole * per_frame)  # after the end the encoder finds silence for as long as it reaches
    mel = normalise(mel, band_means(mel[: frames * per_frame]))
    features, cues = encode_in_chunks(engine.encode, mel, per_frame, config.margin)
    return Encoded(features[:padded], cues[:padded])


def encode_samples(engine: Engine, audio: Audio, frames: int, padded: int, at_once: bool = False) -> Encoded:
    """What an encoder of samples makes of a recording: resampled sharply, standardised over the recording, then padding.

    Long sound is encoded in overlapping chunks as long as the windows of training, or `at_once`, as published. Raises an OptionError
    for a recording over LONGEST_AT_ONCE seconds at once. Source: DiffPoseTalk, but for the chunks.
    """
    config = engine.config
    if at_once and audio.seconds > LONGEST_AT_ONCE:
        long = f"{audio.seconds:.0f} s; encoded at once are {LONGEST_AT_ONCE} at most"
        raise OptionError(f"the recording has {long}, since memory grows with the square: let it be encoded in chunks")
    per_frame = round(config.sample_rate / config.fps)
    sound = audio.resample_sharply(config.sample_rate).samples[: frames * per_frame]
    sound = (sound - sound.mean()) / (sound.std(ddof=min(1, sound.size - 1)) + 1e-5)
    samples = np.full(padded * per_frame, sound[-1] if config.audio.padding == "replicate" else 0, np.float32)
    samples[: sound.size] = sound
    parts, chunk = [], padded if at_once else config.audio.chunk
    for first, start, end in overlapping_chunks(padded, chunk, config.audio.margin):
        piece = engine.encode(samples[first * per_frame : (first + chunk) * per_frame])
        parts.append([part[start - first : end - first] for part in piece])
    return Encoded(*map(np.concatenate, zip(*parts, strict=True)))


ENCODINGS = {"log-mel": encode_log_mel, "hubert": encode_samples}  # by the kind of a checkpoint's audio encoder


def encode_in_chunks(encode: Callable, features: np.ndarray, per_frame: int, margin: int, chunk: int = CHUNK) -> tuple:
    """The arrays of `encode(features)`, each (T, ...), of features (T * per_frame, bands), made `chunk` frames at a time.

    Memory does not grow with length.
    Each chunk is encoded with `margin` frames to either side; with an encoder that reaches no further, the result is that of one call.
    One that is, with its margins, what the one before was is not encoded again: hours of digital silence are encoded once.
    """
    frames = features.shape[0] // per_frame
    parts, made, given = [], None, None
    for first in range(0, frames, chunk):
        start, end = max(first - margin, 0), min(first + chunk + margin, frames)
        before, given = given, features[start * per_frame : end * per_frame]
        if before is None or not np.array_equal(before, given):
            made = encode(given)
        parts.append([part[first - start : first - start + chunk] for part in made])
    return tuple(map(np.concatenate, zip(*parts, strict=True)))


class RecordingEncoder:
    """Encodes whole recordings with `encode`, one of `ENCODINGS`; the last one is kept for the next who asks: the denoiser, the gestures,
    and every take.
    """

    def __init__(self, engine: Engine, encode: Callable = encode_log_mel):
        self.engine, self.encode, self._last = engine, encode, None

    def __call__(self, audio: Audio, frames: int, at_once: bool = False) -> Encoded:
        """Features and cues of the frames of all windows that cover `frames` frames of `audio`; in one piece when `at_once`."""
        if self._last is None or self._last[0] is not audio or self._last[1:3] != (frames, at_once):
            padded = padded_frames(frames, self.engine.config.denoiser.window)
            self._last = audio, frames, at_once, self.encode(self.engine, audio, frames, padded, at_once)
        return self._last[3]

    def cues(self, audio: Audio, frames: int, at_once: bool = False) -> dict[str, np.ndarray]:
        """Each of the engine's cues of the lips (frames,), by name; of the same pass as the features."""
        found = self(audio, frames, at_once).cues[:frames]
        return dict(zip(self.engine.config.lip_cues, found.T, strict=True))
