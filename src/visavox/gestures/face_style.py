"""How somebody's face moves beside what a model makes of the same style: read off a motion, and laid over finished motion."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.lip_reading import LARGE, gap_of, reach_of_shapes, spread_by, width_of
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, RAISED, SMILES, opening
from visavox.style import FaceStyle

JAW, SHUT = "jawOpen", "mouthClose"
ROUND = ("mouthPucker", "mouthFunnel")
OWN = FaceStyle()  # the model's own face
BROWS = (*RAISED, "browDownLeft", "browDownRight")
LITTLE, SPREAD = -1.05, 0.67  # the reading of a narrow mouth, 5th percentile, and the deviation of that of the width, in speech
LEAST_MOVED = 0.01  # of the eyes' distance, by which lips that are seen to speak part at least
NARROW, WIDE = 5, 95  # percentile of the openings that stands for how far a mouth opens
DOUBT = 2.0  # seconds of the model's own face that a motion is weighed against
FARTHEST = 1.5  # times what was seen that lips are driven at most: beyond it the rest of what differs is the model's own
STILL = 0.004  # deviation of the brows under which they were not filmed but left alone
PARTED = 0.03  # opening up to which lips are hardly parted: what shuts them stays


def openings(motion: Motion) -> np.ndarray:
    """How far (T,) the mouth is open, about 0 to 1; mouthClose takes from what the jaw opens."""
    jaw = np.maximum(motion.channel(JAW) - motion.channel(SHUT), 0)
    lower, upper = (motion.select(PARTING[pair : pair + 2]).mean(1) for pair in (0, 2))
    return opening(jaw, lower, upper)


def face_style_of(seen: Motion, made: Sequence[Motion], face: FaceStyle = OWN) -> FaceStyle:
    """What is to be laid over what a model `made`, several times, in somebody's style with that `face`, so that it opens, smiles and raises
    its brows as far as was `seen`.

    What a few seconds cannot tell stays as the model makes it. All have ARKit's channels; the usual face where one lacks them.
    """
    needed = (JAW, SHUT, *PARTING, *SMILES, *BROWS)
    if not all(name in motion.rig for motion in (seen, *made) for name in needed):
        return face
    known = seen.seconds / (seen.seconds + DOUBT)
    (far, much, wide), (usual_far, usual_much, usual_wide) = _measures(seen), np.mean([_measures(each) for each in made], axis=0)
    brows = 1.0 if min(much, usual_much) < STILL else (much / usual_much) ** known
    opens = (max(far, 0.02) / max(usual_far, 0.02)) ** known if lips_move(seen) else face.opening
    return replace(
        face,
        opening=float(np.clip(opens, 0.4, 2.5)),
        brows=float(np.clip(brows, 0.2, 4.0)),
        smile=float(np.clip(known * (wide - usual_wide), -0.4, 0.6)),
    )


def _measures(motion: Motion) -> tuple[float, float, float]:
    """How far the mouth opens and shuts, how much the brows move, and how much is smiled."""
    return (
        float(np.ptp(np.percentile(_gap(motion), [NARROW, WIDE]))),
        float(motion.select(RAISED).mean(1).std()),
        float(motion.select(SMILES).mean()),
    )


def _gap(motion: Motion) -> np.ndarray:
    """The lip gap (T,) of the default head: what is seen of an opening, whichever shapes make it; the opening where the rig lacks some."""
    reach, _ = reach_of_shapes()
    if not all(name in motion.rig for name in reach):
        return openings(motion)
    return gap_of(motion)


def lips_move(seen: Motion) -> bool:
    """Whether the lips of a motion part as those do of somebody who speaks; True where its rig does not tell."""
    if not all(name in seen.rig for shapes in reach_of_shapes() for name in shapes):
        return True
    return bool(np.ptp(np.percentile(gap_of(seen), [NARROW, WIDE])) >= LEAST_MOVED)


def lips_of(seen: Motion) -> FaceStyle:
    """How far the lips of a motion part and spread beside what is usually read of a voice, believed as far as its seconds tell.

    The model's own where its lips do not move, or it lacks channels of ARKit.
    """
    if not all(name in seen.rig for shapes in reach_of_shapes() for name in shapes) or not lips_move(seen):
        return FaceStyle()
    gap, width = gap_of(seen), width_of(seen)
    low, high = np.percentile(gap, [NARROW, WIDE])
    moves = (high - low) / (LARGE - LITTLE)
    found = {"gap": high - LARGE * moves, "gap_range": moves, "width_range": width.std() / SPREAD}
    return replace(FaceStyle(known=seen.seconds / (seen.seconds + DOUBT)), **_within(found))


def nearer_lips(face: FaceStyle, seen: Motion, made: Motion) -> FaceStyle:
    """`face` whose lips part and spread so much more as was `seen`, beside what a model `made` with it, FARTHEST times at most."""
    if not face.known:
        return face
    own = lips_of(seen)
    parted, spread = ((np.ptp(np.percentile(of(motion), [NARROW, WIDE])) for motion in (seen, made)) for of in (gap_of, width_of))
    more, wider = ((max(film, LEAST_MOVED) / max(found, LEAST_MOVED)) ** face.known for film, found in (parted, spread))
    driven = {"gap": face.gap * more, "gap_range": face.gap_range * more, "width_range": face.width_range * wider}
    bound = {name: np.clip(value, getattr(own, name) / FARTHEST, getattr(own, name) * FARTHEST) for name, value in driven.items()}
    return replace(face, **_within(bound))


def _within(values: dict[str, float]) -> dict[str, float]:
    return {name: float(np.clip(value, *FaceStyle.LIMITS[name])) for name, value in values.items()}


def carry_face(piece: Piece, take: Take) -> Motion:
    """The piece's motion as the face of the take's style moves: openings, widths and brows grow or shrink, a smile stays on.

    Lips that are shut stay shut, and rounded lips do not smile.
    """
    motion, face = piece.motion, take.face
    if face == FaceStyle():
        return motion
    if face.spread != 1:
        motion = spread_by(motion, (face.spread - 1) * width_of(motion), face.smiling)
    parted = np.clip(openings(motion) / PARTED, 0, 1)
    grown = 1 + (face.opening - 1) * parted
    changed = {name: motion.channel(name) * grown for name in (JAW, SHUT, *PARTING)}
    changed |= {name: motion.channel(name) * face.brows for name in BROWS}
    free = 1 - np.clip(motion.select(ROUND).max(1), 0, 1)
    changed |= {name: motion.channel(name) + face.smile * free for name in SMILES}
    return motion.with_channels(changed).clamped()
