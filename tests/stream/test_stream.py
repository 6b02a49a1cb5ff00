"""A stream: the same bytes however the sound is divided, a state that goes on, interruptions, idle life, and hostile states."""

import json
import zlib
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaussian_engine import GaussianEngine
from tiny_checkpoint import tiny_checkpoint
from visavox.animate import Animator
from visavox.cue import Cue
from visavox.cues.grammar import read_instruction
from visavox.errors import FileError, OptionError
from visavox.evaluate.metrics.aperture import curve_aperture
from visavox.gestures import lips_of
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.models.torch_engine import TorchEngine
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.sampling import Sampling
from visavox.stream import AHEAD, BLOCK, Stream, feed_together
from visavox.style import FaceStyle

RATE = 16000


@cache
def tiny() -> Animator:
    return Animator(tiny_checkpoint().engine(), "any")


@cache
def shipped() -> Animator:
    return load(threads=1)


def voice(seconds: float, rate: int = RATE) -> np.ndarray:
    """A voice that speaks and pauses."""
    time = np.arange(round(seconds * rate)) / rate
    speaks = np.sin(2 * np.pi * 0.7 * time) > -0.5
    return (0.2 * np.sin(2 * np.pi * 140 * time) * speaks * (1 + 0.5 * np.sin(2 * np.pi * 4 * time))).astype(np.float32)


def joined(parts: list[Motion | None]) -> np.ndarray:
    return np.concatenate([part.values for part in parts if part is not None])


def followed(stream: Stream, sound: np.ndarray, ends: list[int]) -> np.ndarray:
    """All frames of `sound` fed in pieces that end at `ends`."""
    pieces = np.split(sound, sorted(end for end in ends if end < sound.size))
    return joined([*(stream.feed(piece) for piece in pieces), stream.finish()])


@settings(max_examples=8)
@given(st.lists(st.integers(0, 2 * 22050), max_size=40), st.sampled_from([RATE, 22050]))
def test_any_division_of_the_sound_gives_the_same_bytes(ends, rate):
    sound = voice(1.1, rate)
    whole = followed(Stream(tiny(), seed=3, sample_rate=rate), sound, [])
    assert np.array_equal(followed(Stream(tiny(), seed=3, sample_rate=rate), sound, ends), whole)
    assert len(whole) == 28 and np.isfinite(whole).all()


@pytest.mark.parametrize("animator", [tiny, shipped])
def test_voices_that_are_fed_together_move_as_each_does_alone(animator):
    """In styles of their own and in none, with emotions and without, at paces of their own, so that few blocks or many are due at once, in
    blocks of their own; one is interrupted."""
    usual = animator().usual_style
    smiling = usual and replace(usual, face=FaceStyle(smile=0.4))
    sound, styles, sizes = voice(2), (None, usual, smiling, None, smiling), (2400, 2400, 2880, 640, 2400)
    happy, sad = (Cue(start, 2.0, read_instruction(text)) for start, text in ((0.0, "happy 0.6"), (0.4, "sad")))
    paces, felt = ({}, {}, {}, {"block": 1, "ahead": 2}, {}), ((), [happy], (), (), [sad])
    alone, together = (
        [Stream(animator(), style, seed=seed, cues=felt[seed], **paces[seed]) for seed, style in enumerate(styles)] for _ in range(2)
    )
    for step in range(9):
        pieces = [sound[step * size : (step + 1) * size] for size in sizes]
        if step == 5:
            alone[1].interrupt()
            together[1].interrupt()
        singles = [stream.feed(piece) for stream, piece in zip(alone, pieces, strict=True)]
        for motion, single in zip(feed_together(together, pieces), singles, strict=True):
            assert (motion is None) == (single is None)
            assert motion is None or np.abs(motion.values - single.values).max() < 1e-5
    assert [stream.frames for stream in together] == [stream.frames for stream in alone] != [0] * 5


