"""Times that are told by what is said, and clauses taken apart: at, after and before words and sentences, and deeds that stand together."""

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.audio import Audio
from visavox.cli.options.performance import Performance
from visavox.cue import Cue
from visavox.cues.grammar import write_instruction
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.performing import CueGesture, settled
from visavox.cues.prompt import understood
from visavox.cues.prompt.reader import read_prompt
from visavox.cues.prompt.word_moments import moments_marked
from visavox.errors import OptionError
from visavox.gestures.gesture import Piece, Take
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

WORDS = [(0.5, 0.8, "well"), (1.0, 1.4, "never"), (2.5, 2.8, "but"), (3.0, 3.3, "yes"), (4.6, 4.9, "thank"), (5.0, 5.3, "you"),
         (6.5, 6.9, "never")]  # fmt: skip
PAUSES = [(1.6, 2.4), (3.6, 4.5)]


def placed(prompt: str) -> list[tuple[float, float, str]]:
    cues = understood(prompt, 0.0, 8.0, lambda: PAUSES, None, lambda: WORDS)
    return [(round(cue.start, 2), round(cue.end, 2), write_instruction(cue.instruction)) for cue in cues]


@pytest.mark.parametrize(
    "prompt, cues",
    [
        ("shakes her head at every mention of 'never'", [(1.0, 1.0, "shake"), (6.5, 6.5, "shake")]),
        ("the last time she says never, look down", [(6.5, 7.2, "look down")]),
        ('close your eyes for two seconds after "yes"', [(3.3, 5.3, "close eyes")]),
        ("big grin at the end when i say thank you", [(4.6, 5.3, "smile strongly")]),
        ("as soon as I say 'but', lower the brows and tilt the head to the left, keep it till the end",
         [(2.5, 8.0, "brows down"), (2.5, 8.0, "tilt left")]),
        ('brows up before she says "yes"', [(1.5, 3.0, "brows up")]),
        ("nod once, then frown on 'yes'", [(0.2, 0.2, "nod once"), (3.0, 3.7, "frown")]),
        ("opens the mouth on 'yes' and stays open for a second", [(3.0, 4.0, "open mouth")]),
        ("raise your eyebrows at the beginning of each sentence", [(0.0, 0.7, "brows up"), (2.4, 3.1, "brows up"), (4.5, 5.2, "brows up")]),
        ("smiles only for the second sentence", [(2.4, 3.6, "smile")]),
        ("frowns at about three quarters", [(6.0, 8.0, "frown")]),
        ("nod at every never", [(1.0, 1.0, "nod"), (6.5, 6.5, "nod")]),
        ("second sentence sad", [(2.4, 3.6, "sad 1")]),
        ("nods whenever it finishes a sentence", [(1.3, 1.3, "nod"), (3.3, 3.3, "nod"), (7.7, 7.7, "nod")]),
        ("at every pause blink and look down for one second",
         [(1.6, 1.6, "blink"), (3.6, 3.6, "blink"), (1.6, 2.6, "look down"), (3.6, 4.6, "look down")]),
        ("for the first two seconds keep still, then turn your head to the right, hold it for a second and return to centre while blinking",
         [(0.0, 2.0, "head 0"), (2.0, 3.0, "turn right"), (3.0, 3.0, "blink")]),
        ("eyes dart left, the head follows a moment later", [(0.2, 3.2, "look left"), (1.2, 4.2, "turn left")]),
        ("a warm smile that fades after two seconds", [(0.2, 2.2, "smile")]),
        ("smiles in the first second", [(0.0, 1.0, "smile")]),
    ],
)  # fmt: skip
def test_what_is_told_by_words_has_their_time(prompt, cues):
    assert placed(prompt) == cues


