"""What people say for what a face does: words by what they name, and rules of which words together mean which move.

The first rule whose every group of words is met counts. Words that no rule and no list here knows make a clause not understood.
"""

from dataclasses import dataclass

HEAD = frozenset("head chin neck".split())
EYES = frozenset("eye eyes gaze eyeline glance eyelids lids lid eyelash eyelashes lashes".split())
BROWS = frozenset("brow brows eyebrow eyebrows forehead".split())
RAISE = frozenset("raise lift arch up shoot rise high hoist perk jump".split())
LOWER = frozenset("lower drop hang bow sink down dip tuck squash squeeze".split())
TILT = frozenset("tilt tip cock incline lean bend tip slant".split())
TURN = frozenset("turn rotate swivel pivot twist face spin swing move jerk snap whip crane".split())
LOOK = frozenset("look glance gaze peek peer stare watch eye eyes glimpse eyeline".split())
SIDES = frozenset("left right".split())
NEAR = frozenset("in forward forwards closer close near towards".split())
FAR = frozenset("back backward backwards off away".split())
UPWARD = frozenset("up upward upwards ceiling sky above overhead heaven heavens stars".split())
DOWNWARD = frozenset("down downward downwards floor ground below feet shoes lap".split())
AWAY = frozenset("away elsewhere aside sideways off avert contact distance".split())
MOUTH = frozenset("mouth lip lips".split())
VIEWER = frozenset(
    (
        "camera cam viewer audience me us straight ahead contact lens spectator spectators viewers class student students player players "
        "customer customers listener "
        "listeners public interviewer children kids folks"
    ).split()
)


@dataclass(frozen=True)
class Rule:
    """Words that together mean `move`: one of each group of `needs` is said, none of `forbids`. `side` says that left or right counts."""

    move: str
    needs: tuple[frozenset[str], ...]
    forbids: frozenset[str] = frozenset()
    side: bool = False


def _rule(move: str, *needs: str | frozenset, forbids: str | frozenset = "", side: bool = False) -> Rule:
    groups = tuple(frozenset(group.split()) if isinstance(group, str) else group for group in needs)
    return Rule(move, groups, frozenset(forbids.split()) if isinstance(forbids, str) else forbids, side)


# how somebody seems, where the words say nothing else
SEEMS = (
        ("happy 0.5", "friendly warm kind encouraging reassuring welcoming pleasant approachable sympathetic nice charming genuine "
                      "supportive "
                      "trustworthy likeable caring loving tender hospitable polite grateful thankful flirty inviting"),
        ("happy 0.4", "relieved satisfied confident optimistic relaxed amused assured serene peaceful proud reassured comfortable "
                      "self-confident"),
        ("happy 0.8", "enthusiastic playful jolly cheery elated joking cheeky mischievous silly funny"),
        ("happy 1.2", "ecstatic overjoyed euphoric"),
        ("neutral", "serious solemn formal professional emotionless expressionless businesslike indifferent composed"),
        ("angry 0.4", "stern strict determined resolute fierce intense tough"),
        ("angry 0.7", "grumpy frustrated impatient cranky bitter aggressive menacing threatening offended indignant resentful"),
        ("angry 1.2", "outraged livid raging"),
        ("sad 0.5", "disappointed lonely apologetic guilty regretful melancholic sorry moody concerned dejected tragic wistful "
                    "sentimental pitying "
                    "embarrassed empathetic compassionate sombre somber"),
        ("sad 0.3; look down", "shy timid bashful humble modest"),
        ("sad 0.2; look away", "bored uninterested distracted absent-minded"),
        ("sad 0.3; squint slightly", "tired exhausted sleepy weary fatigued drowsy"),
        ("fearful 0.5", "uneasy insecure tense stressed hesitant unsure uncertain apprehensive paranoid cautious vulnerable helpless"),
        ("surprised 0.6", "baffled impressed bewildered awestruck dumbfounded speechless flabbergasted"),
        ("brows up", "curious interested inquisitive questioning attentive intrigued"),
        ("brows down", "confused puzzled perplexed thoughtful focused concentrated pensive studious"),
        ("squint", "suspicious doubtful distrustful wary sly cunning"),
        ("contemptuous 0.6", "smug haughty superior condescending dismissive snobbish sceptical skeptical disapproving cynical bossy"),
        ("disgusted 0.7", "nauseous repulsed yucky icky grossed sick revolted yuck"),
        ("expression 1.4", "energetic lively dynamic animated expressive vivid"),
)  # fmt: skip
SEEMING = frozenset(word for _, words in SEEMS for word in words.split())

