"""The pictures of a report, drawn with matplotlib, which is imported here only."""

from pathlib import Path

import numpy as np

from visavox.errors import DependencyError
from visavox.evaluate.bench import Evaluation
from visavox.io.atomic import replacing

MOST_CURVES = 6
INK, TRUTH, CONTROL = "#1f5fa8", "#c0392b", "#8a8a8a"


def draw(evaluation: Evaluation, folder: Path) -> list[str]:
    """The names of the pictures (without .png) written into `folder`: those that the evaluation has data for."""
    figure_class = check_plots()
    drawn = []
    for name, function in (("lip_gaps", _gaps), ("clips", _clips), ("blinks", _blinks)):
        figure = figure_class(layout="constrained", dpi=110)
        if function(evaluation, figure):
            with replacing(folder / f"{name}.png") as path:
                figure.savefig(path)
            drawn.append(name)
    return drawn


def check_plots():
    """Matplotlib's class of figures; a DependencyError that names the extra when it is not installed. To be called before the work."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise DependencyError(
            "the report's plots need matplotlib, which is not installed; pip install 'visavox[evaluate]', or leave them out with --no-plots"
        ) from None
    return Figure


def _gaps(evaluation: Evaluation, figure) -> bool:
    """Generated and tracked lip gaps over time, of up to six clips."""
    chosen = list(evaluation.curves.items())[:MOST_CURVES]
    if not chosen:
        return False
    figure.set_size_inches(9, 1.7 * len(chosen))
    for axes, (name, curves) in zip(figure.subplots(len(chosen), squeeze=False)[:, 0], chosen, strict=True):
        axes.plot(curves["times"], curves["truth"], color=TRUTH, linewidth=1.0, label="tracked")
        axes.plot(curves["times"], curves["generated"], color=INK, linewidth=1.2, label="generated")
        axes.set_title(f"{name}: r {evaluation.clips[name]['gap_correlation']:.2f}", fontsize=9, loc="left")
        axes.set_ylabel("lip gap", fontsize=8)
        axes.tick_params(labelsize=8)
        axes.margins(x=0)
    axes.set_xlabel("seconds; gap in outer eye distances", fontsize=8)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=2, fontsize=8, frameon=False)
    return True


def _clips(evaluation: Evaluation, figure) -> bool:
    """The correlations and the articulation ratio of each clip with a tracked face."""
    scores = {name: values for name, values in evaluation.clips.items() if "gap_correlation" in values}
    if not scores:
        return False
    order = sorted(scores, key=lambda name: scores[name]["gap_correlation"])[-40:]
    rows = np.arange(len(order))
    figure.set_size_inches(9, 1.2 + 0.24 * len(order))
    left, right = figure.subplots(1, 2, sharey=True)
    for shift, metric, colour in ((0.2, "gap_correlation", INK), (-0.2, "width_correlation", CONTROL)):
        left.barh(rows + shift, [scores[name][metric] for name in order], 0.38, color=colour, label=metric.replace("_", " "))
    right.barh(rows, [scores[name]["articulation_ratio"] for name in order], 0.6, color=INK)
    right.axvspan(0.7, 1.3, color=TRUTH, alpha=0.12, linewidth=0)
    left.set_yticks(rows, order, fontsize=7)
    left.set_title("correlation with the face", fontsize=9)
    right.set_title("articulation ratio (shaded: 0.7 to 1.3)", fontsize=9)
    left.legend(fontsize=7, frameon=False)
    return True


def _blinks(evaluation: Evaluation, figure) -> bool:
    """How the intervals between blinks are distributed."""
    known = {column: values for column, values in evaluation.intervals.items() if values.size}
    if "generated" not in known:
        return False
    figure.set_size_inches(6, 2.6)
    axes, edges = figure.subplots(), np.arange(0, 15.5, 0.5)
    for column, values in known.items():
        colour = INK if column == "generated" else TRUTH
        share = np.histogram(np.clip(values, 0, edges[-1] - 0.01), edges)[0] / values.size
        axes.stairs(share, edges, color=colour, label=f"{column} ({values.size})", fill=False, linewidth=1.5)
    axes.set_xlabel("seconds between blinks (15 and more in the last bin)", fontsize=8)
    axes.set_ylabel("share", fontsize=8)
    axes.legend(fontsize=8, frameon=False)
    return True
