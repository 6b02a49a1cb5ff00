"""Emotions: `happy 0.6`, `sad`, `happy 0.6 + surprised 0.3`, `angry 0.5 @ brows`, `neutral`."""

from dataclasses import dataclass

from visavox.cue import Instruction
from visavox.cues.groups import GROUPS, group_named
from visavox.cues.words import checked, nearest, number_text, share_of
from visavox.errors import OptionError

EMOTIONS = ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised", "contemptuous")
ALIKE = {
    "happiness": "happy", "joy": "happy", "joyful": "happy", "cheerful": "happy", "glad": "happy", "delighted": "happy", "sadness": "sad",
    "sorrow": "sad", "sorrowful": "sad", "unhappy": "sad", "anger": "angry", "furious": "angry", "mad": "angry", "fear": "fearful",
    "afraid": "fearful", "scared": "fearful", "frightened": "fearful", "disgust": "disgusted", "surprise": "surprised",
    "astonished": "surprised", "amazed": "surprised", "contempt": "contemptuous", "scornful": "contemptuous", "disdainful": "contemptuous",
}  # fmt: skip
STRONGEST = 1.5


@dataclass(frozen=True)
class Emotion(Instruction):
    """An emotional expression: a `mix` of (name, intensity 0 to 1.5) and the `region` of the face that shows it, None for all of it."""

    mix: tuple[tuple[str, float], ...]
    region: str | None = None


class EmotionKind:
    """One of eight emotions or a mix of them, each with an intensity, in the whole face or a region of it."""

    name = "emotion"
    holds = Emotion
    vocabulary = {name: f"an emotion, intensity 0 to {STRONGEST:g}; joined by +, in a region after @" for name in EMOTIONS}
    examples = ("happy 0.6", "happy 0.6 + surprised 0.3", "angry 0.5 @ brows", "neutral")

    def read(self, text: str) -> Emotion | None:
        """See `Kind.read`."""
        words, at, region = text.lower().partition("@")
        parts = [part.split() for part in words.split("+")]
        if not parts[0] or _emotion(parts[0][0]) is None:
            return None
        mix = []
        for part in parts:
            name, shares = _emotion(part[0]) if part else None, [share_of(word) for word in part[1:]]
            if name is None or len(shares) > 1 or None in shares:
                if not at and len(parts) == 1:
                    return None  # free words that begin like an emotion
                found = " ".join(part) or "nothing"
                raise OptionError(f"{found!r} is no emotion with its intensity{nearest(found, EMOTIONS)}")
            mix.append((name, checked(shares[0] if shares else 1.0, 0, STRONGEST, f"the intensity of {name}")))
        group = group_named(region.strip()) if at else None
        if at and group is None:
            raise OptionError(f"there is no region {region.strip()!r}{nearest(region.strip(), GROUPS)}; regions: {', '.join(GROUPS)}")
        twice = [name for name, _ in mix]
        if len(set(twice)) < len(twice):
            raise OptionError(f"{text.strip()!r} names an emotion twice; name each once")
        return Emotion(tuple(mix), group)

    def write(self, instruction: Emotion) -> str:
        """See `Kind.write`."""
        words = " + ".join(name if share == 1 else f"{name} {number_text(share)}" for name, share in instruction.mix)
        return f"{words} @ {instruction.region}" if instruction.region else words

    def explain(self, instruction: Emotion) -> str:
        """See `Kind.explain`."""
        parts = [f"{name} at {100 * share:.0f} %" if name != "neutral" else "neutral" for name, share in instruction.mix]
        where = f"the {instruction.region} look" if instruction.region else "the face looks"
        return f"{where} {' and '.join(parts)}"


def _emotion(word: str) -> str | None:
    return word if word in EMOTIONS else ALIKE.get(word)
