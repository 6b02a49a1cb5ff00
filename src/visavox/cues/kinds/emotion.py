"""Emotions: `happy 0.6`, `sad`, `happy 0.6 + surprised 0.3`, `angry 0.5 @ brows`, `neutral`, in the words of `visavox.emotion`."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.emotion import EMOTIONS, MOST, REGIONS, TOGETHER, EmotionMix, EmotionTrack, is_emotion
from visavox.errors import OptionError


@dataclass(frozen=True)
class Emotion(Instruction):
    """What is felt in the cue's span, and the regions of the face in which it shows."""

    mix: EmotionMix


class EmotionKind:
    """One of eight emotions or a mix of them, each with an intensity, in the whole face or regions of it."""

    name = "emotion"
    holds = Emotion
    vocabulary = {name: f"an emotion, intensity 0 to {MOST:g}; joined by +, in regions after @" for name in EMOTIONS} | {
        "@ REGIONS": f"where it shows: {', '.join((*REGIONS, *TOGETHER))}"
    }
    examples = ("happy 0.6", "happy 0.6 + surprised 0.3", "angry 0.5 @ brows", "neutral")

    def read(self, text: str) -> Emotion | None:
        """See `Kind.read`."""
        if not is_emotion(text):
            return None
        try:
            return Emotion(EmotionMix.parse(text))
        except OptionError:
            if "@" in text or "+" in text or any(sign.isdigit() for sign in text):
                raise
            return None  # free words that begin like an emotion

    def write(self, instruction: Emotion) -> str:
        """See `Kind.write`."""
        return str(instruction.mix)

    def explain(self, instruction: Emotion) -> str:
        """See `Kind.explain`."""
        mix = instruction.mix
        parts = [name if name == "neutral" else f"{name} at {100 * share:.0f} %" for name, share in mix.intensities.items()]
        where = "the face looks" if mix.regions == REGIONS else f"{' and '.join(mix.regions)} look"
        return f"{where} {' and '.join(parts)}"


def track_of(cues: Iterable[Cue], frames: int, fps: float) -> EmotionTrack:
    """What is felt over `frames` frames: of cues that overlap in a region, the one that begins last counts.

    A cue at a moment is felt for one frame, from which it fades.
    """
    intensity = EmotionTrack.calm(frames, fps).intensity.copy()
    for cue in sorted(cues, key=lambda cue: cue.start):
        # as EmotionTrack.with_mix, but in place: a copy of an hour for each of thousands of cues would take hours
        mix, first = cue.instruction.mix, round(cue.start * fps)
        rows = slice(first, max(round(cue.end * fps), first + 1))
        column = np.array([mix.intensities.get(name, 0.0) for name in EMOTIONS], np.float32)
        intensity[rows, :, [REGIONS.index(region) for region in mix.regions]] = column[:, None]
    return EmotionTrack(intensity, fps)
