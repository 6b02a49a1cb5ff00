"""Prompts in the words of people who had not looked at the reader: what is understood, and what is refused.

They were written in twelve rounds, and each was measured before the reader was mended by it; docs/cues.md has the numbers.
"""

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.audio import Audio
from visavox.cues.grammar import explain, read_instruction, write_instruction
from visavox.cues.pauses import pauses_of
from visavox.cues.performing import CueGesture
from visavox.cues.prompt import understood
from visavox.cues.prompt.reader import read_prompt
from visavox.errors import OptionError, VisavoxWarning
from visavox.gestures.gesture import Piece, Take
from visavox.io.assets import read_idioms
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, BLINKS, BROWS, GAZE, HEAD

UNDERSTOOD = {
    # what several share, what is done after what has an end, in the words of those who ask
    "don't move your head or your eyes": "head 0; gaze 0",
    "neither nods nor smiles": "head 0; neutral 1",
    "don't look left or right": "look at camera",
    "no turning to the left or right": "head 0",
    "no nodding or the like": "head 0",
    "keep the head and eyes still": "head 0; gaze 0",
    "without moving the head or blinking": "head 0; blinks 0",
    "glancing sideways with pursed lips": "look away; purse lips",
    "alternate between looking left and looking right": "look left; look right; look left; look right",
    "be a little less expressive than usual": "expression 0.75",
    "why not let her raise both eyebrows at the end?": "brows up",
    "her eyes should be half closed throughout": "close eyes slightly",
    "the man look to left side, after to right side, after to me": "look left; look right; look at camera",
    "angery eyebrows, she tilts her haed": "angry 1; tilt",
    "colour her expression with scepticism": "contemptuous 0.6",
    "she apologises": "sad 0.5",
    "hold a smile for three seconds": "smile",
    # a part by its way, what is left to the clause before, stories in the past, asides, comparisons
    "one eyebrow creeps up while the other stays put": "brows up left",
    "eyes dart right first, then the head follows": "look right; turn right",
    "snap the head up, hold, then ease down over a second": "turn up quickly; turn down",
    "two fast blinks, a pause, one long blink": "blink 2 times quickly; blink once",
    "eyes drift to the upper left as if recalling something": "look up; look left",
    "brows up on the first word, down by the last": "brows up; brows down",
    "sad at half strength, only in the eyebrows": "sad 0.5 @ brows",
    "turn down the head movement a lot": "head 0.25",
    "look up at the ceiling, then down at your shoes": "look up; look down",
    "no, not so angry, a bit softer": "angry 0.5; expression 0.5",
    "close your eyes and count to three": "close eyes",
    "first he smiles, second he is serious": "smile; neutral 1",
    "look like you don't believe it": "contemptuous 0.6",
    "her smile faltered and died": "smile",
    "she closed her eyes for a long moment, then opened them again": "close eyes",
    "he glanced up, then quickly down again, embarrassed": "look up; look down quickly; sad 0.5",
    "her eyebrows drew together, more puzzled than cross": "brows down",
    "his eyelids grew heavy and his head began to droop": "close eyes slightly; turn down",
    "she raised her chin a fraction": "turn up slightly",
    "frowning or scowling": "frown",
    "bulging eyes": "widen eyes",
    "his eyes burned with hatred": "angry 0.6 @ brows, eyes",
    "narrowed eyes suggesting suspicion or vindictiveness": "squint",
    "the mouth twists to the right": "smile right",
    "let the head hang to the left side": "tilt left",
    "her expression turns from joy to horror": "happy 1; fearful 1",
    "a satisfied smile raced across her face": "smile",
    "daniel glanced up at her and smiled": "look up; smile",
    "his grin softened into a genuine smile": "smile",
    "a polite smile, nothing more": "smile slightly",
    "the smile should start small and grow": "smile slowly",
    "more smile, less frown": "smile strongly",
    "eyes focused on the conversation partner": "look at camera",
    "a crooked, self-satisfied grin": "smile left",
    "tilt left then right then centre": "tilt left; tilt right",
    "the left eyebrow shoots up": "brows up left",
    "(raises an eyebrow.)": "brows up left",
    "shakes his head - not in anger, but in weary patience": "shake",
    "the smith looks up, slightly surprised to see you still standing there": "look up; surprised 0.5",
    "raised eyebrows, wide eyes, dropped jaw": "brows up; widen eyes; open mouth",
    "lips tightened and turned downward": "press lips; frown",
    "unable to make eye contact": "look away",
    "arched eyebrows": "brows up",
    "villain monologue: almost no blinking": "blinks 0.5",
    "he looked down at his hands and sighed": "look down; breathe slowly",
    "bobs her head up and down a couple of times": "nod 2 times",
    "gives a little nod of agreement": "nod slightly",
    "he shakes his head no": "shake",
    "shake your head slowly in disbelief": "shake slowly",
    "cocks his head to one side": "tilt",
    "lets her head sink to the left shoulder": "tilt left",
    "glances off to the right for a second": "look right",
    "peeks over at the left": "look left",
    "stares at the ceiling": "look up",
    "eyes on the floor": "look down",
    "breaks eye contact briefly": "look away",
    "meets the viewer's gaze": "look at camera",
    "looks the audience straight in the eye": "look at camera",
    "bats her eyelashes": "blink 4 times quickly",
    "shuts both eyes for two seconds": "close eyes",
    "gives a cheeky wink with the right eye": "wink right; happy 0.8",
    "lifts an eyebrow in surprise": "brows up left; surprised 0.8",
    "knits her brows": "brows down",
    "grins from ear to ear": "smile strongly",
    "the corners of his mouth turn down": "frown",
    "leans towards the camera a bit": "lean in slightly",
    "turns 30 degrees to the left": "turn left 30 deg",
    "swivels her head round to the right quickly": "turn right quickly",
    "first a smile, and after that a nod": "smile; nod",
    "nods three times and then gazes out of the window to her right": "nod 3 times; look right",
    "while smiling she tilts her head to the left": "tilt left; smile",
    "at 2 seconds he blinks twice": "blink 2 times",
    "seems sad and drops her gaze": "sad 1; look down",
    "raises his chin proudly": "turn up",
    "frowns angrily at someone on the left": "frown; look left; angry 0.8",
    "rolls her eyes": "roll eyes",
    "gives the camera a warm smile": "smile; look at camera",
    "shakes her head twice, firmly": "shake 2 times strongly",
    "raises one eyebrow sceptically": "brows up left",
    "looks up and to the left as if remembering something": "look up; look left",
    "hangs his head in shame": "turn down; sad 0.8",
    "nods along gently for three seconds": "nod 5 times slightly",
    "slowly turns to face the camera": "look at camera slowly",
    "closes her eyes and sighs": "close eyes; breathe slowly",
    "a quick blink, then a smirk": "blink quickly; smile left",
    "eyes wide open in fear": "widen eyes; fearful 0.8",
    "throws his head back and laughs": "turn up; smile strongly",
    "drops his chin to his chest": "turn down",
    "glares at the viewer": "brows down; look at camera",
    "tilts her head like a curious dog": "tilt",
    "smiles faintly, looking past the camera": "smile slightly; look away",
    "winks at the audience with his left eye": "wink left",
    "looks left, right, then straight at us": "look left; look right; look at camera",
    "inhales sharply": "breathe quickly",
    "brings her eyebrows together in confusion": "brows down; tilt",
    "leans back with a sceptical look": "lean back; squint slightly; brows down slightly",
    "opens her eyes wide for half a second": "widen eyes",
    "looks terrified": "fearful 1",
    "pouts": "purse lips",
    "in the last second she looks away": "look away",
    "gently shakes his head as he speaks": "shake slightly",
    "looks over his left shoulder": "turn left",
    "a slow, knowing nod": "nod slowly",
    "lowers her eyes modestly": "look down",
    "she perks up and smiles at us": "brows up; smile",
    "raises both eyebrows quickly and lets them fall": "brows up quickly",
    "flashes a brilliant smile at the very end": "smile",
    "blinks rapidly several times": "blink 3 times quickly",
    "glances sideways": "look away",
    "tucks her chin in": "turn down",
    "dips the head in greeting": "nod slightly",
    "turns away in disgust": "turn; disgusted 0.8",
    "lifts her gaze to the sky": "look up",
    "stares off into the distance": "look away",
    "frowning, he shakes his head": "shake; frown",
    "squints as though reading something far away": "squint",
    "with a sigh, he looks down": "breathe slowly; look down",
    "smiles broadly throughout": "smile strongly",
    "peers closely at the camera": "look at camera",
    "jerks her head to the right": "turn right quickly",
    "cranes his neck forward": "lean in",
    "winks mischievously": "wink",
    "lets out a deep breath": "breathe strongly",
    "looks surprised, eyebrows shooting up": "surprised 1; brows up",
    "eyes dart left and right": "look left; look right",
    "from second 2 to second 4 he keeps his eyes shut": "close eyes",
    "nods once in the middle": "nod once",
    "looks utterly miserable": "sad 1.2",
    "gives a reassuring smile and a small nod": "smile; nod slightly",
    "slowly closes one eye": "wink slowly",
    "whips her head around to the left": "turn left quickly",
    "a shy downward glance": "look down; sad 0.3",
    "rocks her head from side to side": "shake",
    "says no with a firm shake of the head": "shake strongly",
    "looks up at the stars and smiles dreamily": "look up; smile",
    "her brows furrow in concentration": "brows down",
    "nods approvingly, twice": "nod 2 times",
    "smirks and raises an eyebrow": "smile left; brows up left",
    "bows her head respectfully": "turn down",
    "takes two quick breaths": "breathe 2 times quickly",
    "holds eye contact the entire time": "look at camera",
    "turns her face towards the window on the left": "turn left",
    "eyes narrowed with suspicion": "squint",
    "is delighted, then suddenly worried": "happy 1; fearful 1",
    "leans her head back and closes her eyes": "turn up; close eyes",
    "shoots a glance to the left": "look left",
    "nods vigorously while smiling": "nod 3 times strongly; smile",
    "widens his eyes in amazement": "widen eyes; surprised 0.8",
    "sulks": "frown",
    "tilts his head the other way": "tilt",
    "after three seconds she looks to the right": "look right",
    # negations, amounts, words of animators and directors, clumsy English
    "don't blink": "blinks 0",
    "he never closes his eyes": "blinks 0",
    "don't move the head": "head 0",
    "please don't nod": "head 0",
    "do not smile": "neutral 1",
    "never look at the camera": "look away",
    "don't look away": "look at camera",
    "less head movement": "head 0.5",
    "more expressive brows": "brows 1.5",
    "exaggerate the mouth a bit": "mouth 1.25",
    "tone down the lips": "lips 0.5",
    "reduce blinking by half": "blinks 0.5",
    "the head should move twice as much": "head 2",
    "lower the intensity of the brows by 30 percent": "brows 0.7",
    "your head is moving too much": "head 0.5",
    "mouth should open wider": "mouth 1.5",
    "less smiling, more frowning": "smile slightly; frown strongly",
    "no more nodding": "head 0",
    "he can't stop smiling": "smile",
    "smiles without blinking": "smile; blinks 0",
    "happy, not sad": "happy 1",
    "nods, while smiling": "nod; smile",
    "eyeline to camera left": "look right",
    "head tilt camera right": "tilt left",
    "NPC looks around nervously": "look left; look right; fearful 0.8",
    "he make a smile small": "smile slightly",
    "she is look to the left side": "look left",
    "from happy to angry": "happy 1; angry 1",
    "play it sad but hopeful": "sad 0.6 + happy 0.6",
    "quick glance down-left, then up to the camera": "look down quickly; look left quickly; look at camera",
    "turn 15 degrees right, hold for a second, return to centre": "turn right 15 deg",
    "beat, then a slow nod": "nod slowly",
    "raise eyebrow, hold, release": "brows up",
    "scared stare straight ahead without blinking": "look at camera; fearful 0.8; blinks 0",
    "he looking down because he is sad": "look down; sad 1",
    "speaks angrily": "speak; angry 0.8",
    "the head turn to the left and after turn to the right": "turn left; turn right",
    "glance at the door on the left, then back at the camera": "look left; look at camera",
    "drop the smile": "neutral 1",
    "a warm smile that fades after two seconds": "smile",
    "cheeky wink at the end, right eye": "wink right; happy 0.8",
    "nods not too strongly": "nod slightly",
    "first look left, second look right, third nod": "look left; look right; nod",
    # three further rounds: politeness, subjects, slips, other lips, repetitions, words that are said
    "could you have him glance up, please?": "look up",
    "the old wizard frowns, shakes his head and sighs": "frown; shake; breathe slowly",
    "she shook her head with great intensity": "shake strongly",
    "the merchant is delighted": "happy 1",
    "purses her lips": "purse lips",
    "scrunches up her nose": "wrinkle nose",
    "yawns": "open mouth strongly; squint",
    "looks bored": "sad 0.2; look away",
    "raise the left eyebrow only": "brows up left",
    "nods slwoly": "nod slowly",
    "nod nod nod": "nod 3 times",
    "lowers her gaze twice": "look down; look down",
    "nods from time to time": "nod; nod; nod; nod",
    'brow raise on "never"': "word never: brows up",
    "a friendly tilt of the head when she says hello": "word hello: tilt; happy 0.5",
    "you should turn to the right but not wink": "turn right; lids 1",
    "without smiling, she nods": "nod; neutral 1",
    "smiles right at the start": "smile",
    "turning to the right at the end": "turn right",
    "make the eyes dart left, then right": "look left; look right",
    "looks down, then comes back to the lens": "look down; look at camera",
    "add some life to the brows": "brows 1.5",
    "don't move your head so much": "head 0.5",
    "warm, genuine smile all the way through": "smile",
    "start serious, end happy": "neutral 1; happy 1",
    # two later rounds: families of words, what stands beside what is done, signs, short forms
    "sneaky goblin glancing around nervously": "look left; look right; fearful 0.8",
    "look sad because the ice cream fell down": "sad 1",
    "be strict but fair": "angry 0.24 + happy 0.3",
    "be a grumpy old bear": "angry 0.7",
    "like a shy child who doesn't want to look at you": "sad 0.3; look down",
    "pretend you are very surprised by a present": "surprised 1",
    "look down at your plate and then up at mummy": "look down; look up",
    "smile:0.4, brow_up:0.2": "smile 0.4; brows up 0.2",
    "yaw left 20 deg between 1s and 2s": "turn left 20 deg",
    "gaze=(camera)": "look at camera",
    "tilt -10°": "tilt right 10 deg",
    "happy->sad": "happy 1; sad 1",
    "nod x3": "nod 3 times",
    "sad@2s": "sad 1",
    "eyes L, eyes R, center": "look left; look right; look at camera",
    "blink=off": "blinks 0",
    "blink rate 2x": "blinks 2",
    "smirk then wink ;)": "smile left; wink",
    "turn ur head to the right a lil bit and smille": "turn right slightly; smile",
    "shes supposed to be laughing her head off": "happy 1.2",
    "he can't meet her eyes": "look away",
    "fights back a smile": "smile slightly",
    "enemy taunts the player with a cocky grin": "contemptuous 1; smile left",
    "maintain eye contact with the audience": "look at camera",
    "turns to face the right and stays there": "turn right",
    "glance down at the notes every few seconds": "look down; look down; look down; look down",
    "more contempt, less anger": "contemptuous 1.2",
    "less eyebrow activity, more smile": "brows 0.5; smile strongly",
    "make the head more quiet": "head 0.5",
    "keep head movement to a minimum": "head 0.5",
    "look directly into the camera and speak warmly": "look at camera; happy 0.5",
    "a flicker of fear crosses her face": "fearful 0.5",
    "slow burn from calm to furious": "neutral 1; angry 1",
    "could you have the face look dissapointed, eyebrows down": "sad 0.5; brows down",
    "let the smile die halfway through": "smile",
    "look concerned when mentioning the losses": "word losses: sad 0.5",
    "give me a tiny, almost invisible nod": "nod slightly slightly",
    "smile with your mouth, not with your eyes": "smile",
    "do not look bored": "neutral 1",
    "start calm and get angrier and angrier until the end": "neutral 1; angry 0.3; angry 0.55; angry 0.8; angry 1",
    "drunk uncle at a wedding": "sad 0.3; squint slightly",
    "like a robot, no head movement at all, no blinking": "neutral 1; head 0; blinks 0",
    "embarassed and avoiding eye contact": "sad 0.5; look away",
    'stone-faced poker player, tiny frown when he says "money"': "neutral 1; word money: frown slightly",
    "calm meditation coach, eyes half closed, slow nods": "neutral 1; close eyes slightly; nod slowly",
    "50% happy 50% nervous": "happy 0.6 + fearful 0.6",
    "no emotion for the first half, then burst out laughing": "neutral 1; smile strongly",
    "soooo happy!!!": "happy 1",
    "he should be nodding pretty much constantly": "nod; nod; nod; nod",
    "turn 20° R, tilt 5° L": "turn right 20 deg; tilt left 5 deg",
    "deliver the line with contempt": "contemptuous 1",
    "a smile that doesn't reach the eyes": "smile slightly",
    "stay composed even when the numbers are bad": "neutral 1",
    "show that you are listening by tilting your head": "tilt",
    "start neutral and let a smile grow": "neutral 1; smile slowly",
    "look confident and sincere": "happy 0.5",
}
REFUSED = (
    "does a backflip",
    "wiggles his ears",
    "waves at the camera",
    "turns the page",
    "looks good in blue",
    "blinks out of existence",
    "tilts the bottle",
    "turns the volume up",
    "shakes the bottle",
    "eyes the cake",
    "looks after her brother",
    "don't open the door",
    "less sugar",
    "half the bottle",
    "stop the car",
    "double the price",
    "bigger door",
    "at 3 seconds",
    "wait",
    "happy door turns",
    "turns into a butterfly",
    "lower the price",
    "drops the subject",
    "drop dead",
    "raises the question of money",
    "sonríe y asiente",
    "nickt langsam",
    "кивает",
    "keep the head locked off",
    "raises her eyebrows when asking the question",
)

