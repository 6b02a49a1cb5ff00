"""What people ask of a face that none here does, by what is missing: a body, tears, another sound, another picture."""

_BEYOND = {
    "no body is animated": (
        "body hand hands arm arms finger fingers fist fists thumb thumbs thumbs-up leg legs foot knee knees hip hips waist torso chest "
        "shrug shrugs wave waves waving point points pointing clap claps stand stands standing sit sits sitting walk walks walking run "
        "runs "
        "running jump jumps jumping hop dance dances dancing kneel crawl fly flies swim climb backflip salute juggle juggles juggling "
        "march "
        "kick kicks punch punches grab grabs scratch scratches hug hugs gesture gestures applaud applauds step steps stomp pace fall falls "
        "posture shoulders stretch stretches type types write writes hold holds throw throws catch").split(),
    "no tears are drawn": "cry cries crying weep weeps weeping sob sobs sobbing tear tears teary sweat sweats blush blushes blood".split(),
    "the sound stays as it is": (
        "loud louder quiet quieter whisper whispers whispering shout shouts shouting sing sings singing yell yells yelling volume voice "
        "accent scream screams screaming hum hums whistle whistles pronounce pitch mumble mumbles stutter stutters").split(),
    "the picture shows a face and nothing else": (
        "background zoom light lights lighting colour color hair hat clothes shirt glasses makeup music subtitles lipstick beard scene "
        "logo "
        "camera-angle framing").split(),
    "a tongue and teeth move with the words alone": (
        "tongue teeth lick licks bite bites spit spits chew chews swallow swallows gum drool kiss kisses").split(),
    "ears and pupils do not move": "ear ears pupil pupils cross-eyed".split(),
    "nobody sleeps here": "sleep sleeps asleep nap snore snores".split(),
}  # fmt: skip
MISSING = {word: what for what, words in _BEYOND.items() for word in words}


def missing(words: list[str]) -> tuple[str, str] | None:
    """The first of `words` that asks for what no face here does, and why not; None without one."""
    return next(((word, MISSING[word]) for word in words if word in MISSING), None)
