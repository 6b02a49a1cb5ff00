"""Where clips come from, as a checkpoint states it: one `Source` for each origin, counted from the clips themselves."""

import hashlib
from collections.abc import Iterable

from visavox.data.clip import Clip
from visavox.history import Source


def sources_of(clips: Iterable[Clip]) -> tuple[Source, ...]:
    """One source for each source, licence and consent that clips state, with their number, hours and a hash of names and sound."""
    origins: dict[tuple[str, str, str], list[Clip]] = {}
    for clip in clips:
        origins.setdefault((clip.source, clip.licence, clip.consent), []).append(clip)
    return tuple(
        Source(*words, len(each), round(sum(clip.audio.seconds for clip in each) / 3600, 4), content_of(each))
        for words, each in sorted(origins.items())
    )


def content_of(clips: Iterable[Clip]) -> str:
    """A hash (16 digits) of the names and the sound of clips, whatever their order."""
    digests = sorted(hashlib.sha256(clip.name.encode() + b"/" + clip.audio.samples.tobytes()).hexdigest() for clip in clips)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]
