"""Whether a style of DiffPoseTalk belongs to a converted checkpoint: its vectors do not say which encoder made them, but two things tell.

Their demo keeps styles in a folder named for the encoder, `NAME/iter_0026000/TH217.npy`. And a style is a mean of what a layer norm gave,
so that, with the norm's scale and shift undone, its numbers add up to 0 and their mean square is 1 at most. Another encoder's do not.
"""

from pathlib import Path, PurePosixPath

import numpy as np

from visavox.checkpoint import STYLE_ENCODER, Checkpoint
from visavox.errors import OptionError
from visavox.style import Style

OFF = 1e-3  # of the numbers' mean size, by which their sum may miss 0, beside rounding
ROUNDING = 1e-5  # of a style's numbers in single precision, after the mean over 100 frames


def check_style(style: Style, path: str | Path, checkpoint: Checkpoint) -> None:
    """Raises an OptionError that names both when `style`, read at `path`, was made by another encoder than that of `checkpoint`."""
    belongs = f"convert it with the checkpoint it belongs to, not {checkpoint.source}"
    wanted = checkpoint.config["denoiser"]["style"]
    if style.vector.size != wanted:
        raise OptionError(f"{path} has {style.vector.size} numbers, {checkpoint.source} takes {wanted}; {belongs}")
    there, own = _named_by(path), encoder_name(checkpoint.recipe.get("options", {}))
    if there and own and there != own:
        raise OptionError(f"{path} is a style of {there}, {checkpoint.source} was trained with {own}; {belongs}")
    if not _could_be_made(style.vector, checkpoint):
        raise OptionError(f"{path} was not made by the style encoder in {checkpoint.source}, which cannot give such numbers; {belongs}")


def encoder_name(options: dict) -> str | None:
    """The name and step of the style encoder that a denoiser was trained with, `NAME/iter_0026000`; None where its options do not say."""
    stored = options.get("style_enc_ckpt")
    parts = PurePosixPath(stored).with_suffix("").parts if isinstance(stored, str) and stored else ()
    return f"{parts[-3]}/{parts[-1]}" if len(parts) >= 3 else None


def _named_by(path: str | Path) -> str | None:
    """The style encoder that the folders of a style's file name."""
    folder = Path(path).absolute().parent
    return f"{folder.parent.name}/{folder.name}" if folder.name.startswith("iter_") else None


def _could_be_made(vector: np.ndarray, checkpoint: Checkpoint) -> bool:
    """Whether the checkpoint's style encoder can give `vector`; true where that cannot be told, as without its weights."""
    sizes = checkpoint.config["style"]
    norm = f"{STYLE_ENCODER}layers.{sizes['layers'] - 1}.perceive_residual.norm."
    scale, shift = (checkpoint.weights.get(f"{norm}{part}") for part in ("weight", "bias"))
    if scale is None or shift is None or sizes["norm_first"] or sizes["style"] != sizes["width"] or not scale.all():
        return True
    unit = (vector.astype(float) - shift) / scale
    rounding = ROUNDING * ((np.abs(vector) + np.abs(shift)) / np.abs(scale)).mean()
    return abs(unit.mean()) <= OFF * np.abs(unit).mean() + rounding and np.square(unit).mean() <= (1 + OFF + rounding) ** 2
