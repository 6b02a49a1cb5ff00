"""Augmentation: same shape, same seed same result, silence stays silence, and adding noise only adds."""

import numpy as np
import pytest

from visavox.data.material import augmentation as module
from visavox.data.material.augmentation import augment
from visavox.models.log_mel import FLOOR, mel_power

CLIPS, LENGTH = 24, 200


def speech_like() -> np.ndarray:
    """(B, L, 80): bursts at -30 dB between pauses at -80 dB."""
    loud = (np.arange(LENGTH) // 25 % 2)[:, None] * np.ones(80)
    level = np.where(loud, -30.0, -80.0) * np.log(10) / 10
    return np.broadcast_to(level, (CLIPS, LENGTH, 80)).astype(np.float32)


def test_shape_type_and_input_are_kept():
    mel = speech_like()
    before = mel.copy()
    made = augment(mel, np.random.default_rng(0))
    assert made.shape == mel.shape and made.dtype == np.float32 and np.isfinite(made).all()
    np.testing.assert_array_equal(mel, before)


def test_half_precision_is_taken_as_stored():
    assert augment(speech_like().astype(np.float16), np.random.default_rng(0)).dtype == np.float32


def test_a_seed_is_a_result():
    one, again, other = (augment(speech_like(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).mean() > 0.5


def test_every_clip_is_changed_its_own_way():
    made = augment(speech_like(), np.random.default_rng(3))
    spread = np.abs(made[:, None] - made[None]).mean((2, 3))[~np.eye(CLIPS, dtype=bool)]
    assert spread.min() > 0.05


def test_digital_silence_stays_far_below_speech():
    silence = np.full((CLIPS, LENGTH, 80), np.log(FLOOR), np.float32)
    made = augment(silence, np.random.default_rng(4))
    assert made.max() < np.log(1e-6)  # -60 dB, where speech is at -30 dB
    assert made.min() >= np.log(FLOOR) - 1e-3


def test_noise_and_other_voices_only_add_power():
    for part in (module.noisy, module.with_babble, module.in_a_room):
        mel = speech_like().copy()
        made = part(mel.copy(), np.random.default_rng(5))
        assert (made >= mel - 1e-3).all(), part.__name__
        assert (made > mel + 0.1).any(), part.__name__


def test_noise_stands_at_the_ratios_it_says():
    """The pauses rise to between 0 and 45 dB below the bursts, which themselves rise by 6 dB at most."""
    mel = speech_like()
    made = module.noisy(mel.copy(), np.random.default_rng(6))
    pauses, bursts = mel[0, :, 0] < -15, mel[0, :, 0] > -15
    touched = np.abs(made - mel).max((1, 2)) > 1e-3
    assert 0.3 < touched.mean() < 0.9
    below = (made[touched][:, bursts].mean((1, 2)) - made[touched][:, pauses].mean((1, 2))) * 10 / np.log(10)
    assert (below > 0).all() and (below < 50).all() and below.max() - below.min() > 10
    assert (made[:, bursts].mean((1, 2)) - mel[:, bursts].mean((1, 2))).max() * 10 / np.log(10) < 6


def test_a_room_rings_after_the_sound_and_not_before_it():
    mel = np.full((60, 100, 80), np.log(1e-9), np.float32)
    mel[:, 40] = np.log(1e-2)
    made = module.in_a_room(mel.copy(), np.random.default_rng(7))
    assert (made[:, :40] - mel[:, :40]).max() < 1  # the floor has a room of its own
    rung = made[:, 41, 0] > mel[:, 41, 0] + 1
    assert rung.any() and not rung.all()
    tail = made[rung][:, 41:, 0]
    assert (np.diff(tail, axis=1) <= 1e-4).all()  # it only decays


def test_throats_move_the_formants_by_a_few_bands():
    mel = np.full((60, 4, 80), -20.0, np.float32)
    mel[:, :, 40] = 0
    peaks = module.through_a_throat(mel.copy(), np.random.default_rng(8)).argmax(2)[:, 0]
    assert np.abs(peaks - 40).max() <= 6 and len(set(peaks.tolist())) >= 4


@pytest.mark.parametrize("seed", range(3))
def test_speech_still_stands_out_from_its_pauses(seed):
    sound = np.random.default_rng(9).normal(0, 0.1, 32000) * (np.arange(32000) // 4000 % 2)
    mel = np.broadcast_to(mel_power(sound.astype(np.float32), 200), (CLIPS, 200, 80))
    made = augment(mel, np.random.default_rng(seed)).mean(2)
    loud = np.arange(200) // 25 % 2 == 1
    assert np.median(made[:, loud].mean(1) - made[:, ~loud].mean(1)) > 1