def test_frames_come_as_soon_as_the_sound_ahead_of_them_is_there():
    stream, sound = Stream(tiny()), voice(2)
    for number in range(0, sound.size, 160):
        stream.feed(sound[number : number + 160])
        known = (number + 160) // 640
        assert stream.frames == max((known - AHEAD) // BLOCK * BLOCK, 0)


def test_a_style_brings_its_head_and_its_face_along():
    """What a style from a clip, or of one person, lays over the model's face is live as well."""
    style, sound = shipped().usual_style, voice(2)
    plain, smiling = (joined([Stream(shipped(), each, seed=1).feed(sound)]) for each in (style, replace(style, face=FaceStyle(smile=0.4))))
    smile = shipped().engine.config.rig.index("mouthSmileLeft")
    assert (smiling[:, smile] - plain[:, smile]).min() > 0.2


def test_a_saved_state_goes_on_to_the_byte():
    sound, whole = voice(3), Stream(tiny(), seed=1)
    expected = followed(whole, sound, [])
    first = Stream(tiny(), seed=1)
    parts = [first.feed(sound[:20011])]
    second = Stream(tiny(), seed=1, sample_rate=8000)
    second.resume(first.saved())
    assert np.array_equal(joined([*parts, second.feed(sound[20011:]), second.finish()]), expected)
    other = Stream(tiny(), seed=2)
    with pytest.raises(FileError, match="another stream"):
        other.resume(first.saved())


def test_the_state_of_the_shipped_model_is_small_and_stays_so():
    stream = Stream(shipped())
    stream.feed(voice(4))
    size = len(zlib.decompress(stream.saved()))
    assert size < 96_000
    stream.feed(voice(6))
    assert len(zlib.decompress(stream.saved())) < size + 2000
    stream.feed(voice(6)[: BLOCK * 640 - 1])  # all the sound that may wait
    assert len(stream.saved()) < 85_000
    for rate in (48_000, 192_000):
        stream.feed(voice(0.5, rate), rate)
        sizes = []
        for piece in np.array_split(voice(0.1, rate), 25):
            stream.feed(piece)
            sizes.append(len(stream.saved()))
        assert max(sizes) < 85_000


HARMS = "empty", "short", "text", "kind", "number", "share", "sides", "array", "missing", "size", "nan", "cut", "more", "bomb"


@pytest.mark.parametrize("harm", HARMS)
def test_hostile_states_are_refused_in_one_line(harm):
    stream = Stream(tiny())
    stream.feed(voice(1))
    saved = stream.saved()
    data = zlib.decompress(saved)
    size = int.from_bytes(data[:8], "little")
    head, arrays = json.loads(data[8 : 8 + size]), data[8 + size :]
    if harm == "kind":
        head["kind"] = "pickle"
    if harm == "number":
        head["state"]["frame"] = "2"
    if harm == "share":
        head["state"]["overdriven"]["given"] = 1.5
    if harm == "sides":
        head["state"]["overdriven"]["sides"] = [{"limit": 0.5, "tops": 0.0}]
    if harm == "array":
        head["state"]["mel"] = {"array": 10_000}
    if harm == "missing":
        del head["state"]["bands"]
    if harm == "size":
        head["arrays"][0][1] = [1 << 40]
    if harm == "nan":
        head["state"]["open"] = float("nan")
    text = json.dumps(head).encode()
    bad = {"empty": b"", "short": data[:-40], "text": b"\x08" + bytes(7) + b"not JSON"}.get(
        harm, len(text).to_bytes(8, "little") + text + arrays
    )
    deflated = {"cut": saved[:-40], "more": saved + b"more", "bomb": zlib.compress(bytes(1 << 26))}.get(harm, zlib.compress(bad))
    with pytest.raises(FileError, match="saved"):
        Stream(tiny()).resume(deflated)


def test_bytes_that_are_not_deflated_are_refused_in_one_line():
    with pytest.raises(FileError, match="no saved stream"):
        Stream(tiny()).resume(b"\x08" + bytes(7) + b"not JSON")


def test_an_interruption_brings_the_mouth_to_rest_and_what_comes_next_is_spoken():
    sound = read_audio(demo_recording()).samples
    stream = Stream(shipped())
    before = stream.feed(sound[: 3 * RATE])
    given = stream.frames
    stream.interrupt()
    assert stream.frames == given
    rest = stream.feed(np.zeros(RATE, np.float32))
    lips = rest.select(lips_of(rest.rig))
    assert curve_aperture(before).values[-50:].max() > 0.1, "it spoke"
    assert lips[0].max() < before.select(lips_of(before.rig))[-1].max() + 0.3 and not lips[4:].any()
    again = joined([stream.feed(sound[3 * RATE : 6 * RATE]), stream.finish()])
    assert np.ptp(again[:, before.rig.index("jawOpen")]) > 0.1
    assert stream.frames == given + 25 + 75


def test_a_stream_may_be_interrupted_before_its_first_frame_and_twice():
    stream = Stream(tiny())
    stream.feed(voice(0.1))
    stream.interrupt()
    stream.interrupt()
    assert len(joined([stream.feed(voice(1)), stream.finish()])) == 25


def test_a_face_that_hears_nothing_blinks_breathes_and_keeps_its_mouth_shut():
    stream = Stream(shipped(), seed=5)
    motion = stream.feed(np.zeros(20 * RATE, np.float32))
    lid, pitch = motion.channel("eyeBlinkLeft"), np.degrees(motion.channel("headPitch"))
    blinks = np.flatnonzero((lid[1:] > 0.4) & (lid[:-1] <= 0.4)).size
    assert 2 <= blinks <= 12
    assert np.degrees(motion.select(HEAD)).std(axis=0).min() > 0.05 and np.abs(np.diff(pitch)).max() < 2
    assert curve_aperture(motion).values[40:].max() < 0.02  # it might have been the pause before a first word


def test_the_rate_may_change_while_it_speaks():
    stream = Stream(tiny(), sample_rate=48000)
    parts = [stream.feed(voice(1, 48000)), stream.feed(voice(1, 8000), 8000), stream.feed(voice(1, 44100), 44100), stream.finish()]
    assert len(joined(parts)) == 75


def test_what_is_no_sound_is_refused_and_a_finished_stream_takes_none():
    stream = Stream(tiny())
    for wrong in (np.zeros((2, 2)), np.zeros(4, np.int16), np.array([0.0, np.nan])):
        with pytest.raises(OptionError):
            stream.feed(wrong)
    with pytest.raises(OptionError, match="reach 3e.04 where 1 is full scale"):
        stream.feed(np.array([1.0, -30_000.0]))  # of 16 bits, as floats
    with pytest.raises(OptionError, match="sample rate"):
        stream.feed(np.zeros(4), 100)
    assert stream.feed(np.zeros(0)) is None and stream.finish() is None
    with pytest.raises(OptionError, match="finished"):
        stream.feed(np.zeros(4))


def test_streams_that_are_fed_together_are_each_given_one_sound():
    stream, sound = Stream(tiny()), voice(0.5)
    assert feed_together([], []) == []
    for streams, sounds in (([stream, stream], [sound, sound]), ([stream], [sound, sound]), ([stream], [])):
        with pytest.raises(OptionError, match="give each stream once"):
            feed_together(streams, sounds)
    assert stream.frames == 0 and stream.feed(sound) is not None


def test_seeds_are_other_takes_and_sessions_know_nothing_of_each_other():
    sound, first, second = voice(2), Stream(tiny(), seed=1), Stream(tiny(), seed=2)
    parts = [[stream.feed(sound[:RATE]) for stream in (first, second)], [stream.feed(sound[RATE:]) for stream in (first, second)]]
    together = [joined([early, late]) for early, late in zip(*parts, strict=True)]
    assert not np.array_equal(*together)
    assert np.array_equal(joined([Stream(tiny(), seed=1).feed(sound)]), together[0])


@pytest.mark.parametrize("block", [1, 4])
def test_other_blocks_trade_time_for_work(block):
    stream, sound = Stream(tiny(), block=block), voice(1.3)
    assert stream.latency == pytest.approx((AHEAD + block - 0.5) / 25)
    whole = followed(stream, sound, [])
    assert len(whole) == 33 and np.array_equal(followed(Stream(tiny(), block=block), sound, [5000, 5001]), whole)
    with pytest.raises(OptionError, match="together"):
        Stream(tiny(), block=0)


def test_any_engine_streams_and_one_that_cannot_says_so():
    for engine in (GaussianEngine(), TorchEngine(tiny_checkpoint().model())):
        sampling = Sampling(steps=2, audio_guidance=1, style_guidance=1)
        assert len(followed(Stream(Animator(engine, "any"), sampling=sampling), voice(1), [])) == 25
    with pytest.raises(OptionError, match="seed"):
        Stream(tiny(), seed=-1)
