"""Motion needs six points of the packaged head, which are read without the rest of it."""

import numpy as np

from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_maps, packaged_lip_maps


def test_the_packaged_lips_are_those_of_the_whole_head():
    head = Head.default()
    names, rest, maps = packaged_lip_maps()
    assert tuple(names) == head.shape_names
    for found, wanted in zip((rest, maps), lip_maps(head), strict=True):
        assert found.dtype == wanted.dtype and np.array_equal(found, wanted)