RULES = (
    _rule("gaze 0", "still steady motionless frozen", EYES, "keep hold stay remain be"),
    _rule("head 0", "still steady motionless frozen", HEAD | {"hold", "keep", "stay", "remain", "sit", "be"}),
    _rule("head 0", "freeze lock locked immobile", HEAD, forbids="off"),
    _rule("wink", "wink", side=True),
    _rule("sway", "bob bop", "side", forbids="up down"),
    _rule("nod", "nod", forbids="off"),
    _rule("nod", HEAD, "bob dip yes", forbids="down"),
    _rule("nod", HEAD, "up", "down"),
    _rule("nod", "agree approve yes"),
    _rule("shake", "shake wag"),
    _rule("shake", "side", "no", forbids=LOOK),
    _rule("shake", HEAD, "side swing sway rock", forbids=SIDES | TILT | {"look"}),
    _rule("shake", "no disagree refuse deny"),
    _rule("brows down", BROWS, LOWER | frozenset("furrow knit together pull draw wrinkle crinkle crease".split()), forbids="up raise"),
    _rule("brows up left", BROWS, RAISE | {"cock", "quirk"}, "left", forbids="right both"),
    _rule("brows up right", BROWS, RAISE | {"cock", "quirk"}, "right", forbids="left both"),
    _rule("brows up", BROWS, RAISE),
    _rule("brows up", BROWS, "down", "up move"),
    _rule("brows up", "perk", "up", forbids=HEAD),
    _rule("brows down; look at camera", "glower glare"),
    _rule("smile strongly", "laugh giggle chuckle"),
    _rule("look away", LOOK, "past"),
    _rule("look away", LOOK, "through", forbids=VIEWER | {"lash", "lashes", "eyelashes", "lids", "eyelids"}),
    _rule("look at camera", "face", VIEWER, forbids="away"),
    _rule("blink", "blink"),
    _rule("blink 3 times", EYES, "flutter bat"),
    _rule("blink", EYES, "shut close", "open"),
    _rule("look up; look down", "look eye eyes", "up", "down"),
    _rule("look left; look right", "look glance eye eyes", "around about"),
    _rule("look left; look right", LOOK, "side", "both either"),
    _rule("turn left; turn right", HEAD | TURN, "side", "both either", forbids=LOOK | MOUTH | BROWS),
    _rule("look left; look right", LOOK | frozenset("shift dart flick shoot throw".split()), "left", "right"),
    _rule("close eyes", EYES, "close shut closed", forbids="closer"),
    _rule("widen eyes", EYES, "wide widen big large"),
    _rule("widen eyes", "wide-eyed goggle"),
    _rule("squint", "squint"),
    _rule("squint", EYES, "narrow screw crinkle slit"),
    _rule("smile left", "smileleft"),
    _rule("smile right", "smileright"),
    _rule("smile", "smile smirk"),
    _rule("smile strongly", "grin beam"),
    _rule("frown", "frown scowl grimace sulk pout"),
    _rule("breathe slowly", "sigh exhale"),
    _rule("breathe quickly", "gasp"),
    _rule("breathe strongly", "deep", "breath breathe"),
    _rule("breathe", "breathe breath inhale exhale"),
    _rule("turn up", HEAD, "tip throw tilt lean put", "back up", forbids=SIDES),
    _rule("tilt", TILT - {"bend", "lean"}, side=True, forbids=EYES | BROWS),
    _rule("tilt", HEAD, "lean bend ear shoulder", side=True, forbids=NEAR | FAR),
    _rule("lean back", "lean pull draw move back bend sit", FAR, forbids=EYES | SIDES | LOOK | MOUTH | BROWS),
    _rule("lean in", "lean move come bend draw get", NEAR, forbids=EYES | SIDES | LOOK | HEAD),
    _rule("lean in", HEAD, "crane stretch push stick", NEAR | {"out"}, forbids=SIDES),
    _rule("turn up", HEAD, RAISE, forbids=EYES),
    _rule("tilt", HEAD, LOWER - {"down"} | {"loll", "droop"}, SIDES, side=True, forbids=EYES | {"turn"}),
    _rule("turn down", HEAD, LOWER, forbids=EYES),
    _rule("turn down", "bow"),
    _rule("frown", MOUTH, "corner corners", LOWER | DOWNWARD | {"turn", "pull"}, forbids=UPWARD),
    _rule("smile", MOUTH, "corner corners", RAISE | UPWARD, forbids=DOWNWARD),
    _rule("frown", MOUTH, DOWNWARD, "turn pull curl draw"),
    _rule("smile", MOUTH, UPWARD, "turn pull curl draw"),
    _rule("look at camera", "meet find catch", EYES, forbids="away avert break avoid not"),
    _rule("look at camera", LOOK | {"contact", "make", "hold"}, VIEWER, forbids="away avert break avoid not"),
    _rule("look away", LOOK | {"contact", "shift"}, AWAY | frozenset("break avoid avert".split()), forbids=SIDES | HEAD),
    _rule("look away", LOOK, "side", forbids=SIDES),
    _rule("look up; look left", LOOK, UPWARD, "left"),
    _rule("look up; look right", LOOK, UPWARD, "right"),
    _rule("look down; look left", LOOK, DOWNWARD, "left"),
    _rule("look down; look right", LOOK, DOWNWARD, "right"),
    _rule("look up", LOOK | {"cast", "roll"}, UPWARD | RAISE - {"shoot"}),
    _rule("roll eyes", EYES, "roll"),
    _rule("look down", LOOK | {"cast"}, DOWNWARD | LOWER),
    _rule("look left", LOOK | frozenset("shift dart flick shoot throw".split()), "left"),
    _rule("look right", LOOK | frozenset("shift dart flick shoot throw".split()), "right"),
    _rule("turn left", TURN | HEAD, "left", forbids=MOUTH | BROWS | {"nose"}),
    _rule("turn right", TURN | HEAD, "right", forbids=MOUTH | BROWS | {"nose"}),
    _rule("turn", HEAD, TURN | {"away"}),
    _rule("look at camera", "stare"),
    _rule("purse lips", MOUTH, "purse pucker kiss round"),
    _rule("purse lips", "pucker purse"),
    _rule("press lips", MOUTH, "press tighten squeeze clamp thin tight together"),
    _rule("press lips slightly", MOUTH, "close shut closed", forbids=EYES | {"smile", "open"}),
    _rule("puff cheeks", "cheek cheeks", "puff inflate blow fill"),
    _rule("wrinkle nose", "nose", "wrinkle scrunch crinkle curl screw"),
    _rule("wrinkle nose", "sneer"),
    _rule("open mouth strongly", MOUTH, "open", "wide"),
    _rule("open mouth", MOUTH | {"jaw"}, "open drop gape fall agape"),
    _rule("open mouth", "gape"),
    _rule("contemptuous", "scoff"),
    _rule("open mouth strongly; squint", "yawn"),
    _rule("close eyes; wrinkle nose", "wince cringe flinch"),
    _rule("squint", EYES, "small smaller"),
    _rule("look up", "think ponder wonder"),
    _rule("brows down", "concentrate"),
    _rule("press lips", "jaw teeth", "clench tighten tight tense set grit grind"),
    _rule("wrinkle nose; brows down", "snarl growl"),
    _rule("lips 1.3", "articulate enunciate"),
    _rule("listen", "listen"),
    _rule("idle", "silent quiet nothing"),
    # how somebody seems, where the words say nothing else
    *(_rule(shown, words) for shown, words in SEEMS),
)  # fmt: skip

