"""`load`: the animator of a checkpoint file."""

from collections.abc import Sequence
from pathlib import Path

from visavox.animate import Animator, PostStep
from visavox.checkpoint import load as load_checkpoint
from visavox.encoding import ENCODINGS, lip_phone_encoder
from visavox.gestures import gestures_of
from visavox.io.assets import built_in_style, default_checkpoint

USUAL_STYLE = "neutral"


def load(path: str | Path | None = None, post: Sequence[PostStep] | None = None) -> Animator:
    """An animator of the checkpoint at `path`, or of the packaged one; a CheckpointError when it cannot be used.

    `post` None means the gestures, such as blinks and lips that meet, when the checkpoint's rig has the channels that they move. The
    packaged checkpoint speaks in the built-in style USUAL_STYLE where none is given, any other in its average style.
    """
    checkpoint = load_checkpoint(default_checkpoint() if path is None else path)
    usual = built_in_style(USUAL_STYLE) if path is None else None
    model, encode = checkpoint.model(), ENCODINGS[checkpoint.config["audio"]["kind"]]
    post = gestures_of(checkpoint.rig, lip_phone_encoder(model)) if post is None else post
    return Animator(model, checkpoint.style_encoder, post, encode, usual)
