"""Motion to running programs, frame by frame on a steady clock: one protocol per file, each a `Sender`.

A new protocol is one file beside these and one entry in `PROTOCOLS`.
"""

from visavox.errors import OptionError
from visavox.serve.live.clock import beats
from visavox.serve.live.lines import JsonLines
from visavox.serve.live.live_link import LiveLink
from visavox.serve.live.sender import Address, Sender
from visavox.serve.live.vmc import PerfectSync, VrmPresets
from visavox.serve.live.websocket import WebSocket

PROTOCOLS = {"live-link": LiveLink, "vmc": PerfectSync, "vmc-vrm": VrmPresets, "websocket": WebSocket, "jsonl": JsonLines}


def sender_for(name: str, motion, address: Address) -> Sender:
    """The sender of the protocol `name`, ready for `motion`; an OptionError lists the protocols when there is none of the name."""
    if name not in PROTOCOLS:
        raise OptionError(f"there is no protocol {name!r}; --to takes {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name](motion, address)


def play(sender: Sender, frames: int, fps: float) -> int:
    """Sends every frame when it is due; the number of frames that were left out because the machine was late.

    The sender is closed whatever happens.
    """
    sent = 0
    try:
        sender.wait()
        for frame in beats(frames, fps):
            sender.send(frame)
            sent += 1
    finally:
        sender.close()
    return frames - sent
