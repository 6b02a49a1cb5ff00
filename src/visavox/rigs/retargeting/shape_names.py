"""What a face shape of someone else's character means: its name, in any usual spelling, as a sum of our channels.

Known: ARKit (any case, `_L` and `.R`, a prefix such as a mesh name), Oculus and Ready Player Me visemes, VRM 0 and 1 and VRoid,
MetaHuman curves, Character Creator 4, and FACS action units. A meaning is {channel of ARKIT or of VISEME_RIG: gain}.
"""

import re

from visavox.rigs.arkit import SHAPES
from visavox.rigs.visemes import VISEMES

Meaning = dict[str, float]

_SIDED = {  # {} is the side: L or R in the name, Left or Right in the channel
    "eyeBlink": "eyeclose{} eyeclosed{} blink{} closeeye{} au43{} au45{} wink{} fcleyeclose{}",
    "eyeSquint": "eyesquintinner{} au7{} lidtightener{}",
    "eyeWide": "eyewiden{} au5{} upperlidraiser{}",
    "mouthSmile": "mouthcornerpull{} au12{} lipcornerpuller{} smile{}",
    "mouthFrown": "mouthcornerdepress{} au15{} lipcornerdepressor{} frown{}",
    "mouthDimple": "au14{} dimpler{}",
    "mouthStretch": "au20{} lipstretcher{}",
    "mouthPress": "mouthpressu{} mouthpressd{} mouthlipspress{} au24{} lippressor{}",
    "mouthLowerDown": "mouthdownlower{} mouthlowerlipdepress{} au16{} lowerlipdepressor{}",
    "mouthUpperUp": "mouthupupper{} mouthupperlipraise{} au10{} upperlipraiser{}",
    "browDown": "browdrop{} au4{} browlowerer{} fclbrwangry{}",
    "browOuterUp": "browraiseouter{} au2{} outerbrowraiser{}",
    "cheekSquint": "cheekraise{} eyecheekraise{} au6{} cheekraiser{}",
    "noseSneer": "nosewrinkle{} nosewrinkler{} au9{}",
    "eyeLookUp": "eye{}lookup lookup{}", "eyeLookDown": "eye{}lookdown lookdown{}",
}  # fmt: skip
_PLAIN = {  # a channel that knows no sides: the same for a shape of either side, and for one of both
    "jawOpen": "mouthopen au26 au27 jawdrop openmouth mergedopenmouth",
    "jawForward": "jawfwd au29 jawthrust",
    "mouthFunnel": "au22 lipfunneler mouthfunnelup mouthfunneldown mouthfunnelu mouthfunneld",
    "mouthPucker": "au18 lippucker kiss mouthpuckerup mouthpuckerdown mouthlipspurseu mouthlipspursed",
    "mouthRollLower": "mouthrollinlower mouthlowerliprollin mouthlowerlipbite",
    "mouthRollUpper": "mouthrollinupper mouthupperliprollin mouthupperlipbite",
    "mouthShrugLower": "au17 chinraiser jawchinraise mouthchinup jawchinraised",
    "mouthShrugUpper": "jawchinraiseu",
    "mouthClose": "lipstogether mouthlipstogether mouthlipstogetheru mouthlipstogetherd lipsclosed",
    "browInnerUp": "browraiseinner browraisein au1 innerbrowraiser",
    "cheekPuff": "au34 cheekblow mouthcheekblow puff",
    "tongueOut": "au19 tongueshow",
}
_BOTH = {
    "blink": "eyeBlink", "eyesclosed": "eyeBlink", "au43": "eyeBlink", "au45": "eyeBlink", "fcleyeclose": "eyeBlink", "au12": "mouthSmile",
    "mouthsmile": "mouthSmile", "au15": "mouthFrown", "au4": "browDown", "au2": "browOuterUp", "au5": "eyeWide", "au6": "cheekSquint",
    "au7": "eyeSquint", "au9": "noseSneer", "au10": "mouthUpperUp", "au14": "mouthDimple", "au16": "mouthLowerDown",
    "au20": "mouthStretch", "au24": "mouthPress",
}  # fmt: skip
_VOWELS = {  # VRM and VRoid vowels as visemes
    "aa": {"viseme_aa": 1.0, "viseme_kk": 0.5, "viseme_DD": 0.3, "viseme_nn": 0.3},
    "ih": {"viseme_ih": 1.0, "viseme_SS": 0.7, "viseme_DD": 0.3}, "ou": {"viseme_ou": 1.0, "viseme_CH": 0.4, "viseme_FF": 0.15},
    "ee": {"viseme_E": 1.0, "viseme_kk": 0.3, "viseme_nn": 0.2}, "oh": {"viseme_oh": 1.0, "viseme_RR": 0.6},
}  # fmt: skip
_LETTERS = {"a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh"}
_CC_VISEMES = {
    "vopen": {"viseme_aa": 1.0, "viseme_E": 0.4}, "vexplosive": {"viseme_PP": 1.0}, "vdentallip": {"viseme_FF": 1.0},
    "vtighto": {"viseme_oh": 1.0}, "vtight": {"viseme_ou": 1.0, "viseme_RR": 0.5}, "vwide": {"viseme_ih": 1.0, "viseme_SS": 0.5},
    "vaffricate": {"viseme_CH": 1.0}, "vlipopen": {"viseme_DD": 0.6, "viseme_kk": 0.5, "viseme_nn": 0.5},
}  # fmt: skip
_WORDS = {"l": "left", "r": "right", "lft": "left", "rgt": "right", "lf": "left", "rt": "right"}
_SIDE_LETTER = re.compile("[lr]$")  # as in mouthFunnelUL, and in names that lost their capitals
_PREFIXES = re.compile(r"^(ctrlexpressions|expressions|blendshapes?\d*|arkit|face|head|bs|fac|a\d\d|ccbasebody)+")


