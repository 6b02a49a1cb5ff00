"""Trains a published system, or the default model, on a store of clips with motion: first its style encoder, then its denoiser; or adapts a
checkpoint to one person (--from).

All resume where they stopped.

Several processes: accelerate launch --num_processes 2 -m visavox.cli train denoiser STORE ...
"""

import os
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from visavox.cli import fine_tune
from visavox.cli.options.parser import whole
from visavox.cli.options.progress import steps
from visavox.errors import OptionError

HELP = "train a style encoder or a denoiser on a store"
DEFAULT = "default"
RECIPES = ("diffposetalk", DEFAULT)
MOST = 10_000_000
PRECISIONS = ("float32", "bfloat16", "float16")


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to train on what, where to keep it, and how to spread the work."""
    parser.add_argument("part", choices=("style", "denoiser"), help="what to train; the published denoiser needs a trained style")
    parser.add_argument("store", metavar="STORE", help="a store, or a folder of shards (.parquet), with FLAME or ARKit motion")
    output = "the folder where the runs and the checkpoint are kept; with --from the new checkpoint (default: named as the store)"
    parser.add_argument("-o", "--output", metavar="PATH", help=output)
    parser.add_argument("--recipe", choices=RECIPES, default=RECIPES[0], help="diffposetalk for FLAME motion, default for ARKit motion")
    parser.add_argument("--start", metavar="FILE", help="the checkpoint that the default recipe goes on from (default: the packaged one)")
    parser.add_argument("--still-head", action="store_true", help="the variant that does not turn the head")
    parser.add_argument("--head", metavar="FILE", help="your FLAME head (.safetensors, see visavox convert-head), for the denoiser")
    parser.add_argument("--hubert", metavar="FOLDER", help="the folder of facebook/hubert-base-ls960, for the denoiser")
    parser.add_argument("--download", action="store_true", help="allow the download of HuBERT's weights")
    parser.add_argument("--steps", type=whole(1, MOST), metavar="N", help="steps in all instead of the recipe's")
    parser.add_argument("--batch", type=whole(1, 4096), metavar="N", help="clips (or people) a step instead of the recipe's")
    held_out = "speakers to validate on, and as many to test on, where the store does not say"
    parser.add_argument("--held-out", type=whole(0, 4096), metavar="N", help=held_out)
    parser.add_argument("--precision", choices=PRECISIONS, default=PRECISIONS[0], help="what the networks compute in (float32)")
    parser.add_argument("--accumulate", type=whole(1, 4096), default=1, metavar="N", help="pieces of a batch worked one after the other")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="of everything random (0)")
    parser.add_argument("--tensorboard", action="store_true", help="write TensorBoard files beside the log")
    fine_tune.add_arguments(parser)


class Hubert(NamedTuple):
    """Where HuBERT's weights come from: a folder, or the download if that is allowed."""

    folder: Path | None
    download: bool


@dataclass(frozen=True)
class TrainRequest:
    """What is trained on which `store` into which `folder`: the `part`, by which recipe, and what is changed of it.

    `loop` holds the settings of the training loop that the command line changes. An option that the recipe does not take, and a number of
    people held out where the store's index says who they are, are an OptionError.
    """

    part: str
    store: Path
    folder: Path
    recipe: str
    start: Path | None
    hubert: Hubert
    head: Path | None
    head_moves: bool
    batch: int | None
    held_out: int | None
    loop: dict

    def __post_init__(self):
        from visavox.data.store.motion_clips import stored_split

        asked = {"--still-head": not self.head_moves, "--head": self.head}
        asked |= {"--hubert": self.hubert.folder, "--download": self.hubert.download}
        if self.recipe != DEFAULT:
            asked = {"--start": self.start}
        given = [name for name, value in asked.items() if value]
        if given:
            raise OptionError(f"{given[0]} is not for --recipe {self.recipe}; leave it out, or choose the other recipe")
        if self.held_out is not None and stored_split(self.store) is not None:
            wrong = f"--held-out {self.held_out}, but the index of {self.store} says who is held out"
            raise OptionError(f"{wrong}; leave it out, or choose others: visavox store split {self.store}")

    @classmethod
    def from_options(cls, options: Namespace) -> "TrainRequest":
        """What the options ask for."""
        loop = {"seed": options.seed, "accumulate": options.accumulate, "tensorboard": options.tensorboard, "precision": options.precision}
        loop |= {} if options.steps is None else {"steps": options.steps}
        start, head, hubert = (Path(given) if given else None for given in (options.start, options.head, options.hubert))
        return cls(
            options.part, Path(options.store), Path(options.output), options.recipe, start, Hubert(hubert, options.download), head,
            not options.still_head, options.batch, options.held_out, loop,
        )  # fmt: skip

    @property
    def seed(self) -> int:
        """The seed of everything random."""
        return self.loop["seed"]


def run(options: Namespace) -> None:
    """Checks the inputs, then trains the part."""
    from visavox.io.atomic import check_folder

    if options.adapted is not None:
        fine_tune.run(options, _processes)
        return
    if options.output is None:
        raise OptionError("where runs and checkpoint are to be kept is not said: give a folder with -o, or adapt to one person with --from")
    fine_tune.check_alone(options)
    asked = TrainRequest.from_options(options)
    check_folder(asked.folder)
    (_train_default if asked.recipe == DEFAULT else _train_diffposetalk)(asked)


