"""A pool of processes: each task has an outcome, whatever happens to a process."""

import multiprocessing
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from visavox.batch.ledger import Ledger, sha256_of
from visavox.batch.listing import Item
from visavox.batch.processes import in_processes
from visavox.batch.work import FAILED, SKIPPED, WRITTEN, Task, crashed, perform
from visavox.errors import FileError


def animate(item: Item, path: Path) -> tuple[float, str]:
    """Does what the content of the recording says."""
    order = Path(item.source).read_text()
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "memory":
        raise MemoryError
    if order == "odd":
        raise ZeroDivisionError("of\nnothing")
    if order == "refuse":
        raise FileError(f"{item.source} is refused; give another")
    if order == "sleep":
        path.with_name("began").touch()
        time.sleep(600)
    path.write_text(f"{order} {item.seed} {item.style}")
    return 2.0, "a word"


def task(folder, order, number=0, **own) -> Task:
    source = folder / f"{order}{number}.wav"
    source.write_text(order)
    return Task(Item(str(source), f"sub/{order}{number}.npz", **own), str(folder / "out"), "options")


def test_every_task_has_its_outcome_though_processes_die(tmp_path):
    orders = ["fine", "fine", "die", "fine", "refuse", "odd", "memory", "fine", "die", "fine"]
    tasks = [task(tmp_path, order, number) for number, order in enumerate(orders)]
    found = {outcome.item.source: outcome for outcome in in_processes(partial(perform, animate=animate), tasks, 2, crashed)}
    assert len(found) == len(tasks)
    for order, each in zip(orders, tasks, strict=True):
        outcome = found[each.item.source]
        says = {"die": "process that worked on it ended", "refuse": "is refused; give another", "memory": "memory", "fine": "a word",
                "odd": "unexpected ZeroDivisionError: of nothing .test_processes.py, line"}[order]  # fmt: skip
        assert says.split(".test")[0] in outcome.warnings and outcome.state == (WRITTEN if order == "fine" else FAILED)
        assert Path(each.folder, each.item.output).exists() == (order == "fine")
    assert not multiprocessing.active_children()


def test_a_batch_that_is_left_ends_its_processes(tmp_path):
    tasks = [task(tmp_path, "fine"), *(task(tmp_path, "sleep", number) for number in range(3))]
    outcomes = in_processes(partial(perform, animate=animate), tasks, 2, crashed)
    assert next(outcomes).state == WRITTEN
    outcomes.close()  # and does not wait for ten minutes
    assert not multiprocessing.active_children() and not list((tmp_path / "out").rglob("sleep*"))


def test_what_stands_finished_is_skipped_unless_anything_changed(tmp_path):
    once = task(tmp_path, "fine", seed=3)
    first = perform(once, animate)
    assert first.state == WRITTEN and first.seconds == 2.0
    known = (first.made_of, first.sha256)
    output = Path(once.folder, once.item.output)

    def again(**changed) -> str:
        values = {"item": once.item, "folder": once.folder, "options": "options", "finished": known} | changed
        return perform(Task(**values), animate).state

    assert again() == SKIPPED and again(finished=None) == WRITTEN and again(options="others") == WRITTEN
    assert again(item=Item(once.item.source, once.item.output, 4)) == WRITTEN
    assert again(item=Item(once.item.source, once.item.output, 3, "calm")) == WRITTEN
    output.write_text("damaged")
    assert again() == WRITTEN and sha256_of(output) == first.sha256
    output.unlink()
    assert again() == WRITTEN
    Path(once.item.source).write_text("another")
    assert again() == WRITTEN


def test_a_ledger_believes_whole_lines_alone_and_one_run_holds_it(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.finish("a\nb.npz", "of", "hash")
    with pytest.raises(FileError, match="another run writes into"):
        Ledger(tmp_path)
    ledger.close()
    with open(ledger.path, "ab") as file:
        file.write(b'{"output": 3}\nnonsense\n\xff\n[]\n{"output": "c.npz", "made_of": "x", "sha2')
    ledger = Ledger(tmp_path)
    assert ledger.finished("a\nb.npz") == ("of", "hash") and ledger.finished("c.npz") is None
    ledger.finish("c.npz", "y", "z")
    ledger.close()
    assert Ledger(tmp_path).finished("c.npz") == ("y", "z")
