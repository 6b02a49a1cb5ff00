"""Landmarks: points of a face that anybody can point at, on the default head and on a user's character.

Left and right are the face's own. A landmarks file is TOML: `nose_tip = [x, y, z]`, a place in the units of the character's file; or
`nose_tip = { mesh = "Face", vertex = 1234 }`; a vertex counted through the mesh's parts from 0.
"""

from collections.abc import Callable

import numpy as np

from visavox.errors import FileError, RigError
from visavox.fields import Fields, shown
from visavox.rigs.heads.default_head import Head
from visavox.rigs.toml_text import remark, toml_fields

# Millimetres on the default head at rest; the nearest vertex of its skin is meant. What ends in _left has its mirror image.
PLACES = {
    "eye_outer_left": (47.0, -1.2, 8.8, "the outer corner of the eye"),
    "eye_inner_left": (18.5, -3.4, 12.3, "the inner corner of the eye"),
    "upper_lid_left": (35.6, 4.3, 18.4, "the edge of the upper lid, in its middle"),
    "lower_lid_left": (36.4, -8.2, 15.7, "the edge of the lower lid, in its middle"),
    "brow_left": (35.0, 24.0, 26.0, "the middle of the brow"),
    "nose_tip": (0.0, -39.5, 44.8, "the tip of the nose"),
    "mouth_corner_left": (23.5, -73.7, 18.9, "where the lips meet at the side"),
    "upper_lip_top": (0.0, -65.5, 37.7, "the upper border of the red of the upper lip, in its middle"),
    "lip_middle": (0.0, -73.4, 31.4, "where the lips meet in the middle, or the middle of the gap between them"),
    "lower_lip_bottom": (0.0, -86.8, 30.3, "the lower border of the red of the lower lip, in its middle"),
    "chin": (0.0, -105.9, 24.7, "the foremost point of the chin"),
    "nose_bridge": (0.0, 0.1, 24.8, "between the eyes"),
    "nose_wing_left": (18.0, -42.0, 22.0, "the side of the nostril"),
    "chin_bottom": (0.0, -118.2, 9.9, "the lowest point of the chin"),
    "jaw_left": (58.0, -72.0, -22.0, "the corner of the jaw, under the ear"),
    "cheek_left": (52.0, -32.0, 5.0, "the cheek bone"),
    "forehead": (0.0, 50.0, 30.0, "the forehead, above the brows"),
}
FARTHEST = 1e6  # units of the file from its origin
WELCOME = ("nose_bridge", "nose_wing", "chin_bottom", "jaw", "cheek", "forehead")


def _both_sides() -> dict[str, tuple]:
    places = {}
    for name, (x, y, z, where) in PLACES.items():
        places[name] = (x, y, z, where)
        if name.endswith("_left"):
            places[name[:-5] + "_right"] = (-x, y, z, where)
    return places


ALL = _both_sides()
NEEDED = tuple(name for name in ALL if not name.startswith(WELCOME))


def head_landmarks(head: Head) -> dict[str, int]:
    """The position number of each landmark of the default head, the same under every identity."""
    rest = head.preset_positions[0]
    skin = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("skin")]])
    return {name: int(skin[np.linalg.norm(rest[skin] - np.array(place[:3]) / 1000, axis=1).argmin()]) for name, place in ALL.items()}


def read_landmarks(text: str, where: str, vertex_place: Callable[[str, int], np.ndarray]) -> dict[str, np.ndarray]:
    """The places (3,) of the landmarks written in `text`; `vertex_place(mesh, vertex)` says where a vertex lies.

    A FileError names `where` and the entry at fault, a RigError the landmarks that are missing.
    """
    advice = f"correct it, or write one with `visavox rig landmarks CHARACTER -o {where}`"
    top = toml_fields(text, where, advice)
    top.only(("landmarks",))
    entries = top.fields("landmarks")
    unknown = [name for name in entries.value if name not in ALL]
    if unknown:
        raise FileError(f"{where} has {', '.join(map(shown, unknown[:6]))}, which is no landmark; known are {', '.join(ALL)}")
    found = {name: _place(name, entries, vertex_place) for name in entries.value}
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise RigError(f"{where} lacks {', '.join(missing)}; give each as [x, y, z] or as {{ mesh = ..., vertex = ... }}")
    return found


def landmarks_toml(name: str, proposed: dict[str, np.ndarray]) -> str:
    """A landmarks file for the character `name`: what is proposed as places, the others as lines to fill in."""
    lines = [
        f"# Where the face of {remark(name)} has these points; left and right are the face's own.",
        "# A place [x, y, z] in the units of the file, or a vertex, counted from 0 through the parts of its mesh:",
        '#   nose_tip = { mesh = "Face", vertex = 1234 }',
        "# Proposed places are guesses from proportions: look at each one before you use it." if proposed else "# Fill in each line.",
        "",
        "[landmarks]",
    ]
    for landmark, (*_, where) in ALL.items():
        place = proposed.get(landmark)
        needed = "" if landmark in NEEDED else " (may be left out)"
        value = "[" + ", ".join(f"{value:.5g}" for value in place) + "]" if place is not None else "[?, ?, ?]"
        lines.append(f"{'# ' if place is None else ''}{landmark} = {value}  # {where}{needed}")
    return "\n".join(lines) + "\n"


def _place(name: str, entries: Fields, vertex_place: Callable[[str, int], np.ndarray]) -> np.ndarray:
    if isinstance(entries.value[name], dict):
        entry = entries.fields(name)
        entry.only(("mesh", "vertex"))
        try:
            return vertex_place(entry.text("mesh"), entry.whole("vertex"))
        except ValueError as error:
            raise FileError(f"{entry.source} has no place for {name}: {error}; {entry.advice}") from None
    place = entries.numbers(name, -FARTHEST, FARTHEST)
    if len(place) != 3:
        raise FileError(f"{entries.source} has {len(place)} numbers for {name}, and a place is three; {entries.advice}")
    return np.array(place)
