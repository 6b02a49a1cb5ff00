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

LEAST = 0.15  # intensity from which an emotion is worth a cue: less is hardly seen
STEP = 0.05  # to which intensities are rounded
BRIDGED = 1.0  # seconds of a pause over which an emotion lasts
STANDS_OUT, NODS = 1.3, 1.8  # of an accent: from the first on brows rise, from the second on the head nods
APART, SETTLED = 2.5, 0.2  # seconds between gestures at accents, and before the first: a beginning is no accent
ONSET, RESET = 0.7, 0.6  # seconds from where a phrase begins in which voices stand out anyway, and by how much: pitch begins high
TELLING = 0.5  # of the voice's measures, in deviations, from which one is named
THINKING, BREATHING = 0.6, 1.2  # seconds of pauses: eyes may leave, a breath is taken
NOD_EARLY, BROWS_EARLY = 0.22, 0.16  # seconds from where a gesture begins to its height, which is where the voice stands out
ENDING = 0.6  # seconds that a gesture needs before the end
GLANCES = 0.5  # share of pauses for thought in which eyes leave
BREATH = 0.5  # seconds before a phrase


def direct(audio: Audio, voice: VoiceReading, words: WordsReading | None = None, seed: int = 0) -> list[Cue]:
    """The cues of a performance of `audio`, in order of time: emotions of phrases, gestures at accents, glances and breaths in pauses.

    `voice` and `words` are what its voice and its words tell; each cue has a note that says why.
    """
    random = np.random.default_rng([seed, len(voice.phrases)])
    cues = [*_emotions(voice, words), *_accents(audio, voice.phrases), *_pauses(voice.phrases, random)]
    seconds = audio.samples.size / audio.sample_rate
    timed = (replace(cue, start=round(cue.start, 3), end=round(cue.end, 3)) for cue in cues if cue.start < seconds)  # as files keep them
    return sorted(timed, key=lambda cue: (cue.start, cue.end))


def _emotions(voice: VoiceReading, words: WordsReading | None) -> list[Cue]:
    """What each phrase is felt with; phrases that follow one another and feel alike are one cue, where no word says why."""
    phrases = voice.phrases
    if not phrases:
        return []
    of_words = words_by_phrase(phrases, words)
    together = fused(voice.chances, of_words)
    cues: list[Cue] = []
    alike = 1
    for number, phrase in enumerate(phrases):
        following = phrases[number + 1].start if number + 1 < len(phrases) else phrase.end
        end = following if following - phrase.end < BRIDGED else phrase.end
        telling = _telling(words, phrase)
        mix = _mix(together[number])
        if cues and not telling and cues[-1].instruction.mix == mix and cues[-1].end == phrase.start:
            alike += 1
            note = f"{cues[-1].note.removesuffix(f'; {alike - 1} phrases alike')}; {alike} phrases alike"
            cues[-1] = replace(cues[-1], end=end, note=note)
            continue
        alike = 1
        parts = [f"voice: {best_of(voice.chances[number])} ({_cues(voice, number)})", f"words: {_reason(words, of_words, telling, number)}"]
        note = "; ".join([*parts, f"together: {best_of(together[number])}"])
        cues.append(Cue(phrase.start, end, Emotion(mix), note))
    return cues


def _mix(chances: np.ndarray) -> EmotionMix:
    """At most two emotions with their intensities; neutral where nothing is felt."""
    shown = np.round(intensities(chances) / STEP) * STEP
    best = [number for number in np.argsort(-shown)[:2].tolist() if shown[number] >= LEAST]
    return EmotionMix({EMOTIONS[number]: round(float(shown[number]), 2) for number in best} or {"neutral": 1.0})


# what is said of a measure of the voice that is low, and high
EXTREMES = {"loudness": ("quieter", "louder"), "pitch": ("lower", "higher"), "range": ("flatter", "livelier"), "rate": ("slower", "faster"),
        "brightness": ("darker", "brighter")}  # fmt: skip


def _cues(voice: VoiceReading, number: int) -> str:
    """How a phrase is spoken, against the speaker's own usual: what stands out of it, in deviations."""
    values = dict(zip(CUES, voice.cues[number].tolist(), strict=True))
    telling = [f"{EXTREMES[name][value > 0]} by {abs(value):.1f}" for name, value in values.items() if abs(value) >= TELLING]
    noise = f", in noise: trusted by {voice.clear:.1f}" if voice.clear < 1 else ""
    return f"{', '.join(telling) or 'as usual'}; aroused {voice.arousal[number]:+.1f}{noise}"


def _telling(words: WordsReading | None, phrase: Phrase) -> list[str]:
    """The words within a phrase that tell what is felt."""
    pairs = zip(words.sentences, words.telling, strict=True) if words is not None and words.english else ()
    return list(dict.fromkeys(word for one, telling in pairs if one.start < phrase.end and one.end > phrase.start for word in telling))


def _reason(words: WordsReading | None, chances: np.ndarray | None, telling: list[str], number: int) -> str:
    if words is None:
        return "no transcript"
    if chances is None:
        return "not English, none are read"
    return f"{best_of(chances[number])} ({', '.join(telling)})" if telling else "none that tells"


def _accents(audio: Audio, phrases: Sequence[Phrase]) -> list[Cue]:
    """Gestures at the accents that stand out most, APART from one another."""
    times, heights = voice_accents(audio)
    seconds, taken, cues = audio.samples.size / audio.sample_rate, [], []
    early_in_a_phrase = np.array([any(0 <= time - phrase.start < ONSET for phrase in phrases) for time in times], bool)
    telling = heights - RESET * early_in_a_phrase
    for place in np.argsort(-telling, kind="stable").tolist():
        time, height = float(times[place]), float(heights[place])
        asked, early = ("nod slightly", NOD_EARLY) if telling[place] >= NODS else ("brows up slightly", BROWS_EARLY)
        begins = max(time - early, 0.0)
        near = any(abs(time - other) < APART for other in taken)
        if telling[place] < STANDS_OUT or near or time < SETTLED or seconds - begins < ENDING:
            continue
        cues.append(Cue(begins, begins, read_instruction(asked), f"the voice stands out by {height:.1f} at {time:.2f} s"))
        taken.append(time)
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
