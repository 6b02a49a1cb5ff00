"""Times that the voice gives, its pauses and accents, and feelings that come or go bit by bit."""

import warnings
from collections.abc import Callable
from dataclasses import replace

from visavox.cue import Cue
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.word import spans_of
from visavox.cues.prompt.sentence import HELD, TO_THE_END, Clause
from visavox.emotion import EmotionMix
from visavox.errors import OptionError, VisavoxWarning

Pauses = Callable[[], list[tuple[float, float]]]  # tells (start, end) in seconds of the pauses of the recording
Accents = Callable[[], list[float]]  # tells the seconds at which its voice stands out
Words = Callable[[], list[tuple[float, float, str]]]  # tells (start, end, word) of what is said
BEFORE_ACCENT, AT_ACCENT = 0.25, 0.6  # seconds before an accent at which something begins, and that it lasts
AT_A_WORD, AT_ITS_END = 0.7, 0.3  # seconds that something at a short word lasts, and before the end of a sentence that its end is
LEAST_SENTENCE = 0.3  # seconds
UNHEARD = 2.0  # seconds from one to the next where nobody knows the voice
STEPS, LEAST_GROWN = (0.3, 0.55, 0.8, 1.0), 1.5  # of a feeling that grows, and seconds of a span in which one can


def at_the_voice(clause: Clause, start: float, end: float, voice: tuple[Pauses | None, Accents | None, Words | None]) -> list[Clause]:
    """The clause once for each pause, accent, sentence or word that it names and `voice` tells of; an OptionError where nothing tells it.

    One that names a word stays as it is where nobody knows what is said.
    """
    pauses, accents, words = voice
    if end <= start or not (clause.pause or clause.lies):
        return [clause]
    if clause.word:
        return [clause] if words is None else _at_words(clause, start, end, words())
    if clause.lies:
        return _at_sentences(clause, start, end, pauses)
    if clause.pause == "accent":
        return _at_accents(clause, start, end, accents)
    first = _at_a_pause(clause, start, end, pauses)
    if clause.pause != "each" or pauses is None:
        return [first]
    inside = [(begins, min(ends, end)) for begins, ends in pauses() if start < begins < end]
    lasting = [clause.lasting or round(ends - begins, 3) for begins, ends in inside]
    return [replace(clause, start=round(at - start, 3), lasting=long, fills=False) for (at, _), long in zip(inside, lasting, strict=True)]


def _at_words(clause: Clause, start: float, end: float, words: list[tuple[float, float, str]]) -> list[Clause]:
    """The clause at each time that its word is said between `start` and `end`, or at one of them."""
    found = [(begins, ends) for begins, ends in spans_of(clause.word, words) if begins < end and ends > start]
    if not found:
        raise OptionError(f"the word {clause.word!r} is not said from {start:g} to {end:g} s; check the transcript")
    return [_lying(clause, (begins - start, ends - start), end - start) for begins, ends in _which(found, clause.which)]


def _at_sentences(clause: Clause, start: float, end: float, pauses: Pauses | None) -> list[Clause]:
    """The clause at each sentence, or at one of them, taken for what is said from one pause to the next."""
    if pauses is None:
        raise OptionError(f"{clause.text[:60]!r} waits for a sentence, which only a whole recording tells; give a time in seconds")
    inside = [(begins, min(ends, end)) for begins, ends in pauses() if start < begins < end]
    borders = list(zip([start, *(ends for _, ends in inside)], [*(begins for begins, _ in inside), end], strict=True))
    found = [(begins, ends) for begins, ends in borders if ends - begins > LEAST_SENTENCE]
    chosen = _which(found, clause.which)
    if not chosen:
        there = f"waits for sentence {clause.which}, and of those there are {len(found)}"
        raise OptionError(f"{clause.text[:60]!r} {there}; give a time in seconds")
    return [_lying(clause, (begins - start, ends - start), end - start) for begins, ends in chosen]


def _which(found: list[tuple[float, float]], which: str) -> list[tuple[float, float]]:
    """Those of `found` that are meant: "first", "last", a number, or all."""
    if which.isdigit():
        return found[int(which) - 1 : int(which)]
    return {"first": found[:1], "last": found[-1:]}.get(which, found)


