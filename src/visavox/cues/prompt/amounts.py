"""How much of something, and what is not wanted: "less head movement", "bigger mouth", "don't blink", "never smile".

What people ask of a performance as a whole is more or less of what the face does by itself. So these become gains, and what must not be
felt or shown becomes neutral. Every word has to be known, as in the rest of the reader.
"""

from visavox.cue import Instruction
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gain import LARGEST, Gain
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.prompt.phrases import (
    AWAY,
    BROWS,
    DOWNWARD,
    EMOTIONAL,
    EYES,
    FEELINGS,
    FILLERS,
    HEAD,
    LIGHT,
    LOOK,
    SEEMING,
    SIDES,
    UPWARD,
    VIEWER,
)
from visavox.cues.words import checked, share_of
from visavox.emotion import EMOTIONS, EmotionMix

NOT = frozenset("not no without stop avoid".split())
COMPARING = frozenset("more less fewer bigger larger wider smaller weaker stronger calmer quieter livelier".split())  # than it is
LESS = frozenset("less fewer smaller weaker reduce decrease calmer quieter tone dial calm".split())
MORE = frozenset("huge more bigger larger increase exaggerate exaggerated boost amplify livelier stronger wider".split())
STIRRING = frozenset("move motion motions movement movements moving".split())  # which by themselves are of the head
HALF, DOUBLE = frozenset("half halve halved".split()), frozenset("double doubled twice".split())
A_BIT, MUCH = frozenset("slightly somewhat bit little".split()), frozenset("much strongly far lot way even".split())
LESSENED, HEIGHTENED = (0.75, 0.5, 0.25), (1.25, 1.5, 2.0)  # a little, as it is asked, and much
MOVING = frozenset(
    "move motion motions movement movements moving animation animated animate expressive expressiveness lively energy energetic activity "
    "use intensity amplitude range rate frequency often action active articulation dynamic mobile big large strong alive lifelike vivid "
    "amount".split()
)
AROUND = frozenset(
    "as many down up by half keep overall general all too any anymore than before natural usual usually normal normally now own "
    "at the in of it them everything "
    "is are your please just should must may let to so be have do make give put use want need and or".split()
)
BLINKING, LIDS = frozenset("blink blinks blinking".split()), frozenset("eyelids eyelid lids lid".split())
NODDING = frozenset("nod shake tilt turn lean bow sway bob".split())
SMILING = frozenset("smile smirk grin frown scowl pout laugh grimace smiling expression face emotion emotional".split())
FACE = frozenset("face facial expression expressions emotion emotions emotional".split())
BROWS_MOVE = frozenset("raise lift lower furrow knit arch".split())
OPENING = frozenset("open opens close shut".split())
PUCKERED = frozenset("tongue lip lips mouth nose cheek cheeks together out up".split())
ON_REQUEST = (
    (frozenset("wink squint widen narrow wince roll".split()), "lids"),
    (frozenset("purse pucker press puff wrinkle sneer scrunch yawn gape sigh gasp bite stick lick".split()), "mouth"),
    (frozenset("sway shudder".split()), "cheeks"),
)


def amount(words: list[str]) -> list[Instruction] | None:
    """The instructions of a clause that asks for more, for less or for none of something, its `words` in the form of instructions.

    None when it does not, or not with words that are all known."""
    asked = set(words)
    if asked & NOT - {"no"} or words[:1] == ["no"]:  # "shakes her head no" forbids nothing
        return _forbidden(asked - NOT)
    factor = _factor(words)
    if factor is None:
        return None
    size, rest = factor
    moving = rest & MOVING and not rest - MOVING - FILLERS - LIGHT - AROUND
    group = _group(rest) or (("head" if rest & STIRRING else "expression") if moving else None)
    if group is None or rest - _words_of(group) - MOVING - AROUND - FILLERS - (LIGHT if moving else set()):
        return None
    return [Gain(group, checked(round(size, 3), 0, LARGEST, f"the gain of {group}"))]


