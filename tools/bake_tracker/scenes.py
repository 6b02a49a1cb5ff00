"""Clips to learn from: heads, motions, cameras and pictures drawn at random, each from a seed of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from visavox.motion import Motion
from visavox.render.camera import Camera
from visavox.render.renderer import HeadRenderer
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT, GAZE, HEAD, MOUTH, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

FRAMES = 40  # of a clip
VARIED = 0.35  # standard deviation of the weights of an identity's shapes
# What a frame may add to a speaking face: how often, and how strongly at most. Sides move together mostly.
ADDED = {
    "eyeBlink": (0.15, 1.0), "eyeSquint": (0.15, 0.8), "eyeWide": (0.1, 0.8), "browDown": (0.2, 0.9), "browOuterUp": (0.15, 0.9),
    "cheekSquint": (0.1, 0.8), "noseSneer": (0.08, 0.8), "mouthSmile": (0.2, 0.9), "mouthFrown": (0.1, 0.7), "mouthDimple": (0.08, 0.6),
    "mouthStretch": (0.1, 0.7), "mouthPress": (0.12, 0.8), "mouthLowerDown": (0.12, 0.7), "mouthUpperUp": (0.12, 0.7),
}  # fmt: skip
ADDED_MIDDLE = {
    "browInnerUp": (0.2, 0.9), "jawOpen": (0.25, 0.8), "mouthClose": (0.15, 0.6), "mouthFunnel": (0.12, 0.8), "mouthPucker": (0.15, 0.9),
    "mouthRollLower": (0.12, 0.8), "mouthRollUpper": (0.12, 0.8), "mouthShrugLower": (0.1, 0.7), "mouthShrugUpper": (0.1, 0.6),
    "cheekPuff": (0.05, 0.7), "jawForward": (0.04, 0.5), "tongueOut": (0.02, 0.6), "jawLeft": (0.05, 0.5), "jawRight": (0.05, 0.5),
    "mouthLeft": (0.05, 0.6), "mouthRight": (0.05, 0.6),
}  # fmt: skip
TURNS = {"headPitch": 0.14, "headYaw": 0.22, "headRoll": 0.1}  # radians, standard deviations
CALM = 0.3  # share of a clip's frames that add little: everybody rests now and then
PURE = 360  # clips of the presets themselves; those after them are of builds between two presets, so that no build is learned by heart
QUIET = (0.0, 0.3, 1.0)  # of which one, for a later clip, says how much is added to its speech: people mostly just speak


@dataclass(frozen=True, eq=False)
class Clip:
    """One head before one camera: the values (T, C) of rig ARKIT that it was drawn with, and who it is: the identity of a head whose
    preset is moved towards `other` by a share."""

    identity: Identity
    other: tuple[str, float]
    values: np.ndarray
    camera: Camera
    picture: np.random.Generator


def clip_of(seed: int, head: Head, preset: str, speech: Motion) -> Clip:
    """The clip of a seed: frames of `speech` at random, stronger or weaker than they were spoken, with faces, gaze and turns added."""
    chance = np.random.default_rng([seed, 16])
    other = (str(chance.choice(head.presets)), float(chance.uniform(0, 0.8))) if seed >= PURE else (preset, 0.0)
    head = between(head, preset, other)
    weights = chance.normal(0, VARIED, len(head.identity_names)).clip(-1, 1) * chance.uniform(0, 1)
    identity = Identity(preset, weights.astype(np.float32))
    values = speech.values[chance.integers(0, speech.frames, FRAMES)].copy()
    values[:, ARKIT.indices(MOUTH + ("jawOpen",))] *= chance.uniform(0.6, 1.5)
    strength = np.where(chance.random(FRAMES) < CALM, 0.15, 1.0) * chance.uniform(0.4, 1.0)
    strength *= chance.choice(QUIET) if seed >= PURE else 1.0
    held = {name: chance.uniform(0, 0.3) * most * (chance.random() < often) for name, (often, most) in {**ADDED, **ADDED_MIDDLE}.items()}
    for stem, (often, most) in ADDED.items():
        added = held[stem] + _bursts(chance, often, most) * strength
        for side in ("Left", "Right"):
            values[:, ARKIT.index(stem + side)] += added * np.where(chance.random(FRAMES) < 0.7, 1, chance.uniform(0, 1, FRAMES))
    for name, (often, most) in ADDED_MIDDLE.items():
        values[:, ARKIT.index(name)] += held[name] * (name != "jawOpen") + _bursts(chance, often, most) * strength
    _look_about(chance, values, strength)
    shapes = ARKIT.indices(SHAPES)
    values[:, shapes] = values[:, shapes].clip(0, 1)
    close, jaw = ARKIT.index("mouthClose"), ARKIT.index("jawOpen")
    values[:, close] = np.minimum(values[:, close], values[:, jaw])
    return Clip(identity, other, values, _camera(chance, head, identity), chance)


def film_of(seed: int, head: Head, preset: str, speech: Motion) -> Clip:
    """The film of a seed, to measure on: `speech` as it was spoken, from frame to frame, by a head that holds itself in its own way."""
    chance = np.random.default_rng([seed, 17])
    weights = chance.normal(0, VARIED, len(head.identity_names)).clip(-1, 1) * chance.uniform(0, 1)
    identity = Identity(preset, weights.astype(np.float32))
    values = speech.values.copy()
    for name in HEAD:
        values[:, ARKIT.index(name)] += chance.normal(0, 0.5 * TURNS[name])
    return Clip(identity, (preset, 0.0), values, _camera(chance, head, identity), chance)


def between(head: Head, preset: str, other: tuple[str, float]) -> Head:
    """The head whose `preset` is moved towards another one by a share of the way."""
    name, share = other
    first, second = head.presets.index(preset), head.presets.index(name)
    changed = {}
    for field in ("preset_positions", "eye_centre", "eye_radius"):
        array = getattr(head, field).copy()
        array[first] += share * (array[second] - array[first])
        changed[field] = array
    return replace(head, **changed)


def drawn(clip: Clip, head: Head) -> Iterator[np.ndarray]:
    """The pictures (H, W, 3) uint8 of a clip, as a camera, a lamp and a codec may leave them."""
    head = between(head, clip.identity.name, clip.other)
    renderer = HeadRenderer(head, clip.identity, packaged_appearance(clip.identity), clip.camera)
    chance = clip.picture
    size = clip.camera.size
    across, down = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size))
    slope = chance.normal(0, 0.25, 2)
    light = chance.uniform(0.6, 1.3) * (1 + slope[0] * across + slope[1] * down)[..., None] * (1 + chance.normal(0, 0.06, 3))
    gamma, noise, blur = chance.uniform(0.75, 1.35), chance.uniform(0, 6), chance.integers(0, 3)
    for picture in renderer.frames(Motion(clip.values, 25, ARKIT)):
        seen = 255 * (picture / 255.0) ** gamma * light
        for _ in range(blur):
            seen[1:-1, 1:-1] = (seen[:-2, 1:-1] + seen[2:, 1:-1] + seen[1:-1, :-2] + seen[1:-1, 2:] + 2 * seen[1:-1, 1:-1]) / 6
        yield (seen + chance.normal(0, noise, seen.shape)).clip(0, 255).astype(np.uint8)


def _bursts(chance: np.random.Generator, often: float, most: float) -> np.ndarray:
    return np.where(chance.random(FRAMES) < often, chance.uniform(0, most, FRAMES), 0)


def _look_about(chance: np.random.Generator, values: np.ndarray, strength: np.ndarray) -> None:
    for pair in (("eyeLookInLeft", "eyeLookOutRight"), ("eyeLookOutLeft", "eyeLookInRight"), ("eyeLookUpLeft", "eyeLookUpRight"),
                 ("eyeLookDownLeft", "eyeLookDownRight")):  # fmt: skip
        both = _bursts(chance, 0.35, 0.8)
        for name in pair:
            values[:, ARKIT.index(name)] += both
    for one, other in (("Left", "Right"), ("Up", "Down"), ("In", "Out")):  # an eye looks one way at a time
        for first in [name for name in GAZE if one in name and name.replace(one, other) in GAZE and one != "Left"]:
            a, b = ARKIT.index(first), ARKIT.index(first.replace(one, other))
            values[:, a], values[:, b] = (values[:, a] - values[:, b]).clip(0), (values[:, b] - values[:, a]).clip(0)
    for name in HEAD:
        values[:, ARKIT.index(name)] += chance.normal(0, 0.4 * TURNS[name]) + chance.normal(0, TURNS[name], FRAMES) * np.sqrt(strength)
    turns = ARKIT.indices(HEAD)
    values[:, turns] = values[:, turns].clip(-0.6, 0.6)


def _camera(chance: np.random.Generator, head: Head, identity: Identity) -> Camera:
    """Near or far, wide or close, a little above, below or beside."""
    camera = Camera.portrait(head, identity, int(chance.choice([224, 256, 288, 320])))
    x, y, z = camera.position
    farther = float(np.exp(chance.uniform(np.log(0.6), np.log(2.0))))
    view = float(np.clip(camera.view / farther * chance.uniform(0.85, 1.3), 6, 60))
    shift = chance.normal(0, 0.02, 2)
    return replace(camera, position=(x + shift[0], y + shift[1], z * farther), view=view)
