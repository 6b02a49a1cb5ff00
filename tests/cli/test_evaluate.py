"""`visavox evaluate` from the folder to the report, with a face that sleeps."""

import json

import numpy as np
import pytest
import soundfile

import visavox.animate
import visavox.loading
from visavox.cli import main
from visavox.data.readers.folder import read_folder
from visavox.evaluate.measure_folder import held_against
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.track.motion_of import TRACKED


class Sleeper:
    usual_style = None
    window = 100

    def animate(self, audio, style, seed, sampling):
        return Motion(np.zeros((int(np.ceil(audio.seconds * 25)), len(ARKIT))), 25, ARKIT)


@pytest.fixture
def recordings(tmp_path, monkeypatch):
    """A folder of two recordings, one with phones; the packaged animator replaced by a sleeping one."""
    monkeypatch.setattr(visavox.loading, "load", lambda checkpoint, **how: Sleeper())
    folder = tmp_path / "voices"
    folder.mkdir()
    for name in ("one", "two"):
        soundfile.write(folder / f"{name}.wav", 0.1 * np.random.default_rng(0).normal(size=32000), 16000)
    phones = [[0.0, 0.4, "SIL"], [0.4, 0.6, "AA"], [0.6, 0.7, "B"], [0.7, 1.0, "IY"], [1.0, 2.0, "SIL"]]
    (folder / "phones.jsonl").write_text(json.dumps({"clip": "one", "phones": phones}))
    return folder


def test_it_writes_a_report_and_says_where(recordings, tmp_path, capsys):
    assert main(["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots", "--takes", "2"]) == 0
    assert "report.md" in capsys.readouterr().out
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    titles = [table["title"] for table in report["tables"]]
    assert titles[0] == "Lips on phones, by the channels" and "Takes" in titles
    assert "4 steps" in report["about"]["sampling"]
    assert report["tables"][0]["metrics"]["closure_recall"]["generated"] == 1
    assert report["about"]["recordings"].startswith("2 from voices") and set(report["clips"]) == {"one", "two"}


def test_motion_beside_the_sounds_is_what_the_model_is_held_against(recordings, tmp_path):
    talking = np.abs(np.sin(np.arange(50) / 3))
    face = Motion(np.zeros((50, len(ARKIT))), 25, ARKIT).with_channels({"jawOpen": talking * 0.5, "headYaw": talking * 0.2})
    for name in ("one", "two"):
        write_motion(face, recordings / f"{name}.npz")
    assert main(["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots"]) == 0
    tables = {table["title"]: table for table in json.loads((tmp_path / "report" / "report.json").read_text())["tables"]}
    faces = tables["Tracked faces"]["metrics"]
    assert faces["lve"]["truth"] == 0 and 3 < faces["lve"]["generated"] < 30
    assert faces["gap_correlation"]["truth"] > 0.999 and faces["best_lag"]["truth"] == 0 and faces["beat_alignment"]["truth"] > 0.999
    assert tables["Head and eyes"]["metrics"]["head_speed"]["truth"] > 1


def test_motion_that_visavox_tracked_is_held_against_where_a_face_was_seen(recordings, tmp_path):
    talking = np.abs(np.sin(np.arange(50) / 3))
    lost = Motion(np.zeros((50, len(TRACKED))), 25, TRACKED).with_channels({"jawOpen": talking * (np.arange(50) < 25)})
    for name in ("one", "two"):
        write_motion(lost.with_channels({"confidence": (np.arange(50) < 25) * 0.9}), recordings / f"{name}.npz")
    (clip,) = read_folder(recordings, limit=1)
    held = held_against(clip, Head.default(), print)
    assert held.motion.rig == ARKIT and held.measures.ok.tolist() == [True] * 25 + [False] * 25
    assert main(["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots"]) == 0
    tables = {table["title"]: table for table in json.loads((tmp_path / "report" / "report.json").read_text())["tables"]}
    assert tables["Tracked faces"]["metrics"]["lve"]["truth"] == 0


@pytest.mark.parametrize("names", [["jawOpen"], SHAPES, (*ARKIT.names, "headPlaceX")], ids=["a jaw", "without a head", "more than a face"])
def test_motion_of_another_rig_is_no_truth_where_it_lacks_anything_of_a_face(recordings, tmp_path, capsys, names):
    rig = Rig("mine", tuple(map(Channel, names)))
    for name in ("one", "two"):
        write_motion(Motion(np.zeros((50, len(rig))), 25, rig), recordings / f"{name}.npz")
    assert main(["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots"]) == 0
    titles = [table["title"] for table in json.loads((tmp_path / "report" / "report.json").read_text())["tables"]]
    whole = set(ARKIT.names) <= set(names)
    assert {"Head and eyes", "Lips on phones, by the channels"} < set(titles) and ("Tracked faces" in titles) == whole
    assert ("one is not held against its motion, of rig 'mine', which lacks" in capsys.readouterr().out) != whole


def test_at_most_so_many_clips(recordings, tmp_path):
    assert main(["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots", "--clips", "1"]) == 0
    assert set(json.loads((tmp_path / "report" / "report.json").read_text())["clips"]) == {"one"}


@pytest.mark.parametrize(("folder", "message"), [("nowhere", "is not a folder"), ("empty", "holds no recording")])
def test_folders_without_recordings_are_refused_in_one_line(recordings, tmp_path, capsys, folder, message):
    (tmp_path / "empty").mkdir()
    assert main(["evaluate", str(tmp_path / folder), "-o", str(tmp_path / "report")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and err.count("\n") == 1
    assert not (tmp_path / "report").exists()


class Gaper(Sleeper):
    def animate(self, audio, style, seed, sampling):
        return super().animate(audio, style, seed, sampling).with_channels({"jawOpen": np.full(int(np.ceil(audio.seconds * 25)), 0.5)})


def test_another_checkpoint_stands_beside(recordings, tmp_path, monkeypatch, capsys):
    kinds = {None: Sleeper, "gaping.safetensors": Gaper}
    monkeypatch.setattr(visavox.loading, "load", lambda checkpoint, precision=None: kinds[checkpoint]())
    asked = ["evaluate", str(recordings), "-o", str(tmp_path / "report"), "--no-plots", "--beside"]
    assert main([*asked, "gaping.safetensors"]) == 0
    closed = json.loads((tmp_path / "report" / "report.json").read_text())["tables"][0]["metrics"]["closure_recall"]
    assert closed["generated"] == 1 and closed["beside"] == 0
    page = (tmp_path / "report" / "report.md").read_text()
    assert "beside it: gaping.safetensors" in page and "| generated | beside |" in page
    assert main([*asked, "default", "--rig", "flame", "--head", "h", "--checkpoint", "c"]) == 2
    assert "--beside is not measured on --rig flame" in capsys.readouterr().err
