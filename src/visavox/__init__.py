"""Visavox: speech in, a talking face out. The public names; heavy libraries are imported when a name is first used."""

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "Audio": "visavox.audio",
    "Motion": "visavox.motion",
    "Channel": "visavox.rig",
    "Rig": "visavox.rig",
    "Style": "visavox.style",
    "Identity": "visavox.style",
    "VisavoxError": "visavox.errors",
    "read_audio": "visavox.io.audio",
    "read_motion": "visavox.io.motion",
    "write_motion": "visavox.io.motion",
    "read_style": "visavox.io.style",
    "write_style": "visavox.io.style",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str):
    """A public name, imported from its home on first use."""
    if name not in _HOME:
        raise AttributeError(f"visavox has no {name!r}; public names: {', '.join(_HOME)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
