"""Rigs by name: the parameters of the faces that Visavox knows."""

from visavox.rigs.arkit import ARKIT

RIGS = {"arkit": ARKIT}
