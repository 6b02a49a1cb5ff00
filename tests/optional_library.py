"""`need`: tests that stand on a library that not everybody installs."""

from importlib.util import find_spec

import pytest


def need(library: str) -> None:
    """Skips the module of tests that calls it where `library` is missing; it is not imported, which only who runs them has to pay."""
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed", allow_module_level=True)
