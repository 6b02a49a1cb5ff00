"""Stretches of speech, cut as training wants them: long enough for a head to move, short enough to be drawn at random."""

from dataclasses import dataclass

import numpy as np

from visavox.prepare.voice_activity import CHUNK
from visavox.windows import SAMPLE_RATE

Span = tuple[float, float]
SECONDS = CHUNK / SAMPLE_RATE


@dataclass(frozen=True)
class Cutting:
    """How speech is cut, in seconds: pauses up to `pause` join words, `margin` is kept at either side, segments last from `shortest` to
    `longest`. Speech begins where its probability is over `begins` and ends where it falls under `ends`."""

    begins: float = 0.5
    ends: float = 0.35
    pause: float = 0.8
    margin: float = 0.5
    shortest: float = 1.5
    longest: float = 15.0


def speech_spans(probability: np.ndarray, cutting: Cutting) -> list[Span]:
    """The spans (seconds) in which somebody speaks, of the probability of speech (N,) in each 32 ms; short pauses joined."""
    speaking, flags = False, np.zeros(probability.size, bool)
    for number, value in enumerate(probability):
        speaking = value > (cutting.ends if speaking else cutting.begins)
        flags[number] = speaking
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    spans: list[Span] = []
    for start, end in edges.reshape(-1, 2) * SECONDS:
        if spans and start - spans[-1][1] <= cutting.pause:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return spans


def cut(speech: list[Span], seen: list[Span], seconds: float, cutting: Cutting) -> list[Span]:
    """The segments of a film of so many `seconds`: speech with its margins, where the face is `seen`, in pieces of equal length where it is
    too long. What is shorter than `shortest` is left out."""
    kept = []
    for start, end in speech:
        for first, last in seen:
            begin, stop = max(start - cutting.margin, first, 0.0), min(end + cutting.margin, last, seconds)
            if stop - begin >= cutting.shortest:
                pieces = int(np.ceil((stop - begin) / cutting.longest - 1e-9))
                edges = np.linspace(begin, stop, pieces + 1)
                kept += [(float(one), float(other)) for one, other in zip(edges[:-1], edges[1:], strict=True)]
    return kept
