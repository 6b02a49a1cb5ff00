"""How face shapes are called, family by family: the table of spellings from which `shape_names` reads a name.

Families: ARKit, MetaHuman curves, Character Creator 3 and 4, VRM and VRoid, Oculus and Ready Player Me visemes, FACS action units,
faceshift and FaceWarehouse, Daz (facs_ and eCTRL), VRCFaceTracking and Quest, MikuMikuDance. Spellings are in lower case without
separators.
"""

from dataclasses import dataclass
from functools import cache

from visavox.rigs.arkit import SHAPES
from visavox.rigs.visemes import VISEMES

Meaning = dict[str, float]
SIDES = ("left", "right")
ROWS = {"^": "upper", "_": "lower"}  # behind a spelling: the shape moves this lip or lid alone, and another does the rest


@dataclass(frozen=True, eq=False)
class Shown:
    """What a spelling stands for: `gains` on our channels, and the `cells` of the face that it moves, each (what, side, row).

    `rank` counts the spellings of the same thing that come before it, ARKit's own (`own`) being first; `family` is "shape", or that of a
    viseme.
    """

    gains: Meaning
    cells: frozenset[tuple[str, str, str]]
    rank: int
    own: bool = False
    family: str = "shape"


SIDED = {  # a channel that ends in Left or Right: its spellings, before the side; without a side they mean both
    "eyeBlink": "eyeclose eyeclosed eyesclosed eyesclose blink closeeye closeeyes eyesblink au43 au45 wink fcleyeclose",
    "eyeSquint": "eyesquintinner eyessquint au7 lidtightener squint",
    "eyeWide": "eyewiden eyeopen eyeswide au5 upperlidraiser fcleyespread eyelidopenupper^ eyelidopenlower_",
    "eyeLookUp": "eyeup lookup eyeslookup eyesup", "eyeLookDown": "eyedown lookdown eyeslookdown eyesdown",
    "eyeLookIn": "eyein", "eyeLookOut": "eyeout",
    "mouthSmile": "mouthcornerpull au12 lipcornerpuller smile mouthsmilesimple",
    "mouthFrown": "mouthcornerdepress au15 lipcornerdepressor frown mouthsad",
    "mouthDimple": "au14 dimpler",
    "mouthStretch": "au20 lipstretcher lipsstretch lipstretch",
    "mouthPress": "mouthlipspress au24 lippressor mouthpressu^ mouthpressd_ mouthpressupper^ mouthpresslower_",
    "mouthLowerDown": "mouthdownlower mouthlowerlipdepress au16 lowerlipdepressor lipslowerdown mouthbottomlipdown lipsloweropen",
    "mouthUpperUp": "mouthupupper mouthupperlipraise au10 upperlipraiser lipsupperup mouthtoplipup lipsupperopen",
    "browDown": "browdrop browsdown browsd au4 browlowerer fclbrwangry",
    "browOuterUp": "browraiseouter browsu au2 outerbrowraiser browraise browup browsup",
    "cheekSquint": "cheekraise eyecheekraise au6 cheekraiser",
    "noseSneer": "nosewrinkle nosewrinkler au9 sneer",
    "jaw": "jawsideways jawside", "mouth": "mouthsideways mouthside",
}  # fmt: skip
PLAIN = {  # a channel that knows no sides: a spelling with a side moves that half of it
    "jawOpen": "mouthopen au26 au27 jawdrop openmouth openjaw mergedopenmouth mouthopening",
    "jawForward": "jawfwd au29 jawthrust jawout",
    "mouthFunnel": "au22 lipfunneler lipsfunnel lipfunnel mouthfunnelup^ mouthfunneldown_ mouthfunnelu^ mouthfunneld_"
    " mouthfunnelupper^ mouthfunnellower_ lipfunnelupper^ lipfunnellower_",
    "mouthPucker": "au18 lippucker lipspucker kiss mouthkiss mouthpout mouthpuckerup^ mouthpuckerdown_ mouthlipspurseu^ mouthlipspursed_"
    " mouthpurseupper^ mouthpurselower_ lippuckerupper^ lippuckerlower_",
    "mouthRollLower": "mouthrollinlower mouthlowerliprollin lipslowerclose lipsucklower mouthlowerlipbite",
    "mouthRollUpper": "mouthrollinupper mouthupperliprollin lipsupperclose lipsuckupper mouthupperlipbite",
    "mouthShrugLower": "au17 chinraiser chinlowerraise mouthraiserlower jawchinraise jawchinraised mouthchinup chinraise",
    "mouthShrugUpper": "jawchinraiseu chinupperraise mouthraiserupper",
    "mouthClose": "lipstogether mouthlipstogether lipstoward lipsclosed mouthclosed mouthlipstogetheru^ mouthlipstogetherd_"
    " mouthcloseupper^ mouthcloselower_",
    "browInnerUp": "browraiseinner browsraiseinner browraisein browsuc au1 innerbrowraiser browsinnerup",
    "cheekPuff": "au34 cheekblow mouthcheekblow cheekspuff puff",
    "tongueOut": "au19 tongueshow",
}
NEITHER = ("jaw", "mouth")  # without a side these mean something else
VOWELS = {  # VRM and VRoid vowels as visemes
    "aa": {"viseme_aa": 1.0, "viseme_kk": 0.5, "viseme_DD": 0.3, "viseme_nn": 0.3},
    "ih": {"viseme_ih": 1.0, "viseme_SS": 0.7, "viseme_DD": 0.3}, "ou": {"viseme_ou": 1.0, "viseme_CH": 0.4, "viseme_FF": 0.15},
    "ee": {"viseme_E": 1.0, "viseme_kk": 0.3, "viseme_nn": 0.2}, "oh": {"viseme_oh": 1.0, "viseme_RR": 0.6},
}  # fmt: skip
LETTERS = {"a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh"}
CREATOR_3 = {"open": "vopen", "tight": "vtight", "wide": "vwide"}  # Character Creator 3's names for sounds, which elsewhere are mere words
LONE = frozenset([*LETTERS, *VOWELS, *CREATOR_3])  # what means a sound only where nothing else stands in the name
CREATOR_VISEMES = {
    "vopen": {"viseme_aa": 1.0, "viseme_E": 0.4}, "vexplosive": {"viseme_PP": 1.0}, "vdentallip": {"viseme_FF": 1.0},
    "vtighto": {"viseme_oh": 1.0}, "vtight": {"viseme_ou": 1.0, "viseme_RR": 0.5}, "vwide": {"viseme_ih": 1.0, "viseme_SS": 0.5},
    "vaffricate": {"viseme_CH": 1.0}, "vlipopen": {"viseme_DD": 0.6, "viseme_kk": 0.5, "viseme_nn": 0.5},
}  # fmt: skip
MIKU_MIKU_DANCE = {  # by channel: without a side they mean both; the winks are named from the model's own left
    "eyeBlink": "まばたき 瞬き 笑い",
    "eyeBlinkLeft": "ウィンク2 ウィンク ウインク2 ウインク",
    "eyeBlinkRight": "ウィンク2右 ウィンク右 ウインク2右 ウインク右",
    "eyeWide": "びっくり",
    "eyeSquint": "じと目",
    "mouthSmile": "口角上げ にっこり にやり",
    "mouthFrown": "口角下げ",
    "mouthStretch": "口横広げ",
    "browDown": "怒り 下",
    "browOuterUp": "上",
    "browInnerUp": "困る",
    "tongueOut": "べー ぺろっ",
}
VISEME_ALIASES = {  # behind "viseme" or "v": Ready Player Me's and Daz's
    "i": "ih", "o": "oh", "u": "ou", "m": "PP", "f": "FF", "t": "DD", "k": "kk", "sh": "CH", "s": "SS", "er": "RR", "eh": "E", "ee": "ih",
    "iy": "ih", "ow": "oh", "uw": "ou", "w": "ou",
}  # fmt: skip


