"""Sentences for the speech engines, made from word lists and syllable patterns of our own, so that a corpus needs no text from anybody.

English sentences follow small grammars with the function words of real speech; every language, English too, also gets
pseudo-words from its own syllables, which give each consonant and vowel many neighbours.
"""

from random import Random

_NOUNS = """mother father baby brother uncle people woman man child friend teacher farmer doctor captain neighbour customer
home house kitchen window door table bubble pepper paper pepper apple bread soup butter coffee bottle cup box book letter
number picture movie music voice story problem question answer moment morning evening summer winter weather river mountain
forest valley village city market shop bus boat bridge road garden flower tree bird fish dog cat horse bear wolf mouse
money business company office computer phone room wall floor roof lamp bed pillow blanket shirt coat shoe hat ball game
team player plan map photo film poem song drum piano piece part group family museum park beach wave wind storm fog moon
sun star sky world earth fire water smoke food fruit plum peach pumpkin mushroom tomato potato beef lamb ham jam""".split()
_VERBS = """bought moved made gave found broke brought helped kept left lost opened closed painted picked pushed pulled put
played built burned carried caught changed covered cut dropped felt filled followed forgot grabbed heard held jumped
knew learned liked loved met missed needed offered passed paid promised read remembered saved saw sold sent showed
shaped smelled stopped took taught thought threw told touched tried turned used visited voted walked wanted washed
watched wore wrote""".split()
_ADJECTIVES = """big small warm blue brown purple yellow beautiful simple famous happy humble lovely heavy empty fresh
smooth rough simple whole broken open public private modern common brave fine very-old new young pretty full plain
mysterious bitter sweet cheap proper whimsical vivid moody foggy polite""".split()
_ADVERBS = """slowly quickly maybe often never always probably usually happily simply today tomorrow somewhere everywhere
before above below perhaps improbably again""".split()
_PLACES = """in the room|above the bridge|by the window|from the farm|with my mother|before the storm|at the shop|over the wall
|for five people|on the boat|near the museum|after the movie|behind the house|without a map|through the forest|to the beach
|under the moon|between two rivers|about the problem|at home""".replace("\n", "").split("|")
_PATTERNS = (
    "the {n} {v} the {a} {n} {p}",
    "my {n} {v} a {n} and {v} the {n}",
    "we {v} it {d}, but you {v} the {n} {p}",
    "did you know that the {a} {n} {v} {p}",
    "if I {v} the {n}, would they move the {n}",
    "what a {a} {n}, who {v} it {p}",
    "please put the {a} {n} {p}",
    "there was a {n} {p} and nobody {v} it",
    "{d} the {n} and the {n} {v} me",
    "you and I {v} every {n}, whoever {v} them",
    "oh, I'm so sorry, the {n} is {a}",
    "he said, maybe {m} {n}s or {m}, if you want",
    "they have been {a} for {m} years",
    "no, it's not the {n}, it's the {a} {n}",
    "why do you want to show us your {n}",
    "{m}, {m}, {m} and {m}",
)
_NUMBERS = "one two three four five six seven eight nine ten twelve fifteen twenty forty hundred".split()

# language -> (onsets, vowels, codas): orthographic syllables that the engines' own rules pronounce
_SYLLABLES = {
    "en": ("p b m f v w t d n s sh th l r k g h y ch j pl br fl sp st tr gr bl pr sm qu",
           "a e i o u ee oo ay ow oi ar or er ou", " m n p b v f t s l k nd st mp ft sh ng"),
    "it": ("p b m f v t d n s l r c g ch gh gl gn sc pr br st z qu tr", "a e i o u a o e io ia uo", "    n r l s m"),
    "fi": ("p m v t d n s l r k h j p k t pr kl", "a e i o u y ä ö aa ee oo uu ai au ie uo yö", "   n s t l r"),
    "cs": ("p b m f v t d n s l r k h ch j z š ž č ř pr br st kr vl", "a e i o u ou á é í ů", "   m n k t s l š v"),
    "ca": ("p b m f v t d n s l r c g x j ll ny pr br tr qu", "a e i o u au ei ou", "   n s l r m t"),
    "ru": ("п б м ф в т д н с л р к г х ж ш ч щ з пр бр ст вл", "а е и о у ы э ю я ё", "   м н т к л с ш в"),
    "hi": ("प ब म फ भ व त द न स ल र क ग ह ज च श", "ा े ि ो ु ी ू ै ौ", "    न र म ल"),
    "te": ("ప బ మ ఫ భ వ త ద న స ల ర క గ హ జ చ శ", "ా ే ి ో ు ీ ూ ై ౌ", "    "),
    "de": ("p b m f w t d n s l r k g h sch z pf br pr bl st sp tr", "a e i o u ä ö ü ei au eu ie", "  m n t s l r ch ft nd"),
    "fr": ("p b m f v t d n s l r c g ch j br pr pl tr", "a e i o u é è ou au oi an on in eu ui", "   r l s t me ve"),
    "es": ("p b m f v t d n s l r c g ch j ll ñ br pr pl tr", "a e i o u ie ue ai", "    n s r l"),
    "pt": ("p b m f v t d n s l r c g ch j lh nh br pr", "a e i o u ã õ ei ou", "    s r m l"),
    "pl": ("p b m f w t d n s l r k g ch sz cz ż pr br st", "a e i o u y ą ę ó", "   m n k t s l"),
    "nl": ("p b m f v w t d n s l r k g h sch br pr st", "a e i o u aa ee oo eu ui ij ou", "  m n t s l r k"),
    "sv": ("p b m f v t d n s l r k g h sj br pr st", "a e i o u y å ä ö", "  m n t s l r k"),
    "tr": ("p b m f v t d n s l r k g h ş ç c", "a e i o u ü ö ı", "   m n t s l r k"),
}  # fmt: skip


def sentence(language: str, random: Random) -> str:
    """One sentence of 4 to 16 words in `language` (a key of the syllable table); the same generator state gives the same words."""
    words = _grammatical(random) if language == "en" and random.random() < 0.7 else _pseudo_words(language, random)
    text = words[0].upper() + words[1:]
    return text + random.choice(".....?!")


def languages() -> tuple[str, ...]:
    """The languages for which sentences can be made."""
    return tuple(_SYLLABLES)


def _grammatical(random: Random) -> str:
    lists = {"n": _NOUNS, "v": _VERBS, "a": _ADJECTIVES, "d": _ADVERBS, "m": _NUMBERS, "p": _PLACES}
    clauses = []
    for _ in range(random.choice((1, 1, 2))):
        pattern = random.choice(_PATTERNS)
        while "{" in pattern:
            start = pattern.index("{")
            pattern = pattern[:start] + random.choice(lists[pattern[start + 1]]).replace("-", " ") + pattern[start + 3 :]
        clauses.append(pattern)
    return random.choice((", and ", ". ", ", because ")).join(clauses)


def _pseudo_words(language: str, random: Random) -> str:
    onsets, vowels, codas = (part.split(" ") for part in _SYLLABLES[language])
    onsets = [onset for onset in onsets if onset]
    words = []
    for _ in range(random.randint(4, 11)):
        syllables = random.choice((1, 2, 2, 2, 3))
        words.append("".join(random.choice(onsets) + random.choice(vowels) + random.choice(codas) for _ in range(syllables)))
    comma = random.randrange(2, len(words)) if random.random() < 0.5 else None
    return " ".join(word + ("," if position == comma else "") for position, word in enumerate(words))
