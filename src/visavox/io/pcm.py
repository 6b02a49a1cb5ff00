"""Sound that arrives byte by byte: raw samples, or .wav files one after the other, decoded as far as the bytes go.

Facts of the .wav layout: chunks of a four-letter name, a uint32 size and that many bytes, padded to an even number; `fmt ` before `data`.
A writer that does not know the length leaves the size of `data` at 0 or near the largest number. After the samples anything may follow.
"""

import struct
from dataclasses import dataclass

import numpy as np

from visavox.errors import FileError

RIFF, LONGEST_HEADER, UNKNOWN = (b"RIFF", b"RF64", b"BW64"), 1 << 20, 0x7FFFFF00  # the latter two are .wav of more than 4 GB
# How compressed sound and other containers begin, from the first byte or the fifth: taken for samples it would be noise.
OTHERS = {b"fLaC": "FLAC", b"OggS": "Ogg", b"ID3": "MP3", b"\x1aE\xdf\xa3": "Matroska or WebM", b"FORM": "AIFF", b"caff": "CAF"}
OTHERS |= {b"RIFX": "big-endian .wav", b"riff": "Sony Wave64", b".snd": "AU"}
BOX, FIRST = b"ftyp", 8  # the fifth to eighth byte of MP4 and M4A; bytes that tell what comes
TEXT, LEAST_TEXT = bytes(range(32, 127)) + b"\t\n\r", 32  # what lines of a program hold; as many such bytes in a row are no samples
INTEGERS, FLOATS, EXTENSIBLE = 1, 3, 0xFFFE
LOWEST_RATE, HIGHEST_RATE, MOST_CHANNELS = 2_000, 768_000, 64
ADVICE = "give 16-bit mono samples and --rate, or a .wav of PCM or floats; ffmpeg makes one of other sound: ffmpeg -i INPUT -f wav -"


@dataclass(frozen=True)
class Layout:
    """How samples lie: `kind` INTEGERS or FLOATS of `width` bytes, channels side by side, at `sample_rate` Hz."""

    kind: int
    width: int
    channels: int
    sample_rate: int

    def __post_init__(self):
        known = (self.kind == INTEGERS and self.width in (1, 2, 3, 4)) or (self.kind == FLOATS and self.width in (4, 8))
        if not known or not 0 < self.channels <= MOST_CHANNELS or not LOWEST_RATE <= self.sample_rate <= HIGHEST_RATE:
            found = f"kind {self.kind}, {8 * self.width} bits, {self.channels} channels, {self.sample_rate} Hz"
            raise FileError(f"the sound has samples that cannot be read ({found}); {ADVICE}")

    def samples(self, data: bytes) -> np.ndarray:
        """Mono samples (S,) float32 in [-1, 1] of whole frames of bytes."""
        if self.kind == FLOATS:
            values = np.frombuffer(data, f"<f{self.width}").astype(np.float32)
            values = np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0)  # a live source goes on after a bad sample
        elif self.width == 3:
            parts = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
            values = ((parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) / 2**31).astype(np.float32)
        elif self.width == 1:
            values = ((np.frombuffer(data, np.uint8).astype(np.float32)) - 128) / 128
        else:
            values = (np.frombuffer(data, f"<i{self.width}") / 2.0 ** (8 * self.width - 1)).astype(np.float32)
        return np.clip(values.reshape(-1, self.channels).mean(axis=1), -1, 1)


