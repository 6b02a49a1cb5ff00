"""Visavox: speech in, a talking face out. The public names; heavy libraries are imported when a name is first used."""

from importlib import import_module

__version__ = "0.1.0"

# Rendering and exporting are rooms of their own: `from visavox.render import Camera, render`, `from visavox.export import export`.
_HOME = {
    "Animator": "visavox.animate",
    "Audio": "visavox.audio",
    "Channel": "visavox.rig",
    "Head": "visavox.rigs.heads.default_head",
    "Identity": "visavox.style",
    "Motion": "visavox.motion",
    "Rig": "visavox.rig",
    "Sampling": "visavox.sampling",
    "Style": "visavox.style",
    "VisavoxError": "visavox.errors",
    "built_in_style": "visavox.io.assets",
    "load": "visavox.loading",
    "read_audio": "visavox.io.audio",
    "read_head_asset": "visavox.io.assets",
    "read_motion": "visavox.io.motion",
    "read_style": "visavox.io.style",
    "write_motion": "visavox.io.motion",
    "write_style": "visavox.io.style",
    "write_video": "visavox.io.video",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str):
    """A public name, imported from its home on first use."""
    if name not in _HOME:
        raise AttributeError(f"visavox has no {name!r}; public names: {', '.join(_HOME)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
