"""Speech is joined over short pauses, cut where the face is seen, and never longer or shorter than training wants."""

import numpy as np
import pytest

from visavox.prepare.segments import SECONDS, Cutting, cut, speech_spans

CUTTING = Cutting(pause=0.8, margin=0.2, shortest=1.5, longest=10.0)


def probability(*spans, seconds: float = 30.0) -> np.ndarray:
    values = np.full(round(seconds / SECONDS), 0.02)
    for start, end in spans:
        values[round(start / SECONDS) : round(end / SECONDS)] = 0.9
    return values


def test_short_pauses_join_words_and_long_ones_part_them():
    spans = speech_spans(probability((1, 2), (2.5, 4), (6, 8)), CUTTING)
    assert np.allclose(spans, [(1, 4), (6, 8)], atol=SECONDS)
    assert speech_spans(np.zeros(50), CUTTING) == []


def test_speech_begins_surely_and_ends_late():
    values = np.array([0.4] * 20 + [0.6] * 20 + [0.4] * 20 + [0.1] * 20)
    assert speech_spans(values, CUTTING) == [(20 * SECONDS, 60 * SECONDS)]


def test_segments_keep_a_margin_inside_the_film_and_the_face():
    assert cut([(0.1, 4.0)], [(0.0, 30.0)], 30.0, CUTTING) == [(0.0, 4.2)]
    assert cut([(1.0, 4.0)], [(2.0, 3.8)], 30.0, CUTTING) == [(2.0, 3.8)]
    assert cut([(1.0, 4.0)], [(0.0, 2.0), (2.0, 3.0)], 30.0, CUTTING) == []


def test_long_speech_is_cut_in_equal_parts():
    parts = cut([(1.0, 25.0)], [(0.0, 30.0)], 30.0, CUTTING)
    lengths = [end - start for start, end in parts]
    assert len(parts) == 3 and lengths == pytest.approx([24.4 / 3] * 3) and parts[0][1] == parts[1][0]
