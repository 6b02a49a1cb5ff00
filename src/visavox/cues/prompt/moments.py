"""The ways in which people name a time, each written as the reader of sentences knows it: "around the 2 second mark" is at 2 seconds."""

import re

from visavox.cues.prompt.word_moments import moments_marked
from visavox.windows import FPS

COUNTS = {"half a": 0.5, "half": 0.5, "a": 1, "one": 1, "a couple of": 2, "two": 2, "a few": 3, "three": 3, "four": 4, "five": 5, "six": 6,
          "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_WRITTEN = re.compile(rf"\b({'|'.join(COUNTS)})\s+(seconds?|secs?)\b")  # a number of seconds in words
_FIRST = re.compile(rf"\b(first|last)\s+({'|'.join(COUNTS)})\s+(?=seconds?\b|secs?\b)")
_FRAME = re.compile(r"\b(?:at |on |from |in )?(?:the )?frame (\d{1,6})\b *:?")  # as the motion has them
_ROUGHLY = re.compile(
    r"\b(?:(?:at|around|near|from) )?(?:about|around|roughly|approximately|circa) (?=\d+(?:\.\d+)? ?(?:s|secs?|seconds?)\b(?! long))"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2}(?:\.\d+)?)\b(?!:)")
_HEADED = re.compile(r"(\d ?(?:s|secs?|seconds?)) ?:(?= )")  # "at 1 second: nod"
_SECONDS = r"(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\b"
PAUSES = {"until": "until", "till": "until", "after": "after"}  # all else is at the pause
_N = r"(\d+(?:\.\d+)?)"
_S = r"(?:s|secs?|seconds?)"
_LAST_OF = (
    r"(?:message|text|audio|dialogue|conversation|story|paragraph|animation|film|track|file|statement|answer|question|poem|song|"
    r"sentence|line|speech|clip|recording|phrase|video|scene|shot|take|talk|end|performance|monologue)"
)
_TIMES = rf"\bat (?P<times>{_N}(?: ?{_S})?(?:, ?{_N}(?: ?{_S})?)*,? and {_N} ?{_S})\b(?! (?:later|after|long|more|from|before|in)\b)"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
# after these, right is a side
_BEFORE_A_SIDE = ("the ", "to ", "his ", "her ", "look ", "looks ", "turn ", "turns ", "tilt ", "tilts ", "glance ", "glances ", "gaze ",
                  "ing ", "lean ", "leans ", "face ", "faces ", "head ", "eyes ", "camera ", "screen ", "stage ", "and ", "then ",
                  ", ")  # fmt: skip


def _each_time(found: re.Match) -> str:
    return " and ".join(f"at {number} seconds" for number in re.findall(_N, found["times"]))


