"""`load`: the animator of a checkpoint file."""

import os
from collections.abc import Sequence
from pathlib import Path

from visavox.animate import Animator
from visavox.arguments import checked
from visavox.checkpoint import Checkpoint
from visavox.checkpoint import load as load_checkpoint
from visavox.encoding import ENCODINGS, RecordingEncoder
from visavox.engine import Engine
from visavox.errors import DependencyError
from visavox.gestures import gestures_of
from visavox.gestures.gesture import Gesture
from visavox.io.assets import default_checkpoint
from visavox.models.graphs.quantized import products_are_exact
from visavox.models.precision import FLOAT32, INT8, check_precision


@checked
def load(
    path: str | Path | None = None,
    gestures: Sequence[Gesture] | None = None,
    threads: int | None = None,
    live: bool = False,
    precision: str | None = None,
) -> Animator:
    """An animator of the checkpoint at `path`, or of the packaged one; a CheckpointError when it cannot be used.

    Its networks run on so many `threads`, as many as there are processors when None; the number changes nothing in what they make. One for
    a `live` voice has the checkpoint's encoders for streams, where it holds any. `precision` is that of the denoiser, one of PRECISIONS;
    None means the usual one of this machine.

    `gestures` None means all of them, such as blinks, lips that meet and a head that moves with the voice, as far as the checkpoint's rig
    has the channels that they move. With others the head may be that which the model draws. Where no style is given it speaks in the
    checkpoint's usual style, or in its average style when it has none.
    """
    check_precision(precision)
    checkpoint = load_checkpoint(default_checkpoint() if path is None else path)
    return animator_of(checkpoint, "default" if path is None else Path(path).stem, gestures, threads, live, precision)


def animator_of(
    checkpoint: Checkpoint,
    name: str,
    gestures: Sequence[Gesture] | None = None,
    threads: int | None = None,
    live: bool = False,
    precision: str | None = None,
) -> Animator:
    """The animator of a checkpoint that is in memory, which its motion calls `name`; else as `load`."""
    engine = engine_of(checkpoint.for_streams() if live else checkpoint, threads or processors(), precision)
    encode = RecordingEncoder(engine, ENCODINGS[checkpoint.config["audio"]["kind"]])
    gestures = gestures_of(checkpoint.rig, engine.config.lip_cues) if gestures is None else gestures
    about_styles = checkpoint.usual_style, checkpoint.restoration, checkpoint.speaks
    return Animator(engine, checkpoint.style_encoder, gestures, encode, *about_styles, name, threads or processors())


def engine_of(checkpoint: Checkpoint, threads: int = 1, precision: str | None = None) -> Engine:
    """The engine that runs a checkpoint here: ONNX Runtime's, or PyTorch's where only that can be loaded; both say the same up to rounding.

    Raises a DependencyError where neither can, or where int8 is asked for and only PyTorch is there; an OptionError for a `precision` that
    there is none of.
    """
    check_precision(precision)
    try:
        return checkpoint.engine(threads, precision or usual_precision())
    except DependencyError as missing:
        if precision == INT8:
            raise DependencyError(f"int8 needs ONNX Runtime: {missing}") from None
        try:
            from visavox.models.torch_engine import TorchEngine
        except ModuleNotFoundError:
            raise missing from None
    return TorchEngine(checkpoint.model())


def usual_precision() -> str:
    """int8 where the processor has instructions for it, else float32: the same on one machine every time. A DependencyError without ONNX
    Runtime."""
    return INT8 if products_are_exact() else FLOAT32


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
