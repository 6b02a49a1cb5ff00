"""Somebody who moves, from any file that holds that: a film, our own motion, a track of MediaPipe's scores, a take of Live Link."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import FileError
from visavox.fields import printable

if TYPE_CHECKING:
    import numpy as np

    from visavox.audio import Audio
    from visavox.motion import Motion

FILMS = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv", ".ts")


APART = 1.0  # seconds by which a motion and its recording may differ: films go on after their sound


@dataclass(frozen=True, eq=False)
class Moving:
    """A motion, the spans of it (seconds) in which somebody was seen without a break, its sound where the file has one, and what kind of
    file it was. It is of the largest of so many `faces`."""

    motion: "Motion"
    spans: list[tuple[float, float]]
    sound: "Audio | None"
    kind: str
    faces: int = 1

    def parts(self, shortest: float) -> "list[Motion]":
        """The motion of each span of at least `shortest` seconds; an error says how long the longest is when none is."""
        if self.spans == [(0.0, self.motion.seconds)]:
            return [self.motion]
        long = [span for span in self.spans if span[1] - span[0] >= shortest - 1e-6]
        if not long:
            longest = max((end - start for start, end in self.spans), default=0.0)
            raise FileError(
                f"somebody is seen for {longest:.1f} s at most without a break; {shortest:g} s are needed: give a longer {self.kind}"
            )
        return [self.motion.between(*span) for span in long]


def is_film(path: str) -> bool:
    """Whether a file is a film, by its suffix."""
    return Path(path).suffix.lower() in FILMS


def stored_motion(path: str) -> "Motion":
    """The motion in a motion file, or in a take of Live Link (.csv) with what the file beside it says of its making."""
    if Path(path).suffix.lower() != ".csv":
        from visavox.io.motion import read_motion

        return read_motion(path)
    from visavox.data.readers.live_link import read_live_link_csv
    from visavox.export import provenance_file
    from visavox.io.documents import read_json

    motion, _ = read_live_link_csv(Path(path))
    beside = provenance_file(path)
    stated = read_json(beside, "delete it, or write the take again") if beside.exists() else {}
    return replace(motion, provenance=stated if isinstance(stated, dict) else {})


def read_moving(path: str, landmark_model: str | None = None) -> Moving:
    """What moves in the file at `path`; a film is tracked (its largest face). A FileError for a file of none of these kinds."""
    from visavox.io.motion import is_motion, read_motion

    suffix = Path(path).suffix.lower()
    if is_film(path):
        return _filmed(path, landmark_model)
    if suffix == ".csv":
        from visavox.data.readers.live_link import read_live_link_csv

        return _seen(*read_live_link_csv(Path(path)), "take of Live Link")
    if suffix == ".npz" and not is_motion(path):
        from visavox.io.arrays import npz_names

        if {"weights", "matrix", "ok"} <= npz_names(path, "give a motion file"):
            return _scored(Path(path))
    motion = read_motion(path)
    if "confidence" in motion.rig:
        return _seen(motion, motion.channel("confidence") > 0, "tracked motion")
    return Moving(motion, [(0.0, motion.seconds)], None, "motion")


def _scored(path: Path) -> Moving:
    """A track of raw scores, read by the solver."""
    from visavox.data.readers.tracked import read_track
    from visavox.rigs.heads.default_head import Head
    from visavox.track.scores import motion_of_scores
    from visavox.track.solver import packaged_solver

    raw, measures = read_track(path)
    return _seen(
        motion_of_scores(raw, measures.lip_gap, measures.mouth_width, packaged_solver(), Head.default()), measures.ok, "track of a face"
    )


def _filmed(path: str, landmark_model: str | None) -> Moving:
    from visavox.cli.options.landmarker import open_landmarker
    from visavox.cli.options.progress import progress
    from visavox.io.audio import read_audio
    from visavox.io.video_frames import film_of
    from visavox.track.film import chosen, follow_film, motions_of
    from visavox.track.solver import packaged_solver

    landmarker, solver = open_landmarker(landmark_model), packaged_solver()
    followed, film = follow_film(
        path, landmarker, solver, lambda frames, count: progress(frames, round(count) or None, "following the face")
    )
    (tracked,) = motions_of(chosen(followed, 1, path), film, solver, None)
    sound = read_audio(path) if film_of(path).sound else None
    return Moving(tracked.motion, tracked.spans, sound, "film", len(chosen(followed, None, path)))


def _seen(motion: "Motion", ok: "np.ndarray", kind: str) -> Moving:
    """The spans in which frames (T,) are `ok`."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], ok.astype(int), [0]])))
    return Moving(motion, [(first / motion.fps, last / motion.fps) for first, last in edges.reshape(-1, 2)], None, kind)


def sound_beside(path: str | None, motion: "Motion", file: str) -> "Audio | None":
    """The recording in `path` that the motion of `file` speaks, None without one; a line on standard error where one lasts much longer than
    the other, as that of another take does."""
    if not path:
        return None
    from visavox.io.audio import read_audio

    audio = read_audio(path)
    if abs(audio.seconds - motion.seconds) > APART:
        lasts = f"{printable(path)} lasts {audio.seconds:.1f} s and {printable(file)} {motion.seconds:.1f} s"
        print(f"visavox: {lasts}; is it the recording of this motion?", file=sys.stderr)
    return audio
