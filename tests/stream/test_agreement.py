"""How far a stream agrees with a recording of the same sound and seed: what is left once all the sound is known, and live."""

from functools import cache

import numpy as np
import pytest

from visavox.animate import Animator
from visavox.engine import Encoded
from visavox.evaluate.metrics.aperture import curve_aperture
from visavox.gestures import lips_of
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.models.log_mel import band_means, log_mel, normalise
from visavox.motion import Motion
from visavox.stream import AHEAD, LIVE_SAMPLING, Stream

SECONDS = 5.0


class Knowing:
    """An encoder of blocks that knows the whole recording."""

    past = 0

    def __init__(self, animator: Animator):
        mel = log_mel(recording(), 4 * (round(25 * SECONDS) + 8))  # and the silence after it
        self.known = Encoded(*animator.engine.encode(normalise(mel, band_means(mel[: round(100 * SECONDS)]))))

    def start(self) -> np.ndarray:
        return np.zeros(1, np.float32)

    def encode(self, sound: np.ndarray, memory: np.ndarray) -> tuple[Encoded, np.ndarray]:
        here = slice(int(memory[0]), int(memory[0]) + len(sound) // 4)
        return Encoded(*(each[here] for each in self.known)), memory + len(sound) // 4 - AHEAD


@cache
def recording():
    return read_audio(demo_recording()).between(0, SECONDS)


@cache
def plain() -> Animator:
    return load(threads=1, live=True, gestures=[])


def followed(animator: Animator, knowing: bool, **given) -> Motion:
    stream = Stream(animator, **given)
    if knowing:
        stream._encoder = Knowing(animator)
        stream.state = stream._fresh(16000)
    parts = [part for part in (stream.feed(recording().samples), stream.finish()) if part is not None]
    return Motion(np.concatenate([part.values for part in parts]), 25, parts[0].rig)


def likeness(first: Motion, second: Motion) -> tuple[float, float]:
    """The correlation of the apertures, and the mean difference of the channels of the mouth."""
    lips = lips_of(first.rig)
    apertures = [curve_aperture(motion).values for motion in (first, second)]
    return float(np.corrcoef(*apertures)[0, 1]), float(np.abs(first.select(lips) - second.select(lips)).mean())


@pytest.mark.parametrize(("knowing", "alike", "apart"), [(True, 0.97, 0.02), (False, 0.95, 0.025)])
def test_a_stream_draws_the_mouth_of_a_recording(knowing, alike, apart):
    """What the denoiser makes, no gesture on it: blocks instead of windows lose little, and so does not knowing what comes."""
    whole = plain().animate(recording(), seed=2, sampling=LIVE_SAMPLING)
    found = likeness(followed(plain(), knowing, seed=2, gestures=()), whole)
    assert found[0] > alike and found[1] < apart, found


def test_with_gestures_that_do_not_know_how_wide_this_mouth_opens_it_differs_more():
    whole = load(threads=1, live=True).animate(recording(), seed=2, sampling=LIVE_SAMPLING)
    alike, apart = likeness(followed(load(threads=1, live=True), False, seed=2), whole)
    assert alike > 0.85 and apart < 0.03, (alike, apart)
