"""Animates a recording; the output's suffix chooses a video, a motion file or curves for another program."""

import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from visavox.cli.options import emotion as feeling
from visavox.cli.options import export as exporting
from visavox.cli.options import performance as performing
from visavox.cli.options import picture as drawing
from visavox.cli.options import portrait as portraits
from visavox.cli.options import sampling as speaking
from visavox.cli.options import signing
from visavox.cli.options.emotion import Feeling
from visavox.cli.options.export import Target
from visavox.cli.options.output import report, targets
from visavox.cli.options.parser import whole
from visavox.cli.options.performance import Performance
from visavox.cli.options.picture import Picture, is_video, who
from visavox.cli.options.portrait import Speaking
from visavox.cli.options.progress import counting
from visavox.cli.options.sampling import Speech

if TYPE_CHECKING:
    import numpy as np

READ = (
    "speech", "checkpoint", "style", "identity", "head", "rig", "portrait", "landmarks", "cues", "transcript", "pose", "surroundings",
)  # the options that name files which are read  # fmt: skip
HELP = "turn a recording into a moving face"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recording, the output, how the face speaks and how it is drawn."""
    parser.add_argument("speech", metavar="SPEECH", help="wav, flac, mp3, m4a, ogg, opus, or a video with sound")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="what to write: .mp4, .npz, .csv, .glb ...")
    parser.add_argument("--takes", type=whole(1, 99), default=1, metavar="N", help="write N takes: OUT-1, OUT-2 ...")
    speaking.add_arguments(parser)
    feeling.add_arguments(parser)
    performing.add_arguments(parser)
    drawing.add_arguments(parser)
    portraits.add_arguments(parser)
    exporting.add_arguments(parser)
    signing.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then hears, animates and writes each take."""
    started = time.monotonic()
    from visavox.export import provenance_file, suffixes

    paths = targets(options.output, options.takes, tuple(getattr(options, name) for name in READ), suffixes(), provenance_file)
    certificate = signing.read_certificate(options.certificate, options.certificate_key)
    speech, video = Speech.from_options(options), is_video(paths[0])
    felt, performance = Feeling.from_options(options, speech.model), Performance.from_options(options)
    photo = Speaking.from_options(options, video, speech.model)
    identity = who(options.identity, speech.model, video, options.head)
    flame = options.head if video and speech.model.moves_flame else None
    target = Target.from_options(options, paths[0], None if flame else options.head)
    face, picture = target.face(), Picture(identity.drawn, options.size, _flame(flame), photo and photo.portrait)

    from visavox.io.audio import read_audio

    audio = read_audio(options.speech)
    cues = performance.cues_for(audio)
    accompaniment = target.accompaniment(audio, identity.drawn, face)

    from visavox.loading import load

    animator, made = load(speech.model.path), 0.0
    for take, path in enumerate(paths):
        with counting("animating") as progress:
            motion = animator.reporting(progress).animate(
                audio, speech.style, seed=speech.seed + take, identity=identity.speaking, sampling=speech.sampling, cues=cues
            )
        motion = felt.laid_over(motion, audio, speech.seed + take)
        motion = target.attributed(motion.at_fps(options.fps or motion.fps), photo.provenance if photo else {})
        if exporting.write(motion, path, accompaniment, picture) and target.provenance:
            signing.sign_video(path, motion.provenance, certificate)
        made += motion.seconds
    report(paths, time.monotonic() - started, made, animated=True)


def _flame(path: str | None) -> "dict[str, np.ndarray] | None":
    """The arrays of the FLAME head that a video draws; none for the default head."""
    if path is None:
        return None
    from visavox.io.head import read_head

    return read_head(path)
