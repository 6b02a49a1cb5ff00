"""What a voice tells of an emotion: how loud, high, varied, quick and bright it is, by phrases, against the speaker's own usual voice.

Rules of the literature, nothing is trained: the profiles are those that reviews of acted and natural speech agree on (Scherer 1986; Juslin
and Laukka 2003). A voice tells arousal well and valence badly: joy and anger share most of their cues. What is usual is the speaker's own
median as far as it is known, and before that the median of read speech.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visavox.audio import Audio
from visavox.direction.feeling import Phrase, phrases_of, track_of
from visavox.emotion import EMOTIONS, EmotionTrack
from visavox.gestures.accents import FRAME, HOP, RATE, Hops, hops_of
from visavox.gestures.voice import track_of as voice_of
from visavox.levels import decibels, quiet_below

CUES = ("loudness", "pitch", "range", "rate", "brightness")
# The median and the deviation between phrases of read speech, measured on LibriSpeech test-other by benchmarks/voices.py: dB under the
# loud parts, semitones above the speaker's usual pitch, semitones, syllables a second, dB of 1 to 4 kHz above 0.1 to 1 kHz; and by how
# much speakers and their microphones deviate from one another, of voices as low or as high.
USUAL = np.array([0.0, 0.0, 2.8, 2.5, -9.0])
SPREAD = np.array([2.5, 2.2, 1.1, 0.5, 4.5])
APART = np.array([0.0, 2.5, 0.9, 0.3, 5.0])
LOW_VOICE, HIGH_VOICE, BETWEEN = 115.0, 200.0, 160.0  # Hz: usual pitches of low and high voices, and what parts them
KNOWN_AFTER = 20.0  # seconds of speech after which the speaker's own median counts as much as that of others
REMEMBERED = 120.0  # seconds around a phrase from which the speaker's own median is taken
# How far each emotion moves the cues, in deviations of usual speech.
PROFILES = {
    "neutral": (0.0, 0.0, 0.0, 0.0, 0.0),
    "happy": (0.6, 1.0, 1.0, 0.4, 0.6),
    "sad": (-1.0, -0.6, -0.8, -1.0, -1.2),
    "angry": (1.2, 0.8, 0.5, 0.5, 1.5),
    "fearful": (0.2, 1.3, -0.4, 0.9, 0.4),
    "disgusted": (-0.3, -0.5, 0.2, -0.9, 0.2),
    "surprised": (0.5, 1.6, 1.6, 0.0, 0.4),
    "contemptuous": (-0.2, -0.5, 0.4, -0.6, 0.0),
}
RARE = {"disgusted": 1.5, "contemptuous": 1.5, "surprised": 0.7, "fearful": 0.5}  # nats by which a voice must tell these better
NOISE = 1.1  # deviations by which a phrase of an emotion strays from its profile
AROUSAL = np.array([0.3, 0.25, 0.2, 0.1, 0.3])  # share of each cue in how aroused a voice is
DROWNED, CLEAR = 12.0, 24.0  # dB from a recording's quiet to its loud parts: up to the first noise speaks, from the second on the voice
BLOCK = 4096  # frames whose spectrum is taken at once


@dataclass(frozen=True, eq=False)
class VoiceReading:
    """What a voice tells by phrases (P of them): their `cues` (P, 5) in deviations of usual speech, `arousal` (P,) about -2 to 2, and the
    `chances` (P, 8) of the EMOTIONS. `clear`, 0 to 1, says how far the voice stands above noise; the chances are neutral by the rest."""

    phrases: tuple[Phrase, ...]
    cues: np.ndarray
    arousal: np.ndarray
    chances: np.ndarray
    clear: float = 1.0

    def track(self, frames: int, fps: float) -> EmotionTrack:
        """What is felt, frame by frame, smoothed over phrases."""
        return track_of(self.phrases, self.chances, frames, fps)

    @property
    def overall(self) -> np.ndarray:
        """The chances (8,) over the whole recording, each phrase by its length; neutral where there is no voice."""
        return over_phrases(self.phrases, self.chances)


def over_phrases(phrases: Sequence[Phrase], chances: np.ndarray) -> np.ndarray:
    """The `chances` (P, 8) of `phrases` over the whole recording (8,), each phrase by its length; neutral where there is none."""
    if not phrases:
        return np.eye(len(EMOTIONS))[0]
    lengths = np.array([phrase.end - phrase.start for phrase in phrases])
    return lengths @ chances / lengths.sum()


def read_voice(audio: Audio) -> VoiceReading:
    """What the voice of a recording tells, phrase by phrase; no phrases where nobody speaks."""
    hops = hops_of(audio)
    phrases = phrases_of(hops)
    if not phrases:
        return VoiceReading((), np.zeros((0, len(CUES))), np.zeros(0), np.zeros((0, len(EMOTIONS))))
    cues = _standing_out(phrases, measured_cues(audio, hops, phrases))
    clear = float(np.clip((np.ptp(np.percentile(hops.level, (5, 90))) - DROWNED) / (CLEAR - DROWNED), 0, 1))
    chances = clear * chances_of(cues) + (1 - clear) * np.eye(len(EMOTIONS))[0]
    return VoiceReading(tuple(phrases), cues, cues @ AROUSAL, chances, clear)


def chances_of(cues: np.ndarray) -> np.ndarray:
    """The chances (P, 8) of the EMOTIONS for phrases whose `cues` (P, 5) stand out so far."""
    profiles = np.array([PROFILES[name] for name in EMOTIONS])
    far = np.square((cues[:, None] - profiles) / NOISE).sum(2) / 2 + np.array([RARE.get(name, 0.0) for name in EMOTIONS])
    likely = np.exp(far.min(1, keepdims=True) - far)
    return likely / likely.sum(1, keepdims=True)


def measured_cues(audio: Audio, hops: Hops, phrases: list[Phrase]) -> np.ndarray:
    """The raw cues (P, 5): dB, semitones re 100 Hz, semitones, syllables a second, dB."""
    bright = _brightness(audio, hops.level.size)
    voice = voice_of(hops, hops.level.size, RATE / HOP)
    loud = hops.level > quiet_below(hops.level, 25)
    found = []
    for phrase in phrases:
        span = slice(phrase.first, phrase.last)
        voiced = np.flatnonzero((hops.likeness[span] > 0.5) & loud[span]) + phrase.first
        voiced = voiced if voiced.size else np.arange(phrase.first, phrase.last)
        tones = 12 * np.log2(hops.pitch[voiced] / 100)
        tones = tones[np.abs(tones - np.median(tones)) < 9]  # the others are mistaken octaves
        spread = (np.percentile(tones, 84) - np.percentile(tones, 16)) / 2
        rate = voice.syllable[span].sum() / max(phrase.end - phrase.start, 0.1)
        found.append((np.median(hops.level[voiced]), np.median(tones), spread, rate, np.median(bright[voiced])))
    return np.array(found)


def _standing_out(phrases: list[Phrase], measured: np.ndarray) -> np.ndarray:
    """The cues (P, 5) in deviations from what is usual of this speaker around each phrase."""
    lengths = np.array([phrase.end - phrase.start for phrase in phrases])
    middles = np.array([(phrase.start + phrase.end) / 2 for phrase in phrases])
    cues = np.empty_like(measured)
    for number, middle in enumerate(middles):
        near = np.abs(middles - middle) < REMEMBERED
        own = np.array([_median(column, lengths[near]) for column in measured[near].T])
        known = lengths[near].sum() / (lengths[near].sum() + KNOWN_AFTER)
        hertz = 100 * 2 ** (own[1] / 12)
        others = USUAL + (own[0], 12 * np.log2((LOW_VOICE if hertz < BETWEEN else HIGH_VOICE) / 100), 0, 0, 0)
        sure = np.hypot(SPREAD, (1 - known) * APART)
        cues[number] = (measured[number] - known * own - (1 - known) * others) / sure
    return np.clip(cues, -3, 3)


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(reached, reached[-1] / 2)]])


def _brightness(audio: Audio, count: int) -> np.ndarray:
    """By how many dB (N,) each hop's 1 to 4 kHz lie above its 0.1 to 1 kHz; below 0 as a rule."""
    samples = audio.resample(RATE).pad(FRAME).samples.astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count]
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    low, high = (hertz >= 100) & (hertz < 1000), (hertz >= 1000) & (hertz < 4000)
    found = []
    for first in range(0, len(frames), BLOCK):
        power = np.square(np.abs(np.fft.rfft(frames[first : first + BLOCK] * np.hanning(FRAME).astype(np.float32))))
        found.append(decibels((power[:, high].sum(1) + 1e-9) / (power[:, low].sum(1) + 1e-9), 0.0))
    return np.concatenate(found)
