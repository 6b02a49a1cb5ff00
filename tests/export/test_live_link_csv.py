"""Live Link Face CSV, cell by cell against a golden file, and its timecode rule."""

import math
from pathlib import Path

import numpy as np
import pytest

from visavox.errors import RigError
from visavox.export.accompaniment import Accompaniment
from visavox.export.live_link_csv import timecode, write_live_link_csv
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT

GOLDEN = Path(__file__).with_name("live_link.csv")
TURNS = {"headYaw": 0.25, "headPitch": 0.5, "headRoll": 0.125}
SPEAKS = {"jawOpen": 0.5, "jawLeft": 0.25, "mouthRight": 0.125, "tongueOut": 1, **TURNS}
LOOKS = {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5, "eyeLookUpLeft": 0.25, "eyeLookDownRight": 0.5}


def golden_motion(rig: Rig = ARKIT) -> Motion:
    motion = Motion(np.zeros((3, len(rig))), 25, rig)
    for frame, weights in ((1, SPEAKS), (2, LOOKS)):
        motion.values[frame, rig.indices(weights)] = list(weights.values())
    return motion


def cells(path: Path) -> list[dict[str, str]]:
    header, *rows = (line.split(",") for line in path.read_text().splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_file_is_the_golden_file(tmp_path):
    write_live_link_csv(golden_motion(), tmp_path / "a.csv", Accompaniment())
    assert (tmp_path / "a.csv").read_bytes() == GOLDEN.read_bytes()


def test_channels_are_found_by_name_whatever_their_order(tmp_path):
    write_live_link_csv(golden_motion(), tmp_path / "a.csv", Accompaniment())
    write_live_link_csv(golden_motion(Rig("turned", ARKIT.channels[::-1])), tmp_path / "b.csv", Accompaniment())
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_degrees_change_the_rotations_alone(tmp_path):
    write_live_link_csv(golden_motion(), tmp_path / "a.csv", Accompaniment())
    write_live_link_csv(golden_motion(), tmp_path / "b.csv", Accompaniment(degrees=True))
    for radians, degrees in zip(cells(tmp_path / "a.csv"), cells(tmp_path / "b.csv"), strict=True):
        for name, cell in radians.items():
            if name.endswith(("Yaw", "Pitch", "Roll")):
                assert float(degrees[name]) == pytest.approx(math.degrees(float(cell)), abs=1e-7)
            else:
                assert degrees[name] == cell


def test_shapes_that_the_rig_lacks_are_zero_and_a_rig_without_any_is_refused(tmp_path):
    jaw = Rig("jaw", (Channel("jawOpen"),))
    write_live_link_csv(Motion(np.ones((2, 1)), 60, jaw), tmp_path / "a.csv", Accompaniment())
    row = cells(tmp_path / "a.csv")[1]
    assert row.pop("JawOpen") == "1.0000000000"
    assert (row.pop("Timecode"), row.pop("BlendshapeCount")) == ("00:00:00:01.000", "61")
    assert set(row.values()) == {"0.0000000000"}
    trunk = Rig("trunk", (Channel("trunk"),))
    with pytest.raises(RigError, match="Live Link Face file .*'trunk' has none of the 52 .eyeBlinkLeft.*tongueOut"):
        write_live_link_csv(Motion(np.ones((2, 1)), 60, trunk), tmp_path / "b.csv", Accompaniment())
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.parametrize(
    ("frame", "fps", "expected"),
    [
        (0, 25, "00:00:00:00.000"),
        (1, 60, "00:00:00:01.000"),
        (59, 60, "00:00:00:59.000"),
        (60, 60, "00:00:01:00.000"),
        (1, 24, "00:00:00:02.500"),
        (1, 30000 / 1001, "00:00:00:02.002"),
        (29, 29.97, "00:00:00:58.058"),
        (90_000, 25, "01:00:00:00.000"),
        (91_523, 25, "01:01:00:55.200"),
        (1, 7, "00:00:00:08.571"),
        (86_400 * 25, 25, "00:00:00:00.000"),
        (59_999_999, 1_000_000, "00:01:00:00.000"),  # rounding carries
    ],
)
def test_timecode(frame, fps, expected):
    assert timecode(frame, fps) == expected
