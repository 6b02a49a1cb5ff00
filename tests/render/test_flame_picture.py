"""A FLAME head in the same pictures: its parts, its lips and lids, and the verb that draws it."""

import re
from pathlib import Path

import av
import numpy as np
import pytest

import recordings
from flame_like import egg, flame_from_head, flame_like, head_arrays
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.io.assets import read_head_asset
from visavox.io.head import write_head
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.render.appearance import Appearance
from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME, FLAME_GENERATED
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.flame_head import LEFT_EYE, FlameHead


@pytest.fixture(scope="module")
def default():
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def arrays(default):
    return flame_from_head(default, 1.0, np.zeros(3))[0]


def motion_of(**channels) -> Motion:
    return Motion(np.zeros((1, len(FLAME))), 25, FLAME).with_channels(channels)


def test_the_head_is_drawn_and_its_jaw_opens(arrays):
    head = FlameHead.from_arrays(arrays)
    camera = Camera.portrait(head, size=128)

    def picture(motion):
        return next(iter(render(motion, head, camera, appearance=Appearance.plain()))).astype(int)

    still, opened = picture(motion_of()), picture(motion_of(jawX=0.25))
    warm = (still[..., 0] - still[..., 2]) > 20
    assert 0.2 < warm.mean() < 0.8  # skin in front of a grey background
    changed = np.argwhere(np.abs(still - opened).sum(-1) > 60)
    assert len(changed) > 20 and changed[:, 0].mean() > 64  # below the middle of the picture


def test_lips_and_lids_are_about_where_the_default_head_has_them(default, arrays):
    head = FlameHead.from_arrays(arrays)
    rest = default.neutral()
    lips = np.linalg.norm(head.template[head.lip_points] - rest[default.lip_points], axis=1)
    lids = np.linalg.norm(head.template[head.lid_points] - rest[default.lid_points], axis=-1)
    assert lips[:2].max() < 0.012 and lips.max() < 0.02 and lids.max() < 0.012


def test_eyeballs_are_what_hangs_on_the_eyes_joints():
    model = flame_like(*egg())
    near = np.argsort(((model["v_template"] - [0.03, 0.03, 0.07]) ** 2).sum(1))[:12]
    model["weights"][near] = np.eye(5)[LEFT_EYE]
    head = FlameHead.from_arrays(head_arrays(model))
    ball = np.isin(head.faces, near).all(1)
    assert ball.any() and np.array_equal(head.face_group == head.groups.index("eyes"), ball)
    others = np.setdiff1d(np.arange(len(head.template)), near)
    assert (head.uv[others] == 0).all() and (np.linalg.norm(head.uv[near] - 0.5, axis=1) <= 1).all()


def test_the_verb_needs_the_head_of_a_flame_motion(arrays, tmp_path, capsys):
    write_head(arrays, "made", tmp_path / "flame.safetensors")
    write_motion(Motion(np.zeros((3, len(FLAME))), 25, FLAME), tmp_path / "m.npz")
    command = ["render", str(tmp_path / "m.npz"), "-o", str(tmp_path / "m.mp4"), "--size", "64"]
    assert main(command) == 2
    assert "--head" in capsys.readouterr().err and not (tmp_path / "m.mp4").exists()
    assert main([*command, "--head", str(tmp_path / "flame.safetensors")]) == 0
    assert (tmp_path / "m.mp4").stat().st_size > 500


def first_picture(path) -> np.ndarray:
    """The first frame (H, W, 3) of a video."""
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def widest(picture: np.ndarray) -> int:
    """The most pixels of skin in a row of the face, above the shoulders."""
    return int(((picture[..., 0] - picture[..., 2]) > 20)[: len(picture) // 2].sum(1).max())


@pytest.fixture
def narrow(arrays, tmp_path, monkeypatch):
    """The current folder with a head whose first identity shape makes it a fifth narrower, and the face that has it."""
    shapes = arrays["identity_shapes"].copy()
    shapes[0, :, 0] = -0.2 * arrays["template"][:, 0]
    write_head(arrays | {"identity_shapes": shapes}, "made", tmp_path / "flame.safetensors")
    np.save(tmp_path / "someone.npy", np.eye(100, dtype=np.float32)[0])
    write_motion(Motion(np.zeros((2, len(FLAME))), 25, FLAME), tmp_path / "m.npz")
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 0.1, 16000)
    monkeypatch.chdir(tmp_path)


def test_a_video_shows_the_face_of_the_identity_file(narrow):
    command = ["render", "m.npz", "--head", "flame.safetensors", "--size", "128"]
    assert main([*command, "-o", "mean.mp4"]) == 0 and main([*command, "--identity", "someone.npy", "-o", "someone.mp4"]) == 0
    assert widest(first_picture("someone.mp4")) == pytest.approx(0.8 * widest(first_picture("mean.mp4")), abs=3)


def test_animating_to_a_video_does_so_too(narrow):
    model = write_tiny_checkpoint(Path("flame-model.safetensors"), FLAME_GENERATED, 100)
    command = ["animate", "speech.wav", "--checkpoint", str(model), "--steps", "1", "--identity", "someone.npy"]
    assert main([*command, "--head", "flame.safetensors", "--size", "128", "-o", "animated.mp4"]) == 0
    assert main([*command, "-o", "motion.npz"]) == 0
    render_again = ["render", "motion.npz", "--head", "flame.safetensors", "--identity", "someone.npy", "--size", "128"]
    assert main([*render_again, "-o", "rendered.mp4"]) == 0
    assert np.abs(first_picture("animated.mp4") - first_picture("rendered.mp4")).max() <= 8  # but for the sound, the same video


@pytest.mark.parametrize(("motion", "arguments", "says"), [
    ("m.npz", ["--head", "flame.safetensors", "--identity", "amber"], "amber is a preset"),
    ("m.npz", ["--head", "flame.safetensors", "--identity", "gone.npy"], "gone.npy does not exist"),
    ("arkit.npz", ["--identity", "someone.npy"], "--identity someone.npy is of FLAME, arkit.npz is of rig 'arkit'"),
    ("arkit.npz", ["--head", "flame.safetensors"], "--head flame.safetensors is of FLAME, arkit.npz is of rig 'arkit'"),
])  # fmt: skip
def test_faces_that_do_not_belong_to_the_motion_are_refused(narrow, capsys, motion, arguments, says):
    write_motion(Motion(np.zeros((2, len(ARKIT))), 25, ARKIT), "arkit.npz")
    assert main(["render", motion, "-o", "no.mp4", *arguments]) == 2
    said = capsys.readouterr().err
    assert re.search(says, said) and said.count("\n") == 1 and not Path("no.mp4").exists()
