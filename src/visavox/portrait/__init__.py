"""One photo becomes a head that speaks: `build` fits the default head to it; `PortraitRenderer` draws it with the photo's own pixels."""

from visavox.portrait.builder import build
from visavox.portrait.portrait import Portrait
from visavox.portrait.renderer import PortraitRenderer

__all__ = ["Portrait", "PortraitRenderer", "build"]
