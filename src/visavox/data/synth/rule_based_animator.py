"""The rule-based animator: articulations, loudness and a manner of speaking in, a moving ARKit face with head pose out.

Synthetic by design: a stand-in for captured faces wherever only sound with known phones is to be had.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from visavox.data.synth.articulation import ARTICULATIONS
from visavox.rigs.arkit import ARKIT, HEAD

_AT = {name: position for position, name in enumerate(ARTICULATIONS)}


@dataclass(frozen=True)
class Manner:
    """How a synthetic speaker speaks; 1 is the middle of a scale, 0 is none. Angles in radians."""

    opening: float = 1.0  # of jaw and lips
    rounding: float = 1.0
    spread: float = 1.0
    upper_lip: float = 1.0
    smile: float = 0.05
    frown: float = 0.0
    press: float = 0.0  # of the resting lips
    asymmetry: float = 0.0  # > 0: the left side moves more
    sluggish: float = 0.0  # seconds of extra smoothing of the opening
    head: float = 1.0  # amplitude of the head
    head_speed: float = 1.0
    nod: float = 1.0  # of stressed syllables
    tilt: float = 0.0  # resting roll
    pitch: float = 0.0  # resting pitch
    yaw: float = 0.0
    brows: float = 1.0  # of raised brows on stress
    brow_rest: float = 0.0  # < 0: drawn down
    squint: float = 0.05
    effort: float = 0.0  # nose and cheeks at loud vowels


def random_manner(random: np.random.Generator) -> Manner:
    """A plausible manner drawn at random: most scales log-normal around 1, offsets small and sometimes 0."""

    def scale(spread: float) -> float:
        return float(np.exp(np.clip(random.normal(0, spread), -2 * spread, 2 * spread)))

    def seldom(chance: float, low: float, high: float) -> float:
        return float(random.uniform(low, high)) if random.random() < chance else 0.0

    return Manner(
        opening=scale(0.22), rounding=scale(0.15), spread=scale(0.25), upper_lip=scale(0.25),
        smile=0.05 + seldom(0.5, 0.0, 0.4), frown=seldom(0.2, 0.05, 0.25), press=seldom(0.3, 0.02, 0.12),
        asymmetry=float(np.clip(random.normal(0, 0.08), -0.25, 0.25)), sluggish=seldom(0.3, 0.005, 0.02),
        head=scale(0.45), head_speed=scale(0.25), nod=scale(0.5), tilt=float(random.normal(0, 0.04)),
        pitch=float(random.normal(0, 0.05)), yaw=float(random.normal(0, 0.07)), brows=scale(0.6),
        brow_rest=seldom(0.4, -0.2, 0.2), squint=seldom(0.6, 0.0, 0.25), effort=seldom(0.4, 0.0, 0.25),
    )  # fmt: skip


def move_face(articulation: np.ndarray, loudness: np.ndarray, manner: Manner, random: np.random.Generator) -> np.ndarray:
    """ARKit values (L, 55) at 100 Hz for articulations (L, 10) and loudness (L,) in dB, in the rig ARKIT's order and units.

    Gaze and blinks stay 0: they are gestures, added when a voice is animated.
    """
    channels = {name: np.zeros(len(articulation)) for name in ARKIT.names}
    _lips(channels, articulation, manner)
    stress = stress_of(articulation, loudness)
    _expression(channels, articulation, loudness, stress, manner, random)
    _head(channels, stress, loudness, manner, random)
    values = np.stack([channels[name] for name in ARKIT.names], axis=1)
    low, high = ([getattr(channel, side) for channel in ARKIT.channels] for side in ("low", "high"))
    return np.clip(values, low, high).astype(np.float32)


def _lips(channels: dict, articulation: np.ndarray, manner: Manner) -> None:
    jaw, lower, upper, closure, pucker, funnel, wide, roll, press, tongue = articulation.T
    if manner.sluggish:
        jaw, lower, upper = (gaussian_filter1d(curve, manner.sluggish * 100) for curve in (jaw, lower, upper))
    lower, upper = lower * (1 - closure), upper * (1 - np.maximum(closure - roll, 0))
    opened = 0.68 * manner.opening * jaw
    channels["jawOpen"] = opened
    channels["mouthClose"] = opened * np.clip(closure, 0, 1)
    channels["jawForward"] = 0.12 * np.clip(funnel - 0.4, 0, 1)
    channels["mouthPucker"] = 0.80 * manner.rounding * pucker
    channels["mouthFunnel"] = 0.70 * manner.rounding * funnel * (1 - closure)
    channels["mouthRollLower"] = 0.65 * roll + 0.35 * press + manner.press
    channels["mouthRollUpper"] = 0.22 * press + 0.7 * manner.press
    channels["mouthShrugLower"] = 0.15 * press + 0.08 * roll
    channels["mouthShrugUpper"] = 0.10 * press
    channels["cheekPuff"] = 0.06 * press
    channels["tongueOut"] = 0.30 * tongue * (1 - closure)
    rounded = np.clip(1.6 * np.maximum(pucker, funnel), 0, 1)  # rounded lips do not smile
    smile = (manner.smile + 0.22 * manner.spread * wide) * (1 - 0.8 * rounded)
    for side, sign in (("Left", 1), ("Right", -1)):
        more = 1 + sign * manner.asymmetry
        channels[f"mouthLowerDown{side}"] = 0.72 * manner.opening * more * lower
        channels[f"mouthUpperUp{side}"] = 0.58 * manner.opening * manner.upper_lip * more * upper
        channels[f"mouthSmile{side}"] = more * smile
        channels[f"mouthStretch{side}"] = 0.32 * manner.spread * more * wide
        channels[f"mouthDimple{side}"] = 0.15 * manner.spread * more * wide + 0.2 * manner.smile
        channels[f"mouthPress{side}"] = 0.25 * press + manner.press
        channels[f"mouthFrown{side}"] = manner.frown * (1 - 0.5 * rounded)


def stress_of(articulation: np.ndarray, loudness: np.ndarray) -> np.ndarray:
    """Stress (L,) in 0..1 at 100 Hz: pulses at open, loud syllable centres that stand out from the second around them."""
    drive = np.clip(1 + loudness / 20, 0, 1.3) * articulation[:, _AT["jaw"]] * (1 - articulation[:, _AT["closure"]])
    syllable, phrase = gaussian_filter1d(drive, 6), gaussian_filter1d(drive, 60)
    return np.clip((syllable - 1.15 * phrase) / 0.25, 0, 1)


def _expression(channels, articulation, loudness, stress, manner: Manner, random: np.random.Generator) -> None:
    length = len(stress)
    accents = _accents(stress, random, chance=0.35)
    raised = manner.brows * gaussian_filter1d(accents, 14) * 2.2
    drift = slow_noise(length, 0.25, random)
    voiced = gaussian_filter1d(np.clip(1 + loudness / 15, 0, 1), 30)
    rest = manner.brow_rest + 0.04 * manner.brows * drift * voiced
    channels["browInnerUp"] = np.clip(0.32 * raised + np.maximum(rest, 0), 0, 1)
    for side, sign in (("Left", 1), ("Right", -1)):
        more = 1 + 0.6 * sign * manner.asymmetry
        channels[f"browOuterUp{side}"] = np.clip(more * (0.26 * raised + 0.7 * np.maximum(rest, 0)), 0, 1)
        channels[f"browDown{side}"] = np.clip(-rest - 0.3 * raised, 0, 1)
        channels[f"eyeWide{side}"] = np.clip(0.14 * raised - 0.02, 0, 1)
        channels[f"eyeSquint{side}"] = np.clip(manner.squint + 0.25 * manner.smile + 0.03 * drift, 0, 1)
        channels[f"cheekSquint{side}"] = np.clip(0.6 * channels[f"mouthSmile{side}"] - 0.05, 0, 1)
        channels[f"noseSneer{side}"] = manner.effort * np.clip(gaussian_filter1d(stress, 5), 0, 1) * 0.6


def _head(channels, stress, loudness, manner: Manner, random: np.random.Generator) -> None:
    """Head rotation: a nod at stressed syllables, a sway that grows with the voice, and a new resting pose at some pauses.

    Amplitudes and bands follow the tracked heads of `us_gov`. Their rms over 12 s, in degrees: 3.9 under 0.1 Hz, 3.0 to 0.25 Hz,
    2.8 to 0.5 Hz, 2.0 to 1 Hz, 1.1 to 2 Hz, 0.6 to 4 Hz. There is more of the slow poses of people in conversation.
    """
    length = len(stress)
    voiced = gaussian_filter1d(np.clip(1.1 + loudness / 18, 0.0, 1), 40)
    nods = gaussian_filter1d(_accents(stress, random, chance=0.7), 9) - 0.6 * gaussian_filter1d(_accents(stress, random, 0.5), 25)
    swing = {"headPitch": 0.042, "headYaw": 0.046, "headRoll": 0.048}
    rest = {"headPitch": manner.pitch, "headYaw": manner.yaw, "headRoll": manner.tilt}
    for name in HEAD:
        sway = slow_noise(length, 0.35 * manner.head_speed, random) + 0.3 * slow_noise(length, 1.1 * manner.head_speed, random)
        poses = _new_poses(loudness, random)
        moved = manner.head * swing[name] * ((0.35 + 0.65 * voiced) * sway + 1.3 * poses)
        channels[name] = rest[name] + moved
    channels["headPitch"] = channels["headPitch"] + 0.16 * manner.nod * manner.head**0.5 * nods
    channels["headRoll"] = channels["headRoll"] + 0.15 * (channels["headYaw"] - manner.yaw)  # necks tilt as they turn


def _accents(stress: np.ndarray, random: np.random.Generator, chance: float) -> np.ndarray:
    """The peaks of `stress` kept with probability `chance`, as impulses of the peak's height (area 1 after smoothing)."""
    peaks = 1 + np.flatnonzero((stress[1:-1] > stress[:-2]) & (stress[1:-1] >= stress[2:]) & (stress[1:-1] > 0.3))
    kept = peaks[random.random(peaks.size) < chance]
    impulses = np.zeros(stress.size)
    impulses[kept] = stress[kept] * random.uniform(0.5, 1.2, kept.size) * 20
    return impulses


def _new_poses(loudness: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A smooth staircase (L,): at a pause, and now and then within speech, the head takes a new resting pose."""
    quiet = loudness < -22
    starts = np.flatnonzero(quiet[1:] & ~quiet[:-1])
    extra = random.integers(0, max(loudness.size, 1), max(loudness.size // 400, 1))
    steps = np.zeros(loudness.size)
    level, position = random.normal(), 0
    for time in sorted({*starts.tolist(), *extra.tolist()}):
        steps[position:time] = level
        position, level = time, 0.5 * level + random.normal()
    steps[position:] = level
    return gaussian_filter1d(steps, 30, mode="nearest")


def slow_noise(length: int, frequency: float, random: np.random.Generator) -> np.ndarray:
    """Smooth noise (length,) of unit deviation below about `frequency` Hz at 100 Hz."""
    width = 100 / (2 * np.pi * frequency)
    margin = int(4 * width)
    smooth = gaussian_filter1d(random.normal(size=length + 2 * margin), width)[margin : margin + length]
    return smooth * np.sqrt(2 * np.sqrt(np.pi) * width)
