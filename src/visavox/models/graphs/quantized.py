"""Products of matrices in whole numbers of 8 bits, which processors multiply several times faster than float32.

Each row of what is multiplied is rounded by its own largest value, when it is known, and each column of the weights by its own, when the
graph is loaded. So a row's result depends on that row alone: not on what else is in the batch, not on the pieces in which sound comes,
and not on the number of threads.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from visavox.models.graphs.graph import Graph
from visavox.models.graphs.session import Session

Arrange = Callable[[np.ndarray], np.ndarray]  # lays a weight out
NARROWEST = 128  # channels in and out: a narrower map is cheap, and what it maps is the motion itself
MOST, ZERO = 127, 128  # the largest whole number, and that which stands for 0 where none may be below 0
SMALLEST = 1e-12  # of a row that is 0 throughout


def quantized_product(graph: Graph, value: str, name: str, shape: Sequence[int], arrange: Arrange = np.transpose) -> str:
    """The product (..., D_out) of rows (..., D_in) and the weight `name`, both rounded; `arrange` lays its `shape` (D_out, ...) out as
    (D_in, D_out)."""
    largest = graph.node("ReduceMax", [graph.node("Abs", [value]), graph.constant([-1])], {"keepdims": 1})
    largest = graph.node("Max", [largest, graph.constant(SMALLEST)])
    zero = graph.constant(np.array(ZERO, np.uint8))
    whole = graph.node("Mul", [value, graph.node("Div", [graph.constant(float(MOST)), largest])])
    rows = graph.node("QuantizeLinear", [whole, graph.constant(1.0), zero])
    whole, worth = (graph.weight(name, shape, lambda weight, made=made: made(arrange(weight).T)) for made in (rounded, units))
    weights = whole, graph.constant(1.0), worth
    return graph.node("Mul", [graph.node("MatMulIntegerToFloat", [rows, *weights, zero], domain="com.microsoft"), largest])


@cache
def products_are_exact() -> bool:
    """Whether this processor multiplies and adds whole numbers of 8 bits without a loss.

    Those with instructions for it do (AVX-512 VNNI, AVX-VNNI, ARM), and are fast at it. Older ones of Intel and AMD add pairs of products
    in 16 bits, which is slower and cuts large sums off.
    """
    graph, width = Graph(), 64
    weights = graph.constant(np.full((width, width), MOST, np.int8))
    product = graph.node("MatMulInteger", [graph.input("rows", ("B", width), "uint8"), weights])
    graph.output("sums", graph.node("Cast", [product], {"to": 1}), 2)
    sums = Session(graph, {})({"rows": np.full((4, width), 255, np.uint8)})["sums"]
    return bool((sums == 255 * MOST * width).all())


def rounded(weight: np.ndarray) -> np.ndarray:
    """A weight (D_out, D_in) as whole numbers (D_in, D_out) from -127 to 127, int8."""
    return np.rint(weight / _largest(weight) * np.float32(MOST)).astype(np.int8).T


def units(weight: np.ndarray) -> np.ndarray:
    """What 1 of a rounded row times 1 of `rounded` is worth (D_out,), for a row whose largest value is 1."""
    return _largest(weight)[:, 0] / np.float32(MOST**2)


def _largest(weight: np.ndarray) -> np.ndarray:
    return np.maximum(np.abs(weight).max(axis=1, keepdims=True), np.float32(SMALLEST))
