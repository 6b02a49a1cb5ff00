"""Long recordings: read and animated section by section, joined without a seam, in memory that does not grow."""

import numpy as np
import pytest
import soundfile

from tiny_checkpoint import write_tiny_checkpoint
from visavox.audio import Audio
from visavox.cli import main
from visavox.errors import FileError, OptionError, VisavoxWarning
from visavox.io import long_audio
from visavox.io import motion as motion_file
from visavox.io.audio import read_audio
from visavox.io.long_audio import OVERLAP, LongRecording, long_recording
from visavox.io.motion import read_motion, write_motion, write_motion_pieces
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.sections import animate_sections, section_motions

RATE = 8000


@pytest.fixture
def short_is_long(monkeypatch):
    for name, value in {"LONG": 8, "SECTION": 6, "LEAST_SECTION": 4, "LEAST_BYTES": 0}.items():
        monkeypatch.setattr(long_audio, name, value)


def recording(path, seconds: float, channels: int = 1):
    sound = np.random.default_rng(2).uniform(-0.3, 0.3, (round(seconds * RATE), channels))
    soundfile.write(path, sound, RATE)
    return path


@pytest.mark.parametrize("seconds", [8.5, 9.9, 12.01, 21.3])
@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_sections_are_the_recording_and_share_what_they_overlap(short_is_long, tmp_path, seconds, suffix):
    path = recording(tmp_path / f"long{suffix}", seconds, channels=2)
    whole, long = read_audio(path), long_recording(path)
    assert long.samples == whole.samples.size and long.sample_rate == RATE
    sections, starts = list(long.sections()), long.starts()
    assert len(sections) == len(starts) and starts[0] == 0
    for section, start, following in zip(sections, starts, [*starts[1:], None], strict=True):
        end = whole.samples.size if following is None else (following + OVERLAP) * RATE
        assert np.array_equal(section.samples, whole.samples[start * RATE : end]) and section.source == path.name
    assert whole.seconds - starts[-1] >= 4


def test_short_ones_pipes_and_missing_files_are_read_as_a_whole(short_is_long, tmp_path):
    assert long_recording(recording(tmp_path / "short.wav", 7.9)) is None
    assert long_recording(tmp_path / "missing.wav") is None and long_recording("-") is None


def test_what_is_odd_is_said_and_what_is_damaged_refused(short_is_long, tmp_path):
    sound = np.random.default_rng(2).uniform(-0.3, 0.3, 9 * RATE)
    soundfile.write(tmp_path / "cancels.wav", np.stack([sound, -sound], 1), RATE)
    with pytest.warns(VisavoxWarning, match="channel 1"):
        long = long_recording(tmp_path / "cancels.wav")
    assert np.abs(next(iter(long.sections())).samples).max() > 0.2
    sound[5000] = np.nan
    soundfile.write(tmp_path / "nan.wav", sound, RATE, subtype="FLOAT")
    with pytest.raises(FileError, match="not a number at 0.625 s"):
        long_recording(tmp_path / "nan.wav")


