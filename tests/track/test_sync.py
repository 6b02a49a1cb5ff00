"""An offset that was put in is found; where nothing can tell, that is said."""

import numpy as np
import pytest

from visavox.track.sync import offset_of


def mouth(at):
    """A mouth at times `at` in seconds: a sum of lawless waves of the rates of speech."""
    chance = np.random.default_rng(3)
    waves = [(chance.uniform(0.7, 5), chance.uniform(0, 6), chance.uniform(0.3, 1)) for _ in range(30)]
    return sum(size * np.sin(2 * np.pi * rate * at + phase) for rate, phase, size in waves)


@pytest.mark.parametrize("late", [-0.21, -0.04, 0.0, 0.013, 0.16, 0.3])
@pytest.mark.parametrize("fps", [25.0, 59.94])
def test_a_late_sound_is_found_within_ten_milliseconds(late, fps):
    at, heard = (np.arange(round(12 * fps)) + 0.5) / fps, (np.arange(300) + 0.5) / 25
    seen, noise = (mouth(at), mouth(at + 50)), np.random.default_rng(0).normal(0, 2, 300)
    read = (mouth(heard - late) + noise, mouth(heard + 50 - late) + noise)
    found = offset_of(seen, read, np.ones(len(at)), (fps, 25.0))
    assert found.sure and abs(found.late - late) < 0.01


def test_another_sound_silence_and_too_little_are_not_sure():
    at = (np.arange(300) + 0.5) / 25
    seen, ones = (mouth(at), mouth(at + 50)), np.ones(300)
    assert not offset_of(seen, (mouth(at + 20), mouth(at + 90)), ones, (25, 25)).sure
    assert not offset_of(seen, (np.zeros(300), np.zeros(300)), ones, (25, 25)).sure
    assert not offset_of((np.zeros(300), np.zeros(300)), seen, ones, (25, 25)).sure
    assert not offset_of(seen, seen, np.where(np.arange(300) < 80, 1.0, 0.0), (25, 25)).sure
    assert not offset_of(seen, (seen[0][:30], seen[1][:30]), ones, (25, 25)).sure


def test_frames_without_a_face_do_not_count():
    at = (np.arange(400) + 0.5) / 25
    gap, width = mouth(at), mouth(at + 50)
    lost = (np.arange(400) > 150) & (np.arange(400) < 220)
    hidden = tuple(np.where(lost, 3 * np.sin(at * 9), each) for each in (gap, width))
    found = offset_of(hidden, (mouth(at - 0.12), mouth(at - 0.12 + 50)), np.where(lost, 0.0, 1.0), (25, 25))
    assert found.sure and abs(found.late - 0.12) < 0.02