def _forbidden(asked: set[str]) -> list[Instruction] | None:
    """What keeps away what is `asked`."""
    known = (
        AROUND
        | FILLERS
        | MOVING
        | {
            "meet",
            "hold",
            "face",
            "bear",
            "keep",
            "muscle",
            "muscles",
            "show",
            "look",
            "at",
            "ever",
            "seem",
            "act",
            "appear",
            "feel",
            "become",
            "get",
            "seeming",
        }
    )
    if asked & (FELT | SMILING - FACE) or asked & FACE and asked & {"show", "expression", "emotion", "emotional"}:
        return [Emotion(EmotionMix({"neutral": 1.0}))] if not asked - FELT - SMILING - known else None
    if asked & BLINKING or asked & EYES and asked & {"close", "shut"}:
        return [Gain("blinks", 0.0)] if not asked - BLINKING - EYES - OPENING - known else None
    ways = AWAY | SIDES | UPWARD | DOWNWARD | {"around"}
    if asked & LOOK - {"eye", "eyes"} or asked & EYES and asked & (VIEWER | ways):
        if asked - LOOK - EYES - VIEWER - ways - known:
            return None
        return [Gesture("look", "away" if asked & VIEWER and not asked & ways else "at camera")]
    if asked & NODDING and not asked - NODDING - HEAD - SIDES - known - {"up", "down"}:
        return [Gain("head", 0.0)]
    for names, still in ON_REQUEST:  # what no face does by itself
        if asked & names and not asked - names - known - EYES - OPENING - PUCKERED:
            return [Gain(still, 1.0)]
    group = _group(asked) or ("head" if asked & MOVING and not asked - known else None)
    if group is None or asked - _words_of(group) - known - (BROWS_MOVE if group == "brows" else set()):
        return None
    return [Gain(group, 0.0)]


FELT = frozenset({*EMOTIONS, *FEELINGS, *EMOTIONAL, *SEEMING})


def _factor(words: list[str]) -> tuple[float, set[str]] | None:
    """How many times as much is asked for, and the words that do not say it; None where none do."""
    asked = set(words)
    shares = [share for word in words if word.endswith("%") and (share := share_of(word)) is not None]
    sized = bool(shares or asked & {"intensity", "amount", "amplitude", "range"})  # "lower the intensity of the brows"
    less, more = (LESS | {"lower"}, MORE | {"raise"}) if sized else (LESS, MORE)
    if asked & {"look", "seem", "act", "be", "get", "stay", "become"} and asked & less == {"calm"}:
        return None  # how somebody seems
    down, up = bool(asked & less), bool(asked & more)
    rest = {word for word in asked - less - more if not word.endswith("%")}
    if down and up or len(shares) > 1:
        return None
    if shares and (asked & COMPARING or "by" in asked) and (down or up):
        return (1 - shares[0] if down else 1 + shares[0]), rest
    if shares:
        return (shares[0], rest) if down or up or asked & MOVING else None
    if asked & HALF and not up:
        return 0.5, rest - HALF
    if asked & DOUBLE and not down and (up or "much" in asked or "many" in asked or not {"twice"} & asked):
        return 2.0, rest - DOUBLE - MUCH
    if not (down or up):
        return None
    step = 0 if asked & A_BIT else 2 if asked & MUCH else 1
    return (LESSENED if down else HEIGHTENED)[step], rest - A_BIT - MUCH


GROUP_WORDS = (
    ("blinks", BLINKING | {"eyes", "eye"}), ("brows", BROWS), ("lips", frozenset({"lip", "lips"})), ("jaw", frozenset({"jaw"})),
    ("mouth", frozenset({"mouth", "mouths", "open"})), ("lids", LIDS), ("gaze", frozenset("gaze glance eyeline eye eyes look".split())),
    ("cheeks", frozenset("cheek cheeks nose".split())), ("head", HEAD | NODDING), ("expression", FACE),
)  # fmt: skip


def _group(asked: set[str]) -> str | None:
    """The one group of channels that is named."""
    found = [name for name, words in GROUP_WORDS if asked & (words - {"blinks": {"eyes", "eye"}, "mouth": {"open"}}.get(name, set()))]
    if found == ["blinks", "gaze"] or found == ["blinks", "lids"]:
        return "blinks"
    return found[0] if len(found) == 1 else None


def _words_of(group: str) -> frozenset[str]:
    return dict(GROUP_WORDS)[group]
