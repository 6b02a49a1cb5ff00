"""Cues in the animator: stretches drawn otherwise join without a seam, everything else keeps its bytes, late cues are refused."""

from dataclasses import replace

import numpy as np
import pytest

from tiny_model import tiny_config, tiny_model
from visavox.animate import Animator
from visavox.audio import Audio
from visavox.cue import Cue
from visavox.cues import parse_cues
from visavox.cues.grammar import read_instruction
from visavox.errors import OptionError
from visavox.models.torch_engine import TorchEngine
from visavox.redrawing import Way, spans_of, stretches, take_seed
from visavox.rig import Channel, Rig
from visavox.sampling import Sampling
from visavox.spans import Span

QUICK = Sampling(steps=2)
WIDE = Rig("wide", (Channel("jawOpen"), *(Channel(f"c{number}", low=-50, high=50) for number in range(4))))


def tiny_animator() -> Animator:
    return Animator(TorchEngine(tiny_model(tiny_config(WIDE))), "tiny")


def some_audio(seconds: float) -> Audio:
    return Audio(0.1 * np.random.default_rng(0).normal(size=round(seconds * 16000)), 16000)


def cue(text: str, start: float, end: float) -> Cue:
    return Cue(start, end, read_instruction(text), line=7)


@pytest.mark.parametrize("text", ["take 3", "audio guidance 2"])
def test_a_stretch_that_is_drawn_otherwise_leaves_the_rest_alone(text):
    animator, audio = tiny_animator(), some_audio(3.0)
    before = animator.animate(audio, sampling=QUICK)
    after = animator.animate(audio, sampling=QUICK, cues=[cue(text, 1.0, 2.0)])
    seconds = (np.arange(before.frames) + 0.5) / before.fps
    outside = (seconds < 1.0) | (seconds >= 2.0)
    assert np.array_equal(before.values[outside], after.values[outside])
    assert not np.array_equal(before.values[~outside], after.values[~outside])
    steps = np.abs(np.diff(after.values, axis=0)).max(1)
    borders, inside = np.abs(seconds[1:, None] - [1.0, 2.0]).min(1) < 0.2, (seconds[1:] > 1.2) & (seconds[1:] < 1.8)
    assert steps[borders].max() <= 1.5 * max(steps[inside].max(), np.abs(np.diff(before.values, axis=0)).max())


def test_a_take_is_a_span_drawn_with_a_seed_of_its_own():
    usual = Span(0.0, 4.0, None, 5, QUICK)
    (one,) = spans_of([cue("take 2", 0.5, 9.0)], usual)
    assert (one.start, one.end, one.seed, one.sampling) == (0.5, 4.0, take_seed(5, 2), QUICK)
    (guided,) = spans_of([cue("audio guidance 2", 1, 2), cue("nod", 1, 1)], usual)
    assert guided.seed == 5 and guided.sampling == replace(QUICK, audio_guidance=2.0)
    assert take_seed(5, 0) == 5 and len({take_seed(seed, number) for seed in range(20) for number in range(20)}) == 400


def test_stretches_follow_the_cue_that_begins_last():
    cues = [cue("style calm", 0, 10), cue("style lively", 4, 6), cue("style guidance 2", 5, 12), cue("take 1", 5, 6)]
    calm, lively, firm = (("calm", 1.0),), (("lively", 1.0),), (("style", 2.0),)
    assert stretches(cues) == [
        (0, 4, Way(style=calm)), (4, 5, Way(style=lively)), (5, 6, Way(1, lively, firm)), (6, 10, Way(0, calm, firm)),
        (10, 12, Way(0, None, firm)),
    ]  # fmt: skip
    assert stretches([cue("take 0", 0, 3), cue("nod", 1, 1)]) == []


def test_cues_that_do_not_fit_the_recording_are_refused_with_their_line():
    animator, audio = tiny_animator(), some_audio(1.0)
    with pytest.raises(OptionError, match="line 7 begins at 5 s, after the end"):
        animator.animate(audio, sampling=QUICK, cues=[cue("nod", 5, 5)])
    with pytest.raises(OptionError, match="line 7: this take overlaps"):
        animator.animate(audio, sampling=QUICK, cues=[cue("take 1", 0, 0.8), cue("take 2", 0.5, 0.9)])
    for text in ("nod", "happy 0.5", "brows 0.3", "browInnerUp = 0.2", "listen", "pose a.npz"):
        with pytest.raises(OptionError, match="line 7: .*rig 'wide' of this model lacks|a.npz"):
            animator.animate(audio, sampling=QUICK, cues=[cue(text, 0, 0.5)])
    with pytest.raises(OptionError, match="transcript"):
        animator.animate(audio, sampling=QUICK, cues=[cue("word yes: nod", 0, 0)])


def test_without_cues_nothing_changes_and_two_takes_are_directed_alike():
    animator, audio = tiny_animator(), some_audio(2.0)
    (plain,) = animator.takes(audio, seeds=[1], sampling=QUICK)
    assert np.array_equal(plain.values, animator.animate(audio, seed=1, sampling=QUICK, cues=parse_cues("WEBVTT\n")).values)
    one, two = animator.takes(audio, seeds=[1, 2], sampling=QUICK, cues=[cue("jawOpen = 0.5 hold", 0.5, 1.0)])
    assert one.provenance["cues"] == "1 instructions" and "cues" not in plain.provenance
    assert np.allclose(one.channel("jawOpen")[14:24], 0.5) and np.allclose(two.channel("jawOpen")[14:24], 0.5)


def test_a_style_that_is_none_is_refused_with_its_line_before_anything_is_drawn():
    animator, audio = tiny_animator(), some_audio(1.0)
    for text, why in (("style nobody", "nobody"), ("style lively", "encoder"), ("style lively + missing.safetensors", "missing")):
        with pytest.raises(OptionError, match=f"line 7: .*{why}"):
            animator.animate(audio, sampling=QUICK, cues=[cue(text, 0, 0.5)])
