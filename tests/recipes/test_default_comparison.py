"""What a build says of the shipped checkpoint: nothing when it did the same, else the step that differs."""

from dataclasses import asdict, replace

import pytest

from visavox.checkpoint import load
from visavox.history import Training
from visavox.io.assets import default_checkpoint
from visavox.recipes.default_choices import DefaultRecipe
from visavox.recipes.default_comparison import differences, planned, recipe_differences, steps_of
from visavox.recipes.lip_people import LipRecipe
from visavox.recipes.streaming import STREAMING

RECIPE = DefaultRecipe()


def history(recipe: DefaultRecipe, data: str = "a", stages=("encoder", "style_encoder", "denoiser")) -> list[Training]:
    return [Training({}, data, steps=tuple({"name": name, **asdict(recipe.loops[name])} for name in stages))]


def test_the_same_steps_on_the_same_data_do_not_differ():
    assert differences(history(RECIPE), history(RECIPE)) == []
    older = {"hearing": asdict(RECIPE.encoder), "styling": asdict(RECIPE.style_encoder), "denoising": asdict(RECIPE.denoiser)}
    assert differences(history(RECIPE), [Training(older, "a")]) == []  # the names of stages were others


@pytest.mark.parametrize(("change", "value"), [("steps", 3), ("learning_rate", 0.5), ("seed", 99), ("ema", 0.5)])
def test_the_step_that_differs_is_named_with_both_numbers(change, value):
    other = replace(RECIPE, style_encoder=replace(RECIPE.style_encoder, **{change: value}))
    (line,) = differences(history(other), history(RECIPE))
    usual = getattr(RECIPE.style_encoder, change)
    assert line.startswith("style_encoder: ") and f"{change} {value}" in line and f"{change} {usual}" in line


def test_steps_that_only_one_ran_and_other_data_are_named():
    lines = differences(history(RECIPE, "b", ("encoder", "denoiser")), history(RECIPE, "a"))
    assert lines[0].startswith("style_encoder: not run here") and lines[1] == "data: b here, a shipped" and len(lines) == 2
    assert differences(history(RECIPE, "unknown"), history(RECIPE, "unknown"))[0].startswith("data: unknown here")


def test_the_recipe_itself_is_held_against_a_checkpoint_without_building():
    recipe, lips = DefaultRecipe(), LipRecipe()
    same = replace(load(default_checkpoint()), history=tuple(planned(recipe, lips)), calibration=recipe.calibration)
    assert recipe_differences(recipe, lips, same) == []
    other = replace(recipe, task=replace(recipe.task, clips=5), style_encoder=replace(recipe.style_encoder, steps=3))
    stage, number = recipe_differences(other, lips, same)
    assert stage.startswith("style_encoder: steps 3,") and number == f"task.clips: 5 here, {recipe.task.clips} shipped"
    (line,) = recipe_differences(recipe, replace(lips, dropout=0.7), same)
    assert line == f"dropout: 0.7 here, {lips.dropout} shipped"


def test_what_the_recipe_and_the_shipped_checkpoint_both_state_is_the_same_number():
    """Each number once: only the trainings, which were many, may be others than today's, and a speed that was drawn at random."""
    lines = recipe_differences(DefaultRecipe(), LipRecipe(), load(default_checkpoint()))
    stages = {name for name, _ in steps_of(planned(DefaultRecipe(), LipRecipe()))}
    assert [line for line in lines if line.partition(":")[0] not in stages and not line.startswith("of ")] == [
        "slower: 0.92 here, at random shipped"
    ]
    assert lines[-1].endswith("it says nothing: weights_seed, material.encoded_recordings.STRETCH")
    assert not any(line.startswith("encoder: ") for line in lines), "it was trained once, as the recipe says"


def test_the_shipped_checkpoint_lists_its_steps_in_order():
    shipped = load(default_checkpoint()).history
    names = [name for name, _ in steps_of(shipped) if not name.startswith(STREAMING)]
    assert names[:3] == ["encoder", "encoder_on_words", "encoder_on_named"] and names[-1] == "lip reader"
    assert all("steps" in step for _, step in steps_of(shipped))
