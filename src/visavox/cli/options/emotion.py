"""The option of what a face feels: words, what the voice tells, or the face in a picture or a video."""

import argparse
import sys
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.audio import Audio
    from visavox.cli.options.model import Model
    from visavox.emotion import EmotionMix, EmotionTrack
    from visavox.motion import Motion

AUTO = "auto"
READ_FPS = 25.0  # at which what is felt is written down
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
FILMS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m4v")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what is felt."""
    felt = parser.add_argument_group("feeling")
    words = "such as 'happy 0.6 + surprised 0.3', 'sad @ brows'; auto: as voice and --transcript tell; a picture or film of a face"
    felt.add_argument("--emotion", metavar="WORDS|FILE", help=words)


@dataclass(frozen=True, eq=False)
class Feeling:
    """What a face shall feel: a `mix` of emotions all the time, what the voice and the words of a `transcript` tell (`AUTO`), or what is
    `seen` in a picture or film. With none of them it feels nothing."""

    text: str | None
    mix: "EmotionMix | None" = None
    seen: "EmotionTrack | None" = None
    transcript: str | None = None

    @classmethod
    def from_options(cls, options: argparse.Namespace, model: "Model") -> "Feeling":
        """What the options ask for; an OptionError for words that name no emotion, or a model without ARKit's shapes."""
        from visavox.emotion import EmotionMix
        from visavox.io.pipes import source_name
        from visavox.rigs.arkit import SHAPES

        text = options.emotion
        if text is None:
            return cls(None)
        if not set(SHAPES) <= set(model.channels):
            raise OptionError(f"--emotion moves ARKit's shapes; this model moves rig {model.rig_name!r}, so leave it out")
        if text.strip() == AUTO:
            return cls(text, transcript=options.transcript)
        if is_seen(text):
            return cls(source_name(text), seen=_seen(text, options.landmark_model))
        try:
            return cls(text, EmotionMix.parse(text))
        except OptionError as error:
            beside = f"; {text} is no picture or film either" if Path(text).suffix else ""
            raise OptionError(f"--emotion: {error}{beside}") from None

    def reading(self, audio: "Audio") -> "Feeling":
        """What is felt once the voice and the words of `audio` are read, where that is asked for; in words on standard error."""
        if self.text is None or self.mix is not None or self.seen is not None:
            return self
        from visavox.cues.transcript import read_transcript
        from visavox.direction.fusion import fused_track, summary
        from visavox.direction.transcript import sentences_of
        from visavox.direction.voice import read_voice
        from visavox.direction.words import read_words

        voice = read_voice(audio)
        words = None if self.transcript is None else read_words(sentences_of(read_transcript(self.transcript), voice.phrases))
        print(f"visavox: {audio.source}: {summary(voice, words)}", file=sys.stderr)
        return replace(self, seen=fused_track(voice, words, ceil(audio.seconds * READ_FPS), READ_FPS))

    def laid_over(self, motion: "Motion", audio: "Audio", seed: int) -> "Motion":
        """`motion`, in which `audio` is spoken, with what is felt laid over it, which its provenance says."""
        if self.text is None:
            return motion
        from visavox.emotion import EmotionTrack
        from visavox.gestures.emotions import express

        track = self.seen if self.mix is None else EmotionTrack.steady(self.mix, motion.frames, motion.fps)
        made = express(motion, audio, track.fitted(motion.frames, motion.fps), seed)
        return replace(made, provenance=made.provenance | {"emotion": self.text})


def is_seen(text: str | None) -> bool:
    """Whether --emotion names a picture or film of a face."""
    return bool(text) and Path(text).suffix.lower() in (*PICTURES, *FILMS)


def _seen(path: str, landmark_model: str | None) -> "EmotionTrack":
    """The expression of the largest face in a picture or film, over time; in words on standard error."""
    from visavox.cli.options.landmarker import open_landmarker
    from visavox.direction.expression import expression_over_time, of_a_picture
    from visavox.rigs.arkit import SHAPES
    from visavox.track.film import chosen, follow_film, motions_of
    from visavox.track.landmarks import SCORES
    from visavox.track.solver import packaged_solver

    landmarker, solver = open_landmarker(landmark_model), packaged_solver()
    followed, film = follow_film(path, landmarker, solver)
    (person,) = chosen(followed, 1, path)
    tracked = next(motions_of([person], film, solver, None))
    if tracked.motion.frames > 1:
        return expression_over_time(tracked.motion)
    scores = dict(zip(SCORES, person.seen.readings.scores.mean(0).tolist(), strict=True))
    found, track = of_a_picture(tracked.motion, [scores.get(name, 0.0) for name in SHAPES])
    print(f"visavox: {path} shows {found.mix}", file=sys.stderr)
    return track
