"""What a head follows of a voice: speech and pauses, loudness, tone, accents and syllables, frame by frame."""

from dataclasses import dataclass, fields

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import HOP, RATE, Hops, hops_of, voice_accents
from visavox.gestures.smoothing import smoothed

HOPS_A_SECOND = RATE / HOP
QUIET = 20.0  # dB under the loud parts, from which nobody speaks
SILENT = -60.0  # dB of full scale, under which nobody speaks
FORGETTING = 1.5  # dB a second by which the loudness of the loud parts is forgotten
FORGOTTEN = 12.0  # dB, at most
LOUDNESS_AHEAD = 0.5  # seconds that the loud parts are known ahead
SHORTEST_PAUSE = 0.2  # seconds
STILL_BEFORE = 0.06  # seconds before the end of speech at which a head grows still
VOICED, AUDIBLE = 0.5, 25.0  # likeness, and dB under the loud parts, from which a hop has a tone
USUAL_LEVEL, USUAL_TONE = 10.0, 3.0  # dB and semitones that a voice rises and falls
KNOWN_SINCE = 1.0  # seconds for which what was so far weighs what is usual
FLAT = 0.85  # share of a syllable's loudness to which it falls before the next


@dataclass(frozen=True)
class VoiceTrack:
    """A voice by frames (T,): `speech` 0 in pauses to 1; `level` in units of USUAL_LEVEL and `tone` in units of USUAL_TONE above what they
    were so far, tone held where nothing is voiced; `onset`, `offset` 1 where speech begins after a pause and where one begins; `accent`
    how far an accent stands out, 0 elsewhere; `syllable` 1 where one is loudest.

    It needs to know about 0.8 s ahead, but for the accents, which stand out from two seconds around them.
    """

    speech: np.ndarray
    level: np.ndarray
    tone: np.ndarray
    onset: np.ndarray
    offset: np.ndarray
    accent: np.ndarray
    syllable: np.ndarray

    @staticmethod
    def silence(frames: int) -> "VoiceTrack":
        """Nobody speaks for `frames` frames."""
        none = np.zeros(frames)
        return VoiceTrack(none, none - 1, none, none, none, none, none)

    def between(self, first: int, last: int) -> "VoiceTrack":
        """The frames [first, last)."""
        return VoiceTrack(*(getattr(self, field.name)[first:last] for field in fields(self)))

    def __len__(self) -> int:
        return self.speech.size


def voice_track(sound: Audio | Hops, frames: int, fps: float) -> VoiceTrack:
    """The voice of a recording at `frames` frames; silence, and noise that never changes, is one pause without an onset."""
    return track_of(hops_of(sound), frames, fps)


def pause_starts(hops: Hops) -> np.ndarray:
    """The times (N,) in seconds at which speech falls silent for at least SHORTEST_PAUSE."""
    return Hops.time(np.array([start for start, _ in _pauses(hops, _loud_parts(hops.level)) if start > 0], float))


def track_of(hops: Hops, frames: int, fps: float) -> VoiceTrack:
    """The voice of which `hops` are known."""
    loud = _loud_parts(hops.level)
    pauses = _pauses(hops, loud)
    size = hops.level.size
    speech = np.ones(size)
    for start, end in pauses:
        speech[max(start - round(STILL_BEFORE * HOPS_A_SECOND), 0) : end] = 0
    if _quiet(hops, loud).all():
        speech[:] = 0
    level = np.clip(hops.level - loud, -AUDIBLE, 6)
    louder = (level - _so_far(level, np.ones(size), -USUAL_LEVEL)) / USUAL_LEVEL
    times, heights = voice_accents(hops)
    where = (np.arange(frames) + 0.5) / fps

    def by_frame(curve: np.ndarray, width: float) -> np.ndarray:
        return np.interp(where, Hops.time(np.arange(size)), smoothed(curve, width))

    def marks(seconds: np.ndarray, heights=1.0) -> np.ndarray:
        marked = np.zeros(frames)
        marked[np.clip((np.asarray(seconds) * fps).astype(int), 0, frames - 1)] = heights
        return marked

    return VoiceTrack(
        by_frame(speech, 6), by_frame(louder, 1.5), by_frame(_tone(hops, loud), 3),
        marks(Hops.time(np.array([end for _, end in pauses if end < size], float))),
        marks(Hops.time(np.array([start for start, _ in pauses if start > 0], float))),
        marks(times, heights), marks(Hops.time(_syllables(hops, loud).astype(float))),
    )  # fmt: skip


def _loud_parts(level: np.ndarray) -> np.ndarray:
    """The level (N,) of the loud parts of the sound up to LOUDNESS_AHEAD after each hop: a peak that is slowly forgotten."""
    level = smoothed(level, 3)
    ahead = round(LOUDNESS_AHEAD * HOPS_A_SECOND)
    peak = np.lib.stride_tricks.sliding_window_view(np.pad(level, (0, ahead), mode="edge"), ahead + 1).max(1)
    rising = FORGETTING / HOPS_A_SECOND * np.arange(level.size)
    return np.maximum(np.maximum.accumulate(peak + rising) - rising, np.maximum.accumulate(peak) - FORGOTTEN)


def _quiet(hops: Hops, loud: np.ndarray) -> np.ndarray:
    return (hops.level < loud - QUIET) | (hops.level < SILENT)


def _pauses(hops: Hops, loud: np.ndarray) -> list[tuple[int, int]]:
    quiet = smoothed(_quiet(hops, loud), 4) > 0.5
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    shortest = SHORTEST_PAUSE * HOPS_A_SECOND
    return [(start, end) for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True) if end - start >= shortest]


def _tone(hops: Hops, loud: np.ndarray) -> np.ndarray:
    """The tone (N,) of the last voiced hop, 0 before the first; a hop far from the tones around it is a mistaken octave and left out."""
    semitones = 12 * np.log2(hops.pitch / 100)
    middle = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(semitones, 10, mode="edge"), 21), axis=1)
    voiced = _voiced(hops, loud) & (np.abs(semitones - middle) < 7)
    higher = np.clip((semitones - _so_far(semitones, voiced, 0.0, 0.0)) / USUAL_TONE, -3, 3)
    last = np.maximum.accumulate(np.where(voiced, np.arange(voiced.size), -1))
    return np.where(last < 0, 0.0, higher[np.maximum(last, 0)])


def _so_far(values: np.ndarray, weights: np.ndarray, usual: float, since: float = KNOWN_SINCE) -> np.ndarray:
    """The weighted mean (N,) of all `values` up to each, and of the `usual` one for `since` seconds before."""
    before = since * HOPS_A_SECOND
    return (np.cumsum(values * weights) + before * usual) / np.maximum(np.cumsum(weights) + before, 1e-9)


def _voiced(hops: Hops, loud: np.ndarray) -> np.ndarray:
    return (hops.likeness > VOICED) & (hops.level > np.maximum(loud - AUDIBLE, SILENT))


def _syllables(hops: Hops, loud: np.ndarray) -> np.ndarray:
    """The hops (N,) at which voiced loudness peaks, a dip of FLAT before each."""
    swell = smoothed(np.where(_voiced(hops, loud), 10 ** ((hops.level - loud) / 20), 0.0), 4)
    peaks = np.flatnonzero((swell[1:-1] > swell[:-2]) & (swell[1:-1] >= swell[2:]) & (swell[1:-1] > 0.12)) + 1
    kept = []
    for peak in peaks:
        if not kept or swell[kept[-1] : peak].min() < FLAT * min(swell[peak], swell[kept[-1]]):
            kept.append(int(peak))
    return np.array(kept, int)
