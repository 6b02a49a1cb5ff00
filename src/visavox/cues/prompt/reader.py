"""Prompts to cues: "nods slowly, then looks away", clause by clause, laid out over the time that there is."""

import re
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache

from visavox.cue import Cue, Instruction
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.kinds.word import Word
from visavox.cues.moves import MOVES
from visavox.cues.prompt.clause import lemma, read_clause
from visavox.cues.prompt.deeds import lost, taken_apart, to_its_side
from visavox.cues.prompt.partly import partly, says_nothing
from visavox.cues.prompt.refusing import WHEN, NotUnderstoodError, left_out, refusal
from visavox.cues.prompt.sentence import Clause, at_the_time_of, clauses_of
from visavox.cues.prompt.steps import stepped
from visavox.cues.prompt.timing import Accents, Pauses, Words, at_the_voice, grown
from visavox.cues.words import MOST_TIMES
from visavox.emotion import EmotionMix
from visavox.errors import OptionError, VisavoxWarning

LONGEST = 2000  # characters of a prompt
MOST = 50  # clauses
REMEMBERED = 16_384  # prompts
SEGMENTS = re.compile(r"[,.;:!?]|\b(?:and|then|while|but|before|after)\b")
LEAD = 0.2  # seconds before the first thing that is done
NOTHING_FELT, _DENIED = Emotion(EmotionMix({"neutral": 1.0})), {"not", "no", "without", "less"}
BOTH = 0.6  # of each of two emotions that are felt together
PACES = {"nod": 2.0, "shake": 2.5, "blink": 2.5, "wink": 3.0, "breathe": 4.0}  # seconds from one to the next, of what goes on
THEN_AFTER = 1.0  # seconds at most from something at a time to what is done then
IN_TURN = 1.2  # seconds at most that each of several ways to look takes, "looks left and right"
AGAIN = 0.55  # of its turn that a move is held which is done again
LONGEST_HOLD = 3.0  # seconds that a move is held, where nothing says how long and something else follows


@dataclass(frozen=True)
class Reading:
    """What a prompt asks for: its clauses, each with what it asks for, and what was `left` out of it, in the words of the person."""

    clauses: list[tuple[Clause, list[Instruction]]]
    left: tuple[str, ...] = ()


def understood(
    text: str, start: float, end: float, pauses: Pauses | None = None, accents: Accents | None = None, words: Words | None = None
) -> list[Cue]:
    """The cues that a prompt asks for between `start` and `end` seconds; an OptionError that names what is not understood, with the
    nearest instructions. `pauses` tells where the recording pauses, `accents` where its voice stands out, `words` what is said when; None
    where nobody knows.

    Where a part of it is understood, a VisavoxWarning names the rest.
    """
    reading = read_prompt(text)
    clauses, cues, steps = [clause for clause, _ in reading.clauses], [], []
    for clause, instructions in reading.clauses:
        for timed in at_the_voice(clause, start, end, (pauses, accents, words)):
            before = [cue for cue, step in zip(cues, steps, strict=True) if step < timed.step]
            timed = _not_before(_after(timed, cues, start), before, clauses, (start, end))
            cues += _at_its_word(timed, grown(_placed(timed, instructions, clauses, start, end), timed), (start, end))
            steps += [timed.step] * (len(cues) - len(steps))
    if reading.left and end > 0:
        warnings.warn(f"{text.strip()[:60]!r}: not understood and left out: {'; '.join(reading.left)}", VisavoxWarning, stacklevel=2)
    return _felt_together([cue for place, cue in enumerate(cues) if cue not in cues[:place]])


@lru_cache(maxsize=REMEMBERED)
def read_prompt(text: str) -> Reading:
    """What a prompt asks for, and what of it is not understood; read once, however often cues say it. Nobody changes it.

    Pictures of speech are taken for what they say, and where that leaves something not understood, word by word.
    """
    if len(text) > LONGEST:
        raise OptionError(f"a prompt of {len(text)} characters is too long; {LONGEST} is the most")
    tries = [_tried(text, pictures) for pictures in (True, False)]
    readings = [one for one in tries if isinstance(one, Reading)]
    if not readings:
        raise tries[1]
    return min(readings, key=lambda one: len(one.left) + _gone(text, one))


