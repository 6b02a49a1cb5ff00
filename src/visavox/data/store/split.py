"""Splits by speaker: nobody who is trained on is validated or tested on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from visavox.errors import OptionError

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """Speakers to train on, to validate on and to test on, each sorted; no speaker is in two."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def among(self, speakers: Iterable[str]) -> "Split":
        """The same split of those that are among `speakers`."""
        there = set(speakers)
        return Split(*(tuple(name for name in getattr(self, part) if name in there) for part in PARTS))


def place_of(name: str, seed: int = 0) -> float:
    """Where a speaker or clip stands in [0, 1): a hash of `seed` and its name, so that it keeps its place whoever comes or goes."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8]) / 2**64


def split_speakers(speakers: list[str], held_out: int, seed: int) -> Split:
    """A split with the `held_out` speakers of the lowest places for validation and those of the highest for test; an OptionError when too
    few are left. One more speaker takes the place of one held-out speaker at most, who is trained on then; nobody else moves."""
    if held_out < 0 or len(speakers) - 2 * held_out < 1:
        raise OptionError(
            f"{held_out} speakers each for validation and test leave {len(speakers) - 2 * held_out} of {len(speakers)} to train on; "
            "hold out fewer"
        )
    placed = sorted(set(speakers), key=lambda speaker: (place_of(speaker, seed), speaker))
    end = len(placed) - held_out
    parts = placed[held_out:end], placed[:held_out], placed[end:]
    return Split(*(tuple(sorted(str(name) for name in part)) for part in parts))


@dataclass(frozen=True)
class SplitRule:
    """How a store splits its speakers: those in `listed` as it says. Of the others a share for validation and for test, by a hash of `seed`
    and the name, so that a speaker keeps its place when others come."""

    validation: float = 0.0
    test: float = 0.0
    seed: int = 0
    listed: Split = Split((), (), ())

    def split(self, speakers: Iterable[str]) -> Split:
        """The split of these speakers; an OptionError when nobody is left to train on, or a listed speaker is in two parts or not there."""
        everybody = sorted(set(speakers))
        part_of = self._listed_parts(everybody)
        parts: dict[str, list[str]] = {name: [] for name in PARTS}
        for speaker in everybody:
            parts[part_of.get(speaker) or self._drawn_part(speaker)].append(speaker)
        if everybody and not parts["train"]:
            raise OptionError(f"none of {len(everybody)} speakers is left to train on; hold out smaller shares, another seed, or list some")
        return Split(*(tuple(parts[name]) for name in PARTS))

    def _listed_parts(self, everybody: list[str]) -> dict[str, str]:
        part_of: dict[str, str] = {}
        for name in PARTS:
            for speaker in getattr(self.listed, name):
                if speaker not in everybody:
                    near = ", ".join(get_close_matches(speaker, everybody, 3) or everybody[:5])
                    raise OptionError(f"speaker {speaker!r}, listed for {name}, is not in the store; it has for example {near}")
                if part_of.setdefault(speaker, name) != name:
                    raise OptionError(f"speaker {speaker!r} is listed for {part_of[speaker]} and for {name}; list it once")
        return part_of

    def _drawn_part(self, speaker: str) -> str:
        place = place_of(speaker, self.seed)
        return "test" if place < self.test else "validation" if place < self.test + self.validation else "train"
