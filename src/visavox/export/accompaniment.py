"""`Accompaniment`: what may go with a motion into a file, so that every exporter has one signature."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from visavox.arguments import checked
from visavox.audio import Audio
from visavox.scene import Renderer
from visavox.style import AnyIdentity, Identity

if TYPE_CHECKING:  # the head costs SciPy, which curves-only formats never need
    from visavox.export.gltf.paint import Look
    from visavox.io.gltf import Gltf
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.retargeting.rig_map import RigMap


@checked
@dataclass(frozen=True, eq=False)
class Accompaniment:
    """The sound, the head and its identity that accompany a motion; `provenance` (plain JSON values) in place of the motion's own.

    `character` is the user's own face in place of the head, and `rig_map` how its shapes follow ours (by their names when None).
    `look` paints the default head, which is a mannequin without it.
    `renderer` draws what is a picture (`visavox.render.Renderer`).
    `degrees` is for formats whose readers do not agree on the unit of rotations (Live Link Face CSV).

    A format writes what it can hold and raises an OptionError that names what it needs and did not get.
    """

    audio: Audio | None = None
    head: "Head | None" = None
    identity: AnyIdentity = field(default_factory=Identity)
    provenance: dict | None = None
    character: "Gltf | None" = None
    rig_map: "RigMap | None" = None
    degrees: bool = False
    look: "Look | None" = None
    renderer: Renderer | None = None
