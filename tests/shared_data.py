"""Real recordings that lie beside the checkout on developers' machines; a test that needs one is skipped where it is absent."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """The path of a real recording; skips the running test when it is not on this machine."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data {'/'.join(parts)} is not on this machine")
    return path


def shared_model(name: str) -> Path:
    """The path of somebody else's model that lies beside the data; skips the running test when it is not on this machine."""
    path = ROOT.parent / "models" / name
    if not path.exists():
        pytest.skip(f"the model {name} is not on this machine")
    return path
