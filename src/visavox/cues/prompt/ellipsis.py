"""A clause that leaves to the one before it what it is about: "looks up, then down at her shoes", "raises a brow and holds it there"."""

import re

from visavox.cues.prompt.parts import PART, of_a_part
from visavox.cues.prompt.phrases import VIEWER

_WAYS = "up|down|left|right"
_OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}
_PART = (
    r"(?:(?:the|his|her|their|your|its) )?(?:head|chin|eyes?|gaze|brows?|eyebrows?|mouth|lips|jaw|lids|eyelids|smile|grin"
    r"|expression|face|look)"
)
_HOW = r"(?:(?:then|and|just|now|slow|fast|[a-z]{3,}ly) )*"  # each word in one way alone, or a long prompt takes for ever
# verbs of which the way says all
_GOING = (
    r"(?:ease|drift|come|go|slide|sink|drop|fall|rise|lift|settle|creep|glide|snap|whip|dart|flick|swing|move|shift|float|inch|bring"
    r"|pull|"
    r"lower|raise|get|switch|flit|jump|shoot)s?(?:ing)?"
)
_ONLY_A_WAY = re.compile(
    rf"(?P<how>{_HOW})(?:(?P<verb>{_GOING}) )?(?:it |them |that )?(?:back |straight |right |over )?(?:(?:to )?(?:the |his |her |your )?)"
    rf"(?P<way>{_WAYS})(?: side)?(?: again| back| once more)?(?P<rest>(?: {_HOW.replace(' )*', ')')})?)(?: (?:at|to|towards?|into|onto"
    rf"|over|on) (?:the|his|her|their|your|my|a|an) "
    r"[\w' -]+)?(?P<last> slowly| quickly| gently)?"
)
_STAYS = re.compile(
    rf"(?:{_PART} |it |they |he |she |and )*(?:stay|remain|hang|linger|freeze|rest|lie|stop|stick|hold|keep)s?(?:ing)?(?: (?:it|them"
    rf"|her|him|{_PART}))?"
    r"(?: (?:there|so|put|in place|like that|like this|that way|this way|fixed|frozen|in that (?:pose|position)|still|for (?:a )?(?:bit"
    r"|now)))+"
)
_KEPT_STILL = re.compile(rf"(?:keep|hold)s?(?:ing)? {_PART} (?:still|fixed|frozen)")  # which is a deed of its own
_DOES_IT = re.compile(r"((?:raise|lift|lower|drop|turn|tilt|move|tip|bring)s?(?: (?:up|down|back))?) (?:it|them)\b(?! (?:back|there))")
_STAYS_AS_IT_IS = re.compile(r"(?:(?:it|they|he|she|and) )*(?:stay|remain|hang)s?(?:ing)? (?:open|shut|closed|up|down|raised|wide)")
_GOES_ON = re.compile(
    r"(?:he |she |they |it |you |and )*(?:carr(?:y|ies|ying)|go(?:es|ing)?|continu(?:e|es|ing)|mov(?:e|es|ing)|keep(?:s|ing)?|resum(?:e"
    r"|es|ing)|"
    r"proceed(?:s|ing)?|tak(?:e|es|ing) it in|snap(?:s|ping)? out of it)(?: on| going| talking| speaking| with (?:it|the \w+))*"
)
_LETS_GO = re.compile(
    rf"(?:he |she |they |it |you |and )*{_HOW}(?:(?:re-?)?open|release|relax|unclench|close|drop|lower|let|undo|loosen|part)(?:s|ed|d"
    rf"|ing)?"
    rf"(?: (?:of )?{_PART}| (?:it|them|him|her|go))*+(?: (?:go|again|back|up|down|fall|slowly|gently))*"
)
_REST = re.compile(
    r"(?:with |while |and |but )*(?:the )?(?:other|rest|second)(?: (?:one|brow|eyebrow|eye|side|corner|of the face|half|part))? "
    r"(?:(?:just|of \w+) )?(?:stays?|remains?|is|are|does not|doesn't|not|keeps?|staying|remaining)\b.*"
)
_FOLLOWS = re.compile(
    rf"(?:and |then |with |only )*(?:(?:the|his|her|their|your) )?(?P<part>head|eyes?|gaze|chin) {_HOW}(?:follow|come"
    rf"|go|catch)(?:s|es|ing)?(?: (?:along|after|suit|up|too|it|them|later))*"
)
_SOFTER = re.compile(
    r"(?:(?:a bit|a little|slightly|much|way|somewhat|even) )*(?:subtle|understated|restrained|softer|gentler|milder|subtler"
    r"|less intense|toned down|dialed back)"
)
_PART_BEFORE = re.compile(rf"{_PART}\b")
# "lips tightened and turned downward": a deed without anybody who does it
_GOES_ON_WITH_IT = re.compile(
    r"(?:then |and )?(?!(?:he|she|they|it|you|we|i|nod|look|smil|blink|wink|turn(?:s|ing)? (?:the|his"
    r"|her))\b)[a-z]+(?:ed|wn|s)\b"
)
_TO_THE_VIEWER = re.compile(rf"{_HOW}(?:he |she |they )?(?:back )?(?:to|at|into|towards?) (?:the )?(?:{'|'.join(sorted(VIEWER))})")
_CENTRE = re.compile(rf"{_HOW}(?:back )?(?:to )?(?:the )?(?:cent(?:er|re)|middle|front|straight ahead)(?: again)?")


