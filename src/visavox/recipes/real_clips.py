"""Which real clips the default recipe takes from which folders; alignments are kept beside what is built."""

import json
from pathlib import Path

from visavox.data.align import align_clips, read_phones, with_phones
from visavox.data.clip import Clip
from visavox.data.read_grid import read_grid
from visavox.data.read_text import read_ljspeech, read_sounds
from visavox.errors import FileError
from visavox.recipes.default import RealClips, training_part


def read_real_clips(folder: Path, grid: str | None, ljspeech: str | None, texts: str | None, unlabelled: str | None) -> RealClips:
    """The clips of the folders that are given; forced alignments are written into `folder` once."""
    tracked, spoken, silent = [], [], []
    if grid:
        tracked = training_part(_aligned(list(read_grid(Path(grid))), folder / "grid_phones.jsonl"))
    if ljspeech:
        clips = list(read_ljspeech(Path(ljspeech), "LJ Speech", "public domain", _texts(texts)))
        aligned = sorted(_aligned(clips, folder / "ljspeech_phones.jsonl"), key=lambda clip: clip.name)
        spoken = [clip for clip in aligned if clip.phones][::2]
    if unlabelled:
        silent = list(read_sounds(Path(unlabelled), "LibriSpeech", "CC BY 4.0"))
    return RealClips(tracked, spoken, silent)


def _aligned(clips: list[Clip], path: Path) -> list[Clip]:
    align_clips(clips, path)
    return with_phones(clips, read_phones(path))


def _texts(path: str | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        return dict(json.loads(Path(path).read_text(encoding="utf-8"))["texts"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f'{path} is not a JSON file of {{"texts": {{clip: words}}}} ({error}); mend it or leave --texts out') from None
