"""A large speech recogniser that our audio encoder is distilled from: what Whisper's encoder makes of a sound.

Source: Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision (2022). The folder is the user's own, that of
`openai/whisper-base` as `transformers` reads it; nothing is downloaded, and none of its weights are in what is trained from it.
"""

from copy import copy
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from visavox.errors import DependencyError, FileError, OptionError
from visavox.models.weights_digest import weights_digest
from visavox.windows import SAMPLE_RATE, SAMPLES_PER_FRAME

LONGEST = 30.0  # seconds that Whisper encodes at once
WHISPER = {"name": "openai/whisper-base", "licence": "MIT"}  # as a checkpoint states it
LICENCE = "Whisper is OpenAI's, under the MIT licence"


class Recogniser:
    """The encoder of a Whisper folder: called with a sound (S,) at 16 kHz of at most LONGEST it gives features (T, width), T = S // 640.

    Each is the mean of the two, at 50 Hz, that Whisper gives for the same 40 ms. A FileError when the folder holds no Whisper, a
    DependencyError without the library `transformers`. `about` is how a checkpoint names it. `layers` are those that are taken, side
    by side; none is the last one alone, after its norm.
    """

    about = WHISPER

    def __init__(self, folder: Path, layers: tuple[int, ...] = ()):
        self.layers = layers
        try:
            from transformers import WhisperFeatureExtractor, WhisperModel
        except ImportError:
            raise DependencyError("reading Whisper needs the library transformers; install visavox[paper]") from None
        if not Path(folder).is_dir():
            raise FileError(f"{folder} is not a folder; give that of openai/whisper-base")
        try:
            self._features = WhisperFeatureExtractor.from_pretrained(folder, local_files_only=True)
            self._encoder = WhisperModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).get_encoder().eval()
        except (OSError, ValueError, KeyError) as error:
            raise FileError(f"{folder} is not a folder of Whisper with safetensors ({error}); give that of openai/whisper-base") from None

    @cached_property
    def digest(self) -> str:
        """A hash (16 digits) of its weights, and the layers taken, which say which recogniser it is."""
        return "-".join([weights_digest(self._encoder), *map(str, self.layers)])

    def in_layers(self, layers: tuple[int, ...]) -> "Recogniser":
        """The same recogniser with the features of `layers`, from 1 to the number of them; an OptionError when it has fewer."""
        most = len(self._encoder.layers)
        if not layers or min(layers) < 1 or max(layers) > most:
            raise OptionError(
                f"this Whisper has layers 1 to {most}, not {', '.join(map(str, layers))}; give openai/whisper-base, which has 6"
            )
        other = copy(self)
        other.layers = layers
        other.__dict__.pop("digest", None)
        return other

    @torch.inference_mode()
    def __call__(self, sound: np.ndarray) -> np.ndarray:
        if sound.size > LONGEST * SAMPLE_RATE:
            raise OptionError(f"a sound of {sound.size / SAMPLE_RATE:.1f} s is longer than the {LONGEST:.0f} s that Whisper takes; cut it")
        mel = self._features(sound, sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
        frames = sound.size // SAMPLES_PER_FRAME
        states = self._states(mel)[0, : 2 * frames]
        return states.unflatten(0, (frames, 2)).mean(1).numpy()

    def _states(self, mel: torch.Tensor) -> torch.Tensor:
        if not self.layers:
            return self._encoder(mel).last_hidden_state
        states = self._encoder(mel, output_hidden_states=True).hidden_states
        return torch.cat([states[layer] for layer in self.layers], -1)
