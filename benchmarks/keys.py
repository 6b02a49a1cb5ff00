"""Key poses at phones, at errors and at equal distances: what in-betweening leaves, on filmed people's motion and on our own, as JSON.

python benchmarks/keys.py [DATA]: DATA holds us_gov/ and grid_s1/ as the shared data does.
"""

import json
import sys
from pathlib import Path

import numpy as np

from visavox import Sampling, load, read_audio
from visavox.cues.keys import at_phones, evenly, in_between, where_it_errs
from visavox.cues.mouth import lip_gap
from visavox.data.readers.tracked import read_track
from visavox.models.sizes import LIP_PHONES
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, MOUTH

LIPS = ARKIT.indices([*MOUTH, "jawOpen"])
QUICK = Sampling(steps=4)
LONGEST = 20.0  # seconds of a recording


def clips(data: Path) -> list[tuple[str, Path, Path, float]]:
    """(set, sound, track, seconds by which the sound is late)."""
    late = json.loads((data / "us_gov" / "AV_OFFSET.json").read_text())
    found = [("us_gov", path, data / "us_gov/motion" / f"{path.stem}.npz", late[f"{path.stem}.mp4"]["lag_ms"] / 1000)
             for path in sorted((data / "us_gov").glob("*.flac"))]  # fmt: skip
    grid = sorted((data / "grid_s1/audio").glob("*.flac"))[:400:40]
    return found + [("grid", path, data / "grid_s1/motion" / f"{path.stem}.npz", 0.0) for path in grid]


def errors(target: Motion, base: Motion, keys: np.ndarray) -> list[float]:
    """The error of the lip gap, of its deviation, and of the mouth's weights, in between and guided by the sound."""
    found, true = [], lip_gap(target.values, ARKIT)
    for guide in (None, base.values[:, LIPS].astype(float)):
        lips = in_between(target.values[:, LIPS].astype(float), keys, guide)
        made = target.values.astype(float).copy()
        made[:, LIPS] = lips
        found.append(np.sqrt(np.square(lip_gap(made, ARKIT) - true).mean()) / true.std())
        found.append(np.sqrt(np.square(lips - target.values[:, LIPS]).mean()))
    return found


def main(data: Path) -> None:
    """Prints the medians over clips by set and way of choosing keys."""
    animator, rows = load(), []
    for name, sound, track, late in clips(data):
        audio = read_audio(sound)
        audio = audio.between(0, min(LONGEST, audio.seconds))
        base, own = animator.animate(audio, sampling=QUICK), animator.animate(audio, seed=7, sampling=QUICK)
        heard = animator.encode.cues(audio, base.frames)
        real = read_track(track)[0].at_fps(base.fps)
        for of, motion in ((name, real), ("own", own)):
            shift = round(late * base.fps) if of != "own" else 0
            frames = min(motion.frames, base.frames - shift)
            target, voice = (Motion(one.values[first : first + frames], base.fps, ARKIT) for one, first in ((motion, 0), (base, shift)))
            phones = at_phones({phone: heard[phone][shift : shift + frames] for phone in LIP_PHONES}, base.fps)
            lips = Motion(np.where(np.isin(np.arange(len(ARKIT)), LIPS), target.values, 0), base.fps, ARKIT)
            chosen = {"all phones": phones, "even, as many": evenly(len(phones), frames)}
            half = len(phones) // 2
            chosen |= {"phones": where_it_errs(lips, half, phones), "errors": where_it_errs(lips, half), "even": evenly(half, frames)}
            rows += [(of, way, len(keys) / target.seconds, *errors(target, voice, keys)) for way, keys in chosen.items()]
    for of in ("us_gov", "grid", "own"):
        for way in ("all phones", "even, as many", "phones", "errors", "even"):
            values = np.array([row[2:] for row in rows if row[:2] == (of, way)])
            even = np.array([row[2:] for row in rows if row[:2] == (of, "even, as many" if way == "all phones" else "even")])
            names = ("keys_a_second", "gap", "weights", "gap_guided", "weights_guided")
            medians = dict(zip(names, np.round(np.median(values, 0), 4).tolist(), strict=True))
            better = {"better_than_even": (values < even).sum(0)[1:].tolist()}
            print(json.dumps({"motion": of, "keys": way, "clips": len(values)} | medians | better))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "data"))