# what is asked for, what of it is done, and what is said to be left out
LEFT_OUT = {
    "smiles and spits": ("smile", "'spits' (a tongue and teeth move with the words alone)"),
    "nods at the waiter and orders soup": ("nod", "'orders soup'"),
    "gives us a thumbs-up and a smile": ("smile", "'gives us a thumbs-up' (no body is animated)"),
    "juggles with her eyes closed": ("close eyes", "'juggles' (no body is animated)"),
    "hops on one leg with glee": ("happy 1", "'hops', 'leg'"),
    "nods and juggles": ("nod", "'juggles' (no body is animated)"),
    "smiles, then flies away": ("smile", "'flies away' (no body is animated)"),
    "wiggles her toes and squints galumphingly": ("squint", "'wiggles her toes'"),
}


@pytest.mark.parametrize("prompt", LEFT_OUT)
def test_what_is_not_understood_beside_what_is_done_is_named(prompt):
    done, left = LEFT_OUT[prompt]
    with pytest.warns(VisavoxWarning) as said:
        assert "; ".join(write_instruction(cue.instruction) for cue in understood(prompt, 0.0, 8.0)) == done
    assert [str(each.message).split("left out: ")[-1] for each in said] == [left]
    assert left in explain(read_instruction(prompt))


@pytest.mark.parametrize(
    "prompt",
    ["happy door turns", "when the bell rings, nod", "closes the shop",
     "turns blue", "moves the head in a figure eight", "said:q", "reduce the head by 150%"],
)  # fmt: skip
def test_what_is_left_out_may_not_decide_when_which_way_or_whether(prompt):
    with pytest.raises(OptionError):
        understood(prompt, 0.0, 8.0)


