"""What people write around what they ask for: whom they ask and how politely, for which reason, at which word, how it ends.

Each pattern is written as what the reader of clauses knows; `wording.plain` applies them before its own.
"""

import re

_WHO = r"(?:she|he|they|you|i|it|we|the (?:speaker|character|actor|actress|avatar|npc|player|voice|person|woman|man|girl|boy))"
_SECONDS = r"(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)"
_QUOTED = re.compile(
    rf"(?:\b(?:(?:on|at|with|over|during|for|right (?:on|at)) |(?:when|whenever|as|while|every time|each time) {_WHO} (?:says?|speaks?"
    rf"|hears?|mentions?) )?"
    r"(?:the |each |every )?(?:words?|name|phrase|line)? ?)"
    r"(?:[\"“”„«]([^\"“”„«»]{1,60})[\"“”»]|(?:(?<=\s)|^)['‘]([^'‘’]{1,60})['’](?=[\s,.;!?]|$))"
)
_AT_WORD = re.compile(
    rf"\b(?:(?:on|at|with|over) the words? ([\w'-]+)"
    rf"|(?:when|whenever|as|every time|each time) {_WHO} (?:says?|speaks?|hears?|mentions?) (?!that\b|this\b|it\b|so\b)([\w'-]+))\b"
)
# what an intensity is called that is no adverb
_WITH = (
    (r"intensity|energy|vigou?r|force|enthusiasm|emphasis|conviction|power|strength|passion|determination|gusto", "strongly"),
    (r"care|hesitation|caution|reluctance|patience|dignity|ease", "slowly"),
    (r"subtlety|restraint|delicacy|tenderness|gentleness", "slightly"),
    (r"haste|speed|urgency", "quickly"),
)
_LOTS = r"(?:(?:a|an|the|lot|lots|bit|of|great|much|some|full|real|extreme|utmost|more|all|his|her|their|your) )*"
_ASK = (
    r"(?:please|hey|ok|okay|so|now|well|and|also|just|maybe|perhaps|hi|hello|then)"
    rf"|(?:could|can|would|will|may|might|should) {_WHO}(?: please| kindly)?|i(?:'d| would)? ?(?:want|like|love|need|wish|prefer)"
    r"|(?:we|you) (?:need|want|should|must|have|has)|let's|let us|lets (?=see|have|make|do|get|try|go)|(?:try|like|want|wants|remember"
    r"|have|has|need|needs"
    r"|got|ought|going|supposed) to"
    r"|(?:it would be (?:nice|good|great|cool)|i think|is it possible|it should look like|show me|give me|give us|i'd say|how about"
    r"|what if)"
)
_MAKE = (
    r"(?:make|makes|have|has|let|lets|get|gets|want|tell|ask|cause|need|see|watch|show) "
    r"(?:him|her|them|it|me|(?:the|this|that|my|our) (?:\w+ )?(?:character|face|avatar|actor|actress|man|woman|girl|boy|person|guy|lady"
    r"|kid|npc|model|one))"
    r"(?: to)? (?!fall|go\b|drop|down|relax)(?=\w)"
)
_SAME = tuple((re.compile(pattern), plain) for pattern, plain in (
    (r"\s*,?\s*\b(?:please|pls|plz|thanks|thank you|if you can|if possible|ok|okay)\b\s*[?.!]*$", ""),
    (r"[?!]+(?=\s|$)", "."), (r"\s*\.\s*$", ""),
    (r"\b(?:add|give|put|bring) (?:some|more|a bit of|a little|extra) (?:life|movement|motion|expression|action) (?:to|into|in) ", "more "),
    (rf"^(?:(?:{_ASK})\b,? *)+(?=\w)", ""), (rf"(,|;|\.|\bthen|\band) (?:(?:{_ASK.replace('|then', '')})\b,? +)+(?=\w)", r"\1 "),
    (r"^(?:that|to|if|see|do|add|include|insert|put in|display|have) (?=\w)", ""),
    (r"(,|;|\.|\bthen|\band) (?:add|include|insert|throw in) (?=an?\b|one|two|some|the)", r"\1 "),
    (_MAKE, ""), (r"\b(?:do|does|did|perform|performs|execute|executes) (?=an?\b|\d|one\b|two\b|three\b|some\b)", ""),
    # reasons, and what is only a comparison
    (r"\s*,?\s*\b(?:to show|showing|as a sign of|as a sign that|for (?:emphasis|effect|fun|no reason)|to emphasi[sz]e|in order to"
     r"|so that)\b"
     r"(?=[^,;.]*$).*$", ""),
    (r"\s+(?:about|because of|due to|at the (?:thought|idea|sight|news|mention) of|at what|thanks to)(?: \w+(?: of)?){1,4}$", ""),
    (r"\s*,?\s*\b(?:while|whilst|as|when|and) (?:she|he|they|you|i|it)?(?:'s| is| are)? ?(?:saying|says|talking|speaking|delivering)"
     r"(?: (?:it|that|this|so|the line|the sentence|the words))?(?=[,;.]|$)", ""),
    # manners that are no adverbs
    *((rf"\bwith {_LOTS}(?:{nouns})\b", manner) for nouns, manner in _WITH),
    (r"\b(?:almost |nearly )?(?:imperceptibly|unnoticeably|unnoticeable|imperceptible)\b|\bbarely (?:noticeably|noticeable|visible"
     r"|visibly)\b",
     "slightly"),
    (r"\b(?:super|mega|ultra|crazy|insanely) (?=\w+)", "very "),
    (r"\blike (?:crazy|mad|hell|a (?:maniac|lunatic|madman|mad\w*))\b", "strongly"),
    (r"\bjust once\b", "once"), (r"\b(?:a number of|many|multiple|various|some) times\b", "several times"),
    (r"\b(?:a )?(?:couple|few) (?:of )?(?=(?:nod|blink|wink|shake|head)s?\b)", "several "),
    (r"\b(?:a )?double (?=(?:\w+ )?(?:nod|blink|wink|take)s?\b)", "two "), (r"\b(?:a )?triple (?=(?:nod|blink|wink))", "three "),
    (r"\b(nod|blink|wink|shake)s?,? \1s?,? (?:and )?\1s?\b", r"\1 3 times"), (r"\b(nod|blink|wink"
                                                                              r"|shake)s? (?:and )?\1s?(?! and)(?! \1)\b", r"\1 twice"),
    (r"\bin an? (?:very |rather |quite |really )?(\w+?)(y?) (?:way|manner|fashion|style)\b",
     lambda found: f"{found[1]}{'i' if found[2] else ''}ly"),
    (r"\b(big|very|really|so|slowly|quickly|gently)(?:,? \1)+\b", r"\1"),
    (r"\b(?:(?:carry|carries|keep|keeps|go|goes) on|continue|continues)(?: to)? (?=\w)", ""),
    (r"\bout loud\b", ""), (r"\blittle bit\b", "slightly"), (r"\b(?:pretend|pretends|imagine)(?: to)? (?=be\b|look\b|feel\b)", ""),
    (r",? (?:but )?only (?:with )?(?:the |his |her |your )?(?:eyes|mouth|head|brows|eyebrows|lips)$", ""),
    (r"\b(?:lots|plenty|tons) of (?=\w+ing\b|\w*movement|motion|expression|emotion)", "more "),
    # amounts
    (r"\b(?:not|don't|doesn't|do not|does not|never|shouldn't|stops?) (move|turn|nod|blink|tilt|shake|use|raise|open)(?:ing"
     r"|s)?\b ?((?:[\w']+ ){0,3}?[\w']+)? (?:so|that|too|as) (?:much|often|far|hard|wide)\b",
     lambda found: f"less {found[2] or ''} {found[1]}"),
    (r"\bsoften(?:s|ed)? (?:the |his |her |your )?(?=expression|face|smile|brow)", "less "),
    # sides, and back to the viewer
    (r"\b(?:come|comes|came|coming|return|returns|returning|go|goes|get|gets|switch|back|turn|turns|look|looks|glance|glances|gaze|gazes)"
     r"(?: right| straight)?(?: back)? (?:to|at|into|toward|towards|on) (?:the |his |her |your )?"
     r"(?:lens|camera|viewers?|audience|us|me|you|player|class|students?|customers?|crowd|public|listeners?|reader|people|kids|children"
     r"|spectators?"
     r"|interviewer|front)\b", "look at camera"),
    (r"(,|;|\bthen|\band) (?:he |she |they |it )?(?:look|looks|looking|glance|glances|turn|turns|turning)(?: right"
     r"| straight)? back(?: again)?(?=[,;.]|$)",
     r"\1 look at camera"),
    (r"\b(?:and|then),? (?:back|settles?|settling|returns?|comes?|goes?) (?:back|again|home)(?=[,;.]|$)", "then wait"),
    (r"(,|\bthen|\band) (?:settles?|returns?|goes|comes)(?: back)?(?=[,;.]|$)", r"\1 wait"), (r" and back(?: again)?(?=[,;.]|$)", ""),
))  # fmt: skip


def around_left_out(text: str) -> str:
    """`text`, in lower case and with apostrophes alone, without what stands around what is asked; words that are said as said:qWORD."""
    text = _QUOTED.sub(_quoted_word, text)
    text = _AT_WORD.sub(lambda found: f"said:q{found[1] or found[2]}", text)
    for pattern, same in _SAME:
        text = re.sub(r"\s+", " ", pattern.sub(same, text)).strip()
    return text


def _quoted_word(found: re.Match) -> str:
    """The words with a letter before each, so that none of them is read."""
    words = re.sub(r"[^\w' ]", " ", found[1] or found[2]).split()
    return f" said:{'_'.join(f'q{word}' for word in words)} " if words else " "
