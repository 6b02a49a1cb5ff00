"""Visavox: speech in, a talking face out. The public names; heavy libraries are imported when a name is first used."""

__version__ = "0.1.0"
