"""A prompt in fewer words: what says the same in many ways is written in the one way that the reader of clauses knows.

Order, times and negations are said in ways that no list of words holds: "two seconds in", "camera left", "from sad to happy", "can't".
"""

import re

from visavox.cues.prompt.around import around_left_out
from visavox.cues.prompt.moments import times_marked
from visavox.cues.prompt.phrases import FEELINGS
from visavox.cues.prompt.shared import asked_of_each
from visavox.cues.prompt.typed import written_out
from visavox.emotion import EMOTIONS

_DASH = re.compile(r"(?<=\w) [-–] (?=[a-z])| ?— ?")
_FELT = "|".join(sorted({*EMOTIONS, *FEELINGS}, key=len, reverse=True))
_OTHER = {"left": "right", "right": "left"}

# (what is written, what is read), in this order
_SAME = tuple((re.compile(pattern), plain) for pattern, plain in (
    (r"\b(?:can't|cannot|can not|won't|will not|doesn't|does not|don't|do not|never) stops?\b", ""),
    (r"\b(?:don't|doesn't|didn't|won't|can't|shouldn't|mustn't|dont|doesnt|isn't|aren't|(?:do|does|must|should|may|can|is|are|will) not"
     r"|cannot|never|nor|rather than|instead of)\b", "not"),
    (r"\s*,?\s*\b(?:and |but )?without (?=\w+ing\b|any\b|the\b)", ", while not "),
    (r"\bnot (?:too|so|very|that|overly|all that) (?:strongly|hard|big|wide|wildly|far|deeply|vigorously|much|broadly|heavily)\b",
     "slightly"),
    (rf"\b({_FELT})(?:,| but|, but|, while| while)? not (?:too|so|very|that|overly|all that) \\1\b", r"slightly \1"),
    (rf"\bnot (?:too|so|very|that|overly|all that) ({_FELT})\b", r"slightly \1"),
    (r"\b(?:no|without) (?:weird|strange|odd|crazy|silly|sudden|jerky|wild|big) (?=\w+ (?:movement|motion)s?\b)", "less "),
    (r"\bnot (?:too|so|very|that|overly) (?:fast|quickly|quick|rapidly)\b", "slowly"),
    (r"\bnot (?:too|so|very|that|overly) (?:slowly|slow|slightly)\b", ""),
    (r"\b(?:no|not) (?:any )?more\b|\bnot (\w+) anymore\b", r"not \1"),
    (r"\b(?:one |once )more time\b|\bonce more\b", "once"), (r"\bmore (times?)\b", r"\1"),
    (r"\bmore and more\b|\bincreasingly\b|\bprogressively\b", "gradually"),
    (rf"\b(?:(?:an? )?(?:slow|gradual|quick|smooth|sudden)?(?:ly)? ?(?:burn|transition|shift|change|progression|switch|build"
     rf"|arc|journey|fade)s? )?"
     rf"(?:goes |go |turns? |shifts? |moves? |changes? |switch(?:es)? )?from (?:being )?({_FELT}|serious|stern|bored|tired|shy"
     rf"|confused) (?:in)?to (?:being )?({_FELT}|serious|stern|bored|tired|shy|confused)\b",
     r"\1, then \2"),
    (r"\bagain and again\b|\bover and over(?: again)?\b", "repeatedly"),
    (r"\bper ?cent\b", "%"), (r"(\d) %", r"\1%"), (r"\btoo (?:much|many|often|strongly|wildly|big)\b", "less"),
    (r"\b(?:too (?:little|few|rarely|weak(?:ly)?)|not enough)\b", "more"), (r"\s*,?\s*\bwhen you say (?:that|this|it|so)\b", ""),
    (r"\b(?:turns?|becomes?|gets?|goes|go|looks?|is|be|stays?|remains?) (?:very |all |dead )?"
     r"(?:serious|expressionless|blank|emotionless)\b", "neutral"),
    (r"\b(?:drops?|loses?|lose|wipes? off|lets? go of) (?:the|his|her|your|that|their) (smile|grin|frown|smirk|scowl)\b", r"not \1"),
    (r"((?:^|,|\bthen) *(?:and )?)(?:looks? )?back (?:at|to|into|on) (?=the |us\b|me\b|camera\b|you\b)", r"\1look at "),
    (r",\s*(?:with )?(?:the |his |her )?(left|right) (eye|shoulder)\b(?=\s*$|,)", r" with the \1 \2"),
    (r"\bfrom (left|right|up|down) to (left|right|up|down)\b", r"\1, then \2"),
    (r"\band after\b(?! (?:that|which|an?|the|\d)\b)"
     r"|, after\b(?! (?:that|which|an?|the|\d|each|every|one|two|three|\w+ing|speech|words|said|she|he|they|it|you|his|her)\b)", ", then"),
    (r"\b((?:smil|grin|frown|nod|yawn|laugh|blink|shak|gasp)\w*) (?:very |really |so )?(?:(big|wide|huge|hard|large)|(small|tiny|little))"
     r"(?=$|[,;.]| and\b| then\b| at\b| on\b| when\b| for\b)",
     lambda found: f"{found[1]} {'strongly' if found[2] else 'slightly'}"),
    (r",\s*(?:but )?(?:only )?(?:on |at |with )?(?:the |his |her )?(left|right) (?:side|corner|half)(?: only| alone)?(?=\s*$|,)", r" \1"),
    (r"\s*,?\s*\b(?:except|apart|other than|save)(?: for| from)? (?:the |some )?(?:blink|breath)\w*", ""),
    (rf"\s*,?\s*\b(?:because|since) (?:she|he|they|it|\w+) (?:is|feels|looks|was) (?:so |very |a bit )*({_FELT})\b", r" while \1"),
    (r"\boff[- ](?:screen|camera|frame)[- ](left|right)\b", lambda found: f"away {_OTHER[found[1]]}"),
    (r"\boff[- ](?:screen|camera|frame|stage)\b", "away"),
    (r"\b(?:camera|cam|screen|frame|picture)[- ](left|right)\b", lambda found: _OTHER[found[1]]),
    (r"\bstage[- ](left|right)\b", r"\1"), (r"\b(up|down)(?:ward)?[- ](?:and )?(?:to the )?(left|right)\b", r"\1 \2"),
    (r"\bbut then\b", "then"), (r"\s*,?\s*\bbut\b", " while"),
    (r"^(?:action|anticipation|beat \d+|shot|note|prompt|scene|direction|animation|performance)\s*:\s*", ""),
    (r"\b(?:while|as) (?:she|he|they|it) (?:speaks?|talks?)\b|\s+and lets? (?:them|it) (?:fall|go)\b", " "),
    (r"\b(?:snaps?|jerks?|whips?) (?=(?:the|her|his|their|your|its) head\b)", "quickly turns "),
    (r"\beases? (?:in ?to|out of) (?:an? )?", "slowly "),
    (r"\bwith (?:an? |the )?(?:face|look|expression|feeling|mood|air) of ([a-z]+)\b", r" in \1"),
    (r"\bkeeps? (?:an? )?(?:straight|poker|blank|neutral) face\b|\b(?:deadpan|poker face|straight face|serious face"
     r"|poker-faced|straight-faced)\b",
     "neutral"),
    (r"\b(?:stays?|remains?|be|is|keeps?|looks?) (?:completely )?neutral\b", "neutral"),
    (r"\b(?:in )?(?:quick|rapid|fast) succession\b", "quickly"),
    (r"\b(?:very little|hardly any|barely any|almost no|minimal) (?=(?:\w+ )?(?:movement|motion|blinking|nodding)s?\b)", "less "),
    (r"\bwith (?=(?:less|more|no) (?:\w+ )?(?:movement|motion|blinking|nodding)s?\b)", "and "),
    (r"\b(?:(?:slowly|quickly|gently|smoothly|gradually) )?"
     r"(?:(?:snap|ease|drift|slide|jump|whip|flick|shift|move|swing)s?(?: quickly| slowly)? )?"
     r"(?:return|returns|go|goes|come|comes|comes? right|reset|resets|settle|settles|relax|relaxes|back)(?: back)? (?:in)?to"
     r" (?:the |a )?"
     r"(?:cent(?:er|re)|neutral|neutral (?:pose|position|expression)|rest|rest pose|resting pose|normal|middle|start|starting"
     r" pose|default|initial position|front)\b", "wait"),
))  # fmt: skip


def plain(text: str, pictures: bool = True) -> str:
    """A prompt in lower case, with numbers in digits, its own words for order and time, and sides that are those of the face.

    `pictures` of speech are taken for what they say, or their words as they stand.
    """
    text = re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("said:", "said: ").replace("piece:", "piece: ")).strip(" .!")
    text = around_left_out(asked_of_each(times_marked(written_out(_DASH.sub(", ", text)))), pictures)
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return re.sub(r"\s+", " ", text).strip(" ,")
