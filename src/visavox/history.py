"""`Training` and `Source`: what a checkpoint says about its own making, one entry for each run of a recipe, and the lines computed from
all of them. Nothing here is typed by hand where it can be counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from visavox.fields import Fields

NOT_STATED = "not stated"
LISTED = 12  # sources that a licence line names; the header lists them all


@dataclass(frozen=True)
class Source:
    """Clips of one origin: their `source`, `licence` and `consent` as the clips say, how many `clips` (0 where nobody counted), how many
    `hours`, and `data`, a hash of their names and content."""

    source: str
    licence: str
    consent: str = ""
    clips: int = 0
    hours: float = 0.0
    data: str = ""


@dataclass(frozen=True)
class Training:
    """One run of a recipe: `recipe` (every choice, plain JSON); `data` (a hash of the content of all clips); `sources` of those clips;
    `steps` (its trainings in order, each with its settings), `distilled_from` (models that it imitates, name and licence), `visavox` (the
    version that ran) and a `note` for people."""

    recipe: dict
    data: str = "unknown"
    sources: tuple[Source, ...] = ()
    steps: tuple[dict, ...] = ()
    distilled_from: tuple[dict, ...] = ()
    visavox: str = "unknown"
    note: str = ""

    def to_json(self) -> dict:
        """The entry as plain JSON; what is empty is left out."""
        data = {"recipe": self.recipe, "data": self.data, "sources": [asdict(source) for source in self.sources]}
        rest = {"steps": list(self.steps), "distilled_from": list(self.distilled_from), "visavox": self.visavox, "note": self.note}
        return data | {name: value for name, value in rest.items() if value}

    @staticmethod
    def from_json(stored: Fields) -> "Training":
        """The entry that `to_json` wrote; a FileError that names what is missing or of another kind."""
        words = ("source", "licence", "consent")
        sources = tuple(
            Source(*map(each.text, words), each.whole("clips"), each.number("hours", 0), each.text("data"))
            for each in stored.each("sources")
        )
        steps, distilled_from = (stored.each(name) if name in stored else [] for name in ("steps", "distilled_from"))
        for model in distilled_from:
            model.text("name"), model.text("licence")
        texts = {name: stored.text(name) for name in ("visavox", "note") if name in stored}
        listed = tuple(entry.value for entry in steps), tuple(entry.value for entry in distilled_from)
        return Training(stored.fields("recipe").value, stored.text("data"), sources, *listed, **texts)


@dataclass
class _Sum:
    clips: int = 0
    hours: float = 0.0
    seen: set[str] = field(default_factory=set)


def add_up(history: Iterable[Training]) -> list[Source]:
    """The sources of all trainings, one for each origin, most hours first; the same clips in two trainings count once."""
    sums: dict[tuple[str, str, str], _Sum] = {}
    for training in history:
        for each in training.sources:
            total = sums.setdefault((each.source, each.licence, each.consent), _Sum())
            if not each.data or each.data not in total.seen:
                total.clips, total.hours = total.clips + each.clips, total.hours + each.hours
                total.seen.add(each.data)
    found = [Source(*words, total.clips, round(total.hours, 4), " ".join(sorted(total.seen))) for words, total in sums.items()]
    return sorted(found, key=lambda source: (-source.hours, source.source, source.licence))


def licence_line(licence: str, history: Sequence[Training]) -> str:
    """What a reader must know of the rights in a checkpoint: `licence` of its weights, and the licences of all that they learned from."""
    sources = add_up(history)
    named = [f"{each.source} ({each.licence or NOT_STATED}, {each.hours:.2f} h)" for each in sources[:LISTED]]
    if len(sources) > LISTED:
        named.append(f"{len(sources) - LISTED} more sources")
    distilled_from = dict.fromkeys(f"{each['name']} ({each['licence']})" for training in history for each in training.distilled_from)
    parts = [f"weights: {licence or NOT_STATED}"]
    parts += [f"trained on {', '.join(named)}"] if named else []
    parts += [f"distilled from {', '.join(distilled_from)}"] if distilled_from else []
    return "; ".join(parts)
