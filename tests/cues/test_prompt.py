"""Prompts: what paraphrasings do to the motion, of which a third was never looked at; order, times, refusals; directors of one's own.

The paraphrasings are written by tools/make_prompts.py; whoever wrote them also wrote the reader.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.cue import Cue
from visavox.cues.grammar import write_instruction
from visavox.cues.performing import CueGesture
from visavox.cues.prompt import understood
from visavox.cues.prompt.complements import MOST_TRIED, without_complements
from visavox.cues.prompt.director import Reader, Request, Written, message_of
from visavox.errors import FileError, OptionError
from visavox.gestures.gesture import Piece, Take
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, BROWS, EYELIDS, GAZE, HEAD

FPS, SECONDS = 25.0, 6.0
TEMPLATES = json.loads((Path(__file__).parent / "prompts.json").read_text())
QUIET = Motion(np.full((round(FPS * SECONDS), len(ARKIT)), 0.02, np.float32), FPS, ARKIT).with_channels(dict.fromkeys(HEAD, 0.0))
# what each action does: channel and sign of what it moves most, and all that it may move
EYES, ALL = {*GAZE, *EYELIDS}, set(ARKIT.names)
DONE = {
    "nod": (("headPitch", 1), {*HEAD, *GAZE}), "shake": (("headYaw", 0), {*HEAD, *GAZE}), "turn left": (("headYaw", 1), {*HEAD, *GAZE}),
    "turn right": (("headYaw", -1), {*HEAD, *GAZE}), "turn up": (("headPitch", -1), {*HEAD, *GAZE}),
    "turn down": (("headPitch", 1), {*HEAD, *GAZE}), "tilt left": (("headRoll", 1), {*HEAD, *GAZE}),
    "tilt right": (("headRoll", -1), {*HEAD, *GAZE}), "lean in": (("headPitch", 1), {*HEAD, *GAZE}),
    "lean back": (("headPitch", -1), {*HEAD, *GAZE}), "look left": (("eyeLookOutLeft", 1), EYES),
    "look right": (("eyeLookOutRight", 1), EYES),
    "look up": (("eyeLookUpLeft", 1), EYES), "look down": (("eyeLookDownLeft", 1), EYES), "look away": (("eyeLookDownLeft", 1), EYES),
    "blink": (("eyeBlinkLeft", 1), {*EYELIDS}), "wink left": (("eyeBlinkLeft", 1), ALL - {"eyeBlinkRight", *HEAD, *GAZE}),
    "wink right": (("eyeBlinkRight", 1), ALL - {"eyeBlinkLeft", *HEAD, *GAZE}), "close eyes": (("eyeBlinkLeft", 1), {*EYELIDS}),
    "widen eyes": (("eyeWideLeft", 1), {*EYELIDS, *BROWS}), "squint": (("eyeSquintLeft", 1), ALL - {*HEAD, *GAZE}),
    "brows up": (("browInnerUp", 1), {*BROWS, *EYELIDS}), "brows down": (("browDownLeft", 1), ALL - {*HEAD, *GAZE}),
    "smile": (("mouthSmileLeft", 1), ALL - {*HEAD, *GAZE, *BROWS}), "frown": (("mouthFrownLeft", 1), ALL - {*HEAD, *GAZE}),
    "breathe": (("jawOpen", 1), ALL - {*HEAD, *GAZE}), "happy": (("mouthSmileLeft", 1), ALL), "sad": (("mouthFrownLeft", 1), ALL),
    "angry": (("browDownLeft", 1), ALL), "surprised": (("browOuterUpLeft", 1), ALL),
}  # fmt: skip


def moved(prompt: str) -> np.ndarray:
    """What a prompt changes (T, C) of a face at rest."""
    gesture = CueGesture(understood(prompt, 0.0, SECONDS))
    return gesture.step(gesture.start(Take(frame_chance(3))), Piece(QUIET, None, last=True)).values - QUIET.values


def curve(change: np.ndarray, action: str) -> np.ndarray:
    name, sign = DONE[action][0]
    values = change[:, ARKIT.index(name)]
    return np.abs(values) if sign == 0 else sign * values


def peaks(values: np.ndarray) -> int:
    high = values > 0.35 * values.max()
    return int((np.diff(high.astype(int), prepend=0) == 1).sum())


def adheres(template: dict, change: np.ndarray, plain: np.ndarray) -> bool:
    """Whether the motion does what was asked, in its order and manner, and nothing else. `plain` is the first action without a manner."""
    actions, manner = template["actions"], template["manner"]
    if any(curve(change, action).max() < (0.03 if action in ("look away", "breathe") else 0.06) for action in actions):
        return False
    may = set().union(*(DONE[action][1] for action in actions))
    if not {ARKIT.names[index] for index in np.flatnonzero(np.abs(change).max(0) > 1e-3)} <= may:
        return False
    half = len(change) // 2
    if len(actions) == 2 and not (curve(change[:half], actions[0]).max() > 0.02 and curve(change[half:], actions[1]).max() > 0.02):
        return False
    first, usual = curve(change, actions[0])[:half], curve(plain, actions[0])[:half]
    if manner in ("twice", "three times"):
        times = {"twice": 2, "three times": 3}[manner]
        return peaks(first) == (2 * times if actions[0] == "shake" else times)
    if manner in ("slightly", "strongly") and actions[0] not in ("close eyes", "wink left", "wink right"):
        return first.max() < 0.9 * usual.max() if manner == "slightly" else first.max() >= usual.max() - 1e-6
    return True


@pytest.mark.parametrize("kind", ["known", "held out"])
def test_what_is_asked_for_is_done_and_nothing_else(kind):
    """Every fourth paraphrase, which keeps the test short; all of them together do as well."""
    plain = {action: moved(action) for action in DONE}
    asked = [(template, prompt) for template in TEMPLATES for prompt in template[kind]][:: 4 if kind == "held out" else 7]
    failed = []
    for template, prompt in asked:
        try:
            kept = adheres(template, moved(prompt), plain[template["actions"][0]])
        except OptionError:
            kept = False
        failed += [] if kept else [prompt]
    assert len(TEMPLATES) >= 200 and len(asked) > 100
    assert len(failed) <= 0.1 * len(asked), failed


def asked(prompt: str, seconds: float = SECONDS) -> list[tuple[float, float, str]]:
    return [(round(cue.start, 2), round(cue.end, 2), write_instruction(cue.instruction)) for cue in understood(prompt, 0.0, seconds)]


def test_order_and_times_are_those_that_are_said():
    assert [what for _, _, what in asked("nods slowly, then looks away")] == ["nod slowly", "look away"]
    before = [asked(text) for text in ("smiles and then nods", "before nodding, she smiles", "after smiling she nods", "Smiles. Nods.")]
    assert [[what for _, _, what in found] for found in before] == [["smile", "nod"]] * 4
    assert asked("at 3 seconds he blinks twice") == [(3.0, 3.0, "blink 2 times")]
    assert asked("from 1 to 3 seconds she looks down") == [(1.0, 3.0, "look down")]
    assert asked("looks sad throughout") == [(0.0, 6.0, "sad 1")]
    ((start, end, _),) = asked("smiles for 2 seconds at the beginning")
    assert (start, end) == (0.0, 2.0)
    assert {start for start, _, _ in asked("nods and smiles while looking left")} == {0.2}
    assert [what for _, _, what in asked("nods happily")] == ["nod", "happy 0.8"]


def test_misspelt_words_are_mended_where_they_are_surely_meant():
    mended = {"smilles": "smile", "hapy 0.5": "happy 0.5",
              "looks hapy": "happy 1", "she tilts her haed left": "tilt left", "raises her eyebrws": "brows up"}  # fmt: skip
    assert {text: asked(text)[0][2] for text in mended} == mended


NONSENSE = (
    "dances a jig; wiggles her ears; juggles three balls; turns into a frog; eats an apple; opens the door; raises her hand; turns blue; "
    "sings louder; walks to the left; asdf qwer; jumps up and down; shakes hands; closes the window; picks her nose; "
    "42; !!!; looks for her keys; drops the ball; spins around twice; sits down; reads the news; whistles; moves house; lifts weights; "
    "looks like rain; ; \x00; nod " + "x" * 3000
).split("; ")


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused_by_name(text):
    with pytest.raises(OptionError) as refused:
        understood(text, 0.0, SECONDS)
    message = str(refused.value)
    assert "\n" not in message and len(message) < 500
    if 3 < len(text) < 40 and " and " not in text and ", " not in text:
        assert text.strip(" !")[:20] in message or "0 things" in message


def test_what_may_be_left_out_of_a_long_clause_is_bounded():
    assert without_complements("nod " + "at the blorp " * 100) == []
    assert len(without_complements("nod " + "at the blorp " * 8)) <= 3 * MOST_TRIED


def test_a_director_of_ones_own_answers_with_cues():
    heard = []

    def answer(message: str) -> str:
        heard.append(message)
        return "Of course:\n```\nWEBVTT\n\nNOTE the stress\n00:01.000 --> 00:01.000\nnod\n```\n"

    request = Request("be lively", 4.0, ((0.9, 1.3, "really"),), "stress at 1.0 s")
    (cue,) = Written(answer).direct(request)
    assert (cue.start, write_instruction(cue.instruction), cue.note) == (1.0, "nod", "the stress")
    assert all(part in heard[0] for part in ("be lively", "4.00 s", "really@0.90", "stress at 1.0 s", "take NUMBER", "happy"))
    assert Reader().direct(Request("nods", 4.0)) == understood("nods", 0.0, 4.0) and "Words" not in message_of(Request("x", 1.0))
    for wrong, said in (
        ("I cannot", "line 1"), ("WEBVTT\n\n00:09.000 --> 00:09.000\nnod\n", "after the end"), ("WEBVTT\n", "no cues"),
        ("WEBVTT\n\n00:01.000 --> 00:01.000\nrm -rf\n", "line 4"),
    ):  # fmt: skip
        with pytest.raises(FileError, match=said):
            Written(lambda message, wrong=wrong: wrong).direct(request)


def test_a_cue_of_free_words_lasts_for_its_span():
    (nod, look) = understood("nods, then looks away", 10.0, 14.0)
    assert 10 <= nod.start < 12 <= look.start < look.end <= 14 and isinstance(nod, Cue)
