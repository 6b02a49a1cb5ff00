"""What the networks are made of, as operators of a graph: each function is the layer of that name in `models/layers.py` or of PyTorch.

Shapes: B batch, T tokens, L frames, D width, H heads. A weight is found under the name of its layer, as in a checkpoint.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from visavox.models.graphs.graph import Graph
from visavox.models.graphs.quantized import NARROWEST, quantized_product

SPLIT, MERGED, KEYS = (0, 2, 1, 3), (0, 2, 1, 3), (0, 2, 3, 1)  # orders of axes of (B, T, H, D / H)
EPSILON, NORM_EPSILON = 1e-5, 1e-6  # of layer norms, and of those of channels
END = 1 << 31  # of a slice that goes on to the end


class Stack(NamedTuple):
    """What every layer of a stack shares: width D, heads H, width of the perceptron, place of the norms."""

    width: int
    heads: int
    feed_forward: int
    norm_first: bool


def linear(graph: Graph, value: str, layer: str, sizes: tuple[int, int], bias: bool = True) -> str:
    """A linear map (..., D_out) of (..., D_in); `sizes` are (D_out, D_in)."""
    if graph.quantized and min(sizes) >= NARROWEST:
        mapped = quantized_product(graph, value, f"{layer}.weight", sizes)
    else:
        mapped = graph.node("MatMul", [value, graph.weight(f"{layer}.weight", sizes, np.transpose)])
    return graph.node("Add", [mapped, graph.weight(f"{layer}.bias", sizes[:1])]) if bias else mapped


def gelu(graph: Graph, value: str) -> str:
    """GELU with the exact error function."""
    return graph.node("Gelu", [value])


def layer_norm(graph: Graph, value: str, layer: str, width: int) -> str:
    """Layer norm over the last axis, of `width`."""
    learned = [graph.weight(f"{layer}.weight", (width,)), graph.weight(f"{layer}.bias", (width,))]
    return graph.node("LayerNormalization", [value, *learned], {"axis": -1, "epsilon": EPSILON})


def perceptron(graph: Graph, value: str, layers: tuple[str, str], inner: int, outer: tuple[int, int]) -> str:
    """Two linear maps with GELU between, over `inner`; `outer` are the widths (D_out, D_in)."""
    up, down = layers
    return linear(graph, gelu(graph, linear(graph, value, up, (inner, outer[1]))), down, (outer[0], inner))


def split_heads(graph: Graph, tokens: str, heads: int, order: tuple[int, ...] = SPLIT) -> str:
    """(B, T, D) as (B, H, T, D / H), or in another `order` of (B, T, H, D / H)."""
    apart = graph.node("Reshape", [tokens, graph.constant([0, 0, heads, -1])])
    return graph.node("Transpose", [apart], {"perm": order})


def attend(graph: Graph, query: str, key: str, value: str, scale: float, mask: str = "") -> str:
    """Attention (B, T, D) of `query` (B, H, T, D / H) to `key` (B, H, D / H, L) and `value` (B, H, L, D / H); `mask` is added to scores."""
    scores = graph.node("MatMul", [graph.node("Mul", [query, graph.constant(scale)]), key])
    scores = graph.node("Add", [scores, mask]) if mask else scores
    found = graph.node("MatMul", [graph.node("Softmax", [scores], {"axis": -1}), value])
    return graph.node("Reshape", [graph.node("Transpose", [found], {"perm": MERGED}), graph.constant([0, 0, -1])])


def self_attention(graph: Graph, tokens: str, layer: str, sizes: Stack) -> str:
    """Attention of tokens (B, T, D) to one another."""
    width, heads = sizes.width, sizes.heads
    parts = graph.nodes("Split", [linear(graph, tokens, f"{layer}.query_key_value", (3 * width, width))], 3, {"axis": -1, "num_outputs": 3})
    query, key, value = (split_heads(graph, part, heads, order) for part, order in zip(parts, (SPLIT, KEYS, SPLIT), strict=True))
    return linear(graph, attend(graph, query, key, value, (width // heads) ** -0.5), f"{layer}.out", (width, width))


def residual(graph: Graph, tokens: str, layer: str, sizes: Stack, branch: Callable[[str], str]) -> str:
    """norm(x + branch(x)), or x + branch(norm(x)) when the norms come first."""
    norm = f"{layer}.norm"
    if sizes.norm_first:
        return graph.node("Add", [tokens, branch(layer_norm(graph, tokens, norm, sizes.width))])
    return layer_norm(graph, graph.node("Add", [tokens, branch(tokens)]), norm, sizes.width)


def attend_and_perceive(graph: Graph, tokens: str, layer: str, sizes: Stack, attend_audio: Callable[[str], str] | None = None) -> str:
    """One layer of a transformer: tokens attend to one another, `attend_audio` when given, and pass through a perceptron."""
    inner = f"{layer}.perceive.0", f"{layer}.perceive.3"
    tokens = residual(graph, tokens, f"{layer}.attend_residual", sizes, lambda each: self_attention(graph, each, f"{layer}.attend", sizes))
    if attend_audio is not None:
        tokens = residual(graph, tokens, f"{layer}.attend_audio_residual", sizes, attend_audio)
    widths = sizes.width, sizes.width
    return residual(
        graph, tokens, f"{layer}.perceive_residual", sizes, lambda each: perceptron(graph, each, inner, sizes.feed_forward, widths)
    )


class Reach(NamedTuple):
    """Which frames a convolution takes: how many, padding at each end, stride and dilation."""

    kernel: int
    padding: int = 0
    stride: int = 1
    dilation: int = 1


def convolution(graph: Graph, frames: str, layer: str, sizes: tuple[int, int], reach: Reach, bias: bool = True) -> str:
    """A convolution (B, L', D_out) over frames (B, L, D_in); `sizes` are (D_out, D_in).

    It is one product of matrices, the frames that each result takes beside one another: the operator Conv gives other last digits on
    another number of threads, this does not.
    """
    return product(graph, neighbours(graph, pad(graph, frames, reach.padding), reach), layer, (*sizes, reach.kernel), bias)


def product(graph: Graph, taken: str, layer: str, shape: tuple[int, int, int], bias: bool = True) -> str:
    """A convolution (B, L', D_out) of what each result takes, (B, L', kernel D_in); its weights have `shape` (D_out, D_in, kernel)."""
    out, into, kernel = shape
    if graph.quantized and min(out, into * kernel) >= NARROWEST:
        mapped = quantized_product(graph, taken, f"{layer}.weight", shape, _beside)
    else:
        mapped = graph.node("MatMul", [taken, graph.weight(f"{layer}.weight", shape, _beside)])
    return graph.node("Add", [mapped, graph.weight(f"{layer}.bias", (out,))]) if bias else mapped


def pad(graph: Graph, frames: str, padding: int, mode: str = "constant") -> str:
    """`frames` (B, L, D) with `padding` more at each end: zeros, or in mode "edge" the first and the last."""
    return graph.node("Pad", [frames, graph.constant([0, padding, 0, 0, padding, 0])], {"mode": mode}) if padding else frames


def neighbours(graph: Graph, frames: str, reach: Reach) -> str:
    """The frames (B, L', kernel D) that each result of a convolution takes of padded `frames` (B, L, D)."""
    parts = []
    for number in range(reach.kernel):
        behind = (reach.kernel - 1 - number) * reach.dilation
        limits = number * reach.dilation, -behind or END, 1, reach.stride
        parts.append(graph.node("Slice", [frames, *(graph.constant([each]) for each in limits)]))
    return parts[0] if len(parts) == 1 and reach.stride == 1 else graph.node("Concat", parts, {"axis": -1})


def _beside(weight: np.ndarray) -> np.ndarray:
    """The matrix (kernel D_in, D_out) of a convolution's weights (D_out, D_in, kernel)."""
    return weight.transpose(2, 1, 0).reshape(-1, len(weight))


def depthwise(graph: Graph, frames: str, layer: str, width: int, reach: Reach) -> str:
    """A convolution of each channel of frames (B, L, D) by itself."""
    weights = [graph.weight(f"{layer}.weight", (width, 1, reach.kernel)), graph.weight(f"{layer}.bias", (width,))]
    return swap(graph, graph.node("Conv", [swap(graph, frames), *weights], grouped(reach, width)))


def grouped(reach: Reach, groups: int) -> dict:
    """What ONNX's operator Conv is told of a convolution in `groups` of channels."""
    ends, strides, dilations = (reach.padding,) * 2, (reach.stride,), (reach.dilation,)
    return {"kernel_shape": (reach.kernel,), "pads": ends, "strides": strides, "dilations": dilations, "group": groups}


def channel_norm(graph: Graph, frames: str, layer: str, width: int) -> str:
    """Each frame of (B, L, D) at unit mean square over its channels, times a learned gain."""
    power = graph.node("ReduceMean", [graph.node("Mul", [frames, frames]), graph.constant([-1])], {"keepdims": 1})
    size = graph.node("Sqrt", [graph.node("Add", [power, graph.constant(NORM_EPSILON)])])
    return graph.node("Mul", [graph.node("Div", [frames, size]), graph.weight(f"{layer}.gain", (width, 1), np.ravel)])


def channel_norm_at_once(graph: Graph, frames: str, layer: str, width: int) -> str:
    """The same in one operator of ONNX Runtime's own, whose last digits are others: for few frames, where every operator counts."""
    gain = graph.weight(f"{layer}.gain", (width, 1), np.ravel)
    return graph.node("SimplifiedLayerNormalization", [frames, gain], {"axis": -1, "epsilon": NORM_EPSILON})


def swap(graph: Graph, value: str) -> str:
    """(B, L, D) as (B, D, L), and back."""
    return graph.node("Transpose", [value], {"perm": (0, 2, 1)})
