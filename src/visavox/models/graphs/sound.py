"""The graph `encode`: sound to audio features and cues of the lips, in one pass; of log-mel (`models/audio_encoder.py`,
`models/lip_reader.py`) or of samples (`models/graphs/hubert.py`).

Shapes: normalised log-mel (B, 4 T, 80) -> features (B, T, D), cues (B, T, Q); E width of the audio encoder, P phones. Frames stand before
channels throughout, unlike in PyTorch's convolutions. What a convolution finds beyond the frames that are there, its `Ends` say: silence
about a whole recording, or what a stream remembers (`models/graphs/incremental.py`).
"""

from collections.abc import Callable
from typing import Protocol

from visavox.models.face_config import FaceConfig
from visavox.models.graphs.graph import Graph
from visavox.models.graphs.hubert import hubert
from visavox.models.graphs.layers import (
    Reach,
    channel_norm,
    convolution,
    depthwise,
    gelu,
    linear,
    neighbours,
    pad,
    product,
)
from visavox.models.log_mel import BANDS
from visavox.models.sizes import FEATURES_PER_FRAME, LIP_PHONES, READ, AudioEncoderConfig

HALF = Reach(4, padding=1, stride=2)
MEL, FAST, SLOW = FEATURES_PER_FRAME, FEATURES_PER_FRAME // 2, 1  # frames of log-mel, of the fast and of the slow blocks in one of motion
ONE, THREE, FIVE = Reach(1), Reach(3, padding=1), Reach(5, padding=2)


class Ends(Protocol):
    """What stands before the first and after the last of the frames that a graph is given; `rate` of them last as long as one of motion."""

    def taken(self, frames: str, reach: Reach, width: int, rate: int) -> str:
        """The frames (B, L', kernel `width`) beside one another that each result of a convolution over `frames` (B, L, `width`) takes."""

    def depthwise(self, frames: str, layer: str, reach: Reach, width: int) -> str:
        """The depthwise convolution `layer` over `frames` (B, T, `width`), as many as before."""

    def edges(self, frames: str, width: int) -> str:
        """`frames` (B, T, `width`) with one more at each end: the first where a recording begins, and the last."""

    def there(self, frames: str, rate: int) -> str:
        """`frames`, zero where there is no sound."""


class Silence:
    """The ends of a whole recording."""

    def __init__(self, graph: Graph):
        self._graph = graph

    def taken(self, frames: str, reach: Reach, width: int, rate: int) -> str:
        """What a convolution takes of `frames` between zeros."""
        return neighbours(self._graph, pad(self._graph, frames, reach.padding), reach)

    def depthwise(self, frames: str, layer: str, reach: Reach, width: int) -> str:
        """The depthwise convolution over `frames` between zeros."""
        return depthwise(self._graph, frames, layer, width, reach)

    def edges(self, frames: str, width: int) -> str:
        """`frames` between copies of the first and of the last."""
        return pad(self._graph, frames, 1, "edge")

    def there(self, frames: str, rate: int) -> str:
        """`frames`: all are there."""
        return frames


def encode_graph(config: FaceConfig, quantized: bool = False) -> Graph:
    """Takes "sound" and gives "features" and, where the model has cues, "cues"; an encoder of log-mel may be `quantized`."""
    graph = Graph(quantized and isinstance(config.audio, AudioEncoderConfig))
    if isinstance(config.audio, AudioEncoderConfig):
        encoded, cues = SoundNetworks(graph, Silence(graph), config).of(graph.input("sound", (1, "mel_frames", BANDS)))
        if cues:
            graph.output("cues", cues, 3)
    else:
        encoded = hubert(graph, graph.input("sound", (1, "samples")), config.audio)
    graph.output("features", linear(graph, encoded, "audio_map", (config.denoiser.width, config.audio.width)), 3)
    return graph


