"""The kinds of instruction but free words, in the order in which they are tried. A new one is a file beside this one and an entry here."""

from visavox.cues.kind import Kind
from visavox.cues.kinds.emotion import EmotionKind
from visavox.cues.kinds.gain import GainKind
from visavox.cues.kinds.gesture import GestureKind
from visavox.cues.kinds.guidance import GuidanceKind
from visavox.cues.kinds.key import KeyKind
from visavox.cues.kinds.pose import PoseKind
from visavox.cues.kinds.state import StateKind
from visavox.cues.kinds.style import StyleKind
from visavox.cues.kinds.take import TakeKind

PLAIN: tuple[Kind, ...] = (
    EmotionKind(),
    GainKind(),
    GestureKind(),
    KeyKind(),
    GuidanceKind(),  # before styles: `style guidance 2`
    StyleKind(),
    PoseKind(),
    StateKind(),
    TakeKind(),
)
