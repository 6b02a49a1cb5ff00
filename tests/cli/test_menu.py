"""The front door: the menu, misspellings, unknown options, interruptions and faults of our own."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import visavox.cli
from visavox import __version__
from visavox.cli import VERBS, main
from visavox.errors import FileError
from visavox.io.style import write_style
from visavox.style import Style

HEAVY = ("torch", "numpy", "scipy", "numba", "av", "soundfile", "tqdm")


def verb_name(verb) -> str:
    return verb.__name__.rpartition(".")[2].replace("_", "-")


def fails(capsys, *arguments: str, code: int = 2) -> str:
    """The one line that a failing command prints on stderr; nothing may be on stdout."""
    assert main(list(arguments)) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("visavox: ") and err.count("\n") == 1, err
    return err


def test_the_menu_lists_every_verb_once(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    menu = capsys.readouterr().out
    assert caught.value.code == 0
    for verb in VERBS:
        assert len(re.findall(f"^  {verb_name(verb)} +{re.escape(verb.HELP)}$", menu, re.MULTILINE)) == 1


def test_no_verb_at_all_shows_the_menu(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "make a face speak:" in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS, ids=verb_name)
def test_each_verb_explains_itself(capsys, verb):
    with pytest.raises(SystemExit) as caught:
        main([verb_name(verb), "--help"])
    assert caught.value.code == 0 and f"usage: visavox {verb_name(verb)} " in capsys.readouterr().out


def test_the_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"visavox {__version__}\n"


def test_the_menu_loads_nothing_heavy():
    code = f"import sys, visavox.cli; print([name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded == "[]\n"


def test_misspellings_are_answered_with_the_nearest_name(capsys):
    assert "no verb 'animte', did you mean animate?" in fails(capsys, "animte")
    assert "no verb 'insp', did you mean inspect?" in fails(capsys, "insp")
    assert "'zzz'; see visavox --help" in fails(capsys, "zzz")
    assert "'--vers', did you mean --version?" in fails(capsys, "--vers")
    assert "'--idenity', did you mean --identity?" in fails(capsys, "render", "a.npz", "-o", "a.mp4", "--idenity", "x")


def test_what_is_missing_is_named(capsys):
    assert "FILE" in fails(capsys, "inspect")
    assert "-o/--output" in fails(capsys, "render", "a.npz")


def run_instead(monkeypatch, action) -> None:
    """Makes `visavox inspect` do `action`."""
    verb = SimpleNamespace(__name__="visavox.cli.inspect", HELP="", __doc__="", run=action, add_arguments=lambda parser: None)
    monkeypatch.setattr(visavox.cli, "MENU", {"one": (verb,)})


def raising(error):
    def action(options):
        raise error

    return action


def test_an_error_of_many_lines_is_printed_on_one(capsys, monkeypatch):
    run_instead(monkeypatch, raising(FileError("first\nsecond")))
    assert fails(capsys, "inspect") == "visavox: first second\n"


def test_an_error_that_quotes_a_book_is_short(capsys):
    line = fails(capsys, "animate", "a.wav", "-o", "a.npz", "--seed", "seven " * 5000)
    assert len(line) < 1500 and "--seed" in line and "is not a whole number" in line


def test_an_interruption_is_said_and_coded(capsys, monkeypatch):
    run_instead(monkeypatch, raising(KeyboardInterrupt()))
    assert "interrupted" in fails(capsys, "inspect", code=130)


def test_a_fault_of_our_own_says_how_to_see_where(capsys, monkeypatch):
    run_instead(monkeypatch, raising(ZeroDivisionError("by zero")))
    monkeypatch.delenv("VISAVOX_TRACE", raising=False)
    assert "ZeroDivisionError: by zero; run it again with VISAVOX_TRACE=1" in fails(capsys, "inspect", code=1)
    monkeypatch.setenv("VISAVOX_TRACE", "1")
    with pytest.raises(ZeroDivisionError):
        main(["inspect"])


def test_the_command_stops_quietly_when_its_reader_leaves(tmp_path):
    write_style(Style(np.zeros(4), "e"), tmp_path / "a.safetensors")
    command = [sys.executable, "-m", "visavox.cli", "inspect", str(tmp_path / "a.safetensors")]
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)
    os.close(theirs)
    assert done.returncode == 0 and done.stderr == b""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_knows_every_verb_and_its_options(capsys, shell):
    pytest.importorskip("shtab")
    with pytest.raises(SystemExit) as caught:
        main(["--completion", shell])
    script = capsys.readouterr().out
    assert caught.value.code == 0 and all(verb_name(verb) in script for verb in VERBS)
    assert "style-guidance" in script


def test_completion_in_bash(tmp_path):
    pytest.importorskip("shtab")
    script = subprocess.run([sys.executable, "-m", "visavox", "--completion", "bash"], capture_output=True, text=True, check=True).stdout
    asked = "COMP_WORDS=(visavox {0}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); COMPREPLY=(); _shtab_visavox; echo ${{COMPREPLY[@]}}; "
    lines = "".join(asked.format(words) for words in ("ani", "render --siz", "store ver"))
    done = subprocess.run(["bash", "-c", script + "\n" + lines], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["animate", "--size", "verify"]


def test_completion_of_another_shell_is_refused(capsys):
    assert "--completion takes bash, zsh, fish" in fails(capsys, "--completion", "tcsh")
