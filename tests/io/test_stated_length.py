"""What a file says of its own length: hours are refused by it at once, and a writer that did not know is not held to it."""

import os
import struct
import time
import warnings

import av
import numpy as np
import pytest
import soundfile

import recordings
from visavox.errors import FileError, VisavoxWarning
from visavox.io.audio import LONGEST_SECONDS, check_stated, read_audio
from visavox.io.audio_decoding import decode

SAYS = r"longer than 6.0 h, the most that is read at once \(it says that it lasts (\d+)\.\d h\); cut it into parts"


def wav_with_size(path, stated: int, size: int | None = None):
    """A second of sound whose `data` says that it has `stated` bytes; the file is made `size` bytes long, of which none are on the disk."""
    recordings.write_with_libsndfile(path, 1.0, 16000)
    content = bytearray(path.read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", stated)
    path.write_bytes(content)
    if size:
        os.truncate(path, size)
    return path


def test_a_sparse_wav_of_gigabytes_is_refused_at_once(tmp_path):
    path = wav_with_size(tmp_path / "sparse.wav", 0xFFFFFFFF, 5 << 30)
    started = time.process_time()
    with pytest.raises(FileError, match=SAYS):
        read_audio(path)
    assert time.process_time() - started < 20, "it would take minutes to decode"


def test_hours_of_silence_in_a_small_flac_are_refused_by_its_header(tmp_path):
    path = tmp_path / "silence.flac"
    soundfile.write(path, np.zeros(8000, np.int16), 8000)
    content = bytearray(path.read_bytes())
    total = 8 + 13  # of STREAMINFO: 36 bits, of which the lower 32 begin here
    assert struct.unpack(">I", content[total + 1 : total + 5])[0] == 8000
    content[total + 1 : total + 5] = struct.pack(">I", 7 * 3600 * 8000)
    path.write_bytes(content)
    with pytest.raises(FileError, match=SAYS):
        read_audio(path)


@pytest.mark.parametrize("stated", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF024])
def test_a_wav_whose_writer_did_not_know_its_length_is_read(tmp_path, stated):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_audio(wav_with_size(tmp_path / "piped.wav", stated)).seconds == pytest.approx(1.0, abs=0.01)


def test_the_limit_itself_is_read_and_samples_last_no_longer_than_their_bytes(tmp_path):
    with open(wav_with_size(tmp_path / "long.wav", 0x7FFFFF00), "rb") as source:
        track, _ = decode(source, "long.wav")
    assert track.stated == pytest.approx(1.0, abs=0.1)
    check_stated(LONGEST_SECONDS, "at the limit")
    with pytest.raises(FileError, match=SAYS):
        check_stated(LONGEST_SECONDS + 1, "beyond")


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a"])
def test_a_lack_of_memory_is_said_as_one(tmp_path, monkeypatch, name):
    def refuse(*given, **options):
        raise MemoryError

    recordings.write_with_libsndfile(tmp_path / "a.mp3", 1.0, 16000)
    (tmp_path / "a.mp3").rename(tmp_path / name)
    monkeypatch.setattr(av, "open", refuse)
    with pytest.raises(FileError, match=f"{name} needs more memory than there is"):
        read_audio(tmp_path / name)


CUT = r"it holds \d\.\d of the [23]\.\d s that it says it lasts, so it was cut off"


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff", "au", "mp3", "m4a", "mka"])
def test_a_recording_that_was_cut_off_is_read_and_it_is_said(tmp_path, suffix):
    path = tmp_path / f"copy.{suffix}"
    if suffix in ("m4a", "mka"):
        recordings.write_with_pyav(tmp_path / "whole.m4a", "aac", 3.0, 16000)
        remuxed(tmp_path / "whole.m4a", path)
    else:
        recordings.write_with_libsndfile(path, 3.0, 16000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_audio(path).seconds == pytest.approx(3.0, abs=0.15)
    os.truncate(path, path.stat().st_size * 6 // 10)
    with pytest.warns(VisavoxWarning, match=CUT):
        assert 1.0 < read_audio(path).seconds < 2.5


def remuxed(source, path) -> None:
    """The same packets in another file, an .m4a with what describes it in front, as the web has it."""
    with av.open(str(source)) as given, av.open(str(path), "w", options={"movflags": "faststart"} if path.suffix == ".m4a" else {}) as made:
        stream = made.add_stream_from_template(given.streams.audio[0])
        for packet in given.demux(given.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                made.mux(packet)


def test_a_flac_whose_writer_did_not_know_its_length_is_read(tmp_path):
    path = recordings.write_with_libsndfile(tmp_path / "piped.flac", 1.0, 16000)
    content = bytearray(path.read_bytes())
    content[8 + 13] &= 0xF0
    content[8 + 14 : 8 + 18] = bytes(4)
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_audio(path).seconds == 1.0
