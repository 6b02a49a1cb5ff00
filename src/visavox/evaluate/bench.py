"""The bench: an animator over a set of clips, every metric beside its controls."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from visavox.data.clip import Clip
from visavox.errors import OptionError
from visavox.evaluate.controls import energy_motion, fitted, rule_based_motion
from visavox.evaluate.face_score import blink_times, score_face, score_motion
from visavox.evaluate.metrics import blinks, diversity
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.phone_score import motion_aperture, pool, score_measures, score_phones
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.windows import FPS

Scores = dict[str, float]
BESIDE = "beside"  # the column of another model
RULES = "rule-based"  # the column of the rule-based animator, which is given the phones
BY_CHANNELS = "Lips on phones, by the channels"
BY_GAP = "Lips on phones, by the lip gap of the head"


@dataclass(frozen=True)
class Table:
    """One table of a report: a `title`, what its clips were (`note`), and `columns`: control or generated -> metric
    -> value.

    `judged`: whether the goals apply. Those of the lips were set for the aperture of the channels; a filmed face
    itself, whose lips part in silence, misses them by its lip gap.
    """

    title: str
    note: str
    columns: dict[str, Scores]
    judged: bool = True


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All that was measured: `tables`, the metrics of each clip, and the curves behind the plots.

    `curves`: clip -> name of the curve -> values (T,), "times" among them. `intervals`: column -> seconds between
    blinks.
    """

    tables: list[Table]
    clips: dict[str, Scores]
    curves: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    intervals: dict[str, np.ndarray] = field(default_factory=dict)

    def value(self, metric: str, column: str = "generated") -> float:
        """The value of `metric` in the first table that has it, nan when none does."""
        for table in self.tables:
            if metric in table.columns.get(column, {}):
                return table.columns[column][metric]
        return float("nan")


class Takes:
    """The motions that an animator makes for clips, each made once and kept in memory.

    `animator` is a `visavox.animate.Animator` or whatever answers `animate(audio, style, seed=...)`; `sampling` goes
    along when it is given.
    """

    def __init__(self, animator, style=None, sampling=None, report: Callable[[str], None] = lambda line: None):
        self.animator, self.style, self.report = animator, style, report
        self.drawn = {} if sampling is None else {"sampling": sampling}
        self._made: dict[tuple[str, int], Motion] = {}

    def __call__(self, clip: Clip, seed: int) -> Motion:
        """The motion of `clip` under `seed`."""
        if (clip.name, seed) not in self._made:
            self.report(f"animating {clip.name}, seed {seed}")
            self._made[clip.name, seed] = self.animator.animate(clip.audio, self.style, seed=seed, **self.drawn)
        return self._made[clip.name, seed]

    def afresh(self) -> "Takes":
        """The same animator and choices with nothing made yet, for clips of the same names that sound different."""
        return Takes(self.animator, self.style, self.drawn.get("sampling"), self.report)


def evaluate(takes: Takes, clips: list[Clip], head, seeds: tuple[int, ...] = (0,), window: int | None = None) -> Evaluation:
    """Every metric that `clips` allow, of the motions that `takes` makes, on `head`; the first of `seeds` is the one
    that is scored.

    Clips with phones are scored against them, clips with a tracked face against it, all clips for head, blinks and,
    when the model's `window` in frames is given, seams. More than one seed adds how far takes differ. The shuffled
    control scores the motion of the next clip in the list. An OptionError without clips, or when two clips share a
    name.
    """
    names = [clip.name for clip in clips]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not clips or twice or not seeds:
        raise OptionError(
            f"cannot evaluate {len(clips)} clips, {len(seeds)} seeds, names twice: {', '.join(twice) or 'none'}; "
            "give at least one of each, and every clip a name of its own"
        )
    columns = _motions(takes, clips, seeds[0])
    evaluation = Evaluation([], {clip.name: {} for clip in clips})
    _phones(evaluation, clips, columns, head)
    _faces(evaluation, clips, columns, head)
    _alone(evaluation, clips, columns, window)
    if len(seeds) > 1:
        _takes(evaluation, takes, clips, seeds, head)
    return evaluation


def side_by_side(evaluation: Evaluation, other: Evaluation) -> Evaluation:
    """`evaluation`, in whose tables what the model of `other` generated for the same clips stands beside its own."""
    by_title = {table.title: table for table in other.tables}
    tables = [
        replace(table, columns=table.columns | {BESIDE: by_title[table.title].columns["generated"]})
        if "generated" in getattr(by_title.get(table.title), "columns", {})
        else table
        for table in evaluation.tables
    ]
    return replace(evaluation, tables=tables)


def recognise_styles(animator, clips: list[Clip], seed: int = 0) -> Table:
    """How often a style taken from one face is recognised in motion made with it for another face's voice, among N
    clips.

    `animator` has `extract_style(motion)` and `window`. Clips without a motion of a window's length are left out; an
    OptionError when fewer than two remain. The shuffled control compares each motion with the style of the clip whose
    voice it speaks: what is recognised there is the voice, not the style.
    """
    chosen = [clip for clip in clips if clip.motion is not None and clip.motion.seconds * FPS >= animator.window]
    if len(chosen) < 2:
        raise OptionError(f"styles cannot be told apart with {len(chosen)} clips of {animator.window} frames; give at least two")
    styles = [animator.extract_style(clip.motion, clip.name) for clip in chosen]
    voices = chosen[1:] + chosen[:1]
    made = [animator.animate(clip.audio, style, seed=seed) for clip, style in zip(voices, styles, strict=True)]
    found = np.stack([animator.extract_style(motion).vector for motion in made])
    gallery = np.stack([style.vector for style in styles])
    columns = {"generated": gallery, "shuffled": np.roll(gallery, -1, axis=0)}
    gains = {name: diversity.retrieval_gain(diversity.retrieval_ranks(found, each)) for name, each in columns.items()}
    note = f"{len(chosen)} styles, each on the next clip's voice"
    return Table("Style", note, {name: {"style_gain": gain} for name, gain in gains.items()})


