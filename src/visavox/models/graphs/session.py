"""`Session`: a graph that runs, through ONNX Runtime."""

from collections.abc import Mapping

import numpy as np

from visavox.errors import DependencyError
from visavox.models.graphs.graph import Graph

SILENT = 3  # only errors are said, and those are raised too
CPU = ["CPUExecutionProvider"]


class Session:
    """Runs `graph` with `weights` on so many `threads`, whose number changes nothing in what comes out."""

    def __init__(self, graph: Graph, weights: Mapping[str, np.ndarray], threads: int = 1):
        runtime = onnx_runtime()
        arrays = graph.arrays(weights)
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = SILENT
        # more of it takes longer to load than it ever saves
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a thread that waits takes no processor
        options.add_external_initializers(list(arrays), [runtime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()])
        self._session = runtime.InferenceSession(graph.model(arrays), options, providers=CPU)
        self._names = [output.name for output in self._session.get_outputs()]

    def __call__(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Every output of the graph by name."""
        return dict(zip(self._names, self._session.run(self._names, dict(inputs)), strict=True))


def onnx_runtime():
    """The library; a DependencyError where it is missing or cannot be loaded."""
    try:
        import onnxruntime
    except ImportError as error:
        raise DependencyError(f"ONNX Runtime cannot be loaded ({error}); install it: pip install onnxruntime") from None
    return onnxruntime
