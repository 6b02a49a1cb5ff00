"""Many filmed people: how far open and how wide their mouths are at a sound, read by one linear map of what two encoders make of it.

People differ fivefold in how far they open. So each person's gap and width count about their own mean in units of their own deviation, and
every person weighs the same, however long they were filmed. Shapes: N frames of all clips end to end, C clips, D features of both encoders.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import block_diag

from visavox.data.clip import Clip
from visavox.data.material.recogniser_features import MOST, PEAK, Recognise, which_recogniser
from visavox.data.material.synthetic_recordings import cut_to_measures
from visavox.data.origins import clips_digest
from visavox.errors import FileError
from visavox.io.kept import keep
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.lip_reader import NEIGHBOURS
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.windows import FPS, SAMPLES_PER_FRAME

RIDGE = 1.0  # in units of the mean variance of the inputs
COMPONENTS = 200  # of each layer of a recogniser
LEAST_SEEN = 0.5  # of a clip's frames with a face


@dataclass(frozen=True, eq=False)
class People:
    """Clips of filmed people: `mel` (4 N, 80) log power, `recognised` (N, D) a recogniser's features; `lips` (N, 2) gap and width about the
    person's own mean, in units of the person's deviation; `seen` (N,) where a face was found, `length` (C,) and `speaker` (C,)."""

    mel: np.ndarray
    recognised: np.ndarray
    lips: np.ndarray
    seen: np.ndarray
    length: np.ndarray
    speaker: np.ndarray

    @property
    def clips(self) -> list[slice]:
        """The frames of each clip."""
        ends = np.cumsum(self.length)
        return [slice(int(end - length), int(end)) for end, length in zip(ends, self.length, strict=True)]


def prepare_people(clips: list[Clip], recognise: Recognise, path: Path) -> Path:
    """The file of filmed clips with what `recognise` makes of their sounds; kept when it is there. Each clip names its speaker."""
    made_of = {"clips": clips_digest(clips), "recogniser": which_recogniser(recognise), "least seen": LEAST_SEEN}
    return keep(path, made_of, lambda part: _write_people(clips, recognise, part))


def _write_people(clips: list[Clip], recognise: Recognise, part: Path) -> None:
    cut = [(clip, *cut_to_measures(clip)) for clip in clips if np.mean(clip.measures.ok) > LEAST_SEEN]
    if not cut:
        raise FileError("no filmed clip shows a face in half of its frames; give clips of people who are seen")
    measures = [clip.measures.at_fps(FPS) for clip, _, _ in cut]
    lengths = [min(frames, each.frames) for (_, _, frames), each in zip(cut, measures, strict=True)]
    kept = [(clip, sound[: SAMPLES_PER_FRAME * frames], frames) for (clip, sound, _), frames in zip(cut, lengths, strict=True)]
    np.savez(
        part,
        mel=np.concatenate([mel_power(sound, FEATURES_PER_FRAME * frames) for _, sound, frames in kept]).astype(np.float16),
        recognised=np.concatenate(list(_recognised([(_level(sound), frames) for _, sound, frames in kept], recognise))).astype(np.float16),
        gap=np.concatenate([each.lip_gap[:frames] for each, frames in zip(measures, lengths, strict=True)]),
        width=np.concatenate([each.mouth_width[:frames] for each, frames in zip(measures, lengths, strict=True)]),
        ok=np.concatenate([each.ok[:frames] for each, frames in zip(measures, lengths, strict=True)]),
        length=np.array(lengths, np.int32),
        speaker=np.array([clip.speaker for clip, _, _ in kept]),
    )


def read_people(path: Path) -> People:
    """The people of a file that `prepare_people` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        loaded = {name: arrays[name] for name in ("mel", "recognised", "gap", "width", "ok", "length", "speaker")}
    gap, width, seen = loaded.pop("gap"), loaded.pop("width"), loaded.pop("ok")
    lips = np.stack([gap, width], 1).astype(np.float64)
    owner = np.repeat(loaded["speaker"], loaded["length"])
    for speaker in np.unique(owner):
        own = owner == speaker
        usual = lips[own & seen]
        lips[own] = (lips[own] - usual.mean(0)) / np.maximum(usual.std(0), 1e-6)
    lips[~seen] = 0.0
    return People(lips=lips.astype(np.float32), seen=seen, **loaded)


@dataclass(frozen=True, eq=False)
class PeopleReading:
    """A linear reading of people's lips: weights (NEIGHBOURS D, 2) of a frame and those beside it, and an offset (2,)."""

    weights: np.ndarray
    offset: np.ndarray

    def lips(self, features: np.ndarray) -> np.ndarray:
        """Gap and width (T, 2), in deviations of a person, for features (T, D)."""
        return beside(features) @ self.weights + self.offset

    def of_columns(self, columns: np.ndarray, count: int) -> "PeopleReading":
        """The same reading of `count` columns, of which it looks at `columns` (D,) alone."""
        weights = np.zeros((NEIGHBOURS, count, self.weights.shape[1]))
        weights[:, columns] = self.weights.reshape(NEIGHBOURS, len(columns), -1)
        return PeopleReading(weights.reshape(NEIGHBOURS * count, -1), self.offset)


def fit_people(people: People, features: list[np.ndarray], weight: Callable[[str], float], ridge: float = RIDGE) -> PeopleReading:
    """The ridge regression of people's lips on the `features` (T, D) of each of their clips; each speaker counts as `weight` of the name
    says, 0 leaves one out."""
    total = None
    for speaker in np.unique(people.speaker):
        if weight(str(speaker)) > 0:
            sums = weight(str(speaker)) * _moments(people, features, speaker)
            total = sums if total is None else total + sums
    count, inputs = total[-1, -1], total.shape[0] - 3
    mean, usual = total[:inputs, -1] / count, total[inputs:-1, -1] / count
    gram = total[:inputs, :inputs] / count - np.outer(mean, mean)
    gram[np.diag_indices_from(gram)] += ridge * np.trace(gram) / inputs
    weights = np.linalg.solve(gram, total[:inputs, inputs:-1] / count - np.outer(mean, usual))
    return PeopleReading(weights, usual - mean @ weights)


