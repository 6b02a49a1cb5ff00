"""What people write around what they ask for: whom they ask and how politely, for which reason, at which word, how it ends.

Each pattern is written as what the reader of clauses knows; `wording.plain` applies them before its own.
"""

import re

from visavox.cues.prompt.complements import asks
from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.idioms import without_idioms
from visavox.cues.prompt.phrases import FEELINGS
from visavox.cues.prompt.telling import as_directed
from visavox.emotion import EMOTIONS

_WHO = r"(?:she|he|they|you|i|it|we|the (?:speaker|character|actor|actress|avatar|npc|player|voice|person|woman|man|girl|boy))"
_SECONDS = r"(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)"
_QUOTED = re.compile(
    rf"(?:\b(?:(?:when|while|on|as|upon) (?:saying|hearing|mentioning|speaking|pronouncing) |(?:on|at|after|with|over|during|for"
    rf"|right (?:on|at)) |(?:when|whenever|as|while|every time|each time) {_WHO} (?:says?|speaks?"
    rf"|hears?|mentions?) )?"
    r"(?:the |each |every )?(?:words?|name|phrase|line)? ?)"
    r"(?:[\"“”„«]([^\"“”„«»]{1,60})[\"“”»]|(?:(?<=\s)|^)['‘]([^'‘’]{1,60})['’](?=[\s,.;!?]|$))"
)
_ABOUT = re.compile(
    r"\b(?:when(?:ever)?|as|while|once|upon|on) (?:(?:she|he|they|you|i|it|the \w+) )?(?:mention(?:s|ing)|(?:talk|speak)(?:s"
    r"|ing) (?:about|of)"
    r"|refer(?:s|ring) to|get(?:s|ting) to|reach(?:es|ing)|arriv(?:es|ing) at|naming|names) "
    r"(?:(?:the|a|an|her|his|their|our|your|my|its|this|these|those) )?([\w'-]+(?: [\w'-]+){0,2}? ?)(?=$|[,;.]| and\b| then\b| she\b| he\b)"
)
# what an intensity is called that is no adverb
_WITH = (
    (r"intensity|energy|vigou?r|force|enthusiasm|emphasis|conviction|power|strength|passion|determination|gusto", "strongly"),
    (r"care|hesitation|caution|reluctance|patience|dignity|ease", "slowly"),
    (r"subtlety|restraint|delicacy|tenderness|gentleness", "slightly"),
    (r"haste|speed|urgency", "quickly"),
)
_LOTS = r"(?:(?:a|an|the|lot|lots|bit|of|great|much|some|full|real|extreme|utmost|more|all|his|her|their|your) )*"
_EXPRESSION = r"(?:(?:nod|smile|look|face|expression|grin|smirk|glance|frown|wink|blink|tilt|sigh|shake|gaze|stare|tone|manner)s?)"
_ASK = (
    r"(?:please|hey|ok|okay|so|now|well|and|also|just|maybe|perhaps|hi|hello|then)"
    r"|(?:would|is|will) it (?:be )?(?:possible|ok|okay|nice|good|great|cool|fine)(?: to| if| for \w+ to)?"
    rf"|(?:could|can|would|will|may|might|should) {_WHO}(?: please| kindly)?|i(?:'d| would)? ?(?:want|like|love|need|wish|prefer)"
    r"|(?:we|you) (?:need|want|should|must|have|has)|let's|let us|lets (?=see|have|make|do|get|try|go)|(?:try|like|want|wants|remember"
    r"|have|has|need|needs"
    r"|got|ought|going|supposed) to"
    r"|(?:it would be (?:nice|good|great|cool)"
    r"|why (?:not|don't (?:you|we))|(?:is there )?(?:any|a) (?:chance|way)(?: of| that| to)?|(?:do|don't) you think|i wonder (?:if|whether)"
    r"|(?:would|do) you mind(?: having| making)?|how about|i think|it should look like|show me|give me|give us|i'd say"
    r"|what if)"
)
_MAKE = (
    r"(?:make|makes|have|has|let|lets|get|gets|want|tell|ask|cause|need|see|watch|show) "
    r"(?:him|her|them|it|me|(?:the|this|that|my|our) (?:\w+ )?(?:character|face|avatar|actor|actress|man|woman|girl|boy|person|guy|lady"
    r"|kid|npc|model|one))"
    r"(?: to)? (?!fall|go\b|drop|down|relax)(?=\w)"
)


MOST_NAMES = 3  # words that name who it is about, whatever they are; more say what goes before, where none of them asks for anything


