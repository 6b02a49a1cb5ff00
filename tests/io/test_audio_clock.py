"""One clock for sound: what is said at a second of the file is heard there, whatever is missing, late, joined or odd before it."""

import io
import os
import sys
import threading
import warnings

import av
import numpy as np
import pytest
import soundfile

import recordings
from visavox.errors import FileError, VisavoxWarning
from visavox.io.audio import read_audio
from visavox.io.audio_clock import Clock
from visavox.io.pipes import source_name

LOW, HIGH = 440.0, 880.0


def tone(rate: int, seconds: float, start: float, hz: float) -> np.ndarray:
    """Silence (S,) with a tone from `start` on for a quarter of a second."""
    times = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hz * times) * ((times >= start) & (times < start + 0.25))).astype(np.float32)


def onset(audio, hz: float) -> float | None:
    """When a tone of `hz` begins, in seconds."""
    size = audio.sample_rate // 50
    turning = np.exp(-2j * np.pi * hz * np.arange(size) / audio.sample_rate)
    for start in range(0, audio.samples.size - size, size // 2):
        if abs(audio.samples[start : start + size] @ turning) / size > 0.1:
            return start / audio.sample_rate
    return None


def encoded(path, codec: str, samples: np.ndarray, rate: int, **how):
    """The path of a file of mono tracks (a list of arrays, or one); packets whose time `how["keep"](seconds)` denies are left out,
    the rest move to `how["move"](seconds)`; `how["picture"]` adds a film that starts at 0; `how["default"]` names the default track."""
    tracks = samples if isinstance(samples, list) else [samples]
    with av.open(str(path), "w") as container:
        streams = [container.add_stream(codec, rate=rate, layout="mono") for _ in tracks]
        for number, stream in enumerate(streams):
            if "default" in how:
                stream.disposition = av.stream.Disposition.default if number == how["default"] else av.stream.Disposition(0)
                stream.metadata["title"] = f"microphone {number + 1}"
        if how.get("picture"):
            recordings.add_picture(container, 1.0)
        for stream, sound in zip(streams, tracks, strict=True):
            for packet in _packets(stream, sound, rate):
                seconds = float(packet.pts * packet.time_base)
                if how.get("keep", lambda seconds: True)(seconds):
                    packet.pts = packet.dts = packet.pts + round((how.get("move", lambda at: at)(seconds) - seconds) / packet.time_base)
                    container.mux(packet)
    return path


def _packets(stream, sound, rate):
    frame = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    size = stream.codec_context.frame_size or 1024
    resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=size)
    for part in [*resampler.resample(frame), *resampler.resample(None), None]:
        yield from stream.encode(part)


@pytest.mark.parametrize("channels", [2, 6, 7, 8, 9, 16, 24, 33, 64])
@pytest.mark.parametrize("suffix", ["wav", "caf"])
def test_any_number_of_channels(tmp_path, suffix, channels):
    import soundfile

    sound = recordings.stereo_tone(0.3, 16000)[:, :1]
    soundfile.write(tmp_path / f"a.{suffix}", sound.repeat(channels, 1), 16000, subtype="FLOAT")
    assert np.allclose(read_audio(tmp_path / f"a.{suffix}").samples, sound[:, 0], atol=1e-6)


CLOCKED = [("a.webm", "libopus"), ("a.ogg", "libopus"), ("a.m4a", "aac"), ("a.flv", "aac"), ("a.ts", "aac")]


@pytest.mark.parametrize(("name", "codec"), CLOCKED)
def test_missing_packets_are_silence(tmp_path, name, codec):
    sound = tone(48000, 3, 0.25, LOW) + tone(48000, 3, 2.25, HIGH)
    path = encoded(tmp_path / name, codec, sound, 48000, keep=lambda at: not 1 <= at < 2)
    with pytest.warns(VisavoxWarning, match="1 holes? in its sound"):
        audio = read_audio(path)
    assert abs(audio.seconds - 3) < 0.1 and abs(onset(audio, LOW) - 0.25) < 0.06 and abs(onset(audio, HIGH) - 2.25) < 0.06


