"""The graphs `style`, `prepare` and `denoise`: `models/style_encoder.py` and `models/denoiser.py`.

Shapes: B batch, A different recordings, W window, P context, L = P + W, C channels; I 1 with an indicator and 0 without; D width,
K style, E identity, H heads, Q size of a named condition.
"""

from dataclasses import dataclass

from visavox.models.graphs.graph import Graph
from visavox.models.graphs.layers import (
    END,
    KEYS,
    Stack,
    attend,
    attend_and_perceive,
    gelu,
    layer_norm,
    linear,
    perceptron,
    split_heads,
)
from visavox.models.sizes import DenoiserConfig, StyleEncoderConfig

PERSON, BEFORE, FRAMES = "person", "before", "frames"


def style_graph(sizes: StyleEncoderConfig) -> Graph:
    """Takes "motion" (B, T, C) and "positions" (T or 1, D); gives "style" (B, K)."""
    graph, name = Graph(), "style_encoder"
    motion, positions = graph.input("motion", ("B", "T", sizes.channels)), graph.input("positions", ("rows", sizes.width))
    tokens = graph.node("Add", [linear(graph, motion, f"{name}.embed", (sizes.width, sizes.channels)), positions])
    stack = Stack(sizes.width, sizes.heads, sizes.feed_forward, sizes.norm_first)
    for number in range(sizes.layers):
        tokens = attend_and_perceive(graph, tokens, f"{name}.layers.{number}", stack)
    tokens = layer_norm(graph, tokens, f"{name}.last_norm", sizes.width) if sizes.norm_first else tokens
    mean = graph.node("ReduceMean", [tokens, graph.constant([1])], {"keepdims": 0})
    mapped = mean if sizes.style == sizes.width else linear(graph, mean, f"{name}.out", (sizes.style, sizes.width))
    graph.output("style", mapped, 2)
    return graph


def memories(sizes: DenoiserConfig) -> list[str]:
    """The names of what each layer keeps of a window's audio: keys (B, H, D / H, L), values (B, H, L, D / H) and, at alignment width 1,
    injections (B, L, D)."""
    kinds = ("key", "value", "injection") if sizes.align_width == 1 else ("key", "value")
    return [f"{kind}_{number}" for number in range(sizes.layers) for kind in kinds]


def tracks(sizes: DenoiserConfig) -> list[str]:
    """The names of conditions that have values for each frame."""
    return [entry.name for entry in sizes.conditions if entry.per == "frame"]


def prepare_graph(sizes: DenoiserConfig, quantized: bool = False) -> Graph:
    """Takes "audio" (A, L, D), "rows" (B,), which recording is that of each in the batch, "who" (B, E + K) and every named condition. It
    gives PERSON (B, 1, D), the `memories`, and FRAMES (B, W, D) where there are `tracks`.
    """
    graph, width, name = Graph(quantized), sizes.width, "denoiser"
    audio, rows = graph.input("audio", ("A", "L", width)), graph.input("rows", ("B",), "int64")
    who = graph.input("who", ("B", sizes.identity + sizes.style))
    named = {entry.name: graph.input(f"condition_{entry.name}", entry.shape("B", "W")) for entry in sizes.conditions}
    mapped = {
        entry.name: linear(graph, named[entry.name], f"{name}.named.{entry.name}", (width, entry.size), bias=False)
        for entry in sizes.conditions
    }
    person = linear(graph, who, f"{name}.person", (width, sizes.identity + sizes.style))
    for entry in sizes.conditions:
        if entry.per == "clip":
            person = graph.node("Add", [person, mapped[entry.name]])
    graph.output(PERSON, graph.node("Unsqueeze", [person, graph.constant([1])]), 3)
    if tracks(sizes):
        graph.output(FRAMES, graph.node("Sum", [mapped[entry] for entry in tracks(sizes)]), 3)
    for number in range(sizes.layers):
        layer = f"{name}.layers.{number}.attend_audio"
        parts = graph.nodes("Split", [linear(graph, audio, f"{layer}.key_value", (2 * width, width))], 2, {"axis": -1, "num_outputs": 2})
        made = {"key": split_heads(graph, parts[0], sizes.heads, KEYS), "value": split_heads(graph, parts[1], sizes.heads)}
        if sizes.align_width == 1:
            made["injection"] = linear(graph, parts[1], f"{layer}.out", (width, width))
        for kind, value in made.items():
            graph.output(f"{kind}_{number}", graph.node("Gather", [value, rows], {"axis": 0}), 3 if kind == "injection" else 4)
    return graph


