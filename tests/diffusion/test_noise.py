"""Noise by frame: any span alone, in any pieces; recordings, seeds, draws and purposes apart; recordings known by their opening."""

import numpy as np
import pytest

from visavox.diffusion.noise import OPENING, FrameNoise, recording_hash


def test_a_span_drawn_alone_or_in_any_pieces_gives_the_same_bytes():
    noise, whole = FrameNoise(3, 77), FrameNoise(3, 77).frames(0, (90, 7))
    assert noise.frames(41, (5, 7)).tobytes() == whole[41:46].tobytes()
    for pieces in ([90], [1, 2, 87], [30, 30, 30]):
        starts = np.cumsum([0, *pieces[:-1]])
        parts = [noise.frames(int(start), (length, 7)) for start, length in zip(starts, pieces, strict=True)]
        assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_noise_is_standard_normal_without_memory_between_frames_or_channels():
    values = FrameNoise(0).frames(0, (2000, 6))
    assert values.dtype == np.float32
    assert np.abs(values.mean(0)).max() < 0.08 and np.abs(values.std(0) - 1).max() < 0.06
    assert np.abs(np.corrcoef(values.T) - np.eye(6)).max() < 0.08
    assert abs((values[1:] * values[:-1]).mean()) < 0.03


@pytest.mark.parametrize("other", [(1, 5, 0, 0), (0, 6, 0, 0), (0, 5, 1, 0), (0, 5, 0, 1), (2**70, 5, 0, 0), (5, 0, 0, 0)])
def test_seed_recording_draw_and_purpose_keep_noise_apart(other):
    def drawn(seed, recording, draw, purpose):
        return FrameNoise(seed, recording).frames(0, (300, 4), draw, purpose)

    assert abs(np.corrcoef(drawn(0, 5, 0, 0).ravel(), drawn(*other).ravel())[0, 1]) < 0.1


def test_a_recording_is_known_by_half_a_second_of_sound_after_leading_zeros():
    random = np.random.default_rng(0)
    sound = random.normal(0, 0.1, 16000).astype(np.float32)
    known = recording_hash(sound, 16000)
    opening = round(OPENING * 16000)
    assert recording_hash(sound[:opening], 16000) == known, "a stream knows it as soon as it has heard the opening"
    assert recording_hash(np.concatenate([np.zeros(4000, np.float32), sound]), 16000) == known
    for place in (0, opening - 1):
        changed = sound.copy()
        changed[place] += 1e-4
        assert recording_hash(changed, 16000) != known
    assert recording_hash(sound[: opening - 1], 16000) != known
    assert 0 <= recording_hash(np.zeros(10, np.float32), 16000) < 2**64