@pytest.mark.parametrize(("name", "codec", "picture"), [("a.mkv", "libopus", True), ("a.mp4", "aac", True), ("a.mka", "libopus", False)])
def test_a_late_start_is_silence(tmp_path, name, codec, picture):
    path = encoded(tmp_path / name, codec, tone(48000, 1, 0.25, LOW), 48000, move=lambda at: at + 0.75, picture=picture)
    with pytest.warns(VisavoxWarning, match="begins 0.7"):
        assert abs(onset(read_audio(path), LOW) - 1) < 0.06


def test_a_clock_that_leaps_by_hours_is_not_believed(tmp_path):
    sound = tone(48000, 2, 0.25, LOW) + tone(48000, 2, 1.25, HIGH)
    path = encoded(tmp_path / "a.mka", "libopus", sound, 48000, move=lambda at: at if at < 1 else at + 4 * 3600)
    with pytest.warns(VisavoxWarning, match="leaps by 14400 s at 1.0 s"):
        audio = read_audio(path)
    assert abs(audio.seconds - 2) < 0.1 and abs(onset(audio, HIGH) - 1.25) < 0.06


def placed(clock: Clock, blocks) -> np.ndarray:
    pieces = [piece for block in blocks for piece in clock.place(*block)]
    return np.concatenate([*pieces, *clock.finish()])


def test_silence_is_bounded_in_all():
    clock = Clock()
    block = np.ones(800, np.float32)
    sound = placed(clock, [(block, 8000, hole * 1000.0) for hole in range(30)])
    assert clock.leaps and sound.size / 8000 < 1801 + 3 and np.count_nonzero(sound) == 30 * 800


def test_a_clock_that_begins_anew_goes_on_and_one_that_creeps_is_followed():
    block = np.ones(800, np.float32)
    joined = placed(Clock(), [(block, 8000, number % 5 / 10) for number in range(10)])
    assert joined.size == 8000 and joined.all()
    rounded = placed(Clock(), [(block, 8000, number / 10 + number % 2 * 0.015) for number in range(10)])
    assert rounded.size == 8000
    slow = placed(Clock(), [(block, 8000, number * 0.095) for number in range(100)])
    assert abs(slow.size / 8000 - 9.5) < 0.3


@pytest.mark.parametrize("suffix", ["mp3", "aac", "flac"])
def test_rates_that_change_are_one_recording(tmp_path, suffix):
    codec = {"mp3": "libmp3lame", "aac": "aac", "flac": "flac"}[suffix]
    first = encoded(tmp_path / f"a.{suffix}", codec, tone(48000, 1, 0.25, LOW), 48000).read_bytes()
    second = encoded(tmp_path / f"b.{suffix}", codec, tone(24000, 1, 0.5, HIGH), 24000).read_bytes()
    (tmp_path / f"ab.{suffix}").write_bytes(first + second)
    with pytest.warns(VisavoxWarning, match="sample rate changes once" if suffix == "flac" else "sample rate changes"):
        audio = read_audio(tmp_path / f"ab.{suffix}")
    assert abs(audio.seconds - 2) < (0.01 if suffix == "flac" else 0.2)
    assert abs(onset(audio, LOW) - 0.25) < 0.1 and abs(onset(audio, HIGH) - 1.5) < 0.15


UNLIKE = [((48000, 48000), (1, 1)), ((48000, 24000), (1, 1)), ((48000, 48000), (1, 2)), ((16000, 44100), (2, 1))]