FEELINGS = {
    "happiness": "happy", "joy": "happy", "joyful": "happy", "cheerful": "happy", "glad": "happy", "delighted": "happy", "pleased": "happy",
    "merry": "happy", "sadness": "sad", "sorrow": "sad", "sorrowful": "sad", "unhappy": "sad", "miserable": "sad", "gloomy": "sad",
    "anger": "angry", "furious": "angry", "mad": "angry", "cross": "angry", "annoyed": "angry", "fear": "fearful", "afraid": "fearful",
    "scared": "fearful", "frightened": "fearful", "terrified": "fearful", "anxious": "fearful", "disgust": "disgusted",
    "repelled": "disgusted", "surprise": "surprised", "astonished": "surprised", "amazed": "surprised", "startled": "surprised",
    "shame": "sad", "ashamed": "sad", "grief": "sad", "rage": "angry", "fury": "angry", "terror": "fearful", "shock": "surprised",
    "amazement": "surprised", "delight": "happy", "angrier": "angry", "happier": "happy", "sadder": "sad", "shocked": "surprised",
    "disgusting": "disgusted", "horrified": "fearful", "heartbroken": "sad", "excited": "happy", "worried": "fearful", "nervous": "fearful",
    "hopeful": "happy", "thrilled": "happy", "content": "happy", "depressed": "sad", "upset": "sad", "hurt": "sad", "irritated": "angry",
    "enraged": "angry", "hostile": "angry", "panicked": "fearful", "panic": "fearful", "alarmed": "fearful", "stunned": "surprised",
    "sarcastic": "contemptuous", "ironic": "contemptuous", "mocking": "contemptuous", "arrogant": "contemptuous",
    "contempt": "contemptuous", "scornful": "contemptuous", "disdainful": "contemptuous", "calm": "neutral",
    "dismayed": "fearful", "despair": "sad", "glum": "sad", "sorrows": "sad", "joyous": "happy", "smiley": "happy", "pissed": "angry",
    "infuriated": "angry", "appalled": "disgusted", "petrified": "fearful", "spooked": "fearful", "mournful": "sad",
    "tearful": "sad", "unimpressed": "contemptuous", "despairing": "sad", "laughing": "happy", "jealous": "angry",
    "disbelieving": "surprised",
}  # fmt: skip

