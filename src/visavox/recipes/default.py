"""The recipe of the default checkpoint: synthetic corpus, hearing, styling, denoising, built-in styles."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from visavox.checkpoint import Checkpoint, save
from visavox.data.clip import Clip
from visavox.data.prepare import fit_real_lips, prepare, prepare_tracked
from visavox.data.recordings import RecordingSet, join_rows, record
from visavox.data.shards import read_shard
from visavox.data.store import open_store
from visavox.data.synth.corpus import build as build_corpus
from visavox.data.synth.corpus import plan
from visavox.data.synth.teacher import Manner
from visavox.diffusion.schedule import cosine_schedule
from visavox.io.style import write_style
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.face_config import small_config
from visavox.models.face_model import FaceModel
from visavox.rigs.arkit import ARKIT
from visavox.rigs.head import Head
from visavox.style import Style
from visavox.train.denoising import DenoisingConfig, DenoisingTask, LipGeometry
from visavox.train.hearing import Hearing, HearingTask
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.styling import StylingTask

LICENCE = "Apache-2.0; trained on synthetic speech and on GRID speaker s1 (CC BY 4.0), see the model card"

STYLES = {
    "neutral": Manner(),
    "lively": Manner(opening=1.3, upper_lip=1.3, smile=0.2, head=1.9, head_speed=1.3, nod=1.8, brows=2.0, effort=0.1),
    "calm": Manner(opening=0.85, smile=0.08, head=0.5, head_speed=0.75, nod=0.6, brows=0.4, squint=0.1),
    "cheerful": Manner(opening=1.1, smile=0.45, spread=1.3, head=1.2, tilt=0.05, brows=1.3, brow_rest=0.12, squint=0.2),
    "stern": Manner(opening=0.95, smile=0.0, frown=0.22, press=0.08, head=0.8, nod=1.3, pitch=0.05, brows=0.6, brow_rest=-0.2, squint=0.2),
    "mumbling": Manner(
        opening=0.62, rounding=0.85, spread=0.7, upper_lip=0.6, smile=0.0, sluggish=0.018, head=0.6, nod=0.5, brows=0.4, pitch=0.06,
    ),
    "emphatic": Manner(opening=1.45, rounding=1.2, spread=1.3, upper_lip=1.4, head=1.5, nod=2.4, brows=1.8, effort=0.2),
    "wry": Manner(opening=0.95, smile=0.25, asymmetry=0.25, head=1.1, tilt=-0.07, yaw=0.08, brows=1.2, brow_rest=0.08),
}  # fmt: skip


@dataclass(frozen=True)
class DefaultRecipe:
    """Every number of the default checkpoint."""

    hours: float = 36.0
    corpus_seed: int = 1
    negative_files: int = 6
    hearing: LoopConfig = LoopConfig(steps=9000, learning_rate=1.5e-3, warm_up=150)
    styling: LoopConfig = LoopConfig(steps=240, learning_rate=6e-4, warm_up=100, seed=1)
    denoising: LoopConfig = LoopConfig(steps=9000, learning_rate=8e-4, warm_up=200, seed=2)
    task: DenoisingConfig = field(default_factory=DenoisingConfig)


def build(folder: Path, recipe: DefaultRecipe, head: Head, tracked: list[Clip], processes: int, report=print) -> Path:
    """The path of a checkpoint made from nothing in `folder`, with its built-in styles in `folder`/styles; every step resumes.

    `tracked` are real clips with phones and lip measures, or none. Needs Debian's flite, festival with voices, and espeak-ng.
    """
    corpus = folder / "corpus"
    summary = build_corpus(corpus, plan(recipe.hours, recipe.corpus_seed), processes, report)
    shards = open_store(corpus).shards
    lips = fit_real_lips(tracked, head) if tracked else None
    paths = prepare(shards, folder / "recordings", recipe.negative_files, processes, lips, report)
    if tracked:
        paths.append(prepare_tracked(tracked, head, folder / "recordings" / "tracked.npz"))
    model = learn(folder, recipe, head, RecordingSet(paths))
    checkpoint = Checkpoint.of(model, recipe_json(recipe, summary["hours"]), fingerprint(paths), LICENCE)
    path = folder / "default.safetensors"
    save(checkpoint, path)
    write_styles(checkpoint, shards, folder / "styles")
    return path


def training_part(clips: list[Clip]) -> list[Clip]:
    """The tracked clips that training may see: nine in ten by name, with phones and a face in at least 90 % of their frames."""
    seen = [clip for number, clip in enumerate(sorted(clips, key=lambda clip: clip.name)) if number % 10]
    return [clip for clip in seen if clip.phones and np.mean(clip.measures.ok) > 0.9]


def learn(folder: Path, recipe: DefaultRecipe, head: Head, recordings: RecordingSet) -> FaceModel:
    """The model after hearing, styling and denoising on `recordings`, with averaged weights."""
    model = new_model(recordings)
    seed_weights(0)
    train(HearingTask(Hearing(AudioEncoder(model.config.audio)), recordings), recipe.hearing, folder / "hearing")
    seed_weights(1)
    train(StylingTask(model.style_encoder, model.normalizer, recordings), recipe.styling, folder / "styling")
    heard = averaged_weights(folder / "hearing")
    model.audio_encoder.load_state_dict({name[8:]: value for name, value in heard.items() if name.startswith("encoder.")})
    model.style_encoder.load_state_dict(averaged_weights(folder / "styling"))
    task = DenoisingTask(model, recordings, cosine_schedule(model.config.denoiser.steps), LipGeometry(head), recipe.task)
    train(task, recipe.denoising, folder / "denoising")
    model.load_state_dict(averaged_weights(folder / "denoising"))
    return model.eval()


def new_model(recordings: RecordingSet) -> FaceModel:
    """An untrained model of the small configuration, normalised by the statistics of `recordings`."""
    seed_weights(2)
    model = FaceModel(small_config(ARKIT))
    sample = recordings.motion[::7].astype(np.float32)
    model.normalizer.set_statistics(sample.mean(0), sample.std(0))
    return model


def write_styles(checkpoint: Checkpoint, shards: list[Path], folder: Path, recordings: int = 12) -> None:
    """Writes one style file for each manner of STYLES: the mean of the style vectors of the teacher's motion in that manner."""
    folder.mkdir(parents=True, exist_ok=True)
    model, rows = checkpoint.model(), []
    for shard in shards[:: max(len(shards) // 6, 1)]:
        rows += list(read_shard(shard))[:30]
    sounds = join_rows(rows, np.random.default_rng(11))[:recordings]
    for name, manner in STYLES.items():
        windows = []
        for number, (sound, phones) in enumerate(sounds):
            motion = record(sound, phones, manner, 0, np.random.default_rng(number)).motion
            windows += [motion[start : start + 100] for start in range(0, len(motion) - 99, 100)]
        vectors = model.encode_style(model.normalizer.normalise(np.stack(windows)))
        write_style(Style(vectors.mean(0), checkpoint.style_encoder, name), folder / f"{name}.safetensors")


def recipe_json(recipe: DefaultRecipe, hours: float) -> dict:
    """The recipe as plain JSON, with the hours that the corpus really has."""
    return asdict(recipe) | {"name": "default", "corpus_hours": hours}


def fingerprint(paths: list[Path]) -> str:
    """A hash (16 digits) of the names and sizes of the files of recordings."""
    listing = json.dumps(sorted((path.name, path.stat().st_size) for path in paths))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]
