"""Prompts to cues: "nods slowly, then looks away", clause by clause, laid out over the time that there is."""

from dataclasses import replace

from visavox.cue import Cue, Instruction
from visavox.cues.groups import GROUPS
from visavox.cues.kinds import PLAIN
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.moves import MOVES
from visavox.cues.prompt.clause import read_clause, unknown_words
from visavox.cues.prompt.sentence import Clause, clauses_of
from visavox.cues.words import MOST_TIMES, nearest
from visavox.emotion import EMOTIONS
from visavox.errors import OptionError

LONGEST = 2000  # characters of a prompt
MOST = 50  # clauses
LEAD = 0.2  # seconds before the first thing that is done
LONGEST_HOLD = 3.0  # seconds that a move is held, where nothing says how long and something else follows


def understood(text: str, start: float, end: float) -> list[Cue]:
    """The cues that a prompt asks for between `start` and `end` seconds; an OptionError that names what is not understood, with the
    nearest instructions."""
    if len(text) > LONGEST:
        raise OptionError(f"a prompt of {len(text)} characters is too long; {LONGEST} is the most")
    clauses = clauses_of(text)
    if not clauses or len(clauses) > MOST:
        raise OptionError(f"{text.strip()[:60]!r} asks for {len(clauses)} things; ask for 1 to {MOST}")
    read = [(clause, _read(clause)) for clause in clauses]
    return [cue for clause, instructions in read for cue in _placed(clause, instructions, clauses, start, end)]


def _read(clause: Clause) -> list[Instruction]:
    found = read_clause(clause.text)
    if not found:
        moves = [f"{move.name} {way}".strip() for move in MOVES.values() for way in (*move.ways, "twice" if move.counted else "slowly")]
        examples = [example for kind in PLAIN for example in kind.examples]
        names = [name for move in MOVES.values() for name in move.names]
        known = [*moves, *examples, *EMOTIONS, *GROUPS, *names]
        near, strange = nearest(clause.text, known), unknown_words(clause.text)
        names = f", nothing is known of {strange[0][:30]!r}" if strange and strange != [clause.text] else ""
        raise OptionError(f"{clause.text[:60]!r} is not understood{names}{near}; `visavox cues list` says what can be asked for")
    return found


def _placed(clause: Clause, instructions: list[Instruction], clauses: list[Clause], start: float, end: float) -> list[Cue]:
    """The cues of one clause in its share of the time from `start` to `end`."""
    steps, whole = max(other.step for other in clauses) + 1, end - start
    if whole <= 0:
        return [Cue(start, start, one) for one in instructions]
    first = start + (whole / steps) * clause.step + (min(LEAD, whole / 10) if steps > 1 or clause.step == 0 else 0)
    last = start + (whole / steps) * (clause.step + 1)
    first = {"start": start, "middle": start + whole / 2 - 0.5, "end": end - min(1.5, whole / 3), "whole": start}.get(clause.where, first)
    last = end if clause.where in ("whole", "end") else last
    if clause.start is not None:
        first, last = start + clause.start, max(start + clause.start, last)
    if clause.end is not None:
        last = start + clause.end
    if clause.lasting is not None:
        last = first + clause.lasting
    first, last = min(max(first, start), end), min(max(last, start), end)
    given = clause.where == "whole" or clause.end is not None or clause.lasting is not None
    return [
        _cue(one, first, max(first, last), given or steps == 1, clause.lasting is not None or clause.end is not None)
        for one in instructions
    ]


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
