"""What a number is worth beside: loudness that drives the jaw, the motion of another recording, the rule-based
animator, which knows the phones.
"""

from dataclasses import replace

import numpy as np

from visavox.data.clip import Clip
from visavox.data.synth.articulation import articulate, to_frames
from visavox.data.synth.rule_based_animator import Manner, move_face
from visavox.evaluate.metrics.silence import HOP, loudness
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT
from visavox.windows import FPS, frame_count

OPENING, SLOPE = 0.55, 0.45  # jaw = 0.55 + 0.45 * level, level in units of 20 dB above the 90th percentile
LOWER_LIP, UPPER_LIP = 0.6, 0.35  # of the jaw's opening
MIDDLE = Manner()


def energy_motion(clip: Clip, fps: float = FPS, rig: Rig = ARKIT) -> Motion:
    """The motion of a mouth that opens with loudness alone, the plainest lip sync: jaw, lower and upper lip, nothing
    else.
    """
    level = loudness(clip.audio)
    level = np.clip((level - np.percentile(level, 90)) / 20, -1.5, 0.5)
    frames = frame_count(clip.audio.samples.size, clip.audio.sample_rate, fps)
    owner = np.minimum((np.arange(level.size) * HOP * fps).astype(int), frames - 1)
    count = np.bincount(owner, minlength=frames)
    mean = np.bincount(owner, level, frames) / np.maximum(count, 1)
    mean[count == 0] = level[-1]
    jaw = np.clip(OPENING + SLOPE * mean, 0, 1)
    still = Motion(np.tile(np.array([channel.neutral for channel in rig.channels], np.float32), (frames, 1)), fps, rig)
    lips = {
        f"mouth{what}{side}": share * jaw
        for what, share in (("LowerDown", LOWER_LIP), ("UpperUp", UPPER_LIP))
        for side in ("Left", "Right")
    }
    return still.with_channels({"jawOpen": jaw, **lips})


def fitted(motion: Motion, seconds: float) -> Motion:
    """`motion` cut, or played forwards and backwards, to last `seconds`: another recording's motion for the shuffled
    control.
    """
    frames = max(round(seconds * motion.fps), 1)
    there_and_back = np.concatenate([np.arange(motion.frames), np.arange(motion.frames - 2, 0, -1)])
    return replace(motion, values=motion.values[np.resize(there_and_back, frames)])


def rule_based_motion(clip: Clip, manner: Manner = MIDDLE, seed: int = 0) -> Motion:
    """The rule-based animator's motion at 25 fps for the phones and the loudness of `clip`, in `manner`, the middle of
    every scale unless given.

    It knows the phones, so it is no competitor: it says what the phones ask for.
    """
    frames = frame_count(clip.audio.samples.size, clip.audio.sample_rate, FPS)
    level = loudness(clip.audio)
    level = np.pad(level, (0, max(4 * frames - level.size, 0)), mode="edge")[: 4 * frames]
    level = np.clip(level - np.percentile(level, 90), -30, 10)
    values = move_face(articulate(list(clip.phones), level), level, manner, np.random.default_rng(seed))
    return Motion(to_frames(values), FPS, ARKIT)
