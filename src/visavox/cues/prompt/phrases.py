"""Synonyms: what people say, in its simplest form, and the instruction that it means; moods of adverbs; and words that say nothing."""

PHRASES = {
    # the head
    "agree": "nod", "say yes": "nod", "bob head": "nod", "nod head": "nod", "move head up and down": "nod", "dip head": "nod",
    "nod along": "nod 2 times", "nod in agreement": "nod", "give nod": "nod", "yes": "nod", "approve": "nod",
    "disagree": "shake", "say no": "shake", "shake no": "shake", "move head side to side": "shake", "deny": "shake", "no": "shake",
    "head shake": "shake", "give shake of head": "shake", "refuse": "shake", "swing head": "shake",
    "tip head": "tilt", "lean head": "tilt", "incline head": "tilt", "head tilt": "tilt", "bend head": "tilt", "cock head": "tilt",
    "swivel head": "turn", "rotate head": "turn", "face": "turn", "move head": "turn", "pivot head": "turn", "head turn": "turn",
    "bow": "turn down", "bow head": "turn down", "lower head": "turn down", "drop head": "turn down", "hang head": "turn down",
    "lower chin": "turn down", "chin down": "turn down", "drop chin": "turn down",
    "raise head": "turn up", "lift head": "turn up", "lift chin": "turn up", "raise chin": "turn up", "chin up": "turn up",
    "throw head back": "turn up", "lean closer": "lean in", "come closer": "lean in", "move closer": "lean in", "pull back": "lean back",
    "back off": "lean back", "move back": "lean back", "draw back": "lean back",
    "keep head still": "head 0", "hold head still": "head 0", "head still": "head 0", "hold still": "head 0", "keep still": "head 0",
    # the eyes
    "avert eyes": "look away", "avert gaze": "look away", "look elsewhere": "look away", "turn eyes away": "look away",
    "break eye contact": "look away", "glance sideways": "look away", "avoid camera": "look away", "look off": "look away",
    "stare camera": "look at camera", "stare": "look at camera", "make eye contact": "look at camera", "face camera": "look at camera",
    "stare at camera": "look at camera", "hold eye contact": "look at camera", "look at me": "look at camera",
    "meet gaze": "look at camera",
    "look at viewer": "look at camera", "look viewer": "look at camera", "look at you": "look at camera", "look audience": "look at camera",
    "look at floor": "look down", "look floor": "look down", "look ground": "look down", "look at ground": "look down",
    "lower eyes": "look down", "lower gaze": "look down", "drop gaze": "look down", "cast eyes down": "look down",
    "look sky": "look up", "look at sky": "look up", "look ceiling": "look up", "look at ceiling": "look up", "raise eyes": "look up",
    "lift eyes": "look up", "lift gaze": "look up", "raise gaze": "look up", "roll eyes": "look up",
    "move eyes": "look", "shift gaze": "look", "shift eyes": "look", "turn eyes": "look", "dart eyes": "look",
    "peek": "look", "peer": "look",
    "flutter eyes": "blink 3 times", "bat eyes": "blink 3 times", "blink eyes": "blink", "wink eye": "wink", "give wink": "wink",
    "keep eyes closed": "close eyes", "lower lids": "close eyes", "close lids": "close eyes", "rest eyes": "close eyes",
    "open eyes": "widen eyes", "big eyes": "widen eyes", "goggle": "widen eyes", "make eyes big": "widen eyes",
    "screw up eyes": "squint", "squint eyes": "squint", "not blink": "blinks 0", "stop blink": "blinks 0", "without blink": "blinks 0",
    # brows and mouth
    "raise brow": "brows up", "raise eyebrow": "brows up", "arch brows": "brows up", "arch eyebrows": "brows up", "lift brow": "brows up",
    "brow raise": "brows up", "eyebrow raise": "brows up", "arch eyebrow": "brows up", "eyebrows go up": "brows up",
    "brows rise": "brows up",
    "furrow brows": "brows down", "furrow brow": "brows down", "furrow eyebrows": "brows down", "knit brow": "brows down",
    "draw brows together": "brows down", "pull brows together": "brows down", "knit eyebrows": "brows down", "glower": "brows down",
    "give smile": "smile", "beam": "smile strongly", "flash smile": "smile quickly", "break into smile": "smile", "show smile": "smile",
    "put on smile": "smile", "smirk": "smile slightly", "grin": "smile strongly", "give grin": "smile strongly",
    "give frown": "frown", "grimace": "frown", "pull face": "frown", "sulk": "frown slightly", "look displeased": "frown",
    "sigh": "breathe slowly", "breathe in": "breathe", "inhale": "breathe", "draw breath": "breathe", "take breath": "breathe",
    "take deep breath": "breathe strongly", "gasp": "breathe quickly", "breathe deep": "breathe strongly", "catch breath": "breathe",
    # states
    "listen": "listen", "stay silent": "idle", "say nothing": "idle", "keep quiet": "idle",
}  # fmt: skip

EMOTIONAL = {
    "happily": "happy", "cheerfully": "happy", "joyfully": "happy", "gladly": "happy", "sadly": "sad", "sorrowfully": "sad",
    "angrily": "angry", "furiously": "angry", "fearfully": "fearful", "anxiously": "fearful", "disgustedly": "disgusted",
    "surprisedly": "surprised", "contemptuously": "contemptuous", "scornfully": "contemptuous",
}  # fmt: skip

FEELINGS = {
    "happiness": "happy", "joy": "happy", "joyful": "happy", "cheerful": "happy", "glad": "happy", "delighted": "happy", "pleased": "happy",
    "sadness": "sad", "sorrow": "sad", "sorrowful": "sad", "unhappy": "sad", "anger": "angry", "furious": "angry", "mad": "angry",
    "cross": "angry", "fear": "fearful", "afraid": "fearful", "scared": "fearful", "frightened": "fearful", "terrified": "fearful",
    "disgust": "disgusted", "repelled": "disgusted", "surprise": "surprised", "astonished": "surprised", "amazed": "surprised",
    "contempt": "contemptuous", "scornful": "contemptuous", "disdainful": "contemptuous", "calm": "neutral",
}  # fmt: skip

FILLERS = frozenset(
    "she he they it her his their its the a an this that character face person speaker woman man girl boy avatar actor actress him them "
    "please can could you would should will let make have has had to be being start starts begin begins just now also own of for some "
    "do does your my one's i we us want like s 're here there both with expression".split()
)
