"""Rigs by name: the parameters of the faces that Visavox knows."""

from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME, FLAME_GENERATED, FLAME_STILL_HEAD

RIGS = {rig.name: rig for rig in (ARKIT, FLAME, FLAME_GENERATED, FLAME_STILL_HEAD)}
