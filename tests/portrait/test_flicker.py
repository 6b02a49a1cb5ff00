"""The benchmark's measure of flicker: still pixels keep still while a head moves, and a fault of half a pixel is seen."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from sitter import SIZE, landmarks, motion_of, picture

from visavox.portrait import PortraitRenderer, build

WAYS = [{"headYaw": 0.02 * step, "headRoll": 0.01 * step, "jawOpen": 0.1 * step} for step in range(4)]
TALK = [{"jawOpen": 0.1 * step} for step in range(4)]


@pytest.fixture(scope="module")
def benchmark():
    where = Path(__file__).parents[2] / "benchmarks" / "portrait.py"
    spec = importlib.util.spec_from_file_location("portrait_benchmark", where)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def before_a_pattern():
    """A portrait before a wall of fine stones."""
    stones = np.random.default_rng(1).integers(60, 200, (SIZE, SIZE, 1))
    wall = np.abs(picture().astype(int) - picture()[4, 4]).max(2) < 40
    return build(np.uint8(np.where(wall[..., None], stones, picture())), landmarks())


def test_still_pixels_do_not_flicker_before_a_moving_head(benchmark, before_a_pattern):
    frames = list(PortraitRenderer(before_a_pattern, 1).frames(motion_of(*WAYS)))
    said = benchmark.flicker(before_a_pattern, motion_of(*WAYS), frames)
    assert said["flicker"] <= 0.5 and 0.02 < said["flicker_share"] < 0.9
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 2, "the head moves"


@pytest.mark.parametrize("fault", ["a camera that shakes", "a lamp that flickers"])
def test_a_flicker_is_seen(benchmark, before_a_pattern, fault):
    """Deliberate faults of the painter, in every second frame: everything half a pixel aside, or two grey levels lighter.
    The jaw alone moves, so that much of what is drawn keeps still."""
    renderer, frames = PortraitRenderer(before_a_pattern, 1), []
    painter, camera = renderer.painter, renderer.painter.camera
    for number, moment in enumerate(renderer.moments(motion_of(*TALK))):
        if fault == "a camera that shakes":
            painter.camera = camera.shifted(np.array([0.5 * (number % 2), 0]))
        frame = painter.draw(moment)
        frames.append(np.uint8(np.clip(frame.astype(int) + 2 * (number % 2), 0, 255)) if fault == "a lamp that flickers" else frame)
    assert benchmark.flicker(before_a_pattern, motion_of(*TALK), frames)["flicker"] > 0.5
