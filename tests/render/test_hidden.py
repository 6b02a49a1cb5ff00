"""What is left out because nobody can see it: no byte of any picture may change for it, in any pose of any face."""

import threading

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.io.assets import read_head_asset
from visavox.io.video import write_video
from visavox.motion import Motion
from visavox.render import Camera, HeadRenderer
from visavox.render.light import BEHIND
from visavox.render.painter import Painter
from visavox.render.raster import NOTHING, Cover, cover_mesh, cover_triangles, mark_shown
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

SIZE = 130  # its samples fill no whole number of blocks


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


def painter_of(head, name: str) -> Painter:
    identity = Identity(name)
    return Painter(head, identity, packaged_appearance(identity), Camera.portrait(head, identity, SIZE))


def motion_of(*poses: dict) -> Motion:
    values = np.zeros((len(poses), len(ARKIT)), np.float32)
    for row, pose in zip(values, poses, strict=True):
        row[ARKIT.indices(pose)] = list(pose.values())
    return Motion(values, 25, ARKIT)


def hard_poses() -> Motion:
    """Poses that show most of what is hidden at rest: a gaping mouth with its tongue out, 30 degrees to either side and far beyond,
    up and down, and any mixture of shapes."""
    turned = np.radians(30)
    motion = motion_of(
        {}, {"jawOpen": 1, "tongueOut": 1}, {"jawOpen": 1, "headYaw": turned}, {"headYaw": -turned, "mouthSmileLeft": 1, "jawOpen": 0.3},
        {"headYaw": 1.5}, {"headYaw": 3.1}, {"headPitch": -0.6, "jawOpen": 0.8, "headRoll": 0.5}, {"headPitch": 0.7, "eyeBlinkLeft": 1},
    )  # fmt: skip
    mixed = np.random.Generator(np.random.PCG64(1)).uniform(0, 0.9, (3, len(ARKIT))).astype(np.float32)
    return Motion(np.concatenate([motion.values, mixed]), 25, ARKIT)


@pytest.mark.parametrize("name", ["neutral", "female", "child"])
def test_leaving_out_hidden_triangles_and_their_light_changes_no_byte(head, name):
    painter, whole = painter_of(head, name), painter_of(head, name)
    assert 0.2 < painter.likely / len(painter.faces) < 0.7, "about half of a head is inside or behind"
    whole.likely = len(whole.faces)  # every triangle is drawn, in the same order
    for positions in head.vertices(hard_poses().values, Identity(name)):
        picture = painter.draw(positions)
        whole.shown[:] = True
        assert np.array_equal(picture, whole.draw(positions))
        assert np.array_equal(painter.cover.item, whole.cover.item) and np.array_equal(painter.cover.depth, whole.cover.depth)


def test_most_hidden_triangles_are_indeed_left_out(head):
    """The test above would pass if nothing were ever left out."""
    painter = painter_of(head, "neutral")
    painter.draw(head.vertices(motion_of({}).values)[0])
    screen = painter.camera.project(head.vertices(motion_of({}).values)[0].astype(np.float32), 2)
    others, alone = painter.faces[painter.likely :], Cover.empty(2 * SIZE)
    cover_triangles(screen, others, alone, 0)
    assert len(np.unique(alone.item)) > 1000, "alone they are seen"
    behind = Cover(np.full_like(alone.depth, 0.1), np.full_like(alone.item, NOTHING))  # something before all of them
    for depth in (0.1, np.inf):
        behind.depth.fill(depth)
        cover_mesh(screen, others, 0, behind, painter.farthest)
        assert (behind.item != NOTHING).any() == (depth > 1)
    assert (behind.item == alone.item).mean() > 0.999, "but for rounding where two are as near"


