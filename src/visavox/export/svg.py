"""Curves as a picture (.svg), which every browser shows: the sound, and by parts of the face the channels that move most, over seconds."""

from collections.abc import Iterator
from html import escape
from math import ceil
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.export.accompaniment import Accompaniment
from visavox.fields import printable
from visavox.io.atomic import write_bytes
from visavox.motion import Motion
from visavox.windows import frame_times

PARTS = {  # the beginnings of names; what has none of them is shown by its unit
    "mouth": ("jaw", "mouth", "tongue", "viseme"), "eyes": ("eyeBlink", "eyeSquint", "eyeWide"), "gaze": ("eyeLook",),
    "brows, cheeks, nose": ("brow", "cheek", "nose"),
}  # fmt: skip
MOST = 6  # curves in a part
STILL = 0.01  # of a weight or radian: channels that move less are left out
COLOURS = ("#c0392b", "#1f6fb2", "#2e8b57", "#8e44ad", "#c77f00", "#4a5560")
LEFT, HIGH, GAP, LETTER = 190, 120, 26, 13  # pixels: names, a part, between parts, a line of text
SECOND, LONGEST = 100, 12_000  # pixels of a second, and of the longest picture
FINEST = 0.5  # pixels between points
STEPS, APART = (1, 10, 60, 600, 3600), 48  # seconds between lines, and the pixels that their times need
GRID = "#d9dee3"


def write_svg(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the picture: 100 pixels a second, fewer in motion of more than two minutes."""
    width = int(min(motion.seconds * SECOND, LONGEST))
    rows = [*_sound(accompaniment.audio, motion.seconds, width), *_curves(motion, width)]
    high = GAP + len(rows) * (HIGH + GAP)
    facts = [f"{name} {value}" for name, value in (accompaniment.provenance or {}).items()]
    about = ", ".join([motion.rig.name, f"{motion.frames} frames at {motion.fps:g} fps", f"{motion.seconds:.2f} s", *facts])
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + width + GAP}" height="{high}" font-family="sans-serif" font-size="12">',
        f"<title>Curves of a face</title><desc>{escape(printable(about))}</desc>",
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(_grid(motion.seconds, width, high))}',
        *(f'<g transform="translate({LEFT} {GAP + number * (HIGH + GAP)})">{row}</g>' for number, row in enumerate(rows)),
        "</svg>\n",
    ]
    write_bytes("\n".join(lines).encode(), path)


def _grid(seconds: float, width: int, high: int) -> Iterator[str]:
    """A line at each whole second, or at the end of each of STEPS, where a picture has no room for more."""
    step = next((each for each in STEPS if each * width / seconds >= APART), STEPS[-1])
    for second in range(0, int(seconds) + 1, step):
        x = LEFT + second / seconds * width
        yield f'<path d="M{x:.1f} {GAP}V{high - GAP}" stroke="{GRID}"/>'
        yield f'<text x="{x:.1f}" y="{high - 8}" text-anchor="middle">{second} s</text>'


def _sound(audio: Audio | None, seconds: float, width: int) -> Iterator[str]:
    """The wave of the sound, as loud as it gets; nothing without one."""
    if audio is None:
        return
    samples = audio.samples / max(float(np.abs(audio.samples).max()), 1e-6)
    points = _thinned((np.arange(samples.size) + 0.5) / audio.sample_rate, samples, seconds, width)
    yield _row("sound", [("", points)], -1.0, 1.0, "")


def _curves(motion: Motion, width: int) -> Iterator[str]:
    """The rows of the parts in which anything moves."""
    times, left = frame_times(motion.frames, motion.fps), list(motion.rig.channels)
    groups = [(part, [each for each in left if each.name.startswith(names)]) for part, names in PARTS.items()]
    rest = [each for each in left if not any(each in group for _, group in groups)]
    for unit in dict.fromkeys(each.unit for each in rest):
        groups.append(("head" if unit == "rad" else unit, [each for each in rest if each.unit == unit]))
    for part, channels in groups:
        spans = {each.name: float(np.ptp(motion.channel(each.name))) for each in channels}
        shown = [name for name in sorted(spans, key=spans.get, reverse=True) if spans[name] > STILL][:MOST]
        if not shown:
            continue
        angles = channels[0].unit == "rad"
        values = {name: motion.channel(name) * (180 / np.pi if angles else 1) for name in shown}
        low, top = min(0.0, *(v.min() for v in values.values())), max(0.0, *(v.max() for v in values.values()))
        curves = [(name, _thinned(times, value, motion.seconds, width)) for name, value in values.items()]
        yield _row(part, curves, low, top, "°" if angles else "")


def _thinned(times: np.ndarray, values: np.ndarray, seconds: float, width: int) -> np.ndarray:
    """Points (x in pixels, value): the least and the largest of each bucket of half a pixel, so that no peak is lost."""
    x, each = times / seconds * width, max(1, ceil(FINEST * len(times) / max(width, 1)))
    if each == 1:
        return np.stack([x, values], axis=1)
    starts = np.arange(0, len(values), each)
    pairs = [np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)]
    return np.stack([np.repeat(x[starts], 2), np.stack(pairs, axis=1).ravel()], axis=1)


def _row(part: str, curves: list[tuple[str, np.ndarray]], low: float, top: float, unit: str) -> str:
    """One part: its curves between `low` and `top`, and their names in their colours."""
    tall = max(top - low, 1e-6)
    drawn = [f'<text x="{8 - LEFT}" y="10" font-weight="bold">{escape(printable(part))}</text>']
    drawn += [f'<path d="M0 {(top - value) / tall * HIGH:.1f}h-4" stroke="#000000"/>' for value in sorted({float(low), 0.0, float(top)})]
    drawn += [
        f'<text x="-6" y="{(top - v) / tall * HIGH + 4:.1f}" text-anchor="end">{v:.3g}{unit}</text>'
        for v in sorted({float(low), float(top)})
    ]
    for number, ((name, points), colour) in enumerate(zip(curves, COLOURS, strict=False)):
        line = " ".join(f"{x:.1f},{(top - value) / tall * HIGH:.1f}" for x, value in points)
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.3"/>')
        drawn.append(f'<text x="{8 - LEFT}" y="{28 + LETTER * number}" fill="{colour}">{escape(printable(name))}</text>')
    return "".join(drawn)
