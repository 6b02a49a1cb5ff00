"""Motion to files for other programs: one file per format, one signature, chosen by the suffix of the output.

An exporter is a function `(motion, path, setting)`; what only one format can vary is a keyword after these.
A new format is one file beside these and one entry in `EXPORTERS`.
"""

from pathlib import Path

from visavox.export.accompaniment import Setting
from visavox.export.bvh import write_bvh
from visavox.export.gltf.vrma import write_vrma
from visavox.export.gltf.writing import write_gltf
from visavox.export.json.arkit import write_arkit_json
from visavox.export.json.audio2face import write_a2f_json
from visavox.export.json.azure import write_azure_json
from visavox.export.json.text import write_json
from visavox.export.json.visemes import write_visemes_json
from visavox.export.live_link_csv import write_live_link_csv
from visavox.export.npz import write_npz
from visavox.export.parquet import write_parquet
from visavox.export.required_shapes import missing_shapes
from visavox.export.rhubarb import write_rhubarb_json, write_rhubarb_tsv, write_rhubarb_xml
from visavox.export.usd import write_usd
from visavox.io.atomic import check_suffix
from visavox.motion import Motion

EXPORTERS = {
    ".npz": write_npz,
    ".csv": write_live_link_csv,
    ".glb": write_gltf,
    ".vrma": write_vrma,
    ".usda": write_usd,
    ".usdc": write_usd,
    ".usdz": write_usd,
    ".bvh": write_bvh,
    ".a2f.json": write_a2f_json,
    ".arkit.json": write_arkit_json,
    ".azure.json": write_azure_json,
    ".visemes.json": write_visemes_json,
    ".parquet": write_parquet,
    ".tsv": write_rhubarb_tsv,
    ".xml": write_rhubarb_xml,
    ".json": write_rhubarb_json,
}

ALL_SHAPES = (".csv", ".a2f.json", ".azure.json")  # formats that hold every ARKit shape, 0 where the rig lacks it
WITHOUT_PROVENANCE = (".csv", ".bvh", ".azure.json", ".tsv", ".xml", ".json")


def export(motion: Motion, path: str | Path, setting: Setting | None = None) -> None:
    """Writes `motion` in the format of the suffix of `path`; an OptionError lists the suffixes when it has another.

    A format without a place for the provenance gets it in a file beside it, `NAME.provenance.json`; one of an earlier export goes.
    """
    setting, suffix = setting or Setting(), suffix_of(path)
    EXPORTERS[suffix](motion, path, setting)
    if suffix in WITHOUT_PROVENANCE:
        beside = Path(f"{path}.provenance.json")
        if setting.provenance:
            write_json(setting.provenance, beside, {})
        else:
            beside.unlink(missing_ok=True)  # it spoke of the file that has just been replaced


def zeroed(motion: Motion, path: str | Path) -> list[str]:
    """The shapes that the file `path` will hold as 0 because the motion's rig lacks them."""
    return missing_shapes(motion) if suffix_of(path) in ALL_SHAPES else []


def suffix_of(path: str | Path) -> str:
    """The entry of `EXPORTERS` that the name of `path` ends with, the longest of several: `a.a2f.json` is .a2f.json, not .json.

    An OptionError lists the suffixes when it ends with none.
    """
    return check_suffix(path, tuple(EXPORTERS))