def test_light_reaches_what_is_shown_and_nothing_else(head):
    painter = painter_of(head, "neutral")
    painter.reflected[:] = np.nan
    painter.hair_light[:] = np.nan
    painter.draw(head.vertices(motion_of({"jawOpen": 0.5}).values)[0])
    items = np.unique(painter.cover.item)
    faces = items[(items >= 0) & (items < len(painter.faces))]
    pieces = items[items >= len(painter.faces)] - len(painter.faces)
    for lit, wanted in ((painter.reflected, np.unique(painter.faces[faces])), (painter.hair_light, np.union1d(pieces, pieces + 1))):
        assert np.array_equal(np.flatnonzero(~np.isnan(lit[:, 0])), wanted) and len(wanted) > 500
    assert BEHIND < 0, "a shown position may face away, and is lit then too"


def test_marks_name_the_corners_of_what_covers_a_sample():
    cover, faces = Cover.empty(8), np.array([[0, 1, 2], [2, 3, 4], [4, 5, 6]], np.int32)
    cover.item[3, 3], cover.item[7, 7] = 1, len(faces) + 1
    positions, points = np.ones(7, bool), np.ones(4, bool)
    mark_shown(cover, faces, np.ones(1 + 3 + 4, bool), positions, points)
    assert positions.tolist() == [False, False, True, True, True, False, False]
    assert points.tolist() == [False, True, True, False]


def test_a_twin_draws_the_same_pictures_and_shares_no_frame(head):
    painter = painter_of(head, "neutral")
    twin = painter.twin()
    one, other = head.vertices(motion_of({"jawOpen": 0.7, "headYaw": 0.3}, {}).values)
    first = painter.draw(one)
    assert np.array_equal(twin.draw(other), painter.draw(other)) and np.array_equal(twin.draw(one), first)
    of_a_frame = (
        "cover", "shadow", "normals", "reflected", "shown", "items", "placed", "visible", "hair_light", "hair_shown", "farthest", "colour",
    )  # fmt: skip
    for name in of_a_frame:
        ours, theirs = (getattr(each, name) for each in (painter, twin))
        assert not any(np.shares_memory(a, b) for a, b in zip(ours, theirs, strict=True)), name
    assert not np.shares_memory(painter.surface.lit, twin.surface.lit) and not np.shares_memory(painter.surface.open, twin.surface.open)


def renderer(head, threads: int) -> HeadRenderer:
    identity = Identity("neutral")
    return HeadRenderer(head, identity, packaged_appearance(identity), Camera.portrait(head, identity, 64), threads)


def test_the_number_of_threads_changes_no_byte_of_a_video(head, tmp_path):
    motion = motion_of(*[{"jawOpen": 0.1 * (frame % 7), "headYaw": 0.02 * frame} for frame in range(40)])
    sound = Audio(np.sin(np.arange(40 * 640) / 9).astype(np.float32) * 0.3, 16000)
    for threads in (1, 2, 3):
        write_video(renderer(head, threads).frames(motion), sound, tmp_path / f"{threads}.mp4", 25)
    assert len({(tmp_path / f"{threads}.mp4").read_bytes() for threads in (1, 2, 3)}) == 1


def test_two_motions_can_be_drawn_at_once(head):
    drawer, still = renderer(head, 2), motion_of(*[{"headRoll": 0.01 * frame} for frame in range(20)])
    pairs = list(zip(drawer.frames(still), drawer.frames(still), strict=True))
    assert len(pairs) == 20 and all(np.array_equal(one, other) for one, other in pairs)


def test_threads_end_with_the_pictures_that_were_wanted(head):
    before = set(threading.enumerate())  # those of other tests may end meanwhile
    frames = renderer(head, 2).frames(motion_of(*[{}] * 50))
    next(frames)
    assert set(threading.enumerate()) - before
    frames.close()
    assert not set(threading.enumerate()) - before


def test_what_goes_wrong_in_a_thread_is_said(head, monkeypatch):
    def fail(self, positions):
        raise MemoryError("no room for a picture")

    monkeypatch.setattr(Painter, "draw", fail)
    with pytest.raises(MemoryError, match="no room"):
        list(renderer(head, 2).frames(motion_of({}, {}, {})))
