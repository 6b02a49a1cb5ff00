"""States: `speak`, `listen`, `idle`: what the face is doing. One who listens or waits lives, the mouth shut whatever is heard."""

from dataclasses import dataclass

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.cues.groups import channels_of
from visavox.cues.kind import EASE, Frames, eased
from visavox.cues.living import LISTENING, PASSAGE, WAITING, lived

MEANINGS = {
    "speak": "speaks, as without any cue",
    "listen": "listens: the mouth is shut, the eyes rest on the one who speaks, slow nods, blinks, small moves of the head",
    "idle": "waits: the mouth is shut, the eyes wander, blinks, small moves of the head",
}
ALIKE = {
    "speaking": "speak", "talk": "speak", "listening": "listen", "listens": "listen", "idling": "idle", "wait": "idle", "silent": "idle",
}  # fmt: skip
LIVES = {"listen": LISTENING, "idle": WAITING}


@dataclass(frozen=True)
class State(Instruction):
    """What the face is doing: one of MEANINGS."""

    name: str


class StateKind:
    """What the face is doing."""

    name = "state"
    holds = State
    vocabulary = MEANINGS
    examples = ("listen", "idle", "speak")

    def read(self, text: str) -> State | None:
        """See `Kind.read`."""
        word = text.strip().lower()
        name = ALIKE.get(word, word)
        return State(name) if name in MEANINGS else None

    def write(self, instruction: State) -> str:
        """See `Kind.write`."""
        return instruction.name

    def explain(self, instruction: State) -> str:
        """See `Kind.explain`."""
        return MEANINGS[instruction.name]

    def reach(self, cue: Cue) -> tuple[float, float]:
        """See `Acting.reach`."""
        return cue.start - EASE, cue.end + max(EASE, PASSAGE)

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """See `Acting.act`."""
        if cue.instruction.name == "speak":
            return {}
        rest = 1 - eased(cue, frames.seconds)
        shut = {name: rest * frames.channel(name) for name in channels_of("mouth", frames.rig)}
        return shut | lived(cue, LIVES[cue.instruction.name], frames)
