"""`visavox evaluate` from the folder to the report, with a face that sleeps."""

import json

import numpy as np
import pytest
import soundfile

import visavox.animate
import visavox.loading
from visavox.cli import main
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT


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
