"""Styles by what people give: a name, a file, a film, or several of these by their shares."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options.moving import Moving, is_film, read_moving
from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.style import Style

SECONDS_TRIED = 20.0  # of the sound that the style is tried on
SCHEME = 5  # of how a style is taken from a film: another number, and kept ones are made again
MOST_SHARE, MOST_PARTS = 100.0, 16


class Taken(NamedTuple):
    """A style, the seconds that it was taken from, and how far its two halves lie apart beside what the built-in styles do."""

    style: "Style"
    seconds: float
    apart: float


def style_of(moving: Moving, checkpoint: str | None, name: str) -> Taken:
    """The style of somebody who moves, for the model of `checkpoint`; an error when there is less than a window without a break. Who never
    moves the lips is told of on stderr, and opens the mouth as the model does."""
    from visavox.gestures.face_style import lips_move
    from visavox.io.assets import asset_path
    from visavox.io.audio import read_audio
    from visavox.loading import load
    from visavox.style_extraction import matched, style_of_parts

    animator = load(checkpoint)
    config = animator.engine.config
    parts = moving.parts(config.denoiser.window / config.fps)
    if not any(map(lips_move, parts)):
        seconds = sum(part.seconds for part in parts)
        still = f"the lips of {name} hardly move in {seconds:.1f} s, so how they speak is not known: give a clip in which somebody speaks"
        print(f"visavox: {still}", file=sys.stderr)
    style = style_of_parts(animator.extract_style, parts, name)
    sound = moving.sound or read_audio(asset_path("demo.flac"))
    sound = sound.between(0, min(sound.seconds, SECONDS_TRIED))
    longest = max(parts, key=lambda part: part.seconds)
    style = matched(style, longest, sound, lambda tried, seed: animator.animate(sound, tried, seed=seed))
    return Taken(style, sum(part.seconds for part in parts), _apart(animator.extract_style, parts, config.denoiser.window / config.fps))


def _apart(extract, parts: list, window: float) -> float:
    """The distance of the styles of the first and of the second half, over the median distance of two built-in styles. It is nan when the
    motion is too short to be halved, or the checkpoint speaks other styles."""
    import numpy as np

    from visavox.io.assets import built_in_style, style_names

    longest = max(parts, key=lambda part: part.seconds)
    if longest.seconds < 2 * window:
        return float("nan")
    halves = [extract(longest.between(start, start + longest.seconds / 2)).vector for start in (0, longest.seconds / 2)]
    built_in = [built_in_style(name).vector for name in style_names()]
    if built_in[0].shape != halves[0].shape:
        return float("nan")
    usual = [np.linalg.norm(a - b) for place, a in enumerate(built_in) for b in built_in[:place]]
    return float(np.linalg.norm(halves[0] - halves[1]) / np.median(usual))


def style_of_film(path: str, checkpoint: str | None, landmark_model: str | None = None) -> "Style":
    """The style of the largest face of a film; tracked once, then kept in the user's cache folder until the film or a model changes."""
    from visavox.cli.options.landmarker import find_model
    from visavox.cli.options.model import Model
    from visavox.io.kept import file_digest, keep, text_digest
    from visavox.io.style import read_style, write_style

    if not Path(path).is_file():
        raise OptionError(f"--style {path} does not exist; check its name")
    encoder = Model.read(checkpoint).style_encoders[0]
    made_of = {"film": file_digest(Path(path)), "encoder": encoder, "scheme": SCHEME}
    if landmark_model:
        made_of["landmarks"] = file_digest(find_model(landmark_model))
    folder = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "visavox" / "styles"
    kept = folder / f"{text_digest(sorted(made_of.items()))}.safetensors"
    if not kept.exists():
        find_model(landmark_model)  # says what is missing before anything is promised
        print(f"visavox: takes the style of {path}, this once: it is kept in {kept}", file=sys.stderr)
    moving = partial(read_moving, path, landmark_model)
    return read_style(keep(kept, made_of, lambda part: write_style(style_of(moving(), checkpoint, Path(path).stem).style, part)))


def parse_mix(text: str) -> list[tuple[str, float]]:
    """The parts of `anna.safetensors:0.7,calm:0.3` with their shares, which need not sum to 1; a single name has all of it.

    An OptionError for a share that is none. A name that holds a comma is a name when there is such a file.
    """
    if _is_file(text) or "," not in text:
        return [_share(text)]
    parts = [_share(part.strip()) for part in text.split(",")]
    if len(parts) > MOST_PARTS or any(not name for name, _ in parts):
        raise OptionError(f"--style {text} is no mix; write for example anna.safetensors:0.7,calm:0.3")
    return parts


def _share(text: str) -> tuple[str, float]:
    name, colon, amount = text.rpartition(":")
    if not colon or _is_file(text):
        return text, 1.0
    try:
        share = float(amount)
    except ValueError:
        return text, 1.0  # a colon within a name
    if not 0 < share <= MOST_SHARE:
        raise OptionError(f"the share {amount} of style {name} is not above 0 and at most {MOST_SHARE:g}")
    return name if _is_file(name) else name.strip(), share


def _is_file(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a name
        return False


def has_film(text: str | None) -> bool:
    """Whether a film is among what --style names."""
    return bool(text) and any(is_film(name) for name, _ in parse_mix(text))


def mix_of(text: str, checkpoint: str | None, named, landmark_model: str | None = None) -> "Style":
    """The style that `text` asks for: `named(name)` for names and style files, films by `style_of_film`, several by their shares."""
    from visavox.cli.options.model import Model
    from visavox.redrawing import mixed_styles

    parts = parse_mix(text)
    styles = [style_of_film(name, checkpoint, landmark_model) if is_film(name) else named(name) for name, _ in parts]
    alike = Model.read(checkpoint).style_encoders if len(parts) > 1 else ()
    return mixed_styles(styles, [share for _, share in parts], alike)
