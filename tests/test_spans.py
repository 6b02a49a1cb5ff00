"""Spans that are drawn again: everything outside keeps its bytes, nothing jumps at their borders, the same span gives the same bytes."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest

from gaussian_engine import GaussianEngine
from tiny_model import tiny_config, tiny_model
from visavox.animate import Animator
from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.gestures.gesture import WholeRecording, seeded
from visavox.models.torch_engine import TorchEngine
from visavox.rig import Channel, Rig
from visavox.sampling import Sampling
from visavox.spans import Span, shares, windows_around
from visavox.style import Style

KINDS = ("head", "jaw", "expression", "eyelids", "gaze")
WIDE = Rig("wide", tuple(Channel(f"c{number}", kind, "", -100, 100) for number, kind in enumerate(KINDS)))
QUICK = Sampling(steps=6)


def some_audio(seconds: float) -> Audio:
    return Audio(0.1 * np.random.default_rng(0).normal(size=round(seconds * 16000)), 16000)


def tiny_animator(changes=()) -> Animator:
    gestures = [WholeRecording(change.__name__, seeded(change)) for change in changes]
    return Animator(TorchEngine(tiny_model(tiny_config(WIDE))), "tiny", gestures)


def gaussian_animator() -> Animator:
    engine = GaussianEngine()
    engine.config = dataclasses.replace(engine.config, rig=WIDE)
    return Animator(engine, "gaussian")


@pytest.mark.parametrize(("start", "end"), [(0, 0.3), (0.02, 0.1), (1, 1.04), (1.1, 3.7), (0, 9), (3.5, 4), (3.99, 4)])
def test_frames_outside_keep_their_bytes_and_those_inside_are_others(start, end):
    animator, audio = tiny_animator(), some_audio(4)
    motion = animator.animate(audio, sampling=QUICK)
    made = animator.redraw(audio, motion, [Span(start, end, seed=7, sampling=QUICK)])
    first, last = Span(start, end).frames(motion)
    outside = np.r_[0:first, last : motion.frames]
    assert made.values[outside].tobytes() == motion.values[outside].tobytes()
    assert (made.values[first:last] != motion.values[first:last]).any(1).all() and made.rig == motion.rig
    again = animator.redraw(audio, motion, [Span(start, end, seed=7, sampling=QUICK)])
    assert again.values.tobytes() == made.values.tobytes(), "the same span, the same bytes"
    other = animator.redraw(audio, motion, [Span(start, end, seed=8, sampling=QUICK)])
    assert other.values.tobytes() != made.values.tobytes()


def test_what_is_drawn_leads_from_one_neighbour_to_the_other(monkeypatch):
    """In a process whose perfect denoiser is known, and where nothing passes over: at its borders a span is no rougher than inside."""
    monkeypatch.setattr("visavox.spans.EASE", 1e-3)
    monkeypatch.setattr("visavox.spans.EASES", {})
    animator, audio, sampling = gaussian_animator(), some_audio(30), Sampling(6, blend=0)
    motion, other = (animator.animate(audio, seed=seed, sampling=sampling).values for seed in (1, 6))
    border, cut, inside = [], [], []
    spans = [Span(start, start + 0.8, seed=5, sampling=sampling) for start in np.arange(1.0, 28.0, 1.4)]
    made = animator.redraw(audio, animator.animate(audio, seed=1, sampling=sampling), spans).values
    for span in spans:
        first, end = round(span.start * 25), round(span.end * 25)
        edges, another = [first - 2, first - 1, end - 2, end - 1], motion.copy()
        another[first:end] = other[first:end]
        rough, forgot = (np.linalg.norm(np.diff(each, n=2, axis=0), axis=1) for each in (made, another))
        border.extend(rough[edges])
        cut.extend(forgot[edges])
        inside.extend(rough[first : end - 2])
    assert np.mean(border) < 1.2 * np.mean(inside) and abs(np.mean(inside) / np.mean(forgot) - 1) < 0.6
    assert np.mean(cut) > 4 * np.mean(inside), "the measure sees a span that forgets its neighbours"


def test_each_span_is_drawn_its_own_way():
    animator, audio = tiny_animator(), some_audio(4)
    motion = animator.animate(audio, sampling=QUICK)
    style = Style(np.ones(4), "tiny", "some")
    guided = replace(QUICK, audio_guidance=3.0)
    ways = {"usual": {}, "style": {"style": style}, "guided": {"sampling": guided}}
    made = {name: animator.redraw(audio, motion, [Span(1, 2, **({"sampling": QUICK} | way))]) for name, way in ways.items()}
    assert len({each.values.tobytes() for each in made.values()}) == 3
    spans = [Span(2.5, 3, sampling=guided), Span(1, 2, style, sampling=QUICK)]
    both = animator.redraw(audio, motion, spans)
    assert np.array_equal(both.values[:50], made["style"].values[:50]), "a later span changes nothing before it"
    assert not np.array_equal(both.values[63:75], motion.values[63:75])


def test_an_edited_motion_is_the_neighbour_that_is_met():
    animator, audio = gaussian_animator(), some_audio(4)
    motion = animator.animate(audio, sampling=QUICK)
    edited = replace(motion, values=motion.values + np.float32(1.5))
    made = animator.redraw(audio, edited, [Span(1.6, 1.8, seed=5, sampling=QUICK)]).values
    assert np.abs(made[[40, 44]] - edited.values[[39, 45]]).max() < 0.8
    wild = replace(motion, values=motion.values * 1e4)
    assert np.isfinite(animator.redraw(audio, wild, [Span(1, 2, sampling=QUICK)]).values).all()


def test_gestures_of_the_take_are_made_in_the_span():
    def twitch(motion, audio, random):
        return replace(motion, values=motion.values + np.float32(random.normal()))

    animator, audio = tiny_animator([twitch]), some_audio(3)
    motion = animator.animate(audio, sampling=QUICK)
    plain = tiny_animator().redraw(audio, motion, [Span(1, 2, seed=4, sampling=QUICK)])
    made = animator.redraw(audio, motion, [Span(1, 2, seed=4, sampling=QUICK)])
    added = (made.values - plain.values)[37, 1]
    assert abs(added) > 1e-3 and np.allclose((made.values - plain.values)[30:45, 1], added, atol=1e-5)


def test_a_head_passes_over_more_slowly_than_lips_and_not_at_all_in_no_time():
    share = shares(WIDE, 25, 125, 25.0)
    assert share.shape == (100, 5) and (share[50] == 1).all() and (share[[0, -1]] > 0).all()
    assert share[5, 1] == 1 and share[5, 0] < 0.2 and share[24, 0] > 0.99
    np.testing.assert_allclose(share, share[::-1], atol=1e-6)
    short = shares(WIDE, 0, 8, 25.0)
    assert short[:, 0].max() < 0.01 and short[:, 1].max() > 0.9


@pytest.mark.parametrize("first", [0, 3, 5, 20, 60, 96])
@pytest.mark.parametrize("length", [1, 4, 12, 30])
def test_windows_hold_known_frames_on_both_sides(first, length):
    frames, window, context = 100, 12, 4
    end = min(first + length, frames)
    start, number = windows_around(first, end, frames, window, context)
    assert start == 0 or start >= context
    assert first - start >= min(context, first) and min(start + number * window, frames) - end >= min(context, frames - end)


def test_what_does_not_fit_is_refused():
    animator, audio = tiny_animator(), some_audio(2)
    motion = animator.animate(audio, sampling=QUICK)
    for start, end in ((1, 1), (2, 1), (-1, 1), (float("nan"), 1), (0, float("inf"))):
        with pytest.raises(OptionError, match="cannot be drawn"):
            Span(start, end)
    with pytest.raises(OptionError, match="begins after the end of the motion at 2 s"):
        animator.redraw(audio, motion, [Span(2, 3)])
    with pytest.raises(OptionError, match="0 to 1 s and from 0.9 to 1.5 s overlap"):
        animator.redraw(audio, motion, [Span(0.9, 1.5), Span(0, 1)])
    with pytest.raises(OptionError, match="50 frames of rig 'wide' at 25 a second, this model makes 75"):
        animator.redraw(some_audio(3), motion, [Span(0, 1)])
    with pytest.raises(OptionError, match="encoder other"):
        animator.redraw(audio, motion, [Span(0, 1, Style(np.ones(4), "other", "some"))])
