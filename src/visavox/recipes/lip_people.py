"""The lip reader's part of the default recipe: many filmed people, one reading of their lips from two encoders, and a network that learns
to say it without the second.

It changes nothing that was trained before: phones, closures, styles and the denoiser stay as they are.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from visavox.checkpoint import Checkpoint
from visavox.data.clip import Clip
from visavox.data.lips.lip_lessons import LipLessons, prepare_people_lessons, prepare_sound_lessons
from visavox.data.lips.people import (
    People,
    PeopleReading,
    both_features,
    fit_layers,
    fit_people,
    mean_reading,
    own_features,
    prepare_people,
    read_people,
)
from visavox.data.material.recogniser_features import Recognise, prepare_recogniser_features, real_sounds
from visavox.data.origins import content_of, sources_of
from visavox.data.readers.filmed_people import read_filmed
from visavox.data.readers.grid import read_grid
from visavox.data.store.split import place_of
from visavox.errors import OptionError
from visavox.history import Training
from visavox.models.face_model import FaceModel
from visavox.models.sizes import LipReaderConfig
from visavox.recipes.default_choices import DefaultRecipe
from visavox.recipes.lip_last_maps import fit_last_maps
from visavox.recipes.real_clips import Sources, read_all_sounds
from visavox.recipes.share import shorter, spread
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.lip_reader import LipReaderTask

HELD_OUT = 4  # one speaker in about so many is never trained on

LIP_READER = "lip reader"  # the name of the stage in a history


@dataclass(frozen=True)
class LipRecipe:
    """Every number of the lip reader. `commands` is how much a person counts who says short commands of one grammar (GRID) against one who
    talks: they show openings, not phrases; `filmed_longest` how much the one filmed for longest does. `speeds` at which sounds
    without a face are played to both.

    `layers` of the recogniser are taken, the last of them in a reading of its own. `ridges` are those of four regressions: on the own
    encoder and that last layer; on the main components of the own encoder and the other layers; on the own encoder alone, which the
    network begins with; of its last maps, fitted to all lessons in the end. `people` is how much the filmed ones count in the last.
    `shares` are those of windows of such people: filmed for longest, talking, commands, a single command.
    """

    loop: LoopConfig = LoopConfig(steps=3300, learning_rate=1.3e-3, warm_up=100, weight_decay=0.05, ema=0.998, seed=11)
    commands: float = 0.3
    filmed_longest: float = 0.6
    layers: tuple[int, ...] = (2, 3, 4, 5, 6)
    ridges: tuple[float, float, float, float] = (1.0, 3.0, 3.0, 0.3)
    people: float = 0.4
    speeds: tuple[float, ...] = (0.9, 1.0, 1.12)
    shares: tuple[float, float, float, float] = (0.6, 0.5, 0.3, 0.15)
    dropout: float = 0.2
    most_of_longest: int = 300  # clips of the one filmed for longest: little is learned from more of one person
    single: int = 300  # frames: who is seen for less counts as a single command
    seed: int = 3

    def scaled(self, share: float) -> "LipRecipe":
        """This recipe with that share of its steps."""
        return replace(self, loop=shorter(self.loop, share))


@dataclass(frozen=True)
class LipClips:
    """Clips for the lip reader: of people who are `talking`, of `commands` by several people, of one person filmed for `longest`, and of
    `sounds` without a face."""

    talking: list[Clip]
    commands: list[Clip]
    longest: list[Clip]
    sounds: list[Clip]

    @property
    def filmed(self) -> list[Clip]:
        """All clips with a face that may be trained on, speaker after speaker."""
        commands = [clip for clip in self.commands if not held_out(clip.speaker)]
        return sorted(self.talking + commands + self.longest, key=lambda clip: (clip.speaker, clip.name))


def read_lip_clips(sources: Sources, share: float = 1) -> LipClips:
    """That share of the clips of each of the folders."""
    groups = (sources.people, sources.commands)
    filmed = [[clip for folder in folders for clip in spread(list(read_filmed(Path(folder))), share)] for folders in groups]
    grid = [clip for clip in read_grid(Path(sources.grid)) if clip.measures is not None] if sources.grid else []
    kept = [clip for clip in sorted(grid, key=lambda clip: clip.name) if place_of(clip.name) >= DefaultRecipe.held_out]
    return LipClips(*filmed, spread(kept[::3][: LipRecipe.most_of_longest], share), read_all_sounds(sources, share))


def held_out(speaker: str) -> bool:
    """Whether a speaker of GRID's commands, by the hash of the name after its last underscore, is kept for measuring."""
    return int(hashlib.sha256(speaker.rpartition("_")[2].encode()).hexdigest(), 16) % HELD_OUT == 0


def add_lip_reader(
    start: Checkpoint, folder: Path, recipe: LipRecipe, clips: LipClips, recognise: Recognise, distilled_from: Sequence[dict] = ()
) -> Checkpoint:
    """`start` with a lip reader trained in `folder` and this training in its history; it speaks the styles that `start` speaks.

    `distilled_from` names the models that it imitates, with their licences.
    """
    model = learn_lips(start.model(), folder, recipe, clips, recognise)
    return with_history(start, model, recipe, clips, distilled_from)


