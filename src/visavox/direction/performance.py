"""`direct`: the performance that a recording asks for, as cues that say why, for people to correct."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from visavox.audio import Audio
from visavox.cue import Cue
from visavox.cues.grammar import read_instruction
from visavox.cues.kinds.emotion import Emotion
from visavox.direction.feeling import Phrase, intensities
from visavox.direction.fusion import best_of, fused, words_by_phrase
from visavox.direction.voice import CUES, VoiceReading
from visavox.direction.words import WordsReading
from visavox.emotion import EMOTIONS, EmotionMix
from visavox.gestures.accents import voice_accents

LEAST = 0.1  # intensity from which an emotion is worth a cue
STEP = 0.05  # to which intensities are rounded
BRIDGED = 1.0  # seconds of a pause over which an emotion lasts
STANDS_OUT, NODS = 1.3, 1.8  # of an accent: from the first on brows rise, from the second on the head nods
APART, SETTLED = 2.5, 0.2  # seconds between gestures at accents, and before the first: a beginning is no accent
THINKING, BREATHING = 0.4, 1.2  # seconds of pauses: eyes may leave, a breath is taken
NOD_EARLY, BROWS_EARLY = 0.22, 0.16  # seconds from where a gesture begins to its height, which is where the voice stands out
ENDING = 0.6  # seconds that a gesture needs before the end
GLANCES = 0.5  # share of pauses for thought in which eyes leave
BREATH = 0.5  # seconds before a phrase


def direct(audio: Audio, voice: VoiceReading, words: WordsReading | None = None, seed: int = 0) -> list[Cue]:
    """The cues of a performance of `audio`, in order of time: emotions of phrases, gestures at accents, glances and breaths in pauses.

    `voice` and `words` are what its voice and its words tell; each cue has a note that says why.
    """
    random = np.random.default_rng([seed, len(voice.phrases)])
    cues = [*_emotions(voice, words), *_accents(audio), *_pauses(voice.phrases, random)]
    seconds = audio.samples.size / audio.sample_rate
    timed = (replace(cue, start=round(cue.start, 3), end=round(cue.end, 3)) for cue in cues if cue.start < seconds)  # as files keep them
    return sorted(timed, key=lambda cue: (cue.start, cue.end))


def _emotions(voice: VoiceReading, words: WordsReading | None) -> list[Cue]:
    phrases = voice.phrases
    if not phrases:
        return []
    of_words = words_by_phrase(phrases, words)
    together = fused(voice.chances, of_words)
    cues: list[Cue] = []
    for number, phrase in enumerate(phrases):
        following = phrases[number + 1].start if number + 1 < len(phrases) else phrase.end
        end = following if following - phrase.end < BRIDGED else phrase.end
        parts = [f"voice: {best_of(voice.chances[number])} ({_cues(voice, number)})", f"words: {_reason(words, of_words, phrase, number)}"]
        note = "; ".join([*parts, f"together: {best_of(together[number])}"])
        cues.append(Cue(phrase.start, end, Emotion(_mix(together[number])), note))
    return cues


def _mix(chances: np.ndarray) -> EmotionMix:
    """At most two emotions with their intensities; neutral where nothing is felt."""
    shown = np.round(intensities(chances) / STEP) * STEP
    best = [number for number in np.argsort(-shown)[:2].tolist() if shown[number] >= LEAST]
    return EmotionMix({EMOTIONS[number]: round(float(shown[number]), 2) for number in best} or {"neutral": 1.0})


def _cues(voice: VoiceReading, number: int) -> str:
    telling = [f"{name} {value:+.1f}" for name, value in zip(CUES, voice.cues[number], strict=True)]
    noise = f", in noise: trusted by {voice.clear:.1f}" if voice.clear < 1 else ""
    return f"{', '.join(telling)}, aroused {voice.arousal[number]:+.1f}{noise}"


def _reason(words: WordsReading | None, chances: np.ndarray | None, phrase: Phrase, number: int) -> str:
    if words is None:
        return "no transcript"
    if chances is None:
        return "not English, none are read"
    within = [
        telling for one, telling in zip(words.sentences, words.telling, strict=True) if one.start < phrase.end and one.end > phrase.start
    ]
    quoted = dict.fromkeys(word for telling in within for word in telling)
    return f"{best_of(chances[number])} ({', '.join(quoted)})" if quoted else "none that tells"


def _accents(audio: Audio) -> list[Cue]:
    cues, last, seconds = [], -APART, audio.samples.size / audio.sample_rate
    for time, height in zip(*voice_accents(audio), strict=True):
        asked, early = ("nod slightly", NOD_EARLY) if height >= NODS else ("brows up slightly", BROWS_EARLY)
        begins = max(float(time) - early, 0.0)
        if height < STANDS_OUT or time - last < APART or time < SETTLED or seconds - begins < ENDING:
            continue
        cues.append(Cue(begins, begins, read_instruction(asked), f"the voice stands out by {height:.1f} at {time:.2f} s"))
        last = time
    return cues


def _pauses(phrases: Sequence[Phrase], random: np.random.Generator) -> list[Cue]:
    cues = []
    for before, after in zip(phrases[:-1], phrases[1:], strict=True):
        silent = after.start - before.end
        taken = random.random() < GLANCES
        if silent >= THINKING and taken:
            note = f"a pause of {silent:.1f} s: the eyes leave while the next phrase is thought of"
            cues.append(Cue(before.end, after.start, read_instruction("look away slightly"), note))
        if silent >= BREATHING:
            note = f"after a pause of {silent:.1f} s a breath is taken"
            cues.append(Cue(after.start - BREATH, after.start, read_instruction("breathe"), note))
    return cues
