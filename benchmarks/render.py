"""`python benchmarks/render.py [--size 512] [--frames 100] [--identity NAME]`: what drawing costs, as JSON.

- cpu_ms_per_frame: one thread, vertices included, median after the first frames;
- encode_ms_per_frame: CPU of H.264 for the same frames;
- first_frame_s: from the start of a fresh process to its first frame, with compiled code on disk; cold_first_frame_s the
  same with none (only with --cold, since it compiles everything again);
- peak_mb: resident memory at the end, and peak_mb_tenth after a tenth of the frames: alike when memory is flat.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # NumPy's threads would hide the cost of one
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

FIRST = """
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.render import render
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
import numpy as np
next(render(Motion(np.zeros((1, len(ARKIT))), 25, ARKIT), Head.default()))
"""


def speaking(frames: int):
    """A motion (T, 55) of a mouth that opens and closes, lids that blink and a head that sways."""
    import numpy as np

    from visavox.motion import Motion
    from visavox.rigs.arkit import ARKIT

    second = np.arange(frames) / 25
    blink = np.clip(1 - np.abs((second % 2.7) - 1.2) / 0.12, 0, 1)
    return Motion(np.zeros((frames, len(ARKIT))), 25, ARKIT).with_channels({
        "jawOpen": 0.18 - 0.18 * np.cos(second * 16),
        "mouthFunnel": 0.25 - 0.25 * np.cos(second * 5),
        "mouthSmileLeft": 0.2, "mouthSmileRight": 0.2,
        "eyeBlinkLeft": blink, "eyeBlinkRight": blink,
        "headYaw": 0.15 * np.sin(second * 1.3), "headPitch": 0.06 * np.sin(second * 2.1),
    })  # fmt: skip


def first_frame(cache: str | None) -> float:
    """Seconds from the start of a fresh process to its first frame; compiled code in the folder `cache` when given."""
    environment = dict(os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {}))
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST], check=True, env=environment)
    return time.perf_counter() - start


def measure(size: int, frames: int, name: str) -> dict:
    """The costs of drawing and encoding `frames` frames in this process."""
    import numpy as np

    from visavox.io.video import write_video
    from visavox.render import Camera, render
    from visavox.rigs.heads.default_head import Head
    from visavox.style import Identity

    head, identity = Head.default(), Identity(name)
    drawn = render(speaking(frames), head, Camera.portrait(head, identity, size), identity)
    kept, costs, tenth = [], [], 0.0
    for number in range(frames):
        start = time.process_time()
        frame = next(drawn)
        costs.append(time.process_time() - start)
        kept = (kept + [frame])[-25:]
        if number == frames // 10:
            tenth = peak_mb()
    peak = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        count = write_video((kept[i % len(kept)] for i in range(100)), None, Path(folder) / "a.mp4", 25)
        encoding = (time.process_time() - start) / count
    steady = np.array(costs[5:]) * 1000
    chunks = steady[: len(steady) // 16 * 16].reshape(-1, 16).mean(1)  # the vertices of 16 frames come together
    return {
        "size": size, "frames": frames, "identity": name,
        "cpu_ms_per_frame": round(float(np.median(chunks)), 2), "cpu_ms_least": round(float(chunks.min()), 2),
        "encode_ms_per_frame": round(1000 * encoding, 2), "peak_mb_tenth": round(tenth), "peak_mb": round(peak),
    }  # fmt: skip


def peak_mb() -> float:
    """The greatest resident memory of this process so far in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    """Prints the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--frames", type=int, default=250)
    parser.add_argument("--identity", default="neutral")
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    first_frame(None)
    figures = measure(options.size, max(options.frames, 40), options.identity)
    figures["first_frame_s"] = round(first_frame(None), 2)
    if options.cold:
        with tempfile.TemporaryDirectory() as cache:
            figures["cold_first_frame_s"] = round(first_frame(cache), 2)
    figures["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
