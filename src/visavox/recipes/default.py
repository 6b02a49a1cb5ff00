"""The recipe of the default checkpoint: synthetic corpus, hearing, styling, denoising, built-in styles."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from visavox.calibration import Calibration
from visavox.checkpoint import Checkpoint, save
from visavox.checkpoint_versions import BEFORE_HISTORY
from visavox.data.clip import Clip
from visavox.data.lips.agreed_lips import agreed_gaps, fit_shared_lips
from visavox.data.lips.lip_following import JAW
from visavox.data.material.encoded_recordings import RealLips, fit_real_lips, listen
from visavox.data.material.recogniser_features import TaughtSet, Teacher, filmed_measures, prepare_taught, real_sounds, spoken_sounds
from visavox.data.material.recordings import HeardSet, RecordingSet, join_rows, record
from visavox.data.material.speech_recordings import name_phones, prepare_spoken
from visavox.data.material.synthetic_recordings import prepare, prepare_tracked
from visavox.data.store.reading import open_store
from visavox.data.store.shards import read_shard
from visavox.data.store.split import place_of
from visavox.data.synth.corpus import build as build_corpus
from visavox.data.synth.corpus import left_to_build, plan
from visavox.data.synth.prerequisites import check_voices
from visavox.data.synth.teacher import Manner
from visavox.diffusion.schedule import schedule_of
from visavox.errors import FileError, OptionError
from visavox.history import Training
from visavox.io.style import read_style, write_style
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.face_config import small_config
from visavox.models.face_model import FaceModel
from visavox.models.log_mel import normalise as log_mel_normalise
from visavox.models.torch_engine import TorchEngine
from visavox.rigs.arkit import ARKIT, BROWS, PARTING
from visavox.rigs.heads.default_head import Head
from visavox.style import HeadStyle, Style
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.audio_encoder import Hearing, HearingTask
from visavox.train.tasks.denoiser import DenoisingConfig, DenoisingTask, LipGeometry
from visavox.train.tasks.distillation import Distilling, DistillingTask
from visavox.train.tasks.style_encoder import StylingTask

LICENCE = "Apache-2.0; trained on synthetic speech, GRID s1 and LibriSpeech (CC BY 4.0), LJ Speech (public domain); see the model card"
TAUGHT = "; its hearing was taught by Whisper base (MIT)"

STYLES = {
    "neutral": Manner(opening=1.1),
    "lively": Manner(opening=1.2, upper_lip=1.3, smile=0.2, head=1.6, head_speed=1.3, nod=1.8, brows=2.0, effort=0.1),
    "calm": Manner(opening=0.85, smile=0.08, head=0.5, head_speed=0.75, nod=0.6, brows=0.4, squint=0.1),
    "cheerful": Manner(opening=1.1, smile=0.45, spread=1.3, head=1.2, tilt=0.05, brows=1.3, brow_rest=0.12, squint=0.2),
    "stern": Manner(
        opening=1.0, smile=0.0, frown=0.22, press=0.08, head=0.8, nod=1.3, pitch=0.05, brows=0.6, brow_rest=-0.2, squint=0.2
    ),
    # a short upper lip or little rounding would bring the jaw back, which the filmed gap asks for
    "mumbling": Manner(opening=0.4, smile=0.05, sluggish=0.018, head=0.6, nod=0.5, brows=0.4, pitch=0.06),
    "emphatic": Manner(opening=1.35, rounding=1.2, spread=1.3, upper_lip=1.4, head=1.3, nod=2.4, brows=1.8, effort=0.2),
    "wry": Manner(opening=1.0, smile=0.25, asymmetry=0.25, head=1.1, tilt=-0.07, yaw=0.08, brows=1.2, brow_rest=0.08),
}  # fmt: skip


# Voices of the second hearing, three quarters of them English, by the first letters of their files.
FAMILIAR = ("shard-flite", "shard-festival-slt", "shard-festival-kal", "shard-espeak", "negatives",
            "shard-festival-lp", "shard-festival-ona", "shard-festival-nsh", "shard-festival-dita")  # fmt: skip
SPOKEN_COPIES, NAMED_COPIES = 12, 4
HELD_OUT_SHARE = 0.1  # of the filmed clips, which training never sees
FILMED = "filmed"  # the file of taught sounds that has measures of lips
FILMED_SPEED = 0.92  # at which the filmed clips are played once more to the teacher of hearing: they are many, of one voice
REHEARSED, REHEARSED_CLIPS = 4, 12  # steps of every training, and real clips of every kind, of a rehearsal

# What no sound tells, the model makes too small: its brows are scaled to move as the teacher's. (Its head is not: a gesture moves that.)
# And the lips part so far that an open vowel is open by its channels too. Made motion is scaled about the value at rest, so that it costs
# no training and opens no resting mouth.
CALIBRATION = Calibration(
    {
        **dict.fromkeys((*BROWS, "eyeWideLeft", "eyeWideRight"), (2.1, 0.0)),
        **dict.fromkeys(JAW, (1.35, 0.0)), **dict.fromkeys(PARTING, (2.8, 0.008)),
    }
)  # fmt: skip
USUAL_STYLE = "neutral"


@dataclass(frozen=True)
class DefaultRecipe:
    """Every number of the default checkpoint. `refining` and `listening` are the second and third hearing: on familiar voices and clips
    with known words, then also on clips whose phones the encoder named itself; `distilling` is the last, which a recogniser teaches.
    The shares are how often a file of real clips is drawn for each time that its length would have it drawn."""

    hours: float = 36.0
    corpus_seed: int = 1
    negative_files: int = 6
    hearing: LoopConfig = LoopConfig(steps=9000, learning_rate=1.5e-3, warm_up=150)
    refining: LoopConfig = LoopConfig(steps=2600, learning_rate=7e-4, warm_up=100, seed=5, ema=0.998)
    listening: LoopConfig = LoopConfig(steps=1300, learning_rate=4e-4, warm_up=100, seed=6, ema=0.998)
    distilling: LoopConfig = LoopConfig(steps=3000, learning_rate=7e-4, warm_up=100, seed=7, ema=0.998)
    styling: LoopConfig = LoopConfig(steps=200, learning_rate=6e-4, warm_up=100, seed=1)
    denoising: LoopConfig = LoopConfig(steps=7600, learning_rate=8e-4, warm_up=200, seed=2)
    continuing: LoopConfig = LoopConfig(steps=3600, learning_rate=6e-4, warm_up=60, seed=6, ema=0.997)
    task: DenoisingConfig = field(default_factory=DenoisingConfig)
    spoken_share: int = 4

    def rehearsal(self) -> "DefaultRecipe":
        """This recipe with minutes of speech and REHEARSED steps of every training: it runs all the code and teaches nothing."""
        short = self._with_loops({"steps": REHEARSED, "warm_up": 1, "log_every": 1})
        return replace(short, hours=0.3, negative_files=1)

    def in_precision(self, precision: str) -> "DefaultRecipe":
        """This recipe with every training computing in `precision`."""
        return self._with_loops({"precision": precision})

    def _with_loops(self, changes: dict) -> "DefaultRecipe":
        loops = {each.name: getattr(self, each.name) for each in fields(self) if isinstance(getattr(self, each.name), LoopConfig)}
        return replace(self, **{name: replace(loop, **changes) for name, loop in loops.items()})


@dataclass(frozen=True)
class RealClips:
    """What real people add: `tracked` clips with phones and lip measures, `spoken` clips with phones, `unlabelled` clips of sound only."""

    tracked: list[Clip] = field(default_factory=list)
    spoken: list[Clip] = field(default_factory=list)
    unlabelled: list[Clip] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What there is to train on: the `shards` of the corpus and their `hours`, files of recordings of `synthetic` speech and of
    `tracked` faces, and files of sounds with what a teacher hears in them, if there was one."""

    shards: list[Path]
    hours: float
    synthetic: list[Path]
    tracked: list[Path]
    taught: list[Path] = field(default_factory=list)


