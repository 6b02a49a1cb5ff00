"""Who was followed: a preset that was drawn is found among the twelve, and a face that was changed is fitted nearer than the preset."""

import numpy as np

from drawn_faces import drawn, head, landmarker
from visavox.motion import Motion
from visavox.render.camera import Camera
from visavox.render.renderer import HeadRenderer
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.style import Identity
from visavox.track.following import Follower
from visavox.track.identity import identity_of
from visavox.track.preview import side_by_side
from visavox.track.solver import packaged_solver


def person(frames):
    follower = Follower(landmarker(), packaged_solver())
    for place, frame in enumerate(frames):
        follower.feed(place / 25, frame)
    return follower.finish(len(frames) / 25).people[0]


def test_who_was_drawn_is_known_or_comes_nearer_than_the_usual_face():
    """Two of four presets are found by name; the fits together are much nearer than the neutral preset. Each alone need not be."""
    skin = np.unique(head().skin_faces)
    skin, found, off = skin[head().neutral()[skin][:, 2] > 0], [], []
    for preset in ("child", "old_m", "heavy", "female_as"):
        fitted = identity_of(person(drawn({"headYaw": np.linspace(-0.15, 0.15, 4)}, preset, 224)), packaged_solver(), head())
        truth = head().neutral(Identity(preset))[skin]
        found.append(fitted.name == preset)
        off.append([_shape_apart(head().neutral(one)[skin], truth) for one in (fitted, Identity("neutral"))])
    fitted, usual = np.mean(off, axis=0)
    assert sum(found) >= 2 and fitted < 0.8 * usual


def _shape_apart(one: np.ndarray, other: np.ndarray) -> float:
    """The mean distance of two faces of one size, which landmarks of one camera cannot tell."""
    a, b = ((face - face.mean(0)) / np.linalg.norm(face - face.mean(0)) * np.sqrt(len(face)) for face in (one, other))
    return float(np.linalg.norm(a - b, axis=1).mean())


def test_the_film_stands_beside_the_head(tmp_path):
    from visavox.io.video import write_video

    write_video(iter([np.full((48, 96, 3), 30 * n, np.uint8) for n in range(5)]), None, tmp_path / "a.mp4", 10)
    motion = Motion(np.zeros((10, len(ARKIT))), 20, ARKIT)
    identity = Identity()
    renderer = HeadRenderer(head(), identity, packaged_appearance(identity), Camera.portrait(head(), identity, 96))
    frames = list(side_by_side(tmp_path / "a.mp4", 0, motion, renderer))
    assert len(frames) == 10 and frames[0].shape == (96, 192, 3)
    assert [round(frame[48, 48].mean() / 30) for frame in frames] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert (frames[0][5, :96] == 0).all() and frames[0][5, 100:].std() > 0
