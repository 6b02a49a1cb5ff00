"""Clips of FACEGOOD's performed face curves with sound, mapped by hand onto ARKit.

Source: the sample takes of FACEGOOD Audio2Face, MIT. 116 curves at 30 fps, of which about 33 move, all of the mouth.
The set has no jawOpen: `mouth_stretch_c` (the jaw of FACS unit 27) opens the jaw, and "oh" and "oo" are vowel shapes
that move several ARKit channels at once. The numbers below are by eye, not fitted. There is no head motion and no
blink.
"""

from pathlib import Path

import numpy as np

from visavox.data.clip import Clip, common_part
from visavox.data.readers.tracked import find_sound
from visavox.errors import FileError
from visavox.io.arrays import checked_numbers, read_npz
from visavox.io.audio import read_audio
from visavox.io.documents import read_json
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

SOURCE = "FACEGOOD Audio2Face sample takes"
LICENCE = "MIT"
FPS = 30.0
RELEASE = "give the files of one release"
PREFIX = "bs_value_"

# ARKit channel -> {curve: weight}; {s} is a side, l or r in the curves, Left or Right in ARKit. Weighted curves add up.
CENTRE = {
    "jawOpen": {"mouth_stretch_c": 1.0, "mouth_oh_c": 0.30},
    "jawForward": {"jaw_thrust_c": 1.0},
    "mouthFunnel": {"mouth_funnel_dl": 0.25, "mouth_funnel_dr": 0.25, "mouth_funnel_ul": 0.25, "mouth_funnel_ur": 0.25,
                    "mouth_oh_c": 0.70, "mouth_oo_c": 0.30},
    "mouthPucker": {"mouth_pucker_l": 0.5, "mouth_pucker_r": 0.5, "mouth_oo_c": 0.80},
    "mouthRollLower": {"mouth_suck_dl": 0.5, "mouth_suck_dr": 0.5},
    "mouthRollUpper": {"mouth_suck_ul": 0.5, "mouth_suck_ur": 0.5},
    "mouthShrugLower": {"mouth_chinRaise_d": 1.0},
    "mouthShrugUpper": {"mouth_chinRaise_u": 1.0},
    "cheekPuff": {"cheek_puff_l": 0.5, "cheek_puff_r": 0.5},
    "browInnerUp": {"brow_raise_c": 1.0},
}  # fmt: skip
SIDES = {
    "jaw{s}": {"jaw_sideways_{s}": 1.0},
    "mouth{s}": {"mouth_sideways_{s}": 1.0},
    "mouthSmile{s}": {"mouth_lipCornerPull_{s}": 1.0, "mouth_lipCornerPullOpen_{s}": 1.0},
    "mouthFrown{s}": {"mouth_lipCornerDepress_{s}": 1.0},
    "mouthDimple{s}": {"mouth_dimple_{s}": 1.0},
    "mouthStretch{s}": {"mouth_lipStretch_{s}": 1.0, "mouth_lipStretchOpen_{s}": 1.0},
    "mouthPress{s}": {"mouth_press_{s}": 1.0},
    "mouthLowerDown{s}": {"mouth_lowerLipDepress_{s}": 1.0},
    "mouthUpperUp{s}": {"mouth_upperLipRaise_{s}": 1.0},
    "noseSneer{s}": {"nose_wrinkle_{s}": 1.0},
    "cheekSquint{s}": {"cheek_raise_{s}": 1.0},
    "browDown{s}": {"brow_lower_{s}": 1.0},
    "browOuterUp{s}": {"brow_raise_{s}": 1.0},
}


def read_facegood(folder: Path):
    """The clips of a folder with `bs_name.json`, `bs_value_NAME.npz` and the sound of each NAME; rig ARKIT at 30
    fps.
    """
    folder = Path(folder)
    names = _curve_names(folder / "bs_name.json")
    for path in sorted(folder.glob(f"{PREFIX}*.npz")):
        values = checked_numbers(read_npz(path, ["values"], RELEASE)["values"], f"{path} has values", RELEASE)
        if values.ndim != 2 or values.shape[1] != len(names):
            raise FileError(f"{path} holds curves of shape {values.shape}; bs_name.json names {len(names)}: give the files of one release")
        name = path.stem.removeprefix(PREFIX)
        motion = Motion(to_arkit(values, names), FPS, ARKIT)
        audio, motion, _ = common_part(read_audio(find_sound(folder, name)), 0.0, motion, None)
        yield Clip(name, audio, "facegood", SOURCE, LICENCE, motion=motion)


def _curve_names(path: Path) -> list[str]:
    """The names of the curves; a FileError when the file is no list of different names, or lacks one that is needed."""
    names = read_json(path, RELEASE)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise FileError(f"{path} does not hold the names of curves, each once; {RELEASE}")
    missing = sorted({curve for _, recipe in arkit_mapping() for curve in recipe} - set(names))
    if missing:
        raise FileError(f"{path} does not name the curves {', '.join(missing[:5])}; {RELEASE}")
    return names


def to_arkit(curves: np.ndarray, names: list[str]) -> np.ndarray:
    """The curves (T, N), named `names`, as values (T, C) of the rig ARKIT in 0..1; the head and what has no curve
    stay 0.
    """
    column = {name: curves[:, position] for position, name in enumerate(names)}
    values = np.zeros((len(curves), len(ARKIT)), np.float32)
    for channel, recipe in arkit_mapping():
        for curve, weight in recipe.items():
            values[:, ARKIT.index(channel)] += weight * column[curve]
    return np.clip(values, 0, 1)


def arkit_mapping():
    """Each channel of ours with those of FACEGOOD that it is made of."""
    yield from CENTRE.items()
    for channel, recipe in SIDES.items():
        for short, long in (("l", "Left"), ("r", "Right")):
            yield channel.format(s=long), {curve.format(s=short): weight for curve, weight in recipe.items()}
