"""Styles: `style lively`, `style anna.safetensors 0.7 + calm 0.3`: how one speaks in the cue's span."""

import re
from dataclasses import dataclass

from visavox.cue import Instruction
from visavox.cues.words import checked, number_text, share_of
from visavox.errors import OptionError

MOST = 8
_NAME = re.compile(r"[^\s;+=][^\s;+]*")


@dataclass(frozen=True)
class StyleCue(Instruction):
    """A `mix` of (name of a built-in style or file, share)."""

    mix: tuple[tuple[str, float], ...]


class StyleKind:
    """How one speaks."""

    name = "style"
    holds = StyleCue
    vocabulary = {"style NAME|FILE": "a built-in style or a .safetensors file; mixed with + and shares"}
    examples = ("style lively", "style anna.safetensors 0.7 + calm 0.3")

    def read(self, text: str) -> StyleCue | None:
        """See `Kind.read`."""
        words = text.strip().split(None, 1)
        if not words or words[0].lower() != "style":
            return None
        parts = [part.split() for part in (words[1] if len(words) > 1 else "").split("+")]
        mix = []
        for part in parts:
            share = share_of(part[1]) if len(part) == 2 else 1.0
            if not 1 <= len(part) <= 2 or share is None or not _NAME.fullmatch(part[0]) or len(parts) > MOST:
                raise OptionError(f"{text.strip()[:60]!r} is no style; write it as style lively, or style lively 0.7 + calm 0.3")
            mix.append((part[0], checked(share, 0, 2, f"the share of style {part[0]}")))
        if not sum(share for _, share in mix) > 0:
            raise OptionError(f"{text.strip()[:60]!r} mixes nothing; give a share above 0")
        return StyleCue(tuple(mix))

    def write(self, instruction: StyleCue) -> str:
        """See `Kind.write`."""
        return "style " + " + ".join(name if share == 1 else f"{name} {number_text(share)}" for name, share in instruction.mix)

    def explain(self, instruction: StyleCue) -> str:
        """See `Kind.explain`."""
        names = " and ".join(name if share == 1 else f"{number_text(share)} parts of {name}" for name, share in instruction.mix)
        return f"speaks in the style {names}"