def test_every_picture_of_speech_is_read_as_what_it_says():
    def shown(text: str) -> set[str]:
        return {write_instruction(cue.instruction) for cue in understood(text, 0.0, 8.0)}

    for done, phrases in read_idioms().items():
        asked = shown(done)
        assert asked and not read_prompt(done).left, done
        for phrase in phrases[::20]:  # all of them do as well
            said = phrase.replace("*", "someone")
            assert shown(f"she {said}") >= asked and not read_prompt(f"she {said}").left, (phrase, asked)


def test_a_picture_of_speech_leaves_the_words_around_it():
    assert [what for _, _, what in placed("at 2 seconds he slowly rolls his eyes, then nods twice")] == ["roll eyes slowly", "nod 2 times"]
    assert placed("winces in pain at 3 seconds") == [(3.0, 8.0, "close eyes"), (3.0, 8.0, "wrinkle nose")], "both at its time"
    assert placed("her eyes dart to the left")[0][2].startswith("look left"), "a way that is said counts"
    assert [what for _, _, what in placed("don't roll your eyes")] == ["lids 1"], "no face does by itself"


def test_what_is_felt_bit_by_bit_comes_in_steps_and_stressed_words_are_where_the_voice_stands_out():
    assert placed("gets angrier and angrier") == [(0.2, 2.15, "angry 0.3"), (2.15, 4.1, "angry 0.55"), (4.1, 6.05, "angry 0.8"),
                                                  (6.05, 8.0, "angry 1")]  # fmt: skip
    cues = understood("nods on every stressed word", 0.0, 8.0, None, lambda: [1.0, 3.0])
    assert [round(cue.start, 2) for cue in cues] == [0.75, 2.75]
    with pytest.warns(VisavoxWarning, match="which only a recording tells"):
        assert len(placed("nods on every stressed word")) == 4


