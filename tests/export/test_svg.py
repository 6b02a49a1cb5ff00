"""The picture of curves, read as XML: what is drawn where."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.export import Accompaniment, export
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT

SVG = "{http://www.w3.org/2000/svg}"


def drawn(path, motion: Motion, **beside) -> dict[str, dict[str, np.ndarray]]:
    """The points of each curve by its name, by the part that it stands in."""
    export(motion, path, Accompaniment(**beside))
    found = {}
    for row in ElementTree.parse(path).getroot().iter(f"{SVG}g"):
        part, *names = [text.text or "" for text in row.iter(f"{SVG}text") if "text-anchor" not in text.attrib]
        lines = [np.array([pair.split(",") for pair in line.get("points").split()], float) for line in row.iter(f"{SVG}polyline")]
        found[part] = dict(zip(names, lines, strict=True))
    return found


def still(frames: int, fps: float = 25) -> Motion:
    return Motion(np.zeros((frames, len(ARKIT))), fps, ARKIT)


def test_a_curve_goes_through_its_values_in_the_middles_of_frames(tmp_path):
    curves = drawn(
        tmp_path / "a.svg", still(4).with_channels({"jawOpen": np.array([0, 0.5, 0.25, 0]), "headYaw": np.array([0, 0, 0.1, 0])})
    )
    assert {part: list(names) for part, names in curves.items()} == {"mouth": ["jawOpen"], "head": ["headYaw"]}
    assert curves["mouth"]["jawOpen"].tolist() == [[2, 120], [6, 0], [10, 60], [14, 120]]


def test_the_six_that_move_most_are_shown_and_none_that_stay(tmp_path):
    names = [name for name in ARKIT.names if name.startswith("mouth")][:8]
    moving = still(3).with_channels({name: np.array([0, 0.1 + 0.1 * place, 0]) for place, name in enumerate(names)})
    assert list(drawn(tmp_path / "a.svg", moving)["mouth"]) == names[:1:-1]


def test_the_sound_stands_over_the_curves_where_it_is_given(tmp_path):
    moving = still(25).with_channels({"jawOpen": np.linspace(0, 1, 25)})
    wave = np.zeros(16000)
    wave[8000] = 0.5
    sound = drawn(tmp_path / "a.svg", moving, audio=Audio(wave, 16000))["sound"][""]
    assert abs(sound[sound[:, 1].argmin(), 0] - 50) < 1 and sound[:, 1].min() == 0
    assert "sound" not in drawn(tmp_path / "b.svg", moving)


def test_a_long_picture_keeps_its_width_and_a_blink_of_one_frame(tmp_path):
    blink = np.zeros(90_000)
    blink[45_001] = 1
    curve = drawn(tmp_path / "a.svg", still(90_000).with_channels({"eyeBlinkLeft": blink}))["eyes"]["eyeBlinkLeft"]
    assert curve[:, 1].min() == 0 and abs(curve[curve[:, 1].argmin(), 0] - 6000) < 2 and len(curve) < 60_000
    assert int(ElementTree.parse(tmp_path / "a.svg").getroot().get("width")) < 12_300


@pytest.mark.parametrize("seconds", [1, 100, 150, 300, 1000, 3600, 30_000])
def test_times_stand_apart(tmp_path, seconds):
    drawn(tmp_path / "a.svg", still(seconds, 1).with_channels({"jawOpen": np.linspace(0, 1, seconds)}))
    texts = [text for text in ElementTree.parse(tmp_path / "a.svg").iter(f"{SVG}text") if (text.text or "").endswith(" s")]
    places = np.array([float(text.get("x")) for text in texts])
    assert len(texts) > 1 and np.diff(places).min() > 7 * max(len(text.text) for text in texts)


def test_a_name_of_signs_that_xml_has_not_is_drawn(tmp_path):
    rig = Rig("other", (Channel("bell\a", unit="weight"),))
    assert drawn(tmp_path / "a.svg", Motion(np.array([[0], [1]]), 25, rig, {"source": "\x1b[2J.wav"}))["weight"].keys() == {"bell?"}


def test_any_rig_is_drawn_and_names_are_text(tmp_path):
    rig = Rig("other", (Channel("<b>", unit="weight"), Channel("neck & chin", kind="head", unit="rad")))
    curves = drawn(tmp_path / "a.svg", Motion(np.array([[0, 0], [1, 1]]), 25, rig))
    assert {part: list(names) for part, names in curves.items()} == {"weight": ["<b>"], "head": ["neck & chin"]}
    assert list(drawn(tmp_path / "b.svg", Motion(np.zeros((2, 2)), 25, rig))) == []