def _gone(text: str, reading: Reading) -> int:
    """How many deeds that the words of a prompt name, each part of it by itself, are not in what is read of it."""
    found = [one for _, instructions in reading.clauses for one in instructions]
    return sum(bool(lost(part, found, read_clause)) for part in SEGMENTS.split(text.lower()))


def _tried(text: str, pictures: bool) -> Reading | OptionError:
    try:
        return _parsed(text, pictures)
    except OptionError as refused:
        return refused


def _parsed(text: str, pictures: bool) -> Reading:
    """What a prompt asks for with its `pictures` of speech or without."""
    clauses = clauses_of(text, pictures)
    if not clauses:
        raise NotUnderstoodError(refusal("", text))
    if len(clauses) > MOST:
        raise OptionError(f"{text.strip()[:60]!r} asks for {len(clauses)} things; ask for 1 to {MOST}")
    read, left = _each_read(clauses, text, pictures)
    shown = any(_is_shown(one) for clause, instructions in read for one in instructions if not _DENIED & set(clause.text.split()[:1]))
    kept = [
        (clause, instructions)
        for clause, instructions in read  # "happy, not sad": what is asked for says enough
        if not (
            shown
            and (not clause.timed or clause.where == "whole")
            and _DENIED & set(clause.text.split())
            and _only_felt(instructions)
            and (instructions == [NOTHING_FELT] or len(read) > 1)
        )
    ]
    return Reading(stepped(kept), left)


def _each_read(clauses: list[Clause], text: str, pictures: bool) -> tuple[list[tuple[Clause, list[Instruction]]], tuple[str, ...]]:
    """The clauses that are understood, each with what it asks for, and what is left out; the first refusal where none is, or where what is
    not understood may say when the rest is done."""
    read: list[tuple[Clause, list[Instruction]]] = []
    left, first = [], None
    for clause in clauses:
        try:
            done, gone = _read(clause, text)
            read.append((_denying(clause, clauses), done))
            left += [left_out(clause.text, text, gone)] if gone else []
            continue
        except OptionError as refused:
            if not (pictures or isinstance(refused, NotUnderstoodError)):
                raise
            first = first or refused
        if WHEN.search(clause.text) or not clause.text:
            raise first
        found, words = partly(clause.text, read_clause, lemma)
        if not found and says_nothing(clause.text, lemma):
            continue
        if found:
            read.append((_denying(clause, clauses), found))
        left.append(left_out(clause.text, text, words))
    if first and not any(instructions for _, instructions in read):
        raise first
    return read, tuple(left)


def _only_felt(instructions: list[Instruction]) -> bool:
    return bool(instructions) and all(isinstance(one, Emotion) for one in instructions)


def _denying(clause: Clause, clauses: list[Clause]) -> Clause:
    """A clause that forbids something, for the time of what is done meanwhile, or for the whole time where none is named."""
    if clause.timed or not (_DENIED - {"less"}) & set(clause.text.split()[:1]):
        return clause
    beside = next((other for other in clauses if other.step == clause.step and other.timed and not other.word and not other.every), None)
    return at_the_time_of(clause, beside) if beside else replace(clause, where="whole")


def _after(clause: Clause, cues: list[Cue], start: float) -> Clause:
    """The clause with the time that is so much later than what is before it began."""
    if clause.later is None:
        return clause
    return replace(clause, start=round((cues[-1].start - start if cues else 0.0) + clause.later, 3))


