"""Where clips come from, as a checkpoint states it: one `Source` for each origin, counted from the clips themselves."""

import hashlib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.store.shards import read_groups, record_digest, sound_length
from visavox.history import Source
from visavox.io.kept import arrays_digest, text_digest


def sources_of(clips: Iterable[Clip]) -> tuple[Source, ...]:
    """One source for each source, licence and consent that clips state, with their number, hours and a hash of names and sound."""
    origins: dict[tuple[str, str, str], list[Clip]] = {}
    for clip in clips:
        origins.setdefault((clip.source, clip.licence, clip.consent), []).append(clip)
    return tuple(
        Source(*words, len(each), round(sum(clip.audio.seconds for clip in each) / 3600, 4), content_of(each))
        for words, each in sorted(origins.items())
    )


def sources_of_shards(shards: Iterable[Path]) -> tuple[Source, ...]:
    """One source for each source, licence and consent that the rows of shards state, with their number, hours and a hash of all they store;
    sound is measured, not decoded."""
    origins: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
    for shard in shards:
        for record in chain.from_iterable(read_groups(shard)):
            words = tuple(record[name] or "" for name in ("source", "licence", "consent"))
            origins.setdefault(words, []).append((sound_length(record) / record["sample_rate"], record_digest(record)))
    return tuple(
        Source(*words, len(each), round(sum(seconds for seconds, _ in each) / 3600, 4), text_digest(sorted(digest for _, digest in each)))
        for words, each in sorted(origins.items())
    )


def clips_digest(clips: Iterable[Clip]) -> str:
    """A hash (16 digits) of all that material takes from clips, in their order: names, speakers, sound, phones and measures."""
    digest = hashlib.sha256()
    for clip in clips:
        digest.update(repr((clip.name, clip.speaker, clip.audio.sample_rate, clip.phones)).encode())
        digest.update(clip.audio.samples.tobytes())
        if clip.measures is not None:
            seen = clip.measures
            digest.update(arrays_digest({"gap": seen.lip_gap, "width": seen.mouth_width, "ok": seen.ok}).encode())
    return digest.hexdigest()[:16]


def content_of(clips: Iterable[Clip]) -> str:
    """A hash (16 digits) of the names and the sound of clips, whatever their order."""
    digests = sorted(hashlib.sha256(clip.name.encode() + b"/" + clip.audio.samples.tobytes()).hexdigest() for clip in clips)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]
