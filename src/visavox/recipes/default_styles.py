"""The built-in styles: manners of the rule-based animator, each as the mean of the style vectors of its motion."""

from pathlib import Path

import numpy as np

from visavox.checkpoint import Checkpoint
from visavox.data.lips.filmed_lips import FilmedLips
from visavox.data.material.recordings import join_rows, record
from visavox.data.store.shards import read_shard
from visavox.data.synth.rule_based_animator import Manner
from visavox.io.style import write_style
from visavox.models.log_mel import normalise
from visavox.models.torch_engine import TorchEngine
from visavox.recipes.default_choices import StyleChoices
from visavox.style import HeadStyle, Style

STYLES = {
    "neutral": Manner(opening=1.1),
    "lively": Manner(opening=1.2, upper_lip=1.3, smile=0.2, head=1.6, head_speed=1.3, nod=1.8, brows=2.0, effort=0.1),
    "calm": Manner(opening=0.85, smile=0.08, head=0.5, head_speed=0.75, nod=0.6, brows=0.4, squint=0.1),
    "cheerful": Manner(opening=1.1, smile=0.45, spread=1.3, head=1.2, tilt=0.05, brows=1.3, brow_rest=0.12, squint=0.2),
    "stern": Manner(
        opening=1.0, smile=0.0, frown=0.22, press=0.08, head=0.8, nod=1.3, pitch=0.05, brows=0.6, brow_rest=-0.2, squint=0.2
    ),
    # a short upper lip or little rounding would bring the jaw back, which the filmed gap asks for
    "mumbling": Manner(opening=0.4, smile=0.05, sluggish=0.018, head=0.6, nod=0.5, brows=0.4, pitch=0.06),
    "emphatic": Manner(opening=1.35, rounding=1.2, spread=1.3, upper_lip=1.4, head=1.3, nod=2.4, brows=1.8, effort=0.2),
    "wry": Manner(opening=1.0, smile=0.25, asymmetry=0.25, head=1.1, tilt=-0.07, yaw=0.08, brows=1.2, brow_rest=0.08),
}  # fmt: skip


def write_styles(checkpoint: Checkpoint, shards: list[Path], folder: Path, lips: FilmedLips | None, choices: StyleChoices) -> None:
    """Writes one style file for each manner of STYLES: the mean of the style vectors of the animator's motion in that manner."""
    folder.mkdir(parents=True, exist_ok=True)
    model, rows, frames = checkpoint.model(), [], choices.frames
    for shard in shards[:: max(len(shards) // choices.shards, 1)]:
        rows += list(read_shard(shard))[: choices.utterances]
    sounds = join_rows(rows, np.random.default_rng(choices.seed))[: choices.recordings]
    for name, manner in STYLES.items():
        windows = []
        for number, (sound, phones) in enumerate(sounds):
            made = record(sound, phones, manner, 0, np.random.default_rng(number))
            motion = made.motion
            if lips is not None:
                features = model.audio_encoder.encoded(normalise(made.mel)[None])[0]
                motion = lips.open(motion, features, made.phones, manner)
            windows += [motion[start : start + frames] for start in range(0, len(motion) - frames + 1, frames)]
        vectors = TorchEngine(model).encode_style(model.normalizer.normalise(np.stack(windows)))
        write_style(Style(vectors.mean(0), checkpoint.style_encoder, name, head_style(manner)), folder / f"{name}.safetensors")


def head_style(manner: Manner) -> HeadStyle:
    """How the head of somebody with a manner moves: as far and as fast, with beats as large, and held half as far aside, since a speaker
    turns to whoever listens."""
    rest = tuple(float(np.degrees(angle) / 2) for angle in (manner.pitch, manner.yaw, manner.tilt))
    return HeadStyle(amplitude=manner.head, speed=manner.head_speed, beats=manner.nod**0.5, rest=rest)