def check_material(folder: Path, recipe: DefaultRecipe) -> None:
    """Raises a DependencyError, before anything long begins, when a voice of the corpus that is still to be built is not installed."""
    check_voices(batch.voice for batch in left_to_build(folder / "corpus", plan(recipe.hours, recipe.corpus_seed)))


def make_material(folder: Path, recipe: DefaultRecipe, head: Head, real: RealClips, processes: int, report=print) -> Material:
    """The corpus and the recordings, made in `folder` as far as they are not there yet.

    Needs Debian's flite, festival with voices, and espeak-ng.
    """
    corpus, recordings = folder / "corpus", folder / "recordings"
    summary = build_corpus(corpus, plan(recipe.hours, recipe.corpus_seed), processes, report)
    shards = open_store(corpus).shards
    synthetic = prepare(shards, recordings, recipe.negative_files, processes, report)
    tracked = [prepare_tracked(real.tracked, head, recordings / "tracked.npz")] if real.tracked else []
    return Material(shards, summary["hours"], synthetic, tracked)


def make_taught(folder: Path, material: Material, real: RealClips, teacher: Teacher, report=print) -> Material:
    """`material` with files of its sounds, and those of the real clips, as `teacher` hears them; files already there are kept."""
    taught = folder / "taught"
    taught.mkdir(parents=True, exist_ok=True)
    jobs = [(name, real_sounds(clips), {}) for name, clips in (("unlabelled", real.unlabelled), ("spoken", real.spoken)) if clips]
    if real.tracked:
        jobs += [(FILMED, *filmed_measures(real.tracked)), ("slower", real_sounds(real.tracked, (FILMED_SPEED,)), {})]
    jobs += [(shard.stem, spoken_sounds(shard), {}) for shard in material.shards]
    files = []
    for number, (name, sounds, measures) in enumerate(jobs):
        files.append(prepare_taught(sounds, teacher, taught / f"{name}.npz", measures))
        report(number + 1, len(jobs), files[-1].name)
    return replace(material, taught=files)


