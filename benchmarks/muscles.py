"""`python benchmarks/muscles.py [RECORDING ...]`: how an opening of the mouth is shared among ARKit's channels, as a table.

For each channel of the lower face, left and right together: its mean and deviation in the motion of the recordings (the bundled one when
none is given) without and with `share_opening`, the published deviation of weights fitted to 4-D scans of twelve people who speak, and the
channels with which it correlates most. `--json` prints the same as JSON.
"""

import argparse
import json

import numpy as np

from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.rigs.arkit import CHEEKS_AND_NOSE, JAW, MOUTH

PUBLISHED = {
    "jawOpen": 0.10, "mouthClose": 0.07, "mouthFunnel": 0.03, "mouthPucker": 0.10, "mouthSmile": 0.03, "mouthFrown": 0.06,
    "mouthDimple": 0.02, "mouthStretch": 0.07, "mouthRollLower": 0.04, "mouthRollUpper": 0.04, "mouthShrugLower": 0.08,
    "mouthPress": 0.07, "mouthLowerDown": 0.20, "mouthUpperUp": 0.08, "cheekSquint": 0.02, "noseSneer": 0.05, "jawForward": 0.12,
}  # fmt: skip
SECONDS = 20  # of each recording
NAMED = 3  # correlations shown per channel


def curves(motion) -> dict[str, np.ndarray]:
    """The published channels (T,) of a motion, both sides as one."""
    found = {}
    for name in PUBLISHED:
        sides = [c for c in (*JAW, *MOUTH, *CHEEKS_AND_NOSE) if c in (name, f"{name}Left", f"{name}Right")]
        found[name] = motion.select(sides).mean(1)
    return found


def described(motions: list) -> dict[str, dict]:
    """Mean, deviation and the strongest correlations of each channel over all motions together."""
    joined = {name: np.concatenate([curves(motion)[name] for motion in motions]) for name in PUBLISHED}
    matrix = np.nan_to_num(np.corrcoef(np.stack([curve + 1e-9 * np.arange(len(curve)) for curve in joined.values()])))
    rows = {}
    for row, (name, curve) in enumerate(joined.items()):
        others = [n for n in np.argsort(-np.abs(matrix[row])) if n != row][:NAMED]
        related = {list(joined)[n]: round(float(matrix[row, n]), 2) for n in others}
        rows[name] = {"mean": round(float(curve.mean()), 3), "deviation": round(float(curve.std()), 3), "correlates": related}
    return rows


def main(recordings: list[str], as_json: bool):
    whole = load()
    plain = load(gestures=[gesture for gesture in whole.gestures if gesture.name != "muscles"])
    sounds = [read_audio(path) for path in recordings or [demo_recording()]]
    sounds = [sound.between(0, min(sound.seconds, SECONDS)) for sound in sounds]
    before, after = (described([animator.animate(sound, seed=0) for sound in sounds]) for animator in (plain, whole))
    rows = {name: {"published": PUBLISHED[name], "before": before[name], "after": after[name]} for name in PUBLISHED}
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    print(table(rows))


def table(rows: dict[str, dict]) -> str:
    """The rows as a table in Markdown."""
    columns = ("channel", "published", "deviation without", "with", "mean without", "with", "correlates most with")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name, row in rows.items():
        one, two = row["before"], row["after"]
        with_ = ", ".join(f"{other} {value:+.2f}" for other, value in two["correlates"].items())
        levels = (row["published"], one["deviation"], two["deviation"], one["mean"], two["mean"])
        lines.append(f"| {name} | {' | '.join(f'{level:.2f}' for level in levels)} | {with_} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="*")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    main(given.recordings, given.json)
