"""One who listens or waits: the lips shut, and everything else alive, in its own way and not that of the voice."""

from dataclasses import replace

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.cue import Cue
from visavox.cues.eyes import gaze_of
from visavox.cues.grammar import read_instruction
from visavox.cues.kind import Frames
from visavox.cues.mouth import lip_gap
from visavox.cues.performing import CueGesture
from visavox.gestures.gesture import Piece, Take
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD

FPS, START, END, MINUTES = 25.0, 2.0, 122.0, 2.0
INSIDE = slice(round((START + 1) * FPS), round((END - 1) * FPS))


def speaking(frames: int = round((END + 5) * FPS)) -> Motion:
    """A face that speaks and throws its head about."""
    time = np.arange(frames) / FPS
    values = np.zeros((frames, len(ARKIT)), np.float32)
    for name, most, hertz in (("jawOpen", 0.5, 3.0), ("mouthFunnel", 0.4, 2.1), ("browInnerUp", 0.6, 0.7), ("eyeLookOutLeft", 0.3, 0.9)):
        values[:, ARKIT.index(name)] = most * (0.5 + 0.5 * np.sin(2 * np.pi * hertz * time))
    for name in HEAD:
        values[:, ARKIT.index(name)] = 0.15 * np.sin(2 * np.pi * 1.1 * time)
    return Motion(values, FPS, ARKIT)


def performed(text: str, seed: int = 3, start: float = START, end: float = END) -> Motion:
    gesture, motion = CueGesture([Cue(start, end, read_instruction(text))]), speaking()
    return gesture.step(gesture.start(Take(frame_chance(seed))), Piece(motion, None, last=True))


def begun(on: np.ndarray) -> int:
    return int((np.diff(on.astype(int), prepend=0) == 1).sum())


@pytest.mark.parametrize("text", ["listen", "idle"])
def test_lips_are_shut_and_all_else_lives(text):
    made = performed(text)
    assert lip_gap(made.values, ARKIT)[INSIDE].max() == 0
    blinks = begun(made.channel("eyeBlinkLeft")[INSIDE] > 0.8) / MINUTES
    assert 10 <= blinks <= 25 and (made.channel("eyeBlinkLeft")[INSIDE] > 0.5).mean() < 0.12
    head = np.degrees(made.select(HEAD)[INSIDE])
    assert (head.std(0) > 0.3).all() and np.abs(head).max() < 12
    assert np.abs(np.diff(head, axis=0)).mean() * FPS < 5, "calmer than a head that speaks"
    still = np.abs(np.diff(head, axis=0)).max(1) * FPS < 0.02
    assert still.mean() < 0.2, "never frozen"


def test_one_who_listens_looks_at_the_speaker_and_nods_slowly_one_who_waits_looks_around():
    away, nods = {}, {}
    for text in ("listen", "idle"):
        made = performed(text)
        pitch, yaw = gaze_of(Frames(made.values[INSIDE], np.arange(INSIDE.stop - INSIDE.start) / FPS, ARKIT))
        seen = np.degrees(np.hypot(pitch + made.channel("headPitch")[INSIDE], yaw + made.channel("headYaw")[INSIDE]))
        away[text] = (seen > 5).mean()
        down = np.degrees(made.channel("headPitch")[INSIDE])
        nods[text] = begun(down - np.median(down) > 3.3) / MINUTES
    assert away["listen"] < 0.1 < away["idle"] < 0.5
    assert 3 <= nods["listen"] <= 14 and nods["idle"] <= 1


@pytest.mark.parametrize("text", ["listen", "idle"])
def test_chance_is_the_seeds_and_a_head_comes_and_goes_in_its_own_time(text):
    one, again, other = performed(text), performed(text), performed(text, seed=4)
    assert np.array_equal(one.values, again.values)
    assert np.abs(np.corrcoef(one.channel("headYaw")[INSIDE], other.channel("headYaw")[INSIDE])[0, 1]) < 0.5
    later = performed(text, start=START + 30)
    shift = round(30 * FPS)
    assert not np.array_equal(one.channel("headYaw")[INSIDE][:500], later.channel("headYaw")[INSIDE.start + shift :][:500])
    turned, spoken = np.degrees(one.select(HEAD)), np.degrees(speaking().select(HEAD))
    assert np.abs(np.diff(turned, axis=0)).max() < 1.3 * np.abs(np.diff(spoken, axis=0)).max(), "no jerk where it begins or ends"
    assert np.array_equal(one.values[: round((START - 0.15) * FPS)], speaking().values[: round((START - 0.15) * FPS)])


def test_one_can_listen_happily():
    felt, plain = (CueGesture([Cue(START, END, read_instruction(text)) for text in texts]) for texts in (["listen", "happy"], ["listen"]))
    pieces = [Piece(replace(speaking(), values=speaking().values[:500]), None, last=True)] * 2
    made, calm = (each.step(each.start(Take(frame_chance(3))), piece) for each, piece in zip((felt, plain), pieces, strict=True))
    assert made.channel("mouthSmileLeft")[200:400].min() > 0.3 and calm.channel("mouthSmileLeft")[200:400].max() < 1e-6
    assert lip_gap(made.values, ARKIT)[200:400].max() < 0.02
