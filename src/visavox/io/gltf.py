"""glTF 2.0 files to `Gltf` and back: the JSON document and one binary buffer, as a .glb holds them.

Reads .glb, .vrm and .vrma, and .gltf with its buffers and pictures beside it or inline. A document is checked once, here
(`io/gltf_document.py`): whoever gets a `Gltf` from `read_gltf` may rely on its structure, its indices and its ranges.
"""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from visavox.errors import FileError
from visavox.io.atomic import write_bytes
from visavox.io.documents import read_bytes
from visavox.io.gltf_document import MOST_BYTES, check_document
from visavox.io.gltf_resources import gather

MAGIC, VERSION = b"glTF", 2
JSON_CHUNK, BINARY_CHUNK = b"JSON", b"BIN\0"
MOST_TEXT = 1 << 27  # bytes of JSON: most of it data written as text
MOST_PARTS = 2_000_000  # values in it: each takes many times its text once read


@dataclass(frozen=True, eq=False)
class Gltf:
    """A glTF asset: its JSON `document`, whose buffer 0 (if any) is `binary`."""

    document: dict
    binary: bytes | memoryview


def read_gltf(path: str | Path) -> Gltf:
    """The asset in a .glb, .vrm, .vrma or .gltf file; a FileError that names the file, the place in it and what is wrong there."""
    data = read_bytes(path, "simplify the character", MOST_BYTES)
    try:
        text, chunk = _chunks(memoryview(data)) if data[:4] == MAGIC else (data, None)
        text = bytes(text)
        _check_size(text)
        document = json.loads(text, parse_constant=_no_number, parse_float=_number)
        check_document(document)
        return Gltf(document, gather(document, chunk, Path(path)))
    except RecursionError:
        reason = "it is nested too deeply"
    except UnicodeDecodeError:
        reason = "its JSON is not text"
    except json.JSONDecodeError as error:
        reason = f"its JSON cannot be read: {error}"
    except ValueError as error:
        reason = str(error)
    raise FileError(f"{path} is not a glTF 2.0 file that can be used ({reason}); export the character again as .glb")


def write_glb(gltf: Gltf, path: str | Path) -> None:
    """Writes the asset as one .glb, whole or not at all; equal assets give equal bytes."""
    write_bytes(glb_bytes(gltf), path)


def glb_bytes(gltf: Gltf) -> bytes:
    """The bytes of the asset as a .glb file."""
    document = gltf.document
    if len(gltf.binary):
        document = document | {"buffers": [{"byteLength": len(gltf.binary)}, *document.get("buffers", [])[1:]]}
    text = _json_bytes(document)
    text += b" " * (-len(text) % 4)
    parts = [struct.pack("<I4s", len(text), JSON_CHUNK), text]
    if len(gltf.binary):
        padding = b"\0" * (-len(gltf.binary) % 4)
        parts += [struct.pack("<I4s", len(gltf.binary) + len(padding), BINARY_CHUNK), gltf.binary, padding]
    return b"".join([struct.pack("<4sII", MAGIC, VERSION, 12 + sum(map(len, parts))), *parts])


def _json_bytes(document: dict) -> bytes:
    """The document as UTF-8; with escapes where a name has half a character, as JSON may have and UTF-8 may not."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def _chunks(data: memoryview) -> tuple[memoryview, memoryview | None]:
    """The JSON and the binary part of a .glb."""
    if len(data) < 12:
        raise ValueError(f"it has {len(data)} bytes, less than its header")
    _, version, length = struct.unpack_from("<4sII", data)
    if version != VERSION:
        raise ValueError(f"it is of version {version}, and version 2 is read")
    if length > len(data):
        raise ValueError(f"it has {len(data)} of {length} bytes; it is cut off")
    chunks: dict[bytes, memoryview] = {}
    start = 12
    while start + 8 <= length:
        size, kind = struct.unpack_from("<I4s", data, start)
        if start + 8 + size > length:
            raise ValueError(f"its part {kind.decode('latin-1')!r} should have {size} bytes, and {length - start - 8} are there")
        chunks.setdefault(kind, data[start + 8 : start + 8 + size])
        start += 8 + size
    if JSON_CHUNK not in chunks:
        raise ValueError("it has no JSON part")
    return chunks[JSON_CHUNK], chunks.get(BINARY_CHUNK)


def _check_size(text: bytes) -> None:
    if len(text) > MOST_TEXT:
        raise ValueError(f"its JSON has {len(text) >> 20} MB; {MOST_TEXT >> 20} are read at most")
    parts = sum(map(text.count, (b",", b"[", b"{")))
    if parts > MOST_PARTS:
        raise ValueError(f"its JSON has some {parts} values; {MOST_PARTS} are read at most")


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"its JSON has {text[:20]}, which is no number that JSON allows")
