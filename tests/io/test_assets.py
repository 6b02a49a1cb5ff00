"""What the package carries is found, and what it lacks is named."""

import pytest

from visavox.errors import FileError, OptionError
from visavox.io.assets import asset_path, built_in_style, read_head_asset, style_names


def test_the_head_is_carried_and_read_without_pickle():
    arrays = read_head_asset()
    assert {"presets", "shape_names", "shapes", "faces"} <= set(arrays)
    assert all(array.dtype != object for array in arrays.values())


def test_a_missing_asset_is_named():
    with pytest.raises(FileError, match="nothing.bin"):
        asset_path("nothing.bin")


def test_built_in_styles_open_by_name_and_an_unknown_one_lists_them():
    for name in style_names():
        assert built_in_style(name).name == name
    with pytest.raises(OptionError, match="no style 'grumpy'; built-in styles: ") as caught:
        built_in_style("grumpy")
    assert all(name in str(caught.value) for name in style_names())
