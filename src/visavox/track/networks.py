"""The three networks of the landmark model at work: the only file that knows the runtime which runs them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from visavox.errors import DependencyError


class Network:
    """One network: an array in, its outputs by name out. It runs on one thread, and belongs to one thread."""

    def __init__(self, content: bytes):
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            raise DependencyError("tracking faces needs ai-edge-litert; install it with: pip install 'visavox[track]'") from None
        with _quiet():
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._outputs = {output["name"]: output["index"] for output in self._interpreter.get_output_details()}

    def __call__(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """The outputs for `values`, which have the shape of the network's input and lie in one piece (others give nonsense)."""
        self._interpreter.set_tensor(self._input["index"], np.ascontiguousarray(values.reshape(self._input["shape"]), np.float32))
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(index) for name, index in self._outputs.items()}


@contextmanager
def _quiet() -> Iterator[None]:
    """Sends what the runtime says of itself, which goes past Python to standard error, nowhere; its errors are exceptions."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
