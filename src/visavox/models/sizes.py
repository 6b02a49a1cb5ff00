"""The sizes of every network as plain values. No framework is imported here: whoever drives an engine reads them too."""

from dataclasses import dataclass

from visavox.errors import OptionError
from visavox.models.conditions import PER, TAKEN, NamedCondition
from visavox.models.log_mel import BANDS, HOP
from visavox.windows import SAMPLES_PER_FRAME

MOST_FRAMES, MOST_STEPS = 5000, 10_000  # of a window with its context, whose mask has their square; of diffusion
READ = ("gap", "width")  # what is read, in this order, each about its mean over speech and in units of its deviation
FEATURES_PER_FRAME = 4  # 100 Hz of log-mel for 25 frames a second
PHONES = 42  # as `visavox.data.synth.phones` numbers them
LIP_PHONES = {
    "SIL": 0, "AA": 1, "AE": 2, "AH": 3, "AO": 4, "EH": 5, "IH": 7, "IY": 8, "P": 15, "B": 16, "M": 17, "F": 19, "V": 20, "W": 21, "R": 22,
    "SH": 23, "ZH": 24, "CH": 25, "JH": 26, "S": 27, "Z": 28, "T": 29, "D": 30, "N": 31, "TH": 33, "DH": 34,
}  # fmt: skip
CERTAINTY = "certainty"  # how likely the likeliest phone is that is no silence: music and murmurs leave it low
PADDINGS = ("zero", "replicate")
POSITIONALS = ("sinusoid", "constant_row")


@dataclass(frozen=True)
class AudioEncoderConfig:
    """Sizes of the audio encoder: `width` D, dilations of the blocks at 50 Hz and at 25 Hz, and the number of phones."""

    width: int = 256
    fast_dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2)
    slow_dilations: tuple[int, ...] = (1, 2, 1, 2)
    phones: int = PHONES
    dropout: float = 0.1

    @property
    def margin(self) -> int:
        """How many motion frames (25 Hz) to either side influence a frame, rounded up."""
        fast = 4 + sum(self.fast_dilations)  # stem and hand-over, in 50 Hz frames
        return fast // 2 + 3 * sum(self.slow_dilations) + 2

    @property
    def samples_per_frame(self) -> int:
        """The samples of sound at 16 kHz that one motion frame lasts."""
        return HOP * FEATURES_PER_FRAME

    @property
    def names_phones(self) -> bool:
        """Whether the encoder names as many phones as `visavox.data.synth.phones` has; then LIP_PHONES are taken to be among them."""
        return self.phones == PHONES

    @property
    def least_weights(self) -> int:
        """No more weights than an encoder of these sizes has: those of its convolutions from width to width."""
        return self.width**2 * (8 + 4 * len(self.fast_dilations) + 6 * len(self.slow_dilations)) + 2 * self.width * self.phones


@dataclass(frozen=True)
class HubertSizes:
    """Sizes of HuBERT; the defaults are `facebook/hubert-base-ls960`. `frozen_layers` transformer layers (and all before) stay as given.

    `chunk` motion frames are encoded at a time in a long recording, each chunk keeping what is at least `margin` frames from a cut. What
    follows the end of a recording is "zero", or "replicate": its last sample.
    """

    width: int = 768
    layers: int = 12
    heads: int = 12
    feed_forward: int = 3072
    conv_width: int = 512
    frozen_layers: int = 2
    chunk: int = 100
    margin: int = 25
    padding: str = "zero"

    names_phones = False  # as the default audio encoder does
    samples_per_frame = SAMPLES_PER_FRAME

    def __post_init__(self):
        if self.heads < 1 or self.width % self.heads or self.width % 16:
            raise OptionError(f"HuBERT's width {self.width} must be a multiple of 16 and of its {self.heads} heads; change one")
        if not 0 <= 2 * self.margin < self.chunk:
            raise OptionError(f"chunks of {self.chunk} frames cannot keep a margin of {self.margin} at both ends; give a smaller margin")
        if self.padding not in PADDINGS:
            raise OptionError(f"padding {self.padding!r} of the audio encoder is unknown; valid: {', '.join(PADDINGS)}")

    @property
    def least_weights(self) -> int:
        """No more weights than a network of these sizes has: those of its layers and of its convolutions."""
        return self.layers * 2 * self.width * (2 * self.width + self.feed_forward) + 16 * self.conv_width**2 + 8 * self.width**2


def check_samples(count: int) -> None:
    """An OptionError unless so many samples are whole motion frames, as HuBERT takes them."""
    if count % SAMPLES_PER_FRAME or count == 0:
        raise OptionError(f"{count} samples are not whole motion frames of {SAMPLES_PER_FRAME}; pad the sound with zeros")


