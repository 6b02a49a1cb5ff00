"""How long a recording says that its sound lasts, where such files say it exactly: less than that means that it was cut off.

A writer that did not know (a pipe) leaves the number of bytes at 0 or near the largest one, and promises nothing.
"""

import struct
from typing import BinaryIO

UNKNOWN = 0x7F000000  # bytes from which on a length is none: programs that write to a pipe put such numbers
EXACT = ("mov", "mp4", "flac", "wav", "aiff", "au")  # formats whose track says how long it is
MOST_CHUNKS = 100
COUNTED, FRAMES_AND_BYTES = (b"Xing", b"Info"), 3  # in the first frame of an mp3 that counts its frames; of others the length is a guess
TAGS = 1 << 12  # bytes that may stand before and behind what is counted
LEAST_MISSING, SHARE_MISSING = 0.3, 0.005  # seconds and share of the promise that may be missing: priming, time stamps that are rounded


def wav_seconds(source: BinaryIO) -> float:
    """The seconds of plain samples that the header of a .wav promises; 0 where it promises none."""
    source.seek(12)
    bytes_a_second = 0
    for _ in range(MOST_CHUNKS):
        head = source.read(8)
        if len(head) < 8:
            return 0.0
        name, size = head[:4], struct.unpack("<I", head[4:])[0]
        if name == b"data":
            return size / bytes_a_second if bytes_a_second and size < UNKNOWN else 0.0
        begins = source.tell()
        if name == b"fmt " and size >= 16:
            bytes_a_second = struct.unpack("<I", source.read(16)[8:12])[0]
        source.seek(begins + size + size % 2)
    return 0.0


def track_seconds(container, track, source: BinaryIO) -> float:
    """The seconds that an open container of PyAV promises of a sound `track`; 0 where its format does not say it exactly."""
    import av

    formats, codec = set(container.format.name.split(",")), track.codec_context
    own = float(track.duration * track.time_base) if track.duration and track.time_base else 0.0
    if codec and codec.name.startswith("pcm_") and own * (codec.bit_rate or 0) >= 8 * UNKNOWN:
        return 0.0
    if formats & set(EXACT) or ("mp3" in formats and _counts_all(source, container.size)):
        return own
    alone = len(container.streams) == 1 and "matroska" in formats  # what it says of its length is that of its longest track
    return container.duration / av.time_base if alone and container.duration else 0.0


def _counts_all(source: BinaryIO, size: int) -> bool:
    """Whether an mp3 of `size` bytes counts its own frames and bytes in the first one, and is no larger: else other files follow it."""
    place = source.tell()
    source.seek(0)
    head = source.read(10)
    if head[:3] == b"ID3" and len(head) == 10:  # its size is four times seven bits
        source.seek(10 + sum(part << 7 * (3 - index) for index, part in enumerate(head[6:])))
        head = b""
    head += source.read(2048)
    source.seek(place)
    found = [at for name in COUNTED if (at := head.find(name)) >= 0]
    if not found or len(head) < found[0] + 16:
        return False
    flags, _, counted = struct.unpack(">III", head[found[0] + 4 : found[0] + 16])
    return flags & FRAMES_AND_BYTES == FRAMES_AND_BYTES and size <= counted + TAGS


def missing(promised: float, seconds: float) -> bool:
    """Whether so much is missing of what was `promised`, when there are `seconds`, that it is worth a word."""
    return promised - seconds > LEAST_MISSING + SHARE_MISSING * promised