def ramp(audio: Audio) -> Motion:
    """A motion that says, in the jaw, which second of the recording a frame belongs to (the sound is that second)."""
    frames = -(-audio.samples.size * 25 // RATE)
    values = np.zeros((frames, len(ARKIT)), np.float32)
    values[:, ARKIT.index("jawOpen")] = audio.samples[np.minimum(np.arange(frames) * RATE // 25, audio.samples.size - 1)]
    return Motion(values, 25.0, ARKIT, {"first": float(audio.samples[0])})


@pytest.mark.parametrize("seconds", [8.5, 12.3, 30.0])
def test_what_agrees_is_joined_without_a_trace(short_is_long, seconds):
    sound = (np.arange(round(seconds * RATE)) / (40 * RATE)).astype(np.float32)
    starts = LongRecording("none", sound.size, RATE, None).starts()
    ends = [*((start + OVERLAP) * RATE for start in starts[1:]), sound.size]
    sections = [Audio(sound[start * RATE : end], RATE) for start, end in zip(starts, ends, strict=True)]
    frames = -(-sound.size * 25 // RATE)
    motion = animate_sections(sections, OVERLAP, frames, ramp)
    assert np.abs(motion.values - ramp(Audio(sound, RATE)).values).max() < 1e-6 and motion.provenance == {"first": 0.0}
    with pytest.raises(OptionError, match="all of them"):
        animate_sections(sections[:-1], OVERLAP, frames, ramp) if len(sections) > 1 else animate_sections([], OVERLAP, frames, ramp)


def test_a_motion_written_in_pieces_is_the_file_of_the_whole_to_the_byte(tmp_path):
    sections = [Audio(np.random.default_rng(number).uniform(0, 1, 9 * RATE).astype(np.float32), RATE) for number in range(3)]
    pieces = list(section_motions(sections, 3, 525, ramp))
    assert [piece.frames for piece in pieces] == [150, 150, 225]
    write_motion_pieces(iter(pieces), 525, tmp_path / "pieces.npz")
    write_motion(animate_sections(sections, 3, 525, ramp), tmp_path / "whole.npz")
    assert (tmp_path / "pieces.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()
    with np.load(tmp_path / "whole.npz") as stored:
        np.savez_compressed(tmp_path / "numpy.npz", **stored)
    assert (tmp_path / "whole.npz").read_bytes() == (tmp_path / "numpy.npz").read_bytes()


def test_a_motion_as_long_as_the_longest_recording_can_be_read():
    assert motion_file.LONGEST_HOURS >= long_audio.LONGEST_HOURS


def test_pieces_that_cannot_be_made_leave_no_file(tmp_path):
    def breaking():
        yield ramp(Audio(np.zeros(RATE, np.float32), RATE))
        raise FileError("the rest is damaged")

    with pytest.raises(FileError, match="the rest is damaged"):
        write_motion_pieces(breaking(), 50, tmp_path / "a.npz")
    assert not list(tmp_path.iterdir())


def test_what_differs_fades_in_a_second():
    sections = [Audio(np.zeros(9 * RATE, np.float32), RATE), Audio(np.full(9 * RATE, 0.5, np.float32), RATE)]
    jaw = animate_sections(sections, 3, 375, ramp).channel("jawOpen")
    assert not jaw[: 6 * 25 + 25].any() and (jaw[6 * 25 + 50 :] == 0.5).all()
    assert 0 < np.diff(jaw).max() < 0.04


def test_the_command_animates_a_long_recording_without_reading_the_whole(short_is_long, tmp_path, monkeypatch):
    monkeypatch.setattr("visavox.io.audio.read_audio", lambda path: pytest.fail("the whole was read"))
    path, checkpoint = recording(tmp_path / "long.wav", 13.1), write_tiny_checkpoint(tmp_path / "tiny.safetensors")
    assert main(["animate", str(path), "-o", str(tmp_path / "long.npz"), "--checkpoint", str(checkpoint), "--steps", "2"]) == 0
    motion = read_motion(tmp_path / "long.npz")
    assert motion.frames == 328 and motion.provenance["source"] == "long.wav" and np.isfinite(motion.values).all()
    as_it_is_made = (tmp_path / "long.npz").read_bytes()
    whole = tmp_path / "whole.npz"  # at a rate that is asked for, it is made as a whole
    assert main(["animate", str(path), "-o", str(whole), "--checkpoint", str(checkpoint), "--steps", "2", "--fps", "25"]) == 0
    assert whole.read_bytes() == as_it_is_made
    assert main(["animate", str(path), "-o", str(tmp_path / "long.csv"), "--checkpoint", str(checkpoint), "--steps", "2"]) == 0
    assert len((tmp_path / "long.csv").read_text().splitlines()) == 329
