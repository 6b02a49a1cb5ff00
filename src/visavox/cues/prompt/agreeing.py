"""Whether what a clause is taken for has to do with what it names: a wrong face is worse than a refusal.

Rules look for a few words and pass others over. So of what they find it is asked again: is the part of the face that is named the one
that moves, and does something go to the side that is named?
"""

import re

from visavox.cue import Instruction
from visavox.cues.kinds.emotion import EmotionKind
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.prompt.phrases import BROWS, EYES, MOUTH, SEEMS, SIDES

# the part that a word names, and the moves that move it
_OF = (
    (MOUTH | {"jaw"}, "smile frown purse press open bite tremble stick puff breathe wrinkle"),
    (BROWS, "brows frown widen squint wrinkle"),
    (frozenset("head neck".split()), "nod shake turn tilt sway lean shudder"),
    (EYES - {"glance"}, "look blink wink close widen squint roll brows turn"),
    (frozenset("nose nostrils".split()), "wrinkle breathe"),
    (frozenset("cheek cheeks".split()), "puff smile wrinkle bite squint"),
)
_MOVED_BY = tuple((words, frozenset(moves.split())) for words, moves in _OF)
_SIDED = frozenset("look turn tilt lean smile wink brows roll".split())


_TELLING = frozenset(("smile", "frown", "squint", "press lips"))  # which show by themselves what is felt
_NOT_A_FACE = frozenset("light lights lighting lamp background zoom volume music sound tv page car wheel".split())
_CAMERA = re.compile(r"(?:the )?(?:camera|shot|frame|picture|view|lens) (?!left|right)[a-z]+")
_BOTH_EYES = frozenset(("close eyes", "widen eyes", "squint"))


def agrees(text: str, found: list[Instruction]) -> bool:
    """Whether the instructions `found` move a part that the words of `text` name, if any, and go to a side that they name, if any does."""
    words, moved = set(text.split()), [one for one in found if isinstance(one, Gesture)]
    if moved and (_NOT_A_FACE & words or _CAMERA.match(text)):
        return False  # "turn the lights down"
    if len(moved) < len(found) or not moved:
        return True  # what is felt shows everywhere, and a gain has its group by name
    if "eye" in words and words & SIDES and any(one.name in _BOTH_EYES for one in moved):
        return False  # one eye alone winks, and nothing else
    parts = [moves for named, moves in _MOVED_BY if words & named]
    if parts and not any(one.name.split()[0] in moves for one in moved for moves in parts):
        return False
    sides = words & SIDES
    sided = {one.way.split()[-1] for one in moved if one.way and one.way.split()[-1] in SIDES}
    return not (len(sides) == 1 and not sided and any(one.name.split()[0] in _SIDED for one in moved))


def seen_in(done: list[Instruction], words: list[str]) -> list[Instruction]:
    """What somebody feels who does a thing in some way, "a bored look", "disappointed sigh", where the deed does not show it."""
    if any(not isinstance(one, Gesture) or one.name in _TELLING for one in done):
        return []
    shown = next((move.split(";")[0] for word in words for move, seeming in SEEMS if word in seeming.split()), "")
    felt = EmotionKind().read(shown)
    return [felt] if felt else []