def _not_before(clause: Clause, cues: list[Cue], clauses: list[Clause], span: tuple[float, float]) -> Clause:
    """A clause that does not say when it begins, after what is before it where that has a time: "at 5 s she nods, then she smiles"."""
    start, end = span
    own = replace(clause, lasting=None, end=None).timed
    if own or not cues or not any(other.timed and other.step < clause.step for other in clauses):
        return clause
    usual = start + (end - start) / (max(other.step for other in clauses) + 1) * clause.step
    before = [other for other in clauses if other.step < clause.step]
    held = [other for other in before if other.end is not None or other.lies == "until"]
    lasting = any(other.lasting is not None or other.end is not None for other in before if other.step == clause.step - 1)
    begun = max(cue.end if (held or lasting) and cue.end < end else cue.start for cue in cues)
    over = clause.end is not None and begun - start >= (clause.end if clause.end >= 0 else end - start + clause.end)
    if over or begun < usual and not lasting:
        return clause
    if held or lasting:
        return replace(clause, start=round(begun - start, 3))
    return replace(clause, start=round(begun - start + min(THEN_AFTER, (end - begun) / 2), 3))


def _at_its_word(clause: Clause, cues: list[Cue], span: tuple[float, float]) -> list[Cue]:
    """`cues` as they are, or at a word whose time is not known yet."""
    if not clause.word:
        return cues
    return [Cue(*span, Word(clause.word, tuple(cue.instruction for cue in cues)))] if cues else []


def _is_shown(one: Instruction) -> bool:
    return isinstance(one, Emotion) and one != NOTHING_FELT or isinstance(one, Gesture) and one.name in ("smile", "frown")


def _felt_together(cues: list[Cue]) -> list[Cue]:
    """The cues with emotions of one span as one mix, of which otherwise the last would count alone."""
    found: list[Cue] = []
    for cue in cues:
        before = next((place for place, other in enumerate(found) if _same_time(cue, other)), None)
        if before is None:
            found.append(cue)
            continue
        both = (found[before].instruction.mix, cue.instruction.mix)
        every = {name: max(mix.intensities.get(name, 0.0) for mix in both) for mix in both for name in mix.intensities}
        share = BOTH if len(every) > 1 else 1.0
        mixed = EmotionMix({name: round(min(intensity, 1.0) * share, 3) for name, intensity in every.items()}, both[0].regions)
        found[before] = replace(cue, instruction=Emotion(mixed))
    return found


def _same_time(one: Cue, other: Cue) -> bool:
    felt = isinstance(one.instruction, Emotion) and isinstance(other.instruction, Emotion)
    return felt and (one.start, one.end) == (other.start, other.end) and one.instruction.mix.regions == other.instruction.mix.regions


def _read(clause: Clause, text: str) -> tuple[list[Instruction], list[str]]:
    """What a clause asks for, and words of it that are passed over; an OptionError in the words of the whole prompt, `text`, for what is
    not understood."""
    if not clause.text and not clause.timed or clause.text == "" and clause.lasting is not None:
        return [], []  # it waits
    if not clause.text:
        raise NotUnderstoodError(
            "a time without anything that is done then is not understood; say what the face does, such as 'at 2 s she nods'"
        )
    found = to_its_side(clause.text, read_clause(clause.text))
    gone = lost(clause.text, found, read_clause) if found else ""
    if found and not gone:
        return found, []
    apart = taken_apart(clause.text, read_clause)
    if apart and not lost(clause.text, apart[0], read_clause):
        return apart
    if not found:
        raise NotUnderstoodError(refusal(clause.text, text))
    return found, [gone]


