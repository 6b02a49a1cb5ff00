"""Frames sent as they are made, and a program that receives them: python examples/05_live.py [SPEECH [FOLDER]]"""

import socket
import struct
import sys
from pathlib import Path

import numpy as np

from visavox import load, read_audio
from visavox.io.assets import demo_recording
from visavox.serve.live import sender_for
from visavox.serve.live.clock import beats
from visavox.serve.live.live_link import VALUES
from visavox.serve.live.sender import Address


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of what came, `received.npy` (frames, 61) in `folder`: the values of Live Link, which Unreal would show."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    motion, came = load().animate(read_audio(speech), seed=0).at_fps(60), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:  # in place of Unreal, on a port of its own
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(1)
        sender = sender_for("live-link", Address(port=receiver.getsockname()[1]))
        sender.open(motion.rig, motion.fps)
        for frame in beats(motion.frames, motion.fps):  # any source of frames will do: a camera, a game, your own code
            sender.send(frame / motion.fps, motion.values[frame])
            came.append(struct.unpack(f">{VALUES}f", receiver.recv(4096)[-4 * VALUES :]))
        sender.close()
    print(f"{len(came)} of {motion.frames} frames came in time")
    np.save(folder / "received.npy", np.array(came))
    return folder / "received.npy"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
