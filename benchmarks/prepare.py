"""What a film costs in `visavox prepare`, stage by stage: `python benchmarks/prepare.py FILM... --model face_landmarker.task`.

Processor seconds for a second of film (so a busy machine tells the truth), each stage by itself: decoding sound and pictures, where
somebody speaks, landmarks and what is kept of each frame, the solver, what the sound tells, checks and fingerprints, writing the shard. The
memory of the one process at its largest, and the bytes that an hour of kept film takes in the store. With `--hours`, what so many hours of
film cost by these rates; with `--widths`, what a frame of the first film costs to follow when it is drawn so wide. Prints JSON.
"""

import argparse
import json
import resource
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import av
import numpy as np

from visavox.audio import Audio
from visavox.data.store.rows import to_row
from visavox.data.store.shards import write_shard
from visavox.io.audio import read_audio
from visavox.io.kept import file_digest
from visavox.io.video import write_video
from visavox.io.video_frames import film_of, read_frames
from visavox.prepare import film as preparing
from visavox.prepare.checks import Limits
from visavox.prepare.film import BESIDE, Source
from visavox.prepare.segments import Cutting
from visavox.prepare.voice_activity import speech_probability
from visavox.prepare.work import Settings, open_tools
from visavox.track.film import follow_film, motions_of
from visavox.windows import FPS, SAMPLE_RATE

FEW, MANY = 10, 85  # frames, by whose difference what a film costs once falls out
CORES, DISK_OF_FILM = 16, 0.9  # processors of a machine; gigabytes of an hour of film as it comes (720p, 2 Mbit/s)


class Stages:
    """Processor seconds by stage."""

    def __init__(self):
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str):
        start = time.process_time()
        yield
        self.seconds[name] += time.process_time() - start


def measured(path: Path, tools, stage: Stages) -> tuple[float, int, int, float]:
    """Seconds of film, frames, bytes of its shard and seconds of film that were kept."""
    with stage("probe"):
        film = film_of(path)
        file_digest(path)
    beside = path if film.sound else next((each for each in map(path.with_suffix, BESIDE) if each.exists()), path)
    with stage("decode sound"):
        audio: Audio = read_audio(beside)
    with stage("voice activity"):
        speech_probability(audio)
    with stage("decode pictures"):
        frames = sum(1 for _ in read_frames(path)[1])
    with stage("decode and landmarks"):
        followed, facts = follow_film(path, tools.landmarker, tools.solver)
    with stage("solver"):
        tracked = next(motions_of(followed.people[:1], facts, tools.solver, FPS))
    with stage("phones and lip reading of the sound"):
        tools.encoder.cues(audio.resample(SAMPLE_RATE), tracked.motion.frames)
    source = Source(path, "somebody", "measured only", "measured only", "a benchmark")
    with stage("the whole of prepare"):
        made = preparing.prepare_film(source, file_digest(path), tools, Cutting(), Limits())
    with stage("write"), tempfile.TemporaryDirectory() as folder:
        size = 0
        if made.clips:
            write_shard([to_row(clip) for clip in made.clips], Path(folder) / "shard.parquet")
            size = (Path(folder) / "shard.parquet").stat().st_size
    return audio.seconds, frames, size, sum(clip.audio.seconds for clip in made.clips)


def followed_at(path: Path, tools, width: int, repeats: int = 3) -> float:
    """Processor milliseconds to follow one frame of a film drawn `width` pixels wide: the median of `repeats`."""
    pictures = [np.ascontiguousarray(picture) for _, picture in islice(read_frames(path)[1], MANY)]
    height = round(width * pictures[0].shape[0] / pictures[0].shape[1] / 2) * 2
    drawn = [av.VideoFrame.from_ndarray(each, format="rgb24").reformat(width, height).to_ndarray(format="rgb24") for each in pictures]
    spent = {FEW: [], MANY: []}
    with tempfile.TemporaryDirectory() as folder:
        for frames in spent:
            write_video(drawn[:frames], None, Path(folder) / f"{frames}.mp4", FPS)
        for frames, times in list(spent.items()) * repeats:
            start = time.process_time()
            follow_film(Path(folder) / f"{frames}.mp4", tools.landmarker, tools.solver)
            times.append(time.process_time() - start)
    return 1000 * float(np.median(spent[MANY]) - np.median(spent[FEW])) / (len(drawn) - FEW)


def reckoned(hours: float, rate: float, kept: float, bytes_an_hour: float) -> dict[str, float]:
    """What `hours` of film cost at `rate` processor seconds a second, of which the share `kept` ends in the store."""
    processor_hours = hours * rate
    return {
        "processor hours": round(processor_hours), f"days on one machine of {CORES} processors": round(processor_hours / CORES / 24, 1),
        f"machines of {CORES} processors for a week": round(processor_hours / CORES / 168, 1),
        "films, terabytes": round(hours * DISK_OF_FILM / 1000, 1),
        "store, gigabytes": round(hours * kept * bytes_an_hour / 1e9, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", required=True)
    parser.add_argument("--widths", type=int, nargs="*", default=[], metavar="PIXELS")
    parser.add_argument("--hours", type=float, nargs="*", default=[1000, 100_000])
    options = parser.parse_args()
    start = time.process_time()
    tools, stage = open_tools(Settings(options.model)), Stages()
    opening = time.process_time() - start
    found = [measured(path, tools, stage) for path in options.films]
    seconds, frames, size, kept = (sum(column) for column in zip(*found, strict=True))
    rates = {name: round(spent / seconds, 4) for name, spent in stage.seconds.items()}
    whole = rates["the whole of prepare"] + rates["write"] + rates["probe"]
    bytes_an_hour = size / max(kept, 1e-9) * 3600
    report = {
        "films": len(found), "seconds of film": round(seconds, 1), "frames a second": round(frames / seconds, 1),
        "kept": round(kept / seconds, 2), "processor seconds to open the tools": round(opening, 1),
        "processor seconds a second of film": rates,
        "hours of film an hour on 2 processors": {name: round(2 / max(rate, 1e-4)) for name, rate in rates.items()},
        "memory of a worker at most, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "bytes of an hour that is kept, in the store": round(bytes_an_hour),
        "reckoned": {f"{hours:g} hours": reckoned(hours, whole, kept / seconds, bytes_an_hour) for hours in options.hours},
    }  # fmt: skip
    if options.widths:
        report["milliseconds to follow a frame"] = {
            f"{width} wide": round(followed_at(options.films[0], tools, width), 1) for width in options.widths
        }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
