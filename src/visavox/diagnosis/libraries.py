"""Which libraries are installed, in which versions, and which extra brings those that are not."""

import re
from importlib.metadata import PackageNotFoundError, metadata, version

NEEDED = ("numpy", "onnxruntime", "safetensors", "soundfile", "av", "scipy", "tqdm")
TRAINING = "torch"
PACKAGE = "visavox"
EXTRAS = {
    "completion": "Tab completes commands in your shell",
    "evaluate": "plots in reports; which sounds are spoken when (`visavox evaluate`)",
    "export": ".parquet",
    "heic": "photos from telephones, .heic (`--portrait`)",
    "live": "live frames to VMC and WebSocket (`visavox play`)",
    "microphone": "a voice live from a microphone (`visavox stream --microphone`)",
    "paper": "training as DiffPoseTalk was published",
    "portrait": "one photo speaks (`--portrait`)",
    "prepare": "films become a store to train on (`visavox prepare`)",
    "provenance": "signed content credentials in videos",
    "ray": "many recordings on a cluster (`--engine ray`)",
    "track": "a face in a film becomes motion (`visavox track`)",
    "train": "training (`visavox train`, `visavox build`)",
    "usd": ".usda, .usdc, .usdz",
}  # what each is for; "dev" is for those who work on Visavox


def versions(names: tuple[str, ...] = (*NEEDED, TRAINING)) -> dict[str, str | None]:
    """The installed version of each library by name, None where it is missing."""
    return {name: version_of(name) for name in names}


def extras() -> dict[str, dict]:
    """What each extra brings (`for`), which of its libraries are `missing`, and the command that installs them (`install`).

    Empty where Visavox itself is not installed, as when its folder is merely on the path.
    """
    try:
        installed = metadata(PACKAGE)
    except PackageNotFoundError:
        return {}
    wanted, known = installed.get_all("Requires-Dist") or [], installed.get_all("Provides-Extra") or []
    found = {}
    for extra, purpose in EXTRAS.items():
        if extra not in known:  # of a newer Visavox than was installed
            continue
        names = _libraries(extra, wanted)
        missing = [name for name in names if version_of(name) is None]
        found[extra] = {"for": purpose, "missing": missing, "install": f"pip install 'visavox[{extra}]'" if missing else None}
    return found


def _libraries(extra: str, wanted: list[str]) -> list[str]:
    """The names of the libraries that an extra brings, those of the extras that it is made of among them."""
    found = []
    for requirement in wanted:
        if not re.search(rf"""extra\s*==\s*["']{extra}["']""", requirement):
            continue
        inner = re.match(rf"{PACKAGE}\s*\[([^\]]*)\]", requirement)
        parts = [part.strip() for part in inner[1].split(",")] if inner else []
        found += [name for part in parts for name in _libraries(part, wanted)] if inner else [_name(requirement)]
    return list(dict.fromkeys(found))


def _name(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement).group()


def version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
