"""Emotions over motion: nothing felt changes no byte, spans and regions stay local, lips that words shut stay shut."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.emotion import EMOTIONS, REGIONS, EmotionMix, EmotionTrack
from visavox.errors import OptionError
from visavox.gestures.emotions import express
from visavox.gestures.emotions.calming import calmed
from visavox.gestures.emotions.dynamics import bent
from visavox.gestures.emotions.lips import DEAD, KEPT, MOVING, SPREAD, gap_of, laid_over, let_through, overlaid
from visavox.gestures.emotions.table import WHERE, EmotionTable
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

FELT = EMOTIONS[1:]
RATE = 16000


def speaking(seconds: float = 8.0, fps: float = 25.0) -> Motion:
    """A mouth that opens and shuts, with rounded lips at times, a blink now and then, and a head that moves."""
    time = np.arange(round(seconds * fps)) / fps
    still = Motion(np.zeros((time.size, len(ARKIT)), np.float32), fps, ARKIT)
    jaw = np.clip(0.25 * np.sin(2 * np.pi * 2.1 * time), 0, 1)
    blink = (time % 3 > 2.9) * 1.0
    moved = {
        "jawOpen": jaw, "mouthPucker": np.clip(np.sin(2 * np.pi * 0.7 * time), 0, 0.6), "mouthClose": 0.2 * jaw,
        "mouthLowerDownLeft": 0.5 * jaw, "eyeBlinkLeft": blink, "eyeBlinkRight": blink,
        "headPitch": 0.05 * np.sin(time), "headYaw": 0.08 * np.sin(0.8 * time),
        "browInnerUp": 0.1 + 0 * time,
    }  # fmt: skip
    return still.with_channels(moved)


def voice(seconds: float = 8.0) -> Audio:
    """A tone that swells every second."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * np.cumsum(140 + 40 * (time % 1 < 0.2)) / RATE)
    return Audio((tone * (0.1 + 0.2 * (time % 1 < 0.2))).astype(np.float32), RATE)


def steady(words: str, motion: Motion) -> EmotionTrack:
    return EmotionTrack.steady(EmotionMix.parse(words), motion.frames, motion.fps)


def test_nothing_felt_changes_nothing():
    motion = speaking()
    for words in ("neutral", "happy 0", "neutral + angry", "sad 0 @ brows"):
        assert np.array_equal(express(motion, voice(), steady(words, motion)).values, motion.values)


@pytest.mark.parametrize("name", FELT)
def test_a_span_keeps_what_lies_outside(name):
    motion, mix = speaking(), EmotionMix.parse(name)
    changed = express(motion, voice(), EmotionTrack.calm(motion.frames, 25.0).with_mix(mix, 2.0, 4.0))
    differs = (changed.values != motion.values).any(1)
    assert not differs[:50].any(), "before the span"
    assert differs[55:100].all(), "in the span"
    assert not differs[160:].any(), "long after the span"
    assert np.abs(np.diff(changed.values, axis=0))[:, : len(SHAPES)].max() <= max(np.abs(np.diff(motion.values, axis=0)).max(), 0.95)


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_keeps_the_channels_of_the_others(region):
    motion = speaking()
    for name in FELT:
        changed = express(motion, voice(), steady(f"{name} @ {region}", motion))
        moved = {name for name in ARKIT.names if not np.array_equal(changed.channel(name), motion.channel(name))}
        assert moved <= set(WHERE[region])
    assert express(motion, voice(), steady(f"disgusted @ {region}", motion)).values.tobytes() != motion.values.tobytes()