class PcmDecoder:
    """Decodes what is pushed: .wav where it begins as one, else 16-bit little-endian mono at `sample_rate`. A FileError for a .wav of
    samples that are neither integers nor floats, and for sound that begins as another kind of file or as text."""

    def __init__(self, sample_rate: int):
        self._raw = Layout(INTEGERS, 2, 1, sample_rate)
        self._layout: Layout | None = None
        self._bytes, self._left, self._odd, self._skipped, self._wav = b"", 0.0, 0, 0, None

    def push(self, data: bytes) -> list[tuple[int, np.ndarray]]:
        """The samples (S,) that became whole, with their rate in Hz; of several files in turn."""
        self._bytes += data
        found = []
        while (made := self._next()) is not None:
            if made[1].size:
                found.append(made)
        return found

    def _next(self) -> tuple[int, np.ndarray] | None:
        if self._wav is None:
            if len(self._bytes) < FIRST:
                return None
            _refuse_others(self._bytes)
            self._wav = self._bytes[:4] in RIFF
        if not self._wav:
            return self._samples(self._raw, len(self._bytes))
        if self._left <= 0 and not self._header():
            return None
        taken = int(min(len(self._bytes), self._left))
        made = self._samples(self._layout, taken)
        self._left -= 0 if made is None else made[1].size * self._layout.width * self._layout.channels
        if self._left < self._layout.width * self._layout.channels:
            self._skipped, self._left = int(self._left) + self._odd, 0
        return made

    def _samples(self, layout: Layout, size: int) -> tuple[int, np.ndarray] | None:
        step = layout.width * layout.channels
        whole = size // step * step
        if not whole:
            return None
        data, self._bytes = self._bytes[:whole], self._bytes[whole:]
        return layout.sample_rate, layout.samples(data)

    def _header(self) -> bool:
        """Reads up to the samples of the next file; whether they are reached. What is no chunk of a file's beginning is passed over."""
        while self._passed_over() and len(self._bytes) >= 8:
            name, size = self._bytes[:4], struct.unpack_from("<I", self._bytes, 4)[0]
            if name == b"data":
                if self._layout is None:
                    raise FileError(f"a .wav has samples before it says how they lie; {ADVICE}")
                self._bytes, known = self._bytes[8:], 0 < size < UNKNOWN
                self._left, self._odd = (size, size % 2) if known else (float("inf"), 0)
                return True
            if self._layout is None and size > LONGEST_HEADER and name not in RIFF:
                raise FileError(f"a .wav has {size} bytes of {name!r} before its samples; {ADVICE}")
            if name == b"fmt " and len(self._bytes) < 8 + size:
                return False
            if name == b"fmt ":
                self._layout = _layout(self._bytes[8 : 8 + size])
            elif name in RIFF:
                self._layout, size = None, 4
            self._skipped = 8 + size + size % 2
        return False

    def _passed_over(self) -> bool:
        """Drops what is of no use, as far as it has come; whether all of it has."""
        came = min(self._skipped, len(self._bytes))
        self._bytes, self._skipped = self._bytes[came:], self._skipped - came
        return not self._skipped


def _layout(data: bytes) -> Layout:
    if len(data) < 16:
        raise FileError(f"a .wav says too little of how its samples lie; {ADVICE}")
    kind, channels, rate, _, step, bits = struct.unpack_from("<HHIIHH", data)
    if kind == EXTENSIBLE and len(data) >= 26:
        kind = struct.unpack_from("<H", data, 24)[0]
    if bits % 8 or step != channels * bits // 8:
        raise FileError(f"a .wav has samples of {bits} bits in steps of {step} bytes; {ADVICE}")
    return Layout(kind, bits // 8, channels, rate)


def _refuse_others(first: bytes) -> None:
    """A FileError for sound whose `first` bytes are those of another kind of file, or the words of a program that failed."""
    for start, name in OTHERS.items():
        if first.startswith(start):
            raise FileError(f"the sound is a file of {name}, not samples; {ADVICE}")
    if first[4:8] == BOX:
        raise FileError(f"the sound is an .mp4 or .m4a, not samples; {ADVICE}")
    if not first[:LEAST_TEXT].strip(TEXT) and len(first) >= LEAST_TEXT:
        raise FileError(f"the sound is text ({first[:LEAST_TEXT].decode()!r}...), not samples; {ADVICE}")
