"""The landmark model: a zip of three small networks, known by their checksums, given by hand or downloaded once."""

import hashlib
import urllib.request
from http.client import HTTPException
from pathlib import Path

from visavox.errors import FileError
from visavox.io.archives import member_bytes, opened_archive
from visavox.io.atomic import replacing

NAME = "face_landmarker.task"
ADDRESS = "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/face_landmarker.task"
SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
BYTES = 3_758_596
LICENCE = "MediaPipe Face Landmarker, (c) Google, Apache-2.0"
# A network is a program for the runtime that runs it, and a damaged one can end the process: only what is known is run.
NETWORKS = {
    "face_detector.tflite": "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
    "face_landmarks_detector.tflite": "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
    "face_blendshapes.tflite": "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
}
LARGEST = 8 << 20  # bytes of a network
PATIENCE = 30  # seconds without an answer
ADVICE = f"give MediaPipe's {NAME} (float16, version 1), or fetch it with: visavox track --download"


def read_networks(path: str | Path) -> list[bytes]:
    """The three networks in the model file at `path`: detector, landmarks, blend shapes. A FileError for any other file."""
    with opened_archive(path, ADVICE, 4 * LARGEST) as archive:
        found = [bytes(member_bytes(archive, name, LARGEST)) for name in NETWORKS]
    for content, (name, known) in zip(found, NETWORKS.items(), strict=True):
        if hashlib.sha256(content).hexdigest() != known:
            raise FileError(f"{path} holds another {name} than the known one; {ADVICE}")
    return found


def download(path: Path, address: str = ADDRESS) -> int:
    """The bytes of the model fetched from `address` to `path`, once its checksum agrees; 0 when the right file lies there already."""
    if path.is_file() and path.stat().st_size == BYTES and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256:
        return 0
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            content = answer.read(BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        reason = " ".join(str(getattr(error, "reason", error)).split())
        raise FileError(f"{address} cannot be fetched ({reason}); fetch it by other means and name the file with --model") from None
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise FileError(f"{address} answers with something else than the known model; nothing is kept: try again later, or give --model")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"the folder {path.parent} cannot be made ({error.strerror}); put the file elsewhere and give --model") from None
    with replacing(path) as part:
        part.write_bytes(content)
    return len(content)
