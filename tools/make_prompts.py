"""Writes tests/cues/prompts.json: templates of what a face may be asked to do, each with paraphrasings, a third of which are held out.

python tools/make_prompts.py. A paraphrasing is a way of saying an action, a manner or an order; it is either known, and may be looked at
while the reader of prompts is built, or held out, and is the test. Which ones are is drawn once, by a seed.
"""

import json
from pathlib import Path

import numpy as np

SEED = 20261127
HELD_OUT = 1 / 3
A_TEMPLATE = 4  # paraphrases of each kind of each template

# what is asked for -> ways of saying it after a subject in the third person
ACTIONS = {
    "nod": ["nods", "nods her head", "gives a nod", "says yes with her head", "nods in agreement", "bobs her head", "agrees with a nod",
            "is nodding", "moves her head up and down", "signals yes by nodding", "dips her head", "nods approvingly"],
    "shake": ["shakes her head", "says no with her head", "shakes her head no", "moves her head from side to side",
              "gives a shake of the head", "is shaking her head", "disagrees with a shake of her head", "signals no with her head",
              "shakes her head in disagreement"],
    "turn left": ["turns her head to the left", "turns left", "turns her head left", "rotates her head to the left",
                  "turns towards the left", "swivels her head to the left", "faces left", "moves her head to the left",
                  "turns to her left"],
    "turn right": ["turns her head to the right", "turns right", "turns her head right", "rotates her head to the right",
                   "turns towards the right", "swivels her head to the right", "faces right", "moves her head to the right",
                   "turns to her right"],
    "turn up": ["raises her head", "lifts her head", "lifts her chin", "tips her head back", "turns her head up", "puts her chin up"],
    "turn down": ["lowers her head", "bows her head", "hangs her head", "drops her head", "turns her head down", "bows"],
    "tilt left": ["tilts her head to the left", "tilts left", "tilts her head left", "leans her head to the left",
                  "cocks her head to the left", "tips her head to the left", "inclines her head to the left"],
    "tilt right": ["tilts her head to the right", "tilts right", "tilts her head right", "leans her head to the right",
                   "cocks her head to the right", "tips her head to the right", "inclines her head to the right"],
    "look left": ["looks left", "looks to the left", "glances left", "glances to the left", "moves her eyes to the left", "gazes left",
                  "shifts her gaze to the left", "looks over to the left", "peeks left"],
    "look right": ["looks right", "looks to the right", "glances right", "glances to the right", "moves her eyes to the right",
                   "gazes right", "shifts her gaze to the right", "looks over to the right", "peeks right"],
    "look up": ["looks up", "glances up", "looks upwards", "raises her eyes", "looks at the ceiling", "looks at the sky", "lifts her gaze",
                "casts her eyes up", "rolls her eyes up"],
    "look down": ["looks down", "glances down", "looks downwards", "lowers her eyes", "looks at the floor", "drops her gaze",
                  "casts her eyes down", "looks to the ground", "lowers her gaze"],
    "look away": ["looks away", "glances away", "averts her eyes", "averts her gaze", "looks elsewhere", "turns her eyes away",
                  "breaks eye contact", "lets her eyes drift away", "looks off to the side"],
    "blink": ["blinks", "blinks her eyes", "is blinking", "bats her eyes", "gives a blink", "shuts and opens her eyes"],
    "wink left": ["winks with her left eye", "winks left", "gives a wink with the left eye", "closes her left eye in a wink"],
    "wink right": ["winks with her right eye", "winks right", "gives a wink with the right eye", "closes her right eye in a wink"],
    "close eyes": ["closes her eyes", "shuts her eyes", "has her eyes closed", "keeps her eyes shut", "lets her eyes fall shut",
                   "rests with closed eyes"],
    "widen eyes": ["widens her eyes", "opens her eyes wide", "makes her eyes wide", "has wide eyes", "is wide-eyed", "makes big eyes"],
    "squint": ["squints", "narrows her eyes", "squints her eyes", "screws up her eyes", "is squinting", "makes her eyes narrow"],
    "brows up": ["raises her eyebrows", "raises her brows", "lifts her eyebrows", "arches her eyebrows", "raises an eyebrow",
                 "lifts her brows", "puts her eyebrows up", "moves her eyebrows up", "shoots her eyebrows up"],
    "brows down": ["lowers her eyebrows", "furrows her brow", "knits her brows", "lowers her brows", "draws her eyebrows together",
                   "pulls her eyebrows down", "furrows her eyebrows", "moves her eyebrows down"],
    "smile": ["smiles", "gives a smile", "breaks into a smile", "puts on a smile", "is smiling", "shows a smile", "flashes a smile",
              "lets a smile appear", "starts to smile"],
    "frown": ["frowns", "gives a frown", "is frowning", "scowls", "makes a frown", "wears a frown", "begins to frown"],
    "breathe": ["breathes in", "takes a breath", "inhales", "draws a breath", "catches her breath", "breathes", "sucks in a breath"],
    "lean in": ["leans in", "leans forward", "leans closer", "moves closer", "bends forward", "comes closer"],
    "lean back": ["leans back", "leans backwards", "pulls back", "draws back", "moves back", "backs off"],
    "happy": ["looks happy", "seems happy", "is happy", "looks cheerful", "feels happy", "looks delighted", "has a happy expression"],
    "sad": ["looks sad", "seems sad", "is sad", "looks unhappy", "feels sad", "has a sad expression", "looks sorrowful"],
    "angry": ["looks angry", "seems angry", "is angry", "looks furious", "gets angry", "has an angry expression"],
    "surprised": ["looks surprised", "seems surprised", "is surprised", "looks astonished", "has a surprised expression", "looks amazed"],
}  # fmt: skip
MANNERS = {
    "": [""],
    "slowly": ["slowly", "in slow motion", "unhurriedly", "gradually", "at a slow pace", "leisurely"],
    "quickly": ["quickly", "fast", "rapidly", "briskly", "in a quick way", "swiftly"],
    "slightly": ["slightly", "a little", "a bit", "gently", "subtly", "just a touch"],
    "strongly": ["strongly", "firmly", "vigorously", "emphatically", "a lot", "with force"],
    "twice": ["twice", "two times", "2 times", "2x"],
    "three times": ["three times", "3 times", "thrice"],
}
SUBJECTS = ["she", "he", "the character", "the woman", "the speaker", "please make sure that she", "they", ""]
THEN = [", then ", " and then ", ", after that ", ". Then ", ", followed by this: ", "; then ", ", and afterwards ", " before "]
COUNTED, MOVED = ("nod", "shake", "blink", "wink left", "wink right"), ("slowly", "quickly", "slightly", "strongly")


