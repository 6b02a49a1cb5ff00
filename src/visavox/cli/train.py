"""Trains a published system, or the default model, on a store of clips with motion: first its style encoder, then its denoiser.

Both resume where they stopped.

Several processes: accelerate launch --num_processes 2 -m visavox.cli train denoiser STORE ...
"""

import os
from argparse import ArgumentParser, Namespace

from visavox.cli.options.parser import whole

HELP = "train a style encoder or a denoiser on a store"
DEFAULT = "default"
RECIPES = ("diffposetalk", DEFAULT)
MOST = 10_000_000
PRECISIONS = ("float32", "bfloat16", "float16")


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to train on what, where to keep it, and how to spread the work."""
    parser.add_argument("part", choices=("style", "denoiser"), help="what to train; the published denoiser needs a trained style")
    parser.add_argument("store", metavar="STORE", help="a store, or a folder of shards (.parquet), with FLAME or ARKit motion")
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="where the runs and the checkpoint are kept")
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


def run(options: Namespace) -> None:
    """Checks the inputs, then trains the part."""
    from pathlib import Path

    from visavox.io.atomic import check_folder

    _check_recipe_options(options)
    _check_held_out(options)
    check_folder(Path(options.output))
    (_train_default if options.recipe == DEFAULT else _train_diffposetalk)(options, Path(options.output))


def _train_default(options: Namespace, folder) -> None:
    """The style encoder or the denoiser of the default model, from a checkpoint."""
    from dataclasses import replace
    from pathlib import Path

    from visavox.checkpoint import load
    from visavox.io.assets import default_checkpoint
    from visavox.recipes import default_store as recipes
    from visavox.recipes.default_choices import DefaultRecipe
    from visavox.rigs.heads.default_head import Head

    whole, loop = DefaultRecipe(), _loop(options)
    recipe = replace(whole, style_encoder=replace(whole.style_encoder, **loop), denoiser_onward=replace(whole.denoiser_onward, **loop))
    if options.batch is not None:
        recipe = replace(recipe, manners=options.batch, task=replace(recipe.task, clips=options.batch))
    processes = _processes(options)
    start = load(options.start or default_checkpoint())
    stage = recipes.prepare(recipe, Path(options.store), start, options.held_out or 0, options.seed)
    if processes is None or processes.rank == 0:
        _describe(stage)
    if options.part == "style":
        recipes.train_style(stage, folder, processes=processes)
        again = f"visavox train denoiser {options.store} -o {folder} --recipe {DEFAULT}"
        print(f"wrote {folder / 'style_encoder'}; now train the denoiser: {again}")
        return
    recipes.take_style(stage, folder)
    path = recipes.train_denoiser(stage, Head.default(), folder, processes=processes)
    print(f"wrote {path} and {folder / 'styles'}")


def _train_diffposetalk(options: Namespace, folder) -> None:
    from pathlib import Path

    from visavox.recipes import diffposetalk as recipes

    recipe = _recipe(options, recipes)
    head = _head(options) if options.part == "denoiser" else None
    processes = _processes(options)
    stage = recipes.prepare(recipe, Path(options.store), seed=options.seed)
    if processes is None or processes.rank == 0:
        _describe(stage)
    if options.part == "style":
        recipes.train_style(stage, folder, processes=processes)
        print(f"wrote {folder / 'style'}; now train the denoiser: visavox train denoiser {options.store} -o {folder}")
        return
    recipes.take_style(stage, folder)
    if not (folder / "denoiser" / "state.pt").exists():
        _start_from_hubert(stage, options)
    path = recipes.train_denoiser(stage, head, folder, processes=processes)
    print(f"wrote {path}")


def _check_recipe_options(options: Namespace) -> None:
    """An OptionError for an option that the chosen recipe does not take."""
    from visavox.errors import OptionError

    asked = {"--still-head": options.still_head, "--head": options.head, "--hubert": options.hubert, "--download": options.download}
    if options.recipe != DEFAULT:
        asked = {"--start": options.start}
    given = [name for name, value in asked.items() if value]
    if given:
        raise OptionError(f"{given[0]} is not for --recipe {options.recipe}; leave it out, or choose the other recipe")


def _loop(options: Namespace) -> dict:
    """What the command line changes in the loop of a recipe."""
    loop = {"seed": options.seed, "accumulate": options.accumulate, "tensorboard": options.tensorboard, "precision": options.precision}
    return loop if options.steps is None else loop | {"steps": options.steps}


def _recipe(options: Namespace, recipes):
    """The recipe with what the command line changes."""
    from dataclasses import replace

    recipe = recipes.diffposetalk(head_moves=not options.still_head)
    loop = _loop(options)
    recipe = replace(recipe, style_loop=replace(recipe.style_loop, **loop), pairs_loop=replace(recipe.pairs_loop, **loop))
    if options.held_out is not None:
        recipe = replace(recipe, held_out=options.held_out)
    if options.batch is not None and options.part == "style":
        return replace(recipe, style=replace(recipe.style, persons=options.batch))
    if options.batch is not None:
        return replace(recipe, pairs=replace(recipe.pairs, clips=options.batch))
    return recipe


def _check_held_out(options: Namespace) -> None:
    """Raises an OptionError when the command and the store's index both say who is held out."""
    from pathlib import Path

    from visavox.data.store.motion_clips import stored_split
    from visavox.errors import OptionError

    if options.held_out is not None and stored_split(Path(options.store)) is not None:
        said = f"--held-out {options.held_out}, but the index of {options.store} says who is held out"
        raise OptionError(f"{said}; leave it out, or choose others: visavox store split {options.store}")


def _head(options: Namespace):
    from visavox.errors import OptionError
    from visavox.io.head import CONVERT, read_head
    from visavox.rigs.heads.flame_head import FlameHead

    if options.head is None:
        raise OptionError(f"the denoiser's vertex losses need your FLAME head: give it with --head; {CONVERT}")
    return FlameHead.from_arrays(read_head(options.head))


def _processes(options: Namespace):
    """How the work is spread: through accelerate when it was launched so, on a GPU, or in float16; else in this process."""
    from visavox.train.accelerated import AcceleratedProcesses, has_gpu

    if "WORLD_SIZE" not in os.environ and options.precision != "float16" and not has_gpu():
        return None
    return AcceleratedProcesses(options.precision, cpu=not has_gpu())


def _start_from_hubert(stage, options: Namespace) -> None:
    from pathlib import Path

    from visavox.models.hubert import HubertEncoder
    from visavox.train.hubert_weights import load_hubert

    if isinstance(stage.model.audio_encoder, HubertEncoder):
        load_hubert(stage.model.audio_encoder, Path(options.hubert) if options.hubert else None, options.download)


def _describe(stage) -> None:
    clips, split = stage.clips, stage.split
    counts = f"{len(split.train)} to train on, {len(split.validation)} to validate, {len(split.test)} to test"
    print(f"{len(clips.clips)} clips, {clips.hours:.2f} hours; speakers: {counts}")
    if clips.too_short:
        print(f"{len(clips.too_short)} clips are shorter than two windows and left out, such as {clips.too_short[0]}")
