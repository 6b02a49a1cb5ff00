"""DiffPoseTalk as published: every number of its training in one value, and the two runs that make a checkpoint.

Sun et al. 2024, "DiffPoseTalk: Speech-Driven Stylistic 3D Facial Animation and Head Pose Generation via Diffusion Models", with the
defaults of its released code. What differs, and why, is in docs/diffposetalk.md.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from visavox.checkpoint import Checkpoint, save
from visavox.data.material.statistics import crop_statistics, identity_statistics
from visavox.data.store.motion_clips import MotionClips, read_motion_clips, stored_split
from visavox.data.store.split import Split, split_speakers
from visavox.diffusion.schedule import schedule_of
from visavox.errors import FileError
from visavox.history import Training
from visavox.models.face_config import FaceConfig, paper_config
from visavox.models.face_model import FaceModel
from visavox.rig import Rig
from visavox.rigs.flame import FLAME_GENERATED, FLAME_STILL_HEAD, IDENTITY, JAW_ROTATION
from visavox.rigs.heads.flame_head import FlameHead
from visavox.rigs.heads.flame_skinning import FlameSkinning
from visavox.train import losses as loss
from visavox.train.loop import LoopConfig, best_weights, train
from visavox.train.losses import Geometry, head_channels
from visavox.train.processes import Processes
from visavox.train.tasks.diffposetalk_denoiser import PairConfig, PairedWindowsTask
from visavox.train.tasks.diffposetalk_style import StyleConfig, StylePairsTask
from visavox.train.terms import LossTerm
from visavox.version import VERSION

JAW_STILL = JAW_ROTATION[1:]  # the turns about y and z, which the model does not make
WARM_UP_AND_HOLD = {"warm_up": 5000, "final_share": 1.0}
ADAM = {"learning_rate": 1e-4, "betas": (0.9, 0.999), "weight_decay": 0.0}
NO_CLIPPING = 1e9  # a norm that no gradient reaches


@dataclass(frozen=True)
class DiffPoseTalkRecipe:
    """Every choice of the training. `held_out` speakers validate and as many test; `rounds` random crops of a clip make the statistics.

    Sampling as published: 500 steps of DDPM, audio guidance 1.15, style guidance 3.
    """

    config: FaceConfig
    style: StyleConfig
    style_loop: LoopConfig
    pairs: PairConfig
    pairs_loop: LoopConfig
    weights: dict[str, float]
    held_out: int = 64
    rounds: int = 1000
    split_seed: int = 0
    audio_guidance: float = 1.15
    style_guidance: float = 3.0

    def to_json(self) -> dict:
        """The recipe as plain JSON, for the checkpoint; the networks' sizes are stored beside it."""
        return {"name": "diffposetalk", **{name: value for name, value in asdict(self).items() if name != "config"}}


def diffposetalk(head_moves: bool = True) -> DiffPoseTalkRecipe:
    """The published recipe, for the model with head pose or the one whose head stays still."""
    return DiffPoseTalkRecipe(
        config=paper_config(FLAME_GENERATED if head_moves else FLAME_STILL_HEAD),
        style=StyleConfig(persons=32, frames=100, gap=10, temperature=0.1),
        style_loop=LoopConfig(
            100_000, **ADAM, warm_up=0, final_share=1.0, clip=NO_CLIPPING, ema=0.0, save_every=2000, validate_every=2000
        ),
        pairs=PairConfig(clips=16, truncated=(0.3, 0.4), style_kept=0.55, audio_kept=0.90),
        pairs_loop=LoopConfig(
            200_000, **ADAM, **WARM_UP_AND_HOLD, clip=NO_CLIPPING, ema=0.0, save_every=1000, validate_every=5000, validation_rounds=200
        ),
        weights={
            "simple": 1.0, "vertex": 2e6, "vertex_velocity": 1e7, "vertex_smoothness": 1e5,
            "head_angle": 0.05, "head_velocity": 5.0, "head_smoothness": 0.5, "head_transition": 0.5,
        },
    )  # fmt: skip


def loss_terms(weights: dict[str, float], rig: Rig) -> list[LossTerm]:
    """The terms of `weights` in order; those of the head only when the rig turns it."""
    functions = {
        "simple": loss.simple, "vertex": loss.vertex, "vertex_velocity": loss.vertex_velocity,
        "vertex_smoothness": loss.vertex_smoothness, "head_angle": loss.head_angle, "head_velocity": loss.head_velocity,
        "head_smoothness": loss.head_smoothness, "head_transition": loss.head_transition,
    }  # fmt: skip
    kept = [name for name in weights if head_channels(rig) or not name.startswith("head_")]
    return [LossTerm(name, functions[name], weights[name], name == "head_transition") for name in kept]


