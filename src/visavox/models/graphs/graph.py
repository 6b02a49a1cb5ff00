"""`Graph`: operators on named values, built up call by call, and the weights that they take, by name and shape.

A graph is made of a configuration alone and holds no weights: `Weight` says which it takes and how it lays them out. So one file of
weights serves the training framework and this, and neither can fall behind the other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from visavox.models.graphs import protobuf
from visavox.models.graphs.protobuf import Attribute

OPSETS = {"": 20, "com.microsoft": 1}  # the first that has Gelu; and what ONNX Runtime adds of its own


class Weight(NamedTuple):
    """One weight of a checkpoint as a graph takes it: its name and shape there, and `arrange`, which lays its array out."""

    name: str
    shape: tuple[int, ...]
    arrange: Callable[[np.ndarray], np.ndarray]


class Graph:
    """Values are strings. Every method that makes one returns its name. `quantized`: wide linear maps multiply whole numbers of 8 bits."""

    def __init__(self, quantized: bool = False):
        self.quantized = quantized
        self.weights: dict[str, Weight | np.ndarray] = {}  # value -> what it is
        self._nodes, self._tensors, self._inputs, self._outputs = [], [], [], []
        self._count = 0

    def input(self, name: str, shape: Sequence[int | str], kind: str = "float32") -> str:
        """An input of the graph; sizes that vary have names."""
        self._inputs.append(protobuf.value(name, shape, kind))
        return name

    def output(self, name: str, value: str, rank: int, kind: str = "float32") -> None:
        """Makes `value` an output of that name."""
        self._nodes.append(protobuf.node("Identity", [value], [name], {}))
        self._outputs.append(protobuf.value(name, [f"{name}_{axis}" for axis in range(rank)], kind))

    def weight(self, name: str, shape: Sequence[int], arrange: Callable[[np.ndarray], np.ndarray] = np.asarray) -> str:
        """The weight `name` of a checkpoint, which has `shape` there."""
        value = f"{name}:{self._number()}"
        self.weights[value] = Weight(name, tuple(shape), arrange)
        return value

    def constant(self, array: np.ndarray | float | Sequence[int]) -> str:
        """A constant: float32, or int64 of whole numbers; those of 8 bits stay."""
        array = np.asarray(array)
        if array.dtype.itemsize > 1:
            array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32)
        value = f"constant:{self._number()}"
        self._tensors.append(protobuf.tensor(value, array))
        return value

    def node(self, operator: str, inputs: Sequence[str], attributes: Mapping[str, Attribute] | None = None, domain: str = "") -> str:
        """The one output of `operator` of `inputs`."""
        return self.nodes(operator, inputs, 1, attributes, domain)[0]

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: int, attributes: Mapping[str, Attribute] | None = None, domain: str = ""
    ) -> list[str]:
        """All outputs of an operator that has several."""
        made = [f"{operator}:{self._number()}" for _ in range(outputs)]
        self._nodes.append(protobuf.node(operator, inputs, made, attributes or {}, domain))
        return made

    def arrays(self, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What the graph takes of `weights`, laid out for it, by value."""
        found = {}
        for value, taken in self.weights.items():
            found[value] = np.ascontiguousarray(taken.arrange(weights[taken.name]))
        return found

    def model(self, arrays: Mapping[str, np.ndarray]) -> bytes:
        """The bytes of the ONNX model, to which `arrays` are handed over when it is loaded."""
        promised = [protobuf.promised(value, array.shape, array.dtype) for value, array in arrays.items()]
        return protobuf.model(self._nodes, [*self._tensors, *promised], self._inputs, self._outputs, OPSETS)

    def _number(self) -> int:
        self._count += 1
        return self._count
