"""Expressions as emotions: what the table shows is found again, and a film's course is followed."""

import numpy as np
import pytest

from visavox.direction.expression import TELLING, explain_expression, expression_over_time, of_a_picture
from visavox.emotion import EMOTIONS
from visavox.gestures.emotions.table import EmotionTable
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES

TABLE = EmotionTable.default()


@pytest.mark.parametrize("name", EMOTIONS[1:])
def test_every_variant_is_found_again(name):
    for variant in range(3):
        whole, half = (explain_expression(share * TABLE.weights[name][variant]) for share in (1.0, 0.6))
        assert list(whole.mix.intensities)[0] == list(half.mix.intensities)[0] == name
        assert whole.intensities[EMOTIONS.index(name)] > half.intensities[EMOTIONS.index(name)] > 0.1


def test_a_face_at_rest_shows_nothing_and_what_no_emotion_explains_is_left():
    rest = np.full(len(SHAPES), 0.1)
    assert explain_expression(rest).mix.intensities == {"neutral": 1.0}
    puffed = TABLE.weights["happy"][1].copy()
    puffed[SHAPES.index("cheekPuff")] = 0.9
    found = explain_expression(puffed)
    assert list(found.mix.intensities)[0] == "happy" and found.left[SHAPES.index("cheekPuff")] > 0.7
    spoken = np.where(TELLING, 0.0, 1.0)
    assert explain_expression(spoken).mix.intensities == {"neutral": 1.0} and not explain_expression(spoken).left.any()


def test_the_course_of_a_film_is_followed():
    values = np.zeros((200, len(ARKIT)), np.float32)
    values[:100, : len(SHAPES)], values[100:, : len(SHAPES)] = TABLE.weights["happy"][0], TABLE.weights["sad"][0]
    values[:, ARKIT.index("jawOpen")] = np.abs(np.sin(np.arange(200)))
    track = expression_over_time(Motion(values, 25.0, ARKIT))
    felt = track.intensity[:, :, 0].argmax(1)
    assert (felt[:75] == EMOTIONS.index("happy")).all() and (felt[125:] == EMOTIONS.index("sad")).all()
    assert np.abs(np.diff(track.intensity, axis=0)).max() < 0.1 and "jawOpen" not in track.extra


def test_a_picture_is_read_by_weights_or_by_raw_scores():
    still = Motion(np.zeros((1, len(ARKIT)), np.float32), 25.0, ARKIT)
    found, track = of_a_picture(still, TABLE.weights["surprised"][0])
    assert list(found.mix.intensities)[0] == "surprised" and track.frames == 1
    assert of_a_picture(still, np.full(len(SHAPES), 0.1))[0].mix.intensities == {"neutral": 1.0}
