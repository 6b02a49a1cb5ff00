"""Recordings of people into a store: any folder that `read_folder` knows, at the store's rates, with the terms stated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from visavox.data.clip import Clip, common_part
from visavox.data.material.phone_alignment import align
from visavox.data.readers.folder import clips_of
from visavox.data.store.reading import Store
from visavox.data.store.writing import append_clips, start_store
from visavox.errors import DependencyError, FileError, OptionError
from visavox.windows import FPS, SAMPLE_RATE

UNSTATED = "unstated"


@dataclass(frozen=True)
class Terms:
    """What a user states about recordings: `consent` always (how the person agreed, or why none is needed); the others "" where the folder
    itself tells, or nobody knows."""

    consent: str
    licence: str = ""
    source: str = ""
    speaker: str = ""
    style: str = ""
    language: str = ""


@dataclass(frozen=True, eq=False)
class Intake:
    """The store after an import, the ids of the clips that came in, and how many had come in before."""

    store: Store
    added: list[str]
    present: int


def import_folder(
    folder: Path, into: Path, terms: Terms, limit: int | None = None, aligned: bool = False, report=lambda line: None
) -> Intake:
    """What became of the clips of `folder`, at most `limit`, in the store `into`, which is made when it does not exist.

    Ids are SPEAKER/NAME; a clip whose id is there already is left as it is, so that an import that was interrupted goes on. With
    `aligned`, texts without phones are aligned (English); one that cannot be is told to `report`. Raises an OptionError without consent,
    or without a licence where the folder's kind does not state one; a FileError for a recording that cannot be read.
    """
    if not terms.consent.strip():
        raise OptionError("no consent is stated; say how the person agreed (--consent 'signed release, 2024'), or why none is needed")
    store, added, present = start_store(into), [], 0
    known = store.ids

    def fresh() -> Iterator[Clip]:
        nonlocal present
        for clip in islice(clips_of(folder, terms.source, UNSTATED), limit):
            clip = with_terms(clip, terms)
            if clip.name in known:
                present += 1
                continue
            clip = at_store_rates(clip)
            yield _aligned(clip, report) if aligned else clip
            added.append(clip.name)

    store = append_clips(store, fresh())
    if not added and not present:
        raise FileError(f"{folder} holds no recording that can be read; give a folder with sounds, and motion beside them if it has any")
    return Intake(store, added, present)


def with_terms(clip: Clip, terms: Terms) -> Clip:
    """The clip with what `terms` state, under the id SPEAKER/NAME; what they leave open stays as the reader found it."""
    stated = {name: getattr(terms, name) for name in ("licence", "source", "speaker", "style", "language") if getattr(terms, name)}
    clip = replace(clip, consent=terms.consent, **stated)
    if clip.licence == UNSTATED:
        raise OptionError(f"nothing states the licence of clip {clip.name!r}; give it with --licence, such as 'CC BY 4.0'")
    quality = clip.quality if clip.measures is None else round(float(clip.measures.ok.mean()), 4)
    return replace(clip, name=f"{clip.speaker}/{clip.name}", quality=quality)


def at_store_rates(clip: Clip) -> Clip:
    """The clip at 16 kHz and 25 fps, its parts cut to the seconds that all of them cover."""
    motion = None if clip.motion is None else clip.motion.at_fps(FPS)
    measures = None if clip.measures is None else clip.measures.at_fps(FPS)
    audio, motion, measures = common_part(clip.audio.resample(SAMPLE_RATE), 0.0, motion, measures)
    return replace(clip, audio=audio, motion=motion, measures=measures)


def _aligned(clip: Clip, report) -> Clip:
    if clip.phones is not None or not clip.transcript:
        return clip
    try:
        return clip.with_phones(align(clip.audio, clip.transcript))
    except (FileError, DependencyError) as error:
        report(f"{clip.name} has no phones: {error}")
        return clip
