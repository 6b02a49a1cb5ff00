"""`Clip`: one recording with everything that is known about it."""

import re
from dataclasses import dataclass, replace

import numpy as np

from visavox.audio import Audio
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.motion import Motion

Phone = tuple[float, float, str]
CUT = re.compile(r"(.+/[0-9a-f]{16})-[0-9]{6,}")  # the name of a clip that was cut from a film, see `cut_name`


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording: `audio`, and where known its `motion`, `phones` (start, end, name), `measures` and `transcript`.

    `name` is unique within its folder. `speaker`, `source`, `licence`, `style`, `language` and `consent` are words for
    people; `source` says where it came from, `consent` how the person agreed. `quality` is 0 to 1, `identity` (E,) the
    face's of the rig's head. Audio, motion and measures start together and last equally long within one frame, which
    is checked; so is that phones are in order and inside the recording.
    """

    name: str
    audio: Audio
    speaker: str
    source: str
    licence: str
    motion: Motion | None = None
    phones: tuple[Phone, ...] | None = None
    measures: Measures | None = None
    transcript: str | None = None
    style: str = ""
    language: str = ""
    consent: str = ""
    quality: float = 1.0
    identity: np.ndarray | None = None

    def __post_init__(self):
        for what, track in (("motion", self.motion), ("measures", self.measures)):
            if track is not None and abs(track.frames / track.fps - self.audio.seconds) > 1.001 / track.fps:
                raise FileError(
                    f"clip {self.name!r}: {what} lasts {track.frames / track.fps:.3f} s, "
                    f"audio {self.audio.seconds:.3f} s; "
                    "they must agree within one frame: cut both to their common part"
                )
        if self.phones is not None:
            object.__setattr__(self, "phones", tuple((float(a), float(b), str(name)) for a, b, name in self.phones))
            self._check_phones()

    def _check_phones(self) -> None:
        time = 0.0
        for start, end, name in self.phones:
            if start < time - 1e-3 or end < start or end > self.audio.seconds + 0.05:
                raise FileError(
                    f"clip {self.name!r}: phone {name} from {start:.3f} to {end:.3f} s is out of order or outside the "
                    f"{self.audio.seconds:.3f} s of sound; align the recording again"
                )
            time = end

    def with_phones(self, phones) -> "Clip":
        """The same clip with `phones`, a sequence of (start, end, name) in seconds."""
        return replace(self, phones=tuple(phones))


def cut_name(speaker: str, digest: str, frame: int) -> str:
    """The name of the clip that begins at `frame` of the film of `digest`, 16 hexadecimal digits."""
    return f"{speaker}/{digest}-{frame:06d}"


def film_of(name: str) -> str:
    """What the clips of one film have in common, of the `name` of one of them; the name itself where it is not cut from a film."""
    cut = CUT.fullmatch(name)
    return cut[1] if cut else name


def common_part(audio: Audio, late: float, motion: Motion | None, measures: Measures | None):
    """The audio, motion and measures cut to the seconds that all of them cover, the sound moved `late` seconds earlier.

    `late` > 0: the sound of the recording lags behind its picture by that much; `late` < 0: it runs ahead, and gets
    silence in front.
    """
    if late > 0:
        audio = audio.between(late, audio.seconds)
    elif late < 0:
        silence = np.zeros(round(-late * audio.sample_rate), np.float32)
        audio = Audio(np.concatenate([silence, audio.samples]), audio.sample_rate)
    tracks = [track for track in (motion, measures) if track is not None]
    seconds = min([audio.seconds] + [track.frames / track.fps for track in tracks])
    audio = audio.between(0.0, seconds)
    if motion is not None:
        motion = replace(motion, values=motion.values[: _frames(seconds, motion.fps)])
    if measures is not None:
        kept = slice(_frames(seconds, measures.fps))
        measures = Measures(measures.lip_gap[kept], measures.mouth_width[kept], measures.ok[kept], measures.fps)
    return audio, motion, measures


def _frames(seconds: float, fps: float) -> int:
    return max(int(seconds * fps + 1e-6), 1)
