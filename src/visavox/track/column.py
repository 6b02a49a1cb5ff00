"""`Column`: numbers of many frames that lie in parts, read like an array."""

import numpy as np


class Column:
    """The first `count` rows of `parts`, which all but the last are equally long. Only the rows that are asked for are copied."""

    def __init__(self, parts: list[np.ndarray], count: int):
        self._parts, self._count = parts, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: slice | np.ndarray) -> np.ndarray:
        rows, length = np.arange(self._count)[rows], len(self._parts[0])
        out = np.empty((len(rows), *self._parts[0].shape[1:]), self._parts[0].dtype)
        for place, part in enumerate(self._parts):
            here = rows // length == place
            out[here] = part[rows[here] % length]
        return out