def _placed(clause: Clause, instructions: list[Instruction], clauses: list[Clause], start: float, end: float) -> list[Cue]:
    """The cues of one clause in its share of the time from `start` to `end`."""
    steps, whole = max(other.step for other in clauses) + 1, end - start
    if whole <= 0:
        return [Cue(start, start, one) for one in instructions]
    first = start + (whole / steps) * clause.step + (min(LEAD, whole / 10) if steps > 1 or clause.step == 0 else 0)
    last = start + (whole / steps) * (clause.step + 1)
    half = start + whole / 2
    first = {"start": start, "middle": half - 0.5, "end": end - min(1.5, whole / 3), "whole": start, "first half": start,
             "second half": half}.get(clause.where, first)  # fmt: skip
    last = {"whole": end, "end": end, "first half": half, "second half": end}.get(clause.where, last)
    if clause.where == "start":
        last = min(last, start + LONGEST_HOLD)
    if clause.last is not None:
        first, last = end - clause.last, end
    if clause.start is not None:
        first = start + clause.start
        last = last if last > first else end  # its time is later than its turn
    if clause.part is not None:
        first, last = start + whole * clause.part[0], start + whole * clause.part[1]
    if clause.end is not None:
        last = (start if clause.end >= 0 else end) + clause.end
    if clause.lasting is not None:
        last = first + clause.lasting
    first, last = min(max(first, start), end), min(max(last, start), end)
    spanned = any(value is not None for value in (clause.end, clause.lasting, clause.last, clause.part))
    given = clause.where in ("whole", "first half", "second half") or spanned
    if clause.every is not None:
        return _repeated(instructions, first, end if not spanned else last, clause.every)
    found = []
    if clause.where == "whole" and not spanned:
        found = [cue for one in instructions if _uncounted(one) for cue in _repeated([one], first, end, PACES[one.name])]
        instructions = [one for one in instructions if not _uncounted(one)]
    room = max(first, last) - first
    for one, begins, length in _by_turns(instructions, room):
        if length < room and not spanned:
            begins, length = begins * min(IN_TURN / length, 1), min(length, IN_TURN)
        shown = length * AGAIN if instructions.count(one) > 1 and _in_turn(one, one) else length  # lowers the gaze twice
        found.append(_cue(one, first + begins, first + begins + shown, given or steps == 1, spanned and clause.fills))
    return found


def _uncounted(one: Instruction) -> bool:
    """Whether something is done again and again where it is done all the time, and nothing says how often."""
    return isinstance(one, Gesture) and one.name in PACES and one.manner.times is None


def _repeated(instructions: list[Instruction], first: float, last: float, every: float) -> list[Cue]:
    """Each of `instructions` every so many seconds, held for half of them."""
    count = max(int((last - first) / every + 0.5), 1)
    found = []
    for at in (round(first + number * every, 3) for number in range(min(count, MOST))):
        for one, begins, length in _by_turns(instructions, every / 2):
            found.append(_cue(one, at + begins, min(at + begins + length, last), True, False))
    return found


def _by_turns(instructions: list[Instruction], seconds: float) -> list[tuple[Instruction, float, float]]:
    """Each of `instructions` with when it begins and how long it lasts, those that follow one another in their turns."""
    found = []
    for place, one in enumerate(instructions):
        turns = [number for number, other in enumerate(instructions) if number == place or _in_turn(one, other)]  # left, and then right
        length = seconds / len(turns)
        found.append((one, length * turns.index(place), length))
    return found


def _in_turn(one: Instruction, other: Instruction) -> bool:
    """Whether two instructions of a clause can be followed only one after the other."""
    if one == other:
        return isinstance(one, Gesture)
    if not (isinstance(one, Gesture) and isinstance(other, Gesture)) or one.name != other.name:
        return False
    return {one.way, other.way} in ({"left", "right"}, {"up", "down"})


def _for_so_long(gesture: Gesture, seconds: float) -> Gesture:
    """A counted gesture as often as it takes that long, where nothing says how often."""
    move, manner = MOVES[gesture.name], gesture.manner
    times = round(seconds * manner.speed / move.seconds)
    return gesture if manner.times or times < 2 else replace(gesture, manner=replace(manner, times=min(times, MOST_TIMES)))


def _cue(instruction: Instruction, first: float, last: float, held: bool, lasting: bool) -> Cue:
    """The cue of an instruction that begins at `first` and may last to `last`; without a time that is asked for, moves take their own.
    `lasting` says that it shall go on as long."""
    if isinstance(instruction, Gesture):
        if MOVES[instruction.name].counted:
            return Cue(first, first, _for_so_long(instruction, last - first) if lasting else instruction)
        return Cue(first, last if held else min(last, first + LONGEST_HOLD), instruction)
    return Cue(first, last, instruction)
