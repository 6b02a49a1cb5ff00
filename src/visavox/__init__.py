"""Visavox: speech in, a talking face out. The public names; heavy libraries are imported when a name is first used."""

from importlib import import_module
from typing import TYPE_CHECKING

from visavox.version import VERSION as __version__

# Rendering and exporting are rooms of their own: `from visavox.render import Camera, render`, `from visavox.export import export`.
_ROOMS = ("export", "render")
_HOME = {
    "Animator": "visavox.animate",
    "Audio": "visavox.audio",
    "Camera": "visavox.render.camera",
    "Channel": "visavox.rig",
    "Cue": "visavox.cue",
    "EmotionMix": "visavox.emotion",
    "EmotionTrack": "visavox.emotion",
    "FlameIdentity": "visavox.style",
    "Head": "visavox.rigs.heads.default_head",
    "Identity": "visavox.style",
    "Motion": "visavox.motion",
    "Rig": "visavox.rig",
    "Sampling": "visavox.sampling",
    "Stream": "visavox.stream",
    "Span": "visavox.spans",
    "Style": "visavox.style",
    "VisavoxError": "visavox.errors",
    "built_in_style": "visavox.io.assets",
    "express": "visavox.gestures.emotions",
    "load": "visavox.loading",
    "read_audio": "visavox.io.audio",
    "read_cues": "visavox.cues.files",
    "read_motion": "visavox.io.motion",
    "read_style": "visavox.io.style",
    "write_cues": "visavox.cues.files",
    "write_motion": "visavox.io.motion",
    "write_style": "visavox.io.style",
    "write_video": "visavox.io.video",
}

if TYPE_CHECKING:  # what an editor reads; a test holds the two lists together
    from visavox.animate import Animator as Animator
    from visavox.audio import Audio as Audio
    from visavox.cue import Cue as Cue
    from visavox.cues.files import read_cues as read_cues
    from visavox.cues.files import write_cues as write_cues
    from visavox.emotion import EmotionMix as EmotionMix
    from visavox.emotion import EmotionTrack as EmotionTrack
    from visavox.errors import VisavoxError as VisavoxError
    from visavox.gestures.emotions import express as express
    from visavox.io.assets import built_in_style as built_in_style
    from visavox.io.audio import read_audio as read_audio
    from visavox.io.motion import read_motion as read_motion
    from visavox.io.motion import write_motion as write_motion
    from visavox.io.style import read_style as read_style
    from visavox.io.style import write_style as write_style
    from visavox.io.video import write_video as write_video
    from visavox.loading import load as load
    from visavox.motion import Motion as Motion
    from visavox.render.camera import Camera as Camera
    from visavox.rig import Channel as Channel
    from visavox.rig import Rig as Rig
    from visavox.rigs.heads.default_head import Head as Head
    from visavox.sampling import Sampling as Sampling
    from visavox.spans import Span as Span
    from visavox.stream import Stream as Stream
    from visavox.style import FlameIdentity as FlameIdentity
    from visavox.style import Identity as Identity
    from visavox.style import Style as Style

__all__ = ["__version__", *_HOME]


def __getattr__(name: str):
    """A public name, imported from its home on first use, or one of the rooms, `visavox.export.export`, `visavox.render.render`."""
    if name in _ROOMS:
        return import_module(f"visavox.{name}")
    if name not in _HOME:
        raise AttributeError(f"visavox has no {name!r}; public names: {', '.join(_HOME)}")
    found = globals()[name] = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
