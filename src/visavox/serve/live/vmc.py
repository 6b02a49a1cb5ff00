"""Virtual Motion Capture protocol: OSC over UDP, as VSeeFace, Warudo, VNyan and Unity's receivers read it on port 39539.

A frame is `/VMC/Ext/OK`, `/VMC/Ext/T` (the sound's clock), the bones Head, LeftEye and RightEye, a `/VMC/Ext/Blend/Val` for each shape
and `/VMC/Ext/Blend/Apply`, in bundles that fit one packet of a network. Bones are in Unity's left-handed frame: X and the
quaternion's y and z change their signs.
"""

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from visavox.errors import DependencyError
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.rotations import SIDES, eye_quaternions, head_quaternions
from visavox.rigs.retargeting.shape_names import meaning
from visavox.rigs.visemes import viseme_motion
from visavox.serve.live.sender import Address, Datagrams, Frame, Source, check_closed, opened

if TYPE_CHECKING:
    from pythonosc.osc_message import OscMessage

PORT = 39539
MOST_BYTES = 1400  # of one packet
HEAD_BYTES, SIZE_BYTES = 16, 4  # of a bundle: its name and time tag, then before each message its length
PRESETS = {"A": "aa", "I": "ih", "U": "ou", "E": "ee", "O": "oh"}
BLINKS = {"Blink_L": "eyeBlinkLeft", "Blink_R": "eyeBlinkRight"}
BONES = {"Head": head_quaternions} | {f"{side}Eye": partial(eye_quaternions, side=side) for side in SIDES}
UNITY = (1, -1, -1, 1)  # a quaternion in a left-handed frame


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


class Layout:
    """The bundles of a frame, laid out once by the OSC library: from frame to frame only floats change, and they end each message."""

    def __init__(self, messages: "list[OscMessage]"):
        self._bundles, self._floats = [], []
        left = iter(messages)
        for number, bundle in enumerate(bundles(messages)):
            self._bundles.append(bundle)
            end = HEAD_BYTES
            while end < len(bundle):
                end += SIZE_BYTES + struct.unpack_from(">i", bundle, end)[0]
                count = sum(isinstance(value, float) for value in next(left).params)
                self._floats.append((number, end - 4 * count, count))

    def filled(self, floats: Iterable[float]) -> list[bytearray]:
        """The bundles with all their floats in order. Packing anew takes 3 ms, which would make every frame late."""
        filled, floats = [bytearray(bundle) for bundle in self._bundles], iter(floats)
        for bundle, place, count in self._floats:
            struct.pack_into(f">{count}f", filled[bundle], place, *islice(floats, count))
        return filled


class _Performer(ABC):
    """Sends bones and weights of shapes; its kinds say which. A DependencyError without `python-osc`."""

    def __init__(self, address: Address, frames: int | None = None):
        try:
            import pythonosc.osc_bundle_builder
            import pythonosc.osc_message_builder  # noqa: F401
        except ImportError:
            raise DependencyError("--to vmc and vmc-vrm need python-osc; install it with: pip install 'visavox[live]'") from None
        self._datagrams, self._source, self._bones = Datagrams(address, PORT), None, {}

    @abstractmethod
    def shapes(self, motion: Motion) -> dict[str, float]:
        """The weight of each shape in a motion of one frame, by name. A RigError when the rig lacks what they are made of."""

    def open(self, rig: Rig, fps: float) -> None:
        """Checks the rig and lays out the datagrams, which need no receiver."""
        check_closed(self._source)
        source = Source(rig, fps)
        frame, self._bones = source.frame(0, np.zeros(len(rig))), {}
        self._names = tuple(self.shapes(frame.motion))
        self._layout, self._source = Layout(self.messages(frame)), source
        self._datagrams.open()
        self._bones = {}

    def messages(self, frame: Frame) -> "list[OscMessage]":
        """The messages of one frame."""
        seconds, *floats = self._floats(frame)
        here, floats = [message("/VMC/Ext/OK", 1), message("/VMC/Ext/T", seconds)], iter(floats)
        here += [message("/VMC/Ext/Bone/Pos", bone, *islice(floats, 7)) for bone in BONES]
        here += [message("/VMC/Ext/Blend/Val", name, next(floats)) for name in self._names]
        return [*here, message("/VMC/Ext/Blend/Apply")]

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Sends one frame."""
        frame = opened(self._source).frame(seconds, values)
        for bundle in self._layout.filled(self._floats(frame)):
            self._datagrams.send(bundle)

    def close(self) -> None:
        """Closes the socket."""
        self._source = None
        self._datagrams.close()

    def _floats(self, frame: Frame) -> list[float]:
        """Every float of the frame's messages: the clock, place and turn of each bone, the weight of each shape."""
        floats = [frame.seconds]
        for bone, turned in BONES.items():
            floats += [0.0, 0.0, 0.0, *self._continued(bone, turned(frame.motion)[0] * UNITY).tolist()]
        return floats + list(self.shapes(frame.motion).values())

    def _continued(self, bone: str, quaternion: np.ndarray) -> np.ndarray:
        """The quaternion (4,) with the sign that is nearer to the one of the frame before, for receivers that blend."""
        before = self._bones.get(bone)
        self._bones[bone] = quaternion if before is None or before @ quaternion >= 0 else -quaternion
        return self._bones[bone]


class PerfectSync(_Performer):
    """Sends weights under their own names: ARKit's for avatars with "perfect sync", or those of a rig map."""

    def shapes(self, motion: Motion) -> dict[str, float]:
        """The motion's own weights."""
        arkit = tuple(name for name in SHAPES if name in motion.rig)
        names = arkit or tuple(channel.name for channel in motion.rig.channels if channel.unit == "weight")
        return dict(zip(names, motion.select(names)[0].tolist(), strict=True))


class VrmPresets(_Performer):
    """Sends the five vowels and the blinks that every VRM avatar has. A RigError names the mouth channels that are missing."""

    def shapes(self, motion: Motion) -> dict[str, float]:
        """The presets' weights."""
        visemes = viseme_motion(motion)
        vowels = {name: sum(gain * visemes.channel(part) for part, gain in meaning(vowel).items()) for name, vowel in PRESETS.items()}
        blinks = {name: motion.channel(channel) for name, channel in BLINKS.items() if channel in motion.rig}
        return {name: float(np.clip(weight[0], 0, 1)) for name, weight in (vowels | blinks).items()}
