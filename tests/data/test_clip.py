"""Clips hold together: lengths, phones, and the moving of late sound."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.data.clip import Clip, common_part
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT


def audio(seconds):
    return Audio(np.linspace(-1, 1, round(seconds * 16000)), 16000)


def motion(seconds, fps=25):
    frames = round(seconds * fps)
    return Motion(np.zeros((frames, len(ARKIT))), fps, ARKIT).with_channels({"jawOpen": np.linspace(0, 1, frames)})


def measures(seconds, fps=25):
    frames = round(seconds * fps)
    return Measures(np.linspace(0, 1, frames), np.full(frames, 0.5), np.ones(frames, bool), fps)


def clip(**parts):
    return Clip("one", audio(2.0), "me", "made", "CC0", **parts)


def test_lengths_may_differ_by_one_frame_and_no_more():
    assert clip(motion=motion(1.96), measures=measures(2.04)).motion.frames == 49
    with pytest.raises(FileError, match="motion lasts 1.880 s, audio 2.000 s"):
        clip(motion=motion(1.88))


@pytest.mark.parametrize("phones", [[(0.5, 0.4, "AA")], [(0, 1, "AA"), (0.9, 1.2, "B")], [(1.9, 2.2, "SIL")]])
def test_phones_out_of_order_or_outside_are_refused(phones):
    with pytest.raises(FileError, match="phone"):
        clip(phones=phones)


def test_with_phones_makes_plain_tuples():
    assert clip().with_phones([[0, 0.5, "SIL"], [0.5, 1, "AA"]]).phones == ((0.0, 0.5, "SIL"), (0.5, 1.0, "AA"))


@pytest.mark.parametrize("late", [0.0, 0.2, -0.1])
def test_late_sound_is_moved_and_everything_cut_to_what_is_shared(late):
    sound, moved, measured = common_part(audio(2.0), late, motion(2.0), measures(1.8))
    found = Clip("one", sound, "me", "made", "CC0", motion=moved, measures=measured)
    assert found.motion.frames == found.measures.frames == round(25 * min(1.8, 2.0 - max(late, 0)))
    first = audio(2.0).samples[round(max(late, 0) * 16000)]
    assert sound.samples[round(max(-late, 0) * 16000)] == first
    assert moved.values[3, ARKIT.index("jawOpen")] == motion(2.0).values[3, ARKIT.index("jawOpen")]


def test_measures_must_be_numbers_where_a_face_was_seen():
    with pytest.raises(FileError, match="not a number"):
        Measures(np.array([0.1, np.nan]), np.ones(2), np.array([True, True]), 25)
    assert Measures(np.array([0.1, np.nan]), np.ones(2), np.array([True, False]), 25).frames == 2
    with pytest.raises(FileError, match="do not agree"):
        Measures(np.ones(3), np.ones(2), np.ones(3, bool), 25)