@pytest.mark.parametrize("prompt", UNDERSTOOD)
def test_what_is_understood(prompt):
    assert "; ".join(write_instruction(cue.instruction) for cue in understood(prompt, 0.0, 8.0)) == UNDERSTOOD[prompt]


@pytest.mark.parametrize("prompt", REFUSED)
def test_what_no_face_does_is_refused_by_name(prompt):
    with pytest.raises(OptionError, match="is not understood"):
        understood(prompt, 0.0, 8.0)


def test_an_unknown_word_is_named_and_times_in_words_are_read():
    with pytest.raises(OptionError, match="nothing is known of 'gluffs'"):
        understood("gluffs the soup", 0.0, 8.0)
    times = {"glances right for half a second": (0.2, 0.7), "from second 2 to second 4 he looks down": (2.0, 4.0)}
    for prompt, span in times.items():
        (cue,) = understood(prompt, 0.0, 8.0)
        assert (round(cue.start, 3), round(cue.end, 3)) == span
    (nods,) = understood("nods for three seconds", 0.0, 8.0)
    assert nods.instruction.manner.times == 5


def test_a_refusal_has_the_words_of_the_person():
    long = (
        "She smiles at us, then looks away, and as the music swells she Pirouettes on the Stage, after which she nods politely at the crowd"
    )
    for prompt, said in (
        ("Don't FLURBLE the snark!", "\"Don't FLURBLE the snark!\" is not understood, nothing is known of 'flurble'"),
        ("stands up and waves", "no body is animated ('stands')"), ("cries real tears", "no tears are drawn"),
        ("speaks louder", "the sound stays as it is"), ("not orders soup", "is not understood"),
    ):  # fmt: skip
        with pytest.raises(OptionError) as refused:
            understood(prompt, 0.0, 8.0)
        assert said in str(refused.value)
    with pytest.warns(VisavoxWarning, match="Pirouettes on the Stage"):
        understood(long, 0.0, 8.0)