def build(folder: Path, recipe: DefaultRecipe, head: Head, real: RealClips, material: Material, start: Checkpoint | None = None) -> Path:
    """The path of a checkpoint trained in `folder`, with its built-in styles in `folder`/styles; every step resumes.

    With `start` its weights are where training begins: its audio encoder is kept as it is, and the denoiser goes on for
    `recipe.continuing` steps. Where `material` has taught sounds, the encoder is trained on by them, whatever it was before.
    """
    if (folder / "heard").exists() and bool(material.taught) != (folder / "distilling").exists():
        raise FileError(f"{folder} was begun {'without' if material.taught else 'with'} a recogniser; build into another folder")
    if start is not None and any(training.note == BEFORE_HISTORY for training in start.history):
        raise OptionError(f"{start.source} was {BEFORE_HISTORY}; go on from a checkpoint of version 2")
    if start is None:
        model = new_model()
        hear(model, folder, recipe, material, real)
    else:
        model = start.model()
    agreed = agreed_gaps(_filmed(material), material.taught, model.audio_encoder) if material.taught and real.tracked else None
    if material.taught:
        distil(model, folder, recipe, material, real, agreed)
    lips = fit_lips_of(real, material, agreed, model.audio_encoder, head)
    heard = listen_to_all(model, folder, material.synthetic + spoken_files(model, folder, real), material.tracked, lips)
    normalise(model, heard, carry=start is not None)
    learn_styles(model, folder, recipe, heard)
    denoise(model, folder, recipe.denoising if start is None else recipe.continuing, recipe.task, head, heard)
    licence = LICENCE + (TAUGHT if material.taught else "")
    training = Training(recipe_json(recipe, material.hours), fingerprint(material.synthetic + material.tracked + material.taught))
    made = replace(Checkpoint.of(model, training, licence, start), calibration=CALIBRATION)
    write_styles(made, material.shards, folder / "styles", lips)
    path = folder / "default.safetensors"
    save(replace(made, usual_style=read_style(folder / "styles" / f"{USUAL_STYLE}.safetensors")), path)
    return path