def of_the_one_before(text: str, before: str) -> str | None:
    """A clause in full that leaves to the one `before` what it is about; "wait" where it only says that this goes on or ends; None for one
    that is whole by itself."""
    if (found := _DOES_IT.match(text)) and (part := next((word for word in reversed(before.split()) if word in PART), None)):
        return f"{found[1]} the {part}{text[found.end() :]}"  # "lowers her gaze, raises it again"
    if _SOFTER.fullmatch(text):
        return "less expression"
    if not before:
        return None
    if _CENTRE.fullmatch(text):
        return "look at camera" if _looks(before) else "let go"
    if _TO_THE_VIEWER.fullmatch(text) and (_looks(before) or "look" in before):
        return "look at camera"
    if _REST.fullmatch(text):
        return ""
    if _STAYS.fullmatch(text) and not _KEPT_STILL.match(text) or _STAYS_AS_IT_IS.fullmatch(text):
        return "hold"
    if _GOES_ON.fullmatch(text):
        return "wait"
    if _LETS_GO.fullmatch(text) and re.search(r"\b(?:it|them|again|go)\b", text):
        return "let go"
    if (found := _FOLLOWS.fullmatch(text)) and (way := _way_of(before)):
        return f"{'turn head' if found['part'] in ('head', 'chin') else 'look'} {way}"
    if (part := _PART_BEFORE.match(before)) and _GOES_ON_WITH_IT.match(text) and of_a_part(f"{part[0]} {text}"):
        return f"{part[0]} {text}"
    found = _ONLY_A_WAY.fullmatch(text)
    if not found or not (found["verb"] or text != found["way"]) or VIEWER & set(text.split()):
        return None
    if "back" in text.split() and _way_of(before) == _OPPOSITE[found["way"]]:
        return "look at camera" if _looks(before) else "let go"
    done = _without_its_way(before)
    return f"{done} {found['way']} {found['how']} {found['last'] or ''}".strip() if done else None


def _looks(text: str) -> bool:
    return any(word.startswith(("look", "glanc", "gaz", "eye", "peek", "peer")) for word in text.split()[:3])


def _way_of(text: str) -> str | None:
    return next((word for word in text.split() if word in _OPPOSITE), None)


def _without_its_way(text: str) -> str | None:
    """What is done of a clause that names a way, "look", "the head"; None without a way."""
    words = text.split()
    place = next((place for place, word in enumerate(words) if word in _OPPOSITE), None)
    if not place:
        return None
    return " ".join(word for word in words[:place] if word not in ("slowly", "quickly", "to", "the", "at", "first"))
