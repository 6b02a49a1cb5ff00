"""Real speech without faces, made into recordings: clips with known words, and clips whose phones the audio encoder itself names."""

from collections import defaultdict
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.material.recordings import join_rows, record, save_recordings
from visavox.data.material.synthetic_recordings import MANNERS, manners, settings, warp_of
from visavox.data.origins import clips_digest
from visavox.data.store.shards import Row
from visavox.data.synth.phones import PHONES, Phone
from visavox.io.kept import keep
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import mel_power, normalise
from visavox.windows import SAMPLE_RATE, SAMPLES_PER_FRAME

NAMING_WARPS = (0.92, 1.0, 1.08)  # vocal-tract warps over which the named phones are averaged
PEAK = 0.7
SPEECH_SEED = 60
KEPT_SHARE = 0.85  # of the clips whose phones the encoder names: those of which it is surest
SHORTEST = 2  # frames of 20 ms: shorter phones go to their predecessor


def prepare_speech(clips: list[Clip], path: Path, copies: int) -> Path:
    """A file of recordings of clips with phones, each speaker's clips joined, `copies` times in different throats and manners; the
    rule-based animator moves the face."""

    def make(part: Path) -> None:
        speakers = defaultdict(list)
        for clip in clips:
            speakers[clip.speaker].append(_row(clip))
        made = []
        for copy in range(copies):
            for speaker, rows in sorted(speakers.items()):
                random = np.random.default_rng([SPEECH_SEED, copy, *speaker.encode()])
                for sound, phones in join_rows(rows, random):
                    style = int(random.integers(MANNERS))
                    made.append(record(sound, phones, manners()[style], style, random, warp_of(random)))
        save_recordings(made, part)

    return keep(path, {"clips": clips_digest(clips), "copies": copies, **settings()}, make)


def name_phones(clips: list[Clip], encoder: AudioEncoder, share: float = KEPT_SHARE) -> list[Clip]:
    """The `share` of the clips of which `encoder` is surest, with the phones that it recognises in them (self-training).

    Source: Yarowsky (1995); the labels of noisy students are hard here, since the rule-based animator that moves the lips wants segments.
    """
    named = [_named(clip, encoder.eval()) for clip in clips]
    least = np.quantile([sureness for _, sureness in named], 1 - share) if named else 0.0
    return [clip for clip, sureness in named if sureness >= least]


def _named(clip: Clip, encoder: AudioEncoder) -> tuple[Clip, float]:
    sound = clip.audio.resample(SAMPLE_RATE).samples
    frames = sound.size // SAMPLES_PER_FRAME
    posteriors = np.zeros((2 * frames, len(PHONES)))
    for warp in NAMING_WARPS:
        features = normalise(mel_power(sound, 4 * frames, warp))
        posteriors += encoder.phone_shares(features) / len(NAMING_WARPS)
    phones = segments(posteriors.argmax(1))
    return Clip(clip.name, clip.audio, clip.speaker, clip.source, clip.licence, phones=phones), float(posteriors.max(1).mean())


def segments(numbers: np.ndarray) -> list[Phone]:
    """Phones (start, end, name) of phone numbers (L,) at 50 Hz; runs shorter than SHORTEST frames are given to the run before."""
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    runs: list[list[int]] = []
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        if runs and (last - first < SHORTEST or runs[-1][2] == numbers[first]):
            runs[-1][1] = last
        else:
            runs.append([first, last, int(numbers[first])])
    return [(first / 50, last / 50, PHONES[number]) for first, last, number in runs]


def _row(clip: Clip) -> Row:
    sound = clip.audio.resample(SAMPLE_RATE).samples
    loudest = max(float(np.abs(sound).max()), 1e-6)
    return Row(clip.name, sound / loudest * PEAK, SAMPLE_RATE, clip.speaker, clip.source, clip.licence, phones=list(clip.phones))
