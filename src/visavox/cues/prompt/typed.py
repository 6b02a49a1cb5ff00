"""A prompt as people type it, in signs and short forms, written out in words: "ur", "->", "smile:0.4", "x3", ";)"."""

import re

from visavox.cues.prompt.spelling import mended
from visavox.rigs.arkit import ARKIT

_SHORT = {
    "u": "you", "ur": "your", "yr": "your", "em": "them", "'em": "them", "n": "and", "w": "with", "w/": "with", "lil": "little",
    "lotta": "lot of", "gonna": "going to", "wanna": "want to", "gotta": "have to", "kinda": "slightly", "kindof": "slightly",
    "sorta": "slightly", "somewhat": "slightly", "cuz": "because", "cos": "because", "bc": "because", "shes": "she is", "hes": "he is",
    "theyre": "they are", "youre": "you are", "its": "its", "im": "i am", "id": "i'd", "theres": "there is", "dunno": "", "tho": "",
    "thru": "through", "til": "until", "till": "until", "abt": "about", "rly": "really", "v": "very", "pls": "please", "plz": "please",
    "plss": "please", "sry": "sorry",
    "omg": "", "idk": "", "lmao": "", "haha": "", "lol": "", "yk": "", "btw": "",
    "af": "", "asf": "", "rn": "", "tbh": "", "ngl": "", "imo": "", "asap": "", "fr": "",
    "dont": "don't", "doesnt": "doesn't", "cant": "can't",
    "wont": "won't", "didnt": "didn't", "isnt": "isn't", "shouldnt": "shouldn't", "lefty": "left", "vs": "and", "approx": "about",
    "&": "and", "+": "and", "alot": "a lot", "abit": "a bit", "infront": "in front", "lookin": "looking", "nothin": "nothing",
    "kind-of": "slightly", "sort-of": "slightly",
}  # fmt: skip
_NUMBERS = {"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60}
_FACES = re.compile(r"(?<!\w)[:;=8xX]['’]?-?[)(DPpoO/|\]\[*]+(?!\w)|(?<!\w)<3|\^_\^|xD\b|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
_NAMED = re.compile(
    r"\b([a-z][a-z _-]*?)\s*(?::\s*\(?\s*([+-]?\d+(?:\.\d+)?%?)|=\s*\(?\s*([+-]?\d+(?:\.\d+)?%?|[a-z][a-z ]*))\s*\)?(?=\s*(?:[,;]|$))"
)
_CHANNELS = {name.lower() for name in ARKIT.names}  # of which `=` makes a key
_RATE = re.compile(
    r"\b(blink|head|brow|lip|mouth|gaze)s?(?:ing)? (?:rate|frequency|speed|amount|strength) (?:of |by )?(\d+(?:\.\d+)?) times"
)
# words of time and number, which are looked for before slips in other words are mended
_ORDERING = "briefly twice throughout beginning halfway gradually occasionally repeatedly simultaneously afterwards finally".split()
_AXES = {"yaw": ("turn left", "turn right"), "pitch": ("turn down", "turn up"), "roll": ("tilt left", "tilt right")}
_ANGLE = re.compile(
    r"\b(?:head[ _-]?)?(yaw|pitch|roll)(?: the head)?(?: by| to)? *([+-]?) ?(\d+(?:\.\d+)?) ?(?:°|deg(?:ree)?s?)?(?! ?(?:s|sec))\b"
)
_TILTED = re.compile(r"\b(tilts?|turns?|rotates?)( (?:the |his |her )?head)?(?: by)? ([+-])(\d+(?:\.\d+)?) ?(?:°|deg(?:ree)?s?)")
_SIDED = re.compile(r"\b(?:head[ _-]?)?(yaw|pitch)(?:s|ing)?\b|\bhead[ _-](roll)\b|\b(roll)(?= (?:left|right)\b)")
_GROUPS = {"blink": "blinks", "brow": "brows", "lip": "lips"}
_SWITCHED = re.compile(r"blink(?:s|ing)?|(?:eye)?brows?|gaze|smile|nod(?:s|ding)?|head(?: \w+)?")
_SIDES = {"yaw": "turn", "pitch": "turn", "roll": "tilt"}


def written_out(text: str) -> str:
    """`text`, in lower case, without signs and short forms."""
    text = re.sub(r"([a-z])\1{2,}", r"\1", _FACES.sub(" ", text))
    text = re.sub(r"\b(like|if|though|that) (?:ur|u r)\b", r"\1 you are", text)
    text = re.sub(r"\b[a-z]{5,}\b", lambda found: mended(found[0], _ORDERING) or found[0], text)
    text = re.sub(
        r"\b(?:from )?(\d{1,2}) ?%? ?(?:-|–|to) ?(\d{1,3}) ?%(?= |$|,)",
        lambda found: f"part-{int(found[1]) / 100:g}-{int(found[2]) / 100:g}",
        text,
    )
    text = re.sub(r"\s*(?:-+>|=>|→|➔|>+)\s*", ", then ", text)
    text = re.sub(r"(?<=[a-z])_(?=[a-z])", " ", text)
    text = re.sub(r"[*#~`|\"]{2,}|[*`]|\[|\]", " ", text)
    text = re.sub(r"(?<![\w.])(?:x|×) ?(\d{1,2})\b", r"\1 times", text)
    text = re.sub(r"\b(\d{1,2}) ?(?:x|×)(?= |$|,|;)", r"\1 times", text)
    text = re.sub(r"(?<=\d)( ?(?:°|deg(?:ree)?s?)) ([lr])\b", lambda found: f"{found[1]} {'left' if found[2] == 'l' else 'right'}", text)
    text = re.sub(r"(?<=[a-z]) ?@ ?(?=\d)", " at ", text)
    text = re.sub(
        r"\b(look|eyes?|turn|tilt|head|cam(?:era)?|gaze|glance|wink|brow|screen|head tilt|head turn)s? ([lr])\b",
        lambda found: f"{found[1]} {'left' if found[2] == 'l' else 'right'}",
        text,
    )
    text = re.sub(r"\b([a-z]+(?: [a-z]+)?)(?: ?[=:] ?)(?:off|none|disabled|false)(?=\s*(?:[,;]|$))", _off, text)
    text = re.sub(r"\bpretty much\b", "", text)
    text = re.sub(r"\b(?:kind|sort|type) of (?=\w+)(?!a\b|an\b)", "", text)
    text = _ANGLE.sub(_turned, text)
    text = _TILTED.sub(lambda found: f"{found[1]} {'left' if found[3] == '+' else 'right'} {found[4]} degrees", text)
    text = _SIDED.sub(lambda found: _SIDES[found[1] or found[2] or found[3]], text)
    text = _NAMED.sub(lambda found: found[0] if found[1] in _CHANNELS else f"{found[1]} {found[2] or found[3]}", text)
    text = _RATE.sub(lambda found: f"{_GROUPS.get(found[1], found[1])} rate {100 * float(found[2]):g}%", text)
    text = re.sub(r"\b[\w'/-]+|&|(?<= )\+(?= )", lambda found: _SHORT.get(found[0], found[0]), text)
    text = re.sub(
        r"\b(?:at |with )?(?:a )?(half|full) (?:intensity|strength|power)\b", lambda found: "50%" if found[1] == "half" else "100%", text
    )
    text = re.sub(
        r"\b(?:at |with |to |of )?(?:about )?(\d+) ?(?:%|percent|per cent)(?: (?:of )?(?:its |the |full )*(?:intensity|strength|power))?",
        r"\1%",
        text,
    )
    text = re.sub(rf"\b({'|'.join(_NUMBERS)})(?= degrees?\b)", lambda found: str(_NUMBERS[found[1]]), text)
    text = re.sub(r"\b(?:about|around|roughly|approximately|circa|some|by) (?=\d+(?:\.\d+)? ?(?:°|deg))", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _off(found: re.Match) -> str:
    """What is switched off, such as blinking; other words with off as they are."""
    return f"no {found[1]}" if _SWITCHED.fullmatch(found[1]) else found[0]


def _turned(found: re.Match) -> str:
    left, right = _AXES[found[1]]
    return f"{right if found[2] == '-' else left} {found[3]} degrees"