def fit_lips_of(real: RealClips, material: Material, agreed: list[np.ndarray] | None, encoder: AudioEncoder, head: Head) -> RealLips | None:
    """The lips of the filmed clips, if there are any, as `encoder` reads them; where a gap was `agreed` on with a teacher, that one."""
    if not real.tracked:
        return None
    if agreed is None:
        return fit_real_lips(real.tracked, encoder, head)
    return fit_shared_lips(_filmed(material), material.taught, agreed, encoder, head)


def _filmed(material: Material) -> Path:
    return next(path for path in material.taught if path.stem == FILMED)


def spoken_files(model: FaceModel, folder: Path, real: RealClips) -> list[Path]:
    """The files of recordings of real speech without faces: clips with known words, and clips whose phones the encoder names."""
    recordings, files = folder / "recordings", []
    recordings.mkdir(parents=True, exist_ok=True)
    if real.spoken:
        files.append(_spoken_file(real, recordings))
    if real.unlabelled:
        path = recordings / "heard-named.npz"
        files.append(path if path.exists() else prepare_spoken(name_phones(real.unlabelled, model.audio_encoder), path, 2 * NAMED_COPIES))
    return files


def _spoken_file(real: RealClips, recordings: Path) -> Path:
    """The file of recordings of the clips with known words; made once."""
    path = recordings / "spoken.npz"
    return path if path.exists() else prepare_spoken(real.spoken, path, SPOKEN_COPIES)


def listen_to_all(model: FaceModel, folder: Path, unfilmed: list[Path], filmed: list[Path], lips: RealLips | None) -> HeardSet:
    """All recordings as the audio encoder of `model` hears them; where no face was filmed, with lips as the filmed speaker's."""
    jobs = [(path, lips) for path in unfilmed] + [(path, None) for path in filmed]
    return HeardSet([listen(path, folder / "heard", model.audio_encoder, lips_of) for path, lips_of in jobs])


def hear(model: FaceModel, folder: Path, recipe: DefaultRecipe, material: Material, real: RealClips) -> None:
    """Trains the audio encoder of `model` in up to three stages, each from the averaged weights of the one before."""
    recordings = folder / "recordings"
    hearing = Hearing(AudioEncoder(model.config.audio))
    _stage(hearing, RecordingSet(material.synthetic + material.tracked), recipe.hearing, folder / "hearing")
    if real.spoken:
        familiar = _familiar(material)
        spoken = [_spoken_file(real, recordings)] * recipe.spoken_share
        _stage(hearing, RecordingSet(familiar + spoken), recipe.refining, folder / "refining")
        if real.unlabelled:
            named = name_phones(real.unlabelled, hearing.encoder)
            named = [prepare_spoken(named, recordings / "named.npz", NAMED_COPIES)] * recipe.spoken_share
            _stage(hearing, RecordingSet(familiar + spoken + named), recipe.listening, folder / "listening")
    model.audio_encoder.load_state_dict(hearing.encoder.state_dict())


def distil(model: FaceModel, folder: Path, recipe: DefaultRecipe, material: Material, real: RealClips, agreed: list | None) -> None:
    """Trains the audio encoder of `model` to say, beside phones, what the teacher heard in the taught sounds, and the lip gap (N,) that
    was `agreed` on in each file of them, if there is one."""
    named = spoken_files(model, folder, real) * recipe.spoken_share
    taught = TaughtSet(material.taught)
    model.audio_encoder.train()
    distilling = Distilling(Hearing(model.audio_encoder), taught.taught.shape[1])
    gaps = None if agreed is None else np.concatenate(agreed)
    task = DistillingTask(distilling, RecordingSet(_familiar(material) + named), taught, gaps)
    train(task, recipe.distilling, folder / "distilling")
    distilling.load_state_dict(averaged_weights(folder / "distilling"))
    model.audio_encoder.eval()


def _familiar(material: Material) -> list[Path]:
    return [path for path in material.synthetic if path.name.startswith(FAMILIAR)] + material.tracked * 2


def _stage(hearing: Hearing, recordings: RecordingSet, config: LoopConfig, folder: Path) -> None:
    train(HearingTask(hearing, recordings), config, folder)
    hearing.load_state_dict(averaged_weights(folder))


