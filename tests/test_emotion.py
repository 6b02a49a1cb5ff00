"""Emotions as values: the words of a mix and back, what is refused, and tracks made of spans."""

import numpy as np
import pytest

from visavox.emotion import EMOTIONS, MOST, REGIONS, EmotionMix, EmotionTrack, is_emotion
from visavox.errors import OptionError


@pytest.mark.parametrize(
    "words, mix",
    [
        ("happy", EmotionMix({"happy": 1.0})),
        (" Happy 0.6 ", EmotionMix({"happy": 0.6})),
        ("happy .6+surprised 0.3", EmotionMix({"happy": 0.6, "surprised": 0.3})),
        ("happy 60% + sad 20 %", EmotionMix({"happy": 0.6, "sad": 0.2})),
        ("sad @ brows", EmotionMix({"sad": 1.0}, ("brows",))),
        ("anger 0.5 @ brows, mouth", EmotionMix({"angry": 0.5}, ("brows", "mouth"))),
        ("fear 1.5@upper and head", EmotionMix({"fearful": 1.5}, ("brows", "eyes", "head"))),
        ("neutral", EmotionMix({"neutral": 1.0})),
    ],
)
def test_words_of_a_mix(words, mix):
    read = EmotionMix.parse(words)
    assert read == mix
    assert EmotionMix.parse(str(read)) == read
    assert is_emotion(words)


@pytest.mark.parametrize(
    "words, says",
    [
        ("hapy 0.6", "did you mean happy"),
        ("happy 1.6", "outside 0 to 1.5"),
        ("happy -0.1", "happy 0.6"),
        ("happy nan", "happy 0.6"),
        ("happy 1e-3", "happy 0.6"),
        ("", "happy 0.6"),
        ("happy + ", "happy 0.6"),
        ("happy 0.2 + joy 0.3", "twice"),
        ("sad @ browz", "did you mean brows"),
        ("sad @", "no region"),
        ("sad @ brows @ eyes", "no region"),
    ],
)
def test_what_is_no_mix_is_refused(words, says):
    with pytest.raises(OptionError, match=says):
        EmotionMix.parse(words)


def test_spans_replace_their_regions_alone():
    track = EmotionTrack.steady(EmotionMix.parse("happy 0.5"), 100, 25.0).with_mix(EmotionMix.parse("sad 0.8 @ brows"), 1.0, 2.0)
    happy, sad = (track.intensity[:, EMOTIONS.index(name)] for name in ("happy", "sad"))
    brows = REGIONS.index("brows")
    inside = np.zeros(100, bool)
    inside[25:50] = True
    assert np.array_equal(sad[:, brows] == np.float32(0.8), inside) and not np.delete(sad, brows, 1).any()
    assert np.array_equal(happy[:, brows] == 0.5, ~inside) and (np.delete(happy, brows, 1) == 0.5).all()


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
def test_a_track_at_another_rate_says_the_same_at_the_same_time(fps):
    track = EmotionTrack.calm(100, 25.0).with_mix(EmotionMix.parse("angry"), 1.0, 2.0)
    fitted = track.fitted(round(5 * fps), fps)
    felt = fitted.intensity[:, EMOTIONS.index("angry"), 0] > 0
    times = (np.flatnonzero(felt) + 0.5) / fps
    assert abs(times[0] - 1.0) < 0.05 and abs(times[-1] - 2.0) < 0.05 and fitted.frames == round(5 * fps)


def test_a_track_refuses_other_shapes_and_values():
    for intensity in (np.zeros((3, 8)), np.full((3, 8, 6), MOST + 0.1), np.full((3, 8, 6), np.nan), np.full((3, 8, 6), -0.1)):
        with pytest.raises(OptionError, match="track"):
            EmotionTrack(intensity, 25.0)
    assert not EmotionTrack.steady(EmotionMix.parse("neutral"), 3, 25.0).felt
