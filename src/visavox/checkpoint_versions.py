"""Named upgrades of checkpoints: each takes the header of one version and gives that of the next; and what weights were called before.

An older file is upgraded whenever it is read and never rewritten: its values are the same, to the bit.
"""

from collections.abc import Callable
from typing import TypeVar

Weight = TypeVar("Weight")

BEFORE_HISTORY = "written before checkpoints kept a history: its sources, and a calibration that its statistics may hold, are not known"


def from_version_1(header: dict) -> dict:
    """Version 2 of a header of version 1, which had one recipe in place of a history, and neither calibration nor usual style."""
    kept = {name: value for name, value in header.items() if name not in ("recipe", "data", "licence")}
    training = {"recipe": header["recipe"], "data": header["data"], "sources": [], "note": BEFORE_HISTORY}
    return kept | {
        "version": 2,
        "weights_licence": header["licence"],
        "calibration": {},
        "usual_style": None,
        "speaks_styles_of": [],
        "history": [training],
    }


def from_version_2(header: dict) -> dict:
    """Version 3 of a header of version 2, which called models that were imitated "teachers"; for its weights see `present_names`."""
    new = header | {"version": 3}
    if isinstance(header["history"], list):  # what is something else is refused when it is read
        new["history"] = [_renamed_entries(training) for training in header["history"]]
    if isinstance(header.get("licence"), str):
        new["licence"] = header["licence"].replace("; taught by ", "; distilled from ")
    return new


def _renamed_entries(training: object) -> object:
    if not isinstance(training, dict):
        return training
    return {"distilled_from" if name == "teachers" else name: value for name, value in training.items()}


UPGRADES: dict[int, Callable[[dict], dict]] = {1: from_version_1, 2: from_version_2}
RENAMED = {  # version from which on -> a part of a weight's name before -> since
    3: {"audio_encoder.hear.": "audio_encoder.stem.", ".listen.": ".attend_audio.", ".listen_residual.": ".attend_audio_residual."},
}


def present_names(weights: dict[str, Weight], version: int) -> dict[str, Weight]:
    """`weights` of a file of `version`, by the names that they have now."""
    parts = [pair for since, renamed in sorted(RENAMED.items()) if since > version for pair in renamed.items()]
    return {_present_name(name, parts): value for name, value in weights.items()}


def _present_name(name: str, parts: list[tuple[str, str]]) -> str:
    for before, since in parts:
        name = name.replace(before, since)
    return name
