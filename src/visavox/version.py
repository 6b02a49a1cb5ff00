"""The version of Visavox, which pyproject.toml reads here too."""

VERSION = "0.1.0"