def _felt_there(found: re.Match) -> str:
    """A feeling without the eyes that it is seen in; other words as they are."""
    felt = found[1] in FEELINGS or found[1] in EMOTIONS or head_of(found[1]) in EMOTIONS
    return found[1] if felt else found[0]


def _who_it_is(found: re.Match) -> str:
    """Nothing of who it is about, "guard 2: nods"; what is felt stays, "nervous: eyes darting"."""
    words = found.group().strip(" :").split()
    if len(words) > MOST_NAMES and any(asks(word) for word in words):
        return found.group()
    return f"{' '.join(words)}, " if any(word in FEELINGS or word in EMOTIONS or head_of(word) for word in words) else ""


_SAME = tuple((re.compile(pattern), plain) for pattern, plain in (
    (r"\b(?:speak|talk|act|behave|move|react|respond|answer|perform|(?:say|deliver|play|do) (?:it|this|that|the line))(?:s|ing)?"
     r" (?:like|as if|as though) (?:she|he|they|you|it|i)(?:'s|'re|'d been| is| are| was| were| (?:has|have|had) been)"
     r"(?: (?:very|so|a bit))? "
     r"(?=\w+(?:$|[,;.]| and\b| then\b))", "looks "),
    (r"\b(?:speak|talk|act|behave|react|respond|answer|perform|(?:say|deliver|play|do) (?:it|this|that|the line))(?:s"
     r"|ing)? like (?=an? )",
     "look like "),
    (r"\b(?:(small|tiny|slight|subtle|minimal|gentle|soft|slow|smooth)|(?:big|large|wide|huge|strong|lively|vigorous|quick|fast|rapid"
     r"|sharp))"
     r"(?:,? (?:and )?(?:small|tiny|slight|subtle|gentle|quick|fast|sharp|big|slow|nervous|jerky))* (head|brow|eyebrow|mouth|lip|jaw)s?"
     r" (?:movement|motion)s?\b", lambda found: f"{'less' if found[1] else 'more'} {found[2]} movement"),
    (r"\b(smile|grin|smirk|frown|scowl)s? (?:slowly |gradually |quickly |suddenly )?"
     r"(?:fad|turn|melt|morph|chang|slip|dissolv|shift|giv|becom)(?:e|es|s|ing|ed)?(?: way)?(?: away)? (?:in)?to ", r"\1, then "),
    (r"^(?:the |her |his |your |a |their )?(smile|grin|smirk|frown|scowl) (?:slowly |gradually )?"
     r"(?:fades?|disappears?|vanish(?:es)?|dies|drops)(?: away| off)?$", r"\1 part-0-0.5"),
    (r"(,|;|\bthen|\band) (?:then )?(?:the |her |his |your |their )?(?:smile|grin|smirk|frown|scowl) (?:slowly |gradually )?"
     r"(?:fades?|disappears?|vanish(?:es)?|dies|drops)(?: away| off)?(?=[,;.]|$)", r"\1 wait"),
    (r"\s*,?\s*\b(?:please|pls|plz|thanks|thank you|if you can|if possible|ok|okay)\b\s*[?.!]*$", ""),
    (r"\b(?:should|must|shall|ought to|needs? to|ha(?:s|ve) to|would|may|might) be\b(?! able)", "is"),
    (r"[?!]+(?=\s|$)", "."), (r"\s*\.\s*$", ""),
    (r"\b(?:add|give|put|bring) (?:some|more|a bit of|a little|extra) (?:life|movement|motion|expression|action) (?:to|into|in)"
     r" ", "more "),
    (rf"^(?:(?:{_ASK})\b,? *)+(?=\w)", ""), (rf"(,|;|\.|\bthen|\band) (?:(?:{_ASK.replace('|then', '')})\b,? +)+(?=\w)", r"\1 "),
    (r"^(?:that|to|if|see|do|add|include|insert|put in|display|have) (?=\w)", ""),
    (r"(,|;|\.|\bthen|\band) (?:add|include|insert|throw in) (?=an?\b|one|two|some|the)", r"\1 "),
    (_MAKE, ""), (r"\b(?:do|does|did|perform|performs|execute|executes) (?=an?\b|\d|one\b|two\b|three\b|some\b)", ""),
    # as directors talk
    (r"\b(?:tone|dial|bring|take|play) (?:it|this|that|things|everything) (?:way )?down\b|\b(?:underplay|under-play"
     r"|restrain)s?(?: it| this)?\b"
     r"|\b(?:less|not so|a bit less) over the top\b|\bkeep it subtle\b|\bmore subtle\b|\bsubtler\b", "less expression"),
    (r"\b(?:play|ham|amp|dial|crank|pump|bump) (?:it|this|that|things) (?:way )?up\b|\b(?:overact|overplay|exaggerate)s?(?: it| this)?$",
     "more expression"),
    (r"\b(?:give (?:him|her|it|them|the face|me|us)|add|put|bring|needs?|with) (?:some |a bit of |a little |more |extra |a lot of )*"
     r"(?:life|energy|emotion|spirit|expression|expressiveness)(?: (?:into|in|to) (?:it|her|him|the face|this))?\b", "more expression"),
    (r"\b(?:just |only )?(?:a|an|the) (?:slight )?(?:hint|touch|trace|shade|glimmer|tinge|bit|ghost|suggestion"
     r"|dash|tiny bit) of "
     r"(?:an? )?", "slightly "),
    (r" (?:cross(?:es)?|pass(?:es)? over|wash(?:es)? over|spreads? (?:across|over)|lights? up|appears? on|comes? over|plays?"
     r" (?:on|across)|creeps? "
     r"(?:over|across|onto)) (?:the |his |her |their |your )?(?:face|lips|mouth|features)\b", ""),
    (r",? (?:and |but )?not (?:with )?(?:the|your|his|her|their) (?:eyes|mouth|head|brows|lips)$", ""),
    (r"\b(?:keep|hold|limit|reduce|restrict)s? (?:the |your |her |his )?((?:[\w-]+ ){0,2}[\w-]+) to (?:a|the) (?:bare |absolute"
     r" )?minimum\b", r"less \1"),
    (r"\b(?:avoid|no|limit|without|reduce) (?:any )?(?:excessive|excess|unnecessary|needless|superfluous|too much|so much)"
     r" (?=\w+)", "less "),
    (r"\b(\w+) (?:around|in|behind) (?:the |his |her |their |your )?eyes?\b", _felt_there),
    (r"\b(?:excessive|excess|unnecessary|needless|superfluous|too much|so much) (?=\w+)", ""),
    (r"\beyes? (?:should |must |to )?(?:be )?(?:more|wider|further) open(?:ed)?\b|\bopen (?:the |her |his |your )?eyes (?:more"
     r"|wider|further)\b",
     "widen eyes"),
    (r"(?:,| and) ([^,]+?) after(?:wards)?(?: that| this| it)?(?=$|[.;])", r", then \1"),
    (r"\b(?:eyes?|gaze|look|head) (?:to (?:the )?)?(?:cent(?:er|re)|front)\b|(?<=, )(?:then )?(?:to (?:the )?)?(?:cent(?:er|re)"
     r"|front)$", "look at camera"),
    (r"\b(anger|rage|fury|fear|terror|panic|joy|sadness|grief|excitement|happiness|disgust|contempt|surprise|worry|smile|frown|grin)"
     r"(?: slowly| gradually| steadily)? (?:grows?|builds?|rises?|mounts?|swells?|increases?|spreads?|emerges?)(?: up| slowly|"
     r" gradually| steadily| over time)*(?: from (?:\w+ ){1,2}to (?:\w+ )?\w+)?\b",
     r"slowly \1"),
    (r"\b(?:ease|slide|come|fade|drop|slip)s? out of (?:the |a |his |her |your )?(smile|grin|frown|smirk|scowl)\b", r"\1, fade"),
    (r"\b(?:even )?(?:when|if|though) (?:the|his|her|things|it) [^,]*?(?:is|are|was|gets?|goes|go) (?:bad|wrong|hard|tough|over"
     r"|difficult|sad)\b|"
     r"\beven (?:when|if|though) [^,]+", ""),
    (r"\b(?:show|signal|express|indicate|convey|emphasi[sz]e|react|respond|answer|greet)s?(?: [\w']+)* by (?=\w+ing\b)", ""),
    (r"\b(?:looks? |is |are |be |acts? )*(?:like|as if|as though) (?:he|she|they|you|it|i) (?:don't|doesn't|do not|does not|didn't|not) "
     r"(?:understand|know|get it|have a clue)\b(?: what\b.*)?", "looks confused"),
    (r"\b(?:re-?)?(?:engage|connect)s?(?: again)? with (?:the |your |his |her )?(?:audience|camera|viewers?|listeners?|class"
     r"|crowd|public|people)\b",
     "looks at camera"),
    (r"\b(?:gives? (?:\w+ )?(?:the |a |some )?)?side[- ]?eye(?:s|ing)?\b(?: (?:at )?(?:the |his |her )?(?:camera|viewers?|audience|him"
     r"|her|them|us|me))?", "looks away and squints"),
    (r",? (?:that |which )?(?:not|doesn't|does not|never|don't) (?:quite |really |fully )?reach(?:es)? (?:the|his|her) eyes\b", ""),
    (r"\b(?:be )?(?:less|not so|not too) (?:stiff|wooden|robotic|static|boring|monotone|rigid|frozen|flat)\b", "more expression"),
    (r"\bas (?=(?:the|her|his|your|their) (?:head|eyes?|gaze|mouth|brows?|eyebrows?|lips)\b)", "while "),
    # what is left to somebody's imagination
    (r"\b(?:don't|not|stop|no|never|without) star(?:e|ing)\b(?: so much| at \w+)?", "looks away each-2-s"),
    (r"\bavoid(?:s|ing)? (?:(?:the |any )?eye[- ]contact|(?:the |her |his |their |my )?(?:gaze|eyes|look)|looking at (?:us|me"
     r"|him|her|them|the camera))\b",
     "looks away"),
    (r"\b(\w+er) and \1\b", r"gradually \1"), (r"\b(?:dead|way|downright|completely|deadly|stone cold) (?=still|silent|straight|ahead"
     r"|quiet|centre|center|serious|calm|tired"
     r"|too|angry|sad|drunk)", ""),
    (r"\b(?:burst|break|crack)s? (?:out laughing|into laughter|up)\b", "laughs"), (r"\bin (?:great |much |terrible )?pain\b", "pained"),
    (r"\b(pause|silence) before .*?(?=$|[,;.])", r"\1"),
    (r"\b\d+% (\w+),?(?: and| \+)? \d+% (\w+)(?=$|[,;.])", r"\1 and \2"), (r"\bhalf (\w+),?(?: and)? half (\w+)(?=$"
     r"|[,;.])", r"\1 and \2"),
    # who it is about, or what happens: "guard 2: nods", "on hit: winces"
    (r"^(?:on|upon|when|if|after|at) [\w' -]{2,25}: +(?=[a-z])", ""),
    (r"^(?!(?:head|eyes?|brows?|eyebrows?|mouth|lips?|nose|cheeks?|face)\b)[a-z][\w'-]*(?: [\w'-]+){0,7}: +(?=[a-z])", _who_it_is),
    (r"\b(?:pretend|pretends|imagine|make believe|behave|act|acts)(?: like| that| as if| as though)? (?:you are|you're|she is"
     r"|he is|they are"
     r"|it is|to be|you feel)\b", "look"),
    (r"\blooks? like (?:you are|you're|she is|she's|he is|he's|they are|they're|it is|being)(?= (?:\w+ ){0,2}\w+(?:$|[,;.]))", "look"),
    (r"\beyes? (?:are |is |stay |keep )?half[- ]?(?:closed|shut|open|way closed)\b|\bhalf[- ](?:closed|shut|open|lidded) eyes?\b"
     r"|\bhalf[- ]lidded\b|\bhooded eyes\b|\bheavy (?:eye)?lids\b", "eyes closed slightly"),
    (r"\b(?:can't|cannot|can not|couldn't|won't|doesn't|does not|not|never|unable to|refuses to|avoids?|avoiding)(?: to)? "
     r"(?:meet(?:ing)?|hold(?:ing)?|bear|catch(?:ing)?) (?:(?:his|her|their|your|the|my|our|anyone's|\w+'s) )?(?:eyes?|gaze"
     r"|look|stare)\b", "looks away"),
    (r"\b(?:just |only )?(?:one|a single) (?=(?:of (?:his|her|the|their) )?(?:eye)?brows?\b)(?!.*\b(?:left|right)\b)", "left "),
    (r"\b(?:looks?|glances?|gazes?|peeks?|peers?)(ing)?( back)?( quickly| briefly| slowly)? over (?:the|a|one|his|her|their"
     r"|your) shoulder\b",
     r"turns head\3"),
    # what is held back, ends, or is done again and again
    (r"\blets? (?:the |his |her |your )?(smile|grin|frown|smirk|scowl|expression) (?:slowly |quickly )?(?:die|fade|drop|vanish"
     r"|disappear|slip|melt)"
     r"(?: away| out| off)?\b", r"\1, fade"),
    (r"\b(?:keeps?|continues?|keeps? on|goes on)(?: to| on)? (nod|blink|shak|wink|breath)(?:ding|ing|ting|es|s|e|\b)", r"throughout \1"),
    (r"\b(nod)(s|ding)? along(?= |$)(?! (?:\w+ )?for)", r"\1\2 throughout"),
    (r"\bdouble[- ]takes?\b", "looks left, then looks at camera, then quickly turns left"),
    (r"\b(?:scan|survey|search)(?:s|ning|ing|es)? (?:across |over |around )?(?:the |his |her |their )?\w+(?= from| to the)", "look"),
    (r"\b(?:scan|survey|search)(?:s|ning|ing|es)? (?:across |over |around )?(?:the |his |her |their )?\w+", "looks around"),
    (r"\b(?:more )?(?:quiet|still|calm)(?:er)? (?:the )?(head|brows|eyebrows|mouth)\b", r"less \1"),
    (r"\b(head|brows|eyebrows|mouth) (?:a bit |a little |much )?(?:more )?(?:quieter|calmer|stiller|quiet|calm)\b", r"less \1"),
    (r"\b(?:supposed|meant|needs?|asked|told|expected) to (?:be )?", ""),
    (r"\b(laugh|cry|smil|grin)(?:ing|s|es)? (?:his|her|their|your) (?:head|ass|butt|face|socks) off\b", r"\1ing strongly"),
    (r"\breal (?=quick|slow|fast|big|small|happy|sad|angry|hard|wide)", "very "),
    (r"\b(?:softens?|melts?|dissolves?|breaks?|bursts?|turns?|changes?|fades?|transforms?|morphs?|transitions?) (?:in)?to "
     rf"(?=(?:an? |his |her )(?:[\w-]+ )*{_EXPRESSION}\b)", "gives "),
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
    (rf"(?<!at )(?<!to )(?<!into )(?<!on )(?<!over )\b(an?|the|his|her|your|with|some) (?!{_EXPRESSION}|brows?\b|eyes?\b|head\b)([\w-]+), "
     rf"((?:(?!she|he|they|it|and|then|but|an?\b|the\b|one\b|two\b|three\b|\d)[\w-]+"
     rf" ){{0,2}})(?={_EXPRESSION}\b)",
     r"\1 \2 \3"),
    (r"\b(?:almost|nearly|hardly|barely) (?:in)?(?:visible|perceptible|noticeable|there)\b", "tiny"),
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
    (r"(,|;|\bthen|\band) (?:he |she |they |it )?(?:look|looks|looking|glance|glances|turn|turns|turning|come|comes|coming)(?: right"
     r"| straight)? back(?: again)?(?=[,;.]|$| (?:at|after|in|by) (?:the end|\d|the last))",
     r"\1 look at camera"),
    (r"^(\w+ing),? (she|he|they) ([^,;.]+)", r"\2 \3 while \1"),
    (r"(,|;|\bthen|\band) (?:slowly |quickly |gradually |finally )(?:he |she |they |it )?"
     r"(?:turns? |looks? |comes? )?back(?: again)?(?=[,;.]|$)",
     r"\1 look at camera"),
    (r"\b(look|glance|turn|stare|gaze)(s|ing)?\b( (?>[^.;]*?\b(?:at|to|left|right|towards)\b)[^.;]*?)"
     r"(?:,? and then|,? then|, and|,| and) (at|to|towards?) "
     r"(?=(?!the (?:end|start|beginning|same|middle|last|first)\b)(?:the |her |his |some))",
     r"\1\2\3, then \1 \4 "),
    (r"\b(?:and|then),? (?:back|settles?|settling|returns?|comes?|goes?) (?:back|again|home)(?=[,;.]|$)", "then wait"),
    (r"(,|\bthen|\band) (?:settles?|returns?|goes|comes)(?: back)?(?=[,;.]|$)", r"\1 wait"), (r" and back(?: again)?(?=[,;.]|$)", ""),
))  # fmt: skip


def around_left_out(text: str, pictures: bool = True) -> str:
    """`text`, in lower case and with apostrophes alone, without what stands around what is asked; words that are said as said:qWORD."""
    text = _QUOTED.sub(_quoted_word, text)
    text = _ABOUT.sub(lambda found: f" said:{'_'.join(f'q{word}' for word in found[1].split())} ", text)
    text = as_directed(text)
    text = without_idioms(text) if pictures else text
    for pattern, same in _SAME:
        text = re.sub(r"\s+", " ", pattern.sub(same, text)).strip()
    return text


def _quoted_word(found: re.Match) -> str:
    """The words with a letter before each, so that none of them is read."""
    words = re.sub(r"[^\w' ]", " ", found[1] or found[2]).split()
    return f" said:{'_'.join(f'q{word}' for word in words)} " if words else " "