def test_a_word_that_is_not_there_is_named_and_one_whose_time_nobody_knows_waits():
    with pytest.raises(OptionError, match="'banana' is not said"):
        placed("nod on 'banana'")
    with pytest.raises(OptionError, match="sentence 5, and of those there are 3"):
        placed("nod during the fifth sentence")
    (waiting,) = understood("nod on 'yes'", 0.0, 8.0)
    with pytest.raises(OptionError, match="--transcript"):
        settled([waiting], 8.0)
    assert [cue.start for cue in settled([waiting], 8.0, WORDS)] == [3.0]


def test_what_says_nothing_of_words_stays_as_it_is():
    for text in ("speaks calmly and smiles", "on the last word nod", "looks left before says no", "the girl's got 'it' ok"):
        assert moments_marked(text) == text


@pytest.mark.parametrize(
    "prompt, done",
    [
        ("after nodding twice she looks to the right, sighing", ["nod 2 times", "look right", "breathe slowly"]),
        ("The captain lifts his chin proudly and doesn't blink", ["turn up", "blinks 0"]),
        ("slow push of the head to the left", ["turn left slowly"]),
        ("nodds twise and smilles breifly", ["nod 2 times", "smile"]),
    ],
)
def test_no_deed_is_lost_beside_another(prompt, done):
    reading = read_prompt(prompt)
    assert [write_instruction(one) for _, instructions in reading.clauses for one in instructions] == done and not reading.left


def test_a_thing_that_is_shaken_is_no_head():
    for prompt in ("shakes the bottle", "tilts the bottle", "blinks out of existence"):
        with pytest.raises(OptionError):
            read_prompt(prompt)


def test_a_prompt_of_the_command_line_finds_its_words_in_the_transcript(tmp_path):
    transcript = tmp_path / "words.srt"
    transcript.write_text("1\n00:00:01,000 --> 00:00:02,000\nyes\n")
    asked = Performance(None, (), "nods when she says yes", (), str(transcript), None)
    assert asked.names_words and not Performance(None, (), "nods", (), str(transcript), None).names_words
    (nod,) = asked.cues_for(Audio(np.zeros(48_000, np.float32), 16_000))
    assert (nod.start, write_instruction(nod.instruction)) == (1.0, "nod")


def test_what_stands_beside_another_keeps_its_time_its_side_and_its_share():
    assert placed("wink left and blink at 5 sec") == [(5.0, 5.0, "wink left"), (5.0, 5.0, "blink")]
    assert placed("looks at the camera until 5 seconds, then looks down")[1][0] == 5.0
    assert placed("two nods per sentence") == [(0.0, 0.0, "nod 2 times"), (2.4, 2.4, "nod 2 times"), (4.5, 4.5, "nod 2 times")]
    assert [what for _, _, what in placed("make the lips 30% bigger in movement and the brows 50% weaker")] == ["lips 1.3", "brows 0.5"]
    assert [what for _, _, what in placed("lowers her gaze, then raises it")] == ["look down", "look up"]
    assert [what for _, _, what in placed("snaps the head left, then snaps back to centre")] == ["turn left quickly"]


def test_what_is_done_after_something_waits_for_it():
    nod, look, sigh = placed("after nodding twice she looks to the right, sighing")
    assert (nod[2], look[2], sigh[2]) == ("nod 2 times", "look right", "breathe slowly") and nod[0] + 1.2 < look[0]


def test_a_side_that_is_named_is_never_another():
    sides = {"he looks right at a slow pace": "look right slowly", "he closes her right eye in a wink": "wink right",
             "she tips her head back": "turn up"}  # fmt: skip
    assert {text: placed(text)[0][2] for text in sides} == sides


def test_a_glance_down_and_to_the_left_goes_both_ways():
    rest = Motion(np.full((50, len(ARKIT)), 0.02, np.float32), 25.0, ARKIT)
    gesture = CueGesture([Cue(0.5, 1.5, Gesture("look", way)) for way in ("down", "left")])
    seen = gesture.step(gesture.start(Take(frame_chance(3))), Piece(rest, None, last=True))
    assert all(seen.channel(name)[25] > 0.4 for name in ("eyeLookDownLeft", "eyeLookDownRight", "eyeLookOutLeft", "eyeLookInRight"))


