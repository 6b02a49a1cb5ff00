"""Sound that arrives byte by byte: every layout of .wav, cut anywhere, one file after another, and bytes that are no sound."""

import io
import struct

import numpy as np
import pytest
import soundfile

from visavox.errors import FileError
from visavox.io.pcm import PcmDecoder

SOUND = (0.5 * np.sin(np.arange(3000) / 9)).astype(np.float32)


def wav(subtype: str, rate: int = 22050, channels: int = 1) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.stack([SOUND] * channels, axis=1), rate, subtype=subtype, format="WAV")
    return buffer.getvalue()


def decoded(data: bytes, step: int, rate: int = 16000) -> list[tuple[int, np.ndarray]]:
    """What comes of `data` in pieces of `step` bytes, neighbours of one rate joined."""
    decoder, found = PcmDecoder(rate), []
    for place in range(0, len(data), step):
        found += decoder.push(data[place : place + step])
    joined: list[tuple[int, np.ndarray]] = []
    for each, samples in found:
        if joined and joined[-1][0] == each:
            joined[-1] = each, np.concatenate([joined[-1][1], samples])
        else:
            joined.append((each, samples))
    return joined


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("subtype", "error"), [("PCM_U8", 0.01), ("PCM_16", 1e-4), ("PCM_24", 1e-6), ("PCM_32", 1e-6), ("FLOAT", 0), ("DOUBLE", 0)]
)
def test_every_layout_is_decoded_wherever_it_is_cut(subtype, error, step):
    ((rate, samples),) = decoded(wav(subtype, channels=2), step)
    assert rate == 22050 and samples.size == SOUND.size and np.abs(samples - SOUND).max() <= error


def test_raw_samples_are_16_bit_at_the_rate_that_is_said():
    data = np.rint(SOUND * 32767).astype("<i2").tobytes()
    ((rate, samples),) = decoded(data, 3, 8000)
    assert rate == 8000 and np.abs(samples - SOUND).max() < 1e-4


def test_files_one_after_the_other_keep_their_rates_and_lists_between_are_skipped():
    note = b"LIST" + struct.pack("<I", 5) + b"hello\0"
    found = decoded(wav("PCM_16", 8000) + note + wav("FLOAT", 48000), 11)
    assert [(rate, samples.size) for rate, samples in found] == [(8000, 3000), (48000, 3000)]


@pytest.mark.parametrize("step", [1, 11, 100_000])
def test_samples_of_an_odd_number_of_bytes_are_padded_and_what_follows_is_read(step):
    odd = wav("PCM_U8", 8000)
    odd = odd.replace(b"data" + struct.pack("<I", 3000), b"data" + struct.pack("<I", 2999))[:-1] + b"\0"
    assert [(rate, samples.size) for rate, samples in decoded(odd + wav("PCM_16", 48000), step)] == [(8000, 2999), (48000, 3000)]


@pytest.mark.parametrize("step", [1, 11, 100_000])
def test_what_follows_the_samples_and_is_no_sound_is_passed_over(step):
    ((_, samples),) = decoded(wav("PCM_16") + b"TAG of a player that knows no chunks", step)
    assert samples.size == SOUND.size


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
def test_the_names_of_a_wav_of_many_gigabytes(name):
    long = struct.pack("<IQQQI", 28, 0, 0, 0, 0)
    data = name + b"\xff\xff\xff\xffWAVEds64" + long + wav("PCM_16")[12:]
    ((rate, samples),) = decoded(data, 13)
    assert (rate, samples.size) == (22050, SOUND.size)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_length_that_was_not_known_is_no_end(size):
    data = bytearray(wav("PCM_16"))
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", size)
    ((_, samples),) = decoded(bytes(data), 999)
    assert samples.size == SOUND.size


def test_values_that_are_no_numbers_are_silence_and_loud_ones_are_clipped():
    data = wav("FLOAT")[:-12] + np.array([np.nan, 9, -np.inf], "<f4").tobytes()
    ((_, samples),) = decoded(data, 4096)
    assert samples[-3:].tolist() == [0, 1, -1]


@pytest.mark.parametrize("harm", ["law", "channels", "rate", "before", "header"])
def test_what_cannot_be_decoded_is_one_clear_line(harm):
    data = bytearray(wav("PCM_16"))
    if harm == "law":
        data[20:22] = struct.pack("<H", 7)
    if harm == "channels":
        data[22:24] = struct.pack("<H", 0)
    if harm == "rate":
        data[24:28] = struct.pack("<I", 1)
    if harm == "before":
        data[12:16] = b"odd "
    if harm == "header":
        data[12:20] = b"odd " + struct.pack("<I", 1 << 30)
    with pytest.raises(FileError, match="ffmpeg"):
        decoded(bytes(data), 64)


@pytest.mark.parametrize(
    "first",
    [
        b"fLaC\0\0\0\x22",
        b"OggS\0\2\0\0",
        b"ID3\4\0\0\0\0",
        b"\0\0\0\x20ftyp",
        b"\x1aE\xdf\xa3\1\0\0\0",
        b"FORM\0\0\1\0",
        b"RIFX\0\0\1\0",
        b".snd\0\0\0\x18",
    ],
)
@pytest.mark.parametrize("step", [1, 5, 4096])
def test_a_compressed_file_is_not_taken_for_samples(first, step):
    decoder, data = PcmDecoder(16_000), first + bytes(100)
    with pytest.raises(FileError, match="not samples; give 16-bit"):
        for start in range(0, len(data), step):
            decoder.push(data[start : start + step])


def test_the_words_of_a_program_that_failed_are_no_samples_and_loud_ones_are():
    with pytest.raises(FileError, match="the sound is text .'curl: .6. Could not resolve host'...., not samples; give 16-bit"):
        PcmDecoder(16_000).push(b"curl: (6) Could not resolve host: example.org\n")
    loud = np.full(100, 0x4142, "<i2").tobytes()[:31]  # as few could be either
    assert PcmDecoder(16_000).push(loud)
