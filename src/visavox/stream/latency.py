"""How many frames of sound a stream may wait for, and how many it makes together, so that a frame comes in time."""

from typing import NamedTuple

from visavox.errors import OptionError
from visavox.stream import AHEAD, BLOCK, LEAST_AHEAD, MOST_AHEAD
from visavox.windows import FPS

COMPUTING = 0.02  # seconds that a frame may take to be made and sent
LEAST = (LEAST_AHEAD + 0.5) / FPS + COMPUTING  # seconds: one frame at a time and the least look-ahead
MOST = (MOST_AHEAD + BLOCK - 0.5) / FPS + COMPUTING


class Pace(NamedTuple):
    """Frames that are made together in a `block`, and frames of sound `ahead` of them that are waited for, as `Stream` takes them."""

    block: int = BLOCK
    ahead: int = AHEAD


def pace_within(seconds: float) -> Pace:
    """The pace at which a frame is sent at most so many `seconds` after the sound in its middle, on a machine that is not too busy.

    It has as much look-ahead as that allows. Two frames are made together where that leaves the usual look-ahead, else one by one.
    An OptionError for less than LEAST and more than MOST.
    """
    if not LEAST - 1e-9 <= seconds <= MOST + 1e-9:
        raise OptionError(f"a latency of {seconds * 1000:g} ms is outside {LEAST * 1000:g} to {MOST * 1000:g} ms; choose one of these")
    frames = int((seconds - COMPUTING) * FPS + 0.5 + 1e-6)  # of look-ahead and block together
    block = BLOCK if frames >= AHEAD + BLOCK else 1
    return Pace(block, frames - block)
