"""Emotions as values: `EmotionMix`, what words such as `happy 0.6 + surprised 0.3 @ brows` say; `EmotionTrack`, how strongly each is
felt, frame by frame and region by region.

Shapes: T frames, E the eight EMOTIONS, R the REGIONS of a face.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from visavox.arguments import checked
from visavox.errors import OptionError, nearest

EMOTIONS = ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised", "contemptuous")
REGIONS = ("brows", "eyes", "cheeks", "mouth", "gaze", "head")
TOGETHER = {"all": REGIONS, "face": REGIONS[:4], "upper": REGIONS[:2], "lower": REGIONS[2:4]}  # words for several regions
NOUNS = {
    "neutrality": "neutral", "happiness": "happy", "joy": "happy", "sadness": "sad", "anger": "angry", "fear": "fearful",
    "afraid": "fearful", "scared": "fearful", "disgust": "disgusted", "surprise": "surprised", "contempt": "contemptuous",
}  # fmt: skip
MOST = 1.5  # intensity; 1 is the whole expression
_TERM = re.compile(r"([^\W\d]+)(?:\s+(\d+(?:\.\d*)?|\.\d+)\s*(%)?)?\s*")


@checked
@dataclass(frozen=True)
class EmotionMix:
    """What is felt: the intensities (0 to 1.5) of some EMOTIONS by name, and the REGIONS of the face in which it shows."""

    intensities: Mapping[str, float]
    regions: tuple[str, ...] = REGIONS

    def __post_init__(self):
        for name, intensity in self.intensities.items():
            if name not in EMOTIONS:
                raise OptionError(f"there is no emotion {name!r}{nearest(name, EMOTIONS)}; choose of {', '.join(EMOTIONS)}")
            if not 0 <= intensity <= MOST:
                raise OptionError(f"{name} {intensity:g} is outside 0 to {MOST:g}; 1 is the whole expression")
        for name in self.regions:
            if name not in REGIONS:
                known = (*REGIONS, *TOGETHER)
                raise OptionError(f"there is no region {name!r}{nearest(name, known)}; choose of {', '.join(known)}")

    @staticmethod
    @checked
    def parse(text: str) -> "EmotionMix":
        """The mix that words say: emotions joined by `+`, each with an intensity (0.6, 60%) or 1, then `@` and its regions if not all.

        An OptionError says which word is not understood and what is nearest to it.
        """
        terms, at, where = text.partition("@")
        found: dict[str, float] = {}
        for term in terms.split("+"):
            match = _TERM.fullmatch(term.strip().lower())
            if match is None:
                raise OptionError(f"{term.strip() or text!r} is no emotion with an intensity; write such as 'happy 0.6 + surprised 0.3'")
            name = NOUNS.get(match[1], match[1])
            if name in found:
                raise OptionError(f"{name} stands twice in {text.strip()!r}; say it once")
            found[name] = float(match[2] or 1) / (100 if match[3] else 1)
        words = re.split(r"\s*,\s*|\s+and\s+|\s+", where.strip().lower())
        if at and not words[0]:
            raise OptionError(f"{text.strip()!r} names no region after @; choose of {', '.join((*REGIONS, *TOGETHER))}")
        named = [part for word in words for part in TOGETHER.get(word, (word,))]
        return EmotionMix(found, tuple(dict.fromkeys(named)) if at else REGIONS)

    def __str__(self) -> str:
        """The words that `parse` reads as this mix."""
        terms = " + ".join(f"{name} {intensity:g}" for name, intensity in self.intensities.items())
        return terms if self.regions == REGIONS else f"{terms} @ {', '.join(self.regions)}"


def is_emotion(text: str) -> bool:
    """Whether the first word of `text` is the name of an emotion, so that `EmotionMix.parse` is the one to read it."""
    match = re.match(r"\s*([^\W\d]+)", text.lower())
    return bool(match) and (match[1] in EMOTIONS or match[1] in NOUNS)


@checked
@dataclass(frozen=True, eq=False)
class EmotionTrack:
    """What is felt over time: `intensity` (T, E, R) float32, 0 to 1.5, at `fps`; `extra` weights (T,) by channel that no emotion explains.

    It says what is meant; how it comes and goes is for `visavox.gestures.emotions.express`.
    """

    intensity: np.ndarray
    fps: float
    extra: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        values = np.ascontiguousarray(self.intensity, np.float32)
        if values.ndim != 3 or values.shape[1:] != (len(EMOTIONS), len(REGIONS)):
            raise OptionError(f"an emotion track of shape {values.shape} is none; it needs (T, {len(EMOTIONS)}, {len(REGIONS)})")
        if not (np.isfinite(values).all() and values.min(initial=0) >= 0 and values.max(initial=0) <= MOST):
            raise OptionError(f"an emotion track holds intensities outside 0 to {MOST:g}")
        object.__setattr__(self, "intensity", values)

    @staticmethod
    @checked
    def calm(frames: int, fps: float) -> "EmotionTrack":
        """Nothing is felt for `frames` frames."""
        return EmotionTrack(np.zeros((frames, len(EMOTIONS), len(REGIONS)), np.float32), fps)

    @staticmethod
    @checked
    def steady(mix: EmotionMix, frames: int, fps: float) -> "EmotionTrack":
        """`mix` is felt for `frames` frames."""
        return EmotionTrack.calm(frames, fps).with_mix(mix, 0, frames / fps)

    @property
    def frames(self) -> int:
        """The number of frames T."""
        return len(self.intensity)

    @property
    def felt(self) -> bool:
        """Whether anything is felt at all."""
        return bool(self.intensity[:, 1:].any() or any(np.any(weights) for weights in self.extra.values()))

    @checked
    def with_mix(self, mix: EmotionMix, start: float, end: float) -> "EmotionTrack":
        """The track in which `mix`, and nothing else, is felt in its regions in the frames of [start, end) seconds."""
        changed = self.intensity.copy()
        rows = slice(max(round(start * self.fps), 0), max(round(end * self.fps), 0))
        column = np.array([mix.intensities.get(name, 0.0) for name in EMOTIONS], np.float32)
        for region in mix.regions:
            changed[rows, :, REGIONS.index(region)] = column
        return replace(self, intensity=changed)

    @checked
    def fitted(self, frames: int, fps: float) -> "EmotionTrack":
        """The track at `frames` frames of `fps`: each takes what is felt at its middle, those beyond the end what is felt last."""
        if (frames, fps) == (self.frames, self.fps) or not self.frames:
            return self if self.frames == frames else EmotionTrack.calm(frames, fps)
        at = np.minimum(((np.arange(frames) + 0.5) / fps * self.fps).astype(int), self.frames - 1)
        return EmotionTrack(self.intensity[at], fps, {name: weights[at] for name, weights in self.extra.items()})
