"""Follows the face in a film; the output's suffix chooses a motion file, curves for another program or a video of our head."""

import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options import landmarker as landmarks
from visavox.cli.options.output import report, targets
from visavox.cli.options.parser import rate, whole
from visavox.cli.options.picture import FASTEST, SLOWEST, SUFFIX, Picture, preset
from visavox.cli.options.progress import progress
from visavox.errors import OptionError

if TYPE_CHECKING:
    import numpy as np

    from visavox.audio import Audio
    from visavox.style import Identity
    from visavox.track.motion_of import Tracked

HELP = "follow the face in a film"
MOST_FACES = 24
STOOD = {1: "lie on a side; they were turned by 90", 2: "stand on their head; they were turned by 180"}
PREVIEW = 384  # pixels a side of each half
LEARNED_LATE = (
    0.016  # seconds: the packaged lip reader learned from faces that MediaPipe's film mode had delayed by so much (docs/tracking.md)
)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the film, the output, whose face, the rate and the landmark model."""
    parser.add_argument("film", metavar="VIDEO", nargs="?", help="mp4, mov, mkv, webm, avi, mpg ...")
    parser.add_argument("-o", "--output", metavar="OUT", help="what to write: .npz, .csv, .glb, .mp4 ...")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--face", type=whole(1, MOST_FACES), metavar="N", help="whose face, 1 the largest (default: 1)")
    whose.add_argument("--all", action="store_true", help="everybody's, one file each: OUT-1, OUT-2 ...")
    parser.add_argument("--fps", type=rate(SLOWEST, FASTEST), metavar="RATE", help="frames per second (default: the film's)")
    parser.add_argument("--consent", metavar="TEXT", help="whose face this is and who agreed, kept in the file")
    parser.add_argument("--audio", metavar="FILE", help="the sound of the film, where that lies apart")
    parser.add_argument("--fix-sync", action="store_true", help="move the motion to where the film's sound is, if that is late or early")
    parser.add_argument(
        "--preview", metavar="OUT.mp4", help="a video of the film beside our head with a face like the one that was followed"
    )
    parser.add_argument(
        "--identity", metavar="NAME", help="the preset that is fitted for the preview (default: the one of the nearest build)"
    )
    landmarks.add_arguments(parser)
    parser.add_argument("--download", action="store_true", help="fetch the landmark model (3.8 MB, Apache-2.0) once, and keep it")


def run(options: Namespace) -> None:
    """Fetches the model where that is asked for; checks every option, then follows, solves and writes."""
    started = time.monotonic()
    if options.download:
        _download()
    if not options.film or not options.output:
        if options.download and not options.film and not options.output:
            return
        raise OptionError("track needs a film and an output: visavox track VIDEO -o motion.npz")
    from visavox.export import provenance_file, suffixes

    inputs = (options.film, options.landmark_model, options.audio)
    targets(options.output, 1, inputs, suffixes(), provenance_file)
    if options.identity:
        if not options.preview:
            raise OptionError("--identity says whose skin a preview has; give it with --preview, or leave it out")
        preset(options.identity)
    previews = targets(options.preview, 1, (*inputs, options.output), (SUFFIX,)) if options.preview else []
    landmarker = landmarks.open_landmarker(options.landmark_model)

    from visavox.rigs.heads.default_head import Head
    from visavox.track.film import chosen, follow_film, motions_of
    from visavox.track.identity import identity_of
    from visavox.track.solver import packaged_solver

    solver = packaged_solver()
    followed, film = follow_film(
        options.film, landmarker, solver, lambda frames, count: progress(frames, round(count) or None, "following the face")
    )
    if film.turn:
        print(f"{options.film}: its pictures {STOOD[min(film.turn, 4 - film.turn)]} degrees")
    people = chosen(followed, None if options.all else options.face or 1, options.film)
    paths = targets(options.output, len(people) if options.all and len(people) > 1 else 1, inputs, suffixes(), provenance_file)
    made = 0.0
    readings = readings_of(options.audio, options.film) if options.fix_sync or not options.all else None
    for path, tracked in zip(paths, motions_of(people, film, solver, options.fps), strict=True):
        tracked = _in_sync(tracked, readings, path, options.fix_sync)
        _write(tracked, path, options, landmarker.licence)
        print(f"{path}: {_coverage(tracked)}")
        made += tracked.motion.seconds
        if previews and path == paths[0]:
            _preview(identity_of(people[0], solver, Head.default(), options.identity), tracked, (options.film, film.turn), previews[0])
    if not options.all and len(followed.people) > 1:
        others = len(chosen(followed, None, options.film)) - 1
        print(f"{others} other {'face' if others == 1 else 'faces'} in the film: --face 2, or --all" if others else "no other face stays")
    report(paths, time.monotonic() - started, made, animated=True)


def _download() -> None:
    from visavox.track.model_file import LICENCE, download

    path = landmarks.kept_model()
    fetched = download(path)
    print(f"{path}: {LICENCE}; {f'fetched {fetched / 1e6:.1f} MB' if fetched else 'it was there already'}")


def _preview(identity: "Identity", tracked: "Tracked", film: tuple[str, int], path: Path) -> None:
    """Draws the film of that name, turned by so many quarter turns, beside the head of that identity that moves like the face in it."""
    from visavox.io.pipes import source_name
    from visavox.io.video import write_video
    from visavox.provenance import drawn
    from visavox.rigs.arkit import ARKIT
    from visavox.track.preview import side_by_side

    motion = replace(tracked.motion, values=tracked.motion.select(ARKIT.names), rig=ARKIT)
    frames = side_by_side(*film, motion, Picture(identity, PREVIEW).renderer(motion))
    write_video(frames, _sound(None, film[0]), path, motion.fps, drawn(source_name(film[0])))
    print(f"{path}: the film beside the preset {identity.name!r} with {len(identity.values)} fitted weights")


class _Readings(NamedTuple):
    """The lip gap and mouth width (N,) that are read from a film's sound, at `fps`."""

    gap: "np.ndarray"
    width: "np.ndarray"
    fps: float


