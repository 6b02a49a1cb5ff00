"""A film, tracked: every face in it, then the motion of the ones that are wanted."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from visavox.errors import FileError, OptionError
from visavox.io.video_frames import read_frames
from visavox.rigs.heads.default_head import Head
from visavox.track.following import Followed, Follower, Person
from visavox.track.landmarks import Landmarker
from visavox.track.motion_of import Facts, Tracked, motion_of
from visavox.track.solver import Solver
from visavox.track.standing import stood

Frames = Iterable[tuple[float, np.ndarray]]
FAINT = 0.03  # of the largest person's weight: who fills less is a passer-by or a mistake


def follow_film(
    path: str | Path, landmarker: Landmarker, solver: Solver, shown: Callable[[Frames, float], Frames] = lambda frames, seconds: frames
) -> tuple[Followed, Facts]:
    """Everybody who is seen in the film at `path`, and what is known of it. `shown` may watch the frames go by: it is given them and how
    many there will be, about.

    A FileError when it is no film, or shows no face.
    """
    followed, facts = _read(path, Follower(landmarker, solver), shown, 0)
    if facts.turn:
        followed, facts = _read(path, Follower(landmarker, solver), shown, facts.turn)
    return followed, facts


def _read(path: str | Path, follower: Follower, shown: Callable[[Frames, float], Frames], turn: int) -> tuple[Followed, Facts]:
    """The film, turned by so many quarter turns. When it was not turned, and its pictures say that they do not stand upright, it is left
    there, and the turn of the facts says how they would."""
    film, frames = read_frames(path)
    count, last, size, wanted = 0, 0.0, (0, 0), turn
    upright = ((seconds, stood(picture, turn)) for seconds, picture in frames)
    for last, picture in shown(upright, film.seconds * film.fps):
        follower.feed(last, picture)
        size, count = picture.shape[:2], count + 1
        if not turn and follower.standing.turn:
            break
    if not turn:
        wanted = follower.standing.so_far
    rate = film.fps if count > 1 else min(film.fps, 25.0)
    followed = follower.finish(last + 1 / rate)
    if not followed.people and wanted == turn:
        raise FileError(f"{path} shows no face in any of its {count} frames; give a film of a face that looks towards the camera")
    return followed, Facts(rate, followed.seconds, size, wanted)


def chosen(followed: Followed, face: int | None, path: str | Path) -> list[Person]:
    """The people that are wanted: the one of number `face`, the largest being 1; everybody but passers-by when it is None.

    An OptionError when there are fewer.
    """
    people = [person for person in followed.people if person.weight >= FAINT * followed.people[0].weight]
    if face is None:
        return people
    if face > len(people):
        raise OptionError(f"--face {face} is not in {path}, which shows {len(people)} {'face' if len(people) == 1 else 'faces'}")
    return [people[face - 1]]


def motions_of(people: list[Person], film: Facts, solver: Solver, fps: float | None) -> Iterator[Tracked]:
    """The motion of each person at `fps`, or at the film's own rate."""
    head = Head.default()
    for person in people:
        yield motion_of(person, solver, head, film, fps or film.fps)
