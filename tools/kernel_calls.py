"""`recorded`: which compiled loops are called, and with what; and what calls all of them, once in each way: heads, photos, tracking."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np

from visavox.motion import Motion
from visavox.portrait import PortraitRenderer, build
from visavox.portrait.points import default_landmarks
from visavox.render import Camera
from visavox.render import compiled as room
from visavox.render.appearance import Appearance
from visavox.render.machine_code import LOOSE, entry_of, kind_of
from visavox.render.painter import Painter
from visavox.render.planes import in_planes
from visavox.render.sheet import contact_sheet
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.surface import Surface
from visavox.style import Identity
from visavox.track.crop import Crop, cut_out

SIDE = 128  # pixels of a photo whose face fills it, so that all of it moves; one twice as large has a border that does not
SPEAKING = {"jawOpen": 0.5, "eyeBlinkLeft": 0.5}


@contextmanager
def recorded() -> Iterator[dict[str, tuple]]:
    """What is called meanwhile: (loop, arguments) by the entry that an archive of machine code would have."""
    seen, plain = {}, room.Loop.__call__

    def record(loop, *arguments):
        seen[entry_of(loop.__name__, kind_of(arguments))] = (loop, arguments)
        return plain(loop, *arguments)

    with patch.object(room.Loop, "__call__", record):
        yield seen


@cache
def calls() -> dict[str, tuple]:
    """What all that the package draws and tracks calls."""
    with recorded() as seen:
        for scene in (_heads, _photos, _tracking):
            scene()
    return seen


def _heads() -> None:
    """With hair and without, and clay."""
    head, identity = Head.default(), Identity()
    still = head.vertices(np.zeros((1, len(head.rig)), np.float32))[0]
    for look in (packaged_appearance(identity), Appearance.plain()):
        in_planes(Painter(head, identity, look, Camera.portrait(head, identity, 64)).draw(still))
    clay = Surface(still.astype(float), head.skin_faces)
    contact_sheet(clay, np.full((len(clay.faces), 3), 0.5), (), np.zeros((0, *still.shape)))


def _photos() -> None:
    """A face found in a larger photo, before a background that stands still and without one; an animal's that fills its photo."""
    values = np.zeros((2, len(ARKIT)), np.float32)
    for name, value in SPEAKING.items():
        values[1, ARKIT.index(name)] = value
    opaque = np.full((2 * SIDE, 2 * SIDE), 255, np.uint8)
    face, border = default_landmarks((SIDE, SIDE)), np.array([-SIDE / 2, -SIDE / 2])
    seen = build(np.full((2 * SIDE, 2 * SIDE, 3), 128, np.uint8), replace(face.moved(border, 1.0), by_hand=False), opaque)
    animal = build(np.full((SIDE, SIDE, 3), 128, np.uint8), replace(face, muzzle=True))
    for portrait in (seen, replace(seen, parts=replace(seen.parts, matte=None)), animal):
        for _ in PortraitRenderer(portrait, 1).frames(Motion(values, 25, ARKIT)):
            pass


def _tracking() -> None:
    cut_out(np.zeros((8, 8, 3), np.uint8), Crop((4, 4), 4), 2)


def kinds() -> dict[str, tuple]:
    """What machine code is to be made for: `calls`, but once where only how arrays lie in memory differs, and then for any way."""
    alike = {}
    for entry, (loop, arguments) in sorted(calls().items()):
        without_layout = entry.replace("C", LOOSE)
        alike[without_layout] = loop, _merged(alike[without_layout][1], arguments) if without_layout in alike else arguments
    return {entry_of(loop.__name__, kind_of(arguments)): (loop, arguments) for loop, arguments in alike.values()}


def _merged(one, other):
    """Arguments like both: an array that lies in memory differently in the two does so in no order."""
    if isinstance(one, tuple):
        parts = [_merged(*pair) for pair in zip(one, other, strict=True)]
        return type(one)(*parts) if hasattr(one, "_fields") else tuple(parts)
    if not isinstance(one, np.ndarray) or one.flags.c_contiguous == other.flags.c_contiguous:
        return one
    return np.zeros([2 * max(size, 2) for size in one.shape], one.dtype)[(slice(None, None, 2),) * one.ndim]
