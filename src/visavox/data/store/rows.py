"""Clips as rows of a store, and back."""

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.measures import Measures
from visavox.data.store.shards import Row
from visavox.errors import FileError
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.windows import FPS

SILENCE = "SIL"


def to_row(clip: Clip) -> Row:
    """The row that stores `clip` under its name; its measures must have the fps of its motion.

    Raises a FileError when licence or consent is empty: nothing without either goes into a store.
    """
    for what, statement, how in (
        ("licence", clip.licence, "the terms under which it may be used"),
        ("consent", clip.consent, "how the person agreed, or 'synthetic voice' where nobody speaks"),
    ):
        if not statement.strip():
            raise FileError(f"clip {clip.name!r} has no {what}; state {how}")
    measures, motion = clip.measures, clip.motion
    if measures is not None and motion is not None and measures.fps != motion.fps:
        raise FileError(f"clip {clip.name!r}: measures have {measures.fps} fps, motion {motion.fps}; resample one of them")
    track = motion or measures
    lips = None if measures is None else np.stack([measures.lip_gap, measures.mouth_width, measures.ok], 1)
    return Row(
        clip.name, clip.audio.samples, clip.audio.sample_rate, clip.speaker, clip.source, clip.licence, language=clip.language,
        text=clip.transcript or "", phones=list(clip.phones or ()), motion=None if motion is None else motion.values,
        fps=FPS if track is None else track.fps, rig="" if motion is None else motion.rig.name, style=clip.style, consent=clip.consent,
        quality=clip.quality, identity=clip.identity, measures=lips,
    )  # fmt: skip


def to_clip(row: Row, rig: Rig | None) -> Clip:
    """The clip that a row holds, its motion under `rig`. Raises a FileError when its parts do not fit, as `Clip` does.

    A last silence that outlasts the sound, as some voices' labels do, is cut to it.
    """
    seconds = row.samples.size / row.sample_rate
    phones = [(start, min(end, seconds) if name == SILENCE and start < seconds else end, name) for start, end, name in row.phones]
    motion = None if row.motion is None or rig is None else Motion(row.motion, row.fps, rig)
    measures = None
    if row.measures is not None:
        gap, width, ok = row.measures.T
        measures = Measures(gap, width, ok > 0.5, row.fps)
    return Clip(
        row.id, Audio(row.samples, row.sample_rate), row.speaker, row.source, row.licence, motion=motion, phones=tuple(phones) or None,
        measures=measures, transcript=row.text or None, style=row.style, language=row.language, consent=row.consent, quality=row.quality,
        identity=row.identity,
    )  # fmt: skip
