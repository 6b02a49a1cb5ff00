"""A prompt as an instruction: what is told as a story, of what was done and to whom it is said, as what is to be done.

"Her smile faltered and died" asks for what "her smile falters and dies" does; "sweetheart" asks for nothing.
"""

import re

from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.phrases import FEELINGS, SEEMING
from visavox.cues.prompt.spelling import PASTS
from visavox.emotion import EMOTIONS

_REGULAR = (
    "sigh smile laugh giggle chuckle gasp exhale inhale groan shrug sulk beam scoff snort grimace shudder shiver ponder "
    "fade falter vanish disappear drop melt dissolve open close wait pause relax release return settle turn look glance continue start end "
    "finish soften harden drain cross pass wash play part flicker dart fix wander drift linger remain stay narrow widen lower raise tilt "
    "nod blink wink frown smirk grin scowl sneer squint gasp yawn swallow wince flinch gaze stare peer peek cock lift twitch tremble "
    "quiver tighten clench press purse pout wrinkle furrow droop bow dip duck follow reopen avert scan search hesitate refuse avoid try "
    "manage struggle force suppress stifle burst crack snap jerk whip ease slide slip plaster"
).split()
_THIRD = {"be": "is", "have": "has", "can": "can"}
_PERSON = "he|she|they|it|we|i|you"
_SHOWN = (
    r"(?:(?:his|her|their|the|a|an|my|your) )?(?:(?:left|right|whole|lower|upper) )?(?:smile|grin|smirk|frown|scowl|gaze|eyes?|brows?"
    r"|eyebrows?|lips?|mouth"
    r"|jaw|head|chin|face|expression|features|nose|lids|eyelids|corners? of (?:his|her|their|the) (?:mouth|lips))"
)


def _forms() -> dict[str, str]:
    """The past of verbs, each with its form of the third person."""
    found = {past: _third(verb) for past, verb in PASTS.items()} | {"died": "dies", "were": "are"}
    for verb in _REGULAR:
        stem = verb[:-1] if verb.endswith("e") else verb
        pasts = [f"{stem}ed", f"{verb}{verb[-1]}ed", *([f"{verb[:-1]}ied"] if verb.endswith("y") else [])]
        found |= dict.fromkeys(pasts, _third(verb))
    return found