_SAME = tuple((re.compile(pattern), plain) for pattern, plain in (
    (r"(?:,|;|\band)? ?(?:otherwise|else|everywhere else|the rest) (?:neutral|normal|calm)$"
     r"|(?:,|;|\band)? ?(?:(?:stay|remain)s? )?(?:neutral|normal|calm) "
     r"(?:otherwise|for the rest|the rest of the time)$", ""),
    # several times, "at 2, 4 and 6 seconds"
    (rf"^{_TIMES},? (?P<done>[^,.;]+?)(?=$|[,.;]| then\b| and\b)", lambda found: f"{found['done']} {_each_time(found)}"),
    (_TIMES, _each_time),
    (rf"(?<![\w.-])(?<!from )(?<!between ){_N} ?(?:-|–|to|until) ?{_N} ?{_S}\b", r"from \1 to \2 seconds"),
    (r"^(?:start|begin|open)s? (?:out |off )?(?:as )?(?!with|by|to|at|from|on|the|a|an|and)(\w+) (?:and|then|and then),? (?!end"
     r"|finish|close)(?=\w)",
     r"at the start look \1, then "),
    (r"\bin (?:the )?(first|last|middle)(?= (?!half|third|quarter|second|\d|sentence|line|few|couple|word|moment)\w+(?:,| and|$))",
     lambda found: {"first": "at the start", "last": "at the end", "middle": "in the middle"}[found[1]]),
    (r"\bfrom (?:the )?(?:very )?(?:start|beginning) (?:to|until|till) (?:the )?(?:very )?(?:end|finish)\b", "throughout"),
    # "right at the start", "just after 2 seconds" are not to the right
    (rf"\b(?:(?<!{')(?<!'.join(_BEFORE_A_SIDE)})right|just|only|exactly|precisely|straight|shortly|already) "
     r"(?=(?:at|after|before|from|on|in|when|around|about|towards?) (?:the|a|\d|he|she|they))", ""),
    (rf"\b(?:at |around |about |near |by |roughly |approximately |on )*(?:the )?{_N}[- ]?{_S}(?:'s)?[- ](?:mark|point"
     rf"|in)\b", r"at \1 seconds"),
    (rf"\b(?:at |around |about |near |roughly |approximately |circa |~ ?)+{_N} ?{_S}\b", r"at \1 seconds"),
    (rf"\b(?:starting|beginning|begin|start|starts|begins) (?:at|from|after) {_N} ?{_S}\b", r"from \1 seconds on"),
    (rf"\b(?:from|between) (?:{_S} )?{_N} ?{_S}? (?:to|until|till|and|through|-) (?:{_S} )?{_N}(?: ?{_S})?\b", r"from \1 to \2 seconds"),
    (rf"\b{_N} ?{_S} (?:from|before) (?:the )?{_LAST_OF}\b", r"in the last \1 seconds"),
    (rf"\b(?:until|till|up to|to) (?:the )?(?:very )?(?:last|final) {_N}? ?{_S}\b", lambda found: f"until-last-{found[1] or 1}-s"),
    (rf"\b(?:the )?(?:final|closing|ending|last) {_N} ?{_S}\b", r"the last \1 seconds"),
    (rf"\b(?:(?:during|in|for|over|within|on) )?the (?:very )?(?:last|final|closing) {_S}\b", "in the last 1 seconds"),
    (rf"\b(?:the )?(?:opening|initial) {_N} ?{_S}\b", r"the first \1 seconds"),
    (r"\bfrom now (?:and )?then\b|\b(?:(?:every )?now and (?:then|again)|from time to time|once in a while|every so often|occasionally"
     r"|at times"
     r"|sometimes|now and again)\b", "each-2-s"),
    (r"\bwith (?:an?|the|some) (?:odd|occasional)\b", "and occasional"), (r"\b(?:the odd|occasional) (\w+)\b", r"\1 each-2-s"),
    (r"\b(?:one|once) (?:per|a|each|every) (?:second|sec)\b", "each-1-s"),
    (r"\b(?:twice) (?:per|a|each|every) (?:second|sec)\b", "each-0.5-s"),
    (rf"\bevery ({'|'.join(_ORDINALS[1:])}) {_S}\b", lambda found: f"each-{_ORDINALS.index(found[1]) + 1}-s"),
    (rf"\b(?:once )?(?:every|each) {_N}? ?{_S}\b", lambda found: f"each-{found[1] or 1}-s"),
    (r"\b(?:constantly|continuously|continually|nonstop|non-stop|all the time)(?= (?:nod|blink|shake|wink))", "each-1-s"),
    (r"\b(?:every time|each time|whenever|when|as|once) (?:she|he|they|you|i|it|the \w+) (?:(starts?|begins?|opens?)|finish(?:es)?|ends?"
     r"|completes?|concludes?) (an?|each|every|any|the) (?:new )?(?:sentence|line|phrase)s?\b",
     lambda found: (f"piece:each:{'start' if found[1] else 'end'}" if found[2] != "the" else f"at the {'start' if found[1] else 'end'}")),
    (r"\b(?:every time|each time|whenever|when|as) (?:she|he|they|you|i|it) (?:pauses?|takes? a pause|stops?)\b"
     r"|\b(?:at|in|during|on) (?:every|each|all|all the) pauses?\b"
     r"|\b(?:at|on|after|with) (?:every|each|all|all the|the) (?:commas?|full stops?|periods?|punctuation(?: marks?)?|breaths?)\b"
     r"|\b(?:in|during|at) (?:the )?pauses\b", "each-pause"),
    (r"\b(?:on|at|with|to|for|in time with|along with) (?:(?:every|each|all|the|any|her|his|your|my|its|key|some|most) )*"
     r"(?:(?:stressed|emphasi[sz]ed|emphatic|accented|important|strong|key|main|loud|stress) )?(?:stress(?:es)?|accents?|beats?|"
     r"emphas[ie]s|rhythm(?: of (?:the|her|his) (?:speech|words|voice|sentence))?|cadence|"
     r"(?:stressed|emphasi[sz]ed|emphatic|accented|important|key|loud) (?:words?|syllables?|points?|moments?|beats?|parts?))\b"
     r"|\b(?:when|whenever|every time|each time|as) (?:she|he|they|you|it|the voice) (?:stress(?:es)?|emphasi[sz]es?|accents?) "
     r"(?:something|words?|a word|a syllable|a point|anything)\b|\bto (?:emphasi[sz]e|underline|stress|punctuate|accentuate)"
     r" (?:every |each |the |her |his |your |key |important )*(?:words?|points?|speech|syllables?|statements?|argument|message)\b"
     r"|\b(?:for|with) emphasis\b", "each-accent"),
    (rf"\b(?:until|till|up to) the ({'|'.join(_ORDINALS)}) {_S}\b", lambda found: f"until {_ORDINALS.index(found[1]) + 1} seconds"),
    (rf"\b(?:from|after|at) the (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) {_S}(?: (?:on|onwards?|mark))?\b",
     lambda found: f"from {_ORDINALS.index(found[1]) + 1} seconds on"),
    (r"\b(?:every time|each time|whenever|when) there(?:'s| is) (?:a )?(?:pause|silence|break)\b", "each-pause"),
    (r"\b(?:just |only )?(?:a |an |the )(?:slight |brief |quick |short |sudden )?(?:(flicker|flash|spark)|burst|moment|second|flare) of "
     r"(?:an? )?(?=\w+)", lambda found: f"for 1 second {'slightly ' if found[1] else ''}"),
    (r"\b(?:after|following) the (?:sentence|line|phrase|speech|last word)\b", "at the end"),
    (r"\bbetween (?:(?:each|every|all|the|of the) )*(?:sentences?|lines?|phrases?)\b|\bafter (?:sentences|lines|phrases)\b", "each-pause"),
    (r"\b(?:once )?every (?:few|couple of|other|two or three|second or (?:two|so)|now and then|so many) ?(?:seconds?|secs?|s)?\b"
     r"|\b(?:at|on) (?:every|each) (?:opportunity|chance|occasion)\b"
     r"|\b(?:regularly|periodically|intermittently|frequently|rhythmically|here and there|repeatedly throughout)\b", "each-2-s"),
    *((rf"\b(?:(?:in|for|during|over|throughout) )?the {first} (?:third)\b", f"part-{a}-{b}")
      for first, a, b in (("(?:first|opening)", 0, 0.333), ("(?:second|middle)", 0.333, 0.667), ("(?:last|final|third)", 0.667, 1))),
    *((rf"\b(?:(?:in|for|during|over|throughout) )?the {first} quarter\b", f"part-{a}-{b}")
      for first, a, b in (("(?:first|opening)", 0, 0.25), ("second", 0.25, 0.5), ("third", 0.5, 0.75), ("(?:last|final"
      "|fourth)", 0.75, 1))),
    (r"\b(?:until|till|up to) (?:the )?(?:half ?way|middle|midpoint|half)(?: ?(?:point|mark))?(?: through)?\b", "part-0-0.5"),
    (r"\b(?:from|after) (?:the )?(?:half ?way|middle|midpoint)(?: ?(?:point|mark))?(?: on(?:wards?)?| through)?\b", "part-0.5-1"),
    (r"\b(?:just )?before the (?:very )?end\b", "at the end"), (r"\b(?:right |all the way )?(?:up |through )?to the (?:very"
     r" )?end\b", "until the end"),
    (rf"(\bfirst {_N} ?{_S}\b[^.;]*?) for the (?:rest|remainder)(?: of (?:the |her |his )?(?:time|{_LAST_OF[3:-1]}))?\b",
     r"\1 from \2 seconds until-last-0.001-s"),
    (rf"\bfor the (?:rest|remainder)(?: of (?:the |her |his )?(?:time|{_LAST_OF[3:-1]}))?\b", ""),
    # the ends
    (rf"\b(?:when|once|as soon as|after|as) (?:the |her |his |your )?{_LAST_OF} (?:is |has |'s )?(?:over|done|finished|finish|finishes"
     rf"|ended|ends|end)\b"
     r"|\b(?:when|once|as|after) (?:she|he|they|you|i|it) (?:is |are |'s |has |have )?(?:finish(?:es|ed)?|done|ends?|ended|concludes?)"
     r"(?: (?:speaking|talking|the \w+))?\b|\bin the end\b|\b(?:near|close to|at|by|towards?) (?:the |it's )?(?:very )?(?:end"
     r"|finish|close|ending)"
     rf"(?: of (?:the |her |his |your )?{_LAST_OF})?\b(?! of\b)|\bto (?:finish|end|close|conclude|wrap up)(?: off| with)?\b"
     rf"|\bfor the (?:ending"
     rf"|finish|finale)\b", "at the end"),
    (rf"\bat the (?:very )?(top|head|tail|bottom) of (?:the |her |his |your )?{_LAST_OF}\b",
     lambda found: f"at the {'start' if found[1] in ('top', 'head') else 'end'}"),
    (r"\b(?:near|close to|at|in|from|by|on) (?:the )?(?:very )?(?:start|beginning|outset|opening|get-go)(?: on)?"
     rf"(?: of (?:the |her |his |your )?{_LAST_OF})?\b|\b(?:when|as|once) (?:she|he|they|you|i|it|the \w+) (?:starts?|begins?)"
     r"(?: (?:to (?:speak|talk)|speaking|talking))?\b|\bwhen (?:begin|start)(?:s|ning|ing)?\b|\b(?:to start(?: with)?|for starters"
     r"|first thing|to open|to begin)\b", "at the start"),
    (r"\b(?:half ?way|midway|mid) ?(?:through|in|into it|point)?\b(?: (?:the |her |his )?(?:sentence|line|speech|clip|recording|video"
     r"|scene))?"
     rf"|\b(?:around|near|at|in|about) the (?:middle|midpoint|half|center|centre)(?: of (?:the |her |his "
     rf"|your )?{_LAST_OF})?\b", "in the middle"),
    (r"\b(?:at|on) the (?:very )?(first|last)(?=$|[,;.]| and\b| then\b)",
     lambda found: f"at the {'start' if found[1] == 'first' else 'end'}"),
    (r"\bat first\b", "at the start"),
    (r"\bat the end and (?:also )?at the start\b", "at the start and at the end"),
    (r"\ball (?:the )?(?:way|time|throughout|along|through)(?: (?:through|long|to at the end))?\b|\bthe (?:whole|entire) (?:way|thing"
     r"|while)(?: through)?\b|\bat all times\b|\balways\b"
     r"|\bevery (?:second|moment)\b|\bfor the duration\b|\bthe rest of the time\b", "throughout"),
    # what comes first and last
    (r"\b(?:begins?|starts?|opens?)(?:ning|ting|ing)?(?: off| out)? (?:with|by|as|on)(?: being| looking)? ", "at the start "),
    (r"\b(?:(?:and |then |, )*)(?:ends?|finish(?:es)?|closes?|concludes?|wraps? up)(?:ing)?(?: off| up| it| things)? (?:with|by|as|on"
     r"|in)(?: being| looking)? ",
     ", then at the end "),
    (r"\bat the start (?=at the end|at the start)", ""),
    (r"^starts? (?=\w+,? (?:and |then |, )*(?:ends?|finish))", "at the start look "), (r"(?:,| and| then)+ (?:ends?"
     r"|finish(?:es)?) (?=\w+$)(?!\w+ly$)", ", then at the end look "),
    # one after the other
    (rf"(?:,|;|\.|\band|\bthen)? ?(?:and )?(?:then )?(?:after (?:another |a further )?{_N} ?(?:more )?{_S}(?= (?:more|later)\b)(?: more"
     rf"| later)?|{_N} ?{_S} (?:later|after (?:that|which)|afterwards|on))\b,?",
     lambda found: f", then later-{found[1] or found[2]}-s "),
    (r"(?:,|;|\.)? ?(?:and )?(?:a (?:moment|second|beat|bit|little) later|shortly after(?:wards)?|soon after(?:wards)?"
     r"|moments later)\b,?", ", then later-1-s "),
    (r"[,;]? (?:and )?(\w+)(?: again)? (?:later|afterwards)$", r", then \1"),
    (r", then (later-[\d.]+-s) (?=$|[,;.]|while\b|whilst\b|and\b|but\b|when\b|not\b)", r" \1 "),
    (r"\b(?:as|for) (?:the|a) (?:last|final) (?:thing|gesture|touch|step|beat)\b|\b(?:at last|last of all|in conclusion"
     r"|lastly)\b", "finally"),
    (r"\b(?:subsequently|thereafter|whereupon|and next|later on|following (?:that|this)|(?<!the )right after(?: that)?|once (?:that is"
     r"|that's) done"
     r"|when (?:that is|that's) done|immediately after(?:wards)?)\b", "then"),
    (r"\b(?:meanwhile|concurrently|all while|at once|in the meantime|together with|along with|accompanied by|combined with|coupled with"
     r"|as well as|plus)\b",
     "while"),
    # the voice, ends and wholes
    (r"\b(until|till|at|in|on|during|after|from|since) (?:the|a|her|his|their|this) (?:first |next |short |long )*"
     r"(?:pause|silence|break)\b",
     lambda found: f" {PAUSES.get(found[1], 'at')}-pause "),
    (r"\b(when|once|until|till|after) (?:she|he|it|they|the voice|the speaker) (?:pauses?|stops? (?:talking|speaking)|(?:is"
     r"|are) silent)\b",
     lambda found: f" {PAUSES.get(found[1], 'at')}-pause "),
    (rf"\bat second ({'|'.join(COUNTS)})\b", lambda found: f"at {COUNTS[found[1]]:g} s"),
    (rf"\s*,?\s*\b(?:that |which |and |then )*(?:fades?|disappears?|vanish(?:es)?|ends?|stops?|relax(?:es)?|lets? go"
     r"|(?:returns?|(?:comes?|goes?) back) to (?:the )?(?:neutral|normal|cent(?:er|re)|rest|front|middle)"
     r"|(?:comes?|goes?|drops?) (?:back )?(?:down|up))(?: away| out| again)?"
     rf" after {_SECONDS}", r" for \1 seconds"),
    (r"\bthroughout,? (?:except|but not|apart from|save)(?: for)? at the end\b", "until-last-1.5-s"),
    (r"\bthroughout,? (?:except|but not|apart from|save)(?: for)? at the start\b", "from 1.5 seconds"),
    (r"\b(?:for|during|over|through) the (?:entire |whole )?(?:message|text|audio|dialogue|conversation|story|paragraph"
     r"|animation|statement|clip|video|scene|shot|take|recording|sentence|line|time|thing)\b"
     r"|\bfrom (?:start|beginning) to (?:end|finish)\b|\bthe (?:entire|whole) (?:clip|video|scene|shot|take|recording|sentence)\b",
     "throughout"),
    (r"\bbefore (?:the (?:line|sentence|speech)|(?:she|he|they|it) (?:speaks?|talks?|starts?|begins?)(?: speaking| talking)?"
     r"|speaking|talking|answering|replying|responding|starting|beginning)\b", "at the start"),
    (r"\b(?:when|as|once) the (?:sentence|line|speech|clip|recording|phrase) (?:ends?|is over|finishes)\b"
     r"|\bat the end of the (?:sentence|line|speech|clip|recording|phrase|video|scene)\b", "at the end"),
    (r"\b(waits?|pauses?|holds?|stays?) (?=\d)", r"\1 for "),
    (r"\b(?:on|at|with|during|in|over|for) the (?:very )?last (?:word|syllable|line|beat|note)\b", "at the end"),
    (r"\b(?:on|at|with|after|right after|during|in|over|for) the (?:very )?first (?:word|syllable|line|beat|note)\b", "at the start"),
    (r"\b(?:during|in|for|over|within) the (?:very )?first (\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)\b", r"from 0 to \1 seconds"),
    (r"\b(?:during|in|for|over|within) the first second\b", "from 0 to 1 seconds"),
    (r"\bbetween (\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)? and (\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)\b", r"from \1 to \2 seconds"),
    (r"\bseconds? (\d+(?:\.\d+)?)\b", r"\1 s"),
))  # fmt: skip


def times_marked(text: str) -> str:
    """`text`, in lower case, with its times as the reader of sentences has them, "at 2 seconds".

    Those that the voice tells, and those that repeat or follow, are one word each: said:at:qhello, each-2-s, later-1-s.
    """
    text = _FRAME.sub(lambda found: f"at {int(found[1]) / FPS:g} s ", _HEADED.sub(r"\1,", text))
    text = _ROUGHLY.sub("at ", moments_marked(text))
    text = _CLOCK.sub(lambda found: f"{60 * int(found[1]) + float(found[2]):g} seconds", text)
    text = _FIRST.sub(lambda found: f"{found[1]} {COUNTS[found[2]]:g} ", text)
    text = _WRITTEN.sub(lambda found: f"{COUNTS[found[1]]:g} {found[2]}", text)
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return text
