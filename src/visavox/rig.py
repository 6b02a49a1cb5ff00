"""`Channel` and `Rig`: the named parameters of a face, in the order in which tensors hold them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING

from visavox.arguments import checked
from visavox.errors import FileError, RigError
from visavox.fields import Fields

if TYPE_CHECKING:
    import numpy as np

MOST_CHANNELS = 10_000
KINDS = ("expression", "jaw", "head", "neck", "gaze", "eyelids")


@checked
@dataclass(frozen=True)
class Channel:
    """One parameter of a face: name, kind (one of KINDS), unit ("weight", "rad", "coefficient"), range and neutral."""

    name: str
    kind: str = "expression"
    unit: str = "weight"
    low: float = 0.0
    high: float = 1.0
    neutral: float = 0.0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise RigError(f"channel {self.name!r} has kind {self.kind!r}; valid kinds: {', '.join(KINDS)}")
        if not self.low <= self.neutral <= self.high:
            limits = f"[{self.low}, {self.high}]"
            raise RigError(f"channel {self.name!r} has neutral {self.neutral} outside {limits}; fix its range")


@checked
@dataclass(frozen=True)
class Rig:
    """Ordered channels under a name; the order is the order of every tensor's last axis. Equality is by content."""

    name: str
    channels: tuple[Channel, ...]

    def __post_init__(self):
        object.__setattr__(self, "channels", tuple(self.channels))
        twice = sorted(name for name, count in Counter(channel.name for channel in self.channels).items() if count > 1)
        if twice:
            raise RigError(f"rig {self.name!r} names a channel twice: {', '.join(twice)}; every name must be unique")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The channel names in order."""
        return tuple(channel.name for channel in self.channels)

    @cached_property
    def limits(self) -> "tuple[np.ndarray, np.ndarray]":
        """The lowest and the highest value (C,) float32 of every channel."""
        import numpy as np

        low, high = (np.array([getattr(channel, end) for channel in self.channels], np.float32) for end in ("low", "high"))
        low.flags.writeable = high.flags.writeable = False
        return low, high

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.channels)

    def __contains__(self, name: str) -> bool:
        return name in self._positions

    def index(self, name: str) -> int:
        """The position of channel `name`; a RigError that lists near misses when the rig lacks it."""
        if name not in self._positions:
            near = [other for other in self.names if other.lower().startswith(name.lower()[:5])] or list(self.names[:6])
            raise RigError(f"rig {self.name!r} has no channel {name!r}; it has for example {', '.join(near)}")
        return self._positions[name]

    def indices(self, names) -> list[int]:
        """The positions of several channels, in the order of `names`."""
        return [self.index(name) for name in names]

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """The names of all channels whose kind is among `kinds`, in order."""
        return tuple(channel.name for channel in self.channels if channel.kind in kinds)

    def to_json(self) -> dict:
        """A plain dictionary that JSON can hold and `from_json` reads back; a missing limit is stored as None."""
        return {"name": self.name, "channels": [_channel_to_json(channel) for channel in self.channels]}

    @staticmethod
    def from_json(data: object, source: object = "the stored rig") -> "Rig":
        """The rig written by `to_json`; a RigError that names `source` and the entry when `data` is not one."""
        try:
            fields = Fields(data, source, "it is malformed: write the file again with this version")
            return Rig(fields.text("name"), tuple(_channel_from_json(channel) for channel in fields.each("channels", MOST_CHANNELS)))
        except FileError as error:
            raise RigError(str(error)) from None


def _channel_to_json(channel: Channel) -> dict:
    low = channel.low if isfinite(channel.low) else None
    high = channel.high if isfinite(channel.high) else None
    described = {"name": channel.name, "kind": channel.kind, "unit": channel.unit}
    return {**described, "low": low, "high": high, "neutral": channel.neutral}


def _channel_from_json(fields: Fields) -> Channel:
    low = -inf if fields.raw("low") is None else fields.number("low")
    high = inf if fields.raw("high") is None else fields.number("high")
    return Channel(fields.text("name"), fields.text("kind"), fields.text("unit"), low, high, fields.number("neutral"))