def _train_default(asked: TrainRequest) -> None:
    """The style encoder or the denoiser of the default model, from a checkpoint."""
    from visavox.checkpoint import load
    from visavox.io.assets import default_checkpoint
    from visavox.recipes import default_store as recipes
    from visavox.recipes.default_choices import DefaultRecipe
    from visavox.rigs.heads.default_head import Head

    whole = DefaultRecipe()
    loops = {"style_encoder": replace(whole.style_encoder, **asked.loop), "denoiser_onward": replace(whole.denoiser_onward, **asked.loop)}
    recipe = replace(whole, **loops)
    if asked.batch is not None:
        recipe = replace(recipe, manners=asked.batch, task=replace(recipe.task, clips=asked.batch))
    processes = _processes(asked.loop["precision"])
    start = load(asked.start or default_checkpoint())
    stage = recipes.prepare(recipe, asked.store, start, asked.held_out or 0, asked.seed)
    if processes is None or processes.rank == 0:
        _describe(stage)
    if asked.part == "style":
        with steps("training") as report:
            recipes.train_style(stage, asked.folder, report, processes)
        again = f"visavox train denoiser {asked.store} -o {asked.folder} --recipe {DEFAULT}"
        print(f"wrote {asked.folder / 'style_encoder'}; now train the denoiser: {again}")
        return
    recipes.take_style(stage, asked.folder)
    with steps("training") as report:
        path = recipes.train_denoiser(stage, Head.default(), asked.folder, report, processes)
    if processes is None or processes.rank == 0:
        print(f"wrote {path}, {_write_card(path)} and {asked.folder / 'styles'}")


def _train_diffposetalk(asked: TrainRequest) -> None:
    from visavox.recipes import diffposetalk as recipes

    recipe = _published(asked, recipes)
    head = _head(asked.head) if asked.part == "denoiser" else None
    processes = _processes(asked.loop["precision"])
    stage = recipes.prepare(recipe, asked.store, seed=asked.seed)
    if processes is None or processes.rank == 0:
        _describe(stage)
    if asked.part == "style":
        with steps("training") as report:
            recipes.train_style(stage, asked.folder, report, processes)
        print(f"wrote {asked.folder / 'style'}; now train the denoiser: visavox train denoiser {asked.store} -o {asked.folder}")
        return
    recipes.take_style(stage, asked.folder)
    if not (asked.folder / "denoiser" / "state.pt").exists():
        _start_from_hubert(stage, asked.hubert)
    with steps("training") as report:
        path = recipes.train_denoiser(stage, head, asked.folder, report, processes)
    if processes is None or processes.rank == 0:
        print(f"wrote {path} and {_write_card(path)}")


def _write_card(path: Path) -> Path:
    """The model card beside the checkpoint at `path`, with the sources, licences and consent of the clips."""
    from visavox.checkpoint import load
    from visavox.train.card import write_card

    return write_card(path.with_suffix(".md"), load(path), path.name)


def _published(asked: TrainRequest, recipes):
    """The published recipe with what the command line changes."""
    recipe = recipes.diffposetalk(head_moves=asked.head_moves)
    recipe = replace(recipe, style_loop=replace(recipe.style_loop, **asked.loop), pairs_loop=replace(recipe.pairs_loop, **asked.loop))
    if asked.held_out is not None:
        recipe = replace(recipe, held_out=asked.held_out)
    if asked.batch is not None and asked.part == "style":
        return replace(recipe, style=replace(recipe.style, persons=asked.batch))
    if asked.batch is not None:
        return replace(recipe, pairs=replace(recipe.pairs, clips=asked.batch))
    return recipe


def _head(path: Path | None):
    from visavox.io.head import CONVERT, read_head
    from visavox.rigs.heads.flame_head import FlameHead

    if path is None:
        raise OptionError(f"the denoiser's vertex losses need your FLAME head: give it with --head; {CONVERT}")
    return FlameHead.from_arrays(read_head(path))


def _processes(precision: str):
    """How the work is spread: through accelerate when it was launched so, on a GPU, or in float16; else in this process."""
    from visavox.train.accelerated import AcceleratedProcesses, has_gpu

    if "WORLD_SIZE" not in os.environ and precision != "float16" and not has_gpu():
        return None
    return AcceleratedProcesses(precision, cpu=not has_gpu())


def _start_from_hubert(stage, hubert: Hubert) -> None:
    from visavox.models.hubert import HubertEncoder
    from visavox.train.hubert_weights import load_hubert

    if isinstance(stage.model.audio_encoder, HubertEncoder):
        load_hubert(stage.model.audio_encoder, hubert.folder, hubert.download)


def _describe(stage) -> None:
    clips, split = stage.clips, stage.split
    counts = f"{len(split.train)} to train on, {len(split.validation)} to validate, {len(split.test)} to test"
    print(f"{len(clips.clips)} clips, {clips.hours:.2f} hours; speakers: {counts}")
    if clips.too_short:
        print(f"{len(clips.too_short)} clips are shorter than two windows and left out, such as {clips.too_short[0]}")
