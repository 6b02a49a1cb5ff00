"""The graph `encode_on`: the audio encoder and the lip reader of a stream, block after block, without encoding the past again.

Of each convolution the frames before the newest SEEN ones are remembered; those are encoded at every block, as if the sound ended there,
since what comes later changes them a little. A frame is remembered as it was when it left them. With as many as the networks reach it is
what the graph `encode` makes of the whole sound so far.

Shapes: B voices, M frames that are seen, N numbers remembered; normalised log-mel (B, 4 M, 80) -> features (B, M, D), cues (B, M, Q). What
a voice gets depends on that voice alone.
"""

from dataclasses import dataclass

import numpy as np

from visavox.models.face_config import FaceConfig
from visavox.models.graphs.graph import Graph
from visavox.models.graphs.layers import END, Reach, channel_norm_at_once, linear
from visavox.models.graphs.protobuf import TYPES
from visavox.models.graphs.sound import MEL, SLOW, SoundNetworks
from visavox.models.log_mel import BANDS

REVISED = 6  # frames before a block that are encoded again, since the sound after them was not known
BESIDE = Reach(3, padding=1)
HALF = "float16"  # the numbers of a memory: a session's state stays small


@dataclass(frozen=True)
class Blocks:
    """Frames that are `made` in a block, those `ahead` of it that are known, and how many are `seen` at a block, those included."""

    made: int
    ahead: int
    seen: int


def encode_on_graph(config: FaceConfig, blocks: Blocks, remember: str = HALF, quantized: bool = False) -> tuple[Graph, int]:
    """The graph, whose convolutions may be `quantized`, and the size N of its memory, of numbers of the type `remember`.

    It takes "sound", "exists" (B, 4 M, 1), 0 for what was before the beginning and 1 elsewhere, and "memory" (B, N), zeros at first. It
    gives "features", "cues" where the model has any, and "remembered" (B, N) for the next block.
    """
    graph = Graph(quantized)
    sound = graph.input("sound", ("B", MEL * blocks.seen, BANDS))
    ends = _Remembered(graph, blocks, _remembered_sizes(config), remember)
    encoded, cues = SoundNetworks(graph, ends, config, channel_norm_at_once).of(sound)
    if cues:
        graph.output("cues", cues, 3)
    graph.output("features", linear(graph, encoded, "audio_map", (config.denoiser.width, config.audio.width)), 3)
    graph.output("remembered", ends.remembered(), 2, remember)
    return graph, sum(frames * width for frames, width in ends.sizes)


def _remembered_sizes(config: FaceConfig) -> list[tuple[int, int]]:
    """The frames and the width of each memory, in the order in which the networks ask for them."""
    asked = _Asked()
    SoundNetworks(Graph(), asked, config).of("sound")
    return asked.sizes


class _Asked:
    """Ends that note what they are asked for."""

    def __init__(self):
        self.sizes: list[tuple[int, int]] = []

    def taken(self, frames: str, reach: Reach, width: int, rate: int) -> str:
        """The same frames."""
        self.sizes.append((reach.padding, width))
        return frames

    def depthwise(self, frames: str, layer: str, reach: Reach, width: int) -> str:
        """The same frames."""
        return self.taken(frames, reach, width, SLOW)

    def edges(self, frames: str, width: int) -> str:
        """The same frames."""
        return self.taken(frames, BESIDE, width, SLOW)

    def there(self, frames: str, rate: int) -> str:
        """The same frames."""
        return frames


