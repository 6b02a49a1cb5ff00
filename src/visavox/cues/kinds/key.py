"""Keys: `jawOpen = 0.3`, `jawOpen = 0.3 slope 1.5`, `headYaw += 10deg`, `mouthSmileLeft = 0.4 hold`: channels as an animator sets them.

Two keys of a channel that follow within `LINK` of one another are joined. What they change of the motion goes over from one to the other,
so that between them the face still moves as the sound asks. A key with a slope is passed at that speed, as a curve's tangent says in an
animation program. A key alone eases in and out.
"""

import re
from dataclasses import dataclass
from math import degrees, radians

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.cues.between import guided
from visavox.cues.kind import EASE, Frames, eased
from visavox.cues.words import number_of, number_text
from visavox.easing import half_cosine
from visavox.errors import OptionError, nearest
from visavox.rigs.arkit import ARKIT, HEAD

LINK = 1.0  # seconds between keys of one channel up to which they are joined
STEEPEST = 100.0  # a second, of a channel's range: more than from one end to the other within a frame
_KEY = re.compile(
    r"\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*([+-]?=)\s*([+-]?[0-9.]+(?:e[+-]?\d+)?)\s*(deg(?:rees?)?|°|rad)?"
    r"\s*(?:slope\s*([+-]?[0-9.]+(?:e[+-]?\d+)?))?\s*(hold)?\s*",
    re.I,
)
_NAMES = {name.lower(): name for name in ARKIT.names}


@dataclass(frozen=True)
class Key(Instruction):
    """A `channel` has a `value` in the rig's units (radians of the head), or that much more than it has (`added`), at the cue's start, or
    through its span (`held`). It is passed with a `slope`, in those units a second; None leaves that to the keys around."""

    channel: str
    value: float
    added: bool = False
    held: bool = False
    slope: float | None = None


class KeyKind:
    """A key pose of one channel."""

    name = "key"
    holds = Key
    vocabulary = {
        "CHANNEL = NUMBER": "a channel has that value at the cue's start; with `hold` for its span; degrees with deg",
        "CHANNEL = NUMBER slope NUMBER": "the same, passed with that speed a second, as a curve's tangent",
        "CHANNEL += NUMBER": "a channel has that much more (-= less)",
    }
    examples = ("jawOpen = 0.3", "jawOpen = 0.3 slope 1.5", "headYaw += 10deg", "mouthSmileLeft = 0.4 hold")

    def read(self, text: str) -> Key | None:
        """See `Kind.read`."""
        if "=" not in text:
            return None
        found = _KEY.fullmatch(text)
        value = number_of(found[3]) if found else None
        if value is None:
            raise OptionError(f"{text.strip()!r} is no key; write it as jawOpen = 0.3 or headYaw += 10deg")
        name = _NAMES.get(found[1].lower())
        if name is None:
            raise OptionError(f"there is no channel {found[1]!r}{nearest(found[1].lower(), _NAMES)}; `visavox inspect` lists a motion's")
        slope = None if found[5] is None else number_of(found[5])
        if found[5] is not None and slope is None:
            raise OptionError(f"{found[5]!r} is no slope; write it as jawOpen = 0.3 slope 1.5")
        if slope is not None and (found[2] != "=" or found[6]):
            raise OptionError(f"{text.strip()!r} has a slope; only a key that is passed through has one: leave out the slope, += or hold")
        unit = (found[4] or "").lower()
        if unit and name not in HEAD:
            raise OptionError(f"{name} is a weight, not an angle; leave out {found[4]!r}")
        if name in HEAD:
            value, slope = (one if one is None or unit == "rad" else radians(one) for one in (value, slope))
        value = -value if found[2] == "-=" else value
        channel = ARKIT.channels[ARKIT.index(name)]
        span = channel.high - channel.low
        low, high = (channel.low, channel.high) if found[2] == "=" else (-span, span)
        if not low <= value <= high:
            raise OptionError(f"{text.strip()!r} is outside what {name} can be, {low:g} to {high:g}{_in_degrees(name)}")
        if slope is not None and abs(slope) > STEEPEST * span:
            raise OptionError(f"{text.strip()!r} is steeper than {name} can move, {STEEPEST * span:g} a second{_in_degrees(name)}")
        return Key(name, round(value, 6), found[2] != "=", bool(found[6]), None if slope is None else round(slope, 6))

    def write(self, instruction: Key) -> str:
        """See `Kind.write`."""
        number, unit = self._number(instruction.channel, instruction.value)
        slope = "" if instruction.slope is None else f" slope {self._number(instruction.channel, instruction.slope)[0]}"
        return f"{instruction.channel} {'+=' if instruction.added else '='} {number}{unit}{slope}{' hold' if instruction.held else ''}"

    def explain(self, instruction: Key) -> str:
        """See `Kind.explain`."""
        number, unit = self._number(instruction.channel, instruction.value)
        verb = "is held" if instruction.held else "is"
        slope = "" if instruction.slope is None else self._number(instruction.channel, instruction.slope)[0]
        passed = slope and f", passed with {slope}{unit} a second"
        return f"{instruction.channel} {verb} {'changed by' if instruction.added else 'at'} {number}{unit}{passed}"

    def reach(self, cue: Cue) -> tuple[float, float]:
        """See `Acting.reach`; a key that is joined to another reaches as far as that one, see `joined`."""
        return cue.start - EASE, (cue.end if cue.instruction.held else cue.start) + EASE

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """See `Acting.act`."""
        key: Key = cue.instruction
        if key.channel not in frames.rig:
            return {}
        share = eased(cue if key.held else Cue(cue.start, cue.start, key), frames.seconds)
        now = frames.channel(key.channel)
        asked = key.value + (key.slope or 0.0) * (frames.seconds - cue.start)
        return {key.channel: now + share * (asked if key.added else asked - now)}

    @staticmethod
    def _number(channel: str, value: float) -> tuple[str, str]:
        if channel in HEAD:
            return number_text(degrees(value)), " deg"
        return number_text(value), ""


