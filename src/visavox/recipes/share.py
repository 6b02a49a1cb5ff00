"""A share of a recipe: part of all material and of the steps of every training, so that a change is seen before it is paid for in full."""

from collections.abc import Sequence
from dataclasses import replace

from visavox.data.clip import Clip
from visavox.train.loop import LoopConfig

LEAST_STEPS, LEAST_CLIPS = 4, 12  # of every training, and of every folder of real clips, however small the share
LEAST_BETWEEN_SAVES = 20  # steps


def part(whole: float, share: float, least: float) -> float:
    """`share` of `whole`, but at least `least` of it as far as there is so much; a share of 1 is the whole."""
    return min(whole, max(whole * share, least))


def shorter(loop: LoopConfig, share: float) -> LoopConfig:
    """`loop` with that share of its steps, of its warm-up and of those between two lines of its log and between two saves."""
    leasts = {"steps": LEAST_STEPS, "warm_up": 1, "log_every": 1, "save_every": LEAST_BETWEEN_SAVES}
    return replace(loop, **{name: round(part(getattr(loop, name), share, least)) for name, least in leasts.items()})


def spread(clips: Sequence[Clip], share: float) -> list[Clip]:
    """That share of `clips`, as far apart as can be: clips of one speaker stand together."""
    kept = round(part(len(clips), share, LEAST_CLIPS))
    return [clips[number * len(clips) // kept] for number in range(kept)]
