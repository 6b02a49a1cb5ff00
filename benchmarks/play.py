"""`python benchmarks/play.py [--seconds 60] [--fps 60] [--to live-link]`: how steadily `visavox play` sends, as JSON.

The verb runs as a user starts it, in a process of its own, and sends to a socket of this one on the same machine; each frame's time is
that of its arrival here, so that waking this process counts too. Ten minutes: `--seconds 600`.

- jitter_median_ms, jitter_p95_ms, jitter_max_ms: of the time between two frames, against what their numbers say;
- late_median_ms, late_p95_ms: against the frame that came earliest of all, seen from its own number;
- drift_ms: the middle lateness of the last tenth less that of the first tenth; drift_ppm the same by what lies between them;
- frames, frames_missing: sent by number, and those of them that never came (left out by a late sender, or lost);
- load, cores: the machine's load in the last minute before and after, and on how many cores.
"""

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SILENCE = 60.0  # seconds without a frame, after which the sender is given up


def frame_of(data: bytes, protocol: str, fps: float) -> int | None:
    """The number of the frame that a datagram begins; none for one that goes on with a frame."""
    if protocol == "live-link":
        device = struct.unpack_from(">i", data, 1)[0]
        subject = struct.unpack_from(">i", data, 5 + device)[0]
        return struct.unpack_from(">i", data, 9 + device + subject)[0]
    from pythonosc.osc_bundle import OscBundle

    return next((round(said.params[0] * fps) for said in OscBundle(data) if said.address == "/VMC/Ext/T"), None)


def received(command: list[str], listening: socket.socket, protocol: str, fps: float) -> list[tuple[int, float]]:
    """Number and time of arrival, in seconds, of every frame that `command` sends to the socket."""
    listening.settimeout(0.5)
    came, last = [], time.monotonic()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as sending:
        while True:
            try:
                data = listening.recv(65536)
            except TimeoutError:
                if sending.poll() is not None or time.monotonic() - last > SILENCE:
                    sending.kill()
                    break
                continue
            last = time.monotonic()
            frame = frame_of(data, protocol, fps)
            if frame is not None:
                came.append((frame, last))
    return came


def measure(seconds: float, fps: float, protocol: str) -> dict:
    """The figures by name."""
    from visavox.io.motion import write_motion
    from visavox.motion import Motion
    from visavox.rigs.arkit import ARKIT

    frames = round(seconds * fps)
    values = 0.5 - 0.5 * np.cos(np.arange(frames)[:, None] * np.linspace(0.05, 0.4, len(ARKIT)))
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        write_motion(Motion(values, fps, ARKIT), Path(folder) / "long.npz")
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        verb = [sys.executable, "-m", "visavox.cli", "play", str(Path(folder) / "long.npz"), "--to", protocol, "--address", address]
        came = received(verb, listening, protocol, fps)
    if len(came) < 20:
        raise SystemExit(f"only {len(came)} frames came; try the verb by itself: visavox play MOTION.npz --to {protocol}")
    number, moment = np.array([frame for frame, _ in came]), np.array([at for _, at in came])
    jitter = 1000 * np.abs(np.diff(moment) - np.diff(number) / fps)
    late = 1000 * (moment - number / fps)
    late -= late.min()
    tenth = len(late) // 10
    drift = np.median(late[-tenth:]) - np.median(late[:tenth])
    between = np.median(moment[-tenth:]) - np.median(moment[:tenth])
    return {
        "protocol": protocol, "seconds": round(float(moment[-1] - moment[0]), 3), "fps": fps, "frames": frames,
        "frames_missing": frames - len(np.unique(number)),
        "jitter_median_ms": _rounded(np.median(jitter)), "jitter_p95_ms": _rounded(np.quantile(jitter, 0.95)),
        "jitter_max_ms": _rounded(jitter.max()), "late_median_ms": _rounded(np.median(late)),
        "late_p95_ms": _rounded(np.quantile(late, 0.95)), "drift_ms": _rounded(drift), "drift_ppm": _rounded(1000 * drift / between),
        "load": [load, os.getloadavg()[0]], "cores": os.cpu_count(),
    }  # fmt: skip


def _rounded(value: float) -> float:
    return round(float(value), 3)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--fps", type=float, default=60.0)
    parser.add_argument("--to", choices=("live-link", "vmc"), default="live-link")
    options = parser.parse_args()
    print(json.dumps(measure(options.seconds, options.fps, options.to), indent=1))


if __name__ == "__main__":
    main()
