"""`FaceConfig`: every size of the face model, as values that JSON can hold; and the two configurations that ship."""

from dataclasses import asdict, dataclass, fields

from visavox.errors import CheckpointError, FileError, OptionError
from visavox.fields import Fields, shown
from visavox.models.conditions import NamedCondition
from visavox.models.sizes import (
    CERTAINTY,
    LIP_PHONES,
    READ,
    AudioEncoderConfig,
    DenoiserConfig,
    HubertSizes,
    LipReaderConfig,
    StyleEncoderConfig,
)
from visavox.rig import Rig
from visavox.windows import FPS, SAMPLE_RATE

NETWORKS = ("audio", "style", "denoiser")
OPTIONAL = {"conditions", "schedule", "guide", "padding"}  # left out where they are the usual: models from before them keep their styles
MOST_SIZE, MOST_LAYERS, MOST_DILATION, MOST_CONDITIONS = 1 << 16, 256, 1 << 12, 100  # that a stored configuration may ask for
KINDS = {
    "log-mel": AudioEncoderConfig, "hubert": HubertSizes, "style": StyleEncoderConfig, "denoiser": DenoiserConfig, "lips": LipReaderConfig,
}  # fmt: skip
LIPS = "lips"  # the network that not every model has


@dataclass(frozen=True)
class FaceConfig:
    """What a face model is: the rig it moves, frames a second, the sample rate it takes, and the sizes of its
    networks.
    """

    rig: Rig
    audio: AudioEncoderConfig | HubertSizes
    style: StyleEncoderConfig
    denoiser: DenoiserConfig
    fps: float = FPS
    sample_rate: int = SAMPLE_RATE
    lips: LipReaderConfig | None = None

    def __post_init__(self):
        channels = {len(self.rig), self.style.channels, self.denoiser.channels}
        if len(channels) > 1:
            counts = f"{len(self.rig)} channels, style encoder {self.style.channels}, denoiser {self.denoiser.channels}"
            raise OptionError(f"networks do not fit rig {self.rig.name!r}: rig {counts}; give them the same number")
        if self.style.style != self.denoiser.style:
            sizes = f"style encoder makes {self.style.style} numbers, the denoiser takes {self.denoiser.style}"
            raise OptionError(f"networks do not fit: {sizes}; give them the same K")
        if self.lips is not None and (self.lips.encoder, self.lips.phones) != (self.audio.width, getattr(self.audio, "phones", 0)):
            sizes = f"the lip reader reads {self.lips.encoder} features and {self.lips.phones} phones"
            raise OptionError(f"networks do not fit: {sizes}, not those of the audio encoder; give them the same numbers")
        steps, per_frame = self.sample_rate / self.fps if self.fps > 0 else 0.0, self.audio.samples_per_frame
        if steps != per_frame:
            fits = self.sample_rate / per_frame
            rates = f"{self.fps:g} frames a second do not divide sound of {self.sample_rate} Hz into steps of {per_frame} samples"
            raise OptionError(f"{rates}, as its audio encoder takes it; give {fits:g} and resample the motion: --fps")

    @property
    def lip_cues(self) -> tuple[str, ...]:
        """The names of the cues of the lips: phones that lips shape, as probabilities, and CERTAINTY, where the audio encoder names
        phones. Then gap and width about their mean in units of a person's deviation, where there is a lip reader.
        """
        if not self.audio.names_phones:
            return ()
        return (*LIP_PHONES, CERTAINTY, *(READ if self.lips else ()))

    @property
    def margin(self) -> int:
        """How many frames of sound to either side influence what is encoded of a frame."""
        return self.audio.margin + (self.lips.margin if self.lips else 0)

    def to_json(self) -> dict:
        """The sizes of the networks as plain JSON; rig, fps and sample rate are stored beside them by the checkpoint."""
        lips = {} if self.lips is None else {LIPS: _plain(self.lips)}
        return {name: _plain(getattr(self, name)) for name in NETWORKS} | lips

    @property
    def least_weights(self) -> int:
        """No more weights than a model of these sizes has, by which a file that cannot hold them is refused before one is made."""
        networks = [self.audio, self.style, self.denoiser, *([] if self.lips is None else [self.lips])]
        return sum(network.least_weights for network in networks)

    @staticmethod
    def from_json(data: dict, rig: Rig, fps: float, sample_rate: int) -> "FaceConfig":
        """The configuration that `to_json` wrote; a CheckpointError that names a missing, extra or malformed entry."""
        try:
            stored = Fields(data, "the stored configuration", "take another checkpoint")
            _check_names("model", set(data) - {LIPS}, set(NETWORKS))
            networks = {name: _network(name, stored.fields(name)) for name in data}
        except FileError as error:
            raise CheckpointError(str(error)) from None
        return FaceConfig(rig, networks["audio"], networks["style"], networks["denoiser"], fps, sample_rate, networks.get(LIPS))


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
    usual = {field.name for field in fields(network) if getattr(network, field.name) == field.default} & OPTIONAL
    return {"kind": kind} | {name: value for name, value in sizes.items() if name not in usual}


def _network(name: str, stored: Fields):
    kind = KINDS.get(stored.text("kind"))
    if kind is None:
        raise CheckpointError(f"network {name!r} is of kind {shown(stored.value['kind'])}; this version has {', '.join(KINDS)}")
    _check_names(name, set(stored.value) - {"kind"} - OPTIONAL, {field.name for field in fields(kind)} - OPTIONAL)
    sizes = {field.name: READERS[field.type](stored, field.name) for field in fields(kind) if field.name in stored}
    try:
        return kind(**sizes)
    except OptionError as error:
        raise CheckpointError(f"the stored sizes of network {name!r} are not usable ({error}); take another checkpoint") from None


def _dilations(stored: Fields, name: str) -> tuple[int, ...]:
    stored.items(name, MOST_LAYERS)
    return tuple(stored.wholes(name, 1, MOST_DILATION))


def _conditions(stored: Fields, name: str) -> tuple[NamedCondition, ...]:
    entries = stored.items(name, MOST_CONDITIONS)
    for number, entry in enumerate(entries):
        kinds = [type(part) for part in entry] if isinstance(entry, list) else []
        if kinds != [str, int, str] or not entry[0].isidentifier() or not 0 < entry[1] <= MOST_SIZE:
            wanted = "a name, a size and whether it is of a clip or of a frame"
            raise FileError(f"{stored.source} has {shown(entry)} for {stored.place}.{name}[{number}], not {wanted}; {stored.advice}")
    return tuple(NamedCondition(*entry) for entry in entries)


READERS = {  # the type of a field of a configuration -> how it is read
    int: lambda stored, name: stored.whole(name, 0, MOST_LAYERS if name == "layers" else MOST_SIZE),
    float: lambda stored, name: stored.number(name, 0, 1),  # shares of what is dropped
    bool: Fields.flag,
    str: Fields.text,
    tuple[int, ...]: _dilations,
    tuple[NamedCondition, ...]: _conditions,
}


def _check_names(what: str, given: set, wanted: set) -> None:
    missing, extra = sorted(wanted - given), sorted(given - wanted)
    if missing or extra:
        lists = f"lacks {', '.join(missing) or 'nothing'}, has too much {', '.join(extra) or 'nothing'}"
        raise CheckpointError(f"the stored configuration of {what!r} {lists}; take a checkpoint of this version")
