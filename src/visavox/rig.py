"""`Channel` and `Rig`: the named parameters of a face, in the order in which tensors hold them."""

from dataclasses import dataclass
from functools import cached_property

from visavox.errors import RigError

KINDS = ("expression", "jaw", "head", "neck", "gaze", "eyelids")


@dataclass(frozen=True)
class Channel:
    """One parameter of a face: its `name`, `kind` (one of KINDS), `unit` ("weight", "rad" or "coefficient"), range and neutral value."""

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
            raise RigError(f"channel {self.name!r} has neutral {self.neutral} outside [{self.low}, {self.high}]; fix its range")


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
        """A plain dictionary that JSON can hold and `from_json` reads back."""
        fields = ("name", "kind", "unit", "low", "high", "neutral")
        return {"name": self.name, "channels": [{field: getattr(c, field) for field in fields} for c in self.channels]}

    @staticmethod
    def from_json(data: dict) -> "Rig":
        """The rig written by `to_json`; a RigError when the dictionary is not one."""
        try:
            channels = tuple(Channel(**channel) for channel in data["channels"])
            return Rig(str(data["name"]), channels)
        except (KeyError, TypeError) as error:
            raise RigError(f"the stored rig is malformed ({error}); write the file again with this version") from None
