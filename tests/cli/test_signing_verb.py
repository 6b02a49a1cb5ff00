"""Content credentials from the command line: signed with the user's certificate, said when there is none, left out when asked to."""

import json

import numpy as np
import pytest

import recordings
from certificates import own_certificate
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

c2pa = pytest.importorskip("c2pa")
PROVENANCE = {"generator": "visavox 1.2.3", "seed": 4, "consent": "Anna, written"}
SIGNED = ["--certificate", "chain.pem", "--certificate-key", "key.pem"]
DRAWN = ["render", "face.npz", "-o", "a.mp4", "--size", "64"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, data in zip(("chain.pem", "key.pem"), own_certificate(), strict=True):
        (tmp_path / name).write_bytes(data)
    write_motion(Motion(np.zeros((3, len(ARKIT))), 25, ARKIT), tmp_path / "face.npz", PROVENANCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_drawn_video_is_signed_and_says_what_made_it(folder):
    assert main([*DRAWN, *SIGNED]) == 0
    with c2pa.Reader("a.mp4") as reader:
        said = json.loads(reader.json())
    stated = {each["label"]: each["data"] for each in said["manifests"][said["active_manifest"]]["assertions"]}
    assert stated["org.visavox.provenance"] == PROVENANCE
    assert stated["c2pa.actions.v2"]["actions"][0]["digitalSourceType"].endswith("/trainedAlgorithmicMedia")


def test_without_a_certificate_the_command_says_so(folder, capsys, monkeypatch):
    for variable in ("VISAVOX_CERTIFICATE", "VISAVOX_CERTIFICATE_KEY"):
        monkeypatch.delenv(variable, raising=False)
    assert main(DRAWN) == 0
    assert "a.mp4 says in its metadata that it is generated; it is not signed (C2PA)" in capsys.readouterr().err
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader("a.mp4")


def test_no_provenance_signs_nothing_and_says_what_it_leaves_out(folder, capsys):
    recordings.write_with_libsndfile(folder / "speech.wav", 0.4, 16000)
    model = write_tiny_checkpoint(folder / "tiny.safetensors")
    arguments = ["animate", "speech.wav", "--checkpoint", str(model), "--steps", "2", "-o", "a.mp4", "--size", "64", *SIGNED]
    assert main([*arguments, "--no-provenance"]) == 0
    assert "--no-provenance leaves out generator, seed, source" in capsys.readouterr().err
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader("a.mp4")
    assert main(arguments) == 0
    with c2pa.Reader("a.mp4") as reader:
        assert '"source": "speech.wav"' in reader.json()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--certificate", "chain.pem"], "--certificate-key is missing"),
        (["--certificate", "key.pem", "--certificate-key", "chain.pem"], "key.pem holds no certificate chain"),
        (["--certificate", "none.pem", "--certificate-key", "key.pem"], "none.pem cannot be read"),
    ],
)
def test_a_bad_certificate_is_found_before_anything_is_drawn(folder, capsys, options, said):
    assert main([*DRAWN, *options]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and not (folder / "a.mp4").exists()