def denoise_graph(sizes: DenoiserConfig, quantized: bool = False) -> Graph:
    """Takes "noisy" (B, W, C + I), "context" (B, P, C + I), "step" (1, D), a row of the sinusoid; PERSON with its position; BEFORE (1, P,
    D) and FRAMES (B or 1, W, D), what is added to the tokens of context and window; the `memories`; and "mask" (1 + L, L) where the
    alignment is wider than 1; gives "x0" (B, L, C).
    """
    graph, width, name = Graph(quantized), sizes.width, "denoiser"
    noisy = graph.input("noisy", ("B", "W", sizes.channels + sizes.indicator))
    step = graph.input("step", (1, width))
    step = perceptron(graph, step, (f"{name}.step_map.0", f"{name}.step_map.2"), width, (width, width))
    person = graph.node("Add", [graph.input(PERSON, ("B", 1, width)), step])
    context = graph.input("context", ("B", sizes.context, sizes.channels + sizes.indicator))
    before = linear(graph, context, f"{name}.embed", (width, sizes.channels + sizes.indicator))
    before = graph.node("Add", [before, graph.input(BEFORE, ("one", sizes.context, width))])
    now = linear(graph, noisy, f"{name}.embed", (width, sizes.channels + sizes.indicator))
    now = graph.node("Add", [now, graph.input(FRAMES, ("rows", "W", width))])
    tokens = graph.node("Concat", [person, before, now], {"axis": 1})
    mask = "" if sizes.align_width == 1 else graph.input("mask", ("tokens", "L"))
    shapes = {"key": ("B", sizes.heads, width // sizes.heads, "L"), "value": ("B", sizes.heads, "L", width // sizes.heads)}
    shapes["injection"] = ("B", "L", width)
    memory = {each: graph.input(each, shapes[each.split("_")[0]]) for each in memories(sizes)}
    stack = Stack(width, sizes.heads, sizes.feed_forward, sizes.norm_first)
    for number in range(sizes.layers):
        key, value, injection = (memory.get(f"{kind}_{number}", "") for kind in shapes)
        attend_audio = _AudioAttention(graph, f"{name}.layers.{number}.attend_audio", stack, (key, value), mask, injection)
        tokens = attend_and_perceive(graph, tokens, f"{name}.layers.{number}", stack, attend_audio)
    ends = [graph.constant([each]) for each in (1, END, 1)]  # all but the person
    tokens = graph.node("Slice", [tokens, *ends])
    tokens = layer_norm(graph, tokens, f"{name}.last_norm", width) if sizes.norm_first else tokens
    inner = linear(graph, tokens, f"{name}.read.0", (width // 2, width))
    graph.output("x0", linear(graph, gelu(graph, inner), f"{name}.read.2", (sizes.channels, width // 2)), 3)
    return graph


@dataclass(frozen=True)
class _AudioAttention:
    """Attention of [person, motion frames] (B, 1 + L, D) to audio, of which `memory` are keys and values.

    At alignment width 1 a motion frame sees one frame of it, whose softmax is 1: that `injection` was made with the window, and only the
    person attends.
    """

    graph: Graph
    layer: str
    sizes: Stack
    memory: tuple[str, str]
    mask: str
    injection: str

    def __call__(self, tokens: str) -> str:
        graph, (width, heads, *_) = self.graph, self.sizes
        if self.injection:
            limits = [graph.constant([each]) for each in (0, 1, 1)]
            tokens = graph.node("Slice", [tokens, *limits])
        query = split_heads(graph, linear(graph, tokens, f"{self.layer}.query", (width, width)), heads)
        found = attend(graph, query, *self.memory, (width // heads) ** -0.5, self.mask)
        found = linear(graph, found, f"{self.layer}.out", (width, width))
        return graph.node("Concat", [found, self.injection], {"axis": 1}) if self.injection else found
