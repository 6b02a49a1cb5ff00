"""Rebuilds the default checkpoint from nothing: synthetic corpus, recordings, training of every network, built-in styles, reports.

Every step resumes after an interruption. It takes hours on two processor cores; `--rehearse` shows in minutes what would be missing.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.options.parser import whole
from visavox.cli.options.progress import progress
from visavox.errors import FileError, OptionError

HELP = "rebuild the default checkpoint from nothing"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder, real clips and how many processes work."""
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="gets corpus, recordings, runs, the checkpoint and styles")
    parser.add_argument("--grid", metavar="FOLDER", help="tracked GRID clips (audio, motion, words.jsonl) to fit the lips to")
    parser.add_argument("--ljspeech", metavar="FOLDER", help="read speech with metadata.csv; every second clip is used")
    parser.add_argument("--texts", metavar="JSON", help='more words for those clips: {"texts": {"clip": "words"}}')
    parser.add_argument(
        "--unlabelled", metavar="FOLDER", action="append", default=[],
        help="speech without words, whose phones the model names itself; once for each folder",
    )  # fmt: skip
    parser.add_argument("--recogniser", metavar="FOLDER", help="openai/whisper-base, which teaches the audio encoder what it hears in them")
    parser.add_argument(
        "--people", metavar="FOLDER", action="append", default=[],
        help="tracked clips of people who talk, for the lip reader, which needs --recogniser too; once for each folder",
    )  # fmt: skip
    parser.add_argument(
        "--commands", metavar="FOLDER", action="append", default=[],
        help="tracked clips of people who say short commands: they teach it less, and some of them are held out; once for each folder",
    )  # fmt: skip
    parser.add_argument("--lips-only", action="store_true", help="train nothing but the lip reader, of the checkpoint --start")
    parser.add_argument("--start", metavar="FILE", help="a checkpoint to go on from: its audio encoder is kept unless it is taught")
    parser.add_argument(
        "--measure", metavar="FOLDER", action="append", default=[],
        help="recordings to measure the new checkpoint on, into the folder report beside it; once for each folder",
    )  # fmt: skip
    parser.add_argument("--rehearse", action="store_true", help="run every step on minutes of material, in OUTPUT/rehearsal")
    parser.add_argument(
        "--precision", choices=("float32", "bfloat16"), metavar="NAME",
        help="what the networks compute in, float32 or bfloat16 (default: the faster of the two on this processor)",
    )  # fmt: skip
    parser.add_argument("--processes", type=whole(1, 256), default=2, help="how many build the corpus side by side (default 2)")


def run(options: Namespace) -> None:
    """Runs the recipe and prints where the checkpoint is."""
    from visavox.io.atomic import check_folder
    from visavox.recipes.default_material import check_material

    folder, measured = Path(options.output), [Path(name) for name in options.measure]
    folder = folder / "rehearsal" if options.rehearse else folder
    _check_measured(measured)
    _check_lips(options)
    check_folder(folder)
    if not options.lips_only:
        check_material(folder, _recipe(options))
    folder.mkdir(parents=True, exist_ok=True)
    teacher = _recogniser(Path(options.recogniser)) if options.recogniser else None
    path = Path(options.start) if options.lips_only else _build(folder, options, teacher)
    if options.people or options.commands:
        path = _learn_lips(path, folder, options, teacher)
    styles = "" if options.lips_only else f" and {folder / 'styles'}"
    print(f"wrote {path}{styles}{', a rehearsal: it has learned nothing' if options.rehearse else ''}")
    _compare(path)
    for recordings in measured:
        _measure(path, recordings, folder / "report" / recordings.name)


def _compare(path: Path) -> None:
    """Says in which steps the new checkpoint was made otherwise than the one that is shipped."""
    from visavox.checkpoint import load
    from visavox.io.assets import default_checkpoint
    from visavox.recipes.default_comparison import differences

    found = differences(load(path).history, load(default_checkpoint()).history)
    print("\n  ".join(["made otherwise than the shipped checkpoint:", *found]) if found else "made as the shipped checkpoint was")


def _build(folder: Path, options: Namespace, teacher) -> Path:
    """The path of a checkpoint of which all but the lip reader is trained."""
    from visavox.checkpoint import load
    from visavox.cli.synth import report_progress
    from visavox.recipes.default import build
    from visavox.recipes.default_choices import REHEARSED_CLIPS
    from visavox.recipes.default_material import make_material, make_recogniser_features
    from visavox.recipes.real_clips import Sources, read_real_clips
    from visavox.rigs.heads.default_head import Head
    from visavox.train.precision import fast_precision

    start = load(options.start) if options.start else None
    sources = Sources(options.grid, options.ljspeech, options.texts, tuple(options.unlabelled))
    most = REHEARSED_CLIPS if options.rehearse else None
    real = read_real_clips(folder, sources, most, lambda clips: progress(clips, len(clips), "aligning", "clip"))
    head = Head.default()
    recipe = _recipe(options).in_precision(options.precision or fast_precision())
    material = make_material(folder, recipe, head, real, options.processes, report_progress)
    if teacher:
        material = make_recogniser_features(folder, recipe, material, real, teacher, report_progress)
    return build(folder, recipe, head, real, material, start)


def _recipe(options: Namespace):
    from visavox.recipes.default_choices import DefaultRecipe

    return DefaultRecipe().rehearsal() if options.rehearse else DefaultRecipe()


def _learn_lips(path: Path, folder: Path, options: Namespace, teacher) -> Path:
    """The path of the checkpoint at `path` with a lip reader, and its built-in styles beside it."""
    from visavox.checkpoint import load, save
    from visavox.recipes.default_choices import REHEARSED_CLIPS
    from visavox.recipes.lip_people import LipRecipe, add_lip_reader, read_lip_clips

    most = REHEARSED_CLIPS if options.rehearse else None
    heard = [*options.unlabelled, *([options.ljspeech] if options.ljspeech else [])]
    clips = read_lip_clips(options.people, options.commands, options.grid, heard, most)
    recipe = LipRecipe().rehearsal() if options.rehearse else LipRecipe()
    made = add_lip_reader(load(path), folder / "lips", recipe, clips, teacher, (teacher.about,))
    save(made, folder / "default.safetensors")
    return folder / "default.safetensors"


def _check_lips(options: Namespace) -> None:
    """An OptionError before hours of training when something is missing that the lip reader needs."""
    filmed = options.people or options.commands
    if filmed and not options.recogniser:
        raise OptionError("--people and --commands teach the lip reader, which a recogniser teaches too: give --recogniser FOLDER")
    if options.lips_only and not (filmed and options.start):
        raise OptionError("--lips-only trains the lip reader of a checkpoint by filmed people: give --start FILE and --people FOLDER")


def _recogniser(folder: Path):
    from visavox.models.recogniser import LICENCE, Recogniser

    teacher = Recogniser(folder)
    print(LICENCE, file=sys.stderr)
    return teacher


def _check_measured(folders: list[Path]) -> None:
    """A FileError before hours of training when a folder to measure on is missing, or two would share a report."""
    for folder in folders:
        if not folder.is_dir():
            raise FileError(f"{folder} is not a folder; give a folder of recordings")
    names = [folder.name for folder in folders]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OptionError(f"two folders to measure on are called {twice[0]}; give folders of different names")


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
