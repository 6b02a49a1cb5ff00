"""The default model trained on one's own store of ARKit motion: its style encoder and its denoiser go on from a checkpoint.

The audio encoder stays as it is, and so do the statistics, in whose units the networks learned to move. What is made afterwards moves as
far as the clips do, so that the calibration of the start, which mends its own training, is left behind.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from visavox.calibration import Calibration
from visavox.checkpoint import Checkpoint, save
from visavox.data.material.encoded_recordings import encode_motion_clips
from visavox.data.material.recordings import EncodedSet
from visavox.data.store.motion_clips import MotionClips, read_motion_clips, stored_split
from visavox.data.store.split import Split, split_speakers
from visavox.diffusion.schedule import schedule_of
from visavox.errors import FileError, OptionError
from visavox.history import NOT_STATED, Training
from visavox.io.style import write_style
from visavox.models.face_model import FaceModel
from visavox.models.torch_engine import TorchEngine
from visavox.recipes.default_choices import DefaultRecipe
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.style import Style
from visavox.train.face_losses import LipGeometry
from visavox.train.loop import averaged_weights, best_weights, train
from visavox.train.processes import Processes
from visavox.train.tasks.denoiser import DenoisingTask
from visavox.train.tasks.style_encoder import StylingTask
from visavox.version import VERSION

PAIR = 2  # recordings of a speaker that the style encoder compares


@dataclass(frozen=True, eq=False)
class StoreStage:
    """What both runs work on: the clips of a store, their split by speaker, the checkpoint to go on from and its model."""

    recipe: DefaultRecipe
    clips: MotionClips
    split: Split
    start: Checkpoint
    model: FaceModel

    def encoded(self, folder: Path, speakers: tuple[str, ...], name: str) -> EncodedSet | None:
        """The clips of these speakers as the model's audio encoder encodes them, kept in `folder`; None where there are none."""
        clips = self.clips.of_speakers(speakers)
        path = folder / "encoded" / f"{name}.npz"
        return EncodedSet([encode_motion_clips(clips, path, self.model.audio_encoder)]) if clips.clips else None


def prepare(recipe: DefaultRecipe, store: Path, start: Checkpoint, held_out: int = 0, seed: int = 0) -> StoreStage:
    """The clips of `store`, split, and the model of `start`; the store's own split counts before `held_out` speakers.

    An OptionError when `start` does not move ARKit channels, a FileError when the store has no such motion that is long enough.
    """
    if start.rig != ARKIT:
        raise OptionError(f"{start.source} moves rig {start.rig.name!r}, and this recipe {ARKIT.name!r}; start from a default checkpoint")
    model = start.model().train()
    sizes = model.config.denoiser
    clips = read_motion_clips(store, ARKIT, sizes.identity, sizes.context + sizes.window)
    stored = stored_split(store)
    split = split_speakers(clips.speakers, held_out, seed) if stored is None else stored.among(clips.speakers)
    if not split.train:
        raise FileError(f"none of the speakers that {store} trains on has a clip long enough; give longer clips, or split it again")
    return StoreStage(recipe, clips, split, start, model)


def train_style(stage: StoreStage, folder: Path, report=print, processes: Processes | None = None) -> None:
    """Trains the style encoder in `folder`/style_encoder to tell the speakers of the store apart, and leaves it in the stage's model."""
    recipe, model = stage.recipe, stage.model
    encoded = stage.encoded(folder, stage.split.train, "train")
    window = model.config.denoiser.window
    speakers = _speakers_with_pairs(encoded, window)
    if speakers < PAIR:
        wanted = f"{PAIR} speakers or more with {PAIR} stretches of {window} frames each"
        raise OptionError(f"the style encoder compares {wanted}, and {speakers} of the store have them; train the denoiser alone")
    task = StylingTask(model.style_encoder, model.normalizer, encoded, min(recipe.manners, speakers), window)
    train(task, recipe.style_encoder, folder / "style_encoder", report, None, processes)
    take_style(stage, folder)


def take_style(stage: StoreStage, folder: Path) -> None:
    """Puts the style encoder that `train_style` left in `folder`, if it did, into the stage's model; else that of the start stays."""
    if (folder / "style_encoder").exists():
        stage.model.style_encoder.load_state_dict(averaged_weights(folder / "style_encoder"))


def train_denoiser(stage: StoreStage, head: Head, folder: Path, report=print, processes: Processes | None = None) -> Path:
    """The path of the checkpoint made by training the denoiser in `folder`/denoiser, with a style for each speaker in `folder`/styles."""
    recipe, model = stage.recipe, stage.model
    schedule, lips = schedule_of(model.config.denoiser.schedule, model.config.denoiser.steps), LipGeometry(head)
    parts = stage.encoded(folder, stage.split.train, "train"), stage.encoded(folder, stage.split.validation, "validation")
    tasks = [None if part is None else DenoisingTask(model, part, schedule, lips, recipe.task) for part in parts]
    train(tasks[0], recipe.denoiser_onward, folder / "denoiser", report, tasks[1], processes)
    model.load_state_dict(averaged_weights(folder / "denoiser") if tasks[1] is None else best_weights(folder / "denoiser"))
    path = folder / "default.safetensors"
    if processes is None or processes.rank == 0:
        made = _checkpoint(stage, folder)
        _write_styles(made, parts[0], stage, folder / "styles")
        save(made, path)
    return path


def _checkpoint(stage: StoreStage, folder: Path) -> Checkpoint:
    trained = stage.clips.of_speakers(stage.split.train)
    restyled = (folder / "style_encoder").exists()
    names = ("style_encoder", "denoiser_onward") if restyled else ("denoiser_onward",)
    steps = tuple({"name": name, **asdict(stage.recipe.loops[name])} for name in names)
    numbers = {"name": "default, on a store", "task": asdict(stage.recipe.task), "manners": stage.recipe.manners}
    training = Training(numbers, trained.fingerprint, trained.sources, steps, visavox=VERSION)
    model = stage.model.eval()
    made = Checkpoint.of(model, training, start=stage.start) if restyled else stage.start.succeeded_by(model, training)
    return replace(made, licence=NOT_STATED, calibration=Calibration())  # whose weights these are, their maker says


def _write_styles(made: Checkpoint, encoded: EncodedSet, stage: StoreStage, folder: Path) -> None:
    """Writes one style for each speaker: the mean of the style vectors of the windows of that speaker."""
    folder.mkdir(parents=True, exist_ok=True)
    window, model = stage.model.config.denoiser.window, made.model()
    for number, speaker in enumerate(sorted(stage.split.train)):
        own = [encoded.start[i] for i in np.flatnonzero((encoded.style == number) & (encoded.length >= window))]
        motion = np.stack([encoded.motion[first : first + window] for first in own]).astype(np.float32)
        vectors = TorchEngine(model).encode_style(model.normalizer.normalise(motion))
        write_style(Style(vectors.mean(0), made.style_encoder, speaker), folder / f"{number:03d}.safetensors")


def _speakers_with_pairs(encoded: EncodedSet, window: int) -> int:
    _, counts = np.unique(encoded.style[encoded.length >= window], return_counts=True)
    return int((counts >= PAIR).sum())
