"""`Audio`: mono samples with their rate, the value that every stage takes."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from visavox.arguments import checked
from visavox.errors import FileError, positive
from visavox.resampling import kaiser_lowpass, kaiser_taps, resampled

LOUDEST = 16.0  # samples above this are whole numbers, not sound in [-1, 1], and clipping would ruin them
KEPT_BAND, STOPPED = 0.913, 120.0  # of the sharp resampling: the share of the half rate that is kept whole, and dB from the half rate on


@checked
@dataclass(frozen=True, eq=False)
class Audio:
    """Sound as values: `samples` (S,) float32 in [-1, 1], mono, finite, never empty; `sample_rate` in Hz.

    `source` is the name of the file that it was read from, for people.
    """

    samples: np.ndarray
    sample_rate: int
    source: str = ""

    def __post_init__(self):
        samples = np.ascontiguousarray(self.samples, dtype=np.float32)
        if samples.ndim != 1:
            raise FileError(f"audio must be mono (S,), got an array of shape {samples.shape}; mix the channels down first")
        if samples.size == 0:
            raise FileError("audio has zero samples; give a recording with sound in it")
        if not np.isfinite(samples).all():
            bad = int(np.flatnonzero(~np.isfinite(samples))[0])
            raise FileError(f"audio holds a value that is not a number at sample {bad}; repair or re-record the file")
        peak = max(float(samples.max()), -float(samples.min()))
        if peak > LOUDEST:
            raise FileError(f"audio reaches {peak:.0f} where 1 is full scale; divide its samples by their full scale (16-bit: by 32768)")
        rate = positive(self.sample_rate, "a sample rate of", "give the true rate of the recording in Hz", least=1)
        object.__setattr__(self, "samples", np.clip(samples, -1.0, 1.0))
        object.__setattr__(self, "sample_rate", int(rate))

    @classmethod
    def holding(cls, samples: np.ndarray, sample_rate: int, source: str = "") -> "Audio":
        """The sound of samples (S,) float32 that were checked and that nobody else holds: hours are clipped where they lie, not copied."""
        audio = object.__new__(cls)
        for name, value in (("samples", np.clip(samples, -1.0, 1.0, out=samples)), ("sample_rate", sample_rate), ("source", source)):
            object.__setattr__(audio, name, value)
        return audio

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self.samples.size / self.sample_rate

    @checked
    def between(self, start: float, end: float) -> "Audio":
        """The part from `start` to `end` seconds, cut at the nearest samples inside the recording."""
        first = max(round(start * self.sample_rate), 0)
        last = min(round(end * self.sample_rate), self.samples.size)
        return replace(self, samples=self.samples[first:last])

    @checked
    def resample(self, sample_rate: int) -> "Audio":
        """The same sound at `sample_rate` Hz, through a polyphase filter (zero phase, no delay)."""
        if sample_rate == self.sample_rate:
            return self
        ratio = Fraction(sample_rate, self.sample_rate)
        samples = resampled(self.samples, ratio.numerator, ratio.denominator)
        return replace(self, samples=samples, sample_rate=sample_rate)

    def resample_sharply(self, sample_rate: int) -> "Audio":
        """The same sound at `sample_rate` Hz with all of its band up to 91 % of the lower rate's half, and nothing above that half.

        `resample` is gentler and quicker: it begins to fall at 85 %. This is what networks were trained on whose sound came through
        soxr at high quality, such as that of librosa. It differs from soxr by .3 % of white noise, where `resample` differs by 15 %.
        """
        if sample_rate == self.sample_rate:
            return self
        ratio = Fraction(sample_rate, self.sample_rate)
        half, both = min(sample_rate, self.sample_rate) / 2, float(self.sample_rate * ratio.numerator)
        taps, beta = kaiser_taps(STOPPED, (1 - KEPT_BAND) * half / (both / 2))
        window = kaiser_lowpass(taps | 1, (1 + KEPT_BAND) / 2 * half / (both / 2), beta)
        return Audio(resampled(self.samples, ratio.numerator, ratio.denominator, window), sample_rate)

    def pad(self, samples: int) -> "Audio":
        """The sound followed by silence up to `samples` samples in all; unchanged when it is already that long."""
        missing = samples - self.samples.size
        if missing <= 0:
            return self
        return replace(self, samples=np.pad(self.samples, (0, missing)))

    @checked
    def join(self, other: "Audio") -> "Audio":
        """This sound followed by `other`, which is resampled to this rate when it differs."""
        tail = other.resample(self.sample_rate).samples
        return replace(self, samples=np.concatenate([self.samples, tail]))
