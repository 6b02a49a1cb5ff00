"""Video files, read back with PyAV: duration, rate, sync of a flash and a click, and nothing left behind on failure."""

from fractions import Fraction

import av
import numpy as np
import pytest

from visavox.audio import Audio
from visavox.errors import FileError, OptionError
from visavox.io.video import write_video


def frame(level: int, size: int = 64) -> np.ndarray:
    return np.full((size, size, 3), level, np.uint8)


def silence(seconds: float, sample_rate: int = 16000) -> Audio:
    return Audio(np.zeros(round(seconds * sample_rate)), sample_rate)


def read(path):
    """Times (T,) and levels (T,) of the frames, and the sound (S,) as played: what the edit list hides is left out."""
    with av.open(str(path)) as container:
        shown = [(float(f.time), f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    heard, sample_rate = {}, None
    with av.open(str(path)) as container:
        if container.streams.audio:
            for block in container.decode(audio=0):
                sample_rate = block.sample_rate
                start = round(float(block.time) * sample_rate)
                heard |= dict(enumerate(block.to_ndarray()[0], start))
    sound = np.array([heard[s] for s in sorted(heard) if s >= 0])
    times, levels = np.array(shown).T
    return times, levels, sound, sample_rate, min(heard, default=None)


@pytest.mark.parametrize("fps", [24, 25, 30, 60, 29.97, 12.5])
@pytest.mark.parametrize("sample_rate", [8000, 16000, 44100, 48000])
def test_duration_rate_and_sound(tmp_path, fps, sample_rate):
    path = tmp_path / "a.mp4"
    assert write_video((frame(9) for _ in range(37)), silence(9, sample_rate), path, fps) == 37
    times, _, sound, rate, start = read(path)
    assert len(times) == 37 and np.abs(times - np.arange(37) / fps).max() < 1e-3
    assert rate == sample_rate and start <= 0
    assert abs(len(sound) / rate - 37 / fps) <= 1024 / rate
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert abs(float(video.average_rate) - fps) < 2e-3
        assert video.codec_context.name == "h264" and audio.codec_context.name == "aac"
        assert video.codec_context.pix_fmt == "yuv420p"
        assert abs(float(video.duration * video.time_base) - 37 / fps) < 1e-3
        assert abs(float(audio.duration * audio.time_base) - 37 / fps) < 1 / fps
        assert audio.start_time == 0 and video.start_time == 0


def test_a_flash_and_a_click_meet(tmp_path):
    """White frames and 1 kHz bursts begin together at 1.0 s, 2.0 s and 2.6 s: within half a frame in the file."""
    fps, sample_rate, moments = 25, 16000, (1.0, 2.0, 2.6)
    seconds = np.arange(3 * sample_rate) / sample_rate
    burst = sum((seconds >= moment) & (seconds < moment + 0.04) for moment in moments)
    audio = Audio(0.8 * burst * np.sin(2 * np.pi * 1000 * seconds), sample_rate)
    shown = [frame(255 if any(round(m * fps) == i for m in moments) else 0) for i in range(75)]
    write_video(shown, audio, tmp_path / "a.mp4", fps)
    times, levels, sound, _, _ = read(tmp_path / "a.mp4")
    flashes = times[levels > 128]
    loud = np.flatnonzero(np.abs(sound) > 0.4) / sample_rate
    clicks = loud[np.insert(np.diff(loud) > 0.1, 0, True)]
    assert len(flashes) == len(clicks) == 3
    assert np.abs(flashes - clicks).max() < 0.5 / fps
    assert np.abs(clicks - moments).max() < 0.004


def test_short_sound_is_followed_by_silence(tmp_path):
    tone = Audio(0.5 * np.sin(np.arange(8000) / 4), 16000)
    write_video([frame(0)] * 50, tone, tmp_path / "a.mp4", 25)
    _, _, sound, rate, _ = read(tmp_path / "a.mp4")
    assert abs(len(sound) / rate - 2) < 0.07 and np.abs(sound[10000:]).max() < 1e-3 < np.abs(sound[:7000]).max()


def test_sound_of_an_odd_rate_keeps_its_pitch(tmp_path):
    tone = Audio(0.5 * np.sin(2 * np.pi * 440 * np.arange(17640) / 17640), 17640)
    write_video([frame(0)] * 25, tone, tmp_path / "a.mp4", 25)
    _, _, sound, rate, _ = read(tmp_path / "a.mp4")
    assert rate == 22050
    spectrum = np.abs(np.fft.rfft(sound[:rate]))
    assert abs(spectrum.argmax() - 440) <= 1


def test_video_without_sound(tmp_path):
    write_video([frame(0)] * 5, None, tmp_path / "a.mp4", 25)
    times, _, sound, _, _ = read(tmp_path / "a.mp4")
    assert len(times) == 5 and sound.size == 0


def test_the_same_frames_give_the_same_bytes(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (12, 64, 64, 3), np.uint8)
    for name in "ab":
        write_video(iter(noise), silence(0.5), tmp_path / f"{name}.mp4", 25)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_the_index_comes_first(tmp_path):
    write_video([frame(0)] * 5, silence(0.2), tmp_path / "a.mp4", 25)
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_a_failure_leaves_nothing_and_keeps_what_was_there(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"precious")

    def broken():
        yield from [frame(0)] * 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_video(broken(), silence(1), path, 25)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.mp4"] and path.read_bytes() == b"precious"


def bad_frames():
    yield [frame(0, 63)], "63x63"
    yield [frame(0), frame(0, 66)], "frame 1"
    yield [np.zeros((64, 64), np.uint8)], "shape"
    yield [np.zeros((64, 64, 3))], "float64"
    yield [], "no frames"


@pytest.mark.parametrize(("frames", "said"), list(bad_frames()))
def test_frames_that_cannot_be_stored(tmp_path, frames, said):
    with pytest.raises(OptionError, match=said):
        write_video(frames, silence(1), tmp_path / "a.mp4", 25)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fps", [0, -1, 1000, float("nan")])
def test_rates_that_cannot_be_stored(tmp_path, fps):
    with pytest.raises(OptionError, match="fps"):
        write_video([frame(0)], None, tmp_path / "a.mp4", fps)


def test_outputs_that_cannot_be_written(tmp_path):
    with pytest.raises(OptionError, match="mp4"):
        write_video([frame(0)], None, tmp_path / "a.avi", 25)
    with pytest.raises(FileError, match="does not exist"):
        write_video([frame(0)], None, tmp_path / "no" / "a.mp4", 25)


def test_exact_broadcast_rates(tmp_path):
    write_video([frame(0)] * 4, None, tmp_path / "a.mp4", 23.976)
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].average_rate == Fraction(24000, 1001)
