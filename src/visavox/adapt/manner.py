"""The habits of a person, brought about: channels that move as far and rest where the person's do, and the style that is spoken unless
another is asked for.

What the model makes of the person's own sounds is measured as the person is, and what differs is changed, a few times over. So it is the
finished motion that comes nearer, whatever network and gestures lie between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from visavox.adapt.habits import RESTING, Habits, Seen, habits_of, usual_head
from visavox.adapt.person import Piece
from visavox.adapt.takes import drawn_posture, takes_of
from visavox.animate import Animator
from visavox.calibration import Calibration
from visavox.checkpoint import Checkpoint
from visavox.gestures.head_fit import HeadHabits, fit_head, heads_of
from visavox.gestures.head_style import head_style_of
from visavox.gestures.lip_reading import CERTAINTY, LEAST_DEVIATION, READINGS, is_speech, lasting, phrases
from visavox.loading import animator_of
from visavox.models.precision import FLOAT32
from visavox.motion import Motion
from visavox.rigs.arkit import BROWS, HEAD, PARTING, SMILES, SPREADERS
from visavox.style import FaceStyle, HeadStyle, Style
from visavox.windows import FPS

OPENERS = ("jawOpen", *PARTING)
SHUT = "mouthClose"  # which goes with the jaw, or lips that are held shut would part
ROUNDS = 8
SETTLING = 4  # last rounds in which widths and brows stay, which moved the face's rest with them
EAGER = 0.8  # share of a difference that a round takes away
DOUBT, SLOW_DOUBT = 1.5, 5.0  # seconds of the model's own habits that a person is weighed against; of what changes slowly, as moods do
PAUSED, PAUSE_DOUBT = 0.3, 0.5  # how far lips may be parted at most where a pause is long; seconds, as above, of a pose that is held
STILL = 0.003  # deviation of a shape that nobody moves
FACTORS = (0.2, 4.0)
SPREADS = (0.7, 3.5)  # of a face style: less would take a smile away
MUSCLES = (0.25, 1.5)  # of a face style: what is seen of small muscles is the least certain
LEAST_BROWS = 0.3  # share of brows' movement under which a mean is not made up for any further
LEAST_APART = 0.02  # of a factor from 1, since a calibration of factor 1 moves nothing
SOUND_AT_MOST = 60.0  # seconds of sound on which habits are tried


@dataclass(frozen=True, eq=False)
class Manner:
    """What is fitted: the `calibration` of the channels and the person's `style`."""

    calibration: Calibration
    style: Style


@dataclass
class _Channels:
    """Factor and mean that each channel is to have, and the mean that the network gives it."""

    factor: dict[str, float]
    mean: dict[str, float]
    raw: dict[str, float]

    def calibration(self) -> Calibration:
        found = {}
        for name, factor in self.factor.items():
            factor = float(np.clip(factor, *FACTORS))
            if name in self.mean and abs(1 - factor) < LEAST_APART:
                factor = 1 - LEAST_APART
            rest = (self.mean[name] - factor * self.raw[name]) / (1 - factor) if name in self.mean else 0.0
            found[name] = (factor, float(rest))
        return Calibration(found)


def fit_manner(checkpoint: Checkpoint, pieces: Sequence[Piece], name: str, start: Checkpoint) -> Manner:
    """The manner in which `checkpoint`, which came of `start`, is nearest to the person of `pieces`, called `name`."""
    joined = joined_motion(pieces)
    style = replace(animator_of(checkpoint, name, precision=FLOAT32).extract_style(joined, name), head=head_style_of(joined))
    style = replace(style, head=_fit_head(style.head, pieces))
    tried = _some(pieces)
    own = _own(pieces, animator_of(start, name, precision=FLOAT32))
    lips = lips_of_person(animator_of(checkpoint, name, precision=FLOAT32).encode, pieces)
    style = replace(style, face=replace(lips, smiling=smiling_of(pieces)))
    channels = _start(checkpoint, tried, pieces, style)
    head = usual_head()
    for number in range(ROUNDS):
        calibrated = replace(checkpoint, calibration=channels.calibration())
        animator = animator_of(calibrated, name, precision=FLOAT32)
        made = habits_of([Seen.of(animator.animate(piece.audio, style, seed=number), head) for piece in tried])
        _nearer(channels, style.face, own, made, joined.seconds)
        if number < ROUNDS - SETTLING:
            style = replace(style, face=_nearer_face(style.face, own, made, joined.seconds))
    return Manner(channels.calibration(), style)


