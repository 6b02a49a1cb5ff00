"""The field's metrics on a FLAME head: LVE in both forms, FDD in both forms, MOD and BA of generated against true FLAME motion.

Published numbers differ in what they leave open. Here, and in the report: the head is held still and is the mean face, LVE and MOD pool
the frames of all clips, FDD and BA are means over clips. Every number stands beside that of a face at rest and of the
motion for another recording.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from visavox.data.store.motion_clips import MotionClip
from visavox.errors import OptionError
from visavox.evaluate.bench import Evaluation, Scores, Table
from visavox.evaluate.controls import fitted
from visavox.evaluate.metrics import head_motion, vertices
from visavox.motion import Motion
from visavox.rigs.flame import FLAME, HEAD_ROTATION
from visavox.rigs.heads.flame_head import FlameHead
from visavox.windows import FPS

PIECE = 250  # frames whose vertices are held in memory at a time
MM2 = 1e6  # square millimetres in a square metre
POOLED = ("flame_lve", "flame_lve_squared", "flame_mod")  # over frames; the others are means over clips
Generate = Callable[[MotionClip, int], Motion]


@dataclass(frozen=True, eq=False)
class Regions:
    """The vertices of a FLAME head that are measured: `lips` (N,), `upper` face (M,), and in words whence they are known."""

    lips: np.ndarray
    upper: np.ndarray
    origin: str

    @staticmethod
    def of_masks(masks: dict[str, np.ndarray], file: str) -> "Regions":
        """The regions of FLAME's own masks: `lips`, and `forehead` together with `eye_region`; `file` is the name of their file."""
        upper = np.union1d(masks["forehead"], masks["eye_region"])
        return Regions(masks["lips"], upper, f"{file}: {masks['lips'].size} of lips, {upper.size} of forehead and eye region")

    @staticmethod
    def near(head: FlameHead) -> "Regions":
        """The regions around the lip points and above the eye corners that are found on the head itself, where no masks are given."""
        lips = np.union1d(vertices.lip_positions(head), head.lip_points[:4])
        upper = np.setdiff1d(np.union1d(vertices.upper_face_positions(head), head.lip_points[4:]), lips)
        found = f"{lips.size} around the lip points, {upper.size} in front above the cheekbones"
        return Regions(lips, upper, f"found on the head, without FLAME's masks: {found}; not comparable with published numbers")


@dataclass(frozen=True, eq=False)
class Ruler:
    """Measures motion on `head`, which must have the rig FLAME, in `regions`; a channel that a motion lacks stays at `rest`, or 0."""

    head: FlameHead
    regions: Regions
    rest: dict[str, float]

    def score(self, motion: Motion, truth: Motion) -> Scores:
        """The metrics of one motion against the truth of the same number of frames at 25 fps."""
        generated, true = self.positions(motion), self.positions(truth)
        lips, upper = slice(0, self.regions.lips.size), slice(self.regions.lips.size, None)
        neutral = self.head.neutral()[self.regions.upper]
        return {
            "flame_lve": vertices.lip_vertex_error(generated[:, lips], true[:, lips]),
            "flame_lve_squared": vertices.squared_lip_vertex_error(generated[:, lips], true[:, lips]) * MM2,
            "flame_fdd": vertices.upper_face_dynamics(generated[:, upper], true[:, upper], neutral),
            "flame_fdd_squared": vertices.squared_upper_face_dynamics(generated[:, upper], true[:, upper], neutral) * MM2,
            "flame_mod": vertices.mouth_opening_difference(generated[:, lips], true[:, lips]),
            "beat_alignment": head_motion.beat_alignment(_beats(motion), _beats(truth)),
        }

    def positions(self, motion: Motion) -> np.ndarray:
        """The vertices (T, N + M, 3) of lips and upper face in metres on the mean face, its head held still."""
        values = self.whole(motion).with_channels(dict.fromkeys(HEAD_ROTATION, 0.0)).values
        chosen = np.concatenate([self.regions.lips, self.regions.upper])
        pieces = [self.head.vertices(values[start : start + PIECE])[:, chosen] for start in range(0, len(values), PIECE)]
        return np.concatenate(pieces).astype(float)

    def whole(self, motion: Motion) -> Motion:
        """The same motion with all channels of FLAME."""
        values = np.tile(np.array([self.rest.get(name, 0.0) for name in FLAME.names], np.float32), (motion.frames, 1))
        values[:, FLAME.indices(motion.rig.names)] = motion.values
        return replace(motion, values=values, rig=FLAME)


