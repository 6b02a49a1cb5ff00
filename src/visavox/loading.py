"""`load`: the animator of a checkpoint file."""

from collections.abc import Sequence
from pathlib import Path

from visavox.animate import Animator, PostStep
from visavox.checkpoint import load as load_checkpoint
from visavox.encoding import ENCODINGS, RecordingEncoder
from visavox.gestures import gestures_of, head_of
from visavox.io.assets import default_checkpoint
from visavox.models.torch_engine import TorchEngine


def load(path: str | Path | None = None, post: Sequence[PostStep] | None = None) -> Animator:
    """An animator of the checkpoint at `path`, or of the packaged one; a CheckpointError when it cannot be used.

    `post` None means the gestures, such as blinks, lips that meet and a head that moves with the voice, when the checkpoint's rig has the
    channels that they move; with `post` the head is that which the model draws. Where no style is given it speaks in the checkpoint's
    usual style, or in its average style when it has none.
    """
    checkpoint = load_checkpoint(default_checkpoint() if path is None else path)
    engine = TorchEngine(checkpoint.model())
    encode = RecordingEncoder(engine, ENCODINGS[checkpoint.config["audio"]["kind"]])
    head = head_of(checkpoint.rig) if post is None else None
    post = gestures_of(checkpoint.rig, encode.cues, engine.config.lip_cues) if post is None else post
    spoken = checkpoint.usual_style, checkpoint.restoration, checkpoint.speaks
    name = "default" if path is None else Path(path).stem
    return Animator(engine, checkpoint.style_encoder, post, encode, *spoken, head, name)
