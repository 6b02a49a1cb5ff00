"""MikuMikuDance motion (.vmd): morphs by the names that most models have, the head's bone, and the bone of both eyes; always 30 fps.

Left-handed, Y up, the model facing -Z: ours with Z mirrored. Names are Shift-JIS of 15 bytes. A mouth is five vowels, as in a .vrma.
"""

from pathlib import Path

import numpy as np

from visavox.export.accompaniment import Accompaniment
from visavox.export.gltf.vrma import shared_gaze, vowel_weights
from visavox.io.atomic import write_bytes
from visavox.motion import Motion
from visavox.rigs.heads.rotations import SIDES, channel_or_zero, head_quaternions, turns_eyes, turns_head

FPS = 30
HEAD, EYES = "頭", "両目"
VOWELS = {"あ": "aa", "い": "ih", "う": "ou", "え": "ee", "お": "oh"}
BOTH_EYES, ONE_EYE = "まばたき", {"Left": "ウィンク２", "Right": "ｳｨﾝｸ２右"}  # a wink closes what the blink of both leaves open
MORPHS = {  # what both sides of a channel do in the mean
    "びっくり": "eyeWide", "じと目": "eyeSquint", "怒り": "browDown", "口角上げ": "mouthSmile", "口角下げ": "mouthFrown",
}  # fmt: skip
EVEN = bytes([20] * 8 + [107] * 8)  # handles of a straight line for X, Y, Z and the turn; each further row begins one byte later
LINEAR = np.frombuffer(b"".join(EVEN[row:] + bytes(row) for row in range(4)), np.uint8)
BONE = np.dtype([("name", "S15"), ("frame", "<u4"), ("place", "<f4", 3), ("turn", "<f4", 4), ("handles", "u1", 64)])
MORPH = np.dtype([("name", "S15"), ("frame", "<u4"), ("weight", "<f4")])


def write_vmd(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the motion resampled to 30 fps, each key where its curve bends. A RigError names mouth channels that the rig lacks."""
    motion = motion.at_fps(FPS)
    morphs = [_morph(name, weight) for name, weight in _weights(motion).items() if weight.any()]
    bones = [_bone(HEAD, head_quaternions(motion))] if turns_head(motion) else []
    bones += [_bone(EYES, shared_gaze(motion))] if turns_eyes(motion) else []
    keys = [np.concatenate([np.zeros(0, kind), *found]) for kind, found in ((BONE, bones), (MORPH, morphs))]
    counted = b"".join(len(each).to_bytes(4, "little") + each.tobytes() for each in keys)
    write_bytes(
        b"Vocaloid Motion Data 0002".ljust(30, b"\0") + b"Visavox".ljust(20, b"\0") + counted + bytes(12), path
    )  # no camera, no light


def _weights(motion: Motion) -> dict[str, np.ndarray]:
    """The weights (T,) of the morphs, by name."""
    vowels = vowel_weights(motion)
    lids = {side: channel_or_zero(motion, f"eyeBlink{side}") for side in SIDES}
    both = np.minimum(*lids.values())
    up = _mean(motion, "browOuterUp")
    found = {name: vowels[vowel] for name, vowel in VOWELS.items()} | {BOTH_EYES: both}
    found |= {ONE_EYE[side]: lids[side] - both for side in SIDES} | {name: _mean(motion, channel) for name, channel in MORPHS.items()}
    found |= {"上": up, "困る": np.maximum(channel_or_zero(motion, "browInnerUp") - up, 0)}
    return {name: np.clip(weight, 0, 1).astype(np.float32) for name, weight in found.items()}


def _mean(motion: Motion, channel: str) -> np.ndarray:
    return (channel_or_zero(motion, f"{channel}Left") + channel_or_zero(motion, f"{channel}Right")) / 2


def _morph(name: str, weight: np.ndarray) -> np.ndarray:
    """The keys (K,) of a morph."""
    frames = _bends(weight[:, None])
    keys = np.zeros(len(frames), MORPH)
    keys["name"], keys["frame"], keys["weight"] = name.encode("shift_jis"), frames, weight[frames]
    return keys


def _bone(name: str, turns: np.ndarray) -> np.ndarray:
    """The keys (K,) of a bone that turns by `turns` (T, 4)."""
    turns = turns.astype(np.float32) * np.float32([-1, -1, 1, 1])
    frames = _bends(turns)
    keys = np.zeros(len(frames), BONE)
    keys["name"], keys["frame"], keys["turn"], keys["handles"] = name.encode("shift_jis"), frames, turns[frames], LINEAR
    return keys


def _bends(curve: np.ndarray) -> np.ndarray:
    """The frames of a curve (T, N) but those whose value is that of the frames on both sides."""
    same = (curve[1:] == curve[:-1]).all(axis=1)
    return np.flatnonzero(~(np.append(False, same) & np.append(same, False)))