@pytest.mark.parametrize("rates, channels", UNLIKE)
def test_joined_oggs_are_one_recording_whatever_changes(tmp_path, rates, channels):
    for number, hz in enumerate((LOW, HIGH)):
        sound = np.repeat(tone(rates[number], 1, 0.25 + number / 4, hz)[:, None], channels[number], axis=1)
        soundfile.write(tmp_path / f"{number}.ogg", sound, rates[number])
    joined = b"".join((tmp_path / name).read_bytes() for name in ("0.ogg", "1.ogg", "0.ogg"))
    (tmp_path / "joined.ogg").write_bytes(joined)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        audio = read_audio(tmp_path / "joined.ogg")
    assert any("sample rate changes 2 times" in str(warning.message) for warning in said) == (rates[0] != rates[1])
    assert audio.sample_rate == rates[0] and abs(audio.seconds - 3) < 0.06  # a decoder keeps part of a block at each end
    assert abs(onset(audio, LOW) - 0.25) < 0.03 and abs(onset(audio, HIGH) - 1.5) < 0.03
    (tmp_path / "cut.ogg").write_bytes(b"junk" + joined[: len(joined) - 700])  # nothing begins with OggS, and the end is missing
    try:
        assert read_audio(tmp_path / "cut.ogg").seconds > 0.5
    except FileError as error:
        assert "cut.ogg" in str(error)


def test_oggs_of_other_codecs_and_very_many_of_them(tmp_path, monkeypatch):
    first = encoded(tmp_path / "a.ogg", "libopus", tone(48000, 1, 0.25, LOW), 48000).read_bytes()
    soundfile.write(tmp_path / "b.ogg", tone(24000, 1, 0.25, HIGH), 24000)
    (tmp_path / "ab.ogg").write_bytes(first + bytes(100) + (tmp_path / "b.ogg").read_bytes())
    with pytest.warns(VisavoxWarning, match="sample rate changes"):
        audio = read_audio(tmp_path / "ab.ogg")
    assert abs(onset(audio, HIGH) - 1.25) < 0.03
    monkeypatch.setattr("visavox.io.ogg.MOST_PARTS", 3)
    (tmp_path / "many.ogg").write_bytes(first * 4)
    with pytest.raises(FileError, match="joined from more than 3 recordings"):
        read_audio(tmp_path / "many.ogg")


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.mka"])
def test_the_default_track_is_heard_and_named(tmp_path, name):
    silent, spoken = np.zeros(48000, np.float32), tone(48000, 1, 0.25, LOW)
    path = encoded(tmp_path / name, "aac", [silent, spoken], 48000, picture=name != "a.mka", default=1)
    with pytest.warns(VisavoxWarning, match="track 2 of 2"):
        assert onset(read_audio(path), LOW)


def test_channels_that_cancel_leave_the_strongest():
    voice = tone(16000, 1, 0.25, LOW)
    loud = tone(16000, 1, 0.6, HIGH)
    for channels in ([voice, -voice], [-0.9 * voice, voice, voice * 0], [voice + loud, loud - voice]):
        audio = heard(np.stack(channels, 1), "loses the sound; channel")
        assert abs(np.abs(audio.samples).max() - 0.5) < 0.06 and onset(audio, LOW)


def test_one_voice_among_many_channels_keeps_its_level():
    channels = np.zeros((16000, 24), np.float32)
    channels[:, 3] = tone(16000, 1, 0.25, LOW)
    assert np.abs(heard(channels, "channel 4, the strongest").samples).max() > 0.45


def test_ordinary_stereo_is_averaged():
    left, right = tone(16000, 1, 0.25, LOW), tone(16000, 1, 0.5, HIGH)
    for channels in ([left, right], [left, 0 * left], [left, left]):
        assert np.allclose(heard(np.stack(channels, 1)).samples, np.mean(channels, 0), atol=1e-6)


