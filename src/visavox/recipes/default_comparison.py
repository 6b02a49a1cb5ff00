"""Whether a build did what made the shipped checkpoint, step by step, from what both say of their own making."""

from collections.abc import Sequence

from visavox.history import Training

NAMES = {  # of stages, as entries of a history from before they were named for what they train
    "hearing": "encoder", "refining": "encoder_on_words", "listening": "encoder_on_named", "distilling": "distillation",
    "styling": "style_encoder", "denoising": "denoiser", "denoiser_onward": "denoiser",
}  # fmt: skip
DECIDING = ("steps", "learning_rate", "seed", "ema")
UNKNOWN = "unknown"


def steps_of(history: Sequence[Training]) -> list[tuple[str, dict]]:
    """The trainings of a history in order: (stage, its settings), an older entry's read from its recipe."""
    found = []
    for training in history:
        steps = training.steps or tuple({"name": name, **loop} for name, loop in training.recipe.items() if _is_loop(loop))
        for step in steps:
            name = str(step.get("name", step.get("step", "")))
            found.append((NAMES.get(name, name), step))
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