class _Remembered:
    """Ends of which the earlier is remembered from block to block, and the later silent."""

    def __init__(self, graph: Graph, blocks: Blocks, sizes: list[tuple[int, int]], precision: str):
        self.graph, self.blocks, self.sizes, self.precision = graph, blocks, sizes, precision
        total = sum(frames * width for frames, width in sizes)
        memory = graph.input("memory", ("B", total), precision)
        memory = memory if precision == "float32" else graph.node("Cast", [memory], {"to": TYPES["float32"]})
        counts = graph.constant([frames * width for frames, width in sizes])
        self._parts = iter(zip(graph.nodes("Split", [memory, counts], len(sizes), {"axis": 1}), sizes, strict=True))
        self._kept: list[str] = []
        self._exists = graph.input("exists", ("B", MEL * blocks.seen, 1))
        self._masks: dict[int, str] = {}
        self._voices = graph.node("Shape", [self._exists], {"start": 0, "end": 1})
        self._silences: dict[tuple[int, int], str] = {}

    def taken(self, frames: str, reach: Reach, width: int, rate: int) -> str:
        """What a convolution takes of `frames` after those remembered, before zeros."""
        gathered = self._gathered(frames, reach, width, rate)
        return self.graph.node("Reshape", [gathered, self.graph.constant([0, 0, reach.kernel * width])])

    def depthwise(self, frames: str, layer: str, reach: Reach, width: int) -> str:
        """The depthwise convolution, as sums over a few frames: the operator Conv takes several times as long for so few."""
        graph, gathered = self.graph, self._gathered(frames, reach, width, SLOW)
        weights = graph.weight(f"{layer}.weight", (width, 1, reach.kernel), _kernel_first)
        sums = graph.node("ReduceSum", [graph.node("Mul", [gathered, weights]), graph.constant([2])], {"keepdims": 0})
        return graph.node("Add", [sums, graph.weight(f"{layer}.bias", (width,))])

    def _gathered(self, frames: str, reach: Reach, width: int, rate: int) -> str:
        """The frames (B, L', kernel, `width`) that each result takes."""
        padded = self._after_memory([frames, self._silence(reach.padding, width)], reach.padding, width, rate)
        results = self.blocks.seen * rate // reach.stride
        numbers = reach.stride * np.arange(results)[:, None] + reach.dilation * np.arange(reach.kernel)
        return self.graph.node("Gather", [padded, self.graph.constant(numbers)], {"axis": 1})

    def _silence(self, count: int, width: int) -> str:
        """Zeros (B, `count`, `width`)."""
        if (count, width) not in self._silences:
            shape = self.graph.node("Concat", [self._voices, self.graph.constant([count, width])], {"axis": 0})
            self._silences[count, width] = self.graph.node("Expand", [self.graph.constant(0.0), shape])
        return self._silences[count, width]

    def edges(self, frames: str, width: int) -> str:
        """`frames` between the one remembered and a copy of the last; where there is no sound yet, copies of the block's first."""
        graph, first = self.graph, self.blocks.seen - self.blocks.made - self.blocks.ahead
        begin = self._slice(frames, first, first + 1)
        some = graph.node("Where", [graph.node("Greater", [self.mask(SLOW), graph.constant(0.5)]), frames, begin])
        return self._after_memory([some, self._slice(frames, -1, END)], 1, width, SLOW)

    def there(self, frames: str, rate: int) -> str:
        """`frames`, zero before the beginning."""
        return self.graph.node("Mul", [frames, self.mask(rate)])

    def mask(self, rate: int) -> str:
        """(B, M `rate`, 1): 1 for frames that exist, 0 before the beginning."""
        if rate not in self._masks:
            limits = [self.graph.constant([each]) for each in (0, END, 1, MEL // rate)]
            self._masks[rate] = self.graph.node("Slice", [self._exists, *limits])
        return self._masks[rate]

    def remembered(self) -> str:
        """What is remembered for the next block (B, N)."""
        kept = self.graph.node("Concat", self._kept, {"axis": 1})
        return kept if self.precision == "float32" else self.graph.node("Cast", [kept], {"to": TYPES[self.precision]})

    def _after_memory(self, frames: list[str], count: int, width: int, rate: int) -> str:
        """`frames` after the `count` that are remembered; remembers as many before the end of this block's."""
        memory, size = next(self._parts)
        if size != (count, width):
            raise AssertionError(f"a memory of {size} for {count} frames of {width}")
        before = self.graph.node("Reshape", [memory, self.graph.constant([0, count, width])])
        known = self.graph.node("Concat", [before, *frames], {"axis": 1})
        made = self.blocks.made * rate
        self._kept.append(self.graph.node("Reshape", [self._slice(known, made, made + count), self.graph.constant([0, count * width])]))
        return known

    def _slice(self, frames: str, first: int, last: int) -> str:
        return self.graph.node("Slice", [frames, *(self.graph.constant([each]) for each in (first, last, 1))])


def _kernel_first(weights: np.ndarray) -> np.ndarray:
    """Weights (kernel, D) of a depthwise convolution's (D, 1, kernel)."""
    return weights[:, 0].T