def heard(channels: np.ndarray, says: str = ""):
    """The audio of a wav of `channels` (S, C), read without a warning but for one that says `says`."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        audio = read_audio(recordings.write_wav(f"{folder}/a.wav", channels))
    assert len(said) == bool(says) and all(says in str(each.message) for each in said), [str(each.message) for each in said]
    return audio


@pytest.mark.parametrize(("level", "says"), [(0, "is silent"), (1e-4, "all but silent"), (5e-4, "all but silent")])
def test_a_recording_without_a_voice_is_said(level, says):
    noise = np.random.default_rng(0).normal(0, level, 16000).astype(np.float32)
    heard(noise, says)
    noise[8000:8100] = 0.5  # a click is no voice
    heard(noise, "all but silent")


@pytest.mark.parametrize(("gain", "says"), [(1.0, ""), (1.9, ""), (6.0, "is overdriven (4 %")])
def test_a_voice_whose_tops_are_cut_off_is_said(gain, says):
    voice = sum(tone(16000, 2, 0.25, pitch) for pitch in (130, 390, 650, 910)) * np.hanning(32000).astype(np.float32)
    heard(np.clip(gain * voice, -0.9, 0.9), says)  # lowered after it was cut off, which a look for full scale would miss


def test_a_quiet_voice_is_not_called_silent():
    heard(0.02 * tone(16000, 1, 0.25, LOW))


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg"])
def test_a_pipe_is_read_like_a_file(tmp_path, suffix):
    path = recordings.write_with_libsndfile(tmp_path / f"a.{suffix}", 0.5, 16000)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(path.read_bytes()))
    writer.start()
    assert np.array_equal(read_audio(pipe).samples, read_audio(path).samples)
    writer.join()


def test_standard_input_is_read_and_called_so(tmp_path, monkeypatch):
    path = recordings.write_with_libsndfile(tmp_path / "a.wav", 0.5, 16000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert np.array_equal(read_audio("-").samples, read_audio(path).samples)
    for given, says in ((b"", "standard input is empty"), (b"no sound at all " * 9, "standard input is not a recording")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(FileError, match=says):
            read_audio("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(FileError, match="standard input is closed"):
        read_audio("-")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a device")
def test_a_device_is_no_recording():
    with pytest.raises(FileError, match="is a device"):
        read_audio("/dev/zero")
    with pytest.raises(FileError, match="is empty"):
        read_audio(os.devnull)


@pytest.mark.parametrize(
    ("path", "name"), [("-", "standard input"), ("/dev/stdin", "standard input"), ("/dev/fd/63", "a pipe"), ("a/b.wav", "b.wav")]
)
def test_a_source_has_a_name_without_folders(path, name):
    assert source_name(path) == name


def test_a_damaged_header_is_read_or_refused_and_never_a_crash(tmp_path):
    """A changed byte may claim any number of channels, any rate and any time."""
    plain = encoded(tmp_path / "a.m4a", "aac", tone(16000, 0.5, 0.1, LOW), 16000).read_bytes()
    start = plain.index(b"moov")
    generator = np.random.default_rng(0)
    for _ in range(80):
        data = bytearray(plain)
        data[generator.integers(start, len(data))] = generator.integers(256)
        (tmp_path / "b.m4a").write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VisavoxWarning)
            try:
                audio = read_audio(tmp_path / "b.m4a")
            except FileError:
                continue
        assert np.isfinite(audio.samples).all() and audio.samples.size < 2000 * 16000


@pytest.mark.parametrize("codec", ["libmp3lame", "mp2", "ac3", "aac"])
@pytest.mark.parametrize("picture", [False, True])
def test_what_an_encoder_puts_before_the_sound_is_taken_away_where_the_file_cannot_say_so(tmp_path, codec, picture):
    rate = 32_000
    samples = (0.3 * np.random.default_rng(5).standard_normal(rate)).astype(np.float32) * tone(rate, 1, 0.4, LOW).astype(bool)
    audio = read_audio(encoded(tmp_path / "a.avi", codec, samples, rate, picture=picture))
    size = 1 << 17
    alike = np.fft.irfft(np.fft.rfft(audio.samples, size) * np.conj(np.fft.rfft(samples, size)), size)
    assert int(np.argmax(alike)) in (0, 1, size - 1)  # to the sample: it was 256 to 1105 of them late