def _third(verb: str) -> str:
    """A verb as it is written of somebody who does it."""
    if verb.endswith(("sh", "ch", "ss", "x", "o")):
        return f"{verb}es"
    return _THIRD.get(verb) or (f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s")


def _any_of(words) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_PAST = _forms()
# what may as well be an adjective: "nods, eyes lowered" has no deed in it after the comma
_LIKE_ADJECTIVES = frozenset(
    "was were let shut spread put had lit bit raised narrowed widened lowered furrowed tilted opened closed parted pursed clenched pressed "
    "wrinkled cocked crossed softened hardened averted drooped relaxed tightened lifted fixed "
    "forced suppressed stifled plastered bowed felt thought said".split()
)
_HOW = r"(?P<how>(?:[a-z]+ly |then |just |only )?)"
_PAST_DEED = re.compile(
    rf"\b(?P<who>{_PERSON}) {_HOW}(?P<verb>{_any_of(_PAST)})\b(?!:)|(?:\b|^)(?P<part>{_SHOWN}|(?<![a-z ,;])[a-z]+) (?P<so>(?:[a-z]+ly "
    rf"|then )?)(?P<did>{_any_of(set(_PAST) - _LIKE_ADJECTIVES)})\b"
)
_AND_PAST_DEEDS = re.compile(
    rf"(?P<who>,|;|\band|\bthen|\bbut) (?P<how>(?:then |and |[a-z]+ly )*)(?P<verb>{_any_of(set(_PAST) - _LIKE_ADJECTIVES)})\b"
)
_CALLED = (
    r"(?:sweetheart|sweet|sweetie|darling|dear|honey|love|dude|bro|man|mate|buddy|pal|guys|folks|kiddo|babe|baby|sir|madam|ma'am"
    r"|my (?:dear|love|friend)|boss|champ"
    r"|people|everyone|everybody|team|team mate|son|boy|girl)"
)
_KEPT = (
    r"(?:a|an|the|some|his|her|their|no|not|less|more|great|slight|mild|deep|intense|extreme|utter|pure|little|and|or|but|eyes|to|of|at"
    r"|on"
    r"|up|down)\b"
)
_SMILES = r"(?:smile|grin|smirk|frown|scowl|grimace|sneer|pout|nod|wink)"
_HIS = r"(?:his|her|the|their|my|your)"
_NOT_GIVING = (
    r"(?:hid|lose|lost|drop|stop|suppress|fought|fight|resist|return|avoid|kill|refus|need|is|was|has|does|miss|want|den"
    r"|conceal|with|stifl|smother|bit|swallow)"
)
_FACE_PART = r"(?:eyes?|head|brows?|eyebrows?|mouth|lips?|jaw|chin|face|gaze|smile|grin|nose|expression|eyelids)"
_NOUNS = frozenset(
    "happiness joy sadness sorrow anger fear disgust surprise shame grief rage fury terror shock amazement delight panic contempt "
    "despair hurt".split()
)
_LOOKING = r"(?:^|(?<=, )|\b(?:be|is|looks?|looking|acts?|acting|reacts?|seems?|appears?|like) )"
_GOES = (
    r"(?:fade|falter|die|vanish|disappear|drop|slip|melt|dissolve|wane|collapse|crumble|evaporate|slide|fall|wither|freeze|go|fizzle"
    r"|fail)(?:es|s|d|ed|ing)?"
    r"(?: (?:away|off|out|from (?:his|her|their|the) (?:face|lips)))?(?!\w)"
)
_FELT = "|".join(sorted({*EMOTIONS, *FEELINGS}, key=len, reverse=True))
# how one looks who does not believe it, who knows it
_ATTITUDE = {
    "believe": "sceptical", "trust": "suspicious", "buy": "sceptical", "agree": "disapproving", "care": "bored", "like": "disgusted",
    "approve": "disapproving", "want": "bored", "know": "smug", "love": "happy", "hate": "disgusted", "enjoy": "happy", "own": "smug",
    "suspect": "suspicious", "fear": "fearful", "dislike": "disgusted", "doubt": "sceptical", "need": "sad",
}  # fmt: skip


def _only_there(found: re.Match) -> str:
    """A feeling in the region that it is meant for."""
    if found["felt"] in _NOUNS and not found["little"]:
        return found.group()  # "rage in her eyes" is a picture of speech
    where = {"eyebrows": "brows", "lips": "mouth"}.get(found["where"], found["where"])
    amount = re.search(r"(\d+)%|\bhalf\b", found["share"] or "")
    if (found["share"] or "").strip(" ,") and not amount:
        return found.group()
    share = (int(amount[1]) / 100 if amount[1] else 0.5) if amount else 0.5 if found["little"] else 1
    return f"{FEELINGS.get(found['felt'], found['felt'])} {share:g} @ {where}"


_SAME = tuple((re.compile(pattern), plain) for pattern, plain in (
    (rf",\s*{_CALLED}\s*(?=,|$|[.!?])", ","), (rf"^{_CALLED},\s*", ""),
    (r"^(?:no|nah|nope|yes|yeah|yep|right|alright|good|great|perfect|cool|fine|hmm+|uh|um|oh|well|so|ok|okay),\s+(?=\w)", ""),
    (r"^(?:dude|bro|bruh|man|mate|buddy|lad|bloke|chap|fella|gal|chick|kid) (?=(?:just |only |slowly )?\w+s\b)", "he "),
    (r"\b(?:like,? totally|totally like|like really|lowkey|low-key|kinda|sorta|sort of|kind of|ish|a tad|a hair|a fraction"
     r"|a smidge(?:n)?|a whisker|a shade"
     r"|a degree|an inch|just a (?:little|bit|touch))\b(?! of)", "slightly"),
    (r"\bhighkey\b|\bhigh-key\b|\bhella\b|\bsooo*\b(?= \w)", "very"), (r"\bsus\b", "suspicious"), (r"\bhyped(?: up)?\b", "excited"),
    (r"\b(?:shook|gagged|gobsmacked|floored)(?=$|[,;.])", "shocked"), (r"\bsalty\b", "annoyed"), (r"\bgutted\b", "heartbroken"),
    (r"\bchuffed\b|\bover the moon\b|\bstoked\b", "happy"), (r"\bknackered\b|\bpooped\b|\bbushed\b", "tired"),
    (r"\b(?:giv(?:es?|ing)(?: off)?|throw(?:s|ing)?|radiat(?:es?|ing)|exud(?:es?|ing)) (?:off )?([\w-]+) (?:vibes?"
     r"|energy)\b", r"looks \1"),
    (r"\b(?:yikes|oof|eek|cringe|ick) face\b", "grimace"), (r"\btbh\b|\bimo\b|\bngl\b|\bfr\b|\blol\b|\bliterally\b", ""),
    (r"\b(?:crooked|lopsided|lop-sided|one-sided|asymmetric(?:al)?|sideways|skewed)(?:,? (?!and\b)[a-z-]+){0,2} (?:smile|grin"
     r"|smirk)s?\b", "smirk"),
    (r"\b(half|mini|micro|semi|quasi|tiny)-(smile|smirk|grin|nod|frown|shrug|wink|shake|tilt|blink|glance|sneer)\b",
     lambda found: f"{'half' if found[1] == 'half' else 'tiny'} {found[2]}"),
    (r"\bno,? (?=not |don't |stop )", ""),
    # who asks is heard, or understood: it is done
    (r"\s*,?\s*\b(?:if you (?:understand|agree|hear me|can hear me|get it|like|want|know what i mean)|if (?:you )?(?:can|possible)"
     r"|when(?:ever)? (?:i'm|i am|we're|we are|she's|he's) (?:talking|speaking)(?: to (?:you|him|her|us|me))?)\s*$", ""),
    (r"\bwhen(?:ever)? (?:you're|you are|she's|she is|he's|he is|they're|they are) (?:talking|speaking)\b", "throughout"),
    (r"\b(?:during|for|in|through|over) (?:all|the whole of|the entirety of|whole) (?:of )?(?:the )?(?:video|clip|time|speech|recording"
     r"|scene|shot|animation|talk)\b",
     "throughout"),
    (r"\bduring (?=(?:about |around )?(?:\d|one|two|three|four|five|six|a|half) ?(?:\.\d+ )?(?:s\b|secs?\b|seconds?\b|a second"
     r"|moment))", "for "),
    (r"\b(?:over|across|in|within) (?:the (?:course|space) of )?(?:about |around )?(\d+(?:\.\d+)?|one|two|three|four|five|a|half a"
     r"|a couple of|a few) (?:s|secs?|seconds?)\b"
     r"(?! in\b| from\b| before\b)", lambda found: "quickly" if found[1].startswith(("half", "0", ".")) else "slowly"),
    (r"\bcount(?:s|ing)? to (two|three|four|five|ten)\b",
     lambda found: f"hold for {dict(two=2, three=3, four=4, five=5, ten=10)[found[1]]} seconds"),
    (r"\bfor a (?:long|good|full) (?:moment|beat|second)\b", "for 2 seconds"),
    (r"\b(?:almost|nearly|hardly|barely|scarcely|practically|virtually) (?:no|any|never) (blink|nod|mov|smil)", r"less \1"),
    (r"\b(?:hardly|barely|scarcely|rarely|seldom)(?: ever)? (blink|nod|mov)(\w*)", r"less \1\2"),
    (r"\bturn(?:s|ing)? (down|up) (?:the )?((?:\w+ )?(?:movements?|motions?|expressions?|intensity|energy|emotions?|gestures?|blink(?:s"
     r"|ing)|nods|nodding))\b",
     lambda found: f"{'less' if found[1] == 'down' else 'more'} {found[2]}"),
    (r"\b(?:with|at) (?:the )?eyes? almost (?:closed|shut)\b|\beyes? (?:almost|nearly) (?:closed|shut)\b|\balmost (?:close"
     r"|shut)s? (?:the |his |her |your )?eyes\b",
     "eyes half-closed"),
    (rf"\b(?:(?:the|his|her|your|a|their) )?(smile|grin|smirk|frown|scowl|pout|glare)s? (?:[a-z]+ly )?{_GOES}(?:,? (?:and|then"
     rf"|,) (?:[a-z]+ly )?{_GOES})*"
     r"(?! to | into )", r"\1 part-0-0.5"),
    (r"\bcorners? of (?:the|his|her|their|your) (?:mouth|lips) (?:[a-z]+ly )?(?:twitch|flicker|tremble|quirk)(?:es|s|ing)?(?: up)?\b"
     r"|\bmouth twitches\b",
     "smile slightly for 1 second"),
    (r"\bkeeps? (?:on )?(?=(?:glanc|peek|check|steal|turn|rais|roll)ing)", "each-2-s "),
    (r"\b(?:keep|go(?:es)? on|continue)s? (?:on )?"
     r"(?=(?:nod|bob|shak|blink|wink|sway|rock|smil|frown|look|star|gaz|squint|grin)[a-z]*ing\b)", "throughout "),
    (r"\b(?:turn|spin|whirl|swivel|pivot)s? (?:around |back |round )?to face (?:her|him|them|us|me|you|the (?!left|right)\w+)\b",
     "look at camera"),
    (r"\b(?:out )?(?:over|across|around|along) (?:the|his|her|their|an?) \w+ (?=from (?:left|right|side) to)", ""),
    (rf"{_LOOKING}(?:like|as if|as though) (?:he|she|they|you|it|i) (?:don't|doesn't|do not|does not|didn't|not|can't"
     r"|cannot) (?:quite |really |fully )?(believe|trust|buy|agree|care|like|approve"
     r"|want)\b[^,;.]*", lambda found: f"looks {_ATTITUDE[found[1]]}"),
    (rf"{_LOOKING}(?:like|as if|as though) (?:he|she|they|you|it|i) (know|love|hate|enjoy|own|suspect|fear|dislike"
     r"|doubt|agree|believe|need)s?\b(?! (?:what|how|why|where|when|who))[^,;.]*", lambda found: f"looks {_ATTITUDE[found[1]]}"),
    (rf"\b(?P<little>(?:(?:a |just a |only a )?(?:hint|touch|trace|bit|flicker|glimmer|shade) of|slightly|a little|a bit|faintly) )?"
     rf"(?P<felt>{_FELT})(?P<share>,? (?:at |with )?[\w%]+(?: \w+)?,?)?,? (?:but )?(?:only |just )?(?:in|on|with|around|by"
     rf"|through) (?:only |just )?(?:the |his |her |your |their )?"
     r"(?P<where>eyebrows|brows|eyes|mouth|lips|cheeks)(?: only| alone)?(?=$|[,;.])", _only_there),
    (r"\bupstage (glance|look)s?\b", r"\1 away"), (r"\bupstage\b", "away"), (r"\bdownstage\b", "at the audience"),
    (r"\bon (?:the|a|each|every) (?:head )?(?:turn|tilt|nod|shake|cut|look away|head-turn)(?=$|[,;.])", "when the head moves"),
    (r"\s*,?\s*(?:\b(?:while|whilst|and|but|as|with) )?\bthe other(?: (?:one|brow|eyebrow|eye|side|corner|half))? (?:\w+ly )?"
     r"(?:stays?|remains?|is|does not|doesn't|keeps?|staying|remaining|rests?)\b[^,;.]*", ""),
    (r"\b(?:(?:to|at|towards?|in|into) (?:the |her |his )?|(?<=look )|(?<=looks )|(?<=eyes ))(upper|top|lower|bottom)[- ](left"
     r"|right)(?:[- ]hand)?(?: (?:corner|side))?\b(?! (?:lip|eyelid|lid|brow|teeth))",
     lambda found: f"{'up' if found[1] in ('upper', 'top') else 'down'} {found[2]}"),
    (r"\bby the last(?: (?:word|syllable|line|beat|note))?(?=$|[,;.])", "at the end"),
    (rf"\b(with|in) (?:(?!{_KEPT})[a-z-]+ ){{1,2}}({_FELT})(?=$|[,;.]| (?:and|then|at|from|for|while)\b)", r"\1 \2"),
    (r"^(?:try|pull|go for|aim for|hit me with|let me see|make it)(?: on| out| with)? (?=an? )", "make "),
    (r"\b(?:can't|cannot|can not|couldn't|could not) help (?:but )?(?:himself |herself )?(?=[a-z])", ""),
    (r"\b(?:whatsoever|of any kind|of any sort|no matter what)\b", ""),
    (r",? (?:and |but )?(?:nothing (?:more|else)|that(?:'s| is) (?:it|all)|no more,? no less|only that|just that)(?=$|[.;])", ""),
    (r"\b(open|close|raise|lower|turn|lift|shut|drop)(s?) ((?:[a-z]+ ){1,3})half ?way\b", r"\1\2 \3slightly"), (r"\bhalf ?way (open"
     r"|closed|shut|up|down)\b", r"slightly \1"),
    (r"[\"“](yes|no)[\"”] (?=with (?:the|his|her|your) head)", r"say \1 "),
    (r"\b(?:mr|mrs|ms|miss|dr|sir|lady|lord|captain|professor|prof|aunt|uncle|master|father|sister|brother|detective|officer"
     r"|agent)\.? (?!the\b|and\b)[a-z]+ (?=(?!(?:his|its|this|is)\b)[a-z]+s\b)", "she "),
    (r"\b(?:relax|soften|loosen|smooth|unfurrow|unknit)(?:s|es|ing)? (?:out )?(?:the |his |her |your |their )?(?:brows?|eyebrows?"
     r"|forehead)\b", "brows 0.3"),
    (r"\b(?:relax|loosen|unclench|slacken)(?:s|es|ing)? (?:the |his |her |your |their )?(?:jaw|mouth|lips)\b", "neutral @ mouth"),
    (r"\b(?:relax|smooth|rest)(?:s|es|ing)? (?:the |his |her |your |their )?(?:whole |entire )?(?:face|features"
     r"|expression)\b", "neutral"),
    (r"\b(left|right) eye(?:lid)? (?:[a-z]+ly )?(?:twitch|flutter|tic)(?:es|s|ing)?\b", r"wink \1 twice quickly slightly"),
    (r"\b(?:(tiny|little|small|quick|slight|big) )?(?:shrug of (?:the |his |her |your )?(?:eye)?brows?"
     r"|(?:eye)?brow shrugs?)\b", "eyebrow flash"),
    (r"\b(?:(?:the|his|her|their|your) )?(?:expression |face |mood |look |smile )?(?:turns?|goes|shifts?|changes?|moves?|switch(?:es)?"
     r"|melts?|transforms?|slides?|morphs?|slips?|passes)? ?from (?:being )?(?:an? )?"
     r"(?P<meant>[a-z-]+) (?:in)?to (?:being )?(?:an? )?(?P<other>[a-z-]+)(?=$|[,;.]| (?:and|then|at|over|as|by|slowly|gradually|bit)\b)",
     lambda found: _one_then_the_other(found)),
    (rf"\b(?!(?:it|that|he|she|what|who|there|here|let)'s\b)[a-z]+'s (?=(?:left |right )?{_FACE_PART}\b)", "his "),
    (r"\b(?<!left )(?<!right )(?<!one )(?<!either )(?:edges?|sides?|ends?) of (?=(?:the |his |her |their |your )?(?:mouth"
     r"|lips)\b)", "corners of "),
    (r"\bcrossed (?=(?:his|her|the|their|my|your)\b)", "crosses "),
    # a smile that does something to the face is there; so is one that somebody does something with
    (rf"\b((?:[a-z-]+ ){{0,3}}{_SMILES}) (?!fad|fell|fall|drop|slip|die|leav|left|vanish)[a-z]+(?:s|ed|ew|ept|oke|ead"
     rf"|ose) (?:[a-z]+ly )?(?:up |across |over |to |onto |on |around |at |in |into |along )*"
     rf"(?:(?:an? |the |one )?corners? of )?{_HIS} (?:(?!and\b|left\b|right\b)[a-z-]+ ){{0,2}}(?:face|lips|mouth|features|cheeks"
     rf"|eyes)\b(?: up(?:wards?)?)?", r"\1"),
    (rf"\b(?:{_SMILES}) (?:[a-z]+ly )?[a-z]+(?:s|ed|ing|ew) (?:in)?to (?=(?:an? )?(?:[a-z-]+ ){{0,2}}{_SMILES}\b)", ""),
    (rf"(^|[,;] |\band |\bthen |\b(?:he|she|they|it|you|i) )(?!{_NOT_GIVING})[a-z]+(?:s|ed|ot|ave|ews?) (?:(?:him|her|them|me|us"
     rf"|it)(?:self|selves)? )?"
     rf"(?=an? (?:[a-z-]+,? ){{0,3}}{_SMILES}\b)", r"\1gives "),
    (r"\b(?:the |his |her |your )?eyes? (?:(?:are|is|stay|remain|keep)s? )?(?:fixed|focused|trained|locked|riveted|glued|set|settled"
     r"|resting|fastened) (?:on|upon) ", "look at "),
    (r"\blook at (?:the |his |her |their |a )?(?:conversation |other )?(?:partner|interlocutor|speaker|person|face|opponent|companion"
     r"|listener)\b(?! (?:on|to|at|beside|behind|in)\b)", "look at camera"),
    (r"\b(?:upturn|upturned) (?:at |in |of )?(?:the )?corners of (?:the |his |her |their )?(?:mouth|lips)\b", "smile slightly"),
    (r"\b(?:thrust|jut|stick|push|poke|pok|jutt)(?:s|ing)? (?:out )?(?:the |his |her |your )?(?:lower|bottom) lip(?: out)?\b", "pout"),
    (r"(?:^|(?<=, )|(?<=; ))(?:he |she |they )?(?:says?|said|asks?|asked|repl(?:y|ies|ied)|answer(?:s|ed)?|adds?|added|prompt(?:s|ed)?"
     r"|murmur(?:s|ed)?"
     r"|explain(?:s|ed)?|insist(?:s|ed)?|admit(?:s|ted)?|interrupt(?:s|ed)?|repeat(?:s|ed)?|demand(?:s|ed)?|remark(?:s|ed)?|comment(?:s"
     r"|ed)?)(?=,|;|$),? ?", ""),
    (r"\b(?:should )?(?:starts?|begins?) (?:out )?(?:small|slow|slight|weak|faint|subtle)(?:ly)?,? (?:and|then|but) (?:then )?(?:grow"
     r"|build|widen|deepen|spread|get bigger|swell)s?(?: bigger)?\b", "grows"),
    (r"\bless (frown|scowl|grimac|pout|sneer|squint|smirk)(?:ing|es|e|s)?\b", r"not \1ing"),
    (r"\b(look|glanc|gaz|peer|peek|star)(?:s|es|e|ing)? (?:(?:back )?(?:at|to) (?:the )?\w+ )?(?:sidelong|askance|from the side"
     r"|out of the corner of (?:his|her|their|the|your) eyes?)\b",
     "look away"),
    (r"\blets? (?:the |out |all |his |her |your )*(?:air|breath|it)(?: all)?(?: go| out| escape| off)\b", "let go"),
    (r"^[(\[*_]++([^()\[\]*]*[^()\[\]*_])[)\]*_]++$", r"\1"),
    (r"\b(?:clearly|obviously|evidently|apparently|seemingly|plainly|visibly|noticeably|markedly) (?=[a-z]+(?:ing|ed|y|ful|ous)\b)", ""),
    (rf"\b({_FELT}) to (?:see|hear|find|learn|discover|notice|reali[sz]e|be)\b[^,;.]*", r"\1"),
    (rf",? ?-? ?\bnot (?:in|out of|from|with) (?:{_FELT})\b(?:,? but (?:in|out of|from|with) [^,;.]*)?", ""),
    (r",? (?:without|not|no|never) (?:showing |baring )?(?:any |the |his |her |your )?teeth(?: showing| visible)?\b", ""),
    # what it shows, and what else it might
    (rf"\b(?:indicat|suggest|hint|convey|betray|reveal|show|express|signal|communicat|denot|impl|register)(?:ing|ies|es|s) (?:at "
     rf"|of )?(?:an? |some |his |her )?"
     rf"(?:(?!{_KEPT})[a-z-]+ )?({_FELT})\b(?:(?:,| or| and)+ (?:a |an )?(?!(?:or|and)(?![a-z-]))[a-z-]+)*(?=$|[,;.])",
     r"in \1"),
    (r"\b(?:indicat|suggest|hint|convey|betray|reveal|signal|communicat|denot)(?:ing|es|s) (?:at |of )?[a-z-]+(?:(?:,? or |,? and "
     r"|, )[a-z-]+){0,3}(?:,? or |,? and |, )?(?=$|[;.])", ""),
    (r"\b(?!(?:left|right|up|down|two|three|one|more|less|once|twice|yes|no|a|an|the|in|so|second|seconds|moment|either"
     r"|now)\b)([a-z-]+) or (?:else |even |maybe |perhaps |a |an )?"
     r"(?!so\b|two\b|three\b|twice\b|left\b|right\b|up\b|down\b|less\b|more\b|not\b|no\b)[a-z-]+(?=$|[,;.]| (?:and|then|at|with|in"
     r"|for)\b)", r"\1"),
    (r"\b(?:tr(?:y|ies|ying) to )?(?:express|display|convey|register|portray|exhibit|feign|project|radiate|exude|ooze)(?:s|es"
     r"|ing)? (?P<a>an? )?"
     r"(?P<felt>[a-z-]+)\b", lambda found: f"show {found['a'] or ''}{found['felt']}" if _is_felt(found["felt"]) else found.group()),
    (r"\b(smile|grin|frown|scowl|look|smirk|glare|expression)s? (?:that|which) [a-z]+ (?:up |over |across )?(?:his|her|the"
     r"|their) (?:entire |whole )?(?:face|eyes?|features)\b", r"\1"),
    (r"\b(?:skin|(?:laugh |fine |tiny )?lines|crow's feet|wrinkles|creases) (?:(?:bunch|crinkl|gather|form|creas|wrinkl|appear|deepen"
     r"|fan)[a-z]* )?(?:around|at|beside) (?:the |his |her )?"
     r"(?:corners? of (?:the |his |her )?)?eyes\b", "eyes crinkle"),
    (r"\b(?:inner|inside) (?:corners|ends|parts|halves) of (?:the |his |her )?(?:eye)?brows (?:are |slant(?:ing|ed)? |drawn |pull(?:ing"
     r"|ed)? |rais(?:ing|ed) |lift(?:ing|ed) |tilt(?:ing|ed) )*(?:up(?:ward)?s?|raised|lifted)\b",
     "inner brows up"),
    (r"\ban? ((?:(?!and\b|or\b|the\b|low|furrow|knit|creas|wrinkl|heavy)[a-z-]+ ){0,2})(eyebrow|brow)\b(?!s)(?! (?:flash|shrug|wiggle"
     r"|waggle|bounce|pop)\b)"
     r"(?=(?!.*\b(?:left|right|furrow|lower)))", r"left \1\2"),
    (r"\b(?:(?:raised|lifted|arched|pulled) (?:eyebrows|brows) (?:drawn |pulled )?together|(?:eyebrows|brows) (?:are "
     r"|would be )?(?:raised|lifted|pulled|drawn) (?:up )?and (?:drawn |pulled )?together)\b",
     "fearful 0.8 @ brows"),
    (r"\b(?:arch|cock|quirk)(?:ed|es|s|ing)? (?:(?:the|his|her|their|your|both) )?(eyebrows|brows)\b", r"raises \1"),
    (r"\b(?:unable to|without|not|can't|cannot|couldn't|fails? to|refus\w+ to|not able to|afraid to) (?:make|making|keep|keeping"
     r"|maintain|maintaining|hold|holding) eye[- ]contact\b",
     "looks away"),
    # one rather than another
    (r"\b(?:more|rather) (?P<meant>[a-z-]+) than (?P<other>[a-z-]+)(?=$|[,;.]| and\b| then\b)", lambda found: _felt_rather(found)),
    (r"\b(?:not|less) (?:so |so much |too |as )?(?P<other>[a-z-]+),? (?:but|as|than) (?:rather |more )?(?P<meant>[a-z-]+)(?=$|[,;.])",
     lambda found: _felt_rather(found)),
    (r"\bin (?:the )?(left|right|up|down)(?:ward)? direction\b|\bin the (left|right|up|down)\b", lambda found: found[1] or found[2]),
    (r"\bblows?(?=$|[,;.])", "purse lips strongly for 0.7 seconds"),
    (r"\b(?:colou?r|tinge|tint|lace|infuse|fill|flood|imbue|soak)(?:s|ed|ing)? (?:it|(?:the|her|his|your|this|my) \w+) (?:with|in) "
     r"(?:(?:some|a bit of|pure|deep) )?(?P<felt>[a-z]+)\b",
     lambda found: f"show {found['felt']}" if _is_felt(found["felt"]) else found[0]),
    (r"\btowards? the (left|right)\b", r"\1"), (r"\bto say (yes|no)\b", r"say \1"),
))  # fmt: skip


def as_directed(text: str) -> str:
    """`text`, in lower case, in the present and without whom it is said to, in the words that the reader of prompts has."""
    narrated = _PAST_DEED.search(text)
    text = _PAST_DEED.sub(_present, text)
    text = _AND_PAST_DEEDS.sub(lambda found: f"{found['who']} {found['how']}{_PAST[found['verb']]}", text) if narrated else text
    for pattern, plain in _SAME:
        text = pattern.sub(plain, text)
    return re.sub(r"\s+", " ", re.sub(r",(?:\s*,)+", ",", text)).strip(" ,")


def _present(found: re.Match) -> str:
    """What is done, of what was done."""
    if found["verb"]:
        return f"{found['who']} {found['how']}{_PAST[found['verb']]}"
    return f"{found['part']} {found['so']}{_PAST[found['did']]}"


def _felt_rather(found: re.Match) -> str:
    """The feeling that is meant of two that are compared; other words as they are."""
    meant, other = found["meant"], found["other"]
    if not (_is_felt(meant) and _is_felt(other)):
        return found.group()
    return meant


def _one_then_the_other(found: re.Match) -> str:
    """One feeling and then the other, where both are; those that every pattern knows stay for it."""
    both = {found["meant"], found["other"]}
    if both <= {*EMOTIONS, *FEELINGS} or not all(map(_is_felt, both)):
        return found.group()
    return f"{found['meant']}, then {found['other']}"


def _is_felt(word: str) -> bool:
    return word in EMOTIONS or word in FEELINGS or word in SEEMING or head_of(word) is not None
