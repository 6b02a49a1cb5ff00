"""The FLAME rig as DiffPoseTalk uses it: 50 expression coefficients, the head's rotation and the jaw's, as rotation vectors.

Expressions are FLAME's coefficients (standard deviations of its training set, unbounded). Head and jaw rotations are rotation
vectors in radians about FLAME's own axes: X to the face's own left, Y up, Z forward; headX > 0 nods down, headY > 0 turns to the
face's own left, headZ > 0 tilts towards the face's own right shoulder; jawX > 0 opens the mouth. The head turns about FLAME's root joint;
neck and eyes stay at rest. There is no translation. The identity is FLAME's first 100 shape coefficients.
"""

from visavox.rig import Channel, Rig

IDENTITY = 100  # shape coefficients that say who the face is
SHAPE_COLUMNS = 300  # of a FLAME file's shape directions are identity; the expressions follow
EXPRESSION = tuple(f"expression{number:02d}" for number in range(1, 51))
HEAD_ROTATION = ("headX", "headY", "headZ")
JAW_ROTATION = ("jawX", "jawY", "jawZ")
POSE = HEAD_ROTATION + JAW_ROTATION
COEFFICIENT_LIMIT = 12.0  # further than any face that FLAME can show; only nonsense is beyond
JAW_LIMIT = 1.2
HEAD_LIMIT = 3.2


def _channels(names: tuple[str, ...]) -> tuple[Channel, ...]:
    kinds = {
        **{name: ("expression", "coefficient", COEFFICIENT_LIMIT) for name in EXPRESSION},
        **{name: ("head", "rad", HEAD_LIMIT) for name in HEAD_ROTATION},
        **{name: ("jaw", "rad", JAW_LIMIT) for name in JAW_ROTATION},
    }
    return tuple(Channel(name, kind, unit, -limit, limit) for name in names for kind, unit, limit in [kinds[name]])


FLAME = Rig("flame", _channels(EXPRESSION + POSE))
# What the paper's networks generate: the jaw only opens; the variant without head pose leaves the head still.
FLAME_GENERATED = Rig("flame-generated", _channels(EXPRESSION + HEAD_ROTATION + JAW_ROTATION[:1]))
FLAME_STILL_HEAD = Rig("flame-still-head", _channels(EXPRESSION + JAW_ROTATION[:1]))
