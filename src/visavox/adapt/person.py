"""The few minutes of one person in a store, in pieces, some of which are held out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np

from visavox.adapt.habits import usual_head
from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.origins import content_of, sources_of
from visavox.data.store.reading import Store, open_store
from visavox.errors import FileError, OptionError
from visavox.history import Source
from visavox.io.kept import text_digest
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
from visavox.track.contact import true_gap, without_bias
from visavox.track.scores import motion_of_scores
from visavox.track.solver import Solver, packaged_solver
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

LEAST = 10.0  # seconds of a person, under which nothing is told apart from chance
SHORTEST, LONGEST, PIECES = 2.0, 12.0, 6  # seconds of a piece; pieces that a person is cut into where clips are long
SPEAKING = 0.01  # of the eyes' distance, by which lips part that speak
HELD_OUT = 5  # one piece in so many is held out
AGREES = 0.9  # correlation of lip gaps under which a motion is raw scores, which the landmarks contradict ...
AS_WIDE = 0.85  # ... and how far it moves beside them: raw scores moved .45 to .80 as far on eight speakers, what was solved .99 to 1


@dataclass(frozen=True, eq=False)
class Piece:
    """A few seconds of a person: sound of T frames, motion of rig ARKIT at 25 frames a second; the lip gap and the mouth width (T,) that
    were seen; where a face was seen (T,)."""

    name: str
    audio: Audio
    motion: Motion
    gap: np.ndarray
    width: np.ndarray
    ok: np.ndarray

    @property
    def seconds(self) -> float:
        """The seconds in which a face was seen."""
        return float(self.ok.sum()) / FPS

    def between(self, first: int, last: int, name: str) -> "Piece":
        """The frames [first, last)."""
        sound = Audio(self.audio.samples[first * SAMPLES_PER_FRAME : last * SAMPLES_PER_FRAME], self.audio.sample_rate)
        motion = replace(self.motion, values=self.motion.values[first:last])
        return Piece(name, sound, motion, self.gap[first:last], self.width[first:last], self.ok[first:last])


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody: pieces that are learned from, pieces that are held out, where they come from, and a hash of all that was read."""

    name: str
    learned: list[Piece]
    held_out: list[Piece]
    sources: tuple[Source, ...]
    content: str
    digest: str

    @property
    def seconds(self) -> float:
        """The seconds of all pieces."""
        return sum(piece.seconds for piece in self.learned + self.held_out)


def read_person(store: Path, speakers: Sequence[str] = (), least: float = LEAST) -> Person:
    """The person of `store`, of several the one called `speakers`; several names are those of one person.

    An OptionError when it is not clear who is meant, a FileError when there are less than `least` seconds of motion of ARKit's channels.
    """
    opened = open_store(store)
    chosen = _chosen(opened, store, speakers)
    if opened.rig is None or any(name not in opened.rig for name in ARKIT.names):
        has = "no motion" if opened.rig is None else f"motion of rig {opened.rig.name!r}"
        raise FileError(f"{store} has {has}; a person is learned from motion of ARKit's channels: track or prepare the videos first")
    clips = sorted((clip for clip in opened.of_speakers(chosen).clips() if clip.motion is not None), key=lambda clip: clip.name)
    return person_of(clips, " and ".join(chosen), str(store), least)


