"""Head, blinks, smoothness, variety and the voice's loudness on made-up signals."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.evaluate.metrics import blinks, diversity, head_motion, smoothness
from visavox.evaluate.metrics import silence as voice

FPS = 25.0
SECONDS = np.arange(500) / FPS


def nodding(hertz, degrees):
    pose = np.zeros((500, 3))
    pose[:, 0] = np.radians(degrees) * np.sin(2 * np.pi * hertz * SECONDS)
    return pose


def test_head_range_is_in_degrees_and_averages_the_angles():
    assert head_motion.head_range(nodding(0.5, 10)) == pytest.approx(20 / 3, rel=0.03)
    assert head_motion.head_range(np.tile([0.3, 0.2, 0.1], (50, 1))) == 0


def test_head_speed_of_a_steady_turn():
    pose = np.zeros((500, 3))
    pose[:, 1] = np.radians(12) * SECONDS
    assert head_motion.head_speed(pose, FPS) == pytest.approx(12, rel=0.02)


def test_beats_are_the_turning_points_of_a_nod():
    beats = head_motion.head_beats(nodding(0.5, 8), FPS)
    assert np.diff(beats)[2:-2] == pytest.approx(1.0, abs=0.05)
    assert (np.abs((beats - 0.5 + 0.5) % 1 - 0.5) < 0.06)[2:-2].all()


def test_beat_alignment_falls_with_distance():
    beats = np.array([1.0, 2.0, 3.0])
    assert head_motion.beat_alignment(beats, beats) == 1
    assert head_motion.beat_alignment(beats + 0.12, beats) == pytest.approx(np.exp(-0.5))
    assert head_motion.beat_alignment(beats + 0.4, beats) < 0.01
    assert np.isnan(head_motion.beat_alignment(beats, np.array([])))


def eyelids(*starts, rest=0.1):
    lids = np.full(500, rest)
    for start in starts:
        frame = round(start * FPS)
        lids[frame : frame + 5] = [0.5, 0.9, 1.0, 0.7, 0.4]
    return lids


def test_blinks_are_found_where_they_are_and_squints_are_not():
    assert blinks.blink_times(eyelids(2, 5, 11), FPS) == pytest.approx([2.1, 5.1, 11.1], abs=0.021)
    squint = np.full(500, 0.1)
    squint[100:200] = 0.8
    assert blinks.blink_times(squint, FPS).size == 0
    assert blinks.blink_times(0.1 + 0.05 * np.sin(SECONDS * 9), FPS).size == 0


def test_a_blink_at_the_first_frames_counts():
    assert blinks.blink_times(np.concatenate([[1.0, 0.6], np.full(50, 0.1)]), FPS).size == 1


def test_blink_rate_and_intervals():
    assert blinks.blink_rate(np.array([1.0, 4.0, 9.0]), 20) == 9
    assert blinks.blink_intervals(np.array([1.0, 4.0, 9.0])).tolist() == [3, 5]
    assert blinks.interval_variation(np.full(8, 3.0)) == 0
    assert blinks.interval_variation(np.random.default_rng(0).exponential(3, 5000)) == pytest.approx(1, abs=0.05)
    assert np.isnan(blinks.interval_variation(np.array([1.0, 2.0])))


def test_jerk_of_a_cubic_and_its_ratio():
    cubic = (SECONDS**3)[:, None]
    assert smoothness.mean_jerk(cubic, FPS) == pytest.approx(6, rel=1e-6)
    assert smoothness.jerk_ratio(2 * cubic, FPS, cubic, FPS) == pytest.approx(2)
    assert np.isnan(smoothness.jerk_ratio(cubic, FPS, np.zeros((500, 1)), FPS))
    assert np.isnan(smoothness.mean_jerk(cubic[:10], FPS))


def test_jerk_does_not_hang_on_the_frame_rate():
    def wave(fps):
        return np.sin(2 * np.pi * 3 * np.arange(20 * fps) / fps)[:, None]

    assert smoothness.jerk_ratio(wave(60), 60, wave(25), 25) == pytest.approx(1, abs=0.1)


def test_seams_show_where_windows_meet():
    random = np.random.default_rng(2)
    smooth = np.cumsum(random.normal(0, 0.01, (1000, 3)), axis=0)
    assert smoothness.seam_ratio(smooth, 100) == pytest.approx(1, abs=0.4)
    jumping = smooth + np.repeat(random.normal(0, 1, (10, 3)), 100, axis=0)
    assert smoothness.seam_ratio(jumping, 100) > 10
    assert smoothness.seam_ratio(jumping, 73) < 2
    assert np.isnan(smoothness.seam_ratio(smooth[:90], 100))


def test_take_spread():
    takes = np.stack([np.zeros((10, 2)), np.full((10, 2), 0.4)])
    assert diversity.take_spread(takes) == pytest.approx(0.2)
    assert diversity.take_spread(takes[:1]) == 0


def test_retrieval_ranks_and_gain():
    gallery = np.eye(5)
    assert diversity.retrieval_ranks(3 * gallery, gallery).tolist() == [1] * 5
    assert diversity.retrieval_gain(diversity.retrieval_ranks(gallery, gallery)) == 5
    assert diversity.retrieval_ranks(np.roll(gallery, 1, axis=0), gallery).min() > 1
    assert diversity.retrieval_ranks(np.ones((5, 5)), np.ones((5, 5))).tolist() == [5] * 5, "ties are no recognition"


def sound(*parts):
    random = np.random.default_rng(3)
    return Audio(np.concatenate([level * random.normal(size=round(seconds * 16000)) for level, seconds in parts]), 16000)


def test_loudness_is_in_decibels_of_full_scale():
    level = voice.loudness(sound((0.1, 1.0), (0.01, 1.0)))
    assert level[20:80].mean() == pytest.approx(-20, abs=1)
    assert level[120:180].mean() == pytest.approx(-40, abs=1)
    assert voice.loudness(Audio(np.full(50, 0.5), 16000)).shape == (1,)


def test_silent_frames_are_long_pauses_without_their_ends():
    audio = sound((0.1, 1.0), (1e-5, 1.0), (0.1, 1.0), (1e-5, 0.15), (0.1, 0.85))
    times = (np.arange(100) + 0.5) / FPS
    silent = voice.silent_frames(audio, times)
    assert silent[(times > 1.2) & (times < 1.8)].all()
    assert not silent[(times < 1.05) | (times > 1.95)].any()
