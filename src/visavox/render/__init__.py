"""Motion and a head to pictures, on one CPU thread, with no graphics library."""

from visavox.render.camera import Camera
from visavox.render.video import render

__all__ = ["Camera", "render"]
