"""Recordings as a trained audio encoder encodes them, kept so that the denoiser's training need not ask it again."""

from pathlib import Path

import numpy as np

from visavox.data.lips.filmed_lips import TRUST, VOWEL_FLOOR, FilmedLips
from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.synthetic_recordings import manners
from visavox.io.kept import file_digest, keep
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest

COPIES = 3  # how often each recording is encoded: once as it is, then through other throats, rooms and noise
ENCODED_SEED = 8


def encode_recordings(path: Path, folder: Path, encoder: AudioEncoder, lips: FilmedLips | None) -> Path:
    """The file in `folder` of the recordings of `path` as `encoder` encodes them in COPIES; made once.

    `lips` corrects the motion of the rule-based animator; None for recordings whose lips were filmed.
    """
    made_of = {"recordings": file_digest(path), "name": path.stem, "encoder": weights_digest(encoder), "copies": COPIES}
    made_of["lips"] = "as recorded" if lips is None else f"{lips.digest}, trust {TRUST}, vowel floor {VOWEL_FLOOR}"
    seed = [ENCODED_SEED, *path.stem.encode()]
    return keep(folder / path.name, made_of, lambda part: _encode(RecordingSet([path]), encoder, lips, np.random.default_rng(seed), part))


def _encode(data: RecordingSet, encoder: AudioEncoder, lips: FilmedLips | None, random: np.random.Generator, part: Path) -> None:
    encoded, motion = [], data.motion.astype(np.float32)
    for start, length, style in zip(data.start, data.length, data.style, strict=True):
        frames = slice(start, start + length)
        mel = data.mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * (start + length)].astype(np.float32)
        copies = [normalise(mel), *(normalise(copy) for copy in augment(np.repeat(mel[None], COPIES - 1, 0), random))]
        features = encoder.eval().listen(np.stack(copies))
        encoded.append(features.transpose(1, 0, 2).astype(np.float16))
        if lips is not None:
            phones = data.phones[2 * start : 2 * (start + length)]
            motion[frames] = lips.open(motion[frames], features[0], phones, manners()[int(style)])
    np.savez(part, features=np.concatenate(encoded), motion=motion.astype(np.float16), style=data.style, length=data.length)