def person_of(clips: Sequence[Clip], name: str, where: str, least: float = LEAST) -> Person:
    """The person who is filmed in `clips`; a FileError that names `where` when they are too few."""
    head, solver = usual_head(), packaged_solver()
    seen = [_seen(clip, solver, head) for clip in clips]
    seconds = sum(each.seconds for each in seen)
    if seconds < least:
        raise FileError(f"{where} has {seconds:.1f} s of {name}; {least:g} s or more are wanted, a few minutes better: give more clips")
    if max(np.ptp(each.gap[each.ok]) for each in seen if each.ok.any()) < SPEAKING:
        raise FileError(f"the lips of {name} never move in {where}, so there is no speech to learn from; check what was tracked")
    pieces = cut_into_pieces(seen)
    learned = [piece for number, piece in enumerate(pieces) if number % HELD_OUT != HELD_OUT // 2]
    held = [piece for number, piece in enumerate(pieces) if number % HELD_OUT == HELD_OUT // 2]
    digest = text_digest([(piece.name, piece.audio.samples.tobytes(), piece.motion.values.tobytes()) for piece in pieces])
    return Person(name, learned, held, sources_of(clips), content_of(clips), digest)


def cut_into_pieces(seen: Sequence[Piece]) -> list[Piece]:
    """The pieces of what was seen: clips as they are, long ones cut so that there are about PIECES; what is shorter than SHORTEST is left
    out."""
    whole = sum(each.motion.frames for each in seen)
    longest = min(max(whole / PIECES, SHORTEST * FPS * 1.5), LONGEST * FPS)
    pieces = []
    for each in seen:
        edges = np.linspace(0, each.motion.frames, max(ceil(each.motion.frames / longest), 1) + 1).round().astype(int)
        pieces += [each.between(a, b, f"{each.name}@{a}") for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return [piece for piece in pieces if piece.seconds >= min(SHORTEST, longest / FPS / 2)]


def _chosen(store: Store, path: Path, speakers: Sequence[str]) -> list[str]:
    known = store.speakers
    strange = [name for name in speakers if name not in known]
    some = ", ".join(known[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "")
    if strange:
        raise OptionError(f"{path} has no speaker {strange[0]!r}; it has {some}: visavox store info {path}")
    if not known:
        raise FileError(f"{path} has no clips; import some: visavox store import FOLDER -o {path} --consent TEXT")
    if len(known) > 1 and not speakers:
        raise OptionError(f"{path} has {len(known)} speakers ({some}); name one with --speaker, or several names of the same person")
    return sorted(set(speakers)) or known


def _seen(clip: Clip, solver: Solver, head: Head) -> Piece:
    """The clip as one piece. Where landmarks say how far the lips part and the motion says something else, it is raw scores of a tracker,
    which are solved."""
    moved = replace(clip.motion, values=clip.motion.select(ARKIT.names), rig=ARKIT).clamped()
    if clip.measures is not None and not _agrees(moved, clip.measures.lip_gap, solver, head):
        moved = motion_of_scores(moved, clip.measures.lip_gap, clip.measures.mouth_width, solver, head)
    moved, sound = moved.at_fps(FPS), clip.audio.resample(SAMPLE_RATE)
    frames = min(moved.frames, sound.samples.size // SAMPLES_PER_FRAME)
    moved = replace(moved, values=moved.values[:frames])
    sound = Audio(sound.samples[: frames * SAMPLES_PER_FRAME], SAMPLE_RATE)
    if clip.measures is None:
        return Piece(clip.name, sound, moved, lip_gap(head, moved), mouth_width(head, moved), np.ones(frames, bool))
    lips = clip.measures.at_fps(FPS)
    gap, width, ok = (_fitted(each, frames) for each in (lips.lip_gap, lips.mouth_width, lips.ok))
    return Piece(clip.name, sound, moved, gap, width, ok)


def _agrees(moved: Motion, gap: np.ndarray, solver: Solver, head: Head) -> bool:
    made, seen = lip_gap(head, moved), true_gap(without_bias(gap), solver.gap)
    if made.size != seen.size or min(made.std(), seen.std()) < 1e-5:
        return True
    return bool(np.corrcoef(made, seen)[0, 1] > AGREES and AS_WIDE < made.std() / seen.std() < 1 / AS_WIDE)


def _fitted(values: np.ndarray, frames: int) -> np.ndarray:
    return np.pad(values[:frames], (0, max(frames - len(values), 0)), mode="edge")