def cells_of(channel: str, side: str = "", row: str = "") -> frozenset[tuple[str, str, str]]:
    """The cells of the face that `channel` moves: its own side or both, and both rows, unless `side` and `row` say less."""
    own = next((each for each in SIDES if channel.lower().endswith(each) and channel not in ("jawLeft", "jawRight", *_ACROSS)), "")
    sides = (own or side,) if own or side else SIDES
    return frozenset((channel, each, line) for each in sides for line in ((row,) if row else ROWS.values()))


_ACROSS = ("mouthLeft", "mouthRight")  # ways to go, not halves of a face


@cache
def table() -> dict[str, Shown]:
    """Every spelling that is known, the side written out and last."""
    found: dict[str, Shown] = {}
    for channel in SHAPES:
        found[plain_channel(channel)] = Shown({channel: 1.0}, cells_of(channel), 0, own=True)
    for channel, spellings in SIDED.items():
        for rank, (spelling, row) in enumerate(map(_row, (channel.lower(), *spellings.split()))):
            _enter_sided(found, channel, spelling, row, rank)
    for channel, spellings in PLAIN.items():
        for rank, (spelling, row) in enumerate(map(_row, (channel.lower(), *spellings.split()))):
            found.setdefault(spelling, Shown({channel: 1.0}, cells_of(channel, "", row), rank))
            for side in SIDES:
                found.setdefault(spelling + side, Shown({channel: 1.0}, cells_of(channel, side, row), rank))
    for spelling, gains in _gaze_by_way().items():
        found.setdefault(spelling, Shown(gains, frozenset().union(*map(cells_of, gains)), 1))
    return found | _visemes()


