"""Motion to files for other programs: one file per format, one signature, chosen by the suffix of the output.

An exporter is a function `(motion, path, setting)`; what only one format can vary is a keyword after these.
A new format is one file beside these and one entry in `EXPORTERS`.
"""

from pathlib import Path

from visavox.errors import OptionError
from visavox.export.live_link_csv import write_live_link_csv
from visavox.export.npz import write_npz
from visavox.export.setting import Setting
from visavox.motion import Motion

EXPORTERS = {".npz": write_npz, ".csv": write_live_link_csv}


def export(motion: Motion, path: str | Path, setting: Setting | None = None) -> None:
    """Writes `motion` in the format of the suffix of `path`; an OptionError lists the suffixes when it has another."""
    suffix = Path(path).suffix.lower()
    if suffix not in EXPORTERS:
        raise OptionError(f"{path} has no suffix that can be exported; valid suffixes: {', '.join(EXPORTERS)}")
    EXPORTERS[suffix](motion, path, setting or Setting())
