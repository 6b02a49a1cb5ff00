"""Sounds that are no speech: finite, seeded, of every kind and level, now and then digital silence."""

import numpy as np

from visavox.data.synth.negatives import negative


def test_length_type_and_range():
    for seed in range(40):
        sound = negative(1.5, np.random.default_rng(seed))
        assert sound.shape == (24000,) and sound.dtype == np.float32
        assert np.isfinite(sound).all() and np.abs(sound).max() <= 1


def test_a_seed_is_a_sound():
    one, again, other = (negative(1.0, np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_levels_span_the_range_and_silence_occurs():
    peaks = np.array([np.abs(negative(0.5, np.random.default_rng(seed))).max() for seed in range(150)])
    assert (peaks == 0).any() and (peaks == 0).mean() < 0.3
    loud = peaks[peaks > 0]
    assert loud.min() < 0.005 and loud.max() > 0.5


def test_kinds_differ_in_colour():
    """The centre of the spectrum runs from hum to hiss."""
    centres = []
    for seed in range(60):
        power = np.abs(np.fft.rfft(negative(1.0, np.random.default_rng(seed)))) ** 2
        if power.sum() > 0:
            centres.append((power * np.arange(power.size)).sum() / power.sum())
    assert min(centres) < 500 and max(centres) > 3000
