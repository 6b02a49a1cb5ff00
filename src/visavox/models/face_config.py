"""`FaceConfig`: every size of the face model, as values that JSON can hold; and the two configurations that ship."""

from dataclasses import asdict, dataclass, fields

from visavox.errors import CheckpointError, OptionError
from visavox.models.audio_encoder import AudioEncoderConfig
from visavox.models.denoiser import DenoiserConfig
from visavox.models.hubert import HubertSizes
from visavox.models.log_mel import SAMPLE_RATE
from visavox.models.style_encoder import StyleEncoderConfig
from visavox.rig import Rig

NETWORKS = ("audio", "style", "denoiser")
OPTIONAL = {"conditions"}  # left out where there are none: models from before it keep their configuration, and so their styles
KINDS = {"log-mel": AudioEncoderConfig, "hubert": HubertSizes, "style": StyleEncoderConfig, "denoiser": DenoiserConfig}


@dataclass(frozen=True)
class FaceConfig:
    """What a face model is: the rig it moves, frames a second, the sample rate it hears, and the sizes of its
    networks.
    """

    rig: Rig
    audio: AudioEncoderConfig | HubertSizes
    style: StyleEncoderConfig
    denoiser: DenoiserConfig
    fps: float = 25.0
    sample_rate: int = SAMPLE_RATE

    def __post_init__(self):
        channels = {len(self.rig), self.style.channels, self.denoiser.channels}
        if len(channels) > 1:
            counts = f"{len(self.rig)} channels, style encoder {self.style.channels}, denoiser {self.denoiser.channels}"
            raise OptionError(f"networks do not fit rig {self.rig.name!r}: rig {counts}; give them the same number")
        if self.style.style != self.denoiser.style:
            sizes = f"style encoder makes {self.style.style} numbers, the denoiser takes {self.denoiser.style}"
            raise OptionError(f"networks do not fit: {sizes}; give them the same K")
        steps, per_frame = self.sample_rate / self.fps if self.fps > 0 else 0.0, self.audio.samples_per_frame
        if steps != per_frame:
            fits = self.sample_rate / per_frame
            rates = f"{self.fps:g} frames a second do not divide sound of {self.sample_rate} Hz into steps of {per_frame} samples"
            raise OptionError(f"{rates}, as its audio encoder hears it; give {fits:g} and resample the motion: --fps")

    def to_json(self) -> dict:
        """The sizes of the networks as plain JSON; rig, fps and sample rate are stored beside them by the checkpoint."""
        return {name: _plain(getattr(self, name)) for name in NETWORKS}

    @staticmethod
    def from_json(data: dict, rig: Rig, fps: float, sample_rate: int) -> "FaceConfig":
        """The configuration that `to_json` wrote; a CheckpointError that names a missing, extra or malformed entry."""
        _check_names("model", set(data), set(NETWORKS))
        networks = {name: _network(name, data[name]) for name in NETWORKS}
        return FaceConfig(rig, networks["audio"], networks["style"], networks["denoiser"], fps, sample_rate)


def small_config(rig: Rig) -> FaceConfig:
    """The shipped size, about 9 M weights: denoiser of 4 layers of 256, style encoder of 4 layers of 128 with K = 64."""
    style = StyleEncoderConfig(len(rig), style=64, norm_first=True)
    return FaceConfig(rig, AudioEncoderConfig(), style, DenoiserConfig(len(rig), style=64))


def paper_config(rig: Rig, constant_row: bool = False) -> FaceConfig:
    """DiffPoseTalk as published, for a `rig` of 54 channels (51 without head): HuBERT-base, 8 layers of 512, post-norm.

    `constant_row` reproduces the positions that the authors' style weights expect. Source: the paper and its
    released options.
    """
    style = StyleEncoderConfig(len(rig), positional="constant_row" if constant_row else "sinusoid")
    sizes = {"style": 128, "identity": 100, "width": 512, "layers": 8, "heads": 8, "feed_forward": 2048}
    denoiser = DenoiserConfig(len(rig), **sizes, norm_first=False, hide_padding=False)
    return FaceConfig(rig, HubertSizes(), style, denoiser)


def _plain(network) -> dict:
    kind = next(name for name, kind in KINDS.items() if type(network) is kind)
    sizes = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(network).items()}
    return {"kind": kind} | {name: value for name, value in sizes.items() if value or name not in OPTIONAL}


def _network(name: str, data: dict):
    kind = KINDS.get(data.get("kind"))
    if kind is None:
        raise CheckpointError(f"network {name!r} is of kind {data.get('kind')!r}; this version has {', '.join(KINDS)}")
    _check_names(name, set(data) - {"kind"} - OPTIONAL, {field.name for field in fields(kind)} - OPTIONAL)
    sizes = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key != "kind"}
    try:
        return kind(**sizes)
    except (TypeError, OptionError) as error:
        raise CheckpointError(
            f"the stored sizes of network {name!r} are not usable ({error}); take another checkpoint"
        ) from None


def _check_names(what: str, given: set, wanted: set) -> None:
    missing, extra = sorted(wanted - given), sorted(given - wanted)
    if missing or extra:
        lists = f"lacks {', '.join(missing) or 'nothing'}, has too much {', '.join(extra) or 'nothing'}"
        raise CheckpointError(f"the stored configuration of {what!r} {lists}; take a checkpoint of this version")
