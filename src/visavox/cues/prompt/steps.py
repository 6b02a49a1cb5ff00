"""What is done after what, where only commas stand between: a picture of a face is one thing, "shocked, eyes wide", deeds are several."""

from dataclasses import replace

from visavox.cue import Instruction
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gain import Gain
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.prompt.clause import DOING, lemma
from visavox.cues.prompt.sentence import Clause

_COUNTING = frozenset("a an one two three four five six another the".split())
_NO_DEEDS = frozenset("open wide close narrow".split())  # of a mouth, or eyes, as often as of who does it
_PARTS = frozenset(
    "eye eyes brow brows eyebrow eyebrows lid lids eyelids mouth lips lip jaw chin head nose nostrils cheeks forehead gaze".split()
)
_AS_IT_IS = frozenset("open wide closed narrow tight thin big low high heavy slack".split())
_THINKING = frozenset("thinking pondering wondering thinks ponders remembering".split())
_NO_TIME = {"start": None, "end": None, "where": "", "last": None, "pause": "", "every": None, "word": "", "lies": "", "later": None,
            "part": None}  # fmt: skip
_BEFORE = frozenset("she he they it you please slowly quickly".split())


def stepped(read: list[tuple[Clause, list[Instruction]]]) -> list[tuple[Clause, list[Instruction]]]:
    """The clauses `read`, each with what it asks for, those that describe one face at once in one step, without steps that are empty."""
    found: list[tuple[Clause, list[Instruction]]] = []
    moved = 0
    for clause, instructions in read:
        if found and clause.listed and _at_once(found[-1], (clause, instructions)):
            moved = clause.step - found[-1][0].step
        clause = replace(clause, step=clause.step - moved)
        if found and found[-1][0].step == clause.step and _says_when_for(found[-1][0], clause, instructions):
            lasting = found[-1][0].lasting if clause.lasting is None else clause.lasting
            clause = replace(found[-1][0], text=clause.text, lasting=lasting)  # "at 2 s she blinks and smiles"
        if found and clause.also and not found[-1][0].timed and found[-1][0].step == clause.step and _begins_at_a_time(clause):
            found[-1] = (replace(clause, text=found[-1][0].text), found[-1][1])  # "wink and blink at 5 s"
        found.append((clause, instructions))
    found = [(clause, instructions) for clause, instructions in found if not _only_absent(clause, instructions, found)]
    order = sorted({clause.step for clause, _ in found})
    return [(replace(clause, step=order.index(clause.step)), instructions) for clause, instructions in found]


def _begins_at_a_time(clause: Clause) -> bool:
    return clause.start is not None or clause.part is not None or clause.last is not None


def _says_when_for(clause: Clause, other: Clause, instructions: list[Instruction]) -> bool:
    """Whether the time of a clause is also that of another, which is done with it and says no more than how long.

    A word that is said has to stand before both, and what is felt is not felt again and again.
    """
    if not clause.timed or clause.where == "whole" or clause.lies and not clause.leads:
        return False
    if other.timed and (other != replace(other, **_NO_TIME) or not (clause.begins or clause.every is not None)):
        return False
    return not (other.listed and clause.every is not None and _felt(instructions))


def _only_absent(clause: Clause, instructions: list[Instruction], read: list[tuple[Clause, list[Instruction]]]) -> bool:
    """Whether a clause only says that somebody thinks, for whom the eyes go up, and others say at one time where they go."""
    if not _THINKING & set(clause.text.split()) or [getattr(one, "name", "") for one in instructions] != ["look"]:
        return False
    others = (one for other, shown in read for one in shown if other is not clause and other.step == clause.step)
    return any(getattr(one, "name", "") == "look" for one in others)


def _at_once(before: tuple[Clause, list[Instruction]], after: tuple[Clause, list[Instruction]]) -> bool:
    """Whether a comma joins two things that are there at once."""
    (first, shown), (second, others) = before, after
    done = {one.name for one in shown if isinstance(one, Gesture)}
    if not shown or not others or any(isinstance(one, Gesture) and one.name in done and one not in shown for one in others):
        return False  # eyes go one way, and then another
    if _felt(shown) and _felt(others):
        return False  # one feeling after the other
    if all(isinstance(one, Gain) for one in others) or all(isinstance(one, Gain) for one in shown):
        return True
    return (
        _describes(second, _describes(first, False)) or _describes(first, False) and (_felt(shown) or first.text.split()[0].endswith("ing"))
    )


def _felt(instructions: list[Instruction]) -> bool:
    return all(isinstance(one, Emotion) and "mouth" in one.mix.regions for one in instructions)


def _describes(clause: Clause, beside: bool) -> bool:
    """Whether a clause says how a face is and not what it does; `beside` says that the clause before it does."""
    words = [word for word in clause.text.split() if word not in _BEFORE]
    if not words or words[0] in _COUNTING:
        return False
    if words[0].endswith("ing") or words[1:2] and words[1] in _PARTS and (words[0].endswith(("ed", "wn")) or words[0] in _AS_IT_IS):
        return True  # "dropped jaw" is there, "drops her jaw" is done
    return lemma(words[0]) not in DOING - (_NO_DEEDS if beside else frozenset())