def _lying(clause: Clause, span: tuple[float, float], whole: float) -> Clause:
    """The clause with the time that lies so to a `span` of what is said, in seconds of the `whole`."""
    begins, ends = span
    free = replace(clause, word="", lies="", which="", where="")
    if clause.lies == "until":
        return replace(free, start=0.0, end=begins)
    if clause.lies == "ahead":
        return replace(free, start=round(max(begins - HELD, 0.0), 3), end=round(begins, 3))
    if clause.lies in ("past", "end", "from"):
        first = min(begins if clause.lies == "from" else ends - (AT_ITS_END if clause.lies == "end" else 0), whole - AT_ITS_END)
        last = TO_THE_END if clause.lies == "from" and clause.lasting is None else clause.end
        return replace(free, start=round(max(first, 0.0), 3), end=last)
    if clause.lies == "middle":
        begins = (begins + ends) / 2
    lasting = AT_A_WORD if clause.lies in ("start", "middle") else max(ends - begins, AT_A_WORD)
    fills = clause.lasting is not None or clause.lies == "all"
    return replace(free, start=round(begins, 3), lasting=clause.lasting or round(lasting, 3), fills=fills)


def _at_accents(clause: Clause, start: float, end: float, accents: Accents | None) -> list[Clause]:
    """The clause at each accent, or every 2 s where nobody knows the voice before it speaks, which is said."""
    if accents is None:
        warnings.warn(
            f"{clause.text[:60]!r} waits for stressed words, which only a recording tells: done every 2 s", VisavoxWarning, stacklevel=2
        )
        return [replace(clause, pause="", every=UNHEARD)]
    inside = [time for time in accents() if start < time < end]
    if not inside:
        raise OptionError(
            f"{clause.text[:60]!r} waits for stressed words, and no voice stands out from {start:g} to {end:g} s; give a time"
        )
    begins = [round(max(time - BEFORE_ACCENT, start) - start, 3) for time in inside]
    return [replace(clause, start=first, lasting=AT_ACCENT) for first in begins]


def _at_a_pause(clause: Clause, start: float, end: float, pauses: Pauses | None) -> Clause:
    """The clause with the time of the first pause between `start` and `end`; an OptionError where that is not known."""
    asked = f"{clause.text[:60]!r} waits for a pause"
    if pauses is None:
        raise OptionError(f"{asked}, which only a whole recording tells; give a time in seconds")
    found = next((pause for pause in pauses() if start < pause[0] < end), None)
    if found is None:
        raise OptionError(f"{asked}, and there is none from {start:g} to {end:g} s; give a time in seconds")
    begins, ends = (round(min(time, end) - start, 3) for time in found)
    if clause.pause == "until":
        return replace(clause, where=clause.where or "start", end=begins)
    return (
        replace(clause, start=begins, lasting=clause.lasting or ends - begins, fills=clause.lasting is not None)
        if clause.pause in ("at", "each")
        else replace(clause, start=ends)
    )


def grown(cues: list[Cue], clause: Clause) -> list[Cue]:
    """`cues` in which a feeling that comes or goes bit by bit, as the `clause` says, does so in steps."""
    if not clause.grows:
        return cues
    return [step for cue in cues for step in _steps(cue, STEPS if clause.grows > 0 else STEPS[::-1])]


def _steps(cue: Cue, shares: tuple[float, ...]) -> list[Cue]:
    one = cue.instruction
    if not isinstance(one, Emotion) or cue.end - cue.start < LEAST_GROWN or set(one.mix.intensities) == {"neutral"}:
        return [cue]
    length, found = (cue.end - cue.start) / len(shares), []
    for number, share in enumerate(shares):
        mix = EmotionMix({name: round(value * share, 3) for name, value in one.mix.intensities.items()}, one.mix.regions)
        begins = round(cue.start + number * length, 3)
        ends = cue.end if number + 1 == len(shares) else round(begins + length, 3)
        found.append(replace(cue, start=begins, end=ends, instruction=Emotion(mix)))
    return found