def test_what_is_repeated_or_follows_has_its_times():
    def told():
        return [(2.5, 3.1), (5.0, 5.6)]

    assert [start for start, _, _ in placed("nods every 2 seconds")] == [0.2, 2.2, 4.2, 6.2]
    assert [start for start, _, _ in placed("nods every time she pauses", told)] == [2.5, 5.0]
    assert [start for start, _, _ in placed("smiles at 1 second, 2 seconds later she frowns")] == [1.0, 3.0]
    assert placed("smile at the beginning and at the end") == [(0.0, 3.0, "smile"), (6.5, 8.0, "smile")]
    assert placed("around the 2 second mark she winks")[0][0] == 2.0
    down, again = placed("lowers her gaze twice")
    assert down[1] < again[0] and down[2] == again[2] == "look down"


def placed(prompt: str, pauses=None) -> list[tuple[float, float, str]]:
    found = understood(prompt, 0.0, 8.0, pauses)
    return [(round(cue.start, 2), round(cue.end, 2), write_instruction(cue.instruction)) for cue in found]


def test_commas_join_what_describes_one_face_and_part_what_is_done():
    for prompt in ("looks shocked, eyes wide", "frowning, he looks up", "nods, smiling", "less blinking, bigger smile"):
        assert len({start for start, _, what in placed(prompt) if what != "look right"}) == 1, prompt
    assert [start for start, _, _ in placed("nods, looks left, smiles")] == [0.2, 2.87, 5.53]
    assert placed("nods along") == [(0.0, 0.0, "nod"), (2.0, 2.0, "nod"), (4.0, 4.0, "nod"), (6.0, 6.0, "nod")]
    assert placed("smile until the last second") == [(0.2, 7.0, "smile")]
    assert placed("smile in the final third")[0][:2] == (5.34, 8.0) and placed("frown until halfway") == [(0.0, 4.0, "frown")]
    assert placed("sad face, 70% intensity, fade out in the last second") == [(0.2, 7.0, "sad 0.7")]
    assert [start for start, _, _ in placed("at 2 s she blinks and smiles")] == [2.0, 2.0]
    assert placed("glance down at 5 seconds, then look at the camera")[1][:2] == (6.0, 8.0), "not before it"
    assert placed("looks stern for the first sentence, then smiles", lambda: [(2.5, 3.0)])[0][:2] == (0.0, 2.5)


