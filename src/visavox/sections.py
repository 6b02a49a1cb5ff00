"""Long recordings in sections: each is animated by itself, and neighbours fade into one another where they overlap.

Memory is that of a section and of the motion, whatever the length. What a recording tells as a whole, such as how loud it is, a section
tells of itself. Shapes: T frames, C channels.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, repeat

import numpy as np

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.motion import Motion
from visavox.windows import fade_in

FADE = 1.0  # seconds in which one section goes over into the next, in the middle of what they share


def animate_sections(sections: Iterable[Audio], overlap: float, frames: int, animate: Callable[[Audio], Motion]) -> Motion:
    """The motion of `frames` frames of a recording whose `sections` share `overlap` seconds with the next; `animate` makes that of one.

    Its provenance is that of the first section. An OptionError when the sections are shorter than what they share or do not last as long.
    """
    values, first, place = None, None, 0
    for piece in section_motions(sections, overlap, frames, animate):
        first = first or piece
        values = np.empty((frames, len(piece.rig)), np.float32) if values is None else values
        values[place : place + piece.frames] = piece.values
        place += piece.frames
    return replace(first, values=values)


def section_motions(sections: Iterable[Audio], overlap: float, frames: int, animate: Callable[[Audio], Motion]) -> Iterator[Motion]:
    """What `animate_sections` puts together, piece by piece in order: a piece is there once the section after it begins."""
    made, place = None, 0
    for section, last in _with_last(sections):
        motion = animate(section)
        shared = round(overlap * motion.fps)
        head = _joined(made, motion.values[:shared], round(FADE * motion.fps)) if made is not None else motion.values[:shared]
        until = motion.frames if last else motion.frames - shared
        piece = np.concatenate([head, motion.values[shared:until]]) if until > shared else head[:until]
        if until < (0 if last else shared) or place + len(piece) > frames:
            raise OptionError(f"a section of {motion.frames} frames does not fit after frame {place} of {frames}; make longer sections")
        place, made = place + len(piece), motion.values[until:].copy()  # and not the rest with it
        yield replace(motion, values=piece)
    if place != frames:
        raise OptionError(f"the sections last {place} frames of {frames}; give all of them")


def _joined(before: np.ndarray, after: np.ndarray, fade: int) -> np.ndarray:
    """What two sections say of the frames (T, C) that they share: the one before, then a fade in their middle, then the one after."""
    size = min(len(before), len(after))
    share, start = np.zeros(size), max((size - fade) // 2, 0)
    fade = min(fade, size)
    share[start : start + fade], share[start + fade :] = fade_in(fade), 1
    mixed = before[:size] * (1 - share[:, None]) + after[:size] * share[:, None]
    return np.concatenate([mixed, after[size:]]).astype(np.float32)


def _with_last(sections: Iterable[Audio]) -> Iterable[tuple[Audio, bool]]:
    """Each section, and whether it is the last."""
    waiting = None
    for section, there in chain(zip(sections, repeat(True), strict=False), [(None, False)]):
        if waiting is not None:
            yield waiting, not there
        waiting = section
