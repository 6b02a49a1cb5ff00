"""Recordings in every format come back as the tone they were made from, and bad ones as one clear line."""

import os
import tracemalloc

import numpy as np
import pytest
import soundfile

import recordings
from recordings import FREQUENCY, LEVEL
from shared_data import shared_data
from visavox.errors import FileError
from visavox.io import audio as audio_io
from visavox.io.audio import read_audio


def pitch_and_level(audio) -> tuple[float, float]:
    """The strongest frequency in Hz and the amplitude of a tone, from the middle of the recording."""
    middle = audio.samples[audio.samples.size // 4 :][: audio.samples.size // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    return np.argmax(spectrum) * audio.sample_rate / middle.size, np.sqrt(2 * np.mean(middle**2))


@pytest.mark.parametrize("sample_rate", [8000, 22050, 44100])
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_formats_of_libsndfile(tmp_path, suffix, sample_rate):
    audio = read_audio(recordings.write_with_libsndfile(tmp_path / f"tone.{suffix}", 1.5, sample_rate))
    pitch, level = pitch_and_level(audio)
    assert audio.sample_rate == sample_rate
    assert abs(audio.seconds - 1.5) < 0.03
    assert abs(pitch - FREQUENCY) < 3 and abs(level - 0.75 * LEVEL) < 0.02


@pytest.mark.parametrize(
    ("name", "codec", "sample_rate"),
    [
        ("a.m4a", "aac", 44100),
        ("a.opus", "libopus", 48000),
        ("a.webm", "libopus", 48000),
        ("a.mp3", "libmp3lame", 16000),
        ("a.nut", "flac", 16000),  # whose last packet is empty, but has a time
    ],
)
def test_formats_of_pyav(tmp_path, name, codec, sample_rate):
    audio = read_audio(recordings.write_with_pyav(tmp_path / name, codec, 1.5, sample_rate))
    pitch, level = pitch_and_level(audio)
    assert audio.sample_rate == sample_rate
    assert abs(audio.seconds - 1.5) < 0.08
    assert abs(pitch - FREQUENCY) < 3 and abs(level - 0.75 * LEVEL) < 0.03


def test_the_sound_of_a_film(tmp_path):
    audio = read_audio(recordings.write_with_pyav(tmp_path / "film.mp4", "aac", 1.5, 44100, picture=True))
    assert abs(pitch_and_level(audio)[0] - FREQUENCY) < 3 and abs(audio.seconds - 1.5) < 0.08


def test_a_wav_comes_back_sample_for_sample(tmp_path):
    samples = recordings.stereo_tone(0.5, 16000)
    audio = read_audio(recordings.write_wav(tmp_path / "a.wav", samples))
    assert np.allclose(audio.samples, samples.mean(axis=1), atol=1e-7)


def test_an_hour_is_held_once(tmp_path):
    soundfile.write(tmp_path / "long.wav", np.tile(np.linspace(-1, 1, 8000, dtype=np.float32), 500), 8000, subtype="FLOAT")
    tracemalloc.start()
    audio = read_audio(tmp_path / "long.wav")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert audio.samples.nbytes == 16_000_000 and most < 1.7 * audio.samples.nbytes  # once, and a quarter for a moment


def test_a_name_with_a_colon_is_a_name(tmp_path):
    assert read_audio(recordings.write_wav(tmp_path / "http:a b.wav", np.zeros(1600))).samples.size == 1600


@pytest.mark.parametrize("text", ["ffconcat version 1.0\nfile a.wav\n", "#EXTM3U\n#EXTINF:1,\na.wav\n#EXT-X-ENDLIST\n"])
@pytest.mark.parametrize("name", ["list.wav", "list.m3u8"])
def test_a_playlist_is_no_recording_and_leads_to_no_other_file(tmp_path, text, name):
    recordings.write_with_libsndfile(tmp_path / "a.wav", 0.5, 16000)
    (tmp_path / name).write_text(text)
    with pytest.raises(FileError, match="not a recording that can be decoded"):
        read_audio(tmp_path / name)


@pytest.mark.parametrize("name, codec", [("a.mkv", "aac"), ("a.avi", "libmp3lame"), ("a.mp3", "libmp3lame")])
def test_a_title_that_is_not_utf8_is_no_reason_to_refuse(tmp_path, name, codec):
    path = recordings.write_with_pyav(tmp_path / name, codec, 0.5, 48000, title="Muxxller")
    path.write_bytes(path.read_bytes().replace(b"Muxxller", b"M\xfc\xfcxller"))
    assert abs(read_audio(path).seconds - 0.5) < 0.1


def test_a_format_only_libsndfile_knows(tmp_path):
    soundfile.write(tmp_path / "a.mat", recordings.stereo_tone(0.5, 16000), 16000, format="MAT5", subtype="FLOAT")
    assert abs(pitch_and_level(read_audio(tmp_path / "a.mat"))[0] - FREQUENCY) < 5


@pytest.fixture
def bad_file(tmp_path):
    """Writes a bad recording by name and returns its path."""
    nan = np.zeros(16000, np.float32)
    nan[8000] = np.nan
    writers = {
        "missing.wav": lambda path: None,
        "folder.wav": lambda path: path.mkdir(),
        "empty.wav": lambda path: path.touch(),
        "text.wav": lambda path: path.write_text("this is a text, not a sound\n" * 99),
        "text.mp3": lambda path: path.write_text("this is a text, not a sound\n" * 99),
        "text.txt": lambda path: path.write_text("this is a text, not a sound\n" * 99),
        "bare.wav": lambda path: path.write_bytes(bytes.fromhex("ffffffff0000ffff0100fefffdff0200") * 999),
        "none.wav": lambda path: recordings.write_wav(path, np.zeros(0)),
        "short.wav": lambda path: recordings.write_wav(path, np.zeros(480)),
        "nan.wav": lambda path: recordings.write_wav(path, nan),
        "integers.wav": lambda path: recordings.write_wav(path, np.full(16000, 12000.0)),
        "slow.wav": lambda path: recordings.write_wav(path, np.zeros(16000), 100),
        "film.mp4": lambda path: recordings.write_silent_film(path),
    }

    def write(name):
        writers[name](tmp_path / name)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.wav", "does not exist"),
        ("folder.wav", "is a folder"),
        ("empty.wav", "is empty"),
        ("text.wav", "not a recording"),
        ("text.mp3", "not a recording"),
        ("bare.wav", "not a recording"),  # samples without a header: what begins with -1 looks like mp3
        ("text.txt", "no sound track"),  # to PyAV a .txt is a film of letters
        ("none.wav", "zero samples"),
        ("short.wav", "30 ms of sound"),
        ("nan.wav", "not a number at 0.500 s"),
        ("integers.wav", "reaches 12000"),
        ("slow.wav", "sample rate of 100 Hz"),
        ("film.mp4", "no sound track"),
    ],
)
def test_a_bad_recording_is_one_line_that_names_it(bad_file, name, says):
    path = bad_file(name)
    with pytest.raises(FileError, match=says) as caught:
        read_audio(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_recording_that_is_too_long_stops_early(tmp_path, monkeypatch):
    monkeypatch.setattr(audio_io, "LONGEST_SECONDS", 2)
    recordings.write_wav(tmp_path / "long.wav", np.zeros(16000 * 60))
    with pytest.raises(FileError, match="longer than"):
        read_audio(tmp_path / "long.wav")
    recordings.write_wav(tmp_path / "fits.wav", np.zeros(16000 * 2))
    assert read_audio(tmp_path / "fits.wav").seconds == 2


@pytest.mark.parametrize("kept", [0.3, 0.7])
@pytest.mark.parametrize("name", ["tone.flac", "tone.mp3", "tone.ogg", "tone.wav"])
def test_half_a_recording_is_read_or_refused_but_never_a_crash(tmp_path, name, kept):
    data = recordings.write_with_libsndfile(tmp_path / name, 2.0, 16000).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * kept)])
    try:
        assert 0.1 <= read_audio(tmp_path / name).seconds < 2.0
    except FileError as error:
        assert name in str(error)


def test_noise_in_place_of_a_file_is_refused_or_heard(tmp_path):
    generator = np.random.default_rng(0)
    for index in range(20):
        (tmp_path / "noise").write_bytes([b"", b"RIFF", b"ID3", b"OggS", b"fLaC"][index % 5] + generator.bytes(5000))
        try:
            read_audio(tmp_path / "noise")
        except FileError:
            pass


def test_nothing_is_printed_on_the_way(bad_file, capfd):
    for name in ("text.mp3", "text.wav", "bare.wav", "film.mp4"):
        with pytest.raises(FileError):
            read_audio(bad_file(name))
    assert capfd.readouterr() == ("", "")


def test_real_recordings_are_read():
    folder = shared_data("speech_multi")
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".wav", ".flac", ".mp3", ".ogg", ".m4a")]
    assert paths
    for path in paths[:4]:
        audio = read_audio(path)
        assert audio.seconds > 0.5 and np.abs(audio.samples).max() > 0.01, os.path.basename(path)
