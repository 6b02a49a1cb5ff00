"""The denoiser of a checkpoint adapted to a person: low-rank changes or all weights, as long as held-out pieces are the better for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from visavox.adapt.habits import usual_head
from visavox.adapt.person import Person
from visavox.adapt.replay import person_examples, replay_examples, sounds_to_replay
from visavox.audio import Audio
from visavox.checkpoint import Checkpoint
from visavox.diffusion.schedule import schedule_of
from visavox.models.face_model import FaceModel
from visavox.models.low_rank import add_low_rank, merge_low_rank
from visavox.style import Style
from visavox.train.face_losses import LipGeometry
from visavox.train.loop import LoopConfig, best_weights, seed_weights, train, validate
from visavox.train.processes import Processes
from visavox.train.tasks.adaptation import AdaptationConfig, AdaptationTask
from visavox.train.tasks.denoiser import DenoisingConfig

FEWEST, STEPS_A_SECOND, MOST = 100, 2, 1000
PERSON, REPLAY, UNSEEN = "person.npz", "replay.npz", "held_out.npz"


@dataclass(frozen=True)
class DenoisingPart:
    """How the denoiser is adapted: by changes of `rank`, of all weights where 0; the head, which a gesture moves, counts nothing. A loop
    of 0 steps takes as many as the seconds are worth."""

    rank: int = 16
    loop: LoopConfig = LoopConfig(
        steps=0, learning_rate=2e-3, warm_up=20, weight_decay=0.0, ema=0.98, save_every=20, validate_every=20, validation_rounds=4,
        log_every=20, patience=4,
    )  # fmt: skip
    task: AdaptationConfig = AdaptationConfig(usual=DenoisingConfig(head=0.0, head_speed=0.0, head_smooth=0.0))


@dataclass(frozen=True, eq=False)
class Adapted:
    """A checkpoint with an adapted denoiser, and what its history says: steps taken, and the loss on held-out pieces before and after."""

    checkpoint: Checkpoint
    record: dict


def adapt_denoiser(start: Checkpoint, person: Person, style: Style, part: DenoisingPart, folder: Path, training: "Running") -> Adapted:
    """`start` with its denoiser adapted to `person`, who speaks in `style`; the run is kept in `folder`, and resumes."""
    model = _learning(start, part, training.seed)
    learned, held = person.learned, person.held_out or person.learned
    replay = replay_examples(start, sounds_to_replay(learned, training.others), model, folder / REPLAY) if part.task.replayed else None
    schedule = schedule_of(model.config.denoiser.schedule, model.config.denoiser.steps)
    shared = schedule, LipGeometry(usual_head())
    task = AdaptationTask(model, person_examples(learned, style, model, folder / PERSON), replay, *shared, part.task)
    alone = replace(part.task, replayed=0.0)
    unseen = AdaptationTask(model, person_examples(held, style, model, folder / UNSEEN), None, *shared, alone)
    loop = replace(part.loop, seed=training.seed, steps=part.loop.steps or steps_worth(person.seconds))
    own = {name: value.detach().clone() for name, value in model.state_dict().items()}
    before = sum(validate(unseen, own, loop.validation_rounds).values())
    model.train()  # as it is after every validation of the loop, so that a run that goes on is no other
    train(task, loop, folder / "denoiser", training.report, unseen, training.processes)
    best = best_weights(folder / "denoiser")
    after = sum(validate(unseen, best, loop.validation_rounds).values())
    record = {"rank": part.rank, "replayed": part.task.replayed if replay is not None else 0.0, "steps_at_most": loop.steps}
    record |= {"held_out_loss_before": round(before, 5), "held_out_loss_after": round(min(before, after), 5)}
    if after >= before:
        return Adapted(start, record | {"kept": False})
    model.load_state_dict(best)
    merge_low_rank(model.denoiser)
    return Adapted(replace(start, weights=model.eval().weights()), record | {"kept": True})


@dataclass(frozen=True, eq=False)
class Running:
    """How a training runs: its seed, other voices that are replayed, who takes its lines, and the processes that share it."""

    seed: int = 0
    others: Sequence[Audio] = ()
    report: object = print
    processes: Processes | None = None


def steps_worth(seconds: float) -> int:
    """The steps that a person of so many seconds is worth: minutes take longer to be learned than to be learned by heart."""
    return int(min(FEWEST + STEPS_A_SECOND * seconds, MOST))


def _learning(start: Checkpoint, part: DenoisingPart, seed: int) -> FaceModel:
    """The model of `start`, in which nothing learns but the denoiser, or changes of it."""
    model = start.model()
    model.requires_grad_(False)
    seed_weights(seed)
    if part.rank:
        add_low_rank(model.denoiser, part.rank)
    else:
        model.denoiser.requires_grad_(True)
    return model.train()