EMOTIONAL = {
    "happily": "happy", "cheerfully": "happy", "joyfully": "happy", "gladly": "happy", "sadly": "sad", "sorrowfully": "sad",
    "angrily": "angry", "furiously": "angry", "fearfully": "fearful", "anxiously": "fearful", "disgustedly": "disgusted",
    "surprisedly": "surprised", "contemptuously": "contemptuous", "scornfully": "contemptuous", "tearfully": "sad", "crossly": "angry",
    "joyously": "happy", "merrily": "happy", "miserably": "sad", "gloomily": "sad", "nervously": "fearful", "disdainfully": "contemptuous",
    "in-joy": "happy", "in-delight": "happy", "in-sadness": "sad", "in-sorrow": "sad", "in-anger": "angry", "in-rage": "angry",
    "in-fear": "fearful", "in-terror": "fearful", "in-disgust": "disgusted", "in-surprise": "surprised", "in-amazement": "surprised",
    "in-astonishment": "surprised", "in-shock": "surprised", "in-contempt": "contemptuous", "with-joy": "happy", "with-delight": "happy",
    "with-anger": "angry", "with-fear": "fearful", "with-disgust": "disgusted", "with-contempt": "contemptuous",
    "with-surprise": "surprised",
}  # fmt: skip

# words that ask for something by themselves
ALONE = frozenset("nod shake wink blink smile smirk grin beam frown scowl squint breathe sigh gasp tilt bow listen furrow".split())

# words that carry others: a smile is given, put on, shown or broken into
LIGHT = frozenset(
    "give make do have has get put let show wear take draw break flash form keep hold bring use begin start go be is are was say signal "
    "appear seem feel become look sound act play speak talk set fall drift come catch suck cast move pan sweep pace motion way manner "
    "fashion force touch "
    "agreement disagreement approval approvingly knowingly yes no over out into onto around round expression mood face eye time "
    "side shoulder bit quite rather somewhat still all thought disbelief doubt response reply reaction turn remain along until end chest "
    "rest "
    # what somebody or a look is like; words in -ly need no list
    "cheeky playful polite proud curious confident doubtful sceptical skeptical thoughtful knowing warm friendly kind coy mischievous "
    "serious dreamy tired weary bored disapproving approving encouraging sympathetic innocent smug casual natural deliberate attentive "
    "apologetic understanding bashful solemn nice shy gentle soft sad-looking wide broad tiny big little deep long short sincere fake "
    "forced genuine reassuring wry faint firm sharp "
    "delivery performance tone attitude appearance vibe feeling emotion stance smiley simple single full complete quite again own bit "
    "fixed glued locked pure sheer absolute total utter throw add create produce turn".split()
)
FILLERS = frozenset(
    "she he they it our her hers his their its the a an this that these those character person speaker woman man girl boy avatar actor "
    "actress him them please can only could you would should will make sure being just now also own of for some your my one's i"
    " we us want "
    "like 's here there both with by at to from in on and then while so that as one pair someone somebody something everyone everybody "
    "people friend person's viewer's again other any which who himself herself itself themselves "
    "though through behind must need ought who "
    # who is animated
    "npc player hero heroine villain enemy protagonist guy lady lad kid child boss guard soldier queen king doctor teacher"
    " presenter host "
    "narrator anchor newsreader robot alien creature mascot singer model client customer human subject mother father".split()
)
# things that one looks at or turns to, on a side that is named
PLACES = frozenset("window door wall table screen room clock house tree book corner wing crowd stage other".split())
# moves of the face after which a place says where the eyes go along
FACIAL = ("smile", "smile strongly", "frown", "brows up", "brows down", "squint", "widen eyes")
