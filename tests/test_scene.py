"""`Scene`: one actor by default, several with names of their own, at one rate."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME
from visavox.rigs.heads.default_head import Head
from visavox.scene import Actor, Place, Scene
from visavox.style import Identity


def motion(frames: int = 2, fps: float = 25, rig=ARKIT) -> Motion:
    return Motion(np.zeros((frames, len(rig))), fps, rig)


def test_one_actor_by_default():
    scene = Scene.of(motion(5), Audio(np.ones(9, np.float32), 16000), identity=Identity("child"))
    (actor,) = scene.actors
    assert (scene.frames, scene.fps, actor.identity.name, actor.place) == (5, 25, "child", Place())


def test_the_longest_motion_says_how_long_the_scene_is():
    assert Scene((Actor(motion(5), name="anna"), Actor(motion(9), name="bob", place=Place((0.4, 0, 0), 0.3)))).frames == 9


def test_a_head_of_another_rig_is_refused():
    with pytest.raises(OptionError, match="retarget"):
        Actor(motion(rig=FLAME), head=Head.default())


@pytest.mark.parametrize(
    ("actors", "words"),
    [((), "one or more"), ((Actor(motion()), Actor(motion())), "names of their own"),
     ((Actor(motion()), Actor(motion(fps=30), name="bob")), "25, 30 fps")],
)  # fmt: skip
def test_a_scene_that_cannot_be_is_refused(actors, words):
    with pytest.raises(OptionError, match=words):
        Scene(actors)
