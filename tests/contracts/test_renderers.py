"""The door of renderers: whatever draws a motion keeps these promises."""

from itertools import islice

import numpy as np
import pytest
from sitter import landmarks, picture

from flame_like import egg, flame_like, head_arrays
from visavox.errors import RigError, VisavoxError
from visavox.io.video import write_video
from visavox.motion import Motion
from visavox.portrait import PortraitRenderer, build
from visavox.render import Camera, HeadRenderer
from visavox.render.appearance import Appearance
from visavox.render.video import packaged_appearance
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.flame_head import MEAN_FACE, FlameHead
from visavox.style import Identity

SIZE = 64


class Meter:
    """A pretend renderer: a bar as high as the jaw is open."""

    size = (SIZE, SIZE)

    def frames(self, motion):
        if "jawOpen" not in motion.rig:
            raise RigError(f"a meter needs jawOpen, which rig {motion.rig.name!r} lacks")
        return (np.full((SIZE, SIZE, 3), int(255 * jaw), np.uint8) for jaw in motion.channel("jawOpen"))


def default_head():
    head, identity = Head.default(), Identity("child")
    return HeadRenderer(head, identity, packaged_appearance(identity), Camera.portrait(head, identity, SIZE)), ARKIT, "jawOpen"


def flame_head():
    head = FlameHead.from_arrays(head_arrays(flame_like(*egg())))
    return HeadRenderer(head, MEAN_FACE, Appearance.plain(), Camera.portrait(head, MEAN_FACE, SIZE)), FLAME, "jawX"


def photo():
    return PortraitRenderer(build(picture(), landmarks())), ARKIT, "jawOpen"


FAMILY = {"default head": default_head, "photo": photo, "FLAME": flame_head, "pretend": lambda: (Meter(), ARKIT, "jawOpen")}


@pytest.fixture(scope="module", params=FAMILY)
def drawn(request):
    return FAMILY[request.param]()


def motion_of(rig, channel, frames) -> Motion:
    return Motion(np.zeros((frames, len(rig))), 25, rig).with_channels({channel: np.linspace(0, 0.3, frames)})


def test_every_frame_is_a_picture_of_its_size_and_the_same_again(drawn):
    renderer, rig, channel = drawn
    frames = list(renderer.frames(motion_of(rig, channel, 3)))
    assert len(frames) == 3
    assert all(frame.shape == (*renderer.size, 3) and frame.dtype == np.uint8 for frame in frames)
    again = list(renderer.frames(motion_of(rig, channel, 3)))
    assert all(np.array_equal(one, other) for one, other in zip(frames, again, strict=True))
    assert not np.array_equal(frames[0], frames[-1]), "the motion is seen"


def test_a_picture_does_not_depend_on_what_was_drawn_before(drawn):
    renderer, rig, channel = drawn
    motion = motion_of(rig, channel, 3)
    last = list(renderer.frames(motion))[-1]
    (alone,) = renderer.frames(Motion(motion.values[-1:], 25, rig))
    assert np.array_equal(last, alone)


def test_an_hour_is_begun_at_once(drawn):
    renderer, rig, _ = drawn
    long = Motion(np.zeros((90_000, len(rig)), np.float32), 25, rig)
    assert len(list(islice(renderer.frames(long), 2))) == 2


def test_what_cannot_be_drawn_is_refused_before_the_first_frame(drawn):
    renderer = drawn[0]
    with pytest.raises(VisavoxError, match="'other'"):
        renderer.frames(Motion(np.zeros((1, 1)), 25, Rig("other", (Channel("x"),))))


def test_a_video_is_written_by_any(drawn, tmp_path):
    renderer, rig, channel = drawn
    motion = motion_of(rig, channel, 5)
    write_video(renderer.frames(motion), None, tmp_path / "a.mp4", motion.fps)
    assert (tmp_path / "a.mp4").stat().st_size > 500
