"""What a trained audio encoder hears in recordings, kept so that the denoiser's training need not ask it again; and the lips that a
real speaker would have made at that sound.

The lips of synthetic and of unfilmed real speech are opened and spread by one reading of the audio features, fitted to a filmed
speaker: so the features say the same about the lips whoever speaks, and the denoiser finds no other rule for voices unlike the filmed
one.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.lips.lip_following import LipReading, fit_lips, follow_gap, follow_width, share_of, shared_width
from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.synthetic_recordings import OPENER, cut_to_measures, manners
from visavox.data.synth.phones import OPEN_VOWELS
from visavox.data.synth.teacher import Manner
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.windows import FPS

COPIES = 3  # how often each recording is heard: once as it is, then through other throats, rooms and noise
VOWEL_FLOOR = 0.65
TRUST = 0.8  # in the reading of real lips against the teacher's, while somebody speaks
WARPS = (0.9, 1.0, 1.12)  # vocal tracts in which the filmed clips are heard


@dataclass(frozen=True, eq=False)
class RealLips:
    """What a filmed speaker teaches: a reading of the lips from audio features, and the head on which lips are measured."""

    reading: LipReading
    head: Head

    def open(self, motion: np.ndarray, features: np.ndarray, phones: np.ndarray, manner: Manner) -> np.ndarray:
        """`motion` (T, 55) of the teacher with its lips moved towards the filmed speaker's at these features (T, D), in that manner.

        The gap follows the reading for TRUST, the width for WIDTH_TRUST. In silence the lips stay as they were, and an open vowel stays
        open for VOWEL_FLOOR of the teacher's gap: one speaker's are too few to shut them. `phones` (2 T,) are phone numbers at 50 Hz.
        """
        taught = Motion(motion.astype(np.float32), FPS, ARKIT)
        gap, width = self.reading.lips(features)
        voiced, before = 1 - share_of(phones, ("SIL",)), lip_gap(self.head, taught)
        trust = TRUST * voiced
        wanted = trust * OPENER * manner.opening * gap + (1 - trust) * before
        wanted = np.maximum(wanted, VOWEL_FLOOR * share_of(phones, OPEN_VOWELS) * before)
        shared = shared_width(taught, width * voiced, phones, manner.spread, self.head)
        return follow_width(follow_gap(taught, wanted, self.head), shared, self.head).values


def fit_real_lips(clips: list[Clip], encoder: AudioEncoder, head: Head) -> RealLips:
    """The reading of the lips of filmed clips, each heard in the vocal tracts WARPS."""
    features, gaps, widths = [], [], []
    for clip in clips:
        sound, frames = cut_to_measures(clip)
        for warp in WARPS:
            features.append(encoder.eval().listen(normalise(mel_power(sound, FEATURES_PER_FRAME * frames, warp))[None])[0])
            gaps.append(np.asarray(clip.measures.lip_gap[:frames], float))
            widths.append(np.asarray(clip.measures.mouth_width[:frames], float))
    return RealLips(fit_lips(features, gaps, widths), head)


def listen(path: Path, folder: Path, encoder: AudioEncoder, lips: RealLips | None) -> Path:
    """The file in `folder` of the recordings of `path` as `encoder` hears them in COPIES; made once.

    `lips` corrects the teacher's motion; None for recordings whose lips were filmed.
    """
    made = folder / path.name
    if made.exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    data, random = RecordingSet([path]), np.random.default_rng([8, *path.stem.encode()])
    heard, motion = [], data.motion.astype(np.float32)
    for start, length, style in zip(data.start, data.length, data.style, strict=True):
        frames = slice(start, start + length)
        mel = data.mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * (start + length)].astype(np.float32)
        copies = [normalise(mel), *(normalise(copy) for copy in augment(np.repeat(mel[None], COPIES - 1, 0), random))]
        features = encoder.eval().listen(np.stack(copies))
        heard.append(features.transpose(1, 0, 2).astype(np.float16))
        if lips is not None:
            phones = data.phones[2 * start : 2 * (start + length)]
            motion[frames] = lips.open(motion[frames], features[0], phones, manners()[int(style)])
    part = made.with_suffix(".part.npz")
    np.savez(part, heard=np.concatenate(heard), motion=motion.astype(np.float16), style=data.style, length=data.length)
    part.rename(made)
    return made
