"""One film, prepared: its segments of speech with the tracked face, each kept as a clip or dropped for a reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip, common_part, cut_name
from visavox.data.measures import Measures
from visavox.encoding import RecordingEncoder
from visavox.errors import VisavoxError
from visavox.io.audio import read_audio
from visavox.io.video_frames import film_of
from visavox.prepare.checks import Limits, Segment, why_not
from visavox.prepare.duplicates import fingerprint
from visavox.prepare.segments import Cutting, Span, cut, speech_spans
from visavox.prepare.voice_activity import speech_probability
from visavox.rigs.arkit import ARKIT
from visavox.track.film import chosen, follow_film, motions_of
from visavox.track.following import Person
from visavox.track.landmarks import Landmarker
from visavox.track.motion_of import Tracked
from visavox.track.solver import Solver
from visavox.windows import FPS, SAMPLE_RATE

LONGEST = 6 * 3600.0  # seconds of a film
BESIDE = (".flac", ".wav", ".mp3", ".m4a", ".ogg", ".opus")
PICTURE_EVERY, PICTURE_SIDE = 5.0, 160  # seconds between pictures that a report may show; pixels of their longer side
SILENT = 0.5  # probability of silence from which nobody speaks


class Source(NamedTuple):
    """Where a film comes from: its path, who speaks, under which licence and consent, what the set is called; in which style and language
    what is said, where its name tells; and where its sound lies when it has none and none of its name lies beside it."""

    path: Path
    speaker: str
    licence: str
    consent: str
    source: str
    style: str = ""
    language: str = ""
    text: str = ""
    sound: Path | None = None

    @property
    def stated(self) -> tuple[str, ...]:
        """What is stated about the film, wherever it lies."""
        return (*self[1:5], *(word for word in self[5:8] if word))


class Tools(NamedTuple):
    """What films are prepared with: landmarks, the solver, and the encoder of sounds."""

    landmarker: Landmarker
    solver: Solver
    encoder: RecordingEncoder


@dataclass(frozen=True)
class Dropped:
    """A span (seconds) of a film that is not kept, the name of the check that it does not pass and the reason in words."""

    span: Span
    check: str
    reason: str


@dataclass(eq=False)
class Prepared:
    """What became of a film: its digest and seconds, clips with the fingerprints of their sounds; what was dropped; a small picture
    (H, W, 3) of some of them, by the number of the second at which it begins."""

    digest: str
    seconds: float = 0.0
    clips: list[Clip] = field(default_factory=list)
    prints: list[np.ndarray] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    pictures: dict[str, np.ndarray] = field(default_factory=dict)


def prepare_film(source: Source, digest: str, tools: Tools, cutting: Cutting, limits: Limits) -> Prepared:
    """What becomes of the film at `source.path`; a film that is of no use as a whole is dropped for that reason, never an error."""
    made = Prepared(digest)
    try:
        beside = sound_of(source)
    except VisavoxError as error:
        return _dropped_whole(made, "unreadable", str(error))
    try:
        audio = read_audio(beside)
    except VisavoxError as error:
        return _dropped_whole(made, "no sound", str(error))
    made.seconds = audio.seconds
    if audio.seconds > LONGEST:
        return _dropped_whole(made, "too long", f"it lasts {audio.seconds / 3600:.1f} hours, over {LONGEST / 3600:g}")
    speech = speech_spans(speech_probability(audio), cutting)
    if not speech:
        return _dropped_whole(made, "no speech", "nobody speaks in it")
    pictures: dict[float, np.ndarray] = {}
    try:
        followed, facts = follow_film(source.path, tools.landmarker, tools.solver, lambda frames, _: _watched(frames, pictures))
    except VisavoxError as error:
        return _dropped_whole(made, "no face", str(error))
    people = chosen(followed, None, source.path)
    tracked = next(motions_of(people[:1], facts, tools.solver, FPS))
    cues = tools.encoder.cues(audio.resample(SAMPLE_RATE), tracked.motion.frames)
    film = _Film(audio, tracked, people, cues, facts.fps)
    for span in cut(speech, tracked.spans, min(audio.seconds, tracked.motion.seconds), cutting):
        _keep_or_drop(made, film, span, source, limits, pictures)
    if len(made.clips) == len(speech) == 1 and source.text:  # else nobody knows which words are in which clip
        made.clips[0] = replace(made.clips[0], transcript=source.text)
    if not made.clips and not made.dropped:
        made.pictures["too short"] = next(iter(pictures.values()))
        return _dropped_whole(made, "too short", "speech and face are together for too short a time")
    return made


def sound_of(source: Source) -> Path:
    """Where the sound of a film is: in it, or in a recording of its name beside it where it has none, or where the corpus has it, as
    published or converted."""
    path = source.path
    published = [source.sound, *(source.sound.with_suffix(suffix) for suffix in BESIDE)] if source.sound else []
    beside = [path.with_suffix(suffix) for suffix in BESIDE] + published
    return path if film_of(path).sound else next((each for each in beside if each.exists()), path)


class _Film(NamedTuple):
    audio: Audio
    tracked: Tracked
    people: list[Person]
    cues: dict[str, np.ndarray]
    fps: float


def _dropped_whole(made: Prepared, check: str, reason: str) -> Prepared:
    made.dropped.append(Dropped((0.0, made.seconds), check, reason))
    return made


def _keep_or_drop(made: Prepared, film: _Film, span: Span, source: Source, limits: Limits, pictures: dict[float, np.ndarray]) -> None:
    """Adds the segment of `span` to what is kept or to what is dropped, and a picture for the first of each kind."""
    first, last = (round(edge * FPS) for edge in span)
    segment = _segment(film, slice(first, last), span)
    audio = film.audio.between(first / FPS, min(last / FPS, film.audio.seconds)).resample(SAMPLE_RATE)
    found = why_not(segment, limits)
    kind = "kept" if found is None else found[0]
    if pictures and kind not in made.pictures:
        middle = sum(span) / 2
        made.pictures[kind] = pictures[min(pictures, key=lambda seconds: abs(seconds - middle))]
    if found is not None:
        made.dropped.append(Dropped(span, *found))
        return
    audio, motion, measures = common_part(audio, 0.0, segment.motion, segment.measures)
    name = cut_name(source.speaker, made.digest, first)
    terms = {"consent": source.consent, "style": source.style, "language": source.language}
    terms["quality"] = round(float(segment.confidence.mean()), 4)
    made.clips.append(Clip(name, audio, source.speaker, source.source, source.licence, motion=motion, measures=measures, **terms))
    made.prints.append(fingerprint(audio))


def _segment(film: _Film, frames: slice, span: Span) -> Segment:
    tracked = film.tracked
    motion = replace(tracked.motion, values=tracked.motion.select(ARKIT.names)[frames], rig=ARKIT)
    sure = tracked.confidence[frames]
    measures = Measures(tracked.lip_gap[frames], tracked.mouth_width[frames], sure > 0, tracked.motion.fps)
    seen = film.people[0].seen
    sides = seen.measures[(seen.times >= span[0]) & (seen.times < span[1]), 0]
    others = sum(_is_there(other, span, film.fps) for other in film.people[1:])
    cues = {name: values[frames] for name, values in film.cues.items()}
    reading = cues.get("gap", 1 - cues["SIL"])
    return Segment(
        motion, sure, measures, float(np.median(sides)) if len(sides) else 0.0, others, reading, cues["SIL"] < SILENT, cues["certainty"]
    )


def _is_there(other: Person, span: Span, fps: float) -> bool:
    """Whether another face is seen in more than a tenth of the span."""
    seen = (other.seen.times >= span[0]) & (other.seen.times < span[1])
    return seen.sum() > 0.1 * (span[1] - span[0]) * fps


def _watched(frames: Iterator[tuple[float, np.ndarray]], pictures: dict[float, np.ndarray]) -> Iterator[tuple[float, np.ndarray]]:
    """The frames as they come; a small one is put into `pictures` every few seconds."""
    following = 0.0
    for seconds, picture in frames:
        if seconds >= following:
            step = max(max(picture.shape[:2]) // PICTURE_SIDE, 1)
            pictures[seconds] = np.ascontiguousarray(picture[::step, ::step])
            following = seconds + PICTURE_EVERY
        yield seconds, picture
