"""The model file: only the known networks are run, and a download leaves the right file or none."""

import hashlib
import io
import threading
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared_data import shared_model
from visavox.errors import FileError
from visavox.track import model_file
from visavox.track.model_file import NETWORKS, download, read_networks


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged or of another kind"),
        (b"PK\x03\x04 and no more", "damaged or of another kind"),
        ({"readme": b"hello"}, "damaged or of another kind"),
        (dict.fromkeys(NETWORKS, b"TFL3 of a stranger"), "another face_detector.tflite than the known one"),
        (dict.fromkeys(NETWORKS, bytes(9 << 20)), "are read at most"),
        (dict.fromkeys([*NETWORKS, "more"], bytes(64 << 20)), "unpacks to"),
    ],
)
def test_another_file_is_refused_before_anything_runs(tmp_path, content, said):
    path = tmp_path / "model.task"
    path.write_bytes(content if isinstance(content, bytes) else archive(**content))
    with pytest.raises(FileError, match=said) as refused:
        read_networks(path)
    assert str(path) in str(refused.value)


def test_a_damaged_model_is_refused(tmp_path):
    content = bytearray(shared_model("face_landmarker.task").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model.task").write_bytes(content)
    with pytest.raises(FileError, match="model.task"):
        read_networks(tmp_path / "model.task")


def test_a_missing_one_is_named(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        read_networks(tmp_path / "model.task")


@pytest.fixture
def served():
    """Serves `answer["body"]` on an address of this machine."""
    answer = {"body": b"", "asked": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer["asked"] += 1
            self.send_response(200)
            self.end_headers()
            with suppress(ConnectionError):  # who asked has seen enough
                self.wfile.write(answer["body"])

        def log_message(self, *said):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    answer["address"] = f"http://127.0.0.1:{server.server_port}/{model_file.NAME}"
    yield answer
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_download_is_checked_kept_and_not_repeated(tmp_path, served, monkeypatch):
    served["body"] = b"networks" * 1000
    monkeypatch.setattr(model_file, "SHA256", hashlib.sha256(served["body"]).hexdigest())
    monkeypatch.setattr(model_file, "BYTES", len(served["body"]))
    path = tmp_path / "models" / "face.task"
    assert download(path, served["address"]) == 8000
    assert path.read_bytes() == served["body"]
    assert download(path, served["address"]) == 0 and served["asked"] == 1


@pytest.mark.parametrize("body", [b"<html>not found</html>", b"x" * (8 << 20)])
def test_a_wrong_answer_leaves_nothing(tmp_path, served, body):
    served["body"] = body
    with pytest.raises(FileError, match="something else than the known model"):
        download(tmp_path / "face.task", served["address"])
    assert not list(tmp_path.iterdir())


def test_no_answer_is_said_with_the_way_out(tmp_path, served):
    with pytest.raises(FileError, match="cannot be fetched .*--model"):
        download(tmp_path / "face.task", "http://127.0.0.1:9/none")
    with pytest.raises(FileError, match="cannot be fetched"):
        download(tmp_path / "face.task", "nowhere")
    assert not list(tmp_path.iterdir())
