"""A preparation gives the same store whatever the order, wherever it was killed; nothing twice, nothing lost, a reason for each film."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_films import TERMS, film_of, settings

import visavox.data.store.writing as writing
import visavox.prepare.run as run
import visavox.prepare.work as work
from visavox.data.store.verify import verify_store
from visavox.errors import FileError, OptionError
from visavox.prepare.checks import Limits
from visavox.prepare.report import short_names, summary, write_report
from visavox.prepare.run import find_films, prepare, sources_of


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """All work in this process, on films of text."""
    monkeypatch.setattr(work, "prepare_film", film_of)
    monkeypatch.setattr(run, "open_tools", lambda settings: None)

    def engine(work, items, jobs, died):
        return map(work, items)

    monkeypatch.setitem(run.ENGINES, "processes", engine)


@pytest.fixture
def films(tmp_path) -> list[Path]:
    folder = tmp_path / "films"
    folder.mkdir()
    for number, text in enumerate(("1", "2", "3", "1 again", "far", "broken", "4", "5")):
        (folder / f"film{number}.mp4").write_text(text)
    (folder / "copy.mp4").write_text("2")
    (tmp_path / "model.task").write_text("a model")
    return sorted(folder.iterdir())


def test_films_become_a_store_with_a_reason_for_each(films, tmp_path):
    into = tmp_path / "store"
    made = prepare(sources_of(films, TERMS), into, settings(films))
    assert made.store.index.rows == 5 and not verify_store(into, lambda *_: None)
    assert list(made.failures) == [str(tmp_path / "films" / "film5.mp4")]
    twins = {Path(name).name for name in made.duplicates if "/films/" in name}
    assert len(made.duplicates) == 2 and twins <= {"copy.mp4", "film1.mp4"} and len(twins) == 1
    rows = list(made.store.rows())
    assert {row.consent for row in rows} == {"my own face"} and all(row.motion is not None and row.measures is not None for row in rows)
    assert not list((into / "prepare" / "films").glob("*.parquet"))
    page = write_report(made, into)
    report = json.loads((into / "prepare" / "report.json").read_text())
    assert [report["kinds"][kind]["clips"] for kind in ("kept", "small face", "duplicate")] == [5, 1, 2]
    counted = [row.split(" | ")[1] for row in page.read_text().splitlines() if ".mp4 | " in row]
    assert sorted(counted) == ["0"] * 4 + ["1"] * 5  # as many as the store has, though two films are like others
    assert "film5.mp4 is broken" in page.read_text() and (into / "prepare" / "pictures" / "kept.png").exists()
    assert summary(made).startswith("5 clips")
    assert page.read_text().count("the same as ") == page.read_text().count(" sounds as ") == 1, "what is left out as a copy says of what"


def test_films_of_one_name_are_told_apart_by_their_folders(tmp_path):
    assert list(short_names([f"{tmp_path}/a/1/001.mp4", f"{tmp_path}/a/2/001.mp4"]).values()) == ["1/001.mp4", "2/001.mp4"]
    assert list(short_names(["one.mp4"]).values()) == ["one.mp4"] and short_names([]) == {}


def test_the_same_films_give_the_same_store_in_any_order_and_again(films, tmp_path):
    one = prepare(sources_of(films, TERMS), tmp_path / "one", settings(films))
    other = prepare(sources_of(films[::-1], TERMS), tmp_path / "other", settings(films))
    again = prepare(sources_of(films, TERMS), tmp_path / "one", settings(films))
    assert one.store.index.fingerprint == other.store.index.fingerprint == again.store.index.fingerprint
    assert again.store.index.rows == 5


@pytest.mark.parametrize("killed_at", range(12))
def test_killed_anywhere_and_run_again(films, tmp_path, monkeypatch, killed_at):
    whole = prepare(sources_of(films, TERMS), tmp_path / "whole", settings(films)).store.index.fingerprint
    monkeypatch.setattr(writing, "MOST_ROWS", 2)
    steps = 0

    def dying(function):
        def step(*arguments, **named):
            nonlocal steps
            steps += 1
            if steps == killed_at + 1:
                raise KeyboardInterrupt
            return function(*arguments, **named)

        return step

    with monkeypatch.context() as patch:
        for module, name in ((work, "prepare_film"), (work, "write_shard"), (writing, "write_shard"), (writing, "save_index")):
            patch.setattr(module, name, dying(getattr(module, name)))
        try:
            prepare(sources_of(films, TERMS), tmp_path / "store", settings(films))
        except KeyboardInterrupt:
            pass
    made = prepare(sources_of(films, TERMS), tmp_path / "store", settings(films))
    assert made.store.index.fingerprint == whole and made.store.index.rows == 5
    assert not verify_store(tmp_path / "store", lambda *_: None)


def test_more_films_later_know_what_is_there(films, tmp_path):
    first = prepare(sources_of(films[:3], TERMS), tmp_path / "store", settings(films))
    second = prepare(sources_of(films, TERMS), tmp_path / "store", settings(films))
    assert second.store.index.rows == 5 and first.store.ids <= second.store.ids


def test_other_settings_are_refused(films, tmp_path):
    prepare(sources_of(films, TERMS), tmp_path / "store", settings(films))
    with pytest.raises(FileError, match="side 48.0 .now 30.0."):
        prepare(sources_of(films, TERMS), tmp_path / "store", replace(settings(films), limits=Limits(side=30.0)))


def test_who_speaks_and_what_must_be_stated(films, tmp_path):
    assert {source.speaker for source in sources_of(films[:2], TERMS)} == {"copy", "film0"}
    assert {source.speaker for source in sources_of(films, TERMS, "anna")} == {"anna"}
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.mov").write_text("7")
    assert {source.speaker for source in sources_of(find_films([tmp_path / "films", tmp_path / "more"]), TERMS)} == {"films", "more"}
    with pytest.raises(OptionError, match="no consent is stated"):
        sources_of(films, ("CC0-1.0", " ", "tests"))
    with pytest.raises(OptionError, match="no licence is stated"):
        sources_of(films, ("", "mine", "tests"))
    with pytest.raises(FileError, match="does not exist"):
        find_films([tmp_path / "nowhere"])
    (tmp_path / "bare").mkdir()
    with pytest.raises(FileError, match="hold no film"):
        find_films([tmp_path / "bare"])
    (tmp_path / "bare" / "link.mp4").symlink_to(tmp_path / "nowhere.mp4")
    assert find_films([tmp_path / "bare"]) == [tmp_path / "bare" / "link.mp4"]  # of which the report will say that it is not there


def test_whatever_a_film_raises_is_its_reason_and_so_is_a_process_that_died(films, tmp_path, monkeypatch):
    films[0].write_text("odd")
    monkeypatch.setitem(run.ENGINES, "ray", lambda work, items, jobs, died: map(died, items))
    made = prepare(sources_of(films[:2], TERMS), tmp_path / "store", settings(films))
    assert made.failures == {str(films[0]): "ZeroDivisionError: division by zero"} and len(made.outcomes) == 1
    assert set(prepare(sources_of(films[:2], TERMS), tmp_path / "other", settings(films), engine="ray").failures.values()) == {run.DIED}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key", "../../../../mine"), ("ids", []), ("lengths", [[]]), ("prints", ["abc"]), ("prints", ["zzzzzzzz"]), ("dropped", [[]]),
        ("dropped", [[0, None, "far", "x"]]), ("dropped", [7]), ("pictures", ["../../x"]), ("seconds", "x"),
    ],
)  # fmt: skip
def test_an_outcome_that_was_changed_is_refused_and_names_no_other_file(films, tmp_path, name, value):
    into = tmp_path / "store"
    prepare(sources_of(films[:2], TERMS), into, settings(films))
    (tmp_path / "mine.parquet").write_text("mine")
    kept = next(path for path in (into / "prepare" / "films").glob("*.json") if json.loads(path.read_text())["ids"])
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {name: value}))
    with pytest.raises(FileError, match="remove it, and the film is prepared anew"):
        prepare(sources_of(films[:2], TERMS), into, settings(films))
    assert (tmp_path / "mine.parquet").exists()


def test_a_damaged_outcome_of_another_run_is_said_before_any_film_is_prepared(films, tmp_path, monkeypatch):
    into = tmp_path / "store"
    prepare(sources_of(films[:1], TERMS), into, settings(films))
    damaged = next((into / "prepare" / "films").glob("*.json"))
    damaged.write_text("{")
    with monkeypatch.context() as patch:
        patch.setattr(work, "prepare_film", lambda *_: pytest.fail("hours of work, which would be thrown away"))
        with pytest.raises(FileError, match="remove it, and the film is prepared anew"):
            prepare(sources_of(films[1:2], TERMS), into, settings(films))
    damaged.unlink()
    assert prepare(sources_of(films[:2], TERMS), into, settings(films)).store.index.rows == 2


DYING = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import made_films
import visavox.prepare.run as run, visavox.prepare.work as work
work.prepare_film, run.open_tools = made_films.film_of, lambda settings: None
run.ENGINES["processes"] = lambda work, items, jobs, died: map(work, items)
films = sorted((Path(sys.argv[1]) / "films").iterdir())
whole, calls = work.write_bytes, []
def dying(*arguments):
    calls.append(arguments)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*arguments)
work.write_bytes = dying
run.prepare(run.sources_of(films, made_films.TERMS), Path(sys.argv[1]) / "store", made_films.settings(films))
"""


def test_killed_by_signal_nine_and_run_again(films, tmp_path):
    whole = prepare(sources_of(films, TERMS), tmp_path / "whole", settings(films)).store.index.fingerprint
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    here = str(Path(__file__).parent)
    died = subprocess.run([sys.executable, "-c", DYING, str(tmp_path), here], env=environment, capture_output=True, timeout=600)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    made = prepare(sources_of(films, TERMS), tmp_path / "store", settings(films))
    assert made.store.index.fingerprint == whole and made.store.index.rows == 5 and not verify_store(tmp_path / "store", lambda *_: None)
