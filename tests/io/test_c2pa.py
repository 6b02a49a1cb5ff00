"""Content credentials: a video signed with a certificate made here, read back with the standard's own reader."""

import json

import numpy as np
import pytest

from certificates import own_certificate
from visavox.errors import DependencyError, FileError, OptionError
from visavox.io.c2pa import Certificate, read_certificate, sign

PROVENANCE = {
    "generator": "visavox 1.2.3", "seed": 7, "source": "voice.wav", "consent": "my own voice",
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
}  # fmt: skip


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return Certificate(*own_certificate())


@pytest.fixture
def video(tmp_path):
    import av

    path = tmp_path / "face.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def test_a_signed_video_says_that_it_is_generated(video, certificate):
    c2pa = pytest.importorskip("c2pa")
    sign(video, PROVENANCE, certificate)
    with c2pa.Reader(str(video)) as reader:
        said = json.loads(reader.json())
    active = said["manifests"][said["active_manifest"]]
    assertions = {assertion["label"]: assertion["data"] for assertion in active["assertions"]}
    (action,) = assertions["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created" and action["digitalSourceType"] == PROVENANCE["digital_source_type"]
    assert assertions["org.visavox.provenance"] == PROVENANCE and active["title"] == "face.mp4"
    assert {status["code"] for status in said.get("validation_status", [])} <= {"signingCredential.untrusted"}


def test_a_changed_video_is_found_out(video, certificate):
    c2pa = pytest.importorskip("c2pa")
    sign(video, PROVENANCE, certificate)
    data = bytearray(video.read_bytes())
    place = data.find(b"mdat") + 20
    data[place] ^= 0xFF
    video.write_bytes(data)
    with c2pa.Reader(str(video)) as reader:
        codes = {status["code"] for status in json.loads(reader.json())["validation_status"]}
    assert any("mismatch" in code for code in codes)


def test_what_cannot_sign_leaves_the_video_as_it_was(video, certificate):
    pytest.importorskip("c2pa")
    before = video.read_bytes()
    with pytest.raises(OptionError, match="cannot sign"):
        sign(video, PROVENANCE, Certificate(certificate.chain, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
    assert video.read_bytes() == before and len(list(video.parent.iterdir())) == 1


def test_files_of_a_certificate_are_checked(tmp_path, certificate):
    pytest.importorskip("c2pa")
    (tmp_path / "chain.pem").write_bytes(certificate.chain)
    (tmp_path / "key.der").write_bytes(b"\x30\x82")
    with pytest.raises(FileError, match="key.der is not PEM"):
        read_certificate(tmp_path / "chain.pem", tmp_path / "key.der")
    with pytest.raises(FileError, match="none.pem cannot be read"):
        read_certificate(tmp_path / "none.pem", tmp_path / "key.der")
    (tmp_path / "key.pem").write_bytes(certificate.key)
    assert read_certificate(tmp_path / "chain.pem", tmp_path / "key.pem") == certificate
    with pytest.raises(FileError, match="key.pem holds no certificate chain.*--certificate-key"):
        read_certificate(tmp_path / "key.pem", tmp_path / "chain.pem")
    with pytest.raises(OptionError, match="rot13.*es256"):
        read_certificate(tmp_path / "chain.pem", tmp_path / "key.der", "rot13")


def test_without_the_library_the_error_names_the_extra(video, certificate, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "c2pa", None)
    with pytest.raises(DependencyError, match=r"visavox\[provenance\]"):
        sign(video, PROVENANCE, certificate)
    with pytest.raises(DependencyError, match=r"visavox\[provenance\]"):
        read_certificate("chain.pem", "key.pem")  # before anything long begins
