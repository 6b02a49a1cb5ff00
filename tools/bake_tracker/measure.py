"""`python -m tools.bake_tracker.measure --cache FOLDER --without PRESET...`: how well heads are read that the solver has not seen.

Learns on the clips of all other heads in the cache that `python -m tools.bake_tracker` filled, and prints JSON about those of the named
ones: the head's rotation (all of it, its constant for each clip, and what changes within a clip), the lip gap before and after contact,
in millimetres of each head and in shares of its face's width, and r of each group of channels.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from tools.bake_tracker.learn import Seen, learn, left_over, read_clips, read_points

from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, lip_gap, lip_maps
from visavox.track.contact import touching, true_gap, without_bias
from visavox.track.landmarks import SCORES
from visavox.track.motion_of import CONTACT
from visavox.track.solver import Solver

EYES_OF_A_FACE = 0.65  # the distance of the outer eye corners over the width of a face from cheek to cheek
GROUPS = {
    "jawOpen": ("jawOpen",), "blinks": ("eyeBlink",), "gaze": ("eyeLook",), "smile": ("mouthSmile",), "brows": ("brow",),
    "pucker, funnel": ("mouthPucker", "mouthFunnel"), "mouthClose": ("mouthClose",), "cheeks, nose": ("cheek", "noseSneer"),
    "upper lip up": ("mouthUpperUp",), "lower lip down": ("mouthLowerDown",), "roll": ("mouthRoll",), "press": ("mouthPress",),
    "stretch": ("mouthStretch",), "jaw and mouth aside": ("jawLeft", "jawRight", "mouthLeft", "mouthRight"),
}  # fmt: skip


def r_of(said: np.ndarray, true: np.ndarray, starts: tuple[str, ...]) -> float:
    """The mean r of the channels whose names begin with one of `starts`."""
    places = [
        place for place, name in enumerate(SHAPES) if name.startswith(starts) and name not in ("mouthLeft", "mouthRight") or name in starts
    ]
    return float(np.nanmean([np.corrcoef(said[:, place], true[:, place])[0, 1] for place in places]))


def raw_of(clip: Seen) -> np.ndarray:
    """The raw scores of a clip as weights (T, 52)."""
    return np.stack([clip.scores[:, SCORES.index(name)] if name in SCORES else 0 * clip.scores[:, 0] for name in SHAPES], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--without", nargs="+", required=True, metavar="PRESET")
    options = parser.parse_args()
    head = Head.default()
    clips = read_clips(sorted(options.cache.glob("clip*.npz")))
    unseen = [clip for clip in clips if clip.identity.name in options.without]
    solver = Solver(**learn([clip for clip in clips if clip.identity.name not in options.without], head))
    parts: dict[str, list] = {}
    add = lambda name, values: parts.setdefault(name, []).append(values)  # noqa: E731
    for clip in unseen:
        readings, turns = read_points(clip, solver.canonical, solver.basis, solver.spread)
        weights, mended = solver.solve(readings)
        truth = clip.values[:, ARKIT.indices(SHAPES)]
        for kind, off in (("alignment", left_over(clip, turns)), ("head", mended.inv() * left_over(clip, turns))):
            add(f"{kind}: all", np.degrees(off.magnitude()))
            add(f"{kind}: constant of a clip", np.degrees([off.mean().magnitude()]))
            add(f"{kind}: within a clip", np.degrees((off.mean().inv() * off).magnitude()))
        eyes = float(np.linalg.norm(np.subtract(*lip_maps(head, clip.identity)[0][[EYE_LEFT, EYE_RIGHT]]))) * 1000
        wanted = lip_gap(head, Motion(clip.values, 25, ARKIT), clip.identity)
        gap = true_gap(without_bias(readings.distances[:, CONTACT]), solver.gap)
        values = clip.values.copy()
        for kind, said in (("network", weights.clip(0, 1)), ("contact", touching(weights, gap, head))):
            values[:, ARKIT.indices(SHAPES)] = said
            made = lip_gap(head, Motion(values, 25, ARKIT))
            add(f"gap, {kind}: mm", np.abs(made - wanted) * eyes)
            add(f"gap, {kind}: % of the face's width", np.abs(made - wanted) * EYES_OF_A_FACE * 100)
            add(f"gap, {kind}: mm, of gaps under 2 mm", (np.abs(made - wanted) * eyes)[wanted * eyes < 2])
            add(f"gap, {kind}: mm, of gaps from 2 to 8 mm", (np.abs(made - wanted) * eyes)[(wanted * eyes >= 2) & (wanted * eyes < 8)])
            add(f"gap, {kind}: r", np.array([np.corrcoef(made, wanted)[0, 1]]))
        add("said", weights), add("true", truth), add("raw", raw_of(clip))
    whole = {name: np.concatenate(each) for name, each in parts.items()}
    report = {"clips": len(unseen), "learned on": len(clips) - len(unseen)}
    for name, each in whole.items():
        if name not in ("said", "true", "raw"):
            report[name] = {
                "median": round(float(np.median(each)), 3),
                "mean": round(float(each.mean()), 3),
                "p90": round(float(np.percentile(each, 90)), 3),
            }
    report["r"] = {
        name: [round(r_of(whole[kind], whole["true"], starts), 2) for kind in ("said", "raw")] for name, starts in GROUPS.items()
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
