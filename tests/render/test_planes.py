"""A picture as a video stores it: what the video library makes of it, to a rounding; and an exported video is of them."""

from types import SimpleNamespace

import av
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from flame_like import egg, flame_like, head_arrays
from visavox.errors import OptionError
from visavox.export import export
from visavox.export.accompaniment import Accompaniment
from visavox.io.video import write_video
from visavox.motion import Motion
from visavox.render import Camera, HeadRenderer
from visavox.render.appearance import Appearance
from visavox.render.planes import in_planes
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.flame_head import MEAN_FACE, FlameHead


def smooth(height: int, width: int) -> np.ndarray:
    """A picture without edges, where it makes no difference between which pixels colour is taken."""
    noise = gaussian_filter(np.random.default_rng(2).normal(size=(height, width, 3)), (9, 9, 0))
    return np.uint8(255 * (noise - noise.min()) / np.ptp(noise))


@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 130), (2, 6)])
def test_they_are_the_librarys(height, width):
    picture = smooth(height, width)
    ours = in_planes(picture)
    theirs = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p").to_ndarray()
    off = np.abs(ours.values.astype(int) - theirs)
    assert ours.shape == picture.shape and off[:height].max() <= 1 and off[height:].max() <= 2


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 0, 255), (0, 255, 255)])
def test_the_ends_of_the_range_stay_in_it(colour):
    values = in_planes(np.full((4, 4, 3), colour, np.uint8)).values
    theirs = av.VideoFrame.from_ndarray(np.full((4, 4, 3), colour, np.uint8), format="rgb24").reformat(format="yuv420p").to_ndarray()
    assert np.abs(values.astype(int) - theirs).max() <= 1


def test_a_picture_that_is_a_part_of_another_is_taken_as_it_is_seen():
    picture = smooth(32, 32)
    assert np.array_equal(in_planes(picture[:, ::-1]).values, in_planes(picture[:, ::-1].copy()).values)


def test_a_video_of_them_shows_the_frames(tmp_path):
    head = FlameHead.from_arrays(head_arrays(flame_like(*egg())))
    renderer = HeadRenderer(head, MEAN_FACE, Appearance.plain(), Camera.portrait(head, MEAN_FACE, 64))
    motion = Motion(np.zeros((3, len(head.rig))), 25, head.rig)
    pictures = []
    write_video(renderer.frames(motion), None, tmp_path / "seen.mp4", 25)
    write_video(map(in_planes, renderer.frames(motion)), None, tmp_path / "planes.mp4", 25)
    export(motion, tmp_path / "stored.mp4", Accompaniment(renderer=renderer))
    for name in ("seen.mp4", "stored.mp4", "planes.mp4"):
        with av.open(str(tmp_path / name)) as film:
            pictures.append(next(film.decode(video=0)).to_ndarray(format="rgb24").astype(float))
    assert len(pictures) == 3 and np.sqrt(np.mean((pictures[0] - pictures[1]) ** 2)) < 1.5
    assert np.array_equal(pictures[1], pictures[2]), "export stores planes"


def test_pictures_of_an_odd_side_are_refused_by_the_video(tmp_path):
    """By another's renderer: ours refuse such a size themselves."""
    odd = SimpleNamespace(frames=lambda motion: iter([np.zeros((63, 64, 3), np.uint8)]))
    with pytest.raises(OptionError, match="even"):
        export(Motion(np.zeros((1, len(ARKIT))), 25, ARKIT), tmp_path / "odd.mp4", Accompaniment(renderer=odd))
