"""What a glTF document keeps outside its JSON: buffers and pictures, inline or in files beside it, gathered into one buffer.

A picture on a web address stays a reference. Each fault is a ValueError that names the entry and its URI.
"""

import base64
import binascii
import os
import re
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from visavox.io.documents import read_bytes
from visavox.io.gltf_document import MESHOPT, MOST_BYTES, extension, is_fallback

PICTURES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".ktx2": "image/ktx2", ".ktx": "image/ktx",
    ".basis": "image/basis", ".avif": "image/avif", ".dds": "image/vnd-ms.dds", ".gif": "image/gif", ".bmp": "image/bmp",
    ".tga": "image/x-tga", ".tif": "image/tiff", ".tiff": "image/tiff",
}  # fmt: skip
SIGNS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"\xabKTX": "image/ktx2",
    b"DDS ": "image/vnd-ms.dds",
}
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
SHOWN = 60  # characters of a URI


def gather(document: dict, chunk: bytes | memoryview | None, path: Path) -> bytes | memoryview:
    """The one buffer that holds what the document's buffers and pictures held; the document is changed to speak of it.

    `chunk` is the binary part of a .glb. Buffers that stand for unpacked meshopt data keep their place behind it, without bytes.
    """
    buffers = document.get("buffers", [])
    pictures = [image for image in document.get("images", []) if "uri" in image and not _on_the_web(image["uri"])]
    alone = len(buffers) == 1 and "uri" not in buffers[0] and not is_fallback(buffers[0])
    if chunk is not None and alone and not pictures:
        return _cut(chunk, buffers[0]["byteLength"], "buffers[0]")
    binary, moves, kept = bytearray(), [], []
    for number, buffer in enumerate(buffers):
        if is_fallback(buffer):
            moves.append((1 + len(kept), 0))
            kept.append(buffer)
            continue
        binary += b"\0" * (-len(binary) % 4)
        moves.append((0, len(binary)))
        binary += _bytes_of(buffer, number, chunk, path)
    _move_views(document, moves)
    for image in pictures:
        _take_in(image, f"images[{document['images'].index(image)}]", document, binary, path)
    if len(binary) > MOST_BYTES:
        raise ValueError(f"it holds {len(binary) >> 20} MB with what lies beside it; {MOST_BYTES >> 20} are read at most")
    if binary or kept:
        document["buffers"] = [{"byteLength": len(binary)}, *kept]
    return bytes(binary)


def _bytes_of(buffer: dict, number: int, chunk: bytes | memoryview | None, path: Path) -> bytes | memoryview:
    place = f"buffers[{number}]"
    if "uri" in buffer:
        return _cut(_resource(buffer["uri"], place, path)[0], buffer["byteLength"], place)
    if number == 0 and chunk is not None:
        return _cut(chunk, buffer["byteLength"], place)
    if not buffer["byteLength"]:
        return b""
    raise ValueError(f"{place} has no data: neither a URI nor a binary part of the file")


def _cut(data: bytes | memoryview, length: int, place: str) -> bytes | memoryview:
    if len(data) < length:
        raise ValueError(f"{place} should have {length} bytes, and {len(data)} are there; the file is cut off")
    return data[:length]


def _move_views(document: dict, moves: list[tuple[int, int]]) -> None:
    """Renames the buffers of all views, and of the compressed data behind them, to where they went."""
    for view in document.get("bufferViews", []):
        for entry in (view, extension(view, *MESHOPT)):
            if entry:
                buffer, start = moves[entry["buffer"]]
                entry["byteOffset"], entry["buffer"] = entry.get("byteOffset", 0) + start, buffer


def _take_in(image: dict, place: str, document: dict, binary: bytearray, path: Path) -> None:
    uri = image.pop("uri")
    picture, inline = _resource(uri, place, path)
    suffix = Path(unquote(uri)).suffix.lower() if inline is None else ""
    sign = next((kind for sign, kind in SIGNS.items() if picture.startswith(sign)), None)
    kind = image.get("mimeType") or inline or sign or PICTURES.get(suffix)
    if not kind:
        raise ValueError(f"the picture of {place}, {_shown(uri)}, is of no known kind; save it as .png or .jpg, or state its mimeType")
    binary += b"\0" * (-len(binary) % 4)
    views = document.setdefault("bufferViews", [])
    views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(picture)})
    image |= {"bufferView": len(views) - 1, "mimeType": kind}
    binary += picture


def _resource(uri: str, place: str, path: Path) -> tuple[bytes, str | None]:
    """The bytes behind a URI of the file at `path`, inline or a file in the same folder or below it; the type that an inline one states."""
    if uri[:5].lower() == "data:":
        return _inline(uri, place)
    if ELSEWHERE.match(uri):
        raise ValueError(f"{place} lies at {_shown(uri)}, and nothing is downloaded; save it beside the file")
    folder = Path(os.path.realpath(path)).parent
    for name in (unquote(uri), unquote(uri).replace("\\", "/")):
        try:
            target = Path(os.path.realpath(folder / name))  # resolve() would raise at a loop of links
            there = target.is_file()
        except (OSError, ValueError) as error:  # a name too long, or with a NUL
            raise ValueError(f"{place} names {_shown(uri)}, which cannot be a file ({getattr(error, 'strerror', None) or error})") from None
        if not target.is_relative_to(folder):
            raise ValueError(f"{place} names {_shown(uri)}, outside its own folder")
        if there:
            return read_bytes(target, "make it smaller", MOST_BYTES), None
    raise ValueError(f"{place} names {_shown(uri)}, which is not beside it")


def _inline(uri: str, place: str) -> tuple[bytes, str | None]:
    head, comma, body = uri[5:].partition(",")
    kind = head.split(";")[0].strip() or None
    if not comma:
        raise ValueError(f"{place} is inline without data")
    if not head.rstrip().lower().endswith(";base64"):
        return unquote_to_bytes(body), kind
    text = re.sub(r"\s+", "", unquote(body)).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True), kind
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{place} is inline and its base64 is damaged ({error})") from None


def _on_the_web(uri: str) -> bool:
    return uri[:5].lower() != "data:" and bool(ELSEWHERE.match(uri))


def _shown(uri: str) -> str:
    return repr(uri if len(uri) <= SHOWN else f"{uri[:SHOWN]}...")