@dataclass(frozen=True, eq=False)
class Stage:
    """What both runs work on: the clips of a store, their split by speaker; an untrained model normalised by the training part; the mean
    there of the jaw's channels that the model does not move, in rad by name."""

    recipe: DiffPoseTalkRecipe
    clips: MotionClips
    split: Split
    model: FaceModel
    jaw_rest: dict[str, float]


def prepare(recipe: DiffPoseTalkRecipe, store: Path, audio_encoder: torch.nn.Module | None = None, seed: int = 0) -> Stage:
    """The clips of `store`, split, and the model; `audio_encoder` replaces the one that the recipe's sizes build.

    Where the store's index holds speakers out, its split counts, and the recipe's `held_out` does not.
    """
    config = recipe.config
    clips = read_motion_clips(store, config.rig, IDENTITY, 2 * config.denoiser.window, JAW_STILL)
    stored = stored_split(store)
    split = split_speakers(clips.speakers, recipe.held_out, recipe.split_seed) if stored is None else stored.among(clips.speakers)
    if not split.train:
        raise FileError(f"none of the speakers that {store} trains on has a clip long enough; give longer clips, or split it again")
    trained = clips.of_speakers(split.train)
    torch.manual_seed(seed)
    model = FaceModel(config, audio_encoder)
    motions = [clip.motion for clip in trained.clips]
    model.normalizer.set_statistics(*crop_statistics(motions, config.denoiser.window, recipe.rounds, recipe.split_seed), floor=0)
    identities = {clip.speaker: clip.identity for clip in trained.clips}
    model.identity_normalizer.set_statistics(*identity_statistics(np.stack(list(identities.values()))), floor=0)
    rest = np.mean([clip.rest for clip in trained.clips], 0)
    return Stage(recipe, clips, split, model, dict(zip(JAW_STILL, map(float, rest), strict=True)))


def train_style(stage: Stage, folder: Path, report=print, processes: Processes | None = None) -> None:
    """Trains the style encoder in `folder`/style; the best on held-out speakers is kept there, and is in the stage's model afterwards."""
    recipe, encoder = stage.recipe, stage.model.style_encoder
    task = StylePairsTask(encoder, stage.model.normalizer, stage.clips.of_speakers(stage.split.train), recipe.style)
    held_out = stage.clips.of_speakers(stage.split.validation)
    validation = None
    if len(held_out.speakers) > 1:
        fewer = replace(recipe.style, persons=min(recipe.style.persons, len(held_out.speakers)))
        validation = StylePairsTask(encoder, stage.model.normalizer, held_out, fewer)
    train(task, recipe.style_loop, folder / "style", report, validation, processes)
    take_style(stage, folder)


def take_style(stage: Stage, folder: Path) -> None:
    """Puts the style encoder that a run left in `folder`/style into the stage's model; a FileError when it is of other sizes."""
    weights = best_weights(folder / "style")
    own = stage.model.style_encoder.state_dict()
    if set(weights) != set(own) or any(weights[name].shape != own[name].shape for name in own):
        wrong = "a style encoder of other sizes than this recipe's"
        raise FileError(f"{folder / 'style'} holds {wrong}; train the style with the same options")
    stage.model.style_encoder.load_state_dict(weights)


def train_denoiser(stage: Stage, head: FlameHead, folder: Path, report=print, processes: Processes | None = None) -> Path:
    """The path of the checkpoint made by training the denoiser in `folder`/denoiser, after `train_style` or `take_style`."""
    recipe, model = stage.recipe, stage.model
    schedule = schedule_of(recipe.config.denoiser.schedule, recipe.config.denoiser.steps)
    geometry = Geometry(FlameSkinning(head), model.normalizer, model.rig, stage.jaw_rest)
    terms = loss_terms(recipe.weights, model.rig)

    def task(speakers: tuple[str, ...]) -> PairedWindowsTask | None:
        clips = stage.clips.of_speakers(speakers)
        return PairedWindowsTask(model, clips, schedule, terms, geometry, recipe.pairs) if clips.clips else None

    train(task(stage.split.train), recipe.pairs_loop, folder / "denoiser", report, task(stage.split.validation), processes)
    model.load_state_dict(best_weights(folder / "denoiser"))
    path = folder / "diffposetalk.safetensors"
    if processes is None or processes.rank == 0:
        trained = stage.clips.of_speakers(stage.split.train)
        made = recipe.to_json() | {"jaw_rest": list(stage.jaw_rest.values())}
        save(Checkpoint.of(model.eval(), Training(made, trained.fingerprint, trained.sources, visavox=VERSION)), path)
    return path
