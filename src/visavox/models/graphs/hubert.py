"""HuBERT in a graph, as the library `transformers` builds it for `models/hubert.py`, whose names of weights these are.

Shapes: samples (1, S), padded at both ends -> convolutions (1, 2 T, C) -> transformer (1, 2 T, D) -> means of pairs (1, T, D).
"""

import numpy as np

from visavox.models.graphs.graph import Graph
from visavox.models.graphs.layers import (
    EPSILON,
    KEYS,
    SPLIT,
    Reach,
    attend,
    convolution,
    gelu,
    grouped,
    layer_norm,
    linear,
    perceptron,
    split_heads,
    swap,
)
from visavox.models.sizes import HubertSizes, check_samples

REACHES = (Reach(10, stride=5), *[Reach(3, stride=2)] * 4, *[Reach(2, stride=2)] * 2)  # of HuBERT's convolutions
POSITIONS, GROUPS = 128, 16  # frames and groups of the convolution that tells positions
SIDE = 40  # samples of padding at each end
NAME = "audio_encoder.hubert"


def unused(sizes: HubertSizes) -> dict[str, tuple[int, ...]]:
    """The weights, by name and shape, that only training takes, which hides frames."""
    return {f"{NAME}.masked_spec_embed": (sizes.width,)}


def padded(samples: np.ndarray) -> np.ndarray:
    """Samples (S + 80,): 40 more at each end, mirrored in two halves, so that S = 640 T become exactly 2 T frames."""
    check_samples(samples.size)
    return np.pad(np.pad(samples, SIDE // 2, mode="reflect"), SIDE // 2, mode="reflect")


def hubert(graph: Graph, sound: str, sizes: HubertSizes) -> str:
    """Features (1, T, D) of padded samples (1, S)."""
    frames = _convolutions(graph, graph.node("Unsqueeze", [sound, graph.constant([2])]), sizes.conv_width)
    projected = layer_norm(graph, frames, f"{NAME}.feature_projection.layer_norm", sizes.conv_width)
    tokens = linear(graph, projected, f"{NAME}.feature_projection.projection", (sizes.width, sizes.conv_width))
    tokens = graph.node("Add", [tokens, _positions(graph, tokens, sizes.width)])
    tokens = layer_norm(graph, tokens, f"{NAME}.encoder.layer_norm", sizes.width)
    for number in range(sizes.layers):
        tokens = _layer(graph, tokens, f"{NAME}.encoder.layers.{number}", sizes)
    pairs = graph.node("Reshape", [tokens, graph.constant([0, -1, 2, sizes.width])])
    return graph.node("ReduceMean", [pairs, graph.constant([2])], {"keepdims": 0})


def _convolutions(graph: Graph, frames: str, width: int) -> str:
    for number, reach in enumerate(REACHES):
        layer = f"{NAME}.feature_extractor.conv_layers.{number}"
        frames = convolution(graph, frames, f"{layer}.conv", (width, width if number else 1), reach, bias=False)
        if number == 0:  # each channel by itself over time
            learned = [graph.weight(f"{layer}.layer_norm.{name}", (width,)) for name in ("weight", "bias")]
            frames = swap(graph, graph.node("InstanceNormalization", [swap(graph, frames), *learned], {"epsilon": EPSILON}))
        frames = gelu(graph, frames)
    return frames


def _positions(graph: Graph, tokens: str, width: int) -> str:
    """What a wide convolution says of where each token stands. Its weights are stored as a direction and a length for each frame."""
    layer = f"{NAME}.encoder.pos_conv_embed.conv"
    sizes = width, width // GROUPS, POSITIONS
    length = graph.weight(f"{layer}.parametrizations.weight.original0", (1, 1, POSITIONS))
    direction = graph.weight(f"{layer}.parametrizations.weight.original1", sizes, _unit)
    weight = graph.node("Mul", [direction, length])
    settings = grouped(Reach(POSITIONS, POSITIONS // 2), GROUPS)
    found = graph.node("Conv", [swap(graph, tokens), weight, graph.weight(f"{layer}.bias", (width,))], settings)
    ends = [graph.constant([each]) for each in (0, -1, 2)]  # an even kernel makes one frame too many
    return swap(graph, gelu(graph, graph.node("Slice", [found, *ends])))


def _unit(direction: np.ndarray) -> np.ndarray:
    """`direction` (D, D / groups, frames) at length 1 for each frame."""
    return direction / np.sqrt(np.square(direction).sum((0, 1), keepdims=True))


def _layer(graph: Graph, tokens: str, layer: str, sizes: HubertSizes) -> str:
    square, names = (sizes.width, sizes.width), ("q_proj", "k_proj", "v_proj")
    mapped = [linear(graph, tokens, f"{layer}.attention.{name}", square) for name in names]
    parts = [split_heads(graph, part, sizes.heads, order) for part, order in zip(mapped, (SPLIT, KEYS, SPLIT), strict=True)]
    found = linear(graph, attend(graph, *parts, (sizes.width // sizes.heads) ** -0.5), f"{layer}.attention.out_proj", square)
    tokens = layer_norm(graph, graph.node("Add", [tokens, found]), f"{layer}.layer_norm", sizes.width)
    names = f"{layer}.feed_forward.intermediate_dense", f"{layer}.feed_forward.output_dense"
    perceived = perceptron(graph, tokens, names, sizes.feed_forward, square)
    return layer_norm(graph, graph.node("Add", [tokens, perceived]), f"{layer}.final_layer_norm", sizes.width)
