"""Gains: how strongly a group of channels moves about its rest, `lips 1.4`, `brows 0`, `head 0.3`."""

from dataclasses import dataclass

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.cues.eyes import held
from visavox.cues.groups import MEANINGS, channels_of, group_named
from visavox.cues.kind import EASE, Frames, eased
from visavox.cues.words import checked, number_text, share_of
from visavox.gestures.eyes import LIDS_WITH_GLANCE
from visavox.rigs.arkit import HEAD

LARGEST = 3.0


@dataclass(frozen=True)
class Gain(Instruction):
    """A `group` of channels moves `factor` times as far from its rest, 1 as it is."""

    group: str
    factor: float


class GainKind:
    """How strongly a group of channels moves."""

    name = "gain"
    holds = Gain
    vocabulary = {name: f"0 to {LARGEST:g} times the movement of {meaning}; 1 as it is" for name, meaning in MEANINGS.items()}
    examples = ("lips 1.4", "brows 0", "head 0.3", "blinks 0")

    def read(self, text: str) -> Gain | None:
        """See `Kind.read`."""
        words = text.lower().split()
        if len(words) != 2 or group_named(words[0]) is None or (factor := share_of(words[1].removeprefix("x"))) is None:
            return None
        return Gain(group_named(words[0]), checked(factor, 0, LARGEST, f"the gain of {words[0]}"))

    def write(self, instruction: Gain) -> str:
        """See `Kind.write`."""
        return f"{instruction.group} {number_text(instruction.factor)}"

    def explain(self, instruction: Gain) -> str:
        """See `Kind.explain`."""
        what = MEANINGS[instruction.group].split(",")[0]
        if instruction.factor == 0:
            return f"no movement of {what}"
        return f"{number_text(instruction.factor)} times the movement of {what}"

    def reach(self, cue: Cue) -> tuple[float, float]:
        """See `Acting.reach`."""
        return cue.start - EASE, cue.end + EASE

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """See `Acting.act`."""
        gain: Gain = cue.instruction
        factor = 1 + eased(cue, frames.seconds) * (gain.factor - 1)
        changed = {}
        for name in channels_of(gain.group, frames.rig):
            channel = frames.rig.channels[frames.rig.index(name)]
            rest = _lid_of_gaze(name, frames) if gain.group == "blinks" else channel.neutral
            changed[name] = rest + factor * (frames.channel(name) - rest)
        return changed | (held(changed, frames) if set(changed) & set(HEAD) else {})


def _lid_of_gaze(name: str, frames: Frames) -> np.ndarray:
    """How far (T,) a lid is lowered by an eye that looks down, which is no blink."""
    down = f"eyeLookDown{name.removeprefix('eyeBlink')}"
    if down not in frames.rig:
        return np.zeros(len(frames.values))
    return np.minimum(frames.channel(name), LIDS_WITH_GLANCE * frames.channel(down))
