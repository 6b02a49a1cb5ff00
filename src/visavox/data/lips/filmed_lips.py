"""The lips that a filmed speaker would have made at a sound.

The lips of synthetic and of unfilmed real speech are opened and spread by one reading of the audio features, fitted to a filmed
speaker. So the features say the same about the lips whoever speaks, and the denoiser finds no other rule for voices unlike the filmed
one.
"""

from dataclasses import dataclass

import numpy as np

from visavox.data.clip import Clip
from visavox.data.lips.lip_following import LipReading, fit_lips, follow_gap, follow_width, head_digest, share_of, shared_width
from visavox.data.material.synthetic_recordings import OPENER, cut_to_measures
from visavox.data.synth.phones import OPEN_VOWELS
from visavox.data.synth.rule_based_animator import Manner
from visavox.io.kept import arrays_digest
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.windows import FPS

VOWEL_FLOOR = 0.65
TRUST = 0.8  # in the reading of filmed lips against the rule-based animator's, while somebody speaks
WARPS = (0.9, 1.0, 1.12)  # vocal tracts in which the filmed clips are encoded


@dataclass(frozen=True, eq=False)
class FilmedLips:
    """What is known of a filmed speaker: a reading of the lips from audio features, and the head on which lips are measured."""

    reading: LipReading
    head: Head

    @property
    def digest(self) -> str:
        """A hash (16 digits) of the reading and of the head."""
        reading = arrays_digest({"weights": self.reading.weights, "offset": self.reading.offset})
        return f"{reading} on head {head_digest(self.head)}"

    def open(self, motion: np.ndarray, features: np.ndarray, phones: np.ndarray, manner: Manner) -> np.ndarray:
        """`motion` (T, 55) of the rule-based animator with its lips moved towards the filmed speaker's at these features (T, D).

        The gap follows the reading for TRUST, the width for WIDTH_TRUST. In silence the lips stay as they were, and an open vowel stays
        open for VOWEL_FLOOR of the animator's gap: one speaker's are too few to shut them. `phones` (2 T,) are phone numbers at 50 Hz.
        """
        ruled = Motion(motion.astype(np.float32), FPS, ARKIT)
        gap, width = self.reading.lips(features)
        voiced, before = 1 - share_of(phones, ("SIL",)), lip_gap(self.head, ruled)
        trust = TRUST * voiced
        wanted = trust * OPENER * manner.opening * gap + (1 - trust) * before
        wanted = np.maximum(wanted, VOWEL_FLOOR * share_of(phones, OPEN_VOWELS) * before)
        shared = shared_width(ruled, width * voiced, phones, manner.spread, self.head)
        return follow_width(follow_gap(ruled, wanted, self.head), shared, self.head).values


def fit_filmed_lips(clips: list[Clip], encoder: AudioEncoder, head: Head) -> FilmedLips:
    """The reading of the lips of filmed clips, each encoded in the vocal tracts WARPS."""
    features, gaps, widths = [], [], []
    for clip in clips:
        sound, frames = cut_to_measures(clip)
        for warp in WARPS:
            features.append(encoder.eval().encoded(normalise(mel_power(sound, FEATURES_PER_FRAME * frames, warp))[None])[0])
            gaps.append(np.asarray(clip.measures.lip_gap[:frames], float))
            widths.append(np.asarray(clip.measures.mouth_width[:frames], float))
    return FilmedLips(fit_lips(features, gaps, widths), head)
