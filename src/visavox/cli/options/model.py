"""What a command asks of a checkpoint before anything heavy is loaded: its header, read once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavox.style import Style


@dataclass(frozen=True, eq=False)
class Model:
    """A checkpoint by its header; `path` is None for the packaged one."""

    path: str | None
    header: dict

    @classmethod
    def read(cls, path: str | None) -> "Model":
        """The model of a checkpoint file. A FileError or CheckpointError for a file that is none."""
        from visavox.checkpoint import inspect
        from visavox.io.assets import default_checkpoint

        return cls(path, inspect(path or default_checkpoint()))

    @property
    def rig_name(self) -> str:
        """The name of the rig that it moves."""
        return self.header["rig"]["name"]

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels that it moves."""
        return tuple(channel["name"] for channel in self.header["rig"]["channels"])

    @property
    def moves_flame(self) -> bool:
        """Whether it moves a FLAME head."""
        from visavox.rigs.flame import EXPRESSION

        return EXPRESSION[0] in self.channels

    @property
    def steps(self) -> int:
        """The diffusion steps that it was trained with."""
        return self.header.get("config", {}).get("denoiser", {}).get("steps", 1)

    @property
    def recipe(self) -> dict:
        """The choices of its last training."""
        return self.header["history"][-1]["recipe"]

    @property
    def style_encoders(self) -> tuple[str, ...]:
        """The fingerprints of the style encoders whose styles it speaks alike, its own first."""
        return str(self.header.get("style_encoder")), *map(str, self.header.get("speaks_styles_of", ()))

    def check_style(self, style: "Style") -> None:
        """Raises a CheckpointError when the style is of another encoder than those whose styles the model speaks."""
        style.check_encoder(*self.style_encoders)
