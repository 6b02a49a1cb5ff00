"""Pictures as PNG."""

import struct
import zlib

import numpy as np


def png_bytes(picture: np.ndarray) -> bytes:
    """The picture (H, W, 3 or 4) uint8 as the bytes of a PNG file."""
    height, width, depth = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    kind = {3: 2, 4: 6}[depth]
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    written = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)
