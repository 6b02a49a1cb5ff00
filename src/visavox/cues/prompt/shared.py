"""What is said once of several and meant of each: "keep the head and eyes still", "don't nod or smile", "looks left and right in turn".

Clauses are cut at "and", so a verb, a denial or a way that two parts share has to be said of each of them before.
"""

import re

_WHOSE = r"(?:(?:the|her|his|their|your|my|its|both) )?"
_PART = r"(?:head|chin|eyes|gaze|brows|eyebrows|lips|mouth|jaw|eyelids|lids|neck|nose|cheeks)"
_ONE_PART = rf"(?:{_PART}|eye|brow|eyebrow)"
_VERBS = r"(?:(?:keep|hold|move|turn|raise|lower|lift|drop|tilt|freeze|use)s?|relax(?:es)?|keeping|holding|moving|turning)"
# what may follow parts and holds for both; "and eyes closed" says how one of them is
_FOR_BOTH = (
    r"(?P<rest>(?: (?:(?:should|must|do|does|to|are|is|stay|stays|remain|remains|kept|completely|very|quite|perfectly|absolutely|at|a|still"
    r"|steady|motionless|frozen|locked|up|down|left|right|the|side|not|move|moves|moving|all|much|lot|bit|little|slowly|quickly|slightly"
    r"|too|more|less)\b))*)(?=$|[,;.]| (?:and|but|while|then|for|from|until|at|during)\b)"
)
_PARTS = re.compile(
    rf"(?P<before>(?:^|[,;.] ?|\b(?:and|but|then|while|not|don't|never|without|please|she|he|they|no) )(?:(?:not|to|should|must) )*)"
    rf"(?P<verb>{_VERBS} )?"
    rf"(?P<parts>{_WHOSE}{_PART}(?:(?:, | ?,? (?:and|or|nor) ){_WHOSE}{_PART})+){_FOR_BOTH}"
)
_JOINED = re.compile(r"\s*,?\s*\b(?:and|or|nor)\b\s*|\s*,\s*")
_DENIED = re.compile(
    r"\b(?P<no>don't|do not|doesn't|does not|never|without|no|not|neither|shouldn't|should not|must not|mustn't|can't|cannot|avoid) "
    r"(?P<what>[^,;.]+?(?:, [^,;.]+?)*),? (?:or|nor) (?P<last>(?:to )?[^,;.]+?)(?=$|[,;.]| (?:but|while|then|for|from|until|during)\b)"
)
# what is no deed of its own: a way, a number, and what only rounds off
_NO_DEED = re.compile(
    r"(?:to |at )?(?:(?:the|her|his|your|their) )?"
    r"(?:left|right|up|down|sideways|more|less|not|so|such|one|two|three|once|twice|\d|like|others?|anything|something|else)\b"
)
_STARTS_WITH_PART = re.compile(rf"{_WHOSE}{_PART}\b")
_ALTERNATING = re.compile(
    r"\b(?:(?:alternat|switch|shift|go|mov|look|glanc|vacillat)(?:e|es|ing|s)?(?: back and forth)? between |alternat(?:ely|ing|ively) )"
    r"(?P<one>[^,;.]+?) (?:and|&) (?P<other>[^,;.]+?)(?=$|[,;.]| (?:while|then|for|from|until|during)\b)"
)
_SIDE = re.compile(r"\b(left|right|up|down)\b")
_HOW_A_PART_IS = re.compile(
    rf"(?<=\w) with (?P<whose>{_WHOSE})(?:(?P<part>{_ONE_PART}) (?P<so>(?:slightly |half )?(?:\w+(?:ed|wn|ung)|wide|shut|open|up|down)\b)"
    rf"|(?P<like>(?:slightly |half-)?(?:\w+(?:ed|wn|ung)|wide)) (?P<of>{_ONE_PART})\b)"
)


def asked_of_each(text: str) -> str:
    """`text`, in lower case, with what several parts or deeds share said of each."""
    text = _ALTERNATING.sub(_in_turns, text)
    text = _PARTS.sub(_of_each_part, text)
    text = _DENIED.sub(_each_denied, text)
    return _HOW_A_PART_IS.sub(_beside, text)


def _of_each_part(found: re.Match) -> str:
    """The verb, the denial and the way that parts share, of each of them; parts without any stay as they are."""
    verb, rest, before = found["verb"] or "", found["rest"], found["before"]
    if not (verb or rest):
        return found[0]
    denied = next((word for word in ("not", "don't", "never", "without", "no") if word in before.split()), "")
    parts = _JOINED.split(found["parts"])
    return f"{before}{f' while {denied} '.replace('  ', ' ').join(f'{verb}{part}{rest}' for part in parts)}"


def _each_denied(found: re.Match) -> str:
    """Each of several deeds that are denied with its own denial: a verb that one says is that of parts which follow.

    A bare "no" says no, with the head; "left or right" is one deed.
    """
    if _NO_DEED.match(found["last"]):
        return found[0]
    no = "not" if found["no"] in ("neither", "no") else found["no"]
    done = [part for part in _JOINED.split(f"{found['what']}, {found['last'].removeprefix('to ')}") if part]
    verb = done[0].split()[0]
    done = [f"{verb} {part}" if place and _STARTS_WITH_PART.match(part) else part for place, part in enumerate(done)]
    return " while ".join(f"{no} {part}" for part in done)


def _in_turns(found: re.Match) -> str:
    """One and the other, twice each; a side alone does what the one does to its own."""
    one, other = found["one"], found["other"]
    verb = found[0].split()[0]
    if verb.startswith(("look", "glanc")) or _SIDE.match(one.removeprefix("the ")):
        one = f"look {one.removeprefix('the ')}"
    if _SIDE.fullmatch(other.removeprefix("the ")) and _SIDE.search(one):
        other = _SIDE.sub(other.removeprefix("the "), one)
    return f"{one}, then {other}, then {one}, then {other}"


def _beside(found: re.Match) -> str:
    """How a part of the face is, beside what is done with it so."""
    if found["part"]:
        return f" while {found['whose']}{found['part']} {found['so']}"
    return f" while {found['whose']}{found['like']} {found['of']}"
