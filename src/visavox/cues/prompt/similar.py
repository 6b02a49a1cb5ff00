"""Words that the rules do not know, by likeness: a clause beside what is known, in three letters at a time, weighed by how rare they are.

This mends spelling and word forms. It is no understanding: what is only faintly like something known is refused.
"""

from collections import Counter
from functools import cached_property
from math import log, sqrt

from visavox.cues.moves import MOVES
from visavox.emotion import EMOTIONS

SURE, APART = 0.62, 0.06  # likeness (cosine) from which a clause is taken for what it resembles, and how much less anything else may be


class Likeness:
    """Known phrases, each with the instruction that it means, and how like one of them a clause is."""

    def __init__(self, meanings: dict[str, str]):
        self.meanings = meanings

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How rare each piece of three letters is among the phrases (inverse document frequency)."""
        found = Counter(piece for phrase in self.meanings for piece in set(_pieces(phrase)))
        return {piece: log((1 + len(self.meanings)) / (1 + count)) + 1 for piece, count in found.items()}

    @cached_property
    def _vectors(self) -> dict[str, dict[str, float]]:
        return {phrase: self._vector(phrase) for phrase in self.meanings}

    def nearest(self, clause: str) -> list[tuple[float, str, str]]:
        """(likeness 0 to 1, phrase, instruction) of the phrases, the likest first."""
        own = self._vector(clause)
        found = [(sum(weight * other.get(piece, 0.0) for piece, weight in own.items()), phrase) for phrase, other in self._vectors.items()]
        return [(likeness, phrase, self.meanings[phrase]) for likeness, phrase in sorted(found, reverse=True)]

    def meant(self, clause: str) -> str | None:
        """The instruction that `clause` means; None where it is not SURE, or nearly as like something else."""
        (first, _, meaning), *others = self.nearest(clause)
        second = next((likeness for likeness, _, other in others if other != meaning), 0.0)
        return meaning if first >= SURE and first - second >= APART else None

    def _vector(self, phrase: str) -> dict[str, float]:
        rare = log(1 + len(self.meanings)) + 1
        counted = {piece: count * self._weights.get(piece, rare) for piece, count in Counter(_pieces(phrase)).items()}
        length = sqrt(sum(value * value for value in counted.values())) or 1.0
        return {piece: value / length for piece, value in counted.items()}


def known_phrases() -> dict[str, str]:
    """The names of moves and emotions, each with the instruction that it is."""
    found = {f"{move.name} {way}".strip(): f"{move.name} {way}".strip() for move in MOVES.values() for way in ("", *move.ways)}
    found |= {f"{name} {way}".strip(): f"{move.name} {named or way}".strip()
              for move in MOVES.values() for name, named in move.names.items() for way in ([""] if named else move.ways)}  # fmt: skip
    return found | {name: name for name in EMOTIONS} | {f"look {name}": name for name in EMOTIONS}


def _pieces(phrase: str) -> list[str]:
    return [f" {word} "[start : start + 3] for word in phrase.split() for start in range(len(word))]