@dataclass(frozen=True)
class LipReaderConfig:
    """Sizes of the lip reader: `encoder` E, `phones` P, `width` of its blocks and their dilations."""

    encoder: int = 256
    phones: int = PHONES
    width: int = 192
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2, 4, 8)
    dropout: float = 0.1

    @property
    def margin(self) -> int:
        """How many frames (25 Hz) to either side influence a reading, the encoder's own margin not counted."""
        return 1 + 3 * sum(self.dilations)

    @property
    def least_weights(self) -> int:
        """No more weights than a reader of these sizes has: those of its perceptrons and of what it takes in."""
        return self.width * (self.encoder + 2 * self.phones + FEATURES_PER_FRAME * BANDS) + 6 * self.width**2 * len(self.dilations)


@dataclass(frozen=True)
class StyleEncoderConfig:
    """Sizes of the style encoder: channels C in, `style` K out, width D.

    `positional` "sinusoid" gives each frame its own row of the sinusoid; "constant_row" gives every frame the row
    whose number is the length T, as the authors' weights expect (their encoder is blind to order). A last linear
    map exists when K is not D.
    """

    channels: int
    style: int = 128
    width: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 512
    positional: str = "sinusoid"
    norm_first: bool = False
    dropout: float = 0.1

    def __post_init__(self):
        if self.positional not in POSITIONALS:
            raise OptionError(f"positional {self.positional!r} of the style encoder is unknown; valid: {', '.join(POSITIONALS)}")
        if self.heads < 1 or self.width % self.heads or self.width % 2:
            raise OptionError(f"style encoder width {self.width} must be even and a multiple of its {self.heads} heads; change one")

    @property
    def least_weights(self) -> int:
        """No more weights than an encoder of these sizes has: those of its layers, and of its first map."""
        return self.layers * 2 * self.width * (2 * self.width + self.feed_forward) + self.width * self.channels


@dataclass(frozen=True)
class DenoiserConfig:
    """Sizes of the denoiser: channels C, identity E, style K, width D, window W and context P in frames, N diffusion
    steps.

    `indicator` adds an input that is 1 on valid window frames, 0 on context and padding. `align_width` w lets the
    motion token of frame i attend to audio frames |i - j| < w. `norm_first` puts norms before the branches, with one
    more at the end. `hide_padding` sets audio and noisy motion of padded frames to 0; otherwise they are what the
    padding gives, as published. `conditions` are what the model is told beside sound, style and identity, as
    (name, size, "clip" or "frame"). `schedule` and `guide` name the noise and the guidance it was trained for, as
    `diffusion.schedule` and `diffusion.guidance` do.
    """

    channels: int
    style: int = 64
    identity: int = 0
    width: int = 256
    layers: int = 4
    heads: int = 4
    feed_forward: int = 1024
    window: int = 100
    context: int = 10
    indicator: bool = True
    align_width: int = 1
    norm_first: bool = True
    hide_padding: bool = True
    dropout: float = 0.1
    steps: int = 500
    schedule: str = "cosine"
    guide: str = "incremental"
    conditions: tuple[NamedCondition, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "conditions", tuple(NamedCondition(*entry) for entry in self.conditions))
        names = [condition.name for condition in self.conditions]
        if len({*names, *TAKEN}) < len(names) + len(TAKEN) or any(entry.per not in PER or entry.size < 1 for entry in self.conditions):
            raise OptionError(f"conditions {self.conditions} need names of their own, a size from 1 and one of {', '.join(PER)}")
        if self.heads < 1 or self.width % self.heads or self.width % 2:
            raise OptionError(f"denoiser width {self.width} must be even and a multiple of its {self.heads} heads; change one")
        if self.context < 1 or self.context > self.window:
            raise OptionError(f"context of {self.context} frames must lie between 1 and the window's {self.window}")
        if self.align_width < 1:
            raise OptionError(f"alignment width {self.align_width} must be at least 1; 1 attends to one audio frame")
        for what, count, most in (("frames", self.context + self.window, MOST_FRAMES), ("steps", self.steps, MOST_STEPS)):
            if not 1 <= count <= most:
                raise OptionError(f"a denoiser of {count} {what} cannot be made; give 1 to {most}")

    @property
    def least_weights(self) -> int:
        """No more weights than a denoiser of these sizes has: those of its layers, positions, and first maps."""
        layers = self.layers * 2 * self.width * (4 * self.width + self.feed_forward)
        inputs = self.window + self.channels + self.style + self.identity + sum(entry.size for entry in self.conditions)
        return layers + self.width * (2 * self.width + inputs)
