"""Changing the frame rate: closures and blinks survive in every rate, a tremor does not alias, and time does not drift."""

from argparse import ArgumentTypeError

import numpy as np
import pytest

from visavox.cli.options.parser import rate
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.windows import exact_fps, frame_times, resample_frames

RATES = [24, 25, 29.97, 30, 50, 60]
OPEN = Rig("open", (Channel("open"),))


@pytest.mark.parametrize("fps", [25, 30, 50, 60])
@pytest.mark.parametrize("to_fps", RATES)
def test_every_closure_and_every_blink_keeps_its_extreme_and_its_time(fps, to_fps):
    """Closures of one frame and blinks of three, 90 to 400 ms apart, on a moving mouth, in random order."""
    random = np.random.default_rng(3)
    times = np.cumsum(random.uniform(0.17, 0.4, 60)) + 0.5
    values = 0.5 + 0.05 * np.sin(2 * np.pi * 3 * frame_times(int(times[-1] * fps) + fps, fps))
    frames = np.floor(times * fps).astype(int)
    values[frames[::2]] = 0.0
    values[frames[1::2]] = 1.0
    there = resample_frames(values[:, None].astype(np.float32), fps, exact_fps(to_fps))[:, 0]
    for frame, extreme in zip(frames, values[frames], strict=True):
        centre = (frame + 0.5) / fps * exact_fps(to_fps) - 0.5
        near = there[max(round(centre) - 1, 0) : round(centre) + 2]
        assert extreme in near, f"the {'opening' if extreme else 'closure'} at {frame / fps:.2f} s is gone"


@pytest.mark.parametrize(("fps", "to_fps", "tremor"), [(60, 24, 14.0), (60, 25, 21.0), (60, 30, 18.0), (50, 24, 15.0)])
def test_a_tremor_that_the_new_rate_cannot_hold_does_not_alias(fps, to_fps, tremor):
    there = resample_frames(_sine(tremor, fps), fps, to_fps)[20:-20, 0]
    assert np.abs(there - 0.5).max() < 0.05  # a tenth of the tremor; point sampling leaves all of it
    plain = _sine(tremor, fps)[np.rint(frame_times(there.size, to_fps) * fps - 0.5).astype(int), 0]
    assert np.abs(plain - 0.5).max() > 0.4


@pytest.mark.parametrize("to_fps", RATES)
def test_speech_keeps_its_movement(to_fps):
    """4 Hz, the rhythm of syllables, comes through every rate; only at its turns it is pinned to the extreme, half a frame off."""
    there = resample_frames(_sine(4.0, 60), 60, exact_fps(to_fps))[:, 0]
    expected = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * frame_times(there.size, exact_fps(to_fps)))
    assert np.abs(there - expected)[20:-20].max() < 0.08


@pytest.mark.parametrize("to_fps", RATES)
def test_an_hour_ends_within_a_sample(to_fps):
    hour = Motion(np.zeros((3600 * 25, 1)), 25, OPEN)
    hour.values[-13, 0] = 1.0  # a blink near the end
    there = hour.at_fps(to_fps)
    assert there.frames == int(np.ceil(3600 * exact_fps(to_fps) - 1e-9))
    time = frame_times(there.frames, there.fps)[np.argmax(there.channel("open"))]
    assert abs(time - (3600 - 12.5 / 25)) <= 0.5 / there.fps + 1e-9
    last = frame_times(there.frames, there.fps)[-1]
    fraction = {29.97: (30000, 1001)}.get(to_fps, (to_fps, 1))
    assert abs(last - (2 * there.frames - 1) * fraction[1] / (2 * fraction[0])) < 1 / 48_000


def test_rounded_rates_mean_the_exact_ones():
    assert exact_fps(29.97) == 30000 / 1001 and exact_fps(23.98) == exact_fps(23.976) == 24000 / 1001
    assert [exact_fps(fps) for fps in (24, 25, 30, 50, 60)] == [24, 25, 30, 50, 60]
    assert Motion(np.zeros((30, 1)), 30, OPEN).at_fps(29.97).fps == 30000 / 1001


def _sine(frequency: float, fps: float) -> np.ndarray:
    times = frame_times(int(4 * fps), fps)
    return (0.5 + 0.5 * np.sin(2 * np.pi * frequency * times))[:, None].astype(np.float32)


@pytest.mark.parametrize(("text", "fps"), [("25", 25.0), ("29.97", 29.97), ("24000/1001", 24000 / 1001), ("60/1", 60.0)])
def test_a_rate_is_written_as_a_number_or_a_fraction(text, fps):
    assert rate(1, 240)(text) == fps


@pytest.mark.parametrize("text", ["29,97", "30/0", "1/1/1", "/", "1001/24000", "nan", "inf/inf", "fast"])
def test_another_rate_is_refused_with_what_is_taken(text):
    with pytest.raises(ArgumentTypeError, match="is not a rate from 1 to 240, such as 25, 29.97 or 30000/1001"):
        rate(1, 240)(text)
