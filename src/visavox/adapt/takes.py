"""How far the posture of a few takes is a person's: what one does in every take, beside what one take alone shows, such as a mood."""

from collections.abc import Sequence

import numpy as np

from visavox.adapt.person import Piece
from visavox.data.clip import film_of


def takes_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces by the film that their clips were cut from, or by the clip: a mood lasts a film, so its clips foretell each other."""
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(film_of(piece.name.rpartition("@")[0]), []).append(piece)
    return list(found.values())


def drawn_posture(postures: np.ndarray, seconds: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """The posture (K,) that another take of somebody is likeliest to have, whose takes have these `postures` (N, K) and `seconds` (N,).

    It is their mean, drawn towards the `usual` posture (K,) as far as takes differ. Each is foretold from the others. What of their
    difference from usual does not come back in it is noise, of which the mean of all has less. A single take is believed as it is.
    """
    mean = np.average(postures, axis=0, weights=seconds)
    if len(postures) < 2:
        return mean
    others = [np.average(np.delete(postures, take, 0), axis=0, weights=np.delete(seconds, take)) for take in range(len(postures))]
    foretold, seen = np.stack(others) - usual, postures - usual
    kept = float(np.sum(foretold * seen) / max(np.sum(np.square(foretold)), 1e-12))  # of what others show, in one that was left out
    if kept <= 0:
        return usual.copy()
    noise = max(1 / kept - 1, 0) * (len(postures) - 1)  # of one take, beside what is the person's
    return usual + (mean - usual) / (1 + noise / len(postures))