@dataclass(frozen=True, eq=False)
class _Components:
    """The main components of some columns: `mean` (D,) and `axes` (D, K), so scaled that their variance is 1 on the mean."""

    mean: np.ndarray
    axes: np.ndarray

    @classmethod
    def of(cls, columns: np.ndarray) -> "_Components":
        """Those of `columns` (N, D), COMPONENTS at most, each column in units of its deviation: a few columns of a recogniser are huge."""
        mean, deviation = columns.mean(0), columns.std(0) + 1e-6
        variance, axes = np.linalg.eigh(np.cov((columns - mean) / deviation, rowvar=False).reshape(2 * (columns.shape[1],)))
        kept = slice(-1, -1 - min(COMPONENTS, len(variance)), -1)
        return cls(mean, axes[:, kept] / np.sqrt(max(variance[kept].mean(), 1e-9)) / deviation[:, None])


def fit_layers(
    people: People, features: list[np.ndarray], blocks: list[int], weight: Callable[[str], float], ridge: float
) -> PeopleReading:
    """The ridge regression of people's lips on the main components of the `features` (T, D): those of each of their `blocks` of columns,
    so that no layer counts more than another. It reads the features as they are."""
    seen = np.concatenate([each[people.seen[clip]] for each, clip in zip(features, people.clips, strict=True)]).astype(np.float64)
    ends = np.cumsum(blocks)
    parts = [_Components.of(seen[:, end - size : end]) for end, size in zip(ends, blocks, strict=True)]
    mean, axes = np.concatenate([part.mean for part in parts]), block_diag(*(part.axes for part in parts))
    fitted = fit_people(people, [((each - mean) @ axes).astype(np.float32) for each in features], weight, ridge)
    weights = (axes @ fitted.weights.reshape(NEIGHBOURS, axes.shape[1], -1)).reshape(NEIGHBOURS * len(mean), -1)
    return PeopleReading(weights, fitted.offset - np.tile(mean, NEIGHBOURS) @ weights)


def mean_reading(first: PeopleReading, second: PeopleReading) -> PeopleReading:
    """The reading that is the mean of two of the same features: they err differently on who is a stranger to both."""
    return PeopleReading((first.weights + second.weights) / 2, (first.offset + second.offset) / 2)


def own_features(people: People, encoder: AudioEncoder) -> list[np.ndarray]:
    """The features (T, E) of each clip by `encoder`."""
    return [encode(people.mel, clip, encoder) for clip in people.clips]


def encode(mel: np.ndarray, frames: slice, encoder: AudioEncoder) -> np.ndarray:
    """The features (T, E) of `frames` of the log power `mel` (4 N, 80) by `encoder`."""
    sound = mel[FEATURES_PER_FRAME * frames.start : FEATURES_PER_FRAME * frames.stop].astype(np.float32)
    return encoder.eval().encoded(normalise(sound)[None])[0]


def both_features(own: list[np.ndarray], recognised: np.ndarray, clips: list[slice]) -> list[np.ndarray]:
    """Features (T, D) of the encoder beside those of the recogniser, clip by clip."""
    return [np.concatenate([each, recognised[clip].astype(np.float32)], 1) for each, clip in zip(own, clips, strict=True)]


def beside(features: np.ndarray) -> np.ndarray:
    """Each frame of `features` (T, D) between those beside it (T, NEIGHBOURS D)."""
    reach = NEIGHBOURS // 2
    padded = np.pad(features, ((reach, reach), (0, 0)), mode="edge")
    return np.concatenate([padded[shift : shift + len(features)] for shift in range(NEIGHBOURS)], axis=1)


def _moments(people: People, features: list[np.ndarray], speaker: str) -> np.ndarray:
    """The mean of the outer products of (inputs, lips, 1) over the frames of one speaker."""
    rows = []
    for clip, own, name in zip(people.clips, features, people.speaker, strict=True):
        if name == speaker:
            seen = people.seen[clip]
            rows.append(np.concatenate([beside(own), people.lips[clip], np.ones((len(own), 1))], 1)[seen].astype(np.float64))
    joined = np.concatenate(rows)
    return joined.T @ joined / len(joined)


def _recognised(sounds: list[tuple[np.ndarray, int]], recognise: Recognise) -> Iterator[np.ndarray]:
    """What `recognise` makes of each sound (T, D), several short ones at once."""
    waiting: list[tuple[np.ndarray, int]] = []
    for sound, frames in sounds:
        if waiting and sum(each.size for each, _ in waiting) + sound.size > MOST:
            yield from _recognise_together(waiting, recognise)
            waiting = []
        waiting.append((sound, frames))
    yield from _recognise_together(waiting, recognise)


def _recognise_together(sounds: list[tuple[np.ndarray, int]], recognise: Recognise) -> Iterator[np.ndarray]:
    joined = np.concatenate([sound for sound, _ in sounds])
    given = np.concatenate([recognise(joined[first : first + MOST]) for first in range(0, joined.size, MOST)])
    start = 0
    for _, frames in sounds:
        yield given[start : start + frames]
        start += frames


def _level(sound: np.ndarray) -> np.ndarray:
    return (sound / max(float(np.abs(sound).max(initial=0)), 1e-6) * PEAK).astype(np.float32)
