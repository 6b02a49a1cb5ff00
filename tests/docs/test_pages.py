"""The pages of docs/: rooms and files that they name exist, links lead somewhere, and the API pages build from the docstrings."""

import importlib.util
import re
import warnings
from pathlib import Path

import pytest

import visavox
from floor_plan import ALLOWED

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "visavox"
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_into_a_page_names_one_of_its_headings(page):
    links = re.findall(r"\]\(([^)#:]*\.md)?#([^)]+)\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if link[1] not in headings(page.parent / link[0] if link[0] else page)]


def headings(page: Path) -> set[str]:
    """The names by which links reach the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_the_architecture_page_knows_every_room():
    (drawing,) = re.findall(r"```\n(.*?)```", ARCHITECTURE, re.DOTALL)
    drawn = set(re.findall(r"\b[a-z_]+\b", drawing))
    assert set(ALLOWED) <= drawn | {"hub"}
    there = {path.stem if path.is_file() else path.name for path in SOURCE.iterdir()}
    assert {room for room in ALLOWED if room in there} <= drawn


def test_the_architecture_page_names_places_that_exist():
    named = re.findall(r"`([a-z_]+(?:/[a-z_]*)*(?:\.py)?)`", ARCHITECTURE)
    places = [name for name in named if "/" in name or name.endswith(".py")]
    assert len(places) > 20
    missing = [place for place in places if not ((SOURCE / place).exists() or (ROOT / place).exists())]
    assert not missing


def test_the_api_pages_build_from_the_docstrings(tmp_path):
    pytest.importorskip("pdoc")
    spec = importlib.util.spec_from_file_location("api_pages", ROOT / "tools" / "api_pages.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = tool.build(tmp_path).read_text(encoding="utf-8")
    public = [name for name in visavox.__all__ if name != "__version__"]
    assert not [name for name in public if f'id="{name}"' not in page]
    undocumented = [name for name in public if not getattr(visavox, name).__doc__]
    assert not undocumented
