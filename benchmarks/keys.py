"""Key poses in phones, at their borders, where lines err and at equal distances: what in-betweening leaves, on filmed people's motion and
on our own, as JSON.

python benchmarks/keys.py [DATA]: DATA holds us_gov/ and grid_s1/ as the shared data does.
"""

import json
import sys
from pathlib import Path

import numpy as np

from visavox import Sampling, load, read_audio
from visavox.cues.between import guided, through
from visavox.cues.keys import among, at_borders, at_phones, borders, evenly, where_it_errs
from visavox.cues.mouth import lip_gap
from visavox.data.readers.tracked import read_track
from visavox.models.sizes import LIP_PHONES
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, MOUTH

LIPS = ARKIT.indices([*MOUTH, "jawOpen"])
QUICK = Sampling(steps=4)
SECONDS = 20.0  # of a recording


def clips(data: Path) -> list[tuple[str, Path, Path, float]]:
    """(set, sound, track, seconds by which the sound is late)."""
    late = json.loads((data / "us_gov" / "AV_OFFSET.json").read_text())
    found = [("us_gov", path, data / "us_gov/motion" / f"{path.stem}.npz", late[f"{path.stem}.mp4"]["lag_ms"] / 1000)
             for path in sorted((data / "us_gov").glob("*.flac"))]  # fmt: skip
    grid = sorted((data / "grid_s1/audio").glob("*.flac"))[:400:40]
    return found + [("grid", path, data / "grid_s1/motion" / f"{path.stem}.npz", 0.0) for path in grid]


def errors(target: Motion, base: Motion, keys: np.ndarray) -> list[float]:
    """The error of the lip gap, of its deviation: of curves through poses alone and with their slopes, each by themselves and guided by the
    motion of the sound."""
    found, true, at = [], lip_gap(target.values, ARKIT), np.arange(target.frames)
    asked, told = target.values[:, LIPS].astype(float), base.values[:, LIPS].astype(float)
    slopes = (np.gradient(asked, axis=0)[keys], np.gradient(told, axis=0)[keys])
    for passed in (None, slopes):
        for lips in (
            through(keys, asked[keys], at, passed and passed[0]),
            guided((keys, asked[keys]), (told[keys], told), at, passed),
        ):
            made = target.values.astype(float).copy()
            made[:, LIPS] = np.clip(lips, 0, 1)
            found.append(np.sqrt(np.square(lip_gap(made, ARKIT) - true).mean()) / true.std())
    return found


def chosen(lips: Motion, heard: dict[str, np.ndarray]) -> dict[tuple[str, str], np.ndarray]:
    """The keys by what they are compared with and how they are chosen: as many in each comparison."""
    frames, fps, found = lips.frames, lips.fps, {}
    phones = at_phones(heard, fps)
    for name, keys in (("borders", among(lips, borders(heard, fps), len(at_borders(heard, fps)))), ("middles", phones)):
        found |= {(name, name): keys, (name, "even"): evenly(len(keys), frames), (name, "chosen"): where_it_errs(lips, len(keys))}
        found[name, "chosen near phones"] = where_it_errs(lips, len(keys), phones)
    half = len(phones) // 2
    found |= {("half", "even"): evenly(half, frames), ("half", "chosen"): where_it_errs(lips, half)}
    return found | {("half", "chosen near phones"): where_it_errs(lips, half, phones)}


def main(data: Path) -> None:
    """Prints the medians over clips by set and way of choosing keys."""
    animator, rows = load(), []
    for name, sound, track, late in clips(data):
        audio = read_audio(sound)
        audio = audio.between(0, min(SECONDS, audio.seconds))
        base, own = animator.animate(audio, sampling=QUICK), animator.animate(audio, seed=7, sampling=QUICK)
        heard = animator.encode.cues(audio, base.frames)
        real = read_track(track)[0].at_fps(base.fps)
        for of, motion in ((name, real), ("own", own)):
            shift = round(late * base.fps) if of != "own" else 0
            frames = min(motion.frames, base.frames - shift)
            target, voice = (Motion(one.values[first : first + frames], base.fps, ARKIT) for one, first in ((motion, 0), (base, shift)))
            phones = {phone: heard[phone][shift : shift + frames] for phone in LIP_PHONES}
            lips = Motion(np.where(np.isin(np.arange(len(ARKIT)), LIPS), target.values, 0), base.fps, ARKIT)
            for ways, keys in chosen(lips, phones).items():
                rows.append((of, *ways, len(keys) / target.seconds, *errors(target, voice, keys)))
    for row in dict.fromkeys(row[:3] for row in rows):
        values = np.array([other[3:] for other in rows if other[:3] == row])
        even = np.array([other[3:] for other in rows if other[:3] == (*row[:2], "even")])
        names = ("keys_a_second", "poses", "poses_guided", "slopes", "slopes_guided")
        medians = dict(zip(names, np.round(np.median(values, 0), 4).tolist(), strict=True))
        better = {"better_than_even": (values < even).sum(0)[1:].tolist()}
        print(json.dumps({"motion": row[0], "as many as": row[1], "keys": row[2], "clips": len(values)} | medians | better))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "data"))