def evaluate_flame(generate: Generate, clips: list[MotionClip], ruler: Ruler, seeds: tuple[int, ...] = (0,)) -> Evaluation:
    """The field's metrics of the motion that `generate(clip, seed)` makes, against that of the clips, whose channels are FLAME's.

    Columns: generated (mean over `seeds`; with more than one the note says the 95 % interval of that mean), shuffled (the motion for the
    next clip, first seed) and still (a face at rest). An OptionError without clips or seeds.
    """
    if not clips or not seeds:
        raise OptionError(f"cannot evaluate {len(clips)} clips with {len(seeds)} seeds; give at least one of each")
    truths = [Motion(clip.motion, FPS, FLAME) for clip in clips]
    made = {seed: [_lasting(generate(clip, seed), clip.frames) for clip in clips] for seed in seeds}
    scores = {seed: [ruler.score(*pair) for pair in zip(motions, truths, strict=True)] for seed, motions in made.items()}
    frames = [clip.frames for clip in clips]
    takes = [pooled(each, frames) for each in scores.values()]
    still = [Motion(np.zeros((clip.frames, len(FLAME))), FPS, FLAME) for clip in clips]
    columns = {"generated": {name: float(np.mean([take[name] for take in takes])) for name in takes[0]}}
    first = made[seeds[0]]
    if len(clips) > 1:
        others = [_lasting(motion, clip.frames) for motion, clip in zip(first[1:] + first[:1], clips, strict=True)]
        columns["shuffled"] = pooled([ruler.score(*pair) for pair in zip(others, truths, strict=True)], frames)
    columns["still"] = pooled([ruler.score(*pair) for pair in zip(still, truths, strict=True)], frames)
    measured = f"{len(clips)} clips, {sum(frames)} frames at 25 fps, head held still, mean face"
    note = f"{measured}; vertices: {ruler.regions.origin}{_interval(takes)}"
    per_clip = {clip.name: score for clip, score in zip(clips, scores[seeds[0]], strict=True)}
    return Evaluation([Table("FLAME", note, columns, judged=False)], per_clip)


def pooled(scores: list[Scores], frames: list[int]) -> Scores:
    """One number for each metric of clips of so many `frames`: over all frames where in POOLED, else the mean over clips that have it."""
    found = {}
    for name in scores[0]:
        values = np.array([score[name] for score in scores])
        there = np.isfinite(values)
        weights = np.array(frames, float) if name in POOLED else np.ones(len(frames))
        found[name] = float(np.average(values[there], weights=weights[there])) if there.any() else float("nan")
    return found


def _interval(takes: list[Scores]) -> str:
    """How far the mean over takes may be off, in words; empty for one take."""
    if len(takes) < 2:
        return ""
    reach = student.ppf(0.975, len(takes) - 1) / np.sqrt(len(takes))
    spreads = ", ".join(f"{name.removeprefix('flame_')} {reach * np.std([take[name] for take in takes], ddof=1):.3g}" for name in takes[0])
    return f"; generated is the mean of {len(takes)} takes, 95 % interval +- {spreads}"


def _beats(motion: Motion) -> np.ndarray:
    """The head's beats; none for a rig that does not turn it."""
    if any(name not in motion.rig for name in HEAD_ROTATION):
        return np.zeros(0)
    return head_motion.head_beats(motion.select(HEAD_ROTATION), FPS)


def _lasting(motion: Motion, frames: int) -> Motion:
    return fitted(motion.at_fps(FPS), frames / FPS)
