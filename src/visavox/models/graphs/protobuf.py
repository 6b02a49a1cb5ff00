"""The bytes of an ONNX model: the few messages of its protocol buffers that our graphs need, written by hand.

Source: onnx.proto of the ONNX specification, whose field numbers these are. Nothing here reads such bytes.
"""

import struct
from collections.abc import Mapping, Sequence

import numpy as np

IR_VERSION = 9  # of ONNX 1.14 and newer
TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7, "bool": 9, "float16": 10}  # TensorProto.DataType, by the names of NumPy
FLOAT, INT, STRING, INTS = 1, 2, 3, 7  # AttributeProto.AttributeType
EXTERNAL = 1  # TensorProto.DataLocation

Attribute = int | float | str | Sequence[int]


def number(field: int, value: int) -> bytes:
    """A whole number in `field`; a negative one as two's complement of 64 bits."""
    return _varint(field << 3) + _varint(value & (1 << 64) - 1)


def block(field: int, content: bytes | str) -> bytes:
    """Bytes, text or a message in `field`."""
    data = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(data)) + data


Messages = Sequence[bytes]


def model(nodes: Messages, tensors: Messages, inputs: Messages, outputs: Messages, opsets: Mapping[str, int]) -> bytes:
    """A ModelProto; `opsets` holds the version of each domain of operators."""
    parts = [*(block(1, node) for node in nodes), block(2, "visavox"), *(block(5, tensor) for tensor in tensors)]
    graph = b"".join([*parts, *(block(11, each) for each in inputs), *(block(12, each) for each in outputs)])
    versions = [block(8, block(1, domain) + number(2, version)) for domain, version in opsets.items()]
    return number(1, IR_VERSION) + block(2, "visavox") + block(7, graph) + b"".join(versions)


def node(operator: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Attribute], domain: str = "") -> bytes:
    """A NodeProto; an input "" is left out."""
    names = [block(1, name) for name in inputs] + [block(2, name) for name in outputs]
    given = [block(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join([*names, block(4, operator), *given, block(7, domain)])


def tensor(name: str, array: np.ndarray) -> bytes:
    """A TensorProto that holds `array`."""
    return _head(name, array.shape, array.dtype) + block(9, np.ascontiguousarray(array).tobytes())


def promised(name: str, shape: Sequence[int], kind: np.dtype) -> bytes:
    """A TensorProto whose values are handed over when the graph is loaded."""
    where = block(13, block(1, "location") + block(2, "handed over"))
    return _head(name, shape, kind) + where + number(14, EXTERNAL)


def value(name: str, shape: Sequence[int | str], kind: str = "float32") -> bytes:
    """A ValueInfoProto of an input or output; sizes that vary have names."""
    sizes = b"".join(block(1, block(2, size) if isinstance(size, str) else number(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, TYPES[kind]) + block(2, sizes)))


def _head(name: str, shape: Sequence[int], kind: np.dtype) -> bytes:
    sizes = b"".join(number(1, size) for size in shape)
    return sizes + number(2, TYPES[np.dtype(kind).name]) + block(8, name)


def _attribute(name: str, given: Attribute) -> bytes:
    if isinstance(given, str):
        return block(1, name) + block(4, given) + number(20, STRING)
    if isinstance(given, float):
        return block(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", given) + number(20, FLOAT)
    if isinstance(given, int):
        return block(1, name) + number(3, given) + number(20, INT)
    return block(1, name) + b"".join(number(8, each) for each in given) + number(20, INTS)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
