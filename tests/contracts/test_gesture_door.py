"""The door of gestures: whatever changes finished motion keeps these promises, however the recording is divided."""

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.audio import Audio
from visavox.gestures import gestures_of
from visavox.gestures.gesture import FrameByFrame, Piece, Take, WholeRecording, perform
from visavox.gestures.live import SOON_AFTER, VOICE, later, live_gestures_of
from visavox.models.sizes import CERTAINTY, LIP_PHONES, READ
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.style import HeadStyle

FPS, RATE, FRAMES = 25.0, 16000, 120
MARKS = ("voice onset", "voice offset", "voice accent", "voice syllable")
PROVENANCE = {"seed": 4}


class Tremble:
    """A pretend gesture that streams: the jaw follows, two frames late, a running mean of what it was, with chance by frame."""

    name = "pretend"

    def delay(self, fps: float) -> int:
        return 2

    def start(self, take: Take) -> dict:
        return {"take": take, "rows": None, "given": 0, "mean": 0.0}

    def step(self, state: dict, piece: Piece) -> Motion | None:
        rows = piece.motion.values if state["rows"] is None else np.concatenate([state["rows"], piece.motion.values])
        ready = rows if piece.last else rows[: max(len(rows) - 2, 0)]
        state["rows"] = rows[len(ready) :]
        if not len(ready):
            return None
        chance, jaw = state["take"].chance.frames(state["given"], (len(ready), 1)), piece.motion.rig.index("jawOpen")
        made = ready.copy()
        for row, random in zip(made, chance[:, 0], strict=True):
            state["mean"] = 0.9 * state["mean"] + 0.1 * row[jaw]
            row[jaw] = np.clip(state["mean"] + 0.01 * random, 0, 1)
        state["given"] += len(ready)
        return Motion(made, piece.motion.fps, piece.motion.rig, piece.motion.provenance)


def recording() -> Piece:
    random = np.random.default_rng(2)
    seconds = np.arange(RATE * FRAMES // 25) / RATE
    sound = (
        0.2 * np.sin(2 * np.pi * 140 * seconds) * (np.sin(2 * np.pi * 0.8 * seconds) > -0.4) * (1 + 0.3 * np.sin(2 * np.pi * 4 * seconds))
    )
    values = np.clip(random.normal(0.15, 0.1, (FRAMES, len(ARKIT))), 0, 0.6).astype(np.float32)
    cues = {name: random.random(FRAMES) * 0.3 for name in LIP_PHONES} | {name: random.normal(size=FRAMES) for name in READ}
    cues |= {CERTAINTY: np.ones(FRAMES)}
    cues |= {later(name, 1): np.append(cues[name][1:], 0.2) for name in list(cues)} | {later("SIL", SOON_AFTER): random.random(FRAMES)}
    cues |= {name: np.abs(random.normal(size=FRAMES)) for name in VOICE} | {name: (random.random(FRAMES) < 0.1) * 1.0 for name in MARKS}
    return Piece(Motion(values, FPS, ARKIT, PROVENANCE), Audio(sound.astype(np.float32), RATE), cues, last=True)


CUES = (*LIP_PHONES, CERTAINTY, *READ)
FAMILY = {gesture.name: gesture for cues in ((), CUES) for gesture in gestures_of(ARKIT, cues)} | {"pretend": Tremble()}
FAMILY |= {f"live {gesture.name}": gesture for cues in ((), CUES) for gesture in live_gestures_of(ARKIT, cues)}


@pytest.fixture(params=FAMILY)
def gesture(request):
    return FAMILY[request.param]


def take(seed: int = 0) -> Take:
    return Take(frame_chance(seed), HeadStyle(amplitude=1.2))


def divided(whole: Piece, ends: list[int]) -> list[Piece]:
    """The recording in pieces that end before the frames `ends`; sound goes with its frames."""
    pieces, start = [], 0
    for end in [*ends, FRAMES]:
        motion = Motion(whole.motion.values[start:end], FPS, ARKIT, PROVENANCE)
        audio = Audio(whole.audio.samples[start * 640 : end * 640], RATE)
        pieces.append(Piece(motion, audio, {name: cue[start:end] for name, cue in whole.cues.items()}, last=end == FRAMES))
        start = end
    return pieces


@pytest.mark.parametrize("ends", [[60], [1, 2, 3], [40, 41, 80, 119]])
def test_any_division_gives_the_same_values(gesture, ends):
    whole = recording()
    (once,) = [gesture.step(gesture.start(take()), whole)]
    state = gesture.start(take())
    parts = [gesture.step(state, piece) for piece in divided(whole, ends)]
    values = np.concatenate([part.values for part in parts if part is not None])
    assert once.frames == FRAMES and np.array_equal(values, once.values)


def test_frames_come_no_later_than_the_delay_says(gesture):
    pieces, state, given = divided(recording(), [50, 90]), gesture.start(take()), 0
    for known, piece in zip((50, 90, FRAMES), pieces, strict=True):
        part = gesture.step(state, piece)
        given += 0 if part is None else part.frames
        delay = gesture.delay(FPS)
        assert given == FRAMES if piece.last else given >= (0 if delay is None else known - delay)


def test_a_gesture_keeps_rig_ranges_and_provenance_and_its_input(gesture):
    whole = recording()
    before = whole.motion.values.copy()
    made = gesture.step(gesture.start(take()), whole)
    assert made.rig == ARKIT and made.fps == FPS and made.provenance == PROVENANCE
    assert np.isfinite(made.values).all() and np.array_equal(made.values, made.clamped().values)
    assert np.array_equal(whole.motion.values, before)


def test_the_same_chance_gives_the_same_and_states_know_nothing_of_each_other(gesture):
    whole = recording()
    first, other = gesture.start(take()), gesture.start(take(seed=9))
    gesture.step(other, whole)
    assert np.array_equal(gesture.step(first, whole).values, gesture.step(gesture.start(take()), whole).values)


def test_they_are_performed_in_order():
    double = FrameByFrame("double", lambda piece, take: piece.motion.with_channels({"jawOpen": 2 * piece.motion.channel("jawOpen")}))
    add = WholeRecording("add", lambda piece, take: piece.motion.with_channels({"jawOpen": 0.1 + piece.motion.channel("jawOpen")}))
    whole = recording()
    made = perform([double, add], [take(), take()], whole)
    np.testing.assert_allclose(made.channel("jawOpen"), 0.1 + 2 * whole.motion.channel("jawOpen"), atol=1e-6)
