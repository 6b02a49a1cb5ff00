"""How motion is drawn from the model: `Sampling`, its choices; and `Speaker`, the constants of a recording.

Shapes: T frames, C channels, K style, E identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from visavox.arguments import checked
from visavox.diffusion.guidance import Guide, Term, Threshold
from visavox.diffusion.noise import FrameNoise
from visavox.diffusion.sampler import SAMPLERS, Sampler
from visavox.errors import OptionError
from visavox.style import FaceStyle, HeadStyle


@dataclass(frozen=True, eq=False)
class ConditionValue:
    """What a recording tells of one named condition of the model (`DenoiserConfig.conditions`): its values, (Q,) for the clip or
    (T, Q) for its frames, and how strongly it is followed, 1 as trained.
    """

    values: np.ndarray
    guidance: float = 1.0


@checked
@dataclass(frozen=True)
class Sampling:
    """How motion is drawn from the model.

    sampler: a name in `diffusion.sampler.SAMPLERS`, asked at `steps` diffusion steps; guidance: how strongly audio and style are followed,
    1 is as trained and costs no further evaluation, combined by `guide` (`incremental` or `independent`; None: as the model was trained);
    threshold: dynamic thresholding, or none; lip_noise: how much of the noise the mouth starts from, 1 draws it as trained and less brings
    it towards the likeliest lips, which follow the sound better than any single draw; blend: the share of the last
    context frames that a window's own view of them replaces, 0 keeps the window before as it was, up to 1; conditions: what the
    model is told by name beside sound, style and identity; lockstep: how many windows are drawn together, each told what the one before
    looked like a step ago, and 1 draws one after another, as published; encode_at_once: the sound is encoded in one piece, as published, in
    memory that grows with the square of its length where the encoder attends to all of it, not in overlapping chunks.
    """

    steps: int = 4
    audio_guidance: float = 1.0
    style_guidance: float = 1.0
    guide: Guide | None = None
    sampler: str = "dpm-solver"
    threshold: Threshold | None = None
    lip_noise: float = 0.25
    encode_at_once: bool = False
    lockstep: int = 16
    blend: float = 1.0  # the default model re-predicts the end of its context better than it continues it: no seam is left
    conditions: Mapping[str, ConditionValue] = field(default_factory=dict)

    def __post_init__(self):
        if self.sampler not in SAMPLERS:
            raise OptionError(f"there is no sampler {self.sampler!r}; choose one of {', '.join(SAMPLERS)}")
        for name in ("audio_guidance", "style_guidance"):
            if not 0 <= getattr(self, name) <= 20:
                raise OptionError(f"{name.replace('_', ' ')} {getattr(self, name)} is outside 0 to 20; 1 is no guidance")
        for name, value in self.conditions.items():
            if not 0 <= value.guidance <= 20:
                raise OptionError(f"guidance {value.guidance} of condition {name!r} is outside 0 to 20; 1 is no guidance")
        if not 1 <= self.lockstep <= 1000:
            raise OptionError(f"{self.lockstep} windows cannot be drawn together; choose 1 to 1000")
        for name in ("blend", "lip_noise"):
            if not 0 <= getattr(self, name) <= 1:
                raise OptionError(f"{name.replace('_', ' ')} {getattr(self, name)} is outside 0 to 1")


@dataclass(frozen=True, eq=False)
class Speaker:
    """What stays the same from window to window: style (K,) and identity (E,), normalised, or None; the sampler; the
    guidance terms, the noise of each take and its deviation in each channel (C,), and how head and face move.
    """

    style: np.ndarray | None
    identity: np.ndarray | None
    sampler: Sampler
    terms: list[Term]
    sampling: Sampling
    noise: list[FrameNoise]
    noise_scale: np.ndarray
    head: HeadStyle = HeadStyle()
    face: FaceStyle = FaceStyle()
