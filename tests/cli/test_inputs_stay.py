"""Whatever option names a file to read: an output of the same name is refused, and the file stays as it was."""

from argparse import ArgumentParser
from importlib import import_module

import pytest

from visavox.cli import main

VERBS = {"animate": (["in"], "x.mp4"), "render": (["in"], "x.mp4"), "portrait": (["sheet", "in"], "x.png"), "export": (["in"], "x.csv")}


def file_options(verb: str) -> list[str]:
    """The flags of a verb that take the name of a file which is read."""
    parser = ArgumentParser()
    import_module(f"visavox.cli.{verb}").add_arguments(parser)
    found = [action for action in parser._actions if action.metavar and set(str(action.metavar).split("|")) & {"FILE", "MOTION"}]
    return [action.option_strings[0] for action in found if action.option_strings]


@pytest.mark.parametrize(("verb", "flag"), [(verb, flag) for verb in VERBS for flag in file_options(verb)])
def test_no_file_that_an_option_names_is_replaced(verb, flag, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments, name = VERBS[verb]
    (tmp_path / name).write_text("kept")
    assert main([verb, *arguments, "-o", name, flag, name]) == 2
    assert "is also an input" in capsys.readouterr().err and (tmp_path / name).read_text() == "kept"
