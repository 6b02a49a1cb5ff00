"""A face whose truth is known sits for a portrait: the default head, drawn small, with landmarks by construction."""

from functools import cache

import numpy as np

from visavox.motion import Motion
from visavox.portrait.correspondence import packaged
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, IRISES, POINTS, SKIN_POINTS
from visavox.portrait.source import Source
from visavox.render import Camera, HeadRenderer
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.style import Identity

SIZE = 256
WHO = Identity("female")


def motion_of(*poses: dict[str, float]) -> Motion:
    """A motion of one frame a pose."""
    values = np.zeros((len(poses), len(ARKIT)), np.float32)
    for row, pose in enumerate(poses):
        for name, value in pose.items():
            values[row, ARKIT.index(name)] = value
    return Motion(values, 25, ARKIT)


def landmarks(pose: dict[str, float] | None = None, size: int = SIZE) -> Landmarks:
    """Where the landmarks of the head in `pose` lie in its picture."""
    head, correspondence = packaged()
    camera = Camera.portrait(head, WHO, size)
    positions = head.vertices(motion_of(pose or {}).values, WHO)[0]
    points = np.zeros((POINTS, 2))
    screen = camera.project(correspondence.at(positions, range(SKIN_POINTS)))
    points[:SKIN_POINTS] = np.stack([screen.x, screen.y], 1)
    for eye, around in enumerate(IRISES):
        outline = points[list(EYES[eye])]
        middle, radius = outline.mean(0), 0.21 * np.ptp(outline[:, 0])
        points[list(around)] = middle + radius * np.array([[0, 0], [1, 0], [0, -1], [-1, 0], [0, 1]])
    return Landmarks(points, {"_": 0.0})


@cache
def picture(size: int = SIZE) -> np.ndarray:
    """The head at rest, as a photo."""
    return posed({}, size)


def posed(pose: dict[str, float], size: int = SIZE) -> np.ndarray:
    """The head in `pose`, as a photo."""
    head, _ = packaged()
    renderer = HeadRenderer(head, WHO, packaged_appearance(WHO), Camera.portrait(head, WHO, size))
    return next(iter(renderer.frames(motion_of(pose))))


def source(consent: str = "a head of our own") -> Source:
    """The photo and its landmarks."""
    return Source(picture(), landmarks(), "sitter.png", "0" * 64, consent)


@cache
def portrait():
    """Its portrait."""
    return source().portrait("whole")
