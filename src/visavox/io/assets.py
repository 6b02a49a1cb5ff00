"""What the package carries: the head, the default checkpoint, the built-in styles, the emotions, the demo recording."""

import io
import tomllib
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

import numpy as np

from visavox.arguments import checked
from visavox.errors import FileError, OptionError, nearest
from visavox.io.style import read_style
from visavox.style import Style

DEMO_STEM = "demo"


def asset_path(*parts: str) -> Path:
    """The path of a packaged file, such as `asset_path("head.npz")`; a FileError when this installation lacks it."""
    path = Path(str(files("visavox") / "assets")).joinpath(*parts)
    if not path.is_file():
        raise FileError(f"the packaged file {'/'.join(parts)} is missing at {path}; install Visavox again")
    return path


def asset_bytes(*parts: str) -> bytes:
    """The bytes of a packaged file."""
    return asset_path(*parts).read_bytes()


def asset_arrays(*parts: str, names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays of a packaged .npz by name; all, or those of `names`, for which the others are not unpacked."""
    with np.load(io.BytesIO(asset_bytes(*parts)), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files if names is None or name in names}


def read_head_asset(names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays of the packaged head, as `Head.from_asset` takes them; or those of `names` alone."""
    return asset_arrays("head.npz", names=names)


def read_emotions() -> dict:
    """The packaged table of emotions as plain values, as `EmotionTable.from_document` takes it."""
    return tomllib.loads(asset_bytes("emotions.toml").decode())


def read_feeling_words() -> dict[str, str | dict[str, list[str]]]:
    """The packaged lists of English words by what they tell, as text of words between spaces; under "phrases" a table of phrases."""
    return tomllib.loads(asset_bytes("feeling_words.toml").decode())


def read_idioms() -> dict[str, list[str]]:
    """The packaged table of what people say of faces: what is done, as a prompt, and the phrases for it."""
    return tomllib.loads(asset_bytes("idioms.toml").decode())


def read_families() -> dict[str, str]:
    """The packaged table of words that show the same: the one that the rules of prompts know, and the others."""
    return tomllib.loads(asset_bytes("families.toml").decode())


def default_checkpoint() -> Path:
    """The path of the checkpoint that the package carries."""
    return asset_path("default.safetensors")


def demo_recording() -> Path:
    """The path of the bundled recording, whatever its format."""
    found = sorted(Path(str(files("visavox") / "assets")).glob(f"{DEMO_STEM}.*"))
    sounds = [path for path in found if path.suffix.lower() in (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a")]
    if not sounds:
        raise FileError("the bundled recording is missing from this installation; install Visavox again")
    return sounds[0]


def style_names() -> list[str]:
    """The names of the built-in styles, sorted."""
    return sorted(path.stem for path in (Path(str(files("visavox") / "assets")) / "styles").glob("*.safetensors"))


@checked
def built_in_style(name: str) -> Style:
    """A built-in style by name; an OptionError that lists the valid names otherwise."""
    if name not in style_names():
        valid = ", ".join(style_names()) or "none in this installation"
        raise OptionError(
            f"there is no style {name!r}{nearest(name, style_names())}; built-in styles: {valid}; or give a style file (.safetensors)"
        )
    return read_style(asset_path("styles", f"{name}.safetensors"))


def identity_names() -> list[str]:
    """The names of the packaged head's identities, read without its geometry."""
    with np.load(asset_path("head.npz"), allow_pickle=False) as archive:
        return [str(name) for name in archive["presets"]]


def named_style(name: str) -> Style:
    """The style in the file `name` (.safetensors), or the built-in one of that name; an OptionError or FileError when there is none."""
    return read_style(name) if Path(name).suffix.lower() == ".safetensors" else built_in_style(name)