def test_when_it_is_said_in_the_words_of_people():
    assert placed("at 0:02 nod") == placed("two seconds in, nod") == placed("nod at second two") == [(2.0, 2.0, "nod")]
    assert placed("between 1 and 2.5 seconds she looks right") == [(1.0, 2.5, "look right")]
    assert placed("during the first three seconds he is happy") == [(0.0, 3.0, "happy 1")]
    assert placed("in the last 2 seconds she looks down") == [(6.0, 8.0, "look down")]
    assert placed("in the second half he gets sad") == [(4.0, 8.0, "sad 1")]
    assert placed("don't blink until 3 seconds, then nod")[0] == (0.2, 3.0, "blinks 0")
    assert placed("wait one second, then wink with the left eye") == [(1.0, 1.0, "wink left")]
    assert placed("on the last word she looks down")[0][1:] == (8.0, "look down")
    left, right = placed("looks around")
    assert left[1] <= right[0], "not to both sides at once"
    with pytest.raises(OptionError, match="says|say what"):
        placed("at 3 seconds")


def test_a_pause_is_where_the_sound_has_one():
    def told():
        return [(2.5, 3.1), (5.0, 5.6)]

    assert placed("keep still until the pause", told) == [(0.0, 2.5, "head 0")]
    assert placed("at the pause she looks away", told) == [(2.5, 3.1, "look away")]
    assert placed("after the pause, he smiles", told)[0][0] == 3.1
    for pauses, said in ((None, "which only a whole recording tells"), (list, "there is none from 0 to 8 s")):
        with pytest.raises(OptionError, match=said):
            placed("keep still until the pause", pauses)
    noise = np.random.default_rng(0).standard_normal(16000 * 4).astype(np.float32) * 0.1
    noise[16000:24000] = 0
    ((start, end),) = pauses_of(Audio(noise, 16000))
    assert abs(start - 1) < 0.05 and abs(end - 1.5) < 0.05


