"""`.portrait` files: a `Source` in one .safetensors container. Pixels, points and texts; never pickle, nothing that can run."""

from pathlib import Path

import numpy as np

from visavox.errors import FileError, OptionError
from visavox.fields import Fields
from visavox.io.arrays import checked_numbers
from visavox.io.atomic import check_suffix
from visavox.io.tensors import read_tensors, write_tensors
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import POINTS
from visavox.portrait.source import LEAST_FACE, MOST_SIDE, Source
from visavox.track.landmarks import SCORES

SUFFIX = ".portrait"
KIND, VERSION = "portrait", 1
AGAIN = "make it again: visavox portrait fit PHOTO -o NAME.portrait"
FARTHEST = 4.0  # sides of a photo from its corner that a landmark may lie
NAMES = SCORES[1:]


def is_portrait(path: str | Path) -> bool:
    """Whether a file is a portrait, by its suffix; it is a photo otherwise."""
    return Path(path).suffix.lower() == SUFFIX


def write_portrait(source: Source, path: str | Path) -> None:
    """Writes `source` to `path` (suffix .portrait), whole or not at all."""
    check_suffix(path, (SUFFIX,), "the portrait")
    landmarks = source.landmarks
    arrays = {"photo": source.photo, "points": landmarks.points.astype(np.float32)}
    if landmarks.scores:
        arrays["scores"] = np.array([landmarks.scores.get(name, 0.0) for name in NAMES], np.float32)
    if source.alpha is not None:
        arrays["alpha"] = source.alpha
    header = {
        "kind": KIND, "version": VERSION, "name": source.name, "sha256": source.sha256, "consent": source.consent,
        "by_hand": landmarks.by_hand, "muzzle": landmarks.muzzle,
        "look": source.look,
    }  # fmt: skip
    write_tensors(arrays, header, path)


def read_portrait(path: str | Path) -> Source:
    """The source that `write_portrait` stored; a FileError when the file is not a portrait of this version."""
    arrays, header = read_tensors(path, AGAIN)
    if header["kind"] != KIND:
        raise FileError(f"{path} is a {header['kind']}, not a portrait; {AGAIN}")
    if header["version"] != VERSION:
        raise FileError(f"{path} has portrait version {header['version']}, this Visavox reads {VERSION}; {AGAIN}")
    stated = Fields(header, path, AGAIN)
    photo, alpha = _pixels(arrays, "photo", path), None
    if "alpha" in arrays:
        alpha = _pixels(arrays, "alpha", path)
        if alpha.shape != photo.shape[:2]:
            raise FileError(f"{path} has an alpha of shape {alpha.shape} for a photo of {photo.shape[:2]}; {AGAIN}")
    landmarks = _landmarks(arrays, stated, path, max(photo.shape))
    return Source(
        photo,
        landmarks,
        stated.text("name", 1000),
        stated.text("sha256", 64),
        stated.text("consent", 10_000),
        alpha,
        stated.text("look", 10_000),
    )


def _pixels(arrays: dict[str, np.ndarray], name: str, path: str | Path) -> np.ndarray:
    found = arrays.get(name)
    colours = (3,) if name == "photo" else ()
    if found is None or found.dtype != np.uint8 or found.ndim != 2 + len(colours) or found.shape[2:] != colours:
        raise FileError(f"{path} does not hold a portrait: its {name} is no picture; {AGAIN}")
    if not LEAST_FACE <= min(found.shape[:2]) <= max(found.shape[:2]) <= MOST_SIDE:
        raise FileError(f"{path} has a {name} of {found.shape[1]}x{found.shape[0]} pixels; {AGAIN}")
    return np.ascontiguousarray(found)


def _landmarks(arrays: dict[str, np.ndarray], stated: Fields, path: str | Path, side: int) -> Landmarks:
    points = arrays.get("points")
    if points is None or points.shape != (POINTS, 2):
        raise FileError(f"{path} does not hold a portrait: it lacks {POINTS} points; {AGAIN}")
    points = checked_numbers(points, f"{path} has points", AGAIN, FARTHEST * side)
    scores = arrays.get("scores")
    if scores is not None and scores.shape != (len(NAMES),):
        raise FileError(f"{path} has scores of shape {scores.shape}; {AGAIN}")
    weights = {} if scores is None else dict(zip(NAMES, checked_numbers(scores, f"{path} has scores", AGAIN, 2).tolist(), strict=True))
    try:
        return Landmarks(points, weights, stated.flag("by_hand"), "muzzle" in stated and stated.flag("muzzle"))
    except OptionError as error:
        raise FileError(f"{path} does not hold a portrait ({error}); {AGAIN}") from None
