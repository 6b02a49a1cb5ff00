"""Motion to running programs, frame by frame on a steady clock: one protocol per file, each a `Sender`.

A new protocol is one file beside these and one entry in `PROTOCOLS`.
"""

from collections.abc import Callable

from visavox.errors import OptionError
from visavox.motion import Motion
from visavox.serve.live.clock import beats
from visavox.serve.live.lines import JsonLines
from visavox.serve.live.live_link import LiveLink
from visavox.serve.live.sender import Address, Awaited, Sender
from visavox.serve.live.vmc import PerfectSync, VrmPresets
from visavox.serve.live.websocket import WebSocket

PROTOCOLS = {"live-link": LiveLink, "vmc": PerfectSync, "vmc-vrm": VrmPresets, "websocket": WebSocket, "jsonl": JsonLines}


def sender_for(name: str, address: Address, frames: int | None = None) -> Sender:
    """A sender of the protocol `name`, to be opened; an OptionError lists the protocols when there is none of the name.

    `frames` is how many will come, where that is known: greetings tell it.
    """
    if name not in PROTOCOLS:
        raise OptionError(f"there is no protocol {name!r}; --to takes {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name](address, frames)


def play(sender: Sender, motion: Motion, began: Callable[[], None] | None = None) -> int:
    """Sends every frame of a finished motion when it is due; the number of frames that were left out because the machine was late.

    `began` is called once the sender is open, before a receiver is waited for. The sender is closed whatever happens.
    """
    sent = 0
    try:
        sender.open(motion.rig, motion.fps)
        if began:
            began()
        if isinstance(sender, Awaited):
            sender.wait()
        for frame in beats(motion.frames, motion.fps):
            sender.send(frame / motion.fps, motion.values[frame])
            sent += 1
    finally:
        sender.close()
    return motion.frames - sent
