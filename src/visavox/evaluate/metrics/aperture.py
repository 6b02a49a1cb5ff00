"""How open the mouth is, as one number a frame, in two definitions: from the channels, and from the geometry of a head.

Channels: (.6 jawOpen + .35 lower lip down + .25 upper lip up) (1 - closure). Here closure is the share of the jaw's
opening that mouthClose takes back (on ARKit heads mouthClose = jawOpen brings the lips together again). Closed below
0.12. These are the weights and the threshold under which the first synthetic models were measured; they fit any ARKit
rig, with or without a head.

Geometry: the gap between the inner lips at the midline over the distance of the outer eye corners, divided by 0.25.
So open vowels come out between about 0.5 and 1 on real faces and on the default head alike. Closed when the gap
is under 2 % of the eye distance, about 2 mm: in filmed speech the tracked inner lips of a closed mouth stand 0.1 to 2
% apart.
"""

from dataclasses import dataclass

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import opening
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
from visavox.windows import frame_times

FULL_GAP = 0.25  # lip gap over eye distance that counts as aperture 1
CLOSED_GAP = 0.02  # lip gap over eye distance under which the lips touch
CLOSED_CURVES = 0.12  # channel aperture under which the lips count as closed
LEAST_JAW = 0.05  # jawOpen below which mouthClose is not divided by it any further


@dataclass(frozen=True, eq=False)
class Aperture:
    """Mouth opening over time: `values` (T,), 0 shut, about 1 wide open; the lips count as `closed` below that value;
    `fps`.
    """

    values: np.ndarray
    closed: float
    fps: float

    @property
    def times(self) -> np.ndarray:
        """The centres (T,) of the frames in seconds."""
        return frame_times(len(self.values), self.fps)


def curve_aperture(motion: Motion) -> Aperture:
    """The aperture of a motion from its channels alone; the rig must have the ARKit mouth channels."""
    jaw = motion.channel("jawOpen")
    lower = motion.select(("mouthLowerDownLeft", "mouthLowerDownRight")).mean(1)
    upper = motion.select(("mouthUpperUpLeft", "mouthUpperUpRight")).mean(1)
    closure = np.clip(motion.channel("mouthClose") / np.maximum(jaw, LEAST_JAW), 0, 1)
    return Aperture(np.clip(opening(jaw, lower, upper), 0, 1.2) * (1 - closure), CLOSED_CURVES, motion.fps)


def gap_aperture(gap: np.ndarray, fps: float) -> Aperture:
    """The aperture of a lip gap (T,), in eye distances, of a tracked face or of a head under a motion."""
    return Aperture(np.maximum(np.asarray(gap, float), 0) / FULL_GAP, CLOSED_GAP / FULL_GAP, fps)


def head_measures(head, motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """The lip gap and the mouth width (T,) of a `Head` under a motion, in eye distances, as a tracker measures them
    on a face.
    """
    return lip_gap(head, motion), mouth_width(head, motion)


def rounding(motion: Motion) -> np.ndarray:
    """How rounded the lips are (T,): mouthPucker + mouthFunnel, 0 to 2."""
    return motion.channel("mouthPucker") + motion.channel("mouthFunnel")
