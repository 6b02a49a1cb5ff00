"""The graph `encode`: sound to audio features and cues of the lips, in one pass; of log-mel (`models/audio_encoder.py`,
`models/lip_reader.py`) or of samples (`models/graphs/hubert.py`).

Shapes: normalised log-mel (1, 4 T, 80) -> features (1, T, D), cues (1, T, Q); E width of the audio encoder, P phones. Frames stand before
channels throughout, unlike in PyTorch's convolutions.
"""

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
    pad,
)
from visavox.models.log_mel import BANDS
from visavox.models.sizes import FEATURES_PER_FRAME, LIP_PHONES, READ, AudioEncoderConfig, LipReaderConfig

HALF = Reach(4, padding=1, stride=2)
ONE, THREE, FIVE = Reach(1), Reach(3, padding=1), Reach(5, padding=2)


def encode_graph(config: FaceConfig) -> Graph:
    """Takes "sound" and gives "features" and, where the model has cues, "cues"."""
    graph = Graph()
    if isinstance(config.audio, AudioEncoderConfig):
        sound = graph.input("sound", (1, "mel_frames", BANDS))
        encoded, probabilities = _audio_encoder(graph, sound, config.audio)
        if config.lip_cues:
            cues = _lip_phones(graph, probabilities, config.audio.phones)
            if config.lips is not None:
                cues = graph.node("Concat", [cues, _lip_reader(graph, sound, encoded, probabilities, config.lips)], {"axis": -1})
            graph.output("cues", cues, 3)
    else:
        encoded = hubert(graph, graph.input("sound", (1, "samples")), config.audio)
    graph.output("features", linear(graph, encoded, "audio_map", (config.denoiser.width, config.audio.width)), 3)
    return graph


def _audio_encoder(graph: Graph, sound: str, sizes: AudioEncoderConfig) -> tuple[str, str]:
    """Features (1, T, E) before the map, and phone probabilities (1, 2 T, P)."""
    width, name = sizes.width, "audio_encoder"
    square = width, width
    frames = gelu(graph, convolution(graph, sound, f"{name}.stem", (width, BANDS), FIVE))
    frames = gelu(graph, convolution(graph, frames, f"{name}.halve", square, HALF))
    for number, dilation in enumerate(sizes.fast_dilations):
        block = f"{name}.fast.{number}"
        mixed = channel_norm(graph, frames, f"{block}.norm", width)
        mixed = gelu(graph, convolution(graph, mixed, f"{block}.mix", square, Reach(3, dilation, dilation=dilation)))
        frames = graph.node("Add", [frames, convolution(graph, mixed, f"{block}.out", square, ONE)])
    frames = channel_norm(graph, frames, f"{name}.phone_norm", width)
    logits = convolution(graph, frames, f"{name}.phones", (sizes.phones, width), ONE)
    probabilities = graph.node("Softmax", [logits], {"axis": -1})
    recalled = convolution(graph, probabilities, f"{name}.recall", (width, sizes.phones), ONE, bias=False)
    frames = convolution(graph, graph.node("Add", [frames, recalled]), f"{name}.quarter", square, HALF)
    for number, dilation in enumerate(sizes.slow_dilations):
        frames = _slow_block(graph, frames, f"{name}.slow.{number}", width, dilation)
    return channel_norm(graph, frames, f"{name}.out_norm", width), probabilities


def _slow_block(graph: Graph, frames: str, block: str, width: int, dilation: int) -> str:
    mixed = depthwise(graph, frames, f"{block}.mix", width, Reach(7, 3 * dilation, dilation=dilation))
    mixed = channel_norm(graph, mixed, f"{block}.norm", width)
    mixed = gelu(graph, convolution(graph, mixed, f"{block}.up", (3 * width, width), ONE))
    return graph.node("Add", [frames, convolution(graph, mixed, f"{block}.down", (width, 3 * width), ONE)])


def _lip_phones(graph: Graph, probabilities: str, phones: int) -> str:
    """Cues (1, T, phones that lips shape and CERTAINTY) of phone probabilities (1, 2 T, P)."""
    pairs = graph.node("Reshape", [probabilities, graph.constant([0, -1, 2, phones])])
    mean = graph.node("ReduceMean", [pairs, graph.constant([2])], {"keepdims": 0})
    lips = graph.node("Gather", [mean, graph.constant(list(LIP_PHONES.values()))], {"axis": 2})
    limits = [graph.constant([each]) for each in (1, phones, 2)]  # all but silence
    certainty = graph.node("ReduceMax", [graph.node("Slice", [mean, *limits]), graph.constant([2])], {"keepdims": 1})
    return graph.node("Concat", [lips, certainty], {"axis": -1})


def _lip_reader(graph: Graph, sound: str, encoded: str, probabilities: str, sizes: LipReaderConfig) -> str:
    """Readings (1, T, 2) of log-mel (1, 4 T, 80), features (1, T, E) and phone probabilities (1, 2 T, P)."""
    width, name, bands, phones = sizes.width, "lip_reader", FEATURES_PER_FRAME * BANDS, 2 * sizes.phones
    bands_of_frames = graph.node("Reshape", [sound, graph.constant([0, -1, bands])])
    named = graph.node("Reshape", [probabilities, graph.constant([0, -1, phones])])
    hidden = graph.node("Sum", [
        convolution(graph, encoded, f"{name}.features", (width, sizes.encoder), ONE),
        convolution(graph, bands_of_frames, f"{name}.bands", (width, bands), THREE),
        convolution(graph, named, f"{name}.phones", (width, phones), ONE, bias=False),
    ])  # fmt: skip
    for number, dilation in enumerate(sizes.dilations):
        hidden = _slow_block(graph, hidden, f"{name}.blocks.{number}", width, dilation)
    read = convolution(graph, channel_norm(graph, hidden, f"{name}.norm", width), f"{name}.read", (len(READ), width), ONE)
    plain = convolution(graph, pad(graph, encoded, 1, "edge"), f"{name}.plain", (len(READ), sizes.encoder), Reach(3))
    return graph.node("Add", [read, plain])
