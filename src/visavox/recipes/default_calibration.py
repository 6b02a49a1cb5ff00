"""How much further the default model's channels move than in what it was trained on."""

from visavox.calibration import Calibration
from visavox.data.lips.lip_following import JAW
from visavox.rigs.arkit import BROWS, PARTING

# What no sound tells, the model makes too small: its brows are scaled to move as the rule-based animator's. (Its head is not: a gesture
# moves that.) And the lips part so far that an open vowel is open by its channels too. Made motion is scaled about the value at rest, so
# that it costs no training and opens no resting mouth.
CALIBRATION = Calibration(
    {
        **dict.fromkeys((*BROWS, "eyeWideLeft", "eyeWideRight"), (2.1, 0.0)),
        **dict.fromkeys(JAW, (1.35, 0.0)), **dict.fromkeys(PARTING, (2.8, 0.008)),
    }
)  # fmt: skip
