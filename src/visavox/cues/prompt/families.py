"""Words by their families: "sincerely", "sincerity" and "more sincere" are one word, and what it shows on a face is what "friendly" shows.

Each family is headed by a word that the rules know. What is listed are roots alone; endings make the other forms of them.
"""

from functools import cache, lru_cache

from visavox.io.assets import read_families

# the word that the rules know -> roots that show the same
_ROOTS = {
    "happy": "cheery jovial jubilant gleeful glee blissful bliss radiant sunny upbeat festive mirthful mirth exuberant exultant carefree "
             "buoyant lighthearted light-hearted good-humoured high-spirited chipper giddy tickled elation exhilarated"
             " enraptured beaming "
             "laughter celebratory triumphant triumph victorious victory ecstasy euphoria gratified overjoy rejoice celebrate merriment "
             "jolliness giggly optimism blessed fulfilled",
    "friendly": "fair just sincere cordial affable amiable benevolent considerate forgiving gracious hearty motherly fatherly"
     " maternal paternal "
                "neighbourly sociable patient comforting soothing affectionate affection agreeable good-natured kind-hearted"
                " warm-hearted "
                "warmth kindness appreciative earnest compassion consoling courteous cooperative helpful hospitable generous pleased "
                "inclusive nurturing obliging open-hearted personable respectful respect romantic seductive adoring admiring admiration "
                "honest heartfelt softened sweet cute adorable "
                "sweetly trusting wholesome empathy sympathy sympathise thoughtfulness fond smitten "
                "lovestruck infatuated amorous flirtatious love gratitude fatherlike tolerant convivial inspiring inspirational "
                "thankful greet welcome",
    "confident": "self-assured bold brave courageous courage cool cocky smooth suave poised collected dignified regal majestic heroic "
                 "noble unbothered unfazed unworried laid-back mellow zen contented contentment tranquil restful at-ease easygoing "
                 "easy-going loose relief confidence pride proudly",
    "enthusiastic": "eager keen passionate passion spirited bubbly zestful fervent impish roguish puckish teasing humorous witty goofy "
                    "comical whimsical wacky zany perky vivacious excitable pumped stoked psyched motivated animate fiery ardent hype "
                    "mischief playfulness childlike excitement naughty rascally jokey sassy clownish",
    "serious": "grave sober earnestly dispassionate impassive stoic stoical unemotional detached unmoved unreadable "
               "robotic wooden stony stone-faced "
               "blank deadpan poker-faced matter-of-fact neutral-looking clinical dry flat inscrutable aloof unsmiling reserved "
               "restrained staid sedate formal-looking unaffected indifference impersonal objective statuesque unimpassioned",
    "stern": "severe harsh firm-looking commanding authoritative authoritarian militant steely stubborn obstinate adamant rigid "
             "uncompromising unyielding forceful assertive defiant defiance rebellious resolve relentless merciless ruthless dominant "
             "disciplinarian hardened gritty grim cold-eyed warlike unforgiving",
    "grumpy": "cantankerous crabby irritable irked miffed peeved surly sulky sullen petulant testy touchy moody-looking disgruntled "
              "exasperated exasperation frustration impatience agitated aggravated vexed huffy snappy snappish bad-tempered ill-tempered "
              "short-tempered discontented dissatisfied displeased displeasure irritation annoyance resentment bitterness envious "
              "envy jealousy spiteful spite vengeful vindictive malicious malice sinister evil villainous wicked nasty mean "
              "intimidating threatening-looking predatory belligerent combative confrontational antagonistic hostility quarrelsome "
              "peevish grouchy ornery sour fed-up crotchety offended insulted affronted complain grumble moan",
    "outraged": "wrathful wrath seething fuming boiling apoplectic berserk incandescent irate incensed ireful rabid raging "
                "murderous ferocious vicious savage explosive hateful hatred outrage",
    "sad": "dispirited downcast downhearted doleful woeful woe sorrowing grieving grief-stricken bereaved mourning anguished anguish "
           "crestfallen despondent disconsolate inconsolable desolate forlorn hopeless hopelessness dismal low-spirited broken "
           "devastated distraught distressed tormented agonised agonising suffering pained pain melancholy unhappiness misery heartache "
           "heartsick weepy lachrymose long-faced gloom depression tragic-looking crushed defeated",
    "disappointed": "disheartened discouraged let-down disillusioned disenchanted deflated subdued contrite remorseful remorse "
                    "repentant penitent rueful guilt-ridden homesick nostalgic nostalgia solemnly lonesome abandoned rejected "
                    "humiliated mortified abashed disappointment regret concern caring-looking worried-looking pity pitiful pathetic "
                    "sheepish meek forlornly sorry-looking wounded unloved dissappointed apologise apology",
    "shy": "coy demure diffident self-conscious introverted retiring submissive bashfulness shyness timorous mousy blushing awkward",
    "bored": "apathetic apathy lethargic listless disinterested inattentive jaded blase blasé lackadaisical boredom unengaged "
             "absentminded dreamy daydreaming spaced-out zoned-out vacant preoccupied distracted-looking aimless",
    "tired": "drained worn-out burnt-out jet-lagged bleary bleary-eyed dozy droopy exhaustion fatigue sluggish overworked drunk tipsy "
             "hungover hung-over groggy stoned dazed spent weariness sleepiness heavy-lidded heavy-eyed sedated unwell ill feverish",
    "fearful": "dread dreadful terror-stricken panicky hysterical aghast horror-struck horror terrorised intimidated cowardly cowering "
               "spooky scary-looking phobic fright frightful panic-stricken trepidation petrify terrify scare frighten",
    "uneasy": "anxiety nervousness jittery jumpy edgy on-edge skittish restless fidgety worried-sick concerned-looking overwhelmed "
              "flustered rattled shaken unsettled disturbed perturbed troubled wary-looking unnerved disconcerted discomfited "
              "uncomfortable guarded alert-looking vigilant vulnerable-looking timidity insecurity hesitation hesitance reluctant "
              "indecisive shifty worry tension stress concern-filled fretful antsy strained lost desperate desperation needy pleading "
              "begging imploring beseeching",
    "disgusted": "revulsion repulsion repulsive nausea nauseated queasy loathing abhorrent squeamish repugnant repugnance distaste "
                 "distasteful aversion grossed-out sickened",
    "surprised": "astounded astonishment thunderstruck gobsmacked dumbstruck staggered taken-aback jolted wonderstruck open-mouthed "
                 "wide-eyed amaze astonish startle incredulous incredulity unbelieving stupefied blown-away surprising shook",
    "baffled": "awed awe wonder wonderment mesmerised mystified bemused spellbound enchanted fascinated captivated enthralled nonplussed",
    "curious": "curiosity nosy inquiring expectant expectation eager-looking alert perceptive receptive "
               "engaged involved absorbed engrossed rapt interest intrigue quizzical wondering hopeful-looking",
    "confused": "confusion bewilderment puzzlement muddled disoriented disorientated befuddled clueless perplexity contemplative "
                "reflective meditative introspective brooding ponderous calculating analytical concentration focus intent scholarly "
                "thinking deep-in-thought preoccupied-looking considering pondering philosophical intellectual attentive-looking "
                "undecided questioningly",
    "suspicious": "suspicion mistrustful mistrust distrust scheming conniving crafty shrewd furtive secretive conspiratorial "
                  "conspiring guileful devious calculating-looking doubting leery unconvinced dubious incredulous-looking searching "
                  "scrutinising appraising shady sneaky",
    "contemptuous": "scorn disdain derisive derision sneering scoffing sardonic sarcasm irony mockery jeering taunting insolent "
                    "insolence belittling contemptible disrespectful patronising patronizing",
    "smug": "self-satisfied self-righteous pompous snooty stuck-up supercilious conceited vain boastful bragging gloating arrogance "
            "condescension superiority smugness haughtiness entitled judgmental judgemental critical disapproval sceptic skeptic "
            "scepticism skepticism sassily cheeky-looking unimpressed-looking dismissal cynic cynicism",
    "lively": "energised energised-looking vibrant bouncy peppy frisky sprightly spry vigorous-looking theatrical dramatic "
              "over-the-top hyper hyperactive hammy flamboyant",
    # verbs
    "look": "peep gander observe regard eyeball behold gawk gawp squinny watchful gazing view",
    "turn": "veer wheel whirl revolve reorient",
    "shake": "waggle wobble",
    "raise": "elevate heighten uplift",
    "lower": "duck dunk descend depress",
    "widen": "dilate enlarge broaden",
    "narrow": "slit constrict",
    "scrunch": "crumple crease",
    "smile": "simper",
    "frown": "glower lour",
    "laugh": "chortle cackle guffaw snicker snigger titter crack-up",
    "gasp": "gulp",
    "keep": "maintain retain preserve sustain stay continue remain",
    "show": "display exhibit convey express project radiate exude portray communicate indicate feature wear adopt assume deliver "
            "offer present reveal betray flaunt sport don muster crack flicker execute perform manage provide include receive",
    "become": "grow transition morph",
    "slightly": "faint imperceptible subtle-looking understated minute negligible slight mild modest-sized light weak minor"
     " fleeting-small "
                "delicate restrained-sized discreet almost-invisible barely-there",
    "strongly": "intense intensity exaggerated-looking extreme excessive massive enormous giant gigantic tremendous immense powerful "
                "dramatically mighty hefty marked pronounced profound considerable vast forcefully heavily noticeable vehement "
                "violent wild enthusiastically-much thorough heartily fully fiercely vigour vigor",
    "quickly": "rapid swift speedy brisk hurried hasty sudden abrupt snappily instant immediate fleeting darting lightning "
               "prompt snap hectic frantic",
    "slowly": "gradual leisurely languid unhurried sluggishly lazy measured deliberate ponderously graceful smooth-paced careful "
              "cautious-paced drawn-out lingering steady-paced",
}  # fmt: skip
# how a word ends -> what it may end in as a root
_ENDINGS = (
    ("asm", ("astic",)), ("iness", ("y",)), ("ness", ("",)), ("ically", ("ic", "")), ("ably", ("able",)), ("ibly", ("ible",)),
    ("ily", ("y",)),
    ("ly", ("", "le", "l", "e")), ("iest", ("y",)), ("ier", ("y",)), ("est", ("", "e")), ("er", ("", "e")), ("ities", ("ity",)),
    ("ity", ("", "e")), ("ies", ("y",)), ("ing", ("", "e", "y")), ("ied", ("y",)), ("ed", ("", "e")), ("es", ("", "e")), ("s", ("",)),
    ("ful", ("",)), ("ment", ("",)), ("ion", ("e", "")), ("ation", ("e", "")), ("y", ("",)), ("'s", ("",)),
)  # fmt: skip
_SPELT = (("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("our", "or"), ("ll", "l"), ("ence", "ance"))
SHORTEST = 3  # letters of a root


def _spellings(word: str) -> set[str]:
    """A word as the British and the Americans write it."""
    found = {word}
    for british, american in _SPELT:
        for one, other in ((british, american), (american, british)):
            found |= {word.replace(one, other)} if one in word else set()
    return found


OWN_ROOTS = {root: head for head, roots in _ROOTS.items() for root in roots.split()}
ROOTS = frozenset(OWN_ROOTS)


@lru_cache(maxsize=16_384)
def head_of(word: str) -> str | None:
    """The word that the rules know in the place of `word`, by its family; None for a word of none."""
    return own_head_of(word) or next((head for form in _forms(word) if (head := _more_roots().get(form))), None)


def own_head_of(word: str) -> str | None:
    """The same by the families that are listed here alone."""
    forms = _forms(word)
    doing = [f"{form}ing" for form in forms] if word.endswith("s") else []  # "she pleads", of which pleading is listed
    return next((OWN_ROOTS[form] for form in [*forms, *doing] if form in OWN_ROOTS), None)


@cache
def _more_roots() -> dict[str, str]:
    """Roots with the heads of their families as `tools/make_families.py` finds them."""
    return {root: head for head, roots in read_families().items() for root in roots.split()}


def _forms(word: str) -> list[str]:
    """The word, and what it may be made of, at most two endings off, in every spelling."""
    found = [word]
    for _ in range(2):
        found += [stem for form in found for stem in _stems(form)]
    return list(dict.fromkeys([*found, *(other for form in found for other in _spellings(form))]))


def _stems(form: str) -> list[str]:
    """What `form` may be made of, one ending off."""
    found = []
    for ending, others in _ENDINGS:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) >= SHORTEST:
            found += [stem + other for other in others] + ([stem[:-1]] if stem[-1] == stem[-2] else [])
    return found
