"""Every command of the README works as printed, on a second of speech; what it links to and names exists."""

import re
import shlex
from pathlib import Path

import pytest

from recordings import write_with_libsndfile
from visavox.cli import main
from visavox.errors import FileError
from visavox.io.assets import default_checkpoint, identity_names, style_names

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
VISAVOX = [command for command in COMMANDS if command.startswith("visavox ")]


def has_checkpoint() -> bool:
    try:
        default_checkpoint()
    except FileError:
        return False
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all commands, in their order, as a reader would type them."""
    folder = tmp_path_factory.mktemp("readme")
    write_with_libsndfile(folder / "speech.wav", 1.0, 16000)
    return folder


@pytest.mark.skipif(not has_checkpoint(), reason="this checkout carries no default checkpoint")
@pytest.mark.parametrize("command", VISAVOX)
def test_a_command_works_as_printed(command, folder, monkeypatch):
    monkeypatch.chdir(folder)
    words = shlex.split(command)
    assert main(words[1:]) == 0
    if "-o" in words:
        output = Path(words[words.index("-o") + 1])
        if "--takes" in words:
            output = output.with_stem(f"{output.stem}-{words[words.index('--takes') + 1]}")
        assert output.stat().st_size > 1000


def test_there_are_no_commands_but_these():
    assert len(VISAVOX) >= 7
    assert set(COMMANDS) - set(VISAVOX) == {"make demo", ". .venv/bin/activate"}
    assert re.search(r"^demo:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 8
    assert not [link for link in links if not (ROOT / link).exists()]


def test_styles_and_identities_are_those_that_exist():
    (styles,) = re.findall(r"`--style NAME` \| (.*?), or a style file", TEXT)
    if style_names():
        assert sorted(styles.split(", ")) == style_names()
    (identities,) = re.findall(r"one of twelve faces: (.*?) \.\.\.", TEXT)
    assert set(identities.split(", ")) <= set(identity_names()) and len(identity_names()) == 12


def test_suffixes_are_those_that_can_be_written():
    from visavox.export import suffixes

    table = TEXT.split("## Into your program")[1].split("```")[0]
    assert set(re.findall(r"`(\.[a-z0-9.]+)`", table)) == {*suffixes()}
