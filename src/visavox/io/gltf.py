"""glTF 2.0 files to `Gltf` and back: the JSON document and one binary buffer, as a .glb holds them.

Reads .glb, .vrm and .vrma, and .gltf with its buffers and pictures beside it or inline.
"""

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from visavox.errors import FileError
from visavox.io.atomic import write_bytes

MAGIC, VERSION = b"glTF", 2
JSON_CHUNK, BINARY_CHUNK = b"JSON", b"BIN\0"
MOST_BYTES = 1 << 30
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True, eq=False)
class Gltf:
    """A glTF asset: its JSON `document`, whose buffer 0 (if any) is `binary`."""

    document: dict
    binary: bytes


def read_gltf(path: str | Path) -> Gltf:
    """The asset in a .glb, .vrm, .vrma or .gltf file; a FileError that names the file and what is wrong with it."""
    data = _read(Path(path), path)
    try:
        found = _from_glb(data) if data[:4] == MAGIC else _from_text(data, Path(path))
        if not isinstance(found.document, dict) or str(found.document["asset"]["version"]).split(".")[0] != "2":
            raise ValueError("it is not of version 2")
    except (ValueError, KeyError, TypeError, IndexError, struct.error, RecursionError, binascii.Error) as error:
        reason = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise FileError(f"{path} is not a glTF 2.0 file ({reason}); export the character again as .glb") from None
    return found


def write_glb(gltf: Gltf, path: str | Path) -> None:
    """Writes the asset as one .glb, whole or not at all; equal assets give equal bytes."""
    write_bytes(glb_bytes(gltf), path)


def glb_bytes(gltf: Gltf) -> bytes:
    """The bytes of the asset as a .glb file."""
    document = gltf.document
    if gltf.binary:
        document = document | {"buffers": [{"byteLength": len(gltf.binary)}]}
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), JSON_CHUNK) + text
    if gltf.binary:
        binary = gltf.binary + b"\0" * (-len(gltf.binary) % 4)
        chunks += struct.pack("<I4s", len(binary), BINARY_CHUNK) + binary
    return struct.pack("<4sII", MAGIC, VERSION, 12 + len(chunks)) + chunks


def _read(target: Path, path: str | Path) -> bytes:
    try:
        if target.stat().st_size > MOST_BYTES:
            raise FileError(f"{path} has {target.stat().st_size >> 20} MB; {MOST_BYTES >> 20} are read at most; simplify it")
        return target.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None


def _from_glb(data: bytes) -> Gltf:
    magic, version, length = struct.unpack_from("<4sII", data)
    if version != VERSION or length > len(data):
        raise ValueError(f"version {version}, {len(data)} of {length} bytes")
    chunks, start = {}, 12
    while start + 8 <= length:
        size, kind = struct.unpack_from("<I4s", data, start)
        chunks.setdefault(kind, data[start + 8 : start + 8 + size])
        start += 8 + size
    document = json.loads(chunks[JSON_CHUNK])
    if any("uri" in buffer for buffer in document.get("buffers", [])):
        raise ValueError("some of its data lie in other files")
    return Gltf(document, chunks.get(BINARY_CHUNK, b"")[: sum(buffer["byteLength"] for buffer in document.get("buffers", []))])


def _from_text(data: bytes, path: Path) -> Gltf:
    """A .gltf as one buffer: its buffers one after another, its pictures behind them."""
    document = json.loads(data)
    binary, starts = bytearray(), []
    for buffer in document.get("buffers", []):
        binary += b"\0" * (-len(binary) % 4)
        starts.append(len(binary))
        binary += _resource(buffer["uri"], path)[: buffer["byteLength"]]
    for view in document.get("bufferViews", []):
        view["byteOffset"] = view.get("byteOffset", 0) + starts[view["buffer"]]
        view["buffer"] = 0
    for image in document.get("images", []):
        if "uri" in image:
            _take_in(image, document, binary, path)
    return Gltf(document, bytes(binary))


def _take_in(image: dict, document: dict, binary: bytearray, path: Path) -> None:
    uri = image.pop("uri")
    picture = _resource(uri, path)
    inline = uri[5:].split(";")[0] if uri.startswith("data:") else None
    binary += b"\0" * (-len(binary) % 4)
    views = document.setdefault("bufferViews", [])
    views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(picture)})
    image |= {"bufferView": len(views) - 1, "mimeType": inline or PICTURES[Path(uri).suffix.lower()]}
    binary += picture


def _resource(uri: str, path: Path) -> bytes:
    """The bytes behind a URI of the file at `path`: inline, or a file in the same folder or below it."""
    if uri.startswith("data:"):
        return base64.b64decode(uri.partition(",")[2], validate=True)
    folder = path.resolve().parent
    target = (folder / unquote(uri)).resolve()
    if not target.is_relative_to(folder):
        raise ValueError(f"it names {uri}, outside its own folder")
    return _read(target, target)
