"""Recordings as a trained audio encoder encodes them, kept so that the denoiser's training need not ask it again."""

from pathlib import Path

import numpy as np

from visavox.data.lips.filmed_lips import TRUST, VOWEL_FLOOR, FilmedLips
from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.synthetic_recordings import manners
from visavox.data.store.motion_clips import MotionClips
from visavox.io.kept import file_digest, keep, text_digest
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest

COPIES = 3  # how often each recording is encoded: once as it is, then through other throats, rooms and noise
ENCODED_SEED = 8
STRETCH = 300  # frames, about, into which a long clip of a store is cut: 12 s, as recordings are


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
        features = in_copies(mel, encoder, random)
        encoded.append(features.transpose(1, 0, 2).astype(np.float16))
        if lips is not None:
            phones = data.phones[2 * start : 2 * (start + length)]
            motion[frames] = lips.open(motion[frames], features[0], phones, manners()[int(style)])
    np.savez(part, features=np.concatenate(encoded), motion=motion.astype(np.float16), style=data.style, length=data.length)


def in_copies(mel: np.ndarray, encoder: AudioEncoder, random: np.random.Generator) -> np.ndarray:
    """The features (COPIES, T, D) of log power (4 T, 80), first as it is, then augmented."""
    copies = [normalise(mel), *(normalise(copy) for copy in augment(np.repeat(mel[None], COPIES - 1, 0), random))]
    return encoder.eval().encoded(np.stack(copies))


def encode_motion_clips(clips: MotionClips, path: Path, encoder: AudioEncoder) -> Path:
    """The file `path` of clips of a store as `encoder` encodes them in COPIES, with their motion in stretches of about STRETCH frames; made
    once. The style of a stretch is the number of its speaker, in the order of names."""

    def make(part: Path) -> None:
        random, speakers = np.random.default_rng(ENCODED_SEED), clips.speakers
        columns: dict[str, list] = {"features": [], "motion": [], "style": [], "length": []}
        for clip in clips.clips:
            sound, motion = clip.cut(0, clip.frames)
            features = in_copies(mel_power(sound, FEATURES_PER_FRAME * clip.frames), encoder, random)
            columns["features"].append(features.transpose(1, 0, 2).astype(np.float16))
            columns["motion"].append(motion.astype(np.float16))
            lengths = [len(each) for each in np.array_split(motion, max(clip.frames // STRETCH, 1))]
            columns["length"] += lengths
            columns["style"] += [speakers.index(clip.speaker)] * len(lengths)
        numbers = {name: np.array(columns.pop(name), np.int32) for name in ("style", "length")}
        np.savez(part, **{name: np.concatenate(rows) for name, rows in columns.items()}, **numbers)

    speakers = text_digest([(clip.name, clip.speaker) for clip in clips.clips])
    made_of = {"clips": clips.fingerprint, "speakers": speakers, "encoder": weights_digest(encoder), "copies": COPIES, "stretch": STRETCH}
    return keep(path, made_of, make)
