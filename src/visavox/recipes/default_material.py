"""What the default recipe is trained on: files of which each says what kind it is of, where all of it comes from, what was distilled."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.material.recogniser_features import (
    Recognise,
    SoundGroups,
    filmed_measures,
    prepare_recogniser_features,
    real_sounds,
    synthetic_sounds,
)
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.speech_recordings import name_phones, prepare_speech
from visavox.data.material.synthetic_recordings import prepare, prepare_tracked
from visavox.data.origins import sources_of, sources_of_shards
from visavox.data.store.split import place_of
from visavox.data.synth.corpus import build as build_corpus
from visavox.data.synth.corpus import left_to_build, plan, shard_path
from visavox.data.synth.negatives import LICENCE as NOISE_LICENCE
from visavox.data.synth.negatives import SOURCE as NOISE_SOURCE
from visavox.data.synth.prerequisites import check_voices
from visavox.history import Source
from visavox.io.kept import file_digest, files_digest
from visavox.models.audio_encoder import AudioEncoder
from visavox.recipes.default_choices import DefaultRecipe
from visavox.rigs.heads.default_head import Head


class Kind(StrEnum):
    """What a file of material sounds like."""

    SYNTHETIC = "speech of a speech engine"
    NOISE = "no speech"
    FILMED = "speech of filmed people"
    SLOWER = "speech of filmed people, slower"
    WORDS = "speech of known words"
    NAMED = "speech whose phones the audio encoder named"
    UNLABELLED = "speech of unknown words"


@dataclass(frozen=True)
class MaterialFile:
    """A file of material, its kind, and for synthetic speech the `voice`, "engine:voice" or an engine of many."""

    path: Path
    kind: Kind
    voice: str = ""


@dataclass(frozen=True)
class RealClips:
    """Of real people: `tracked` clips with phones and lip measures, clips `with_words` have phones, `unlabelled` clips of sound only."""

    tracked: list[Clip] = field(default_factory=list)
    with_words: list[Clip] = field(default_factory=list)
    unlabelled: list[Clip] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What there is to train on: the `shards` of the corpus and their `hours`, files of `recordings`; files of `features` that a
    recogniser gave, if there was one; the `sources` of all sounds, and the models `distilled_from`, each a name and a licence."""

    shards: list[MaterialFile]
    hours: float
    recordings: list[MaterialFile]
    features: list[MaterialFile] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    distilled_from: tuple[dict, ...] = ()

    def recordings_of(self, *kinds: Kind) -> list[Path]:
        """The files of recordings of these kinds."""
        return [each.path for each in self.recordings if each.kind in kinds]

    def familiar(self, voices: Iterable[str]) -> list[Path]:
        """The files of recordings of these voices, and those without speech."""
        wanted = set(voices)
        return [each.path for each in self.recordings if each.voice in wanted or each.kind is Kind.NOISE]

    @property
    def feature_paths(self) -> list[Path]:
        """All files of recogniser features."""
        return [each.path for each in self.features]

    @property
    def filmed_features(self) -> Path | None:
        """The file of recogniser features with measures of lips, if there is one."""
        return next((each.path for each in self.features if each.kind is Kind.FILMED), None)

    def digest(self, speech: Iterable[Path] = ()) -> str:
        """A hash (16 digits) of the content of all files that are trained on, those of real `speech` included."""
        return files_digest([*(each.path for each in self.recordings), *self.feature_paths, *speech])


def check_material(folder: Path, recipe: DefaultRecipe) -> None:
    """Raises a DependencyError, before anything long begins, when a voice of the corpus that is still to be built is not installed."""
    check_voices(batch.voice for batch in left_to_build(folder / "corpus", plan(recipe.hours, recipe.corpus_seed)))


