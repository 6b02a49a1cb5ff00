"""`visavox train denoiser STORE --from CHECKPOINT`: a checkpoint adapted to the one person of a store."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.parser import number, whole
from visavox.cli.options.progress import steps
from visavox.errors import OptionError
from visavox.history import NOT_STATED

if TYPE_CHECKING:
    from visavox.adapt.run import Adaptation

PARTS = ("denoiser", "lips", "style")
CARDS = (".md", ".txt")
RUN = ".run"  # of the folder beside the checkpoint in which an interrupted run is kept


def add_arguments(parser: ArgumentParser) -> None:
    """Adds whom to adapt to, which parts, and where the card goes."""
    group = parser.add_argument_group("adapting a checkpoint to one person (--from)")
    add = group.add_argument
    add(
        "--from", dest="adapted", metavar="CHECKPOINT", help="adapt this checkpoint to one person: default, or a file; -o names the new one"
    )
    add("--speaker", nargs="+", default=[], metavar="NAME", help="who, where the store has several; several names are those of one person")
    add("--fit", nargs="+", choices=PARTS, default=list(PARTS), help="what is fitted (all: denoiser, lips, style)")
    add("--rank", type=whole(0, 256), metavar="N", help="of the changes of the denoiser; 0 trains all its weights")
    add("--replay", metavar="FOLDER", help="other voices (sounds) for which the model shall move as before")
    add("--card", metavar="FILE", help="the model card (default: beside the checkpoint, .md)")
    add("--weights-licence", metavar="TEXT", default=NOT_STATED, help="under which you give the new weights")
    add("--learning-rate", type=number(1e-6, 1.0), metavar="X", help="of the denoiser, at its peak")


@dataclass(frozen=True)
class FineTuneRequest:
    """Whom to adapt what to: the `store` and its `speakers`, the checkpoint to start from (None: the packaged one), the files to write,
    what is fitted how, other voices, and settings of the loop. What belongs to other recipes is an OptionError."""

    store: Path
    speakers: tuple[str, ...]
    start: Path | None
    output: Path
    card: Path
    asked: "Adaptation"
    replay: Path | None
    loop: dict

    @classmethod
    def from_options(cls, options: Namespace) -> "FineTuneRequest":
        """What the options ask for."""
        _check(options)
        output = Path(options.output or f"{Path(os.path.realpath(options.store)).name}.safetensors")
        card = Path(options.card) if options.card else output.with_suffix(".md")
        start = None if options.adapted == "default" else Path(options.adapted)
        loop = {"accumulate": options.accumulate, "tensorboard": options.tensorboard, "precision": options.precision}
        return cls(
            Path(options.store), tuple(options.speaker), start, output, card, _asked(options, loop),
            Path(options.replay) if options.replay else None, loop | {"seed": options.seed},
        )  # fmt: skip


def run(options: Namespace, processes_of) -> None:
    """Adapts, writes the checkpoint and its card, and says where they are. `processes_of(precision)` tells how the work is spread."""
    from visavox.adapt.denoising import Running
    from visavox.adapt.person import read_person
    from visavox.adapt.run import about, adapt
    from visavox.checkpoint import load, save
    from visavox.cli.options.output import targets
    from visavox.io.assets import default_checkpoint
    from visavox.io.atomic import check_folder, check_suffix, check_writable
    from visavox.train.card import write_card

    asked = FineTuneRequest.from_options(options)
    targets(str(asked.output), 1, (None if asked.start is None else str(asked.start),), (".safetensors",))
    check_suffix(asked.card, CARDS, "the card")
    check_writable(asked.card)
    folder = asked.output.with_suffix(RUN)
    check_folder(folder)
    start = load(asked.start or default_checkpoint())
    start = replace(start, source="the packaged checkpoint" if asked.start is None else asked.start.name)
    person = read_person(asked.store, asked.speakers)
    processes = processes_of(asked.loop["precision"])
    first = processes is None or processes.rank == 0
    if first:
        _describe(person)
    with steps("adapting") as report:
        made = adapt(start, person, asked.asked, folder, Running(asked.loop["seed"], _voices(asked.replay), report, processes))
    if made is None:
        return
    save(made.checkpoint, asked.output)
    write_card(asked.card, made.checkpoint, asked.output.name, about(person, start), [made.table])
    for measure, (before, after) in made.table.rows.items():
        print(f"  {measure}: {before:.3f} before, {after:.3f} after")
    print(f"wrote {asked.output} and {asked.card}; {folder} holds the run and may be deleted")


def _check(options: Namespace) -> None:
    others = {"--start": options.start, "--head": options.head, "--hubert": options.hubert, "--download": options.download}
    others |= {"--still-head": options.still_head, "--held-out": options.held_out}
    given = [name for name, value in others.items() if value]
    if options.part != "denoiser":
        raise OptionError("--from adapts a checkpoint to one person, whose style it takes as well: visavox train denoiser STORE --from ...")
    if given:
        raise OptionError(f"{given[0]} is for training by a --recipe, and --from adapts to one person; leave one of the two out")


def check_alone(options: Namespace) -> None:
    """An OptionError for what only --from takes, where it is not given."""
    asked = {"--speaker": options.speaker, "--rank": options.rank is not None, "--replay": options.replay, "--card": options.card}
    asked |= {"--learning-rate": options.learning_rate, "--fit": len(options.fit) < len(PARTS)}
    asked |= {"--weights-licence": options.weights_licence != NOT_STATED}
    given = [name for name, value in asked.items() if value]
    if given:
        raise OptionError(f"{given[0]} is for adapting a checkpoint to one person; add --from default, or leave it out")


def _asked(options: Namespace, loop: dict) -> "Adaptation":
    from visavox.adapt.denoising import DenoisingPart
    from visavox.adapt.run import Adaptation

    part = DenoisingPart()
    loop = loop | {"steps": options.steps, "learning_rate": options.learning_rate}
    part = replace(part, loop=replace(part.loop, **{name: value for name, value in loop.items() if value is not None}))
    if options.rank is not None:
        part = replace(part, rank=options.rank)
    if options.batch is not None:
        part = replace(part, task=replace(part.task, windows=options.batch))
    return Adaptation(tuple(name for name in PARTS if name in options.fit), part, options.weights_licence)


def _voices(folder: Path | None) -> Sequence:
    from visavox.data.readers.transcribed import read_sounds

    return [] if folder is None else [clip.audio for clip in read_sounds(folder)]


def _describe(person) -> None:
    pieces = len(person.learned), len(person.held_out)
    print(f"{person.name}: {person.seconds:.0f} s in {sum(pieces)} pieces, {pieces[1]} of them held out")
    for source in person.sources:
        print(f"  {source.source}: {source.clips} clips, licence {source.licence or NOT_STATED}, consent {source.consent or NOT_STATED}")
