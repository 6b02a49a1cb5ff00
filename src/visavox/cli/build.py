"""Rebuilds the default checkpoint from nothing: synthetic corpus, recordings, training of every network, built-in styles, reports.

Every step resumes after an interruption. It takes six hours of a fast processor core and more of others. `--share .02` does a fiftieth of
all of it, to see what a change does, and `--rehearse` shows in minutes what would be missing.
"""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.parser import number, whole
from visavox.cli.options.progress import progress
from visavox.errors import FileError, OptionError

if TYPE_CHECKING:
    from visavox.models.recogniser import Recogniser
    from visavox.recipes.default_choices import DefaultRecipe
    from visavox.recipes.lip_people import LipClips
    from visavox.recipes.real_clips import Sources

HELP = "rebuild the default checkpoint from nothing"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder, real clips and how many processes work."""
    parser.add_argument("-o", "--output", metavar="FOLDER", help="gets corpus, recordings, runs, the checkpoint and styles")
    parser.add_argument("--grid", metavar="FOLDER", help="tracked GRID clips (audio, motion, words.jsonl) to fit the lips to")
    parser.add_argument("--ljspeech", metavar="FOLDER", help="read speech with metadata.csv; every second clip is used")
    parser.add_argument("--texts", metavar="JSON", help='more words for those clips: {"texts": {"clip": "words"}}')
    parser.add_argument(
        "--unlabelled", metavar="FOLDER", action="append", default=[],
        help="speech without words, whose phones the model names itself; once for each folder",
    )  # fmt: skip
    parser.add_argument("--recogniser", metavar="FOLDER", help="openai/whisper-base, whose features of them the audio encoder learns")
    parser.add_argument(
        "--people", metavar="FOLDER", action="append", default=[],
        help="tracked clips of people who talk, for the lip reader, which needs --recogniser too; once for each folder",
    )  # fmt: skip
    parser.add_argument(
        "--commands", metavar="FOLDER", action="append", default=[],
        help="tracked clips of people who say short commands: they count less, and some of them are held out; once for each folder",
    )  # fmt: skip
    parser.add_argument("--lips-only", action="store_true", help="train nothing but the lip reader, of the checkpoint --start")
    parser.add_argument(
        "--streaming-only", action="store_true",
        help="train nothing but the encoders for streams, of the checkpoint --start, on the sounds of --unlabelled and --ljspeech",
    )  # fmt: skip
    parser.add_argument("--start", metavar="FILE", help="a checkpoint to go on from: its audio encoder is kept unless it is trained")
    parser.add_argument(
        "--measure", metavar="FOLDER", action="append", default=[],
        help="recordings to measure the new checkpoint on, into the folder report beside it; once for each folder",
    )  # fmt: skip
    compare = "say in which steps and numbers the shipped checkpoint was made otherwise than it would be now; builds nothing"
    parser.add_argument("--compare", action="store_true", help=compare)
    smaller = parser.add_mutually_exclusive_group()
    part = "this part of the corpus, of all clips and of the steps of every training, from 0 to 1 (default 1)"
    smaller.add_argument("--share", type=number(0, 1), default=1.0, metavar="PART", help=part)
    smaller.add_argument("--rehearse", action="store_true", help="run every step on minutes of material, in OUTPUT/rehearsal")
    parser.add_argument(
        "--precision", choices=("float32", "bfloat16"), metavar="NAME",
        help="what the networks compute in, float32 or bfloat16 (default: the faster of the two on this processor)",
    )  # fmt: skip
    parser.add_argument("--processes", type=whole(1, 256), default=2, help="how many build the corpus side by side (default 2)")


@dataclass(frozen=True)
class BuildRequest:
    """What is built of what: the `folder`, the sources of real clips, who the lip reader is learned from, and how the work is done.

    Options that do not go together are an OptionError, a missing folder to measure on a FileError, before hours of training.
    """

    folder: Path
    sources: "Sources"
    recogniser: Path | None
    start: Path | None
    measured: tuple[Path, ...]
    lips_only: bool
    streaming_only: bool
    share: float
    precision: str | None
    processes: int

    def __post_init__(self):
        filmed = self.sources.filmed
        if filmed and not self.recogniser:
            raise OptionError("--people and --commands are for the lip reader, which needs a recogniser too: give --recogniser FOLDER")
        if self.lips_only and not (filmed and self.start):
            raise OptionError("--lips-only trains the lip reader of a checkpoint by filmed people: give --start FILE and --people FOLDER")
        if self.streaming_only and (self.lips_only or filmed or not (self.start and self.sources.sounds)):
            wanted = "give --start FILE and --unlabelled FOLDER, without --people, --commands and --lips-only"
            raise OptionError(f"--streaming-only trains the encoders for streams of a checkpoint on sounds: {wanted}")
        for folder in self.measured:
            if not folder.is_dir():
                raise FileError(f"{folder} is not a folder; give a folder of recordings")
        names = [folder.name for folder in self.measured]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise OptionError(f"two folders to measure on are called {twice[0]}; give folders of different names")

    @classmethod
    def from_options(cls, options: Namespace) -> "BuildRequest":
        """What the options ask for."""
        from visavox.recipes.real_clips import Sources

        folder = Path(options.output)
        return cls(
            folder / "rehearsal" if options.rehearse else folder,
            Sources(
                options.grid, options.ljspeech, options.texts, tuple(options.unlabelled), tuple(options.people), tuple(options.commands)
            ),
            Path(options.recogniser) if options.recogniser else None, Path(options.start) if options.start else None,
            tuple(map(Path, options.measure)), options.lips_only, options.streaming_only,
            0.0 if options.rehearse else options.share, options.precision, options.processes,
        )  # fmt: skip

    @property
    def only_a_part(self) -> bool:
        """Whether a checkpoint that is there gains something and keeps all else."""
        return self.lips_only or self.streaming_only

    @property
    def recipe(self) -> "DefaultRecipe":
        """The share of the default recipe."""
        from visavox.recipes.default_choices import DefaultRecipe

        return DefaultRecipe().scaled(self.share)


def run(options: Namespace) -> None:
    """Runs the recipe and prints where the checkpoint is."""
    from visavox.checkpoint import load
    from visavox.io.atomic import check_folder
    from visavox.recipes.default_material import check_material
    from visavox.recipes.lip_people import read_lip_clips
    from visavox.train.card import write_card

    if options.compare:
        _compare_recipe()
        return
    if options.output is None:
        raise OptionError("where to build is not said: give a folder with -o, or --compare to build nothing")
    asked = BuildRequest.from_options(options)
    check_folder(asked.folder)
    if not asked.only_a_part:
        check_material(asked.folder, asked.recipe)
    recogniser = _recogniser(asked.recogniser) if asked.recogniser else None
    lips = read_lip_clips(asked.sources, asked.share) if asked.sources.filmed else None  # before hours of work: somebody may be missing
    for folder in asked.sources.without_licence:
        print(f'{folder} states no licence, nor will the checkpoint; say it there: meta.json {{"source": ..., "licence": ...}}')
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.start if asked.only_a_part else _build(asked, recogniser)
    if lips:
        path = _learn_lips(path, asked, recogniser, lips)
    if asked.streaming_only:
        path = _learn_to_stream(path, asked)
    styles = "" if asked.only_a_part else f" and {asked.folder / 'styles'}"
    card = write_card(path.with_suffix(".md"), load(path), path.name)
    print(f"wrote {path}, {card}{styles}{_of_share(asked.share)}")
    _compare(path)
    for recordings in asked.measured:
        _measure(path, recordings, asked.folder / "report" / recordings.name)


def _of_share(share: float) -> str:
    """What is to be known of a checkpoint that was made with that share of the recipe."""
    if not share:
        return ", a rehearsal: it has learned nothing"
    return f", a share of {share:g} of the recipe: compare it with others of that share" if share < 1 else ""


def _compare_recipe() -> None:
    """Says in which steps and numbers the shipped checkpoint was made otherwise than by the recipe as it is."""
    from visavox.checkpoint import load
    from visavox.io.assets import default_checkpoint
    from visavox.recipes.default_choices import DefaultRecipe
    from visavox.recipes.default_comparison import recipe_differences
    from visavox.recipes.lip_people import LipRecipe

    found = recipe_differences(DefaultRecipe(), LipRecipe(), load(default_checkpoint()))
    print("\n  ".join(["the recipe beside the shipped checkpoint:", *(found or ["every step and number is the same"])]))


def _compare(path: Path) -> None:
    """Says in which steps the new checkpoint was made otherwise than the one that is shipped."""
    from visavox.checkpoint import load
    from visavox.io.assets import default_checkpoint
    from visavox.recipes.default_comparison import differences

    found = differences(load(path).history, load(default_checkpoint()).history)
    print("\n  ".join(["made otherwise than the shipped checkpoint:", *found]) if found else "made as the shipped checkpoint was")


def _build(asked: BuildRequest, recogniser: "Recogniser | None") -> Path:
    """The path of a checkpoint of which all but the lip reader is trained."""
    from visavox.checkpoint import load
    from visavox.cli.synth import report_progress
    from visavox.recipes.default import build
    from visavox.recipes.default_material import make_material, make_recogniser_features
    from visavox.recipes.real_clips import read_real_clips
    from visavox.rigs.heads.default_head import Head
    from visavox.train.precision import fast_precision

    start = load(asked.start) if asked.start else None
    real = read_real_clips(asked.folder, asked.sources, asked.share, lambda clips: progress(clips, len(clips), "aligning", "clip"))
    head = Head.default()
    recipe = asked.recipe.in_precision(asked.precision or fast_precision())
    material = make_material(asked.folder, recipe, head, real, asked.processes, report_progress)
    if recogniser:
        material = make_recogniser_features(asked.folder, recipe, material, real, recogniser, report_progress)
    return build(asked.folder, recipe, head, real, material, start)


def _learn_lips(path: Path, asked: BuildRequest, recogniser: "Recogniser", clips: "LipClips") -> Path:
    """The path of the checkpoint at `path` with a lip reader, and its built-in styles beside it."""
    from visavox.checkpoint import load, save
    from visavox.recipes.lip_people import LipRecipe, add_lip_reader

    recipe = LipRecipe().scaled(asked.share)
    layered = recogniser.in_layers(recipe.layers)
    made = add_lip_reader(load(path), asked.folder / "lips", recipe, clips, layered, (recogniser.about,))
    save(made, asked.folder / "default.safetensors")
    return asked.folder / "default.safetensors"


def _learn_to_stream(path: Path, asked: BuildRequest) -> Path:
    """The path of the checkpoint at `path` with encoders for streams."""
    from visavox.checkpoint import load, save
    from visavox.recipes.real_clips import read_all_sounds
    from visavox.recipes.streaming import StreamingRecipe, add_streaming
    from visavox.train.precision import fast_precision

    recipe = StreamingRecipe().scaled(asked.share).in_precision(asked.precision or fast_precision())
    made = add_streaming(load(path), asked.folder / "streaming", recipe, read_all_sounds(asked.sources, asked.share))
    save(made, asked.folder / "default.safetensors")
    return asked.folder / "default.safetensors"


def _recogniser(folder: Path) -> "Recogniser":
    from visavox.models.recogniser import LICENCE, Recogniser

    recogniser = Recogniser(folder)
    print(LICENCE, file=sys.stderr)
    return recogniser


def _measure(path: Path, recordings: Path, output: Path) -> None:
    from visavox.evaluate.bench import Takes
    from visavox.evaluate.measure_folder import measure_folder
    from visavox.evaluate.report.writing import write_report
    from visavox.io.style import read_style
    from visavox.loading import load

    neutral = read_style(path.parent / "styles" / "neutral.safetensors")
    evaluation, about = measure_folder(recordings, Takes(load(path), neutral))
    written = write_report(evaluation, output, about | {"checkpoint": path.name, "style": "neutral, as built"})
    print(f"wrote {', '.join(map(str, written))}")
