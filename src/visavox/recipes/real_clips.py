"""Which real clips the default recipe takes from which folders; alignments are kept beside what is built."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align_clips, read_phones, with_phones
from visavox.data.readers.grid import read_grid
from visavox.data.readers.transcribed import read_ljspeech, read_sounds
from visavox.data.readers.who import UNSTATED, terms_of
from visavox.data.store.split import place_of
from visavox.errors import FileError
from visavox.fields import Fields
from visavox.io.documents import read_json
from visavox.recipes.default_material import RealClips, training_part
from visavox.recipes.share import spread

WORDS_SHARE = 0.5  # of the clips with words that training may use, chosen by a hash of their names; the others measure
Watch = Callable[[list[Clip]], Iterable[Clip]]


@dataclass(frozen=True)
class Sources:
    """Folders of real clips, or None: tracked `grid` clips, `ljspeech` with its words and more of them in a JSON file of `texts`, and
    folders of `unlabelled` speech. For the lip reader folders of tracked `people` who talk, and of such as say short `commands`."""

    grid: str | None = None
    ljspeech: str | None = None
    texts: str | None = None
    unlabelled: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def filmed(self) -> bool:
        """Whether there is somebody to learn lips from."""
        return bool(self.people or self.commands)

    @property
    def sounds(self) -> bool:
        """Whether there are sounds of people who are not seen."""
        return bool(self.unlabelled or self.ljspeech)

    @property
    def without_licence(self) -> list[str]:
        """The folders that do not say under which licence their clips are given."""
        folders = [each for each in (*self.unlabelled, *self.people, *self.commands) if Path(each).is_dir()]
        return [each for each in folders if terms_of(Path(each))[1] == UNSTATED]


def read_real_clips(folder: Path, sources: Sources, share: float = 1, watch: Watch = iter) -> RealClips:
    """That share of the clips of each of the folders that are given; forced alignments are written into `folder` once.

    `watch` passes clips on while they are aligned, which takes minutes for hundreds of them: it may show how far it is.
    """
    tracked, with_words = [], []
    if sources.grid:
        tracked = training_part(_aligned(spread(list(read_grid(Path(sources.grid))), share), folder / "grid_phones.jsonl", watch))
    if sources.ljspeech:
        clips = [clip for clip in _ljspeech(sources) if clip.transcript]
        aligned = sorted(_aligned(spread(clips, share), folder / "ljspeech_phones.jsonl", watch), key=lambda clip: clip.name)
        with_words = [clip for clip in aligned if clip.phones and place_of(clip.name) < WORDS_SHARE]
    silent = _unlabelled(sources, share)
    _check_any(tracked, sources.grid, "grid")
    _check_any(with_words, sources.ljspeech, "ljspeech")
    return RealClips(tracked, with_words, silent)


def read_all_sounds(sources: Sources, share: float = 1) -> list[Clip]:
    """That share of the sounds that need no words and no faces: of each folder of unlabelled speech, and of the clips with words."""
    return _unlabelled(sources, share) + spread(list(_ljspeech(sources)), share)


def _unlabelled(sources: Sources, share: float) -> list[Clip]:
    found = []
    for each in sources.unlabelled:
        sounds = spread(list(read_sounds(Path(each))), share)
        _check_any(sounds, each, "unlabelled")
        found += sounds
    return found


def _ljspeech(sources: Sources) -> Iterable[Clip]:
    return read_ljspeech(Path(sources.ljspeech), "LJ Speech", "public domain", _texts(sources.texts)) if sources.ljspeech else ()


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
