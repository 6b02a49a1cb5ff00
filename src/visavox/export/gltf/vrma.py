"""VRM animation (.vrma): the movement for any VRM avatar, without its geometry.

Vowels and blinks are VRM's own expressions, which every avatar has. Brows, cheeks, nose, tongue and the width of the eyes are custom
expressions under their ARKit names, for avatars with "perfect sync". ARKit's mouth is left out, since it would open the mouth
a second time. The gaze is the rotation of the look-at node, the head that of its bone.
"""

from pathlib import Path

import numpy as np

from visavox.errors import RigError
from visavox.export.accompaniment import Accompaniment
from visavox.export.gltf.builder import Builder
from visavox.io.gltf import Gltf, write_glb
from visavox.motion import Motion
from visavox.rigs.arkit import GAZE, JAW, MOUTH, SHAPES
from visavox.rigs.heads.rotations import SIDES, eye_angles, head_quaternions, turns_eyes
from visavox.rigs.retargeting.shape_names import meaning
from visavox.rigs.visemes import NEEDED, viseme_motion
from visavox.windows import frame_times

VOWELS = ("aa", "ih", "ou", "ee", "oh")
BLINKS = {"blinkLeft": "eyeBlinkLeft", "blinkRight": "eyeBlinkRight"}
BONES = {"hips": (0.0, 0.9, 0.0), "spine": (0.0, 0.15, 0.0), "chest": (0.0, 0.15, 0.0), "neck": (0.0, 0.25, 0.0), "head": (0.0, 0.1, 0.02)}
EYES_ABOVE_HEAD = (0.0, 0.06, 0.0)  # metres: where the look-at begins


def write_vrma(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the animation with keys at the centres of frames. A RigError names the mouth channels that the rig lacks."""
    missing = [name for name in NEEDED if name not in motion.rig]
    if missing:
        raise RigError(f"rig {motion.rig.name!r} lacks {', '.join(missing)}, which the vowels of a .vrma are read from; retarget it first")
    asset = {"version": "2.0", "generator": "Visavox", "extras": {"visavox": {"fps": motion.fps, "provenance": accompaniment.provenance}}}
    builder = Builder(Gltf({"asset": asset, "scene": 0, "extensionsUsed": ["VRMC_vrm_animation"]}, b""))
    times = frame_times(motion.frames, motion.fps)
    for place, (name, offset) in enumerate(BONES.items()):
        builder.add("nodes", {"name": name, "translation": list(offset), **({"children": [place + 1]} if name != "head" else {})})
    look_at = builder.add("nodes", {"name": "lookAt"})
    head = list(BONES).index("head")
    builder.animate(head, "rotation", head_quaternions(motion), times)
    if turns_eyes(motion):
        builder.animate(look_at, "rotation", shared_gaze(motion), times)
    preset, custom = _preset_weights(motion), _custom_weights(motion)
    nodes = {name: _expression(builder, name, weight, times) for name, weight in {**preset, **custom}.items()}
    builder.document["scenes"] = [{"nodes": [0, look_at, *nodes.values()]}]
    builder.document["extensions"] = {
        "VRMC_vrm_animation": {
            "specVersion": "1.0",
            "humanoid": {"humanBones": {name: {"node": node} for node, name in enumerate(BONES)}},
            "expressions": {
                "preset": {name: {"node": nodes[name]} for name in preset},
                "custom": {name: {"node": nodes[name]} for name in custom},
            },
            "lookAt": {"node": look_at, "offsetFromHeadBone": list(EYES_ABOVE_HEAD)},
        }
    }
    write_glb(builder.gltf("speech"), path)


def vowel_weights(motion: Motion) -> dict[str, np.ndarray]:
    """The weights (T,) of VOWELS that a motion's mouth shows. A RigError names the mouth channels that the rig lacks."""
    visemes = viseme_motion(motion)
    return {vowel: sum(gain * visemes.channel(name) for name, gain in meaning(vowel).items()) for vowel in VOWELS}


def shared_gaze(motion: Motion) -> np.ndarray:
    """The rotation (T, 4) of the gaze that both eyes share."""
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    shared = np.mean([eye_angles(motion, side) for side in SIDES], axis=0)
    return Rotation.from_euler("YX", shared).as_quat()


def _preset_weights(motion: Motion) -> dict[str, np.ndarray]:
    return vowel_weights(motion) | {name: motion.channel(channel) for name, channel in BLINKS.items() if channel in motion.rig}


def _custom_weights(motion: Motion) -> dict[str, np.ndarray]:
    """The shapes that no preset shows, where they move at all."""
    shown = {*GAZE, *JAW, *MOUTH, *BLINKS.values()}
    return {name: motion.channel(name) for name in SHAPES if name not in shown and name in motion.rig and motion.channel(name).any()}


def _expression(builder: Builder, name: str, weight: np.ndarray, times: np.ndarray) -> int:
    """The node whose X is the expression's weight."""
    node = builder.add("nodes", {"name": name})
    places = np.zeros((len(weight), 3))
    places[:, 0] = np.clip(weight, 0, 1)
    builder.animate(node, "translation", places, times)
    return node
