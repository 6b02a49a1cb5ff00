"""What voice and words tell together: `fused`, phrase by phrase, each shown apart by `summary`.

Shapes: P phrases; 8 EMOTIONS.
"""

from collections.abc import Sequence

import numpy as np

from visavox.direction.feeling import Phrase, track_of
from visavox.direction.voice import VoiceReading, over_phrases
from visavox.direction.words import WordsReading
from visavox.emotion import EMOTIONS, EmotionTrack

MOST_SHOWN = 8  # words that tell
VOICE_ERRS, WORDS_ERR = 0.5, 0.1  # how often each names an emotion that is none: of acted voices half were read wrong
SAME = 1e-9  # between the chances of all emotions: nothing is told


def words_by_phrase(phrases: Sequence[Phrase], words: WordsReading | None) -> np.ndarray | None:
    """What the words tell (P, 8) within each phrase: that of its sentences in which a word tells something, by how long they are; nothing,
    all EMOTIONS alike, where there are none. None without words."""
    if words is None or not words.english:
        return None
    found = np.zeros((len(phrases), len(EMOTIONS)))
    for row, phrase in zip(found, phrases, strict=True):
        pairs = zip(words.sentences, words.telling, strict=True)
        shared = np.array([max(min(phrase.end, one.end) - max(phrase.start, one.start), 0) * bool(telling) for one, telling in pairs])
        row[:] = shared @ words.chances / shared.sum() if shared.sum() > 0 else 1 / len(EMOTIONS)
    return found


def fused(voice: np.ndarray, words: np.ndarray | None) -> np.ndarray:
    """The chances (P, 8) that voice and words give together. It is the product of what each gives, as of two
    independent witnesses who err now and then, so that neither rules out what the other is sure of. Where words tell nothing it is what the
    voice tells."""
    if words is None:
        return voice
    both = _doubted(voice, VOICE_ERRS) * _doubted(words, WORDS_ERR)
    return np.where(np.ptp(words, axis=1)[:, None] < SAME, voice, both / both.sum(1, keepdims=True))


def _doubted(chances: np.ndarray, errs: float) -> np.ndarray:
    """The chances (P, 8) once the witness `errs` so often."""
    return (1 - errs) * chances + errs / len(EMOTIONS)


def fused_track(voice: VoiceReading, words: WordsReading | None, frames: int, fps: float) -> EmotionTrack:
    """What is felt by voice and words together, or by the voice alone, frame by frame, smoothed over phrases."""
    return track_of(voice.phrases, fused(voice.chances, words_by_phrase(voice.phrases, words)), frames, fps)


def summary(voice: VoiceReading, words: WordsReading | None) -> str:
    """What is read of a whole recording, in a line: of the voice, of the words, and together."""
    of_words = words_by_phrase(voice.phrases, words)
    parts = [f"voice: {best_of(voice.overall)}"]
    if words is None:
        return parts[0]
    if of_words is None:
        return f"{parts[0]}; words: not English, none are read"
    telling = list(dict.fromkeys(word for some in words.telling for word in some))
    if not telling:
        return f"{parts[0]}; words: none that tells"
    shown = ", ".join(telling[:MOST_SHOWN]) + (" ..." if len(telling) > MOST_SHOWN else "")
    both = fused(voice.chances, of_words)
    parts += [
        f"words: {best_of(over_phrases(voice.phrases, of_words))} ({shown})",
        f"together: {best_of(over_phrases(voice.phrases, both))}",
    ]
    return "; ".join(parts)


def best_of(chances: np.ndarray) -> str:
    """The two likeliest emotions of chances (8,), in words."""
    return ", ".join(f"{EMOTIONS[number]} {chances[number]:.2f}" for number in np.argsort(-chances)[:2])