def _motions(takes: Takes, clips: list[Clip], seed: int) -> dict[str, list[Motion]]:
    """Column -> the motion of each clip."""
    generated = [takes(clip, seed) for clip in clips]
    following = generated[1:] + generated[:1]
    columns = {
        "generated": generated,
        "energy": [energy_motion(clip, motion.fps, motion.rig) for clip, motion in zip(clips, generated, strict=True)],
    }
    if len(clips) > 1:
        columns["shuffled"] = [fitted(motion, clip.audio.seconds) for clip, motion in zip(clips, following, strict=True)]
    return columns


def _phones(evaluation: Evaluation, clips, columns, head) -> None:
    chosen = [number for number, clip in enumerate(clips) if clip.phones]
    if not chosen:
        return
    # synthetic clips carry the rule-based animator's motion; recordings are animated anew
    rule_based = {
        n: clips[n].motion if clips[n].motion is not None and clips[n].measures is None else rule_based_motion(clips[n]) for n in chosen
    }
    for title, on in ((BY_CHANNELS, None), (BY_GAP, head)):
        found = {
            column: pool(score_phones(motions[n], clips[n], on, rule_based[n]) for n in chosen).metrics()
            for column, motions in columns.items()
        }
        found[RULES] = pool(score_phones(rule_based[n], clips[n], on, rule_based[n]) for n in chosen).metrics()
        filmed = [clips[n] for n in chosen if clips[n].measures is not None]
        if filmed and on is not None:
            found["truth"] = pool(score_measures(clip) for clip in filmed).metrics()
        phones = sum(len(clips[n].phones) for n in chosen)
        evaluation.tables.append(Table(title, f"{len(chosen)} clips, {phones} phones, pooled", found, on is None))
    for n in chosen:
        scores = score_phones(columns["generated"][n], clips[n], head, rule_based[n]).metrics()
        evaluation.clips[clips[n].name].update(scores)


def _faces(evaluation: Evaluation, clips, columns, head) -> None:
    chosen = [number for number, clip in enumerate(clips) if clip.measures is not None and clip.motion is not None]
    if not chosen:
        return
    found = {}
    for column, motions in (columns | {"truth": [clip.motion for clip in clips]}).items():
        scores = [score_face(motions[n], clips[n], head) for n in chosen]
        found[column] = _medians(scores)
        found[column]["lag_within_one"] = float(np.mean([abs(score["best_lag"]) <= 1 for score in scores]))
        if column == "generated":
            for n, score in zip(chosen, scores, strict=True):
                evaluation.clips[clips[n].name].update(score)
    note = f"{len(chosen)} clips, medians; truth is the motion beside the sound, on the head"
    evaluation.tables.append(Table("Tracked faces", note, found))
    for n in chosen:
        motion, measures = columns["generated"][n], clips[n].measures
        gap = np.interp(measures.times, motion_aperture(motion, head).times, head_measures(head, motion)[0])
        evaluation.curves[clips[n].name] = {"times": measures.times, "generated": gap, "truth": measures.lip_gap}


def _alone(evaluation: Evaluation, clips, columns, window: int | None) -> None:
    filmed = [clip.motion for clip in clips if clip.motion is not None and clip.measures is not None]
    found = {}
    for column, motions in (("generated", columns["generated"]), ("truth", filmed)):
        if not motions:
            continue
        times = [blink_times(motion) for motion in motions]
        intervals = np.concatenate([blinks.blink_intervals(each) for each in times])
        evaluation.intervals[column] = intervals
        found[column] = _medians([score_motion(motion, window) for motion in motions]) | {
            "blink_rate": blinks.blink_rate(np.concatenate(times), sum(motion.seconds for motion in motions)),
            "blink_interval": float(np.median(intervals)) if intervals.size else float("nan"),
            "blink_variation": blinks.interval_variation(intervals),
        }
    evaluation.tables.append(Table("Head and eyes", f"{len(clips)} clips; truth is {len(filmed)} tracked faces", found))


def _takes(evaluation: Evaluation, takes: Takes, clips, seeds, head) -> None:
    heads, lips = [], []
    for clip in clips:
        motions = [takes(clip, seed) for seed in seeds]
        heads.append(np.degrees(diversity.take_spread(np.stack([motion.select(HEAD) for motion in motions]))))
        lips.append(diversity.take_spread(np.stack([motion_aperture(motion, head).values[:, None] for motion in motions])))
    found = {"head_take_spread": float(np.median(heads)), "lip_take_spread": float(np.median(lips))}
    evaluation.tables.append(Table("Takes", f"{len(seeds)} takes of {len(clips)} clips, medians", {"generated": found}))


def _medians(scores: list[Scores]) -> Scores:
    """The median of each metric over clips, those that are not a number left out."""
    found = {}
    for metric in scores[0]:
        values = np.array([score[metric] for score in scores], float)
        values = values[np.isfinite(values)]
        found[metric] = float(np.median(values)) if values.size else float("nan")
    return found