def _own(pieces: Sequence[Piece], usual: Animator) -> Habits:
    """The habits of pieces, whose posture is drawn towards what the `usual` model makes of their sounds, as far as takes differ."""
    own, takes = habits_of([seen_of(piece) for piece in pieces]), takes_of(pieces)
    if len(takes) < 2:
        return own
    made = habits_of([Seen.of(usual.animate(piece.audio, seed=0), usual_head()) for piece in _some(pieces)])
    postures = np.stack([habits_of([seen_of(piece) for piece in take]).posture for take in takes])
    seconds = np.array([sum(piece.seconds for piece in take) for take in takes])
    return replace(own, posture=drawn_posture(postures, seconds, made.posture))


def lips_of_person(encode, pieces: Sequence[Piece]) -> FaceStyle:
    """How far the lips of the person of `pieces` part and spread beside what is read of their sounds, `encode.cues(audio, frames)`; the
    model's own where nothing is read."""
    read, seen, paused = [], [], []
    for piece in pieces:
        cues = encode.cues(piece.audio, piece.motion.frames)
        if not set(READINGS) <= set(cues):
            return FaceStyle()
        speaks = is_speech(cues["SIL"], cues[CERTAINTY], FPS)
        voiced = lasting(speaks, FPS) & piece.ok
        paused.append(piece.gap[(phrases(speaks, FPS) < PAUSED) & piece.ok])
        read.append(np.stack([cues[name] for name in READINGS], 1)[voiced])
        seen.append(np.stack([piece.gap, piece.width], 1)[voiced])
    seconds = sum(len(each) for each in read) / FPS
    if seconds < 1:
        return FaceStyle()
    read, seen = np.concatenate(read), np.concatenate(seen)
    gap_range, width_range = seen.std(0) / np.maximum(read.std(0), LEAST_DEVIATION)
    found = {"gap": seen[:, 0].mean() - gap_range * read[:, 0].mean(), "gap_range": gap_range, "width_range": width_range}
    found["paused"] = _paused_gap(np.concatenate(paused))
    found = {name: float(np.clip(value, *FaceStyle.LIMITS[name])) for name, value in found.items()}
    return FaceStyle(known=_known(seconds, DOUBT), **found)


def _paused_gap(seen: np.ndarray) -> float:
    """The gap at which lips stay in longer pauses, of those that were `seen` there, as far as these tell: else they shut."""
    return float(np.median(seen)) * _known(seen.size / FPS, PAUSE_DOUBT) if seen.size else 0.0


def smiling_of(pieces: Sequence[Piece]) -> float:
    """The share of the movement of the mouth's corners in `pieces` by which they smile, believed as far as the seconds tell."""
    seen = np.concatenate([piece.motion.select(SPREADERS)[piece.ok] for piece in pieces])
    smiles = np.array([name in SMILES for name in SPREADERS])
    moved = seen.std(0)
    if moved.sum() < STILL:
        return FaceStyle.smiling
    share, known = float(moved[smiles].sum() / moved.sum()), _known(len(seen) / FPS, SLOW_DOUBT)
    return FaceStyle.smiling + known * (share - FaceStyle.smiling)


def seen_of(piece: Piece) -> Seen:
    """A piece as habits are read off it."""
    return Seen(piece.motion, piece.gap, piece.width, piece.ok)


def joined_motion(pieces: Sequence[Piece]) -> Motion:
    """The motion of all pieces, one after the other."""
    return replace(pieces[0].motion, values=np.concatenate([piece.motion.values for piece in pieces]))


