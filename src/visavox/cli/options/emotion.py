"""The option of what a face feels: words, what the voice tells, or the face in a picture or a video."""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.audio import Audio
    from visavox.cli.options.model import Model
    from visavox.emotion import EmotionMix, EmotionTrack
    from visavox.motion import Motion

AUTO = "auto"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what is felt."""
    felt = parser.add_argument_group("feeling")
    words = "such as 'happy 0.6', 'happy 0.6 + surprised 0.3', 'sad @ brows'; or auto: what the voice tells"
    felt.add_argument("--emotion", metavar="WORDS", help=words)


@dataclass(frozen=True, eq=False)
class Feeling:
    """What a face shall feel: a `mix` of emotions all the time, or what the voice tells (`AUTO`); nothing for neither."""

    said: str | None
    mix: "EmotionMix | None" = None

    @classmethod
    def from_options(cls, options: argparse.Namespace, model: "Model") -> "Feeling":
        """What the options ask for; an OptionError for words that name no emotion, or a model without ARKit's shapes."""
        from visavox.emotion import EmotionMix
        from visavox.rigs.arkit import SHAPES

        said = options.emotion
        if said is None:
            return cls(None)
        if not set(SHAPES) <= set(model.channels):
            raise OptionError(f"--emotion moves ARKit's shapes; this model moves rig {model.rig_name!r}, so leave it out")
        if said.strip() == AUTO:
            return cls(said)
        try:
            return cls(said, EmotionMix.parse(said))
        except OptionError as error:
            beside = f"; {said} is no file either" if Path(said).suffix else ""
            raise OptionError(f"--emotion: {error}{beside}") from None

    def laid_over(self, motion: "Motion", audio: "Audio", seed: int) -> "Motion":
        """`motion`, in which `audio` is spoken, with what is felt laid over it, which its provenance says."""
        if self.said is None:
            return motion
        from visavox.gestures.emotions import express

        made = express(motion, audio, self._track(audio, motion), seed)
        return replace(made, provenance=made.provenance | {"emotion": self.said})

    def _track(self, audio: "Audio", motion: "Motion") -> "EmotionTrack":
        if self.mix is not None:
            from visavox.emotion import EmotionTrack

            return EmotionTrack.steady(self.mix, motion.frames, motion.fps)
        from visavox.direction.voice import read_voice

        return read_voice(audio).track(motion.frames, motion.fps)
