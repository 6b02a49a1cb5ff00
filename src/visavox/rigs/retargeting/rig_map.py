"""`RigMap`: how the channels of a rig that is not ARKit come from ours, as a value and as TOML text.

Each channel of the character is `clip(offset + sum of gain * source, low, high)`; a source is a channel of the motion
or one of the fifteen visemes `viseme_sil` to `viseme_ou`. `mirrored` swaps left and right in the sources, for a character whose
"left" is the viewer's.
"""

from dataclasses import dataclass, replace

import numpy as np

from visavox.errors import FileError, RigError, nearest
from visavox.fields import Fields, few, shown
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import HEAD
from visavox.rigs.retargeting.spellings import Meaning
from visavox.rigs.toml_text import quoted, remark, toml_fields
from visavox.rigs.visemes import VISEME_RIG, viseme_motion

MOST = 1e6  # of a gain, an offset or a limit


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
            meant = nearest(missing[0], [*motion.rig.names, *VISEME_RIG.names])
            raise RigError(
                f"the map of rig {self.name!r} reads {few(missing)}, which rig {motion.rig.name!r} lacks{meant}; "
                "correct the names in the map or retarget the motion first"
            )
        curves = [self._curve(channel, motion, visemes) for channel in self.channels]
        turns = [channel for channel in motion.rig.channels if channel.name in HEAD]
        rig = Rig(self.name, tuple(Channel(c.name, low=c.low, high=c.high, neutral=_neutral(c)) for c in self.channels) + tuple(turns))
        return replace(motion, values=np.stack(curves + [motion.channel(turn.name) for turn in turns], axis=1), rig=rig)

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
            f"# How {remark(self.name)} follows the face: NAME = clip(offset + sum of gain * source, low, high).",
            "# Sources: the ARKit channels, and viseme_sil ... viseme_ou. Delete a line to leave that shape alone.",
            f"name = {quoted(self.name)}",
            f"mirrored = {str(self.mirrored).lower()}  # true swaps left and right, when the character's left is the viewer's",
            "",
            "[channels]",
        ]
        for channel in self.channels:
            sources = ", ".join(f"{quoted(source)} = {gain:g}" for source, gain in channel.sources.items())
            limits = f"offset = {channel.offset:g}, low = {channel.low:g}, high = {channel.high:g}"
            lines.append(f"{quoted(channel.name)} = {{ from = {{ {sources} }}, {limits} }}")
        if self.unmapped:
            lines += ["", "# Nothing of ours moves these; give them sources as above if something should:"]
            lines += [f"# {quoted(name)} = {{ from = {{ }}, offset = 0, low = 0, high = 1 }}" for name in self.unmapped]
        return "\n".join(lines) + "\n"


def from_toml(text: str, where: str) -> RigMap:
    """The map written in `text`; a FileError that names `where` and the entry at fault when it is not one."""
    advice = f"correct it, or write one with `visavox rig init CHARACTER -o {where}`"
    top = toml_fields(text, where, advice)
    if "channels" not in top and any(isinstance(entry, dict) for entry in top.value.values()):
        raise FileError(f"{where} lacks the line [channels] above its shapes; {advice}")
    top.only(("name", "mirrored", "channels"))
    listed = top.fields("channels")
    channels = tuple(_channel(name, listed.fields(name)) for name in listed.value)
    if not channels:
        raise FileError(f"{where} maps no channel; give at least one line under [channels]")
    name = top.text("name") if "name" in top else "character"
    return RigMap(name, channels, top.flag("mirrored") if "mirrored" in top else False)


def swap_sides(name: str) -> str:
    """The name of the channel on the other side of the face; the same name when it has no side."""
    if name.endswith("Left"):
        return name[: -len("Left")] + "Right"
    return name[: -len("Right")] + "Left" if name.endswith("Right") else name


def _channel(name: str, entry: Fields) -> MappedChannel:
    entry.only(("from", "offset", "low", "high"))
    offset, low, high = (_number(entry, key, usual) for key, usual in (("offset", 0.0), ("low", 0.0), ("high", 1.0)))
    if low > high:
        raise FileError(f"{entry.source} has low {low:g} above high {high:g} for the channel {shown(name)}; {entry.advice}")
    sources = entry.fields("from")
    return MappedChannel(name, {source: sources.number(source, -MOST, MOST) for source in sources.value}, offset, low, high)


def _number(entry: Fields, key: str, usual: float) -> float:
    return entry.number(key, -MOST, MOST) if key in entry else usual


def _neutral(channel: MappedChannel) -> float:
    return float(np.clip(channel.offset, channel.low, channel.high))
