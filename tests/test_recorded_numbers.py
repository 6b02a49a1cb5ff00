"""Numbers read from a history: what had one value while a training may have run, and nothing that was otherwise in between."""

import importlib.util
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from visavox.checkpoint import load
from visavox.history import Training
from visavox.io.assets import default_checkpoint

SPECIFICATION = importlib.util.spec_from_file_location("recorded_numbers", Path(__file__).parents[1] / "tools" / "recorded_numbers.py")
recorded_numbers = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(recorded_numbers)
Account, completed = recorded_numbers.Account, recorded_numbers.completed


@pytest.fixture
def commits(tmp_path, monkeypatch):
    """Three commits of a file in which one number changes in the second, and one is there from the second on."""
    monkeypatch.chdir(tmp_path)

    def git(*words: str) -> str:
        who = "-c", "user.name=A", "-c", "user.email=a@example.org"
        return subprocess.run(["git", *who, *words], capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    made = []
    for text in ("SAME = 1\nOTHER = 2\n", "SAME = 1\nOTHER = 3\nNEW = 4\n", "SAME = 1\nOTHER = 2\nNEW = 4\n"):
        (tmp_path / "code.py").write_text(text)
        git("add", "code.py")
        git("commit", "-qm", "a change")
        made.append(git("rev-parse", "HEAD"))
    return made


def test_only_what_had_one_value_is_stated_and_nothing_is_written_over(commits, capsys):
    first, second, third = commits
    texts = {"code.py": {"same": ("SAME = 1", 1), "deep.other": ("OTHER = 2", 2), "deep.new": ("NEW = 4", 4), "kept": ("SAME = 1", 1)}}
    old = Training({"kept": 7, "deep": {"own": 5}}, visavox="old", note="Told.")
    checkpoint = replace(load(default_checkpoint()), history=(old, Training({}, visavox="newer")))
    whole = completed(checkpoint, (Account("old", first, third, texts),))
    assert whole.history[0].recipe == {"kept": 7, "deep": {"own": 5}, "same": 1} and whole.history[1] == checkpoint.history[1]
    assert "deep.other is left out" in capsys.readouterr().out
    later = completed(checkpoint, (Account("old", second, third, texts),))
    assert later.history[0].recipe["deep"] == {"own": 5, "new": 4}, "from the commit on in which it was there"
    assert completed(later, (Account("old", second, third, texts),)).history == later.history, "twice is once"
