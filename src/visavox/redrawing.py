"""Stretches of a recording that cues ask to be drawn otherwise: as another take, in another style, with other guidance.

Each stretch becomes a `Span`, which the animator draws again between neighbours that keep their bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from visavox.cue import Cue
from visavox.cues.kinds.guidance import Guidance
from visavox.cues.kinds.style import StyleCue
from visavox.cues.kinds.take import TakeCue, check_apart
from visavox.errors import OptionError, VisavoxError
from visavox.io.assets import named_style
from visavox.spans import Span
from visavox.style import FaceStyle, HeadStyle, Style

MODEL = (TakeCue, StyleCue, Guidance)  # what acts on how motion is drawn


@dataclass(frozen=True)
class Way:
    """How a stretch is drawn: the number of its take, the mix of its style (None for the recording's), and guidance that differs."""

    take: int = 0
    style: tuple[tuple[str, float], ...] | None = None
    guidance: tuple[tuple[str, float], ...] = ()


def stretches(cues: Sequence[Cue]) -> list[tuple[float, float, Way]]:
    """The stretches (start, end, way) that are drawn otherwise, in order and without a gap in them; of cues of one kind that overlap the
    one that begins last counts."""
    asked = sorted((cue for cue in cues if isinstance(cue.instruction, MODEL) and cue.end > cue.start), key=lambda cue: cue.start)
    check_apart([cue for cue in cues if isinstance(cue.instruction, TakeCue)])
    borders = sorted({time for cue in asked for time in (cue.start, cue.end)})
    found, first, running = [], 0, []
    for start, end in zip(borders, borders[1:], strict=False):
        while first < len(asked) and asked[first].start <= start:
            running.append(asked[first])
            first += 1
        running = [cue for cue in running if cue.end > start]
        way = _way(running)
        if way == Way():
            continue
        if found and found[-1][1:] == (start, way):
            found[-1] = (found[-1][0], end, way)
        else:
            found.append((start, end, way))
    return found


def _way(running: list[Cue]) -> Way:
    way = Way()
    for cue in running:
        one = cue.instruction
        if isinstance(one, TakeCue):
            way = replace(way, take=one.number)
        elif isinstance(one, StyleCue):
            way = replace(way, style=one.mix)
        else:
            way = replace(way, guidance=tuple(sorted((dict(way.guidance) | {one.condition: one.weight}).items())))
    return way


def spans_of(cues: Sequence[Cue], usual: Span) -> list[Span]:
    """The spans that `cues` ask to be drawn otherwise than the `usual` one, which is the whole recording."""
    spans = []
    for start, end, way in stretches(cues):
        if start >= usual.end:
            continue
        style = usual.style if way.style is None else mixed_style(way.style)
        sampling = replace(usual.sampling, **{f"{name}_guidance": weight for name, weight in way.guidance})
        spans.append(Span(start, min(end, usual.end), style, take_seed(usual.seed, way.take), sampling))
    return spans


def check_styles(cues: Sequence[Cue], encoder: str, *others: str) -> None:
    """Raises an OptionError with the line of a style that is none, or is of another encoder than `encoder` and `others`."""
    for cue in cues:
        if isinstance(cue.instruction, StyleCue):
            try:
                mixed_style(cue.instruction.mix).check_encoder(encoder, *others)
            except VisavoxError as error:
                raise OptionError(f"{cue.place}: {error}") from None


def take_seed(seed: int, number: int) -> int:
    """The seed of a take of a recording that is drawn with `seed`; that of take 0 is `seed`."""
    return seed if number == 0 else int(np.random.SeedSequence([seed, number]).generate_state(1)[0]) >> 1


def mixed_style(mix: Sequence[tuple[str, float]]) -> Style:
    """The styles of a mix by their shares; an OptionError for styles of different encoders, a FileError for none."""
    return mixed_styles([named_style(name) for name, _ in mix], [share for _, share in mix])


def mixed_styles(styles: Sequence[Style], shares: Sequence[float], alike: Sequence[str] = ()) -> Style:
    """The `styles` by their `shares`, whatever these sum to; an OptionError for styles of different encoders, unless they are among those
    whose styles are spoken `alike`."""
    if len(styles) == 1:
        return styles[0]
    for style in styles[1:]:
        style.check_encoder(styles[0].encoder, *(alike if styles[0].encoder in alike else ()))
    shares = np.array(shares) / np.sum(shares)
    vector = sum(share * style.vector for share, style in zip(shares, styles, strict=True))
    name = " + ".join(f"{style.name} {share:.2f}" for share, style in zip(shares, styles, strict=True))
    return Style(vector, styles[0].encoder, name, _mixed(HeadStyle, [style.head for style in styles], shares), _mixed_faces(styles, shares))


def _mixed_faces(styles: Sequence[Style], shares: np.ndarray) -> FaceStyle:
    """The face style between those of `styles`; how somebody's lips part counts as far as it is known."""
    faces = [style.face for style in styles]
    mixed, known = _mixed(FaceStyle, faces, shares), shares * [face.known for face in faces]
    if not known.any():
        return mixed
    lips = _mixed(FaceStyle, faces, known / known.sum())
    return replace(mixed, **{name: getattr(lips, name) for name in FaceStyle.OF_KNOWN})


def _mixed(kind: type, parts: list, shares: np.ndarray):
    """The head or face style between `parts`."""
    mixed = {}
    for name in kind.LIMITS:
        value = np.tensordot(shares, np.array([getattr(part, name) for part in parts], float), axes=1)
        mixed[name] = tuple(value.tolist()) if value.ndim else float(value)
    return kind(**mixed)