def divided(ways: list[str], random: np.random.Generator) -> dict[str, list[str]]:
    """The ways of saying something that are known and that are held out; one alone is both."""
    if len(ways) == 1:
        return {"known": ways, "held out": ways}
    order = random.permutation(len(ways))
    cut = max(round(HELD_OUT * len(ways)), 1)
    return {"known": [ways[index] for index in sorted(order[cut:])], "held out": [ways[index] for index in sorted(order[:cut])]}


def templates() -> list[tuple[list[str], str]]:
    """(actions in order, manner of the first) of everything that is asked for."""
    names = list(ACTIONS)
    single = [([name], "") for name in names] + [([name], manner) for name in names for manner in MOVED if name not in ("blink", "breathe")]
    single += [([name], manner) for name in COUNTED for manner in ("twice", "three times")]
    doubles = [([name, names[(index * 7 + 5) % len(names)]], "") for index, name in enumerate(names)]
    slow = [([name, names[(index * 11 + 3) % len(names)]], "slowly") for index, name in enumerate(names[:20])]
    return single + [double for double in doubles + slow if double[0][0] != double[0][1]]


def main() -> None:
    """Draws the division and the paraphrases and writes them."""
    random = np.random.default_rng(SEED)
    actions = {name: divided(ways, random) for name, ways in ACTIONS.items()}
    manners = {name: divided(ways, random) for name, ways in MANNERS.items()}
    orders = divided(THEN, random)
    found = []
    for names, manner in templates():
        said = {kind: sorted({_sentence(names, manner, kind, (actions, manners, orders), random) for _ in range(A_TEMPLATE)})
                for kind in ("known", "held out")}  # fmt: skip
        found.append({"actions": names, "manner": manner} | said)
    path = Path(__file__).resolve().parents[1] / "tests" / "cues" / "prompts.json"
    path.write_text(json.dumps(found, indent=1) + "\n")
    known, held_out = (sum(len(one[kind]) for one in found) for kind in ("known", "held out"))
    print(f"{len(found)} templates, {known} known and {held_out} held out")


def _sentence(names: list[str], manner: str, kind: str, ways: tuple, random: np.random.Generator) -> str:
    actions, manners, orders = ways
    parts = [str(random.choice(actions[name][kind])) for name in names]
    parts[0] = f"{parts[0]} {random.choice(manners[manner][kind])}".strip()
    subject = str(random.choice(SUBJECTS))
    return f"{subject} {str(random.choice(orders[kind])).join(parts)}".strip()


if __name__ == "__main__":
    main()
