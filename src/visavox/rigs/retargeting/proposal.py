"""A rig map proposed from the names of a character's shapes: for each thing that a face can do, one set of shapes does it.

A character often has several: a blink for both eyes and one for each, ARKit's jawOpen and an older mouthOpen, mouth shapes and visemes.
Driven together they would go twice as far; what is left over stays at rest and is listed as unmapped.
"""

from collections.abc import Iterable, Mapping

from visavox.errors import RigError
from visavox.fields import few
from visavox.rigs.arkit import SHAPES
from visavox.rigs.retargeting.rig_map import MappedChannel, RigMap
from visavox.rigs.retargeting.shape_names import understood
from visavox.rigs.retargeting.spellings import Shown
from visavox.rigs.visemes import VISEME_RIG

FULL_MOUTH = 8  # ARKit mouth channels: a character with fewer speaks better by its visemes
FEW_SOUNDS = 3  # fewer visemes than this speak worse than a jaw
Found = dict[str, tuple[Shown, int]]  # by name: what it stands for, and how many words were left out to find it


def propose(names: Iterable[str], rig_name: str, meshes: Iterable[Iterable[str]] = (), stated: Mapping[str, str] | None = None) -> RigMap:
    """The map onto shapes called `names` that their spellings suggest. A RigError, naming some, when none is understood.

    `stated` has other names of shapes, for those whose own name is not understood. `meshes` says which names lie on one mesh (all on
    one, if not given): shapes of one meaning move together only on different meshes. Sided shapes come before those of both sides,
    ARKit's own names before others, exact names before longer ones. But a set that leaves a part of the face still gives way to one
    that does not. Visemes are used only where there is no full ARKit mouth.
    """
    every = list(dict.fromkeys(names))
    other = stated or {}
    known: Found = {name: found for name in every if (found := understood(name) or understood(other.get(name, "")))}
    if not known:
        found = few(every, 6) or "no shapes"
        raise RigError(f"{rig_name} has {found}, none of which is a known spelling of a face shape; write a rig map by hand (--rig)")
    groups = [set(mesh) for mesh in meshes] or [set(every)]
    things: dict[str, list[str]] = {}
    for name in _one_way_of_speaking(known):
        things.setdefault(_thing(known[name][0]), []).append(name)
    moved = {name for candidates in things.values() for name in _one_set(candidates, known, groups)}
    mapped = tuple(MappedChannel(name, dict(known[name][0].gains)) for name in every if name in moved)
    return RigMap(rig_name, mapped, unmapped=tuple(name for name in every if name not in moved))


def unused_channels(rig_map: RigMap) -> list[str]:
    """The ARKit shapes that move nothing under `rig_map`, in order."""
    used = {source for channel in rig_map.channels for source in channel.sources}
    by_visemes = any(source in VISEME_RIG for source in used)
    return [name for name in SHAPES if name not in used and not (by_visemes and name.startswith(("mouth", "jaw", "tongue")))]


def _one_way_of_speaking(known: Found) -> list[str]:
    """The names without the visemes, or without the mouth shapes that these would double, and of one family of visemes."""
    direct = [name for name in known if known[name][0].family == "shape"]
    mouth = {name: {c for c in known[name][0].gains if c.startswith(("mouth", "jaw"))} for name in direct}
    shown = set().union(*mouth.values())
    families: dict[str, dict[frozenset, list[str]]] = {}
    for name in known:
        if name not in mouth:
            families.setdefault(known[name][0].family, {}).setdefault(known[name][0].cells, []).append(name)
    if not families or len(shown) >= FULL_MOUTH:
        return direct
    sounds = max(families.values(), key=len)
    silent = sum(any(source == "viseme_sil" for source in known[names[0]][0].gains) for names in sounds.values())
    if "jawOpen" in shown and len(sounds) - silent < FEW_SOUNDS:
        return direct
    return [name for name in direct if not mouth[name]] + [name for names in sounds.values() for name in names]


def _thing(shown: Shown) -> str:
    """What the shape does, whichever side does it: eyeBlink of eyeBlinkLeft; the ways across of the eyes are one thing."""
    first = next(iter(shown.gains))
    if shown.family != "shape":
        return str(sorted(shown.cells))
    if first in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
        return first
    bare = first.removesuffix("Left").removesuffix("Right")
    return "eyeLookAcross" if bare in ("eyeLookIn", "eyeLookOut") else bare


def _one_set(candidates: list[str], known: Found, groups: list[set[str]]) -> list[str]:
    """Those of the names of one thing that move: no two of them move the same cell on one mesh, and together they move most of it."""

    def order(name: str, sided_first: bool) -> tuple:
        shown, left_out = known[name]
        sides = {side for _, side, _ in shown.cells}
        return (not shown.own, (len(sides) > 1) == sided_first, shown.rank, left_out, candidates.index(name))

    tried = [_disjoint(sorted(candidates, key=lambda name: order(name, first)), known, groups) for first in (True, False)]
    return max(tried, key=lambda each: each[0])[1]


def _disjoint(names: list[str], known: Found, groups: list[set[str]]) -> tuple[int, list[str]]:
    """How many cells on how many meshes the names move that do not move what one before them does, and these names."""
    taken: list[set] = [set() for _ in groups]
    chosen = []
    for name in names:
        cells = known[name][0].cells
        here = [mesh for group, mesh in zip(groups, taken, strict=True) if name in group]
        if any(cells & mesh for mesh in here):
            continue
        chosen.append(name)
        for mesh in here:
            mesh |= cells
    return sum(map(len, taken)), chosen