def meaning(name: str) -> Meaning | None:
    """What a shape called `name` shows, as gains on our channels; None when no spelling fits.

    The last part after a dot, a bar or a colon is tried when the whole does not fit, so that `Face.blendShape1.jawOpen` works.
    """
    for part in (name, re.split(r"[|:]", name)[-1], re.split(r"[.|:]", name)[-1]):
        plain = _plain(part)
        bare = _PREFIXES.sub("", plain)
        for spelled in (plain, bare, _SIDE_LETTER.sub(lambda found: _WORDS[found[0]], bare)):
            if spelled in _TABLE:
                return dict(_TABLE[spelled])
    return None


def _plain(name: str) -> str:
    """`name` in lower case, without separators, its side written out and last: Eye_Blink_L and leftEyeBlink are the same."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", name))
    name = re.sub(r"\b(au)0(?=\d)", r"\1", name.lower().replace("_", " "))
    words = [_WORDS.get(word, word) for word in re.split(r"[^a-z0-9]+", name) if word]
    sides = [word for word in words if word in ("left", "right")]
    if len(sides) == 1 and words != sides:
        words = [word for word in words if word not in sides] + sides
    return "".join(words)


def _table() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {_plain(name): {name: 1.0} for name in SHAPES}
    for side in ("left", "right"):
        for channel, spellings in _SIDED.items():
            for spelling in spellings.split():
                table.setdefault(spelling.replace("{}", "") + side, {channel + side.title(): 1.0})
        for channel, spellings in _PLAIN.items():
            for spelling in (channel.lower(), *spellings.split()):
                table.setdefault(spelling + side, {channel: 1.0})
        table.update({f"mouthpress{where}{side}": {f"mouthPress{side.title()}": 1.0} for where in "ud"})
    for channel, spellings in _PLAIN.items():
        table.update({spelling: {channel: 1.0} for spelling in spellings.split()})
    for spelling, channel in _BOTH.items():
        table[spelling] = {f"{channel}Left": 0.5, f"{channel}Right": 0.5}
    table |= _gaze_by_way() | _CC_VISEMES
    for name in VISEMES:
        for spelling in (f"viseme{name}", f"v{name}", f"vrcv{name}"):
            table[spelling.lower()] = {f"viseme_{name}": 1.0}
    table |= {"visemei": {"viseme_ih": 1.0}, "visemeo": {"viseme_oh": 1.0}, "visemeu": {"viseme_ou": 1.0}}
    for letter, vowel in _LETTERS.items():
        table |= dict.fromkeys((letter, vowel, f"fclmth{letter}", f"mth{letter}", f"vrmmouth{letter}"), _VOWELS[vowel])
    return table


def _gaze_by_way() -> dict[str, Meaning]:
    """eyeLookLeftL and Eye_L_Look_R, which name a way and an eye; `_plain` does not sort two sides."""
    ways = {("left", "left"): "Out", ("right", "left"): "In", ("left", "right"): "In", ("right", "right"): "Out"}
    shown = {(way, eye): {f"eyeLook{how}{eye.title()}": 1.0} for (way, eye), how in ways.items()}
    named = {f"eyelook{way}{eye}": gains for (way, eye), gains in shown.items()}
    return named | {f"eye{eye}look{way}": gains for (way, eye), gains in shown.items()}


_TABLE = _table()
