"""Which real clips the default recipe takes from which folders; alignments are kept beside what is built."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align_clips, read_phones, with_phones
from visavox.data.readers.grid import read_grid
from visavox.data.readers.transcribed import read_ljspeech, read_sounds
from visavox.data.store.split import place_of
from visavox.errors import FileError
from visavox.fields import Fields
from visavox.io.documents import read_json
from visavox.recipes.default_material import RealClips, training_part

WORDS_SHARE = 0.5  # of the clips with words that training may use, chosen by a hash of their names; the others measure
Watch = Callable[[list[Clip]], Iterable[Clip]]


@dataclass(frozen=True)
class Sources:
    """Folders of real clips, or None: tracked `grid` clips, `ljspeech` with its words and more of them in a JSON file of `texts`, and
    folders of `unlabelled` speech."""

    grid: str | None = None
    ljspeech: str | None = None
    texts: str | None = None
    unlabelled: tuple[str, ...] = ()


def read_real_clips(folder: Path, sources: Sources, most: int | None = None, watch: Watch = iter) -> RealClips:
    """The clips of the folders that are given, at most `most` of each; forced alignments are written into `folder` once.

    `watch` passes clips on while they are aligned, which takes minutes for hundreds of them: it may show how far it is.
    """
    tracked, with_words, silent = [], [], []
    if sources.grid:
        tracked = training_part(_aligned(list(read_grid(Path(sources.grid), most)), folder / "grid_phones.jsonl", watch))
    if sources.ljspeech:
        read = read_ljspeech(Path(sources.ljspeech), "LJ Speech", "public domain", _texts(sources.texts))
        clips = list(islice((clip for clip in read if clip.transcript), most))
        aligned = sorted(_aligned(clips, folder / "ljspeech_phones.jsonl", watch), key=lambda clip: clip.name)
        with_words = [clip for clip in aligned if clip.phones and place_of(clip.name) < WORDS_SHARE]
    for each in sources.unlabelled:
        sounds = list(islice(read_sounds(Path(each)), most))
        _check_any(sounds, each, "unlabelled")
        silent += sounds
    _check_any(tracked, sources.grid, "grid")
    _check_any(with_words, sources.ljspeech, "ljspeech")
    return RealClips(tracked, with_words, silent)


def _check_any(clips: list[Clip], folder: str | None, option: str) -> None:
    if folder and not clips:
        raise FileError(f"{folder} holds no clip that --{option} could train on; give another folder or leave it out")


def _aligned(clips: list[Clip], path: Path, watch: Watch) -> list[Clip]:
    align_clips(watch(clips), path)
    return with_phones(clips, read_phones(path))


def _texts(path: str | None) -> dict[str, str]:
    if path is None:
        return {}
    advice = 'give {"texts": {clip: words}}, or leave --texts out'
    texts = Fields(read_json(path, advice), path, advice).fields("texts")
    return {clip: texts.text(clip) for clip in texts.value}
