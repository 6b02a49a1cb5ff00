"""Virtual Motion Capture protocol: OSC over UDP, as VSeeFace, Warudo, VNyan and Unity's receivers read it on port 39539.

A frame is `/VMC/Ext/OK`, `/VMC/Ext/T` (the sound's clock), the bones Head, LeftEye and RightEye, a `/VMC/Ext/Blend/Val` for each shape
and `/VMC/Ext/Blend/Apply`, in bundles that fit one packet of a network. Bones are in Unity's left-handed frame: X and the
quaternion's y and z change their signs.
"""

import struct
from collections.abc import Iterable

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES
from visavox.rigs.pose import eye_quaternions, head_quaternions
from visavox.rigs.spelling import meaning
from visavox.rigs.visemes import viseme_motion
from visavox.serve.live.sender import Address, Datagrams

PORT = 39539
MOST_BYTES = 1400  # of one packet
BUNDLE = b"#bundle\0" + struct.pack(">Q", 1)  # time tag 1: at once
PRESETS = {"A": "aa", "I": "ih", "U": "ou", "E": "ee", "O": "oh"}
BLINKS = {"Blink_L": "eyeBlinkLeft", "Blink_R": "eyeBlinkRight"}


def message(address: str, *values: int | float | str) -> bytes:
    """One OSC message: its address, its type tags, its arguments (int32, float32, text)."""
    tags, body = ",", b""
    for value in values:
        if isinstance(value, str):
            tags, body = tags + "s", body + _text(value)
        elif isinstance(value, int):
            tags, body = tags + "i", body + struct.pack(">i", value)
        else:
            tags, body = tags + "f", body + struct.pack(">f", value)
    return _text(address) + _text(tags) + body


def bundles(messages: Iterable[bytes]) -> list[bytes]:
    """The messages in order, in as few OSC bundles as fit packets."""
    packed = [BUNDLE]
    for each in messages:
        element = struct.pack(">i", len(each)) + each
        if len(packed[-1]) + len(element) > MOST_BYTES and packed[-1] != BUNDLE:
            packed.append(BUNDLE)
        packed[-1] += element
    return packed


def _text(text: str) -> bytes:
    data = text.encode()
    return data + b"\0" * (4 - len(data) % 4)


class _Performer:
    """Sends bones and weights (T, n) of shapes called `names`."""

    def __init__(self, motion: Motion, address: Address, names: tuple[str, ...], weights: np.ndarray):
        self._names, self._weights, self._fps = names, weights, motion.fps
        turns = {"Head": head_quaternions(motion)}
        turns |= {f"{side}Eye": eye_quaternions(motion, side) for side in ("Left", "Right")}
        self._bones = {bone: quaternions * (1, -1, -1, 1) for bone, quaternions in turns.items()}
        self._datagrams = Datagrams(address, PORT)

    def messages(self, frame: int) -> list[bytes]:
        """The messages of one frame."""
        here = [message("/VMC/Ext/OK", 1), message("/VMC/Ext/T", frame / self._fps)]
        for bone, quaternions in self._bones.items():
            here.append(message("/VMC/Ext/Bone/Pos", bone, 0.0, 0.0, 0.0, *map(float, quaternions[frame])))
        for name, weight in zip(self._names, self._weights[frame], strict=True):
            here.append(message("/VMC/Ext/Blend/Val", name, float(weight)))
        return [*here, message("/VMC/Ext/Blend/Apply")]

    def wait(self) -> None:
        """Returns at once: datagrams need no receiver."""

    def send(self, frame: int) -> None:
        """Sends frame number `frame`."""
        for bundle in bundles(self.messages(frame)):
            self._datagrams.send(bundle)

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
