"""Floor 0: sound, rigs, motion, style and the arithmetic of windows, against answers known by construction."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavox.audio import Audio
from visavox.errors import FileError, OptionError, RigError, VisavoxError
from visavox.io.video import write_video
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, GAZE, HEAD, SHAPES
from visavox.serve.live.sender import Source
from visavox.style import Identity, Style
from visavox.windows import cut_window, frame_count, frame_times, resample_frames, sample_count

PAIR = Rig("pair", (Channel("open"), Channel("turn", "head", "rad", -1.0, 1.0)))


def tone(seconds: float, sample_rate: int, frequency: float = 200.0) -> Audio:
    return Audio(0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * sample_rate)) / sample_rate), sample_rate)


# Audio


@pytest.mark.parametrize("samples", [np.zeros((2, 8)), np.zeros(0), np.array([0.0, np.nan]), np.array([np.inf])])
def test_audio_refuses_what_is_not_mono_finite_sound(samples):
    with pytest.raises(FileError):
        Audio(samples, 16000)


@pytest.mark.parametrize("number", [-1, 0, "25", None, b"25", float("nan"), float("inf"), 10**400, Fraction(-(10**400)), [], object()])
def test_a_rate_that_is_no_number_above_0_is_one_sentence(number, tmp_path):
    motion = Motion(np.zeros((3, 2)), 25, PAIR)
    frames = [np.zeros((64, 64, 3), np.uint8)]
    makers = [
        lambda: Audio(np.zeros(4), number), lambda: Motion(np.zeros((3, 2)), number, PAIR), lambda: motion.at_fps(number),
        lambda: write_video(frames, None, tmp_path / "a.mp4", number), lambda: Source(PAIR, number),
    ]  # fmt: skip
    for make in makers:
        with pytest.raises(OptionError, match=r"not (a )?positive.*; give|where a number belongs"):
            make()
    assert not list(tmp_path.iterdir())


def test_a_sample_rate_is_1_hz_or_more():
    with pytest.raises(OptionError, match="a sample rate of 0.5 is below 1; give the true rate"):
        Audio(np.zeros(4), 0.5)
    assert Audio(np.zeros(4), 1).seconds == 4


def test_rates_are_numbers_of_any_library():
    for fps in (30, np.float32(30), np.array(30), Fraction(30)):
        assert Motion(np.zeros((3, 2)), fps, PAIR).fps == Motion(np.zeros((3, 2)), 25, PAIR).at_fps(fps).fps == 30


def test_samples_of_16_bit_are_not_taken_for_sound_that_is_clipped():
    samples = np.array([0, 9000, -20000], np.int16)
    with pytest.raises(FileError, match="reaches 20000 where 1 is full scale"):
        Audio(samples, 16000)
    assert Audio(samples / 32768, 16000).samples.max() < 0.3


def test_audio_is_clipped_to_full_scale():
    assert Audio(np.array([-3.0, 0.25, 3.0]), 8000).samples.tolist() == [-1.0, 0.25, 1.0]


@pytest.mark.parametrize("sample_rate", [8000, 11025, 44100, 48000])
def test_resampling_keeps_a_tone_and_its_duration(sample_rate):
    there = tone(1.0, sample_rate).resample(16000)
    inside = slice(800, -800)
    assert abs(there.seconds - 1.0) < 1e-4
    assert np.abs(there.samples[inside] - tone(1.0, 16000).samples[inside]).max() < 2e-3


@pytest.mark.parametrize("sample_rate", [8000, 22_050, 44_100, 48_000])
def test_sharp_resampling_keeps_its_band_and_nothing_else(sample_rate):
    """Tones up to 91 % of the lower half rate come through whole and in phase, at 95.65 % half of them, above the half rate none."""
    half = min(sample_rate, 16_000) / 2
    time, there = np.arange(sample_rate) / sample_rate, np.arange(16_000) / 16_000
    for share, kept in ((0.3, 1.0), (0.9, 1.0), (0.913, 1.0), (0.9565, 0.5), (1.02, 0.0)):
        if share * half >= sample_rate / 2:
            continue
        made = Audio(0.5 * np.sin(2 * np.pi * share * half * time), sample_rate).resample_sharply(16_000).samples
        wanted = 0.5 * kept * np.sin(2 * np.pi * share * half * there)
        np.testing.assert_allclose(made[2000:-2000], wanted[2000:-2000], atol=1e-3)
    sound = tone(1.0, 16_000)
    assert sound.resample_sharply(16_000) is sound


def test_between_pad_and_join():
    audio = tone(1.0, 1000)
    assert np.array_equal(audio.between(0.25, 0.5).samples, audio.samples[250:500])
    assert np.array_equal(audio.pad(1200).samples, np.append(audio.samples, np.zeros(200, np.float32)))
    assert audio.pad(10) is audio
    assert np.array_equal(audio.join(audio).samples, np.tile(audio.samples, 2))
    assert audio.join(tone(1.0, 2000)).samples.size == 2000


# Rig


def test_arkit_is_52_shapes_then_the_head():
    assert len(SHAPES) == 52 and ARKIT.names == SHAPES + HEAD
    assert ARKIT.of_kind("gaze") == tuple(name for name in SHAPES if name in GAZE) and len(GAZE) == 8
    assert SHAPES[0] == "eyeBlinkLeft" and SHAPES[17] == "jawOpen" and SHAPES[-1] == "tongueOut"


def test_a_rig_survives_json_and_equality_is_by_content():
    free = Rig("free", (Channel("x", unit="coefficient", low=-np.inf, high=np.inf),))
    for rig in (ARKIT, PAIR, free):
        assert Rig.from_json(rig.to_json()) == rig
    assert Rig("pair", tuple(reversed(PAIR.channels))) != PAIR


@pytest.mark.parametrize("data", [{}, [], {"name": "x", "channels": [{"name": "a"}]}, {"name": "x", "channels": [7]}])
def test_a_malformed_rig_is_a_rig_error(data):
    with pytest.raises(RigError, match="malformed"):
        Rig.from_json(data)


def test_a_rig_refuses_twins_bad_ranges_and_unknown_kinds():
    with pytest.raises(RigError, match="twice: a"):
        Rig("twins", (Channel("a"), Channel("a")))
    with pytest.raises(RigError, match="neutral 0.0 outside"):
        Channel("a", low=0.5)
    with pytest.raises(RigError, match="'ear'"):
        Channel("a", kind="ear")


def test_an_unknown_channel_is_answered_with_near_ones():
    with pytest.raises(RigError, match="jawOpen"):
        ARKIT.index("jawopened")


# Motion


def test_motion_finds_channels_by_name():
    values = np.arange(6, dtype=np.float32).reshape(3, 2)
    motion = Motion(values, 25, PAIR)
    assert motion.channel("turn").tolist() == [1, 3, 5]
    assert np.array_equal(motion.select(["turn", "open"]), values[:, ::-1])
    changed = motion.with_channels({"open": np.array([7, 8, 9]), "turn": 0})
    assert changed.values.tolist() == [[7, 0], [8, 0], [9, 0]] and motion.values[0, 0] == 0
    assert changed.clamped().values.tolist() == [[1, 0]] * 3
    assert motion.seconds == 3 / 25


@pytest.mark.parametrize(
    ("values", "fps", "kind"),
    [
        (np.zeros((3, 5)), 25, RigError),
        (np.zeros((0, 2)), 25, RigError),
        (np.zeros(2), 25, RigError),
        (np.full((1, 2), np.nan), 25, RigError),
        (np.zeros((1, 2)), 0, OptionError),
        (np.zeros((1, 2)), float("nan"), OptionError),
    ],
)
def test_motion_refuses_what_does_not_fit(values, fps, kind):
    with pytest.raises(kind):
        Motion(values, fps, PAIR)


def test_join_and_cross_fade():
    rest, up = Motion(np.zeros((6, 2)), 25, PAIR), Motion(np.ones((6, 2)), 25, PAIR)
    assert rest.join(up).frames == 12
    faded = rest.cross_fade(up, 4)
    assert faded.frames == 8 and np.all(np.diff(faded.channel("open")) >= 0)
    assert np.allclose(faded.values[2:6] + faded.values[2:6][::-1], 1)
    with pytest.raises(OptionError, match="7 frames"):
        rest.cross_fade(up, 7)
    with pytest.raises(RigError, match="differ"):
        rest.join(Motion(np.zeros((6, 2)), 30, PAIR))


def test_between_takes_whole_frames():
    motion = Motion(np.arange(20).reshape(10, 2), 10, PAIR)
    assert np.array_equal(motion.between(0.2, 0.5).values, motion.values[2:5])


# Resampling: what happened is still there at every rate


@pytest.mark.parametrize("fps", [12.5, 24, 30, 50, 60, 120])
def test_a_one_frame_closure_survives_every_rate(fps):
    values = np.full((50, 2), 0.5, np.float32)
    values[20, 0] = 0.0
    there = Motion(values, 25, PAIR).at_fps(fps)
    assert there.frames == np.ceil(2 * fps) and there.fps == fps
    assert there.channel("open").min() == 0.0
    lowest = (np.argmin(there.channel("open")) + 0.5) / fps
    assert abs(lowest - 20.5 / 25) <= 0.5 / fps + 1e-9
    assert np.all(there.channel("turn") == 0.5)


@settings(max_examples=40)
@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40), st.sampled_from([24.0, 30.0, 50.0, 60.0]))
def test_resampling_never_leaves_the_range(series, fps):
    values = np.array(series, np.float32)[:, None]
    there = resample_frames(values, 25.0, fps)
    assert there.dtype == np.float32
    assert there.min() >= values.min() - 1e-6 and there.max() <= values.max() + 1e-6


def test_resampling_keeps_a_slow_curve():
    curve = np.sin(np.arange(100) / 15)[:, None].astype(np.float32)
    there = resample_frames(curve, 25, 60)[:, 0]
    expected = np.sin((frame_times(240, 60) * 25 - 0.5) / 15)
    assert np.abs(there - expected)[5:-5].max() < 0.01


# Style and identity


def test_a_style_names_both_encoders_when_they_differ():
    style = Style(np.zeros(4), "aaa", "calm")
    style.check_encoder("aaa")
    with pytest.raises(OptionError, match="'calm'.*aaa.*bbb"):
        style.check_encoder("bbb")


@pytest.mark.parametrize("vector", [np.zeros((2, 2)), np.array([np.nan])])
def test_style_and_identity_hold_finite_vectors(vector):
    with pytest.raises(OptionError):
        Style(vector, "aaa")
    with pytest.raises(OptionError):
        Identity("someone", vector)


def test_identities_do_not_share_their_default():
    assert Identity().values is not Identity().values and Identity().values.size == 0


def test_values_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Identity().name = "other"


# Windows


@given(st.integers(1, 10_000_000), st.sampled_from([8000, 11025, 16000, 44100, 48000]), st.sampled_from([24, 25, 30, 60]))
def test_frames_cover_the_samples_and_no_more(samples, sample_rate, fps):
    frames = frame_count(samples, sample_rate, fps)
    assert sample_count(frames, sample_rate, fps) >= samples
    assert frames == 1 or (frames - 1) * sample_rate / fps < samples


@given(st.integers(-20, 30), st.integers(1, 25))
def test_a_cut_is_the_sequence_with_zeros_around_it(start, length):
    sequence = np.arange(1, 11)[:, None]
    expected = [frame + 1 if 0 <= frame < 10 else 0 for frame in range(start, start + length)]
    assert cut_window(sequence, start, length)[:, 0].tolist() == expected


def test_a_message_is_one_printable_line_whatever_it_quotes():
    message = str(VisavoxError("a.npz has \x1b[31m'x\ny\udc80\0" + "A" * 100_000 + "'; give another"))
    assert message.isprintable() and len(message) < 1000 and message.startswith("a.npz has") and message.endswith("'; give another")
    assert str(VisavoxError("two  spaces of a name, and ü 😀")) == "two  spaces of a name, and ü 😀"