def with_history(start: Checkpoint, model: FaceModel, recipe: LipRecipe, clips: LipClips, distilled_from: Sequence[dict]) -> Checkpoint:
    """The checkpoint of `model`, which is that of `start` with a trained lip reader."""
    everything = [*clips.filmed, *clips.sounds]
    steps = ({"name": LIP_READER, **asdict(recipe.loop)},)
    training = Training(asdict(recipe) | {"name": LIP_READER}, content_of(everything), sources_of(everything), steps, tuple(distilled_from))
    made = Checkpoint.of(model, training, start.licence, start)
    fingerprints = tuple(each for each in (start.style_encoder, *start.speaks) if each != made.style_encoder)
    return replace(made, precision=start.precision, calibration=start.calibration, usual_style=start.usual_style, speaks=fingerprints)


def learn_lips(model: FaceModel, folder: Path, recipe: LipRecipe, clips: LipClips, recognise: Recognise, report=print) -> FaceModel:
    """`model` with a lip reader trained in `folder`; every step resumes. An OptionError when no clip shows a face."""
    if not clips.filmed:
        raise OptionError("no filmed person is left to read lips from; give folders of tracked people")
    folder.mkdir(parents=True, exist_ok=True)
    people = read_people(prepare_people(clips.filmed, recognise, folder / "people.npz"))
    sounds = []
    for speed in recipe.speeds:
        sounds.append(prepare_recogniser_features(real_sounds(clips.sounds, (speed,)), recognise, folder / f"sounds-{speed:g}.npz"))
        report(f"sounds at {speed:g} of their speed are there")
    model = with_lip_reader(model, sizes=LipReaderConfig(model.config.audio.width, model.config.audio.phones, dropout=recipe.dropout))
    groups = _Groups(recipe, {clip.speaker for clip in clips.longest}, {clip.speaker for clip in clips.commands})
    reading, plain = fit_readings(people, model.audio_encoder, groups.weight, recipe)
    lessons = prepare_people_lessons(people, reading, model.audio_encoder, folder / "lessons")
    lessons_of_sounds = [prepare_sound_lessons(path, reading, model.audio_encoder, folder / "lessons") for path in sounds]
    reader = model.lip_reader.train()
    reader.set_plain(torch.from_numpy(plain.weights).float(), torch.from_numpy(plain.offset).float())
    sets = [LipLessons([path]) for path in lessons.values()]
    shares = [groups.share(speaker, int(each.length.sum())) for speaker, each in zip(lessons, sets, strict=True)]
    of_sounds = LipLessons(lessons_of_sounds)
    train(LipReaderTask(reader, sets, shares, of_sounds), recipe.loop, folder / "lip_reader")
    reader.load_state_dict(averaged_weights(folder / "lip_reader"))
    weights = [groups.weight(speaker) for speaker in lessons]
    filmed = [(each, recipe.people * weight / sum(weights)) for each, weight in zip(sets, weights, strict=True)]
    fit_last_maps(reader, [(of_sounds, 1 - recipe.people), *filmed], recipe.ridges[3])
    return model.eval()


def with_lip_reader(model: FaceModel, seed: int = LipRecipe.seed, sizes: LipReaderConfig | None = None) -> FaceModel:
    """`model` with an untrained lip reader, of the usual `sizes` unless given; all else moves as before."""
    seed_weights(seed)
    sizes = sizes or LipReaderConfig(model.config.audio.width, model.config.audio.phones)
    larger = FaceModel(replace(model.config, lips=sizes))
    larger.set_weights({**larger.weights(), **model.weights()}, model.statistics())
    return larger.eval()


def fit_readings(people: People, encoder, weight, recipe: LipRecipe) -> tuple[PeopleReading, PeopleReading]:
    """The reading of people's lips from both encoders together, and that from `encoder` alone."""
    own = own_features(people, encoder)
    both = both_features(own, people.recognised, people.clips)
    return agreed_reading(people, both, own[0].shape[1], weight, recipe), fit_people(people, own, weight, recipe.ridges[2])


def agreed_reading(people: People, both: list[np.ndarray], own: int, weight, recipe: LipRecipe) -> PeopleReading:
    """The mean of two readings of features (T, D) of `both` encoders, the first `own` columns of which are ours.

    One is of those and of the recogniser's last layer, one of those and of its other layers.
    """
    size, rest = divmod(both[0].shape[1] - own, len(recipe.layers))
    if rest:
        raise OptionError(f"the recogniser gives no whole number of columns for each of its {len(recipe.layers)} layers; give its layers")
    most, others = both[0].shape[1], own + size * (len(recipe.layers) - 1)
    near, deep = np.r_[:own, others:most], np.r_[:others]
    first = fit_people(people, [each[:, near] for each in both], weight, recipe.ridges[0])
    blocks = [own, *[size] * (len(recipe.layers) - 1)]
    second = fit_layers(people, [each[:, deep] for each in both], blocks, weight, recipe.ridges[1])
    return mean_reading(first.of_columns(near, most), second.of_columns(deep, most))


@dataclass(frozen=True)
class _Groups:
    """Which speakers are of which kind: how much each weighs in the reading, and how often the network sees each."""

    recipe: LipRecipe
    longest: set[str]
    commands: set[str]

    def weight(self, speaker: str) -> float:
        if speaker in self.longest:
            return self.recipe.filmed_longest
        return self.recipe.commands if speaker in self.commands else 1.0

    def share(self, speaker: str, frames: int) -> float:
        longest, talking, commands, single = self.recipe.shares
        if speaker in self.longest:
            return longest
        if speaker not in self.commands:
            return talking
        return commands if frames > self.recipe.single else single