@pytest.mark.parametrize(
    "prompt, cues",
    [
        ("at 3 seconds, smile for 2 seconds", [(3.0, 5.0, "smile")]),
        ("at 3 seconds, smile until 6 seconds", [(3.0, 6.0, "smile")]),
        ("when she says yes, smile for 2 seconds", [(3.0, 5.0, "smile")]),
        ("wait 2 seconds then smile for 3 seconds", [(2.0, 5.0, "smile")]),
        ("for 3 seconds, smile", [(0.2, 3.2, "smile")]),
        ("at 5 seconds, nod every second", [(5.0, 5.0, "nod"), (6.0, 6.0, "nod"), (7.0, 7.0, "nod")]),
        ("smile for the first 3 seconds and frown for the rest of the clip", [(0.0, 3.0, "smile"), (3.0, 8.0, "frown")]),
        ("smile for the first 3 seconds and stay neutral for the rest", [(0.0, 3.0, "smile")]),
        ("smile until 2 seconds, then look left until 6 seconds, then nod",
         [(0.2, 2.0, "smile"), (2.0, 6.0, "look left"), (6.0, 6.0, "nod")]),
        ("at 5 seconds nod, then look left until 7 seconds", [(5.0, 5.0, "nod"), (6.0, 7.0, "look left")]),
        ("start sad and finish happy", [(0.0, 3.0, "sad 1"), (6.5, 8.0, "happy 1")]),
    ],
)  # fmt: skip
def test_a_time_that_leads_goes_with_how_long_it_lasts(prompt, cues):
    assert placed(prompt) == cues


@pytest.mark.parametrize(
    "prompt, cues",
    [
        ("nods at 2, 4 and 6 seconds", [(2.0, "nod"), (4.0, "nod"), (6.0, "nod")]),
        ("at 2 and 4 seconds, nod", [(2.0, "nod"), (4.0, "nod")]),
        ("smile at 2 seconds and 3 seconds later nod", [(2.0, "smile"), (5.0, "nod")]),
        ("nods twice at 2 seconds and once at 5 seconds", [(2.0, "nod 2 times"), (5.0, "nod once")]),
        ("after 3 seconds, smile", [(3.0, "smile")]),
        ("give a tiny nod at every comma", [(1.6, "nod slightly"), (3.6, "nod slightly")]),
        ("look left on the first line and right on the second line", [(0.0, "look left"), (2.4, "look right")]),
        ("look right on 'yes'", [(3.0, "look right")]),
        ("nod right on 'yes'", [(3.0, "nod")]),
        ("brows up, and right after 'yes' nod", [(0.2, "brows up"), (3.3, "nod")]),
        ("look up at the camera through your lashes", [(0.2, "look at camera")]),
        ("at 1 second: nod. at 3 seconds: shake.", [(1.0, "nod"), (3.0, "shake")]),
        ("smile at 2 seconds and again at 5 seconds", [(2.0, "smile"), (5.0, "smile")]),
        ("lower the right brow", [(0.2, "brows down")]),
        ("don't blink, nod at 2 seconds", [(2.0, "nod"), (0.0, "blinks 0")]),
        ("never blink or move the head, smile at 2 seconds", [(2.0, "smile"), (0.0, "blinks 0"), (0.0, "head 0")]),
        ("don't blink for 2 seconds, nod at 3 seconds", [(0.2, "blinks 0"), (3.0, "nod")]),
        ("nod at every opportunity", [(0.2, "nod"), (2.2, "nod"), (4.2, "nod"), (6.2, "nod")]),
        ("look through the window", [(0.2, "look away")]),
    ],
)  # fmt: skip
def test_each_of_several_times_and_sides_is_where_it_is_named(prompt, cues):
    assert [(start, what) for start, _, what in placed(prompt)] == cues