def learn_styles(model: FaceModel, folder: Path, recipe: DefaultRecipe, recordings: HeardSet) -> None:
    """Trains the style encoder of `model` and leaves its averaged weights there."""
    train(StylingTask(model.style_encoder, model.normalizer, recordings), recipe.styling, folder / "styling")
    model.style_encoder.load_state_dict(averaged_weights(folder / "styling"))


def denoise(model: FaceModel, folder: Path, loop: LoopConfig, task: DenoisingConfig, head: Head, recordings: HeardSet) -> None:
    """Trains the denoiser of `model` on its frozen encoders and leaves the averaged weights there."""
    schedule = schedule_of(model.config.denoiser.schedule, model.config.denoiser.steps)
    train(DenoisingTask(model, recordings, schedule, LipGeometry(head), task), loop, folder / "denoising")
    model.load_state_dict(averaged_weights(folder / "denoising"))
    model.eval()


def training_part(clips: list[Clip]) -> list[Clip]:
    """The tracked clips that training may see: nine in ten by a hash of their names, with phones and a face in at least 90 % of their
    frames. Which they are depends on no other clip."""
    seen = [clip for clip in sorted(clips, key=lambda clip: clip.name) if place_of(clip.name) >= HELD_OUT_SHARE]
    return [clip for clip in seen if clip.phones and np.mean(clip.measures.ok) > 0.9]


def new_model() -> FaceModel:
    """An untrained model of the small configuration."""
    seed_weights(2)
    return FaceModel(small_config(ARKIT))


def normalise(model: FaceModel, recordings: HeardSet, carry: bool) -> None:
    """Gives `model` the statistics of the motion of `recordings`; with `carry` what it had learned under others is kept."""
    sample = recordings.motion[::7].astype(np.float32)
    (model.renormalise if carry else model.normalizer.set_statistics)(sample.mean(0), sample.std(0))


def write_styles(checkpoint: Checkpoint, shards: list[Path], folder: Path, lips: RealLips | None, recordings: int = 12) -> None:
    """Writes one style file for each manner of STYLES: the mean of the style vectors of the teacher's motion in that manner."""
    folder.mkdir(parents=True, exist_ok=True)
    model, rows = checkpoint.model(), []
    for shard in shards[:: max(len(shards) // 6, 1)]:
        rows += list(read_shard(shard))[:30]
    sounds = join_rows(rows, np.random.default_rng(11))[:recordings]
    for name, manner in STYLES.items():
        windows = []
        for number, (sound, phones) in enumerate(sounds):
            made = record(sound, phones, manner, 0, np.random.default_rng(number))
            motion = made.motion
            if lips is not None:
                features = model.audio_encoder.listen(log_mel_normalise(made.mel)[None])[0]
                motion = lips.open(motion, features, made.phones, manner)
            windows += [motion[start : start + 100] for start in range(0, len(motion) - 99, 100)]
        vectors = TorchEngine(model).encode_style(model.normalizer.normalise(np.stack(windows)))
        write_style(Style(vectors.mean(0), checkpoint.style_encoder, name, head_style(manner)), folder / f"{name}.safetensors")


def head_style(manner: Manner) -> HeadStyle:
    """How the head of somebody with a manner moves: as far and as fast, with beats as large, and held half as far aside, since a speaker
    turns to whoever listens."""
    rest = tuple(float(np.degrees(angle) / 2) for angle in (manner.pitch, manner.yaw, manner.tilt))
    return HeadStyle(amplitude=manner.head, speed=manner.head_speed, beats=manner.nod**0.5, rest=rest)


def recipe_json(recipe: DefaultRecipe, hours: float) -> dict:
    """The recipe as plain JSON, with the hours that the corpus really has."""
    return asdict(recipe) | {"name": "default", "corpus_hours": hours}


def fingerprint(paths: list[Path]) -> str:
    """A hash (16 digits) of the names and sizes of the files of recordings."""
    listing = json.dumps(sorted((path.name, path.stat().st_size) for path in paths))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]
