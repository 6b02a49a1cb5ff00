"""The .vmd of a motion, read by the layout that MikuMikuDance reads."""

import struct

import numpy as np
import pytest

from visavox.errors import RigError
from visavox.export import export
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT


def read(path) -> tuple[dict, dict]:
    """The bones and the morphs of a file: {name: {frame: its numbers}}."""
    data = path.read_bytes()
    assert data[:30].rstrip(b"\0") == b"Vocaloid Motion Data 0002" and data[30:50].rstrip(b"\0") == b"Visavox"
    place, found = 50, ({}, {})
    for kept, layout in zip(found, ("<15sI3f4f64B", "<15sIf"), strict=True):
        (count,) = struct.unpack_from("<I", data, place)
        place += 4
        for _ in range(count):
            name, frame, *numbers = struct.unpack_from(layout, data, place)
            kept.setdefault(name.rstrip(b"\0").decode("shift_jis"), {})[frame] = numbers
            place += struct.calcsize(layout)
    assert data[place:] == bytes(12)
    return found


def written(tmp_path, fps: float = 30, **channels) -> tuple[dict, dict]:
    """What is read of a motion of these channels, each a number or a list."""
    frames = max(np.size(values) for values in channels.values())
    motion = Motion(np.zeros((frames, len(ARKIT))), fps, ARKIT).with_channels({name: np.array(v) for name, v in channels.items()})
    export(motion, tmp_path / "face.vmd")
    return read(tmp_path / "face.vmd")


def test_a_head_turns_in_left_handed_axes(tmp_path):
    bones, _ = written(tmp_path, headYaw=[0.0, 0.4], headPitch=[0.0, 0.0])
    assert bones["頭"][0][3:7] == [0, 0, 0, 1]
    assert np.allclose(bones["頭"][1][3:7], [0, -np.sin(0.2), 0, np.cos(0.2)], atol=1e-6)
    assert list(bones["頭"][1][7:23]) == [20] * 8 + [107] * 8


def test_a_nod_and_a_gaze_to_the_left_go_the_same_way_as_ours(tmp_path):
    bones, _ = written(tmp_path, headPitch=[0.2], eyeLookOutLeft=[0.5], eyeLookInRight=[0.5])
    assert bones["頭"][0][3] < 0 and abs(bones["頭"][0][4]) < 1e-6  # down: about -X where Z is mirrored
    assert bones["両目"][0][4] < 0 and abs(bones["両目"][0][3]) < 1e-6


def test_lids_that_shut_together_blink_and_one_that_shuts_further_winks(tmp_path):
    _, morphs = written(tmp_path, eyeBlinkLeft=[0.25, 1.0], eyeBlinkRight=[0.25, 0.5])
    assert morphs["まばたき"] == {0: [0.25], 1: [0.5]} and morphs["ウィンク２"] == {0: [0.0], 1: [0.5]}
    assert "ｳｨﾝｸ２右" not in morphs


def test_an_open_mouth_is_a_vowel_and_a_pout_another(tmp_path):
    _, morphs = written(tmp_path, jawOpen=[0.5, 0.1], mouthPucker=[0.0, 0.7])
    weights = {name: [keys.get(frame, [0.0])[0] for frame in (0, 1)] for name, keys in morphs.items()}
    assert weights["あ"][0] > 0.5 and weights["う"][1] > 0.5
    assert weights["あ"][0] > 3 * weights["う"][0] and weights["う"][1] > 3 * weights["あ"][1]


def test_the_rate_is_30_and_a_curve_that_stays_has_two_keys(tmp_path):
    _, morphs = written(tmp_path, fps=60, eyeBlinkLeft=[1.0] * 120, eyeBlinkRight=[1.0] * 120)
    assert morphs["まばたき"] == {0: [1.0], 59: [1.0]}


def test_a_rig_without_a_mouth_is_refused(tmp_path):
    with pytest.raises(RigError, match="lacks mouthClose"):
        export(Motion(np.zeros((2, 1)), 25, Rig("jaw", (Channel("jawOpen"),))), tmp_path / "face.vmd")
