"""Whether a build did, or the recipe would do, what made the shipped checkpoint: step by step and number by number, from what checkpoints
say of their own making."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from visavox.checkpoint import Checkpoint
from visavox.history import Training
from visavox.recipes.default_choices import DefaultRecipe, recipe_json
from visavox.recipes.lip_people import LIP_READER, LipRecipe

NAMES = {  # of stages, as entries of a history from before they were named for what they train
    "hearing": "encoder", "refining": "encoder_on_words", "listening": "encoder_on_named", "distilling": "distillation",
    "styling": "style_encoder", "denoising": "denoiser", "denoiser_onward": "denoiser",
}  # fmt: skip
RENAMED = {"spoken_share": "speech_share"}  # numbers of a recipe, as entries of a history call them
LEFT_OUT = ("name", "hours", "corpus_hours", "denoiser_onward")  # no choice of a run from nothing: a label, what there was, another start
DECIDING = ("steps", "learning_rate", "seed", "ema")
UNKNOWN = "unknown"


def steps_of(history: Sequence[Training]) -> list[tuple[str, dict]]:
    """The trainings of a history in order: (stage, its settings), of which an older entry's are in its recipe."""
    found = []
    for training in history:
        loops = {name: loop for name, loop in training.recipe.items() if _is_loop(loop)}
        for step in training.steps or tuple({"name": name} for name in loops):
            name = str(step.get("name", step.get("step", "")))
            loop = loops.get(name, {})
            same = step.get("steps") in (None, loop.get("steps"))  # else the stage was run otherwise than the recipe beside it says
            found.append((NAMES.get(name, name), (loop if same else {}) | step))
    return found


def differences(made: Sequence[Training], shipped: Sequence[Training]) -> list[str]:
    """A line for every stage in which the history `made` differs from the `shipped` one, in the order of stages, and one for the data;
    empty when both did the same with the same."""
    own, theirs = _by_stage(made), _by_stage(shipped)
    lines = []
    for stage in dict.fromkeys([*theirs, *own]):
        here, there = own.get(stage, []), theirs.get(stage, [])
        if len(here) != len(there) or any(_differing(one, other) for one, other in zip(here, there, strict=True)):
            lines.append(f"{stage}: {_in_words(here)} here, {_in_words(there)} shipped")
    data, theirs_data = ([training.data for training in history] for history in (made, shipped))
    if data != theirs_data or UNKNOWN in data:
        lines.append(f"data: {', '.join(data)} here, {', '.join(theirs_data)} shipped")
    return lines


def planned(recipe: DefaultRecipe, lips: LipRecipe) -> list[Training]:
    """The history of a checkpoint that these recipes would make from nothing, with every kind of material at hand."""
    steps = [{"name": name, **asdict(loop)} for name, loop in recipe.loops.items() if name not in LEFT_OUT]
    lip_step = {"name": LIP_READER, **asdict(lips.loop)}
    return [
        Training(recipe_json(recipe, recipe.hours), UNKNOWN, steps=tuple(steps)),
        Training(asdict(lips) | {"name": LIP_READER}, UNKNOWN, steps=(lip_step,)),
    ]


def recipe_differences(recipe: DefaultRecipe, lips: LipRecipe, shipped: Checkpoint) -> list[str]:
    """A line for every stage and every number in which these recipes differ from how the checkpoint `shipped` says it was made, and one
    that counts the numbers of which it says nothing."""
    plan = planned(recipe, lips)
    stages = [line for line in differences(plan, shipped.history) if not line.startswith("data: ")]
    theirs = _numbers(shipped.history) | dict(_flat("calibration", shipped.calibration.to_json()))
    own, usual = _numbers(plan), shipped.usual_style
    theirs |= {"styles.usual": usual.name} if usual else {}
    lines = [f"{name}: {value} here, {theirs[name]} shipped" for name, value in own.items() if name in theirs and theirs[name] != value]
    silent = [name for name in own if name not in theirs]
    return stages + lines + ([f"of {len(silent)} of {len(own)} numbers it says nothing: {', '.join(silent)}"] if silent else [])


def _numbers(history: Sequence[Training]) -> dict[str, object]:
    """Every number of the recipes of a history that is no setting of a training loop, by its name: the last that was stated."""
    found = {}
    for training in history:
        for name, value in training.recipe.items():
            if not _is_loop(value) and name not in LEFT_OUT:
                found |= _flat(RENAMED.get(name, name), value)
    return found


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """`value` with its name, and each entry of a dictionary with the path to it."""
    if isinstance(value, Mapping):
        for inner, each in value.items():
            yield from _flat(f"{name}.{inner}", each)
    else:
        yield name, list(value) if isinstance(value, tuple) else value


def _by_stage(history: Sequence[Training]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for stage, step in steps_of(history):
        found.setdefault(stage, []).append(step)
    return found


def _differing(one: dict, other: dict) -> bool:
    return any(one.get(name) != other.get(name) for name in DECIDING)


def _in_words(steps: list[dict]) -> str:
    return " then ".join(", ".join(f"{name} {step[name]}" for name in DECIDING if name in step) for step in steps) or "not run"


def _is_loop(value: object) -> bool:
    return isinstance(value, dict) and {"steps", "learning_rate"} <= set(value)
