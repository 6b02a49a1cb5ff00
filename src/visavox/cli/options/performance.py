"""The options of how a face performs: cues, a prompt, gains, the head of another motion, sounds around it; all of them become cues."""

import argparse
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from visavox.errors import OptionError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from visavox.audio import Audio
    from visavox.cue import Cue
    from visavox.cues.kinds.gain import Gain
    from visavox.cues.transcript import TimedWords


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds cues, prompt, gain, transcript, pose and surroundings."""
    performed = parser.add_argument_group("performance")
    performed.add_argument("--cues", metavar="FILE", help="timed instructions (.vtt, see `visavox cues list`)")
    performed.add_argument("--prompt", metavar="WORDS", help="what the face does, such as 'nods slowly, then looks away'")
    performed.add_argument("--gain", metavar="WORDS", help="how strongly parts move, such as 'head 0.5, brows 1.3'")
    performed.add_argument(
        "--transcript", metavar="FILE", help="what is said, for cues at words and --emotion auto: .vtt, .srt, whisper's .json, .txt"
    )
    performed.add_argument("--pose", metavar="MOTION", help="the head of another motion file (.npz, .parquet)")
    performed.add_argument("--surroundings", metavar="FILE", help="stereo or ambisonic sound around the face, to which it turns")


@dataclass(frozen=True, eq=False)
class Performance:
    """What a face shall do beside speaking: the `cues` of a `file`, checked, and a `prompt` and `gains` for the whole recording; the files
    of a `transcript`, a `pose` and its `surroundings`, None for none."""

    file: str | None = None
    cues: "tuple[Cue, ...]" = ()
    prompt: str | None = None
    gains: "tuple[Gain, ...]" = ()
    transcript: str | None = None
    pose: str | None = None
    surroundings: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not any(vars(self).values())

    @property
    def names_words(self) -> bool:
        """Whether a cue or the prompt waits for the time of a word."""
        from visavox.cues.kinds.free import Free
        from visavox.cues.kinds.word import Word
        from visavox.cues.prompt import understood

        free = [cue.instruction.text for cue in self.cues if isinstance(cue.instruction, Free)] + [self.prompt] * (self.prompt is not None)
        asked = [*self.cues, *(cue for text in free for cue in understood(text, 0.0, 0.0))]
        return any(isinstance(cue.instruction, Word) for cue in asked)

    @classmethod
    def from_options(cls, options: argparse.Namespace) -> "Performance":
        """What the options ask for; an OptionError or FileError for what is not understood."""
        from visavox.cues import read_cues

        cues = tuple(read_cues(options.cues)) if options.cues else ()
        if options.prompt is not None:
            _check_prompt(options.prompt)
        return cls(options.cues, cues, options.prompt, gains_of(options.gain), options.transcript, options.pose, options.surroundings)

    def cues_for(self, audio: "Audio") -> "list[Cue]":
        """All that is asked, as cues for the recording `audio`; words have found their times."""
        if self.is_empty:
            return []
        from visavox.cue import Cue
        from visavox.cues.kinds.pose import Pose
        from visavox.cues.pauses import accents_of, pauses_of
        from visavox.cues.prompt import understood
        from visavox.cues.surroundings import reactions, read_surroundings

        poses = [Pose(self.pose)] if self.pose else []
        whole = [Cue(0.0, audio.seconds, one) for one in (*poses, *self.gains)]
        voice = partial(pauses_of, audio), partial(accents_of, audio)
        words = self._timed_words(audio)
        timed = None if words is None else partial(list, words)
        prompted = understood(self.prompt, 0.0, audio.seconds, *voice, timed) if self.prompt is not None else []
        reacted = reactions(read_surroundings(self.surroundings)) if self.surroundings else []
        reacted = [cue for cue in reacted if cue.start < audio.seconds]
        asked = ((self.cues, f"{self.file}, "), ([*whole, *prompted, *reacted], "--prompt: "))
        written, others = (_settled(cues, audio, words, voice, where) for cues, where in asked)
        return [*others, *written]

    def _timed_words(self, audio: "Audio") -> "TimedWords | None":
        if self.transcript is None:
            return None
        from visavox.cues.transcript import read_transcript

        transcript = read_transcript(self.transcript)
        if transcript.words or not self.names_words:
            return list(transcript.words) or None
        from visavox.data.material.phone_alignment import align_words

        return align_words(audio, transcript.text)


def _settled(cues: "Sequence[Cue]", audio: "Audio", words: "TimedWords | None", voice: tuple, where: str) -> "list[Cue]":
    """`cues` as `settled` gives them; an OptionError says `where` the one stands that cannot be."""
    from visavox.cues.performing import settled

    try:
        return settled(cues, audio.seconds, words, *voice)
    except OptionError as error:
        raise OptionError(f"{where}{error}") from None


def gains_of(words: str | None) -> "tuple[Gain, ...]":
    """The gains that words such as "head 0.5, brows 1.3" ask for."""
    from visavox.cues.groups import GROUPS
    from visavox.cues.kinds.gain import GainKind

    found, kind = [], GainKind()
    for part in (words or "").replace(";", ",").split(",") if words is not None else ():
        gain = kind.read(part)
        if gain is None:
            group = (part.split() or [""])[0]
            meant = "" if group in GROUPS else nearest(group, GROUPS).rstrip("?")
            raise OptionError(f"--gain: {part.strip()!r} is no gain{meant}; write a group and a number, such as 'head 0.5, brows 1.3'")
        found.append(gain)
    return tuple(found)


def _check_prompt(prompt: str) -> None:
    from visavox.cues.prompt import understood

    try:
        understood(prompt, 0.0, 0.0)
    except OptionError as error:
        raise OptionError(f"--prompt: {error}") from None
