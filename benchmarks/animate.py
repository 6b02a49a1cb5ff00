"""`python benchmarks/animate.py [--minutes 10] [--cold]`: what `visavox animate` costs from a cold start of the command, as JSON.

For ten seconds of speech to motion (.npz) and to a 512 x 512 video, and for `--minutes` of speech to motion and, with
--long-video, to a video: seconds (wall), cpu_s (user and system) and peak_mb (resident memory). Speech is the bundled
recording, repeated. The first run of each is thrown away, since it fills caches; --cold adds a video with an empty cache
of compiled code. Limits of the design: 4 s of CPU to motion, 15 s to a video, 1500 MB for ten minutes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.io.wav import wav_bytes


def speech(seconds: float, folder: Path) -> Path:
    """The path of a recording of `seconds`: the bundled one, repeated and cut."""
    audio = read_audio(demo_recording())
    samples = np.resize(audio.samples, round(seconds * audio.sample_rate))
    path = folder / f"{seconds:g}.wav"
    path.write_bytes(wav_bytes(Audio(samples, audio.sample_rate)))
    return path


def cost(source: Path, target: Path, cache: Path | None = None, version: Path | None = None) -> dict:
    """Seconds, CPU seconds and peak megabytes of one command; compiled code in the folder `cache`, and the source in the folder `version`,
    when given."""
    environment = dict(
        os.environ, **({"NUMBA_CACHE_DIR": str(cache)} if cache else {}), **({"PYTHONPATH": str(version)} if version else {})
    )
    command = [sys.executable, "-m", "visavox.cli", "animate", str(source), "-o", str(target)]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # Popen must not wait for what is gone
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def main():
    """Prints the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--long-video", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long = speech(10, folder), speech(60 * options.minutes, folder)
        figures = {}
        for suffix in ("npz", "mp4"):
            cost(short, folder / f"a.{suffix}")
            figures[f"10_s_to_{suffix}"] = cost(short, folder / f"a.{suffix}")
        if options.cold:
            figures["10_s_to_mp4_nothing_compiled"] = cost(short, folder / "a.mp4", folder / "cache")
        minutes = f"{options.minutes:g}_min"
        figures[f"{minutes}_to_npz"] = cost(long, folder / "b.npz")
        if options.long_video:
            figures[f"{minutes}_to_mp4"] = cost(long, folder / "b.mp4")
    figures["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