def make_material(folder: Path, recipe: DefaultRecipe, head: Head, real: RealClips, processes: int, report=print) -> Material:
    """The corpus and the recordings, made in `folder` as far as they are not there yet; a FileError for what was made otherwise.

    Needs Debian's flite, festival with voices, and espeak-ng.
    """
    corpus, recordings = folder / "corpus", folder / "recordings"
    batches = plan(recipe.hours, recipe.corpus_seed)
    summary = build_corpus(corpus, batches, processes, report)
    shards = sorted((MaterialFile(shard_path(corpus, batch), Kind.SYNTHETIC, batch.voice) for batch in batches), key=lambda file: file.path)
    paths = [shard.path for shard in shards]
    made = prepare(paths, recordings, recipe.negative_files, processes, report)
    files = [MaterialFile(path, Kind.SYNTHETIC, shard.voice) for path, shard in zip(made, shards, strict=False)]
    noise = made[len(shards) :]
    files += [MaterialFile(path, Kind.NOISE) for path in noise]
    if real.tracked:
        files.append(MaterialFile(prepare_tracked(real.tracked, head, recordings / "tracked.npz"), Kind.FILMED))
    sources = sources_of_shards(paths) + _noise_sources(noise) + sources_of([*real.tracked, *real.with_words, *real.unlabelled])
    return Material(shards, summary["hours"], files, sources=sources)


def _noise_sources(files: list[Path]) -> tuple[Source, ...]:
    sets = [(file, RecordingSet([file])) for file in files]
    return tuple(Source(NOISE_SOURCE, NOISE_LICENCE, "", len(each.length), round(each.hours, 4), file_digest(file)) for file, each in sets)


def make_recogniser_features(
    folder: Path, recipe: DefaultRecipe, material: Material, real: RealClips, recogniser: Recognise, report=print
) -> Material:
    """`material` with files of its sounds, and those of the real clips, as `recogniser` encodes them; files already there are kept."""
    jobs: list[tuple[str, Kind, SoundGroups, dict]] = []
    if real.unlabelled:
        jobs.append(("unlabelled", Kind.UNLABELLED, real_sounds(real.unlabelled), {}))
    if real.with_words:
        jobs.append(("words", Kind.WORDS, real_sounds(real.with_words), {}))
    if real.tracked:
        jobs.append(("filmed", Kind.FILMED, *filmed_measures(real.tracked)))
        jobs.append(("slower", Kind.SLOWER, real_sounds(real.tracked, (recipe.slower,)), {}))
    jobs += [(shard.path.stem, shard.kind, synthetic_sounds(shard.path), {}) for shard in material.shards]
    files = []
    for number, (name, kind, sounds, measures) in enumerate(jobs):
        path = prepare_recogniser_features(sounds, recogniser, folder / "recogniser_features" / f"{name}.npz", measures)
        files.append(MaterialFile(path, kind))
        report(number + 1, len(jobs), path.name)
    about = getattr(recogniser, "about", None)
    return replace(material, features=files, distilled_from=(about,) if about else ())


def words_recordings(folder: Path, recipe: DefaultRecipe, real: RealClips) -> list[Path]:
    """The file of recordings of the clips with known words, if there are any; made once."""
    return [prepare_speech(real.with_words, folder / "recordings" / "words.npz", recipe.word_copies)] if real.with_words else []


def named_recordings(path: Path, encoder: AudioEncoder, real: RealClips, copies: int) -> list[Path]:
    """The file `path` of recordings of the unlabelled clips whose phones `encoder` names best, if there are any; made once."""
    return [prepare_speech(name_phones(real.unlabelled, encoder), path, copies)] if real.unlabelled else []


def training_part(clips: list[Clip], held_out: float = DefaultRecipe.held_out, seen: float = DefaultRecipe.seen) -> list[Clip]:
    """The tracked clips that training may see: all but a share `held_out` by a hash of their names, with phones and a face in more than
    a share `seen` of their frames. Which they are depends on no other clip."""
    kept = [clip for clip in sorted(clips, key=lambda clip: clip.name) if place_of(clip.name) >= held_out]
    return [clip for clip in kept if clip.phones and np.mean(clip.measures.ok) > seen]
