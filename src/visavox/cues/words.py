"""The small words of instructions: how fast, how strongly, how often, how far; and numbers as people write them."""

import re
from dataclasses import dataclass

from visavox.errors import OptionError

SPEEDS = {"slowly": 0.6, "quickly": 1.6}  # times as fast
STRENGTHS = {"slightly": 0.5, "strongly": 1.5}  # times as far
COUNTS = {"once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ALIKE = {
    "slow": "slowly", "calmly": "slowly", "leisurely": "slowly", "unhurriedly": "slowly", "lazily": "slowly", "gradually": "slowly",
    "quick": "quickly", "fast": "quickly", "rapidly": "quickly", "briskly": "quickly", "swiftly": "quickly", "hastily": "quickly",
    "suddenly": "quickly", "sharply": "quickly",
    "slight": "slightly", "subtle": "slightly", "small": "slightly", "tiny": "slightly", "minimal": "slightly",
    "gently": "slightly", "softly": "slightly", "lightly": "slightly", "subtly": "slightly", "faintly": "slightly",
    "mildly": "slightly", "barely": "slightly", "timidly": "slightly", "shyly": "slightly",
    "strong": "strongly", "deeply": "strongly", "vigorously": "strongly", "firmly": "strongly", "hard": "strongly",
    "emphatically": "strongly",
    "energetically": "strongly", "broadly": "strongly", "widely": "strongly", "heavily": "strongly", "clearly": "strongly",
    "very": "strongly",
}  # fmt: skip
# the same of a noun, "three sharp nods"
ALIKE |= {word: ALIKE[f"{word}ly"] for word in "brisk swift rapid sudden sharp vigorous firm soft light".split()} | {"gentle": "slightly"}
MOST_TIMES = 20
STRONGEST = 2.25
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_TOKEN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:deg(?:rees?)?\b|°|x\b|%)?|[^\W\d_][\w'-]*|\S")


def tokens(text: str) -> list[str]:
    """The words and numbers of `text` in lower case; a unit stays with its number, every other sign is a token of its own."""
    return _TOKEN.findall(text.lower())


def number_of(text: str) -> float | None:
    """The number that `text` is, to a thousandth; None for anything else."""
    return round(float(text), 3) if len(text) <= 20 and _NUMBER.fullmatch(text) else None


def share_of(text: str) -> float | None:
    """A number, or a percentage as its share of 1; None for anything else."""
    if text.endswith("%"):
        found = number_of(text[:-1].strip())
        return None if found is None else round(found / 100, 5)
    return number_of(text)


def number_text(value: float) -> str:
    """A number as cues write it: at most three places after the point, none that say nothing."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def checked(value: float, low: float, high: float, what: str) -> float:
    """`value`, within [low, high]; an OptionError that says what it is otherwise."""
    if not low <= value <= high:
        raise OptionError(f"{what} {value:g} is not within {low:g} to {high:g}")
    return value


@dataclass(frozen=True)
class Manner:
    """How something is done: `speed` and `strength` times as usual, `times` in a row and by so many `degrees`, None for the usual."""

    speed: float = 1.0
    strength: float = 1.0
    times: int | None = None
    degrees: float | None = None


def read_manner(given: list[str], counted: bool, turned: bool) -> Manner | str:
    """How the tokens `given` say that something is done, or the first of them that does not say it.

    A bare number counts where something is `counted`, or turns by degrees where something is `turned` and it is above 3; else it is a
    strength.
    """
    speed, strength, times, degrees = 1.0, 1.0, None, None
    waiting = list(given)
    while waiting:
        word = waiting.pop(0)
        plain, following = ALIKE.get(word, word), waiting[0] if waiting else ""
        number = COUNTS.get(word, number_of(word.removesuffix("x")) if not word.endswith("%") else share_of(word))
        if plain in SPEEDS:
            if (speed - 1) * (SPEEDS[plain] - 1) < 0 or abs(speed - 1) > 1:
                return word  # slowly and quickly at once, or too often
            speed = round(speed * SPEEDS[plain], 4)
        elif plain in STRENGTHS:
            strength *= STRENGTHS[plain]
        elif turned and (found := _degrees(word, following)) is not None:
            degrees = found
            waiting = waiting[1:] if following in _UNITS else waiting
        elif number is None:
            return word
        elif following in ("times", "time") or word in COUNTS or word.endswith("x") or (counted and _is_count(word, number)):
            if not counted:
                return word
            times = int(checked(number, 1, MOST_TIMES, "the number of times"))
            waiting = waiting[1:] if following in ("times", "time") else waiting
        elif turned and number > 3:
            degrees = number
        else:
            strength *= checked(number, 0, 2, "the strength")
    return Manner(speed, min(round(strength, 3), STRONGEST), times, degrees)


def _is_count(word: str, number: float) -> bool:
    return number >= 1 and number == int(number) and not word.endswith("%")


_UNITS = ("degrees", "degree", "deg", "°")


def _degrees(word: str, following: str) -> float | None:
    for unit in _UNITS:
        if word.endswith(unit):
            return number_of(word[: -len(unit)])
    return number_of(word) if following in _UNITS else None


def manner_text(manner: Manner) -> str:
    """What `read_manner` reads back as `manner`."""
    words = []
    if manner.degrees is not None:
        words.append(f"{number_text(manner.degrees)} deg")
    if manner.times is not None:
        words.append("once" if manner.times == 1 else f"{manner.times} times")
    words += _factors(manner.speed, SPEEDS)
    words += _factors(manner.strength, STRENGTHS) or _strength(manner.strength)
    return " ".join(words)


def _strength(value: float) -> list[str]:
    """A strength as a number, or where that would count as a percentage."""
    if value == 1:
        return []
    return [f"{100 * value:g}%" if value >= 1 and value == int(value) else number_text(value)]


def _factors(value: float, words: dict[str, float]) -> list[str]:
    """The word, said once or more, that comes to `value`."""
    for word, factor in words.items():
        for times in (1, 2, 3):
            if abs(factor**times - value) < 1e-3:
                return [word] * times
    return []
