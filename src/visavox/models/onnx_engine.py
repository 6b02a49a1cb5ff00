"""`OnnxEngine`: the engine that ONNX Runtime answers, without PyTorch. Its graphs are made of the configuration when it is built and take
the weights of the checkpoint by name, so there is nothing beside a checkpoint that could fall out of step with it.

Shapes as in `visavox.engine`; N = G B rows of a batch, I 1 with an indicator and 0 without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visavox.models.conditions import Conditions
from visavox.models.face_config import FaceConfig
from visavox.models.fitting import check_fit, statistics_of
from visavox.models.graphs.all import graphs_of, learned_shapes, weight_shapes
from visavox.models.graphs.hubert import padded
from visavox.models.graphs.incremental import REVISED, Blocks
from visavox.models.graphs.motion import BEFORE, FRAMES, PERSON
from visavox.models.graphs.session import Session
from visavox.models.incremental_encoder import IncrementalEncoder
from visavox.models.positions import alignment_mask, sinusoid
from visavox.models.precision import FLOAT32, INT8
from visavox.models.sizes import DenoiserConfig, HubertSizes

SOUND = ("audio_encoder.", "audio_map.", "lip_reader.")  # networks that streams run as well


@dataclass(frozen=True, eq=False)
class Prepared:
    """What stays the same over the steps of one window: `constants`, inputs of the graph by name, and the indicator (N, W) of frames that
    exist."""

    constants: dict[str, np.ndarray]
    exists: np.ndarray


class OnnxEngine:
    """Runs the model of `config` with its `weights` and `statistics` as a checkpoint keeps them.

    Sound is encoded on so many `threads`; what is asked for a window runs on the thread that asks, in the given `precision`.

    Raises a CheckpointError that names what is missing, extra or of another shape.
    """

    def __init__(
        self,
        config: FaceConfig,
        weights: Mapping[str, np.ndarray],
        statistics: Mapping[str, list[float]],
        threads: int = 1,
        precision: str = FLOAT32,
    ):
        self.config, self.threads, self.precision = config, threads, precision
        self.motion, self.identity = statistics_of(statistics, config.denoiser.channels, config.denoiser.identity)
        graphs = graphs_of(config, precision == INT8)
        check_fit(weight_shapes(config, graphs), {name: array.shape for name, array in weights.items()})
        self._learned = {name: np.asarray(weights[name], np.float32) for name in learned_shapes(config.denoiser)}
        self._encode, self._prepare, self._denoise = (
            Session(graphs[name], weights, threads if name == "encode" else 1) for name in ("encode", "prepare", "denoise")
        )
        self._style_parts = graphs["style"], {name: array for name, array in weights.items() if name.startswith("style_encoder.")}
        self._sound_weights = {name: array for name, array in weights.items() if name.startswith(SOUND)}
        self._block_encoders: dict[Blocks, IncrementalEncoder] = {}

    def encode(self, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Audio features (T, D) and the cues of the lips (T, Q), both float32, in one pass; see `FaceConfig.lip_cues`."""
        sound = np.asarray(sound, np.float32)
        sound = padded(sound) if isinstance(self.config.audio, HubertSizes) else sound
        found = self._encode({"sound": sound[None]})
        features = found["features"][0]
        return features, found["cues"][0] if "cues" in found else np.zeros((len(features), 0), np.float32)

    def encode_style(self, motion: np.ndarray) -> np.ndarray:
        """Style vectors (B, K) float32 of normalised motion (B, W, C)."""
        sizes, frames = self.config.style, motion.shape[1]
        rows = np.array([frames]) if sizes.positional == "constant_row" else np.arange(frames)
        return self._style({"motion": np.asarray(motion, np.float32), "positions": sinusoid(rows, sizes.width)})["style"]

    def prepare(self, conditions: Conditions, branches: Sequence[frozenset[str]]) -> Prepared:
        """What stays the same over the steps of a window, for G branches that each name what they are told: of "audio", "style" and the
        names of further conditions; the rest is null.

        Branches that are told the same audio share its projections. A window may be shorter than those of training.
        """
        sizes, arrays = self.config.denoiser, conditions.map(lambda array: np.asarray(array, np.float32))
        batch, window, _ = arrays.audio.shape
        exists = np.tile(arrays.valid, (len(branches), 1))
        sounds = ["audio" in branch for branch in branches]
        different = sorted(set(sounds))
        rows = np.concatenate([different.index(sound) * batch + np.arange(batch) for sound in sounds])
        found = self._prepare({
            "audio": np.concatenate([self._audio(arrays, sound) for sound in different]),
            "rows": rows,
            "who": np.concatenate([self._who(arrays, "style" in branch) for branch in branches]),
            **self._named(arrays, branches),
        })  # fmt: skip
        position = self._learned["denoiser.position"]
        before, now = np.split(position[:, 1 : 1 + sizes.context + window], [sizes.context], axis=1)
        found |= {PERSON: found[PERSON] + position[:, :1], BEFORE: before, FRAMES: found.get(FRAMES, np.float32(0)) + now}
        if sizes.align_width > 1:
            allowed = alignment_mask(sizes.context + window, sizes.align_width)
            found["mask"] = np.where(allowed, np.float32(0), np.float32(-np.inf))
        return Prepared(found, exists)

    def denoise(self, noisy: np.ndarray, step: int, prepared: Prepared, context: np.ndarray | None = None) -> np.ndarray:
        """x0 (G, B, P + W, C) float32 of `noisy` (B, W, C) at `step`, for each of the G branches of `prepared`, after `context`
        (B, P, C).
        """
        sizes, batch = self.config.denoiser, noisy.shape[0]
        branches = len(prepared.exists) // batch
        noisy = self._hidden(np.tile(np.asarray(noisy, np.float32), (branches, 1, 1)), prepared.exists)
        before = np.tile(np.asarray(self._or_null(context, "start_motion", batch), np.float32), (branches, 1, 1))
        arrays = {
            "noisy": _indicated(noisy, prepared.exists, sizes), "step": self._step_rows[step : step + 1],
            "context": _indicated(before, np.zeros((len(before), sizes.context), np.float32), sizes),
        }  # fmt: skip
        clean = self._denoise(arrays | prepared.constants)["x0"]
        return clean.reshape(branches, batch, *clean.shape[1:])

    def block_encoder(self, made: int, ahead: int) -> IncrementalEncoder:
        """What encodes a stream's blocks of `made` frames with `ahead` more from what it remembers; the same each time."""
        blocks = Blocks(made, ahead, made + ahead + REVISED)
        if blocks not in self._block_encoders:
            self._block_encoders[blocks] = IncrementalEncoder(self.config, self._sound_weights, blocks, self.precision)
        return self._block_encoders[blocks]

    @cached_property
    def _style(self) -> Session:  # few recordings need it
        return Session(*self._style_parts, self.threads)

    @cached_property
    def _step_rows(self) -> np.ndarray:
        return sinusoid(np.arange(self.config.denoiser.steps + 1), self.config.denoiser.width)

    def _or_null(self, given: np.ndarray | None, null: str, batch: int) -> np.ndarray:
        """`given` (B, ...), or what was learned for when nothing is told."""
        learned = self._learned[null]
        return np.broadcast_to(learned, (batch, *learned.shape[1:])) if given is None else given

    def _hidden(self, frames: np.ndarray, exists: np.ndarray) -> np.ndarray:
        """`frames` (B, W, ...) with 0 where they do not exist, if the configuration hides padding."""
        return frames * exists[..., None] if self.config.denoiser.hide_padding else frames

    def _audio(self, arrays: Conditions, given: bool) -> np.ndarray:
        """Audio features (B, L, D) of context and window; null ones in the window unless `given`."""
        before = self._or_null(arrays.context_audio, "start_audio", len(arrays.audio))
        audio = arrays.audio if given else np.broadcast_to(self._learned["null_audio"], arrays.audio.shape)
        return np.concatenate([before, self._hidden(audio, arrays.valid)], axis=1)

    def _who(self, arrays: Conditions, styled: bool) -> np.ndarray:
        """Identity and style (B, E + K); the null style unless `styled`."""
        batch = len(arrays.audio)
        identity = np.zeros((batch, self.config.denoiser.identity), np.float32) if arrays.identity is None else arrays.identity
        return np.concatenate([identity, self._or_null(arrays.style if styled else None, "null_style", batch)], axis=1)

    def _named(self, arrays: Conditions, branches: Sequence[frozenset[str]]) -> dict[str, np.ndarray]:
        """Every named condition of the configuration for each branch, as inputs of the graph."""
        batch, window, _ = arrays.audio.shape
        found = {}
        for entry in self.config.denoiser.conditions:
            null = np.broadcast_to(self._learned[f"null_named.{entry.name}"], entry.shape(batch, window))
            given = arrays.named.get(entry.name, null)
            found[f"condition_{entry.name}"] = np.concatenate([given if entry.name in branch else null for branch in branches])
        return found


def _indicated(frames: np.ndarray, exists: np.ndarray, sizes: DenoiserConfig) -> np.ndarray:
    """`frames` (N, T, C + I): with one more channel that says which exist, if the configuration has it."""
    return np.concatenate([frames, exists[..., None]], axis=-1) if sizes.indicator else np.ascontiguousarray(frames)
