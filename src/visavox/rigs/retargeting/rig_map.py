"""`RigMap`: how the channels of a rig that is not ARKit come from ours, as a value and as TOML text.

Each channel of the character is `clip(offset + sum of gain * source, low, high)`; a source is a channel of the motion
or one of the fifteen visemes `viseme_sil` to `viseme_ou`. `mirrored` swaps left and right in the sources, for a character whose
"left" is the viewer's.
"""

import json
import tomllib
from dataclasses import dataclass

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import HEAD
from visavox.rigs.retargeting.spellings import Meaning
from visavox.rigs.visemes import VISEME_RIG, viseme_motion


@dataclass(frozen=True)
class MappedChannel:
    """One channel of the character: its `name`, the gains of its sources, and what is added and where it is clipped."""

    name: str
    sources: Meaning
    offset: float = 0.0
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class RigMap:
    """The channels of the rig `name`, in order; `unmapped` names what the character has and nothing of ours moves."""

    name: str
    channels: tuple[MappedChannel, ...]
    mirrored: bool = False
    unmapped: tuple[str, ...] = ()

    def apply(self, motion: Motion) -> Motion:
        """The motion on this rig, and the head's turns as they are. A RigError names the sources that the motion lacks."""
        wanted = [source for channel in self.channels for source in channel.sources]
        visemes = viseme_motion(motion) if any(source in VISEME_RIG for source in wanted) else None
        missing = sorted({source for source in wanted if source not in motion.rig and source not in VISEME_RIG})
        if missing:
            raise RigError(
                f"the map of rig {self.name!r} reads {', '.join(missing)}, which rig {motion.rig.name!r} lacks; "
                "correct the names in the map or retarget the motion first"
            )
        curves = [self._curve(channel, motion, visemes) for channel in self.channels]
        turns = [channel for channel in motion.rig.channels if channel.name in HEAD]
        rig = Rig(self.name, tuple(Channel(c.name, low=c.low, high=c.high, neutral=_neutral(c)) for c in self.channels) + tuple(turns))
        return Motion(np.stack(curves + [motion.channel(turn.name) for turn in turns], axis=1), motion.fps, rig)

    def _curve(self, channel: MappedChannel, motion: Motion, visemes: Motion | None) -> np.ndarray:
        total = np.full(motion.frames, channel.offset)
        for source, gain in channel.sources.items():
            holder = visemes if source in VISEME_RIG else motion
            seen = swap_sides(source) if self.mirrored and swap_sides(source) in holder.rig else source
            total += gain * holder.channel(seen)
        return np.clip(total, channel.low, channel.high)

    def to_toml(self) -> str:
        """The map as TOML text for people to edit; `from_toml` reads it back."""
        lines = [
            f"# How {self.name} follows the face: NAME = clip(offset + sum of gain * source, low, high).",
            "# Sources: the ARKit channels, and viseme_sil ... viseme_ou. Delete a line to leave that shape alone.",
            f"name = {json.dumps(self.name)}",
            f"mirrored = {str(self.mirrored).lower()}  # true swaps left and right, when the character's left is the viewer's",
            "",
            "[channels]",
        ]
        for channel in self.channels:
            sources = ", ".join(f"{json.dumps(source)} = {gain:g}" for source, gain in channel.sources.items())
            limits = f"offset = {channel.offset:g}, low = {channel.low:g}, high = {channel.high:g}"
            lines.append(f"{json.dumps(channel.name)} = {{ from = {{ {sources} }}, {limits} }}")
        if self.unmapped:
            lines += ["", "# Nothing of ours moves these; give them sources as above if something should:"]
            lines += [f"# {json.dumps(name)} = {{ from = {{ }}, offset = 0, low = 0, high = 1 }}" for name in self.unmapped]
        return "\n".join(lines) + "\n"


def from_toml(text: str, where: str) -> RigMap:
    """The map written in `text`; a RigError that names `where` and the entry at fault when it is not one."""
    try:
        data = tomllib.loads(text)
        channels = tuple(_channel(name, entry) for name, entry in data["channels"].items())
        found = RigMap(str(data.get("name", "character")), channels, bool(data.get("mirrored", False)))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise RigError(f"{where} is not a rig map: {said}; write one with `visavox rig init CHARACTER -o {where}`") from None
    if not found.channels:
        raise RigError(f"{where} maps no channel; give at least one line under [channels]")
    return found


def swap_sides(name: str) -> str:
    """The name of the channel on the other side of the face; the same name when it has no side."""
    if name.endswith("Left"):
        return name[: -len("Left")] + "Right"
    return name[: -len("Right")] + "Left" if name.endswith("Right") else name


def _channel(name: str, entry: dict) -> MappedChannel:
    unknown = set(entry) - {"from", "offset", "low", "high"}
    if unknown:
        raise ValueError(f"channel {name!r} has {', '.join(sorted(unknown))}; known are from, offset, low, high")
    low, high = float(entry.get("low", 0)), float(entry.get("high", 1))
    if not low <= high:
        raise ValueError(f"channel {name!r} has low {low:g} above high {high:g}")
    sources = {str(source): float(gain) for source, gain in entry["from"].items()}
    return MappedChannel(name, sources, float(entry.get("offset", 0)), low, high)


def _neutral(channel: MappedChannel) -> float:
    return float(np.clip(channel.offset, channel.low, channel.high))
