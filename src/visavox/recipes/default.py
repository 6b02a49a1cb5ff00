"""The recipe of the default checkpoint, from top to bottom: audio encoder, distillation, lips, style encoder, denoiser, built-in styles."""

from dataclasses import asdict, replace
from pathlib import Path

from visavox.checkpoint import Checkpoint, save
from visavox.checkpoint_versions import BEFORE_HISTORY
from visavox.data.lips.agreed_lips import agreed_gaps
from visavox.errors import OptionError
from visavox.history import Training
from visavox.io.style import read_style
from visavox.recipes.default_choices import DefaultRecipe, recipe_json
from visavox.recipes.default_material import Material, RealClips
from visavox.recipes.default_stages import (
    distil,
    encode_all,
    fit_lips,
    new_model,
    normalise,
    speech_recordings,
    train_denoiser,
    train_encoder,
    train_style_encoder,
)
from visavox.recipes.default_styles import write_styles
from visavox.rigs.heads.default_head import Head
from visavox.version import VERSION

WEIGHTS_LICENCE = "Apache-2.0"  # that the project gives its weights; whose sounds they learned from is added up from the clips


def build(folder: Path, recipe: DefaultRecipe, head: Head, real: RealClips, material: Material, start: Checkpoint | None = None) -> Path:
    """The path of a checkpoint trained in `folder`, with its built-in styles in `folder`/styles; every step resumes.

    With `start` its weights are where training begins: its audio encoder is kept as it is, and the denoiser goes on for
    `recipe.denoiser_onward`. Where `material` has recogniser features, the encoder is trained on by them, whatever it was before. A
    FileError names the difference when `folder` holds anything that was made with other inputs or settings.
    """
    if start is not None and any(training.note == BEFORE_HISTORY for training in start.history):
        raise OptionError(f"{start.source} was {BEFORE_HISTORY}; go on from a checkpoint of version 2")
    if start is None:
        model = new_model(recipe)
        train_encoder(model, folder, recipe, material, real)
    else:
        model = start.model()
    filmed = material.filmed_features
    agreed = agreed_gaps(filmed, material.feature_paths, model.audio_encoder) if filmed else None
    speech = speech_recordings(model, folder, recipe, real)
    if material.features:
        distil(model, folder, recipe, material, speech, agreed)
    lips = fit_lips(real, material, agreed, model.audio_encoder, head)
    encoded = encode_all(model, folder, material, speech, lips)
    normalise(model, encoded, recipe.statistics_every, carry=start is not None)
    train_style_encoder(model, folder, recipe, encoded)
    train_denoiser(model, folder, recipe, recipe.denoiser if start is None else recipe.denoiser_onward, head, encoded)
    training = training_of(recipe, material, speech, stages(material, real, start is not None))
    made = replace(Checkpoint.of(model, training, WEIGHTS_LICENCE, start), calibration=recipe.calibration)
    write_styles(made, [shard.path for shard in material.shards], folder / "styles", lips, recipe.styles)
    path = folder / "default.safetensors"
    save(replace(made, usual_style=read_style(folder / "styles" / f"{recipe.styles.usual}.safetensors")), path)
    return path


def training_of(recipe: DefaultRecipe, material: Material, speech: list[Path], ran: list[str]) -> Training:
    """What a checkpoint says of this training: every number, a hash of all files of material, the sources as the clips state them, the
    stages that `ran`, and the models it was distilled from."""
    steps = tuple({"name": name, **asdict(recipe.loops[name])} for name in ran)
    numbers = recipe_json(recipe, material.hours)
    return Training(numbers, material.digest(speech), material.sources, steps, material.distilled_from, VERSION)


def stages(material: Material, real: RealClips, goes_on: bool) -> list[str]:
    """The names of the trainings that run, in order; `goes_on` where they start from a checkpoint."""
    found = [] if goes_on else ["encoder"]
    if real.with_words and not goes_on:
        found += ["encoder_on_words", *(["encoder_on_named"] if real.unlabelled else [])]
    found += ["distillation"] if material.features else []
    return [*found, "style_encoder", "denoiser_onward" if goes_on else "denoiser"]
