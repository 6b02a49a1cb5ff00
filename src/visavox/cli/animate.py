"""Animates a recording; the output's suffix chooses a video, a motion file or curves for another program."""

import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from visavox.cli.options import export as exporting
from visavox.cli.options import picture as video
from visavox.cli.options import sampling as speaking
from visavox.cli.options import signing
from visavox.cli.options.output import report, targets
from visavox.cli.options.parser import whole
from visavox.cli.options.progress import counting

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from visavox.export import Accompaniment
    from visavox.io.c2pa import Certificate
    from visavox.motion import Motion

    Arrays = dict[str, np.ndarray]

HELP = "turn a recording into a moving face"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recording, the output, how the face speaks and how it is drawn."""
    parser.add_argument("speech", metavar="SPEECH", help="wav, flac, mp3, m4a, ogg, opus, or a video with sound")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="what to write: .mp4, .npz, .csv, .glb ...")
    parser.add_argument("--takes", type=whole(1, 99), default=1, metavar="N", help="write N takes: OUT-1, OUT-2 ...")
    speaking.add_arguments(parser)
    video.add_arguments(parser)
    exporting.add_arguments(parser)
    signing.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then hears, animates and writes each take."""
    started = time.monotonic()
    from visavox.export import Accompaniment, suffixes

    inputs = tuple(name for name in (options.speech, options.checkpoint, options.style, options.identity) if name)
    inputs += exporting.inputs(options)
    paths = targets(options.output, options.takes, inputs, suffixes())
    certificate = signing.certificate_of(options)
    identity, told = speaking.checked_identity(options, paths[0].suffix)
    face, flame = _face(options, paths[0])
    style = speaking.checked_style(options)

    from visavox.io.audio import read_audio

    audio = read_audio(options.speech)

    from visavox.loading import load

    animator, made = load(options.checkpoint), 0.0
    sampling = speaking.sampling_of(options)
    for take, path in enumerate(paths):
        seed = options.seed + take
        with counting("animating") as progress:
            motion = animator.animate(audio, style, seed=seed, identity=told, sampling=sampling, progress=progress)
        motion = exporting.saying(motion.at_fps(options.fps or motion.fps), options)
        accompaniment = exporting.completed(Accompaniment(audio, identity=identity), face, options)
        _write(motion, path, accompaniment, flame, options, certificate)
        made += motion.seconds
    report(paths, time.monotonic() - started, made, animated=True)


def _face(options: Namespace, path: "Path") -> "tuple[exporting.Face, Arrays | None]":
    """What moves in place of the default head in a file for another program, and the FLAME head that a video draws."""
    if path.suffix.lower() != video.SUFFIX or not speaking.moves_flame(options):
        return exporting.chosen(options, path), None
    from visavox.io.head import read_head

    return exporting.chosen(Namespace(**vars(options) | {"head": None}), path), read_head(options.head)


def _write(
    motion: "Motion",
    path: "Path",
    accompaniment: "Accompaniment",
    flame: "Arrays | None",
    options: Namespace,
    certificate: "Certificate | None",
) -> None:
    if path.suffix.lower() == video.SUFFIX:
        accompaniment = replace(accompaniment, renderer=video.renderer_of(motion, accompaniment.identity, options.size, flame))
    exporting.write(motion, path, accompaniment)
    if accompaniment.renderer and not options.no_provenance:
        signing.sign_video(path, motion.provenance, certificate)
