"""How far a stream agrees with a recording of the same sound and seed: what is left once all the sound is known, and live."""

from functools import cache

import numpy as np
import pytest

import visavox.stream
from frame_chance import frame_chance
from visavox.animate import Animator
from visavox.engine import Encoded
from visavox.evaluate.metrics.aperture import curve_aperture
from visavox.gestures import gestures_of, lips_of
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.live import later, live_gestures_of
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.models.log_mel import band_means, log_mel, normalise
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
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

    def encode(self, sounds: list[np.ndarray], memories: list[np.ndarray]) -> list[tuple[Encoded, np.ndarray]]:
        (sound,), (memory,) = sounds, memories
        here = slice(int(memory[0]), int(memory[0]) + len(sound) // 4)
        return [(Encoded(*(each[here] for each in self.known)), memory + len(sound) // 4 - AHEAD)]


@cache
def recording():
    return read_audio(demo_recording()).between(0, SECONDS)


@cache
def plain() -> Animator:
    return load(threads=1, live=True, gestures=[])


def followed(animator: Animator, **given) -> Motion:
    stream = Stream(animator, **given)
    parts = [part for part in (stream.feed(recording().samples), stream.finish()) if part is not None]
    return Motion(np.concatenate([part.values for part in parts]), 25, parts[0].rig)


def likeness(first: Motion, second: Motion) -> tuple[float, float]:
    """The correlation of the apertures, and the mean difference of the channels of the mouth."""
    lips = lips_of(first.rig)
    apertures = [curve_aperture(motion).values for motion in (first, second)]
    return float(np.corrcoef(*apertures)[0, 1]), float(np.abs(first.select(lips) - second.select(lips)).mean())


@pytest.mark.parametrize(("knowing", "alike", "apart"), [(True, 0.97, 0.02), (False, 0.95, 0.025)])
def test_a_stream_draws_the_mouth_of_a_recording(knowing, alike, apart, monkeypatch):
    """What the denoiser makes, no gesture on it: blocks instead of windows lose little, and so does not knowing what comes."""
    whole = plain().animate(recording(), seed=2, sampling=LIVE_SAMPLING)
    if knowing:
        monkeypatch.setattr(visavox.stream, "block_encoder_of", lambda *given: Knowing(plain()))
    found = likeness(followed(plain(), seed=2, gestures=()), whole)
    assert found[0] > alike and found[1] < apart, found


def lips_in_both_ways(motion: Motion, name: str) -> tuple[Motion, Motion]:
    """`motion` after the gesture of lips of that name, as of a recording and as of a live voice that knows as much as it may."""
    cues = plain().encode.cues(recording(), motion.frames, LIVE_SAMPLING.encode_at_once)

    def following(values: np.ndarray, frames: int) -> np.ndarray:
        return values[np.minimum(np.arange(len(values)) + frames, len(values) - 1)]

    live = {later(key, frames): following(values, frames) for key, values in cues.items() for frames in range(AHEAD + 1)}
    ways = (gestures_of, recording(), cues), (live_gestures_of, None, live)
    made = []
    for family, sound, known in ways:
        (gesture,) = (each for each in family(motion.rig, plain().engine.config.lip_cues) if each.name == name)
        made.append(gesture.step(gesture.start(Take(frame_chance(0))), Piece(motion, sound, known, last=True)))
    return made[0], made[1]


@pytest.mark.parametrize(("name", "alike", "apart"), [("lip reading", 0.88, 0.02), ("lip closure", 0.98, 0.005)])
def test_lips_of_a_live_voice_move_as_those_of_a_recording(name, alike, apart):
    """One machine, which knows less: a recording measures the whole and looks ahead, a live voice what was so far."""
    made = lips_in_both_ways(plain().animate(recording(), seed=2, sampling=LIVE_SAMPLING), name)
    found = likeness(*made)
    assert found[0] > alike and found[1] < apart, found


def test_all_other_gestures_of_a_live_voice_are_those_of_a_recording():
    """By name and in order; that each is one machine is tested where the gestures are."""
    cues = plain().engine.config.lip_cues
    assert [each.name for each in live_gestures_of(ARKIT, cues)] == [each.name for each in gestures_of(ARKIT, cues)]


def test_with_gestures_that_do_not_know_how_wide_this_mouth_opens_it_differs_more():
    whole = load(threads=1, live=True).animate(recording(), seed=2, sampling=LIVE_SAMPLING)
    alike, apart = likeness(followed(load(threads=1, live=True), seed=2), whole)
    assert alike > 0.85 and apart < 0.03, (alike, apart)
