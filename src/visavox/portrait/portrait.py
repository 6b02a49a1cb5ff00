"""`Portrait`: a photo that is a head: the same motion moves it as moves the default head."""

from dataclasses import dataclass, replace

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import PhotoParts
from visavox.rig import Rig
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lids import shut_lids

# Radians up to which a turn of the head is as the motion says, and to which larger ones tend. Beyond, a photo shows that it is flat.
TURNS = {"headYaw": np.radians((13, 17)), "headPitch": np.radians((9, 13)), "headRoll": np.radians((10, 16))}
SHOWS, HIDES = 8.0, 32.0  # degrees: a head turned so far in its photo shows both cheeks; so much farther, and it could not turn back at all


@dataclass(frozen=True, eq=False)
class Portrait:
    """A photo as a `Head` of one preset, "photo", with the camera that took it and the parts that draw it.

    `head.vertices` speaks, blinks and turns as the default head's does; `full` (2,) is the weight at which each eye is shut.
    """

    head: Head
    camera: PhotoCamera
    parts: PhotoParts
    full: np.ndarray

    def on(self, rig: Rig) -> "Portrait":
        """The same portrait moved by another rig, whose channels of known names move it; a RigError for one that has none of them."""
        if not any(name in rig for name in self.head.shape_names):
            raise RigError(f"rig {rig.name!r} has none of ARKit's shapes, which move a portrait; carry the motion over: visavox retarget")
        return replace(self, head=replace(self.head, rig=rig))

    def within_reach(self, motion: Motion) -> Motion:
        """The motion with its turns of the head as they are where a photo can show them, and eased beyond, never clipped.

        A head that is turned in its photo turns back less far: its far cheek would come into view, which the photo hides.
        """
        eased = {name: _eased(motion.channel(name), *bounds) for name, bounds in TURNS.items() if name in motion.rig}
        if "headYaw" in eased:
            yaw, turned = motion.channel("headYaw"), self.camera.angles()[0]
            share = np.where(yaw * turned < 0, 1 - max(abs(turned) - SHOWS, 0) / HIDES, 1)
            eased["headYaw"] = _eased(yaw, *(share * bound for bound in TURNS["headYaw"]))
        return motion.with_channels(eased)

    def shut(self, values: np.ndarray) -> np.ndarray:
        """How far (T, 2) the left and the right eye are shut, from 0 to 1."""
        head = self.head
        rest = head.preset_positions[0]
        weights = shut_lids(head.shape_weights(values), head.shape_names, head.shapes[:, head.lid_points], rest[head.lid_points])
        blinks = [head.shape_names.index(f"eyeBlink{side}") for side in ("Left", "Right")]
        return np.clip(weights[:, blinks] / self.full, 0, 1)


def _eased(angles: np.ndarray, free: np.ndarray | float, most: np.ndarray | float) -> np.ndarray:
    """The angles (T,), bent smoothly from `free` on so that they never reach `most`, both of them one for all or (T,)."""
    beyond = np.maximum(np.abs(angles) - free, 0)
    return np.sign(angles) * (np.minimum(np.abs(angles), free) + (most - free) * np.tanh(beyond / (most - free)))
