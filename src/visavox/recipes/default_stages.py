"""The stages of the default recipe: each trains one part of a model in a folder of its own, named as its numbers are in the recipe."""

from pathlib import Path

import numpy as np

from visavox.data.lips.agreed_lips import fit_shared_lips
from visavox.data.lips.filmed_lips import FilmedLips, fit_filmed_lips
from visavox.data.material.encoded_recordings import encode_recordings
from visavox.data.material.recogniser_features import RecogniserFeatures
from visavox.data.material.recordings import EncodedSet, RecordingSet
from visavox.diffusion.schedule import schedule_of
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.face_config import small_config
from visavox.models.face_model import FaceModel
from visavox.models.renormalisation import renormalise
from visavox.recipes.default_choices import DefaultRecipe
from visavox.recipes.default_material import Kind, Material, RealClips, named_recordings, words_recordings
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.train.face_losses import LipGeometry
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.audio_encoder import AudioEncoderTask, EncoderWithArticulations
from visavox.train.tasks.denoiser import DenoisingTask
from visavox.train.tasks.distillation import DistillationTask, EncoderWithReadings
from visavox.train.tasks.style_encoder import StylingTask


def new_model(recipe: DefaultRecipe) -> FaceModel:
    """An untrained model of the small configuration."""
    seed_weights(recipe.weights_seed)
    return FaceModel(small_config(ARKIT))


def train_encoder(model: FaceModel, folder: Path, recipe: DefaultRecipe, material: Material, real: RealClips) -> None:
    """Trains the audio encoder of `model` on phones in up to three stages, each from the averaged weights of the one before."""
    reading = EncoderWithArticulations(AudioEncoder(model.config.audio))
    filmed = material.recordings_of(Kind.FILMED)
    _train_phones(reading, material.recordings_of(Kind.SYNTHETIC, Kind.NOISE) + filmed, recipe, "encoder", folder)
    if real.with_words:
        files = _familiar(material, recipe) + words_recordings(folder, recipe, real) * recipe.speech_share
        _train_phones(reading, files, recipe, "encoder_on_words", folder)
        if real.unlabelled:
            named = folder / "recordings" / "named_for_encoder.npz"
            files += named_recordings(named, reading.encoder, real, recipe.named_copies) * recipe.speech_share
            _train_phones(reading, files, recipe, "encoder_on_named", folder)
    model.audio_encoder.load_state_dict(reading.encoder.state_dict())


def _train_phones(reading: EncoderWithArticulations, files: list[Path], recipe: DefaultRecipe, stage: str, folder: Path) -> None:
    train(AudioEncoderTask(reading, RecordingSet(files), recipe.clips), recipe.loops[stage], folder / stage)
    reading.load_state_dict(averaged_weights(folder / stage))


def _familiar(material: Material, recipe: DefaultRecipe) -> list[Path]:
    return material.familiar(recipe.familiar_voices) + material.recordings_of(Kind.FILMED) * recipe.filmed_share


def speech_recordings(model: FaceModel, folder: Path, recipe: DefaultRecipe, real: RealClips) -> list[Path]:
    """The files of recordings of real speech without faces: clips with known words, and clips whose phones the model names."""
    named = folder / "recordings" / "named.npz"
    return words_recordings(folder, recipe, real) + named_recordings(named, model.audio_encoder, real, 2 * recipe.named_copies)


def distil(
    model: FaceModel, folder: Path, recipe: DefaultRecipe, material: Material, speech: list[Path], agreed: list[np.ndarray] | None
) -> None:
    """Trains the audio encoder of `model` to give, beside phones, the recogniser's features of sounds, and the lip gap (N,) that was
    `agreed` on in each file of them, if there is one. `speech` are files of real speech without faces."""
    features = RecogniserFeatures(material.feature_paths)
    model.audio_encoder.train()
    distilling = EncoderWithReadings(EncoderWithArticulations(model.audio_encoder), features.features.shape[1])
    gaps = None if agreed is None else np.concatenate(agreed)
    recordings = RecordingSet(_familiar(material, recipe) + speech * recipe.speech_share)
    task = DistillationTask(distilling, recordings, features, gaps, clips=recipe.clips)
    train(task, recipe.distillation, folder / "distillation")
    distilling.load_state_dict(averaged_weights(folder / "distillation"))
    model.audio_encoder.eval()


def fit_lips(real: RealClips, material: Material, agreed: list[np.ndarray] | None, encoder: AudioEncoder, head: Head) -> FilmedLips | None:
    """The lips of the filmed clips, if there are any, as `encoder` reads them; where a gap was `agreed` on with a recogniser, that one."""
    if not real.tracked:
        return None
    if agreed is None:
        return fit_filmed_lips(real.tracked, encoder, head)
    return fit_shared_lips(material.filmed_features, material.feature_paths, agreed, encoder, head)


def encode_all(model: FaceModel, folder: Path, material: Material, speech: list[Path], lips: FilmedLips | None) -> EncodedSet:
    """All recordings, those of real `speech` included, as the audio encoder of `model` encodes them; where no face was filmed, with lips
    as the filmed speaker's."""
    jobs = [(path, lips) for path in material.recordings_of(Kind.SYNTHETIC, Kind.NOISE) + speech]
    jobs += [(path, None) for path in material.recordings_of(Kind.FILMED)]
    return EncodedSet([encode_recordings(path, folder / "encoded", model.audio_encoder, lips_of) for path, lips_of in jobs])


def normalise(model: FaceModel, recordings: EncodedSet, every: int, carry: bool) -> None:
    """Gives `model` the statistics of one in `every` frames of `recordings`; with `carry` what it had learned under others is kept."""
    sample = recordings.motion[::every].astype(np.float32)
    mean, std = sample.mean(0), sample.std(0)
    if carry:
        renormalise(model, mean, std)
    else:
        model.normalizer.set_statistics(mean, std)


def train_style_encoder(model: FaceModel, folder: Path, recipe: DefaultRecipe, recordings: EncodedSet) -> None:
    """Trains the style encoder of `model` and leaves its averaged weights there."""
    task = StylingTask(model.style_encoder, model.normalizer, recordings, recipe.manners)
    train(task, recipe.style_encoder, folder / "style_encoder")
    model.style_encoder.load_state_dict(averaged_weights(folder / "style_encoder"))


def train_denoiser(model: FaceModel, folder: Path, recipe: DefaultRecipe, loop: LoopConfig, head: Head, recordings: EncodedSet) -> None:
    """Trains the denoiser of `model` on its frozen encoders and leaves the averaged weights there."""
    schedule = schedule_of(model.config.denoiser.schedule, model.config.denoiser.steps)
    train(DenoisingTask(model, recordings, schedule, LipGeometry(head), recipe.task), loop, folder / "denoiser")
    model.load_state_dict(averaged_weights(folder / "denoiser"))
    model.eval()
