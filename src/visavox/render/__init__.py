"""Motion and a head to pictures, on one CPU thread, with no graphics library."""

from visavox.render.camera import Camera
from visavox.render.renderer import HeadRenderer, Renderer
from visavox.render.video import render

__all__ = ["Camera", "HeadRenderer", "Renderer", "render"]
