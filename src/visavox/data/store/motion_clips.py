"""`MotionClips`: the clips of a store that carry motion of one rig, in memory, for training on pairs of sound and motion.

Sound is kept as 16-bit samples at 16 kHz (26 hours are 3 GB), motion as the channels of the model's rig at its frames a second.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.store.index import INDEX
from visavox.data.store.reading import open_store
from visavox.data.store.shards import Row, read_shard
from visavox.data.store.split import Split
from visavox.errors import FileError, RigError
from visavox.history import Source
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs import RIGS
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

FULL_SCALE = 32_767


@dataclass(frozen=True, eq=False)
class MotionClip:
    """One clip of T frames: samples (640 T,) int16 at 16 kHz, motion (T, C) in physical units at 25 fps, identity (E,), speaker.

    `rest` (R,) is the mean of the channels that were asked for beside those of the rig, 0 where the store has none.
    """

    name: str
    speaker: str
    samples: np.ndarray
    motion: np.ndarray
    identity: np.ndarray
    rest: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    source: str = ""
    licence: str = ""
    consent: str = ""

    @property
    def frames(self) -> int:
        """The number of frames T."""
        return len(self.motion)

    def cut(self, start: int, frames: int) -> tuple[np.ndarray, np.ndarray]:
        """Samples (640 frames,) float32 in [-1, 1] and motion (frames, C) of the frames from `start` on."""
        sound = self.samples[start * SAMPLES_PER_FRAME : (start + frames) * SAMPLES_PER_FRAME]
        return sound.astype(np.float32) / FULL_SCALE, self.motion[start : start + frames]


@dataclass(frozen=True, eq=False)
class MotionClips:
    """Clips of one rig; `too_short` names those that were left out because they are shorter than the training needs."""

    clips: list[MotionClip]
    rig: Rig
    too_short: list[str] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """The length of all clips in hours."""
        return sum(clip.frames for clip in self.clips) / FPS / 3600

    @property
    def speakers(self) -> list[str]:
        """The speakers, sorted."""
        return sorted({clip.speaker for clip in self.clips})

    @property
    def fingerprint(self) -> str:
        """A hash (16 digits) of every clip's name, sound and motion."""
        digest = hashlib.sha256()
        for clip in sorted(self.clips, key=lambda clip: clip.name):
            for part in (clip.name.encode(), clip.samples.tobytes(), clip.motion.tobytes(), clip.identity.tobytes()):
                digest.update(part)
        return digest.hexdigest()[:16]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the clips come from, as they say themselves: one entry for each source, licence and consent."""
        groups: dict[tuple[str, str, str], list[MotionClip]] = {}
        for clip in self.clips:
            groups.setdefault((clip.source, clip.licence, clip.consent), []).append(clip)
        parts = {words: MotionClips(clips, self.rig) for words, clips in sorted(groups.items())}
        return tuple(Source(*words, len(part.clips), part.hours, part.fingerprint) for words, part in parts.items())

    def of_speakers(self, speakers: Iterable[str]) -> "MotionClips":
        """The clips of these speakers."""
        wanted = set(speakers)
        return MotionClips([clip for clip in self.clips if clip.speaker in wanted], self.rig)


def read_motion_clips(store: Path, rig: Rig, identity: int, shortest: int, rest: Sequence[str] = ()) -> MotionClips:
    """The clips in the folder `store` whose motion has all channels of `rig`, at least `shortest` frames long; `rest` names channels of
    which only the mean over a clip is kept.

    A folder with an index is read as the store that it says; one without has all of its shards read. Raises a FileError when the folder
    holds no such clip or not what its index says, a RigError that names a clip whose identity has other than `identity` numbers.
    """
    rows, rigs = _rows(Path(store))
    clips, too_short, others = [], [], set()
    for row in rows:
        source = rigs.get(row.rig)
        if row.motion is None or source is None or any(name not in source for name in rig.names):
            others.add(row.rig or "none")
            continue
        clip = _clip(row, source, rig, identity, rest)
        (clips if clip.frames >= shortest else too_short).append(clip)
    if not clips:
        found = f"{len(too_short)} are shorter than {shortest} frames, others have rigs {', '.join(sorted(others)) or 'none'}"
        raise FileError(f"{store} holds no clip of rig {rig.name!r} that can be used: {found}; give longer clips of that rig")
    return MotionClips(clips, rig, [clip.name for clip in too_short])


def stored_split(store: Path) -> Split | None:
    """The split that the index in the folder `store` says; None without an index, or when it holds nobody out."""
    if not (Path(store) / INDEX).exists():
        return None
    split = open_store(store).split
    return split if split.validation or split.test else None


def _rows(folder: Path) -> tuple[Iterator[Row], dict[str, Rig]]:
    """The rows of a folder, and the rigs of their motion by name."""
    if (folder / INDEX).exists():
        store = open_store(folder)
        return store.rows(), {} if store.rig is None else {store.rig.name: store.rig}
    shards = sorted(folder.glob("*.parquet"))
    if not shards:
        raise FileError(f"{folder} holds no shards (.parquet); name the folder of a store with motion")
    return (row for shard in shards for row in read_shard(shard)), RIGS


def _clip(row: Row, source: Rig, rig: Rig, identity: int, rest: Sequence[str]) -> MotionClip:
    values = np.zeros(identity, np.float32) if row.identity is None else np.asarray(row.identity, np.float32)
    if values.shape != (identity,):
        raise RigError(f"clip {row.id!r} has an identity of {values.size} numbers, this recipe takes {identity}; store it again")
    whole = Motion(row.motion, row.fps, source).at_fps(FPS)
    motion = whole.select(rig.names)
    sound = Audio(row.samples, row.sample_rate).resample(SAMPLE_RATE).samples
    frames = min(len(motion), sound.size // SAMPLES_PER_FRAME)
    samples = np.round(sound[: frames * SAMPLES_PER_FRAME] * FULL_SCALE).astype(np.int16)
    means = [whole.channel(name)[:frames].mean() if name in source else 0.0 for name in rest]
    words = row.source, row.licence, row.consent
    return MotionClip(row.id, row.speaker, samples, np.ascontiguousarray(motion[:frames]), values, np.asarray(means, np.float32), *words)
