"""All graphs of a model, and all weights that it has."""

from visavox.models.face_config import FaceConfig
from visavox.models.graphs.graph import Graph
from visavox.models.graphs.hubert import unused
from visavox.models.graphs.motion import denoise_graph, prepare_graph, style_graph
from visavox.models.graphs.sound import encode_graph
from visavox.models.sizes import DenoiserConfig, HubertSizes

Shapes = dict[str, tuple[int, ...]]


def graphs_of(config: FaceConfig, quantized: bool = False) -> dict[str, Graph]:
    """The graphs "encode", "style", "prepare" and "denoise", all but "style" `quantized` or not."""
    return {
        "encode": encode_graph(config, quantized),
        "style": style_graph(config.style),
        "prepare": prepare_graph(config.denoiser, quantized),
        "denoise": denoise_graph(config.denoiser, quantized),
    }


def weight_shapes(config: FaceConfig, graphs: dict[str, Graph] | None = None) -> Shapes:
    """The name and shape of every weight of a model of `config`, whose `graphs` may be given."""
    taken = {weight.name: weight.shape for graph in (graphs or graphs_of(config)).values() for weight in graph.weights.values()}
    idle = unused(config.audio) if isinstance(config.audio, HubertSizes) else {}
    return taken | learned_shapes(config.denoiser) | idle


def learned_shapes(sizes: DenoiserConfig) -> Shapes:
    """The shapes of the weights that the engine takes and no graph: positions, and what stands for things that are not told."""
    return {
        "denoiser.position": (1, 1 + sizes.context + sizes.window, sizes.width),
        "start_motion": (1, sizes.context, sizes.channels),
        "start_audio": (1, sizes.context, sizes.width),
        "null_style": (1, sizes.style),
        "null_audio": (1, 1, sizes.width),
        **{f"null_named.{entry.name}": entry.shape(1, 1) for entry in sizes.conditions},
    }