def test_an_amount_outside_the_range_is_refused():
    for prompt in ("increase the brows to 400%", "reduce the head by 150%"):
        with pytest.raises(OptionError, match="is not within 0 to 3"):
            placed(prompt)


MOVING = Motion(
    np.abs(np.cumsum(np.random.default_rng(4).normal(0, 0.05, (200, len(ARKIT))), axis=0)).clip(0, 0.9).astype(np.float32), 25.0, ARKIT
)
# what is asked for, whose channels it is about, how many times as far they move
AMOUNTS = {
    "don't blink": ("eyeBlinkLeft", BLINKS, 0.0),
    "less head movement": ("headYaw", HEAD, 0.5),
    "more expressive brows": ("browInnerUp", BROWS, 1.5),
    "reduce the brows by 30%": ("browInnerUp", BROWS, 0.7),
    "never nod": ("headPitch", HEAD, 0.0),
    "double the brows": ("browInnerUp", BROWS, 2.0),
}


@pytest.mark.parametrize("prompt", AMOUNTS)
def test_what_is_asked_for_more_or_less_of_moves_as_far_and_nothing_else(prompt):
    channel, group, factor = AMOUNTS[prompt]
    gesture = CueGesture(understood(f"{prompt} until 4 seconds", 0.0, 8.0))
    made = gesture.step(gesture.start(Take(frame_chance(0))), Piece(MOVING, None, last=True))
    inside = slice(12, 96)
    wanted = MOVING.channel(channel)[inside] * factor
    high = ARKIT.channels[ARKIT.index(channel)].high
    if channel not in BLINKS:  # a lid that follows the eye down stays
        assert np.abs(made.channel(channel)[inside] - np.minimum(wanted, high)).max() < 1e-3
    else:
        assert made.channel(channel)[inside].mean() < 0.6 * MOVING.channel(channel)[inside].mean()
    changed = {ARKIT.names[place] for place in np.flatnonzero((made.values != MOVING.values).any(0))}
    assert changed <= {*group, *(GAZE if group is HEAD else ())}
    assert np.array_equal(made.values[105:], MOVING.values[105:])


def test_a_wrong_face_is_worse_than_a_refusal():
    refused = (
        "blink on the head turn", "eyebrows up on every number", "the cheeks turn left", "grow a beard", "her mouth nods",
        "the camera moves left", "turn the lights down",
    )  # fmt: skip
    for prompt in refused:
        with pytest.raises(OptionError):
            understood(prompt, 0.0, 8.0)