@pytest.mark.parametrize("name", FELT)
def test_more_is_more(name):
    """What an emotion adds to the face grows with its intensity, in all shapes together and in the largest of them."""
    motion = speaking()
    added = [
        express(motion, None, steady(f"{name} {intensity}", motion), 3).select(SHAPES).astype(float) - motion.select(SHAPES)
        for intensity in (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
    ]
    totals = [each[:, [SHAPES.index(shape) for shape in (*WHERE["brows"], *WHERE["mouth"])]].sum() for each in added]
    assert (np.diff(totals) > 0).all()


@pytest.mark.parametrize("name", FELT)
@pytest.mark.parametrize("variant", range(3))
def test_lips_that_are_shut_stay_shut_and_open_ones_open(name, variant):
    motion, head = speaking(), Head.default()
    changed = express(motion, voice(), steady(f"{name} 1.5", motion), variant, EmotionTable.default().only(variant))
    before, after = lip_gap(head, motion), lip_gap(head, changed)
    shut = before < DEAD
    assert (after[shut] < DEAD + 1e-3).all() and (after[~shut] > DEAD - 1e-3).all()
    assert np.corrcoef(before, after)[0, 1] > 0.97


def test_the_gap_is_that_of_the_head():
    values = np.zeros((60, len(ARKIT)), np.float32)
    values[:, : len(SHAPES)] = np.random.default_rng(0).uniform(0, 0.5, (60, len(SHAPES)))
    motion = Motion(values, 25.0, ARKIT)
    assert np.abs(gap_of(motion.select(SHAPES)) - lip_gap(Head.default(), motion)).max() < 0.02


def test_in_a_long_pause_the_emotion_has_its_say():
    """A mouth at rest opens in surprise where nothing is said, and not where lips are shut by words."""
    rest, emotion = np.zeros((2, len(SHAPES)), np.float32), np.zeros((2, len(SHAPES)), np.float32)
    emotion[:, SHAPES.index("jawOpen")] = 0.3
    opened = overlaid(rest, emotion, np.array([0.0, 1.0]))[:, SHAPES.index("jawOpen")]
    assert opened[0] == 0 and opened[1] == np.float32(0.3)
    time = np.arange(8 * RATE) / RATE
    audio = Audio(np.where((time > 3) & (time < 5), 0, np.sin(2 * np.pi * 150 * time) * 0.2).astype(np.float32), RATE)
    still = Motion(np.zeros((200, len(ARKIT)), np.float32), 25.0, ARKIT)
    jaw = express(still, audio, steady("surprised", still)).channel("jawOpen")
    assert jaw[95:105].min() > 0.1 and not jaw[:70].any() and not jaw[130:].any()


def test_the_seed_draws_another_way_and_the_same_seed_the_same():
    motion = speaking()
    takes = [express(motion, voice(), steady("angry", motion), seed).values for seed in range(6)]
    assert np.array_equal(takes[0], express(motion, voice(), steady("angry", motion), 0).values)
    rolled = {round(float(take[:, ARKIT.index("mouthRollUpper")].max()), 1) for take in takes}
    assert len(rolled) > 1, "variants with pressed lips and with bared teeth"


def test_manners_of_head_eyes_and_lids():
    motion, audio = speaking(60.0), voice(60.0)

    def felt(name):
        return express(motion, audio, steady(name, motion), 1)

    def blinks(moved):
        shut = moved.channel("eyeBlinkLeft") > 0.6
        return int((shut[1:] & ~shut[:-1]).sum())

    pitch = {name: felt(name).channel("headPitch").mean() for name in ("sad", "contemptuous")}
    assert pitch["sad"] > 0.03 > -0.03 > pitch["contemptuous"]
    assert felt("sad").channel("headYaw").std() < 0.8 * motion.channel("headYaw").std() < felt("happy").channel("headYaw").std()
    assert blinks(felt("angry")) < blinks(motion) < blinks(felt("fearful"))
    assert felt("sad").channel("eyeLookDownLeft").mean() > 0.05


def test_what_no_emotion_explains_goes_along():
    motion = speaking()
    track = EmotionTrack(EmotionTrack.calm(200, 25.0).intensity, 25.0, {"cheekPuff": np.full(200, 0.4, np.float32)})
    changed = express(motion, None, track)
    assert np.allclose(changed.channel("cheekPuff"), 0.4)
    assert np.array_equal(np.delete(changed.values, ARKIT.index("cheekPuff"), 1), np.delete(motion.values, ARKIT.index("cheekPuff"), 1))


def test_a_rig_without_the_shapes_is_refused():
    rig = Rig("other", (Channel("jawOpen"),))
    with pytest.raises(OptionError, match="ARKit"):
        express(Motion(np.zeros((5, 1), np.float32), 25.0, rig), None, EmotionTrack.steady(EmotionMix.parse("happy"), 5, 25.0))


@pytest.mark.parametrize("mix", ["happy", "angry 0.6", "fearful 0.8 @ face"])
@pytest.mark.parametrize("variant", range(3))
def test_what_is_felt_all_the_time_is_taken_off_again(mix, variant):
    felt, table, plain = EmotionMix.parse(mix), EmotionTable.default(), speaking()
    ((name, intensity),) = felt.intensities.items()
    strength, shown = bent(np.array(intensity)), table.variants[name][variant]
    weights = table.weights[name][variant] * strength
    weights *= np.isin(SHAPES, [shape for region in felt.regions for shape in WHERE[region]])
    shapes = overlaid(plain.select(SHAPES), np.tile(weights, (plain.frames, 1)), np.zeros(plain.frames))
    turned = np.radians(shown.head) * strength * ("head" in felt.regions)
    head = {axis: plain.channel(axis) + turn for axis, turn in zip(HEAD, turned, strict=True)}
    back = calmed(plain.with_channels(dict(zip(SHAPES, shapes.T, strict=True)) | head), felt)
    off = np.abs(back.select(SHAPES) - plain.select(SHAPES))
    exact = MOVING & ~np.isin(SHAPES, [shape for shape in SHAPES if shape.startswith(SPREAD)]) & (shapes > 0) & (shapes < 1)
    assert exact.mean() > 0.05 and off[exact].max() < 1e-5, "what words do not move is told exactly, so the variant is the right one"
    assert off.mean() < 0.1 * np.abs(shapes - plain.select(SHAPES)).mean()
    assert np.corrcoef(gap_of(back.select(SHAPES)), gap_of(plain.select(SHAPES)))[0, 1] > 0.98
    assert all(np.allclose(back.channel(axis), plain.channel(axis), atol=1e-5) for axis in HEAD)


@pytest.mark.parametrize("name", FELT)
def test_an_upper_lip_that_an_emotion_lifts_takes_the_lower_one_along_while_words_shut_them(name):
    shut, shrugs = np.zeros((3, len(SHAPES))), [SHAPES.index(f"mouthShrug{lip}") for lip in ("Upper", "Lower")]
    for weights in EmotionTable.default().weights[name]:
        upper, lower = let_through(shut, np.tile(weights, (3, 1)), np.array([0.0, 0.0, 1.0]))[:, shrugs].T
        assert (lower[:2] >= upper[:2]).all(), "on a character whose shrugs move one lip each the lips stay together"
        assert np.allclose((upper[2], lower[2]), weights[shrugs]), "in a pause an emotion has its full say"


def test_nothing_is_taken_off_where_nothing_is_felt():
    plain = speaking()
    assert calmed(plain, EmotionMix({"neutral": 1.0})) is plain
    with pytest.raises(OptionError, match="ARKit"):
        calmed(Motion(np.zeros((5, 1), np.float32), 25.0, Rig("other", (Channel("jawOpen"),))), EmotionMix.parse("happy"))


def test_how_a_speaker_differs_is_seen_under_a_whole_expression_and_more_is_more():
    rest, livelier = np.full((1, len(SHAPES)), 0.02), np.full((1, len(SHAPES)), 0.08)
    for weight in (0.0, 0.5, 0.9, 1.0):
        weights = np.full(len(SHAPES), weight)
        kept = (laid_over(livelier, weights) - laid_over(rest, weights))[0]
        assert np.allclose(kept[MOVING], 0.06 * max(KEPT, 1 - weight)) and np.allclose(kept[~MOVING], 0.06 * (1 - weight))
    rising = np.concatenate([laid_over(rest, np.full(len(SHAPES), weight)) for weight in np.linspace(0, 1, 21)])
    assert (np.diff(rising, axis=0) > 0).all() and np.array_equal(rising[0], rest[0])
    assert laid_over(np.zeros((1, len(SHAPES))), np.ones(len(SHAPES))).min() > 0.85, "a face at rest shows the whole of it"
