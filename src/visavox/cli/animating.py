"""What the options ask for of one recording, and its animation: for `visavox animate`, of one recording and of many."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options import export as exporting
from visavox.cli.options import signing
from visavox.cli.options.emotion import Feeling
from visavox.cli.options.export import Face, Target
from visavox.cli.options.performance import Performance
from visavox.cli.options.picture import Picture, Who, is_video, who
from visavox.cli.options.portrait import Speaking
from visavox.cli.options.progress import counting, progress
from visavox.cli.options.sampling import Speech
from visavox.errors import OptionError

if TYPE_CHECKING:
    import numpy as np

    from visavox.animate import Animator
    from visavox.audio import Audio
    from visavox.io.c2pa import Certificate
    from visavox.io.long_audio import LongRecording
    from visavox.motion import Motion

    Load = Callable[[str | None, str | None], Animator]  # of the file of a checkpoint, in a precision


class Request(NamedTuple):
    """What the options ask for of the `recording`; each checked, and with what is in its file read."""

    recording: str
    fps: float | None
    certificate: "Certificate | None"
    speech: Speech
    felt: Feeling
    performance: Performance
    photo: "Speaking | None"
    identity: Who
    target: Target
    face: Face
    picture: Picture

    @classmethod
    def from_options(cls, options: Namespace, path: Path, threads: int | None = None) -> "Request":
        """What the options ask for into `path`, drawn by so many `threads`."""
        certificate = signing.read_certificate(options.certificate, options.certificate_key)
        speech, video = Speech.from_options(options), is_video(path)
        felt, performance = Feeling.from_options(options, speech.model), Performance.from_options(options)
        if options.transcript and not (felt.transcript or performance.names_words):
            words = "times the words that --cues or --prompt name and is read by --emotion auto"
            raise OptionError(f"--transcript {words}; nothing here does, so leave it out")
        photo = Speaking.from_options(options, video, speech.model)
        identity = who(options.identity, speech.model, video, options.head)
        flame = options.head if video and speech.model.moves_flame else None
        target = Target.from_options(options, path, speech.model)
        picture = Picture(identity.drawn, options.size, _flame(flame), photo and photo.portrait, threads)
        return cls(options.speech, options.fps, certificate, speech, felt, performance, photo, identity, target, target.face(), picture)


def animate(asked: Request, paths: list[Path], load: "Load") -> float:
    """The seconds of motion written: of the recording a take for each of `paths`, by the animator that `load` gives."""
    speech, target, photo = asked.speech, asked.target, asked.photo

    if (long := _long(asked, paths[0])) is not None:
        return _animate_long(long, asked, paths, load)

    from visavox.io.audio import read_audio

    audio = read_audio(asked.recording)
    cues, felt = asked.performance.cues_for(audio), asked.felt.reading(audio)
    accompaniment = target.accompaniment(audio, asked.identity.drawn, asked.face)
    animator, made = load(speech.model.path, speech.precision), 0.0
    for take, path in enumerate(paths):
        with counting("animating") as progress:
            motion = animator.reporting(progress).animate(
                audio, speech.style, seed=speech.seed + take, identity=asked.identity.speaking, sampling=speech.sampling, cues=cues
            )
        motion = felt.laid_over(motion, audio, speech.seed + take)
        motion = target.attributed(motion.at_fps(asked.fps or motion.fps), photo.provenance if photo else {})
        drawn = exporting.write(motion, path, accompaniment, asked.picture)
        if drawn and target.provenance and (asked.certificate or not take):  # that there is none is said of the first
            signing.sign_video(path, motion.provenance, asked.certificate)
        made += motion.seconds
    return made


def _long(asked: Request, path: Path) -> "LongRecording | None":
    """The recording when it is animated in sections: it is long, and neither directions nor the file need the whole of it."""
    from visavox.export import format_of

    if not asked.performance.is_empty or asked.felt.text is not None or "sound" in format_of(path).keeps:
        return None
    from visavox.io.long_audio import long_recording

    return long_recording(asked.recording)


def _animate_long(recording: "LongRecording", asked: Request, paths: list[Path], load: "Load") -> float:
    """The seconds of motion written of a recording that is read section by section."""
    from visavox.cli.process import give_large_memory_back
    from visavox.io.long_audio import OVERLAP
    from visavox.sections import animate_sections, section_motions
    from visavox.windows import frame_count

    give_large_memory_back()
    accompaniment = asked.target.accompaniment(None, asked.identity.drawn, asked.face)
    speech, made = asked.speech, 0.0
    animator = load(speech.model.path, speech.precision)
    frames = frame_count(recording.samples, recording.sample_rate, animator.engine.config.fps)
    for take, path in enumerate(paths):

        def animate_one(audio: "Audio", seed: int = speech.seed + take) -> "Motion":
            return animator.animate(audio, speech.style, seed=seed, identity=asked.identity.speaking, sampling=speech.sampling)

        sections = progress(recording.sections(), len(recording.starts()), "animating", "section")
        if path.suffix.lower() == ".npz" and not asked.fps and not asked.face.rig_map:
            _write_in_pieces(section_motions(sections, OVERLAP, frames, animate_one), frames, path, asked.target)
            made += frames / animator.engine.config.fps
            continue
        motion = animate_sections(sections, OVERLAP, frames, animate_one)
        motion = asked.target.attributed(motion.at_fps(asked.fps or motion.fps))
        exporting.write(motion, path, accompaniment, asked.picture)
        made += motion.seconds
    return made


def _write_in_pieces(pieces: "Iterator[Motion]", frames: int, path: Path, target: Target) -> None:
    """Writes a motion as it is made, so that memory does not grow with it."""
    from visavox.io.motion import write_motion_pieces

    first = target.attributed(next(pieces))
    write_motion_pieces(chain([first], pieces), frames, path)


def _flame(path: str | None) -> "dict[str, np.ndarray] | None":
    """The arrays of the FLAME head that a video draws; none for the default head."""
    if path is None:
        return None
    from visavox.io.head import read_head

    return read_head(path)