def plain_channel(channel: str) -> str:
    """The name of a channel of ours as the table spells it."""
    return channel.lower()


def _row(spelling: str) -> tuple[str, str]:
    return (spelling[:-1], ROWS[spelling[-1]]) if spelling[-1] in ROWS else (spelling, "")


def _enter_sided(found: dict[str, Shown], channel: str, spelling: str, row: str, rank: int) -> None:
    both = {f"{channel}{side.title()}": 0.5 for side in SIDES}
    for side in SIDES:
        name = f"{channel}{side.title()}"
        found.setdefault(spelling + side, Shown({name: 1.0}, cells_of(name, "", row), rank))
    if channel not in NEITHER:
        found.setdefault(spelling, Shown(both, frozenset().union(*(cells_of(name, "", row) for name in both)), rank))


def _gaze_by_way() -> dict[str, Meaning]:
    """Spellings that name a way and an eye (eyeLookLeftL, Eye_L_Look_R), or a way for both eyes (eyesLookLeft)."""
    ways = {("left", "left"): "Out", ("right", "left"): "In", ("left", "right"): "In", ("right", "right"): "Out"}
    shown = {(way, eye): {f"eyeLook{how}{eye.title()}": 1.0} for (way, eye), how in ways.items()}
    named = {f"eyelook{way}{eye}": gains for (way, eye), gains in shown.items()}
    named |= {f"eye{eye}look{way}": gains for (way, eye), gains in shown.items()}
    for way in SIDES:
        both = {channel: 0.5 for eye in SIDES for channel in shown[way, eye]}
        named |= dict.fromkeys((f"eyeslook{way}", f"eyes{way}", f"look{way}"), both)
    return named


def _visemes() -> dict[str, Shown]:
    """The shapes of sounds; what two of them have in common is no cell, but the sound."""
    found = {}
    for name in VISEMES:
        for rank, spelling in enumerate((f"viseme{name}", f"v{name}", f"vrcv{name}")):
            found[spelling.lower()] = _sound({f"viseme_{name}": 1.0}, "viseme", name, rank)
    for rank, (alias, name) in enumerate(VISEME_ALIASES.items(), start=3):
        for spelling in (f"viseme{alias}", f"v{alias}"):
            found.setdefault(spelling, _sound({f"viseme_{name}": 1.0}, "viseme", name, rank))
    for letter, vowel in LETTERS.items():
        spellings = (vowel, letter, f"fclmth{letter}", f"mth{letter}", f"vrmmouth{letter}", f"mouth{letter}")
        for rank, spelling in enumerate(spellings):
            found[spelling] = _sound(VOWELS[vowel], "vowel", vowel, rank)
    for spelling, gains in CREATOR_VISEMES.items():
        for rank, each in enumerate((spelling, spelling[1:])):  # without its v in Character Creator 3
            found[each] = _sound(gains, "creator", spelling, rank)
    return found


@cache
def japanese() -> dict[str, Shown]:
    """What the names stand for that models for MikuMikuDance have, width of letters and kana made even (NFKC)."""
    found = {name: _sound(VOWELS[LETTERS[letter]], "vowel", LETTERS[letter], 9) for name, letter in zip("あいうえお", "aiueo", strict=True)}
    for channel, names in MIKU_MIKU_DANCE.items():
        sides = [f"{channel}{side.title()}" for side in SIDES] if channel in SIDED else [channel]
        for rank, name in enumerate(names.split(), 9):
            found[name] = Shown(dict.fromkeys(sides, 1 / len(sides)), frozenset().union(*map(cells_of, sides)), rank)
    return found


def _sound(gains: Meaning, family: str, name: str, rank: int) -> Shown:
    return Shown(gains, frozenset({(family, name, "")}), rank, family=family)