def readings_of(given: str | None, film: str) -> _Readings | None:
    """What the packaged model reads of the film's sound, section by section where it is long; None where it has none."""
    from visavox.io.video_frames import film_of

    if not given and not film_of(film).sound:
        return None
    import numpy as np

    from visavox.io.audio import read_audio
    from visavox.io.long_audio import SECTION, long_recording
    from visavox.loading import load
    from visavox.windows import frame_count

    animator = load()
    fps, long = animator.engine.config.fps, long_recording(given or film)
    count = len(long.starts()) if long else 1
    read: dict[str, list[np.ndarray]] = {"gap": [], "width": []}
    for place, audio in enumerate(long.sections() if long else (read_audio(given or film),)):
        cues = animator.encode.cues(audio, frame_count(audio.samples.size, audio.sample_rate, fps))
        for name, parts in read.items():
            parts.append(cues[name] if place == count - 1 else cues[name][: round(SECTION * fps)])
    return _Readings(*(np.concatenate(parts) for parts in read.values()), fps)


def _in_sync(tracked: "Tracked", readings: _Readings | None, path: Path, fix: bool) -> "Tracked":
    """The motion, moved to the sound where that is asked for and sure; says how late the sound is."""
    from visavox.track.sync import offset_of

    if readings is None:
        if fix:
            print(f"visavox: {path} stays as it is: the film has no sound to go by", file=sys.stderr)
        return tracked
    seen, rates = (tracked.lip_gap, tracked.mouth_width), (tracked.motion.fps, readings.fps)
    offset = offset_of(seen, (readings.gap, readings.width), tracked.confidence, rates).less(LEARNED_LATE)
    if not offset.sure:
        statement = "whether the sound is late cannot be told from these lips"
        print(f"{path}: {statement}" if not fix else f"{path}: {statement}; the motion stays as it is")
        return tracked
    how = "late" if offset.late >= 0 else "early"
    print(
        f"{path}: the sound is {abs(1000 * offset.late):.0f} ms {how} (correlation {offset.correlation:.2f}){', put right' if fix else ''}"
    )
    return tracked.later(offset.late) if fix else tracked


def _write(tracked: "Tracked", path: Path, options: Namespace, licence: str) -> None:
    from visavox.cli.options import export as exporting
    from visavox.export import Accompaniment, format_of
    from visavox.io.pipes import source_name
    from visavox.provenance import filmed
    from visavox.rigs.arkit import ARKIT
    from visavox.style import Identity

    motion = tracked.motion
    if "any rig" not in format_of(path).keeps:  # it has no place for the head's place and the confidence
        motion = replace(motion, values=motion.select(ARKIT.names), rig=ARKIT)
    statement = filmed(source_name(options.film), licence) | ({"consent": options.consent} if options.consent else {})
    audio = _sound(options.audio, options.film) if "sound" in format_of(path).keeps else None
    exporting.write(replace(motion, provenance=statement), path, Accompaniment(audio, identity=Identity()), Picture(Identity()))


def _sound(given: str | None, film: str) -> "Audio | None":
    """The sound of the file that was given, or the film's own; None where there is none."""
    from visavox.io.audio import read_audio
    from visavox.io.video_frames import film_of

    return read_audio(given or film) if given or film_of(film).sound else None


def _coverage(tracked: "Tracked") -> str:
    """How much of the film shows the face, and how surely."""

    spans = len(tracked.spans)
    parts = "" if spans == 1 else f" in {spans} parts"
    sure = float(tracked.confidence[tracked.confidence > 0].mean()) if tracked.seen else 0.0
    return f"the face is seen in {100 * tracked.seen:.0f} % of {tracked.motion.frames} frames{parts}, confidence {sure:.2f}"
