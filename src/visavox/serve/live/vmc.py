"""Virtual Motion Capture protocol: OSC over UDP, as VSeeFace, Warudo, VNyan and Unity's receivers read it on port 39539.

A frame is `/VMC/Ext/OK`, `/VMC/Ext/T` (the sound's clock), the bones Head, LeftEye and RightEye, a `/VMC/Ext/Blend/Val` for each shape
and `/VMC/Ext/Blend/Apply`, in bundles that fit one packet of a network. Bones are in Unity's left-handed frame: X and the
quaternion's y and z change their signs.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from visavox.errors import DependencyError
from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.rotations import eye_quaternions, head_quaternions
from visavox.rigs.retargeting.shape_names import meaning
from visavox.rigs.visemes import viseme_motion
from visavox.serve.live.sender import Address, Datagrams

if TYPE_CHECKING:
    from pythonosc.osc_message import OscMessage

PORT = 39539
MOST_BYTES = 1400  # of one packet
HEAD_BYTES, SIZE_BYTES = 16, 4  # of a bundle: its name and time tag, then before each message its length
PRESETS = {"A": "aa", "I": "ih", "U": "ou", "E": "ee", "O": "oh"}
BLINKS = {"Blink_L": "eyeBlinkLeft", "Blink_R": "eyeBlinkRight"}


def message(address: str, *values: int | float | str) -> "OscMessage":
    """One OSC message: its address, its arguments (int32, float32, text)."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return builder.build()


def bundles(messages: "Iterable[OscMessage]") -> list[bytes]:
    """The messages in order, in as few OSC bundles as fit packets; each is to be handled at once."""
    from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder

    parcels, left = [], 0
    for each in messages:
        size = each.size + SIZE_BYTES
        if size > left:
            parcels.append(OscBundleBuilder(IMMEDIATELY))
            left = MOST_BYTES - HEAD_BYTES
        parcels[-1].add_content(each)
        left -= size
    return [parcel.build().dgram for parcel in parcels]


class _Performer:
    """Sends bones and weights (T, n) of shapes called `names`. A DependencyError without `python-osc`."""

    def __init__(self, motion: Motion, address: Address, names: tuple[str, ...], weights: np.ndarray):
        try:
            import pythonosc.osc_bundle_builder
            import pythonosc.osc_message_builder  # noqa: F401
        except ImportError:
            raise DependencyError("--to vmc and vmc-vrm need python-osc; install it with: pip install 'visavox[live]'") from None
        self._names, self._weights, self._fps = names, weights, motion.fps
        turns = {"Head": head_quaternions(motion)}
        turns |= {f"{side}Eye": eye_quaternions(motion, side) for side in ("Left", "Right")}
        self._bones = {bone: quaternions * (1, -1, -1, 1) for bone, quaternions in turns.items()}
        self._datagrams, self._packed = Datagrams(address, PORT), {}

    def messages(self, frame: int) -> "list[OscMessage]":
        """The messages of one frame."""
        here = [message("/VMC/Ext/OK", 1), message("/VMC/Ext/T", frame / self._fps)]
        for bone, quaternions in self._bones.items():
            here.append(message("/VMC/Ext/Bone/Pos", bone, 0.0, 0.0, 0.0, *map(float, quaternions[frame])))
        for name, weight in zip(self._names, self._weights[frame], strict=True):
            here.append(message("/VMC/Ext/Blend/Val", name, float(weight)))
        return [*here, message("/VMC/Ext/Blend/Apply")]

    def wait(self) -> None:
        """Returns as soon as the first frame is packed: datagrams need no receiver."""
        self._pack(0)

    def send(self, frame: int) -> None:
        """Sends frame number `frame`, then packs the next, so that it leaves at once when it is due (packing takes 3 ms)."""
        for bundle in self._packed.pop(frame, None) or bundles(self.messages(frame)):
            self._datagrams.send(bundle)
        self._pack(frame + 1)

    def _pack(self, frame: int) -> None:
        self._packed = {frame: bundles(self.messages(frame))} if frame < len(self._weights) else {}

    def close(self) -> None:
        """Closes the socket."""
        self._datagrams.close()


class PerfectSync(_Performer):
    """Sends the motion's weights under their own names: ARKit's for avatars with "perfect sync", or those of a rig map."""

    def __init__(self, motion: Motion, address: Address):
        arkit = tuple(name for name in SHAPES if name in motion.rig)
        names = arkit or tuple(channel.name for channel in motion.rig.channels if channel.unit == "weight")
        super().__init__(motion, address, names, motion.select(names))


class VrmPresets(_Performer):
    """Sends the five vowels and the blinks that every VRM avatar has. A RigError names the mouth channels that are missing."""

    def __init__(self, motion: Motion, address: Address):
        visemes = viseme_motion(motion)
        spoken = [sum(gain * visemes.channel(name) for name, gain in meaning(vowel).items()) for vowel in PRESETS.values()]
        blinks = [name for name, channel in BLINKS.items() if channel in motion.rig]
        curves = spoken + [motion.channel(BLINKS[name]) for name in blinks]
        super().__init__(motion, address, (*PRESETS, *blinks), np.clip(np.stack(curves, axis=1), 0, 1))
