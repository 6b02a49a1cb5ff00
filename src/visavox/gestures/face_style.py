"""How somebody's face moves beside what a model makes of the same style: read off a motion, and laid over finished motion."""

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.lip_reading import reach_of_shapes, spread_by
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, RAISED, SMILES, opening
from visavox.style import FaceStyle

JAW, SHUT = "jawOpen", "mouthClose"
ROUND = ("mouthPucker", "mouthFunnel")
BROWS = (*RAISED, "browDownLeft", "browDownRight")
WIDE = 95  # percentile of the openings that stands for how far a mouth opens
DOUBT = 2.0  # seconds of the model's own face that a motion is weighed against
STILL = 0.004  # deviation of the brows under which they were not filmed but left alone
PARTED = 0.03  # opening up to which lips are hardly parted: what shuts them stays


def openings(motion: Motion) -> np.ndarray:
    """How far (T,) the mouth is open, about 0 to 1; mouthClose takes from what the jaw opens."""
    jaw = np.maximum(motion.channel(JAW) - motion.channel(SHUT), 0)
    lower, upper = (motion.select(PARTING[pair : pair + 2]).mean(1) for pair in (0, 2))
    return opening(jaw, lower, upper)


def face_style_of(seen: Motion, made: Motion) -> FaceStyle:
    """What is to be laid over what a model `made` in somebody's style, that it opens, smiles and raises its brows as far as was `seen`.

    What a few seconds cannot tell stays as the model makes it. Both have ARKit's channels; the usual face where one lacks them.
    """
    needed = (JAW, SHUT, *PARTING, *SMILES, *BROWS)
    if not all(name in motion.rig for motion in (seen, made) for name in needed):
        return FaceStyle()
    known = seen.seconds / (seen.seconds + DOUBT)
    (far, much, wide), (usual_far, usual_much, usual_wide) = _measures(seen), _measures(made)
    brows = 1.0 if min(much, usual_much) < STILL else (much / usual_much) ** known
    return FaceStyle(
        opening=float(np.clip((max(far, 0.02) / max(usual_far, 0.02)) ** known, 0.4, 2.5)),
        brows=float(np.clip(brows, 0.2, 4.0)),
        smile=float(np.clip(known * (wide - usual_wide), -0.4, 0.6)),
    )


def _measures(motion: Motion) -> tuple[float, float, float]:
    """How far the mouth opens, how much the brows move, and how much is smiled."""
    return (
        float(np.percentile(_gap(motion), WIDE)),
        float(motion.select(RAISED).mean(1).std()),
        float(motion.select(SMILES).mean()),
    )


def _gap(motion: Motion) -> np.ndarray:
    """The lip gap (T,) of the default head: what is seen of an opening, whichever shapes make it; the opening where the rig lacks some."""
    reach, _ = reach_of_shapes()
    if not all(name in motion.rig for name in reach):
        return openings(motion)
    return np.maximum(sum(each * motion.channel(name) for name, each in reach.items()), 0)


def carry_face(piece: Piece, take: Take) -> Motion:
    """The piece's motion as the face of the take's style moves: openings, widths and brows grow or shrink, a smile stays on.

    Lips that are shut stay shut, and rounded lips do not smile.
    """
    motion, face = piece.motion, take.face
    if face == FaceStyle():
        return motion
    if face.spread != 1:
        _, widens = reach_of_shapes()
        wide = sum(reach * motion.channel(name) for name, reach in widens.items() if name in motion.rig)
        motion = spread_by(motion, (face.spread - 1) * wide)
    parted = np.clip(openings(motion) / PARTED, 0, 1)
    grown = 1 + (face.opening - 1) * parted
    changed = {name: motion.channel(name) * grown for name in (JAW, SHUT, *PARTING)}
    changed |= {name: motion.channel(name) * face.brows for name in BROWS}
    free = 1 - np.clip(motion.select(ROUND).max(1), 0, 1)
    changed |= {name: motion.channel(name) + face.smile * free for name in SMILES}
    return motion.with_channels(changed).clamped()
