"""Style, emotion, pose and sound from separate sources: what changing one of them changes of the others, as JSON.

python benchmarks/crosstalk.py [SPEECH OTHER]: two recordings; the bundled one in two halves without them.
"""

import json
import sys
from itertools import combinations

import numpy as np

from visavox import built_in_style, load, read_audio
from visavox.cue import Cue
from visavox.cues.grammar import read_instruction
from visavox.cues.kinds.pose import Pose
from visavox.cues.mouth import lip_gap
from visavox.io.assets import demo_recording
from visavox.rigs.arkit import BROWS, CHEEKS_AND_NOSE, HEAD

SHOWN = (*BROWS, *CHEEKS_AND_NOSE, "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight")
STYLES, EMOTIONS = ("calm", "lively", "stern", "cheerful"), ("neutral", "happy 0.8 @ face", "sad 0.8 @ face", "angry 0.8 @ face")


def main(speech: str | None, other: str | None) -> None:
    """Prints, for each source, the median change of lips, expression and head over all pairs of its values."""
    animator, whole = load(), read_audio(speech or demo_recording())
    seconds = min(whole.seconds, 12.0)
    sounds = [whole.between(0, seconds), read_audio(other).between(0, seconds)] if other else [
        whole.between(0, seconds / 2), whole.between(seconds / 2, seconds)]  # fmt: skip
    heads = [animator.animate(whole.between(0, seconds), seed=seed) for seed in (11, 12, 13)]

    def made(style=STYLES[0], emotion=EMOTIONS[1], head=heads[0], sound=sounds[0]):
        asked = (Pose("head.npz", head), read_instruction(emotion))
        cues = [Cue(0.0, sound.seconds, one) for one in asked]
        return animator.animate(sound, built_in_style(style), cues=cues)

    sources = {
        "style": [made(style=name) for name in STYLES], "emotion": [made(emotion=name) for name in EMOTIONS],
        "pose": [made(head=head) for head in heads], "sound": [made(sound=sound) for sound in sounds],
    }  # fmt: skip
    for source, motions in sources.items():
        print(json.dumps({"changed": source} | {name: round(value, 3) for name, value in _changes(motions).items()}))


def _changes(motions) -> dict[str, float]:
    """The medians over pairs: 1 - r of the lip gap, the root mean square of mean expression, of the head in degrees."""
    found = []
    for one, other in combinations(motions, 2):
        frames = min(one.frames, other.frames)
        gaps = [lip_gap(motion.values[:frames], motion.rig) for motion in (one, other)]
        shown = [motion.select(SHOWN)[:frames].mean(0) for motion in (one, other)]
        turned = np.degrees(one.select(HEAD)[:frames] - other.select(HEAD)[:frames])
        found.append((1 - np.corrcoef(*gaps)[0, 1], np.sqrt(np.square(shown[0] - shown[1]).mean()), np.sqrt(np.square(turned).mean())))
    return dict(zip(("lips_1_minus_r", "expression", "head_degrees"), np.median(found, 0).tolist(), strict=True))


if __name__ == "__main__":
    main(*(sys.argv[1:3] if len(sys.argv) > 2 else (None, None)))