def chains_of(cues: list[Cue]) -> list[list[Cue]]:
    """The key `cues` of each channel in the order of time, divided where two are further apart than LINK."""
    chains, last = [], {}
    for cue in sorted(cues, key=lambda cue: cue.start):
        name = cue.instruction.channel
        if name in last and cue.start - _end(last[name][-1]) <= LINK:
            last[name].append(cue)
        else:
            last[name] = [cue]
            chains.append(last[name])
    return chains


def joined(chain: list[Cue], frames: Frames) -> np.ndarray:
    """The values (T,) of the chain's channel: what each key changes of the motion at its time goes over to what the next one changes.

    All frames of the chain must be among `frames`.
    """
    now = frames.channel(chain[0].instruction.channel)
    times, values, known, slopes = [], [], [], []
    for cue in chain:
        for time in dict.fromkeys((cue.start, _end(cue))):
            there = float(np.interp(time, frames.seconds, now))
            times.append(max(time, times[-1] + 1e-6) if times else time)
            values.append(cue.instruction.value + (there if cue.instruction.added else 0.0))
            known.append(there)
            slopes.append(np.nan if cue.instruction.slope is None else cue.instruction.slope)
    at, asked, given = np.array(times), np.array(values)[:, None], np.array(known)[:, None]
    going = np.gradient(now, frames.seconds) if len(now) > 1 else np.zeros(1)
    passed = (np.array(slopes)[:, None], np.interp(at, frames.seconds, going)[:, None])
    between = guided((at, asked), (given, now[:, None]), np.clip(frames.seconds, at[0], at[-1]), passed)[:, 0] - now
    if len(times) == 1 and not np.isnan(slopes[0]):
        between = between + slopes[0] * (frames.seconds - times[0])
    before = half_cosine(1 - (times[0] - frames.seconds) / EASE)
    after = half_cosine(1 - (frames.seconds - times[-1]) / EASE)
    share = np.where(frames.seconds < times[0], before, np.where(frames.seconds > times[-1], after, 1.0))
    made = now + share * between
    for cue in chain:  # a key that is held is not only passed through
        if cue.instruction.held and not cue.instruction.added:
            inside = (frames.seconds >= cue.start) & (frames.seconds <= cue.end)
            made = np.where(inside, cue.instruction.value, made)
    return made


def _end(cue: Cue) -> float:
    return cue.end if cue.instruction.held else cue.start


def _in_degrees(name: str) -> str:
    return " rad; a number alone is in degrees" if name in HEAD else ""
