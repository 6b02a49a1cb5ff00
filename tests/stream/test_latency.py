"""The pace at which a stream keeps a latency: as much look-ahead as there is time for, whatever the pieces of the sound."""

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint
from visavox.animate import Animator
from visavox.errors import OptionError
from visavox.gestures.live.voice import LiveVoice
from visavox.loading import load
from visavox.stream import AHEAD, BLOCK, MOST_AHEAD, Stream
from visavox.stream.latency import COMPUTING, Pace, pace_within
from visavox.windows import FPS

SOUND = np.random.default_rng(4).normal(size=20_000).astype(np.float32) * 0.1


def test_usually_it_is_what_a_stream_does_unless_told():
    assert pace_within(0.2) == Pace() == (BLOCK, AHEAD)


@pytest.mark.parametrize("milliseconds", range(120, 401, 10))
def test_a_frame_is_in_time_and_no_frame_more_would_be(milliseconds):
    block, ahead = pace_within(milliseconds / 1000)
    latency = (block + ahead - 0.5) / FPS + COMPUTING
    assert latency <= milliseconds / 1000 + 1e-9
    assert latency + 1 / FPS > milliseconds / 1000


@pytest.mark.parametrize("seconds", [0, 0.119, 0.401, 3, float("nan"), -1])
def test_what_cannot_be_kept_is_refused(seconds):
    with pytest.raises(OptionError, match="120 to 400 ms"):
        pace_within(seconds)


@pytest.mark.parametrize("milliseconds", [120, 160, 400])
def test_at_every_pace_frames_come_in_time_and_any_pieces_give_the_same_bytes(milliseconds):
    animator, pace = Animator(tiny_checkpoint().engine(), "any"), pace_within(milliseconds / 1000)
    first, second = (Stream(animator, **pace._asdict()) for _ in range(2))
    assert first.latency <= milliseconds / 1000 - COMPUTING + 1e-9
    whole = [first.feed(SOUND), first.finish()]
    parts = []
    for number, piece in enumerate(np.array_split(SOUND, 90)):
        parts.append(second.feed(piece))
        known = sum(each.size for each in np.array_split(SOUND, 90)[: number + 1]) // 640
        assert second.frames == max((known - pace.ahead) // pace.block * pace.block, 0)
    parts.append(second.finish())
    made = [np.concatenate([part.values for part in each if part is not None]) for each in (whole, parts)]
    assert len(made[0]) == 32 and np.array_equal(*made)


def test_look_ahead_has_bounds_and_a_state_goes_on_at_its_own():
    animator = Animator(tiny_checkpoint().engine(), "any")
    for ahead in (1, MOST_AHEAD + 1):
        with pytest.raises(OptionError, match="known ahead"):
            Stream(animator, ahead=ahead)
    with pytest.raises(Exception, match="another stream"):
        Stream(animator, ahead=2).resume(Stream(animator, ahead=4).saved())


def test_a_voice_is_described_alike_with_more_look_ahead_and_a_frame_later_with_less():
    described, time = {}, np.arange(48_000) / 16_000
    sound = (0.2 * np.sin(900 * time) * (np.sin(5 * time) > -0.5)).astype(np.float32)
    for ahead in (2, 3, 5):
        voice = LiveVoice(ahead)
        described[ahead] = voice.step(voice.start(), sound)["voice speech"]
    assert np.ptp(described[3]) > 0.9
    np.testing.assert_array_equal(described[5], described[3][: len(described[5])])
    np.testing.assert_array_equal(described[2][1:], described[3][: len(described[2]) - 1])


def test_the_state_of_the_shipped_model_is_small_with_most_look_ahead():
    stream = Stream(load(threads=1, live=True), ahead=MOST_AHEAD)
    stream.feed(SOUND)
    stream.feed(SOUND[: BLOCK * 640 - 1])
    assert stream.frames and len(stream.saved()) < 85_000