def _some(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces from all over, of about SOUND_AT_MOST seconds."""
    seconds = sum(piece.audio.seconds for piece in pieces)
    return list(pieces[:: max(round(seconds / SOUND_AT_MOST), 1)])


def _start(checkpoint: Checkpoint, tried: Sequence[Piece], pieces: Sequence[Piece], style: Style) -> _Channels:
    """Channels that move as far as the person's about the person's mean; those that open by as much about 0, so that what is shut stays."""
    animator = animator_of(replace(checkpoint, calibration=Calibration()), style.name, gestures=(), precision=FLOAT32)
    made = np.concatenate([animator.animate(piece.audio, style, seed=0).values for piece in tried])
    seen = np.concatenate([piece.motion.values[piece.ok] for piece in pieces])
    rig, found = checkpoint.rig, _Channels({}, {}, {})
    for channel in OPENERS:
        at = rig.index(channel)
        found.factor[channel] = _ratio(np.sqrt(np.square(seen[:, at]).mean()), np.sqrt(np.square(made[:, at]).mean()))
    found.factor[SHUT] = found.factor["jawOpen"]
    for channel in RESTING:
        if channel != SHUT:
            at = rig.index(channel)
            found.factor[channel] = _ratio(seen[:, at].std(), made[:, at].std())
            found.mean[channel], found.raw[channel] = float(seen[:, at].mean()), float(made[:, at].mean())
    return found


def _ratio(seen: float, made: float) -> float:
    return float(np.clip((seen + STILL) / (made + STILL), *FACTORS))


def _nearer_face(face: FaceStyle, own: Habits, made: Habits, seconds: float) -> FaceStyle:
    """`face`, changed by what `made` differs from a person's `own` habits, which were seen for so many seconds."""
    quick, slow = _known(seconds, DOUBT), _known(seconds, SLOW_DOUBT)
    brows = face.brows * ((own.brows + STILL) / (made.brows + STILL)) ** (EAGER * slow)
    blinks = face.blinks * ((own.blinks + 1) / (made.blinks + 1)) ** (0.5 * quick)
    muscles = face.muscles * ((own.small + STILL) / (made.small + STILL)) ** (EAGER * slow)
    changed = {"brows": np.clip(brows, 0.05, 3.5), "blinks": np.clip(blinks, 0.2, 3.5), "muscles": np.clip(muscles, *MUSCLES)}
    spread, opens = (
        (max(seen, 0.01) / max(found, 0.01)) ** (EAGER * quick) for seen, found in ((own.spread, made.spread), (own.opening, made.opening))
    )
    if not face.known:
        changed["spread"] = np.clip(face.spread * spread, *SPREADS)
    else:
        changed |= {name: getattr(face, name) * by for name, by in (("gap", opens), ("gap_range", opens), ("width_range", spread))}
        changed = {name: np.clip(value, *FaceStyle.LIMITS[name]) for name, value in changed.items()}
    return replace(face, **{name: float(value) for name, value in changed.items()})


def _nearer(channels: _Channels, face: FaceStyle, own: Habits, made: Habits, seconds: float) -> None:
    """Changes `channels` likewise; what `face` makes smaller needs more."""
    opens = (max(own.opening, 0.01) / max(made.opening, 0.01)) ** (EAGER * _known(seconds, DOUBT))
    for name in (*OPENERS, SHUT) if not face.known else ():
        channels.factor[name] = float(np.clip(channels.factor[name] * opens, *FACTORS))
    for place, name in enumerate(RESTING):
        if name in channels.mean:
            step = EAGER * _known(seconds, SLOW_DOUBT) * float(own.posture[place] - made.posture[place])
            channels.mean[name] += step / max(face.brows, LEAST_BROWS) if name in BROWS else step


def _known(seconds: float, doubt: float) -> float:
    return seconds / (seconds + doubt)


def _fit_head(style: HeadStyle, pieces: Sequence[Piece]) -> HeadStyle:
    """The head style whose range, speed and resting pose are those of the pieces, tried on their sounds."""
    own = habits_of([seen_of(piece) for piece in pieces])
    known = _known(sum(piece.seconds for piece in pieces), DOUBT)
    style = replace(style, rest=tuple(np.clip(own.rest * known, -15, 15)))
    seen = [HeadHabits.of(np.degrees(piece.motion.select(HEAD))[piece.ok], piece.motion.fps) for piece in pieces]
    filmed = HeadHabits.mean(seen, [float(piece.ok.sum()) for piece in pieces])
    return fit_head(style, filmed, known, lambda tried: _heads(tried, pieces))


def _heads(style: HeadStyle, pieces: Sequence[Piece]) -> HeadHabits:
    """The habits of the heads that a style gives to the sounds of pieces, as many of which as are seen count."""
    found, weights = [], []
    for number, piece in enumerate(_some(pieces)):
        still = replace(piece.motion, values=np.zeros_like(piece.motion.values))
        made = heads_of(style, still, piece.audio, number)
        found += made
        weights += [float(piece.ok.sum())] * len(made)
    return HeadHabits.mean(found, weights)
