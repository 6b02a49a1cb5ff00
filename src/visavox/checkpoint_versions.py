"""Named upgrades of checkpoint headers: each takes the header of one version and gives that of the next."""

from collections.abc import Callable

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


UPGRADES: dict[int, Callable[[dict], dict]] = {1: from_version_1}
