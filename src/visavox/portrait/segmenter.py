"""What of a photo is the person: MediaPipe's selfie segmenter, a network of 0.25 MB that the user brings; known by its checksum."""

import hashlib
from pathlib import Path

import numpy as np

from visavox.easing import smooth_step
from visavox.errors import FileError
from visavox.io.documents import read_bytes
from visavox.portrait.crop import resized

SHA256 = "191ac9529ae506ee0beefa6b2c945a172dab9d07d1e802a290a4e4038226658b"
SEEN = 256  # pixels along a side of what the network sees
LARGEST = 8 << 20  # bytes
ADVICE = "give MediaPipe's selfie_segmenter.tflite (float16, 256 x 256, Apache-2.0)"
UNSURE, SURE = 0.25, 0.85  # what it says between which the edge of the person lies


def person_in(photo: np.ndarray, path: str | Path) -> np.ndarray:
    """The alpha (H, W) uint8 of the person in a photo (H, W, 3), by the network in the file `path`; a FileError for any other file.

    A network is a program for its runtime, so only the known one is run.
    """
    content = read_bytes(path, ADVICE, LARGEST)
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise FileError(f"{path} is not the segmenter that is known; {ADVICE}")
    from visavox.track.networks import Network

    answers = Network(content)(resized(photo, (SEEN, SEEN)).astype(np.float32) / 255)
    person = np.clip(next(iter(answers.values())).reshape(SEEN, SEEN, 1), 0, 1)
    large = resized(np.uint8(np.rint(255 * person)), photo.shape[:2])[..., 0].astype(np.float32) / 255
    return np.uint8(np.rint(255 * smooth_step((large - UNSURE) / (SURE - UNSURE))))
