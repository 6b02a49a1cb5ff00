"""Examples for the denoiser: a person's pieces, and what the model itself makes of other voices in other styles."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox.adapt.person import Piece
from visavox.audio import Audio
from visavox.calibration import Calibration
from visavox.checkpoint import Checkpoint
from visavox.data.material.encoded_recordings import in_copies
from visavox.errors import OptionError
from visavox.io.assets import built_in_style, demo_recording, style_names
from visavox.io.audio import read_audio
from visavox.io.kept import arrays_digest, keep
from visavox.loading import animator_of
from visavox.models.face_model import FaceModel
from visavox.models.log_mel import mel_power
from visavox.models.precision import FLOAT32
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.statistics import Statistics
from visavox.models.weights_digest import weights_digest
from visavox.style import Style
from visavox.train.tasks.adaptation import Examples
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

COPIES_SEED = 4
FURTHEST = 6.0  # deviations of the model's own training, beyond which a tracked value is taken for a slip
STYLES_OF_A_SOUND = 2
MOST_REPLAYED = 180.0  # seconds of sound
PIECE = 12.0  # seconds into which longer sounds are cut


def person_examples(pieces: Sequence[Piece], style: Style, model: FaceModel, path: Path) -> Examples:
    """The pieces of a person as examples in `style`, each encoded as it is and through other throats; kept at `path`."""
    statistics = model.normalizer.arrays()
    motions = [_as_learned(piece.motion.values, statistics) for piece in pieces]
    return _kept([piece.audio for piece in pieces], motions, [piece.ok for piece in pieces], [style.vector] * len(pieces), model, path)


def replay_examples(start: Checkpoint, sounds: Sequence[Audio], model: FaceModel, path: Path) -> Examples | None:
    """What `start` makes of `sounds` in the styles that it speaks, in turn, without gestures and calibration, as its network gives it; None
    where it speaks no style."""
    styles = styles_of(start)
    if not styles:
        return None
    animator = animator_of(replace(start, calibration=Calibration()), "replay", gestures=(), precision=FLOAT32)
    chosen = [styles[number % len(styles)] for number in range(len(sounds) * STYLES_OF_A_SOUND)]
    repeated = [sound for sound in sounds for _ in range(STYLES_OF_A_SOUND)]
    motions = [
        animator.animate(sound, style, seed=number).values for number, (sound, style) in enumerate(zip(repeated, chosen, strict=True))
    ]
    everything = [np.ones(len(motion), bool) for motion in motions]
    return _kept(repeated, motions, everything, [style.vector for style in chosen], model, path)


def styles_of(start: Checkpoint) -> list[Style]:
    """The built-in styles that `start` speaks, else its usual one."""
    found = []
    for name in style_names():
        style = built_in_style(name)
        try:
            style.check_encoder(start.style_encoder, *start.speaks)
        except OptionError:
            continue
        found.append(style)
    return found or ([] if start.usual_style is None else [start.usual_style])


def sounds_to_replay(pieces: Sequence[Piece], others: Sequence[Audio]) -> list[Audio]:
    """Sounds of whole frames, up to MOST_REPLAYED seconds: `others`, the packaged recording, and the person's own."""
    found, left = [], MOST_REPLAYED
    for sound in (*others, read_audio(demo_recording()), *(piece.audio for piece in pieces)):
        sound = sound.resample(SAMPLE_RATE)
        for start in np.arange(0, sound.seconds - 1, PIECE):
            part = sound.between(float(start), min(float(start) + PIECE, sound.seconds))
            frames = part.samples.size // SAMPLES_PER_FRAME
            if frames >= FPS and left > 0:
                found.append(Audio(part.samples[: frames * SAMPLES_PER_FRAME], SAMPLE_RATE))
                left -= part.seconds
    return found


def _as_learned(values: np.ndarray, statistics: Statistics) -> np.ndarray:
    """Values (T, C) without channels that the model never moved and without slips of the tracker."""
    normal = (statistics.normalise(values) * statistics.moving()).clip(-FURTHEST, FURTHEST)
    return statistics.restore(normal).astype(np.float32)


def _kept(sounds, motions, ok, styles, model: FaceModel, path: Path) -> Examples:
    """The examples of recordings; features are made once and kept at `path`."""
    lengths = [min(len(motion), sound.samples.size // SAMPLES_PER_FRAME) for motion, sound in zip(motions, sounds, strict=True)]
    arrays = {
        "motion": np.concatenate([motion[:frames] for motion, frames in zip(motions, lengths, strict=True)]).astype(np.float32),
        "ok": np.concatenate([each[:frames] for each, frames in zip(ok, lengths, strict=True)]),
        "length": np.array(lengths, np.int32),
        "style": np.stack(styles).astype(np.float32),
    }

    def make(part: Path) -> None:
        random, encoded = np.random.default_rng(COPIES_SEED), []
        for sound, frames in zip(sounds, lengths, strict=True):
            mel = mel_power(sound.samples[: frames * SAMPLES_PER_FRAME], FEATURES_PER_FRAME * frames)
            encoded.append(in_copies(mel, model.audio_encoder, random).transpose(1, 0, 2).astype(np.float16))
        np.savez(part, features=np.concatenate(encoded))

    sounds_by_name = {f"sound {number}": sound.samples for number, sound in enumerate(sounds)}
    made_of = {"sounds": arrays_digest(sounds_by_name), "encoder": weights_digest(model.audio_encoder)}
    with np.load(keep(path, made_of, make), allow_pickle=False) as stored:
        return Examples(features=stored["features"], **arrays)
