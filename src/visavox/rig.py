"""`Channel` and `Rig`: the named parameters of a face, in the order in which tensors hold them."""

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite

from visavox.errors import RigError

KINDS = ("expression", "jaw", "head", "neck", "gaze", "eyelids")


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


@dataclass(frozen=True)
class Rig:
    """Ordered channels under a name; the order is the order of every tensor's last axis. Equality is by content."""

    name: str
    channels: tuple[Channel, ...]

    def __post_init__(self):
        object.__setattr__(self, "channels", tuple(self.channels))
        names = [channel.name for channel in self.channels]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise RigError(f"rig {self.name!r} names a channel twice: {', '.join(twice)}; every name must be unique")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The channel names in order."""
        return tuple(channel.name for channel in self.channels)

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
    def from_json(data: dict) -> "Rig":
        """The rig written by `to_json`; a RigError when the dictionary is not one."""
        try:
            channels = tuple(_channel_from_json(channel) for channel in data["channels"])
            return Rig(str(data["name"]), channels)
        except (KeyError, TypeError, ValueError) as error:
            raise RigError(f"the stored rig is malformed ({error}); write the file again with this version") from None


def _channel_to_json(channel: Channel) -> dict:
    low = channel.low if isfinite(channel.low) else None
    high = channel.high if isfinite(channel.high) else None
    described = {"name": channel.name, "kind": channel.kind, "unit": channel.unit}
    return {**described, "low": low, "high": high, "neutral": channel.neutral}


def _channel_from_json(data: dict) -> Channel:
    low = -inf if data["low"] is None else float(data["low"])
    high = inf if data["high"] is None else float(data["high"])
    return Channel(str(data["name"]), str(data["kind"]), str(data["unit"]), low, high, float(data["neutral"]))
