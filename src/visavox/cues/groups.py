"""Groups of channels by the names that people use, in gains and after the `@` of an emotion."""

from visavox.rig import Rig
from visavox.rigs.arkit import BLINKS, BROWS, CHEEKS_AND_NOSE, EYELIDS, GAZE, HEAD, JAW, MOUTH

# mouthClose undoes the jaw, so it goes with the jaw: lips that a smaller jaw leaves shut would press into one another
_JAW = (*JAW, "mouthClose")
_LIPS = tuple(name for name in MOUTH if name != "mouthClose")

GROUPS = {
    "lips": _LIPS,
    "jaw": _JAW,
    "mouth": (*_JAW, *_LIPS, "tongueOut"),
    "brows": BROWS,
    "cheeks": CHEEKS_AND_NOSE,
    "lids": EYELIDS,
    "blinks": BLINKS,
    "gaze": GAZE,
    "eyes": (*EYELIDS, *GAZE),
    "head": HEAD,
    "expression": (*_JAW, *_LIPS, "tongueOut", *BROWS, *CHEEKS_AND_NOSE, *EYELIDS),
}
MEANINGS = {
    "lips": "the lips, without the jaw",
    "jaw": "the jaw",
    "mouth": "jaw, lips and tongue",
    "brows": "the brows",
    "cheeks": "cheeks and nose",
    "lids": "the eyelids",
    "blinks": "blinks",
    "gaze": "where the eyes look",
    "eyes": "lids and gaze",
    "head": "the head's turns, which the eyes go on undoing to hold their target",
    "expression": "the whole face but head and gaze",
}
ALIKE = {
    "lip": "lips", "brow": "brows", "eyebrows": "brows", "eyebrow": "brows", "eyelids": "lids", "face": "expression",
    "blinking": "blinks", "eye": "eyes", "cheek": "cheeks", "nose": "cheeks", "expressions": "expression",
}  # fmt: skip


def group_named(word: str) -> str | None:
    """The name of the group that a word means; None for other words."""
    return word if word in GROUPS else ALIKE.get(word)


def channels_of(group: str, rig: Rig) -> tuple[str, ...]:
    """The names of the channels of `group` that `rig` has."""
    return tuple(name for name in GROUPS[group] if name in rig)
