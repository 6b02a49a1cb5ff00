"""A checkpoint adapted to one person, from the minutes of that person to the file: denoiser, lips, habits, and what it was worth."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from visavox.adapt.denoising import DenoisingPart, Running, adapt_denoiser
from visavox.adapt.likeness import HIGHER_IS_NEARER, UNITS, likeness
from visavox.adapt.manner import fit_manner, joined_motion
from visavox.adapt.person import Person, Piece
from visavox.adapt.reading import PLAIN, corrected, fit_reading
from visavox.checkpoint import Checkpoint
from visavox.errors import OptionError
from visavox.history import NOT_STATED, Training
from visavox.loading import animator_of
from visavox.models.precision import FLOAT32
from visavox.rigs.arkit import ARKIT
from visavox.train.card import Comparison
from visavox.version import VERSION

PARTS = ("denoiser", "lips", "style")
FEW = 60.0  # seconds under which a person's habits are known, and hardly more


@dataclass(frozen=True)
class Adaptation:
    """What is fitted to a person: which of PARTS, how the denoiser learns, and the licence of the weights that come of it."""

    parts: tuple[str, ...] = PARTS
    denoiser: DenoisingPart = field(default_factory=DenoisingPart)
    licence: str = NOT_STATED

    def __post_init__(self):
        strange = [name for name in self.parts if name not in PARTS]
        if strange or not self.parts:
            raise OptionError(f"there is no part {', '.join(strange) or '(none given)'} to fit; choose of {', '.join(PARTS)}")


@dataclass(frozen=True, eq=False)
class Made:
    """The adapted checkpoint, and what was measured on pieces that nothing but the end of training saw."""

    checkpoint: Checkpoint
    table: Comparison


def adapt(start: Checkpoint, person: Person, asked: Adaptation, folder: Path, running: Running) -> Made | None:
    """What becomes of `start` when it is adapted to `person` as `asked`; the run is kept in `folder`, and resumes. None in a process that
    only helped.

    An OptionError when `start` does not move ARKit's channels, or has no lip reader and nothing but that is asked for.
    """
    if start.rig != ARKIT:
        raise OptionError(
            f"{start.source} moves rig {start.rig.name!r}; a person is fitted to a model of rig {ARKIT.name!r}: the default one"
        )
    helping = running.processes is not None and running.processes.rank > 0
    pieces, record, moved = person.learned + person.held_out, {}, start
    style = animator_of(start, person.name, precision=FLOAT32).extract_style(joined_motion(pieces), person.name)
    if "denoiser" in asked.parts:
        adapted = adapt_denoiser(start, person, style, asked.denoiser, folder, running)
        moved, record["denoiser"] = replace(adapted.checkpoint, usual_style=style), adapted.record
    if helping:
        return None
    running.report("fitting what is read of the lips, and the habits of mouth, face, head and lids", flush=True)
    made, fitted = _fitted(moved, pieces, person.name, asked.parts, start)
    training = _training(person, asked, record | fitted)
    made = replace(made, history=(*start.history, training), licence=asked.licence)
    running.report("measuring it on held-out pieces, with lips and habits that were fitted without them", flush=True)
    return Made(made, _compared(start, _fitted(moved, person.learned, person.name, asked.parts, start)[0], person))


def _fitted(checkpoint: Checkpoint, pieces: Sequence[Piece], name: str, parts: Sequence[str], start: Checkpoint) -> tuple[Checkpoint, dict]:
    """`checkpoint`, which came of `start`, with the lips and the habits of `pieces`, as far as they are among `parts`, and what a history
    says of them."""
    record: dict = {}
    if "lips" in parts and PLAIN not in checkpoint.weights:
        record["lips"] = "the checkpoint has no lip reader"
    elif "lips" in parts:
        correction = fit_reading(checkpoint, animator_of(checkpoint, name, precision=FLOAT32), pieces)
        checkpoint, record["lips"] = corrected(checkpoint, correction), correction.to_json()
    if "style" in parts:
        manner = fit_manner(checkpoint, pieces, name, start)
        checkpoint = replace(checkpoint, calibration=manner.calibration, usual_style=manner.style)
        moved = {channel: [round(float(value), 4) for value in each] for channel, each in manner.calibration.channels.items()}
        record["style"] = {"head": manner.style.head.to_json(), "face": manner.style.face.to_json(), "calibration": moved}
    return checkpoint, record


def _training(person: Person, asked: Adaptation, record: dict) -> Training:
    recipe = {
        "name": "fine-tuning",
        "speaker": person.name,
        "seconds": round(person.seconds, 1),
        "parts": list(asked.parts),
        "fitted": record,
    }
    steps = ({"name": "denoiser", **asdict(asked.denoiser.loop)},) if "denoiser" in asked.parts else ()
    return Training(recipe, person.content, person.sources, steps, visavox=VERSION)


def _compared(start: Checkpoint, made: Checkpoint, person: Person) -> Comparison:
    """How near `start` and `made` come to the person on held-out pieces."""
    before, after = (likeness(animator_of(each, person.name, precision=FLOAT32), person.held_out).values for each in (start, made))
    rows = {f"{name} ({UNITS.get(name, 'log ratio')})": (before[name], after[name]) for name in before}
    note = (
        f"On {len(person.held_out)} pieces, {sum(piece.seconds for piece in person.held_out):.0f} s, that were held out, the mean of three "
        f"seeds. Of {', '.join(HIGHER_IS_NEARER)} more is better; all else is the distance from the person's own, of which less is better. "
        "The lips and habits that were measured were fitted without those pieces, those in the file to all."
    )
    return Comparison("Before and after", note, ("before", "after"), rows)


def about(person: Person, start: Checkpoint) -> list[str]:
    """What a card says first: whom the checkpoint was adapted to, on how much, and what that is good for."""
    lines = [f"Adapted from {start.source} to {person.name}, of whom {person.seconds:.0f} s were seen."]
    if person.seconds < FEW:
        lines.append(f"Under {FEW:g} s a person's habits are known, and hardly how the lips follow the sound.")
    return [*lines, "It makes a face move as this person's does: use it only as that person agreed to, see the column consent."]
