"""Word forms and slips: shook is shake, slwoly is slowly. What is another word of the language is never taken for a slip."""

from collections.abc import Sequence
from difflib import get_close_matches

# verbs with their past, and other forms that follow no rule
_VERBS = """be was were been; become became; begin began begun; bend bent; bite bit; blow blew; break broke; can could; catch caught;
come came; creep crept; do did done; draw drew drawn; fall fell fallen; feel felt; fight fought; find found; fling flung; fly flew;
freeze froze; get got; give gave given; go went; grow grew grown; hang hung; have had has; hold held; keep kept; knit knitted;
lean leant leaned; let let; light lit; make made; meet met; put put; rise rose risen; say said; seek sought; shake shook shaken;
shoot shot; show showed shown; shut shut; sink sank sunk; slide slid; speak spoke; spin spun; spread spread; spring sprang; steal stole;
stick stuck; strike struck; sweep swept; swing swung; take took taken; think thought; throw threw thrown; wear wore"""
_FORMS = [entry.split() for entry in _VERBS.split(";")]
_OTHERWISE = frozenset(("bit", "could"))  # which are other words more often than a past
PASTS = {past: verb for verb, past, *_ in _FORMS} | {"were": "be"}
IRREGULAR = {form: verb for verb, *forms in _FORMS for form in forms if form not in _OTHERWISE} | {"winced": "wince"}
# words of the language that are one slip away from a word which the reader knows, and mean something else: "grow" is no growl
OTHER_WORDS = frozenset(
    "abort alert align among assumed band bank bark bear better bins black blank blanks blend blind blog bond boot breadth byte call "
    "caller casing cats causal chain check checks cleanly clone clones code cold composer confusing construct context contract "
    "contribute copy core cost crops dark deal decision descent detected determines discrete draft drag dual elevation exited fail "
    "feather feeding feeds fired fixes flask fleet flint flock flush folds forked format fret gain grad grids grow growing grown grows "
    "halt hits hive hood info inline internet lack land lazy leading leads leaf leak leaking leaks learn learning learns leaving likely "
    "lilt lime line lint lisp list listed listing lists lite live lived load loop looping loops losing loss lunch main mate material "
    "mean modal month moon most movies neural nine noise none nope packer page pale park parse parsing part pass passed picker place "
    "poll port ports presented preset prevent processed processes processing protect punch quote related relation rely replay reset "
    "retain reuse rice ride roles root rust sake sample satisfies scaled scored seed seeding seeds seeing seek seen sees sent shading "
    "shaft shall shapes shared sign signer signing signs size slug smart snail snake sole span spare split stack stages staging stair "
    "stairs stale state states store stores storing stray such swan swig tall tape task terse thrust thrusting thunk thus tick tied "
    "ties tiled tills torch transcription tried trill trip tune tuning twin vary verb vert vice viewed violet weak well white whole "
    "width wild wins wire wise wish world yarn thing things".split()
)
LEAST = 4  # letters of a word in which a slip is mended
LONG, LIKE = 8, 0.86  # letters of one in which two are, and how like (of letters) it has to be then


def mended(word: str, known: Sequence[str]) -> str | None:
    """The one word of `known` that `word` is with one letter left out, added, changed or two exchanged; None for none, or for several.

    Of several it is the one of its very letters, "haed", or the one that ends as it does, "angery". Its first letter is right, as it
    nearly always is in slips.
    """
    if len(word) < LEAST or not word.isalpha() or word in OTHER_WORDS:
        return None
    found = {
        other
        for other in known
        if other[:1] == word[:1] and abs(len(other) - len(word)) <= 1 and len(other) >= LEAST - 1 and _near(word, other)
    }
    if not found and len(word) >= LONG:
        found = {other for other in get_close_matches(word, known, 2, LIKE) if other[:1] == word[:1]}
    same = {other for other in found if sorted(other) == sorted(word)}
    alike = {other for other in found if len(other) != len(word) and other[-1] == word[-1]}
    sure = (some for some in (found, same, alike) if len({other.removesuffix("s") for other in some}) == 1)
    return min(next(sure, ()), key=len, default=None)


def _near(one: str, other: str) -> bool:
    """Whether one slip makes `one` of `other`."""
    first = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[first:], other[first:]
    if len(a) == len(b):
        return a[1:] == b[1:] or a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b if len(a) > len(b) else b[1:] == a
