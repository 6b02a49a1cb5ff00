"""The speaking head: pieces equal the whole, silence is stiller than speech, style does what it says, nothing is shared between takes."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.evaluate.metrics.head_statistics import band_deviations, head_statistics, speed_curve
from visavox.gestures import gestures_of, move_head
from visavox.gestures.head import DRAWS, ROLL_FREE, ROLL_MOST, HeadGesture, smooth_step, soft_limit, whole
from visavox.gestures.head_fit import HeadHabits, matched_head
from visavox.gestures.head_style import head_style_of
from visavox.gestures.voice import VoiceTrack, voice_track
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.style import HeadStyle

FPS = 25.0


def phrases(seconds: float, seed: int = 0) -> Audio:
    """Three seconds of syllables with harmonics, then one of silence, and so on."""
    rate, random = 16000, np.random.default_rng(seed)
    time, knots = np.arange(round(seconds * rate)) / rate, np.arange(0, seconds + 1, 0.24)
    pitch = 120 * 2 ** np.interp(time, knots, random.normal(0, 0.15, knots.size))
    tone = sum(np.sin(2 * np.pi * k * np.cumsum(pitch) / rate) / k for k in range(1, 6))
    swell = np.abs(np.sin(np.pi * time / 0.24)) * np.interp(time, knots, random.uniform(0.4, 1, knots.size))
    return Audio((0.15 * tone * swell * (time % 4 < 3)).astype(np.float32), rate)


def chance(frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((frames, DRAWS))


def speaking(seconds: float, seed: int = 0, style: HeadStyle | None = None, sound: int = 0, fps: float = FPS):
    """The angles (T, 3) of a head, and the voice that it has."""
    gesture, frames = HeadGesture(), round(seconds * fps)
    voice = voice_track(phrases(seconds, sound), frames, fps)
    return whole(gesture, voice, chance(frames + gesture.behind(fps), seed), style or HeadStyle(), fps), voice


@pytest.mark.parametrize("pieces", [1, 7, 40])
def test_pieces_of_any_length_give_the_same_bytes_as_the_whole(pieces):
    made, voice = speaking(8)
    gesture = HeadGesture()
    drawn = chance(len(voice) + gesture.behind(FPS))
    state, shown = gesture.start(HeadStyle(), FPS), []
    for first in range(0, len(voice), pieces):
        heard = voice.between(first, first + pieces)
        shown.append(gesture.step(state, heard, drawn[first : first + len(heard)]))
        assert sum(map(len, shown)) == max(first + len(heard) - gesture.behind(FPS), 0), "as late as it says and no later"
    joined = np.concatenate(shown)
    assert joined.tobytes() == made[: len(joined)].tobytes()


def test_the_voice_says_when_the_head_moves():
    made, voice = speaking(240)
    found = head_statistics(made, FPS, voice.speech)
    assert 0.35 < found["pauses to speech"] < 0.85
    speed = speed_curve(made, FPS)
    onsets = np.flatnonzero(voice.onset)[1:-1]
    assert len(onsets) > 50

    def burst(speed: np.ndarray) -> float:
        before, after = (np.mean([speed[place + shift : place + shift + 6].mean() for place in onsets]) for shift in (-12, 1))
        return after / before

    assert burst(speed) > 1.7
    assert burst(np.roll(speed, 53)) < 1.3, "the same head under another's sound"


def test_loud_and_high_speech_lifts_the_head():
    frames = 2000
    high = np.repeat(np.random.default_rng(1).choice([-1.0, 1.0], 100), 20)
    none = np.zeros(frames)
    voice = VoiceTrack(none + 1, high, high, none, none, none, none)
    gesture = HeadGesture()
    made = np.mean([whole(gesture, voice, chance(frames + gesture.behind(FPS), seed), HeadStyle(), FPS)[:, 0] for seed in range(6)], 0)
    assert np.corrcoef(made, high)[0, 1] < -0.3
    free = whole(gesture, voice, chance(frames + gesture.behind(FPS)), HeadStyle(coupling=0), FPS)
    assert abs(np.corrcoef(free[:, 0], high)[0, 1]) < 0.2


def test_neither_seeds_nor_recordings_share_a_curve():
    one, other = speaking(30)[0], speaking(30, seed=1)[0]
    between = [np.corrcoef(one[:, axis], other[:, axis])[0, 1] for axis in range(3)]
    assert np.abs(between).max() < 0.7
    pairs = [[speaking(5, seed=2 * pair + side)[0] for side in (0, 1)] for pair in range(24)]
    mean = np.mean([[np.corrcoef(a[:, axis], b[:, axis])[0, 1] for axis in range(3)] for a, b in pairs], 0)
    assert np.abs(mean).max() < 0.35


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_a_head_moves_alike_at_every_rate(fps):
    usual = np.mean([speed_curve(speaking(60, seed)[0], FPS).mean() for seed in range(3)])
    made = np.mean([speed_curve(speaking(60, seed, fps=fps)[0], fps).mean() for seed in range(3)])
    assert 0.75 < made / usual < 1.3


def test_styles_keep_amplitude_speed_tilt_and_rest():
    usual = np.log(band_deviations(speaking(120)[0], FPS))
    half = np.log(band_deviations(speaking(120, style=HeadStyle(amplitude=0.5))[0], FPS))
    np.testing.assert_allclose(half - usual, np.log(0.5), atol=0.12)  # roll is bent at its end
    tilted = speaking(120, style=HeadStyle(tilt=0.8, axes=(1, 1, 0.6)))[0]
    assert np.corrcoef(tilted[:, 1], tilted[:, 2])[0, 1] > 0.4
    aside = speaking(120, style=HeadStyle(rest=(3, -4, 2)))[0].mean(0) - speaking(120)[0].mean(0)
    np.testing.assert_allclose(aside, (3, -4, 2), atol=0.6)


def test_a_head_style_is_read_off_the_head_that_has_it():
    for style in (HeadStyle(), HeadStyle(amplitude=0.4), HeadStyle(amplitude=1.5, speed=1.3)):
        angles = np.radians(speaking(60, style=style)[0])
        motion = Motion(np.zeros((len(angles), len(ARKIT)), np.float32), FPS, ARKIT).with_channels(dict(zip(HEAD, angles.T, strict=True)))
        read = head_style_of(motion)
        assert read.amplitude == pytest.approx(style.amplitude, rel=0.3)
        shorter = head_style_of(Motion(motion.values[:50], FPS, ARKIT))
        assert abs(np.log(shorter.amplitude)) < max(abs(np.log(read.amplitude)), 0.5), "two seconds say little"
    fast, slow = (head_style_of(_motion(speaking(60, style=HeadStyle(speed=speed))[0])).speed for speed in (1.5, 0.6))
    assert fast > 1.1 * slow


def test_a_matched_head_ranges_and_turns_as_fast_as_the_one_that_was_seen():
    def habits(style: HeadStyle) -> HeadHabits:  # of several takes: one alone ranges as chance has it
        return HeadHabits.mean([HeadHabits.of(speaking(12, seed, style, sound=1)[0], FPS) for seed in (3, 4, 5)], [1.0] * 3)

    usual = habits(HeadStyle())
    for style in (HeadStyle(amplitude=0.2, speed=0.7), HeadStyle(amplitude=2.2)):
        seen = speaking(20, style=style)[0]
        own, made = HeadHabits.of(seen, FPS), habits(matched_head(head_style_of(_motion(seen)), _motion(seen), phrases(8, 1)))
        for measure in (lambda each: each.turns.mean(), lambda each: each.speed):
            off, was_off = (abs(np.log(measure(each) / measure(own))) for each in (made, usual))
            assert off < 0.35 * was_off + 0.12, (style, off, was_off)
    rig = Rig("none", (Channel("jawOpen", "jaw"),))
    assert matched_head(HeadStyle(speed=1.2), Motion(np.zeros((200, 1), np.float32), FPS, rig), phrases(4)) == HeadStyle(speed=1.2)


def _motion(degrees: np.ndarray) -> Motion:
    still = Motion(np.zeros((len(degrees), len(ARKIT)), np.float32), FPS, ARKIT)
    return still.with_channels(dict(zip(HEAD, np.radians(degrees).T, strict=True)))


def test_a_still_head_and_a_rig_without_one_have_the_usual_style():
    assert head_style_of(_motion(np.zeros((200, 3)))) == HeadStyle()
    rig = Rig("none", (Channel("jawOpen", "jaw"),))
    assert head_style_of(Motion(np.zeros((200, 1), np.float32), FPS, rig)) == HeadStyle()
    assert gestures_of(rig) == () and gestures_of(ARKIT)[0].name == "head"


def test_roll_never_reaches_its_most_and_is_free_before():
    assert soft_limit(ROLL_FREE) == ROLL_FREE and soft_limit(-3.0) == -3.0
    bent = np.array([soft_limit(degrees) for degrees in np.linspace(-60, 60, 201)])
    assert (np.diff(bent) >= 0).all() and np.abs(bent).max() <= ROLL_MOST
    wild = speaking(120, style=HeadStyle(amplitude=4, axes=(1, 1, 3)))[0]
    assert np.abs(wild[:, 2]).max() <= ROLL_MOST


@pytest.mark.parametrize("sound", [np.zeros(200), np.zeros(48000), np.random.default_rng(0).normal(0, 0.1, 48000), np.ones(16000)])
def test_what_is_no_speech_is_one_pause_or_steady_and_the_head_lives_calmly(sound):
    audio = Audio(sound.astype(np.float32), 16000)
    frames = max(int(audio.seconds * FPS), 1)
    voice = voice_track(audio, frames, FPS)
    assert not voice.onset[5:].any() and not voice.accent.any() and not voice.syllable.any()
    still = Motion(np.zeros((frames, len(ARKIT)), np.float32), FPS, ARKIT)
    moved = move_head(still, audio, lambda frames, count: chance(frames)[:, :count], HeadStyle())
    assert np.isfinite(moved.values).all() and moved.select(HEAD).any()
    np.testing.assert_array_equal(moved.select([n for n in ARKIT.names if n not in HEAD]), 0)


def test_a_movement_is_smooth_at_both_ends():
    steps = np.array([smooth_step(share) for share in np.linspace(-0.5, 1.5, 201)])
    assert steps[0] == 0 and steps[-1] == 1 and (np.diff(steps) >= 0).all()
    assert np.abs(np.diff(steps, 2)).max() < 1.2e-3


@pytest.mark.parametrize("wrong", [{"amplitude": -1}, {"speed": 0}, {"tilt": 2}, {"axes": (1, 1)}, {"rest": (0, 0, float("nan"))}])
def test_head_styles_out_of_range_are_refused(wrong):
    with pytest.raises(OptionError, match=next(iter(wrong))):
        HeadStyle(**wrong)