class SoundNetworks:
    """The audio encoder and the lip reader of `config` in `graph`, between `ends`, with `norm` for the norms of channels."""

    def __init__(self, graph: Graph, ends: Ends, config: FaceConfig, norm: Callable[[Graph, str, str, int], str] = channel_norm):
        self.graph, self.ends, self.config, self.norm = graph, ends, config, norm

    def of(self, sound: str) -> tuple[str, str]:
        """Features (B, T, E) before the map, and cues (B, T, Q), "" for none, of log-mel (B, 4 T, 80)."""
        encoded, probabilities = self._audio_encoder(sound)
        if not self.config.lip_cues:
            return encoded, ""
        cues = self._lip_phones(probabilities)
        if self.config.lips is not None:
            cues = self.graph.node("Concat", [cues, self._lip_reader(sound, encoded, probabilities)], {"axis": -1})
        return encoded, cues

    def _convolution(self, frames: str, layer: str, sizes: tuple[int, int], reach: Reach, rate: int) -> str:
        """A convolution (B, L', D_out) over frames (B, L, D_in), of which `rate` come on a frame of motion; `sizes` are (D_out, D_in)."""
        return product(self.graph, self.ends.taken(frames, reach, sizes[1], rate), layer, (*sizes, reach.kernel))

    def _audio_encoder(self, sound: str) -> tuple[str, str]:
        """Features (B, T, E) before the map, and phone probabilities (B, 2 T, P)."""
        graph, sizes, name = self.graph, self.config.audio, "audio_encoder"
        width = sizes.width
        square = width, width
        frames = self._there(gelu(graph, self._convolution(sound, f"{name}.stem", (width, BANDS), FIVE, MEL)), MEL)
        frames = self._there(gelu(graph, self._convolution(frames, f"{name}.halve", square, HALF, MEL)), FAST)
        for number, dilation in enumerate(sizes.fast_dilations):
            block = f"{name}.fast.{number}"
            mixed = self.norm(graph, frames, f"{block}.norm", width)
            mixed = gelu(graph, self._convolution(mixed, f"{block}.mix", square, Reach(3, dilation, dilation=dilation), FAST))
            frames = self._there(graph.node("Add", [frames, convolution(graph, mixed, f"{block}.out", square, ONE)]), FAST)
        frames = self.norm(graph, frames, f"{name}.phone_norm", width)
        logits = convolution(graph, frames, f"{name}.phones", (sizes.phones, width), ONE)
        probabilities = graph.node("Softmax", [logits], {"axis": -1})
        recalled = convolution(graph, probabilities, f"{name}.recall", (width, sizes.phones), ONE, bias=False)
        frames = self._there(graph.node("Add", [frames, recalled]), FAST)
        frames = self._there(self._convolution(frames, f"{name}.quarter", square, HALF, FAST), SLOW)
        for number, dilation in enumerate(sizes.slow_dilations):
            frames = self._slow_block(frames, f"{name}.slow.{number}", width, dilation)
        return self.norm(graph, frames, f"{name}.out_norm", width), probabilities

    def _slow_block(self, frames: str, block: str, width: int, dilation: int) -> str:
        graph = self.graph
        mixed = self.ends.depthwise(frames, f"{block}.mix", Reach(7, 3 * dilation, dilation=dilation), width)
        mixed = self.norm(graph, mixed, f"{block}.norm", width)
        mixed = gelu(graph, convolution(graph, mixed, f"{block}.up", (3 * width, width), ONE))
        return self._there(graph.node("Add", [frames, convolution(graph, mixed, f"{block}.down", (width, 3 * width), ONE)]), SLOW)

    def _lip_phones(self, probabilities: str) -> str:
        """Cues (B, T, phones that lips shape and CERTAINTY) of phone probabilities (B, 2 T, P)."""
        graph, phones = self.graph, self.config.audio.phones
        pairs = graph.node("Reshape", [probabilities, graph.constant([0, -1, 2, phones])])
        mean = graph.node("ReduceMean", [pairs, graph.constant([2])], {"keepdims": 0})
        lips = graph.node("Gather", [mean, graph.constant(list(LIP_PHONES.values()))], {"axis": 2})
        limits = [graph.constant([each]) for each in (1, phones, 2)]  # all but silence
        certainty = graph.node("ReduceMax", [graph.node("Slice", [mean, *limits]), graph.constant([2])], {"keepdims": 1})
        return graph.node("Concat", [lips, certainty], {"axis": -1})

    def _lip_reader(self, sound: str, encoded: str, probabilities: str) -> str:
        """Readings (B, T, 2) of log-mel (B, 4 T, 80), features (B, T, E) and phone probabilities (B, 2 T, P)."""
        graph, sizes, name = self.graph, self.config.lips, "lip_reader"
        width, bands, phones = sizes.width, FEATURES_PER_FRAME * BANDS, 2 * sizes.phones
        bands_of_frames = graph.node("Reshape", [sound, graph.constant([0, -1, bands])])
        named = graph.node("Reshape", [probabilities, graph.constant([0, -1, phones])])
        hidden = self._there(graph.node("Sum", [
            convolution(graph, encoded, f"{name}.features", (width, sizes.encoder), ONE),
            self._convolution(bands_of_frames, f"{name}.bands", (width, bands), THREE, SLOW),
            convolution(graph, named, f"{name}.phones", (width, phones), ONE, bias=False),
        ]), SLOW)  # fmt: skip
        for number, dilation in enumerate(sizes.dilations):
            hidden = self._slow_block(hidden, f"{name}.blocks.{number}", width, dilation)
        read = convolution(graph, self.norm(graph, hidden, f"{name}.norm", width), f"{name}.read", (len(READ), width), ONE)
        plain = convolution(graph, self.ends.edges(encoded, sizes.encoder), f"{name}.plain", (len(READ), sizes.encoder), Reach(3))
        return graph.node("Add", [read, plain])

    def _there(self, frames: str, rate: int) -> str:
        return self.ends.there(frames, rate)
