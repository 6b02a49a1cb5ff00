"""The state of a run on disk: written whole or not at all, and complete, so that a resumed run goes on as if nothing had happened."""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from visavox.errors import FileError
from visavox.io.atomic import replacing
from visavox.io.kept import check_same

STATE, BEST = "state.pt", "best.pt"


@dataclass
class Progress:
    """Where a run stands: `step` done; `average` of the weights; sums of `count` steps' losses not yet logged; lowest validation, and how
    many since were no better; `made_of`, the settings and hashes that decide what is learned."""

    step: int = 0
    average: dict[str, Tensor] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    count: int = 0
    lowest: float = float("inf")
    stale: int = 0
    made_of: dict = field(default_factory=dict)


def save_state(folder: Path, progress: Progress, model: nn.Module, optimiser, processes: dict) -> None:
    """Writes everything that `resume` needs into `folder`."""
    state = {**vars(progress), "model": model.state_dict(), "optimiser": optimiser.state_dict(), "processes": processes}
    _write(state, folder / STATE)


def resume(folder: Path, progress: Progress, model: nn.Module, optimiser) -> dict:
    """What `save_state` was given as `processes`, after progress, model and optimiser took their part; {} when there is no state.

    Raises a FileError that names the difference when the state is of a run that was made of something else than `progress.made_of`.
    """
    if not (folder / STATE).exists():
        return {}
    state = _read(folder / STATE)
    check_same(state.get("made_of"), progress.made_of, folder)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    progress.average.update({name: value.to(progress.average[name].device) for name, value in state["average"].items()})
    for name in ("step", "sums", "count", "lowest", "stale"):
        setattr(progress, name, state.get(name, getattr(progress, name)))
    return state.get("processes", {})


def save_best(folder: Path, progress: Progress) -> None:
    """Writes the averaged weights as the best so far."""
    _write({"step": progress.step, "average": progress.average, "lowest": progress.lowest}, folder / BEST)


def averaged_weights(folder: Path) -> dict[str, Tensor]:
    """The moving average of the weights that a run left in `folder`."""
    return _read(folder / STATE)["average"]


def best_weights(folder: Path) -> dict[str, Tensor]:
    """The averaged weights with the lowest validation loss; those of the last save when the run did not validate."""
    return _read(folder / BEST)["average"] if (folder / BEST).exists() else averaged_weights(folder)


def _write(state: dict, path: Path) -> None:
    with replacing(path) as part:
        try:
            with part.open("wb") as file:  # opened here: of a file that PyTorch opens it does not say why it could not be written
                torch.save(state, file)
        except RuntimeError as error:  # what PyTorch raises of its own while it closes a file that was refused
            raise (_refusal(error) or error) from None


def _refusal(error: BaseException) -> OSError | None:
    """The system's refusal to write that led to `error`; None where there was none."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__ or error.__context__
    return error


def _read(path: Path) -> dict:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; train first, or name the folder of a run") from None
    except (RuntimeError, EOFError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise FileError(f"{path} is not the state of a run ({reason}); remove it to start again") from None
