"""Style files: the vector of a `Style` and the fingerprint of its encoder, a .safetensors of a few hundred bytes."""

from pathlib import Path

from visavox.arguments import checked
from visavox.errors import FileError, OptionError
from visavox.fields import Fields
from visavox.io.arrays import checked_numbers
from visavox.io.atomic import check_suffix
from visavox.io.tensors import read_tensors, write_tensors
from visavox.style import FaceStyle, HeadStyle, Style

KIND, VERSION = "style", 1
AGAIN = "extract the style again"


@checked
def write_style(style: Style, path: str | Path) -> None:
    """Writes `style` to `path` (suffix .safetensors), whole or not at all."""
    check_suffix(path, (".safetensors",), "the style file")
    header = {"kind": KIND, "version": VERSION, "name": style.name, "encoder": style.encoder, "head": style.head.to_json()}
    if style.face != FaceStyle():
        header["face"] = style.face.to_json()
    write_tensors({"vector": style.vector}, header, path)


@checked
def read_style(path: str | Path) -> Style:
    """The style that `write_style` stored. Raises a FileError when the file is not a style of this version."""
    arrays, header = read_tensors(path)
    if header["kind"] != KIND:
        raise FileError(f"{path} is a {header['kind']}, not a style; give a file that holds a style")
    if header["version"] != VERSION:
        version = header["version"]
        raise FileError(f"{path} has style version {version}, this Visavox reads {VERSION}; extract the style again")
    if "vector" not in arrays:
        raise FileError(f"{path} does not hold a style: it lacks vector; {AGAIN}")
    stored = Fields(header, path, AGAIN)
    vector = checked_numbers(arrays["vector"], f"{path} has vector", AGAIN)
    try:
        return Style(vector, stored.text("encoder"), stored.text("name"), HeadStyle.of(stored), FaceStyle.of(stored))
    except OptionError as error:
        raise FileError(f"{path} does not hold a style ({error}); {AGAIN}") from None
