"""Making and changing stores: nothing that fails or is killed harms what was there."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from made_clips import full_clip, made_clip  # noqa: E402

from visavox.data.store.reading import open_store  # noqa: E402
from visavox.data.store.split import Split, SplitRule  # noqa: E402
from visavox.data.store.verify import verify_store  # noqa: E402
from visavox.data.store.writing import append_clips, index_store, merge_stores, reindex_store, start_store  # noqa: E402
from visavox.errors import FileError, OptionError  # noqa: E402
from visavox.motion import Motion  # noqa: E402
from visavox.rig import Channel, Rig  # noqa: E402

HERE = Path(__file__).resolve().parents[1]


def made_store(folder, names="a b c", speaker="ann"):
    return append_clips(start_store(folder), [made_clip(name, speaker, 30) for name in names.split()])


def kill_while_appending(folder, suffix):
    """Another process appends clip "new" and is killed by SIGKILL just before a file ending in `suffix` gets its name."""
    code = f"""
import os, sys, time
sys.path.insert(0, {str(HERE)!r})
from made_clips import made_clip
from visavox.data.store.writing import append_clips, start_store
store, replace = start_store({str(folder)!r}), os.replace
def stop(source, target):
    if str(target).endswith({suffix!r}):
        print("writing", flush=True)
        time.sleep(60)
    replace(source, target)
os.replace = stop
append_clips(store, [made_clip("new", "eve", 30)])
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()


@pytest.mark.parametrize(("suffix", "kept"), [(".parquet", False), ("index.json", True)])
def test_a_killed_write_harms_nothing(tmp_path, suffix, kept):
    folder = tmp_path / "store"
    before = made_store(folder)
    held = {path.name: path.read_bytes() for path in folder.iterdir()}
    kill_while_appending(folder, suffix)
    assert {name: (folder / name).read_bytes() for name in held} == held
    after = open_store(folder)
    assert after.ids == {"a", "b", "c"} and after.index.fingerprint == before.index.fingerprint
    assert len(list(after.clips())) == 3
    problems = verify_store(folder)
    assert problems and all("delete it" in problem for problem in problems), "only leftovers are named"
    again = start_store(folder)
    assert again.ids == ({"a", "b", "c", "new"} if kept else {"a", "b", "c"}), "a complete shard is taken in"
    if not kept:
        again = append_clips(again, [made_clip("new", "eve", 30)])
        assert verify_store(folder) == [], "the same clip again replaces the half file"
    assert again.speakers == ["ann", "eve"]


def test_what_does_not_fit_is_refused_and_leaves_the_store_as_it_was(tmp_path):
    store = made_store(tmp_path)
    held = sorted(path.name for path in tmp_path.iterdir())
    clip = made_clip("d")
    slow = replace(clip, audio=clip.audio.resample(8000))
    faster = replace(clip, motion=Motion(np.repeat(clip.motion.values, 2, 0), 50, clip.motion.rig))
    other = Rig("mine", (Channel("up"),))
    for wrong, message in (
        (made_clip("b"), "has a clip 'b' already"),
        (slow, "'d' has sample rate 8000, the store .* 16000"),
        (faster, "'d' has fps 50.0"),
        (replace(clip, motion=Motion(np.zeros((60, 1)), 25, other)), "'d' has rig mine, the store .* arkit"),
        (replace(clip, licence=""), "'d' has no licence; state the terms"),
        (replace(clip, consent=" "), "'d' has no consent; state how the person agreed"),
    ):
        with pytest.raises(FileError, match=message):
            append_clips(store, [made_clip("fine"), wrong])
    assert sorted(path.name for path in tmp_path.iterdir()) == held and open_store(tmp_path).ids == {"a", "b", "c"}


def test_many_clips_make_several_shards(tmp_path):
    store = append_clips(start_store(tmp_path), (made_clip(f"{number:03d}", frames=2) for number in range(250)))
    assert sorted(len(entry.ids) for entry in store.index.shards) == [50, 100, 100]
    assert len({clip.name for clip in store.clips()}) == 250


def test_a_rig_of_the_users_own_is_kept_with_the_store(tmp_path):
    rig = Rig("mine", (Channel("up"), Channel("tilt", "head", "rad", -1, 1)))
    clip = replace(made_clip("a"), motion=Motion(np.full((60, 2), 0.5), 25, rig))
    append_clips(start_store(tmp_path), [clip])
    store = append_clips(open_store(tmp_path), [replace(clip, name="b")])
    assert store.rig == rig and all(clip.motion.rig == rig for clip in store.clips())
    assert reindex_store(tmp_path).rig == rig


def test_the_fingerprint_is_of_the_content(tmp_path):
    one = made_store(tmp_path / "one").index.fingerprint
    assert made_store(tmp_path / "elsewhere").index.fingerprint == one
    halves = append_clips(made_store(tmp_path / "halves", "b"), [made_clip("x", "ann", 30), made_clip("y", "ann", 30)])
    assert halves.index.fingerprint == one, "ids, order and shards do not count"
    assert made_store(tmp_path / "more", "a b c d").index.fingerprint != one
    assert made_store(tmp_path / "other", speaker="bob").index.fingerprint != one
    louder = replace(made_clip("c", "ann", 30), phones=((0.0, 1.0, "AA"),))
    assert append_clips(made_store(tmp_path / "said", "a b"), [louder]).index.fingerprint != one


def test_an_index_made_anew_is_the_same(tmp_path):
    made_store(tmp_path)
    held = (tmp_path / "index.json").read_bytes()
    reindex_store(tmp_path)
    assert (tmp_path / "index.json").read_bytes() == held
    (tmp_path / "index.json").unlink()
    reindex_store(tmp_path)
    assert (tmp_path / "index.json").read_bytes() == held
    with pytest.raises(FileError, match="holds no shards"):
        reindex_store(tmp_path.parent)


def test_a_lost_shard_is_not_passed_over_in_silence(tmp_path):
    store = append_clips(made_store(tmp_path), [made_clip("d", "dan")])
    index_store(tmp_path, SplitRule(listed=Split((), (), ("dan",))))
    lost = next(entry.name for entry in store.index.shards if entry.ids == ["d"])
    (tmp_path / lost).unlink()
    for attempt in (lambda: start_store(tmp_path), lambda: append_clips(store, [made_clip("e")])):
        with pytest.raises(FileError, match="is gone"):
            attempt()
    assert reindex_store(tmp_path).ids >= {"a", "b", "c"} and open_store(tmp_path).split.test == ()


def test_statistics_are_those_of_the_speakers_to_train_on(tmp_path):
    made_store(tmp_path, speaker="ann")
    append_clips(open_store(tmp_path), [made_clip("loud", "bob", 30, channel="mouthPucker")])
    pucker = open_store(tmp_path).rig.index("mouthPucker")
    assert open_store(tmp_path).index.statistics.mean[pucker] > 0
    store = index_store(tmp_path, SplitRule(listed=Split((), (), ("bob",))))
    assert store.split == Split(("ann",), (), ("bob",)) == open_store(tmp_path).split
    assert store.index.statistics.mean[pucker] == 0 and store.index.statistics.frames == 90


def test_speakers_who_come_later_find_their_place_by_the_same_rule(tmp_path):
    rule = SplitRule(validation=0.3, test=0.3, seed=4)
    people = [f"p{number}" for number in range(20)]
    append_clips(start_store(tmp_path), [made_clip(name, name, 2) for name in people[:10]])
    first = index_store(tmp_path, rule).split
    second = append_clips(open_store(tmp_path), [made_clip(name, name, 2) for name in people[10:]]).split
    for part in ("train", "validation", "test"):
        assert set(getattr(first, part)) <= set(getattr(second, part)), "nobody moves"
    assert sorted(second.train + second.validation + second.test) == sorted(people)


def test_merging_keeps_every_clip_once_and_what_is_held_out_held_out(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    made_store(one, "a b")
    append_clips(open_store(one), [full_clip("c", "bob")])
    index_store(one, SplitRule(listed=Split((), ("bob",), ())))
    append_clips(start_store(two), [made_clip("a", "ann", 30), made_clip("b", "dan", 50), made_clip("d", "dan", 30)])
    index_store(two, SplitRule(listed=Split((), (), ("dan",))))
    store = merge_stores([one, two], tmp_path / "both")
    assert store.ids == {"a", "b", "c", "two/b", "d"}, "the same clip once; another clip of the same id under its store's name"
    assert store.split == Split(("ann",), ("bob",), ("dan",)) and verify_store(store.folder) == []
    assert merge_stores([two, one], tmp_path / "again").index.fingerprint == store.index.fingerprint
    assert open_store(one).ids == {"a", "b", "c"} and verify_store(one) == []
    with pytest.raises(FileError, match="is a store already"):
        merge_stores([one], two)


def test_a_merge_on_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    made_store(tmp_path / "one")
    append_clips(start_store(tmp_path / "two"), [full_clip("c", "bob")])

    def full(folder, rule, rig):
        raise FileError("no space")

    monkeypatch.setattr("visavox.data.store.writing.index_store", full)
    (tmp_path / "there").mkdir()
    (tmp_path / "there/mine.txt").touch()
    for place in ("a/new/folder", "there"):
        with pytest.raises(FileError, match="no space"):
            merge_stores([tmp_path / "one", tmp_path / "two"], tmp_path / place)
    assert not (tmp_path / "a").exists() and [path.name for path in (tmp_path / "there").iterdir()] == ["mine.txt"]


def test_stores_that_differ_are_not_merged(tmp_path):
    made_store(tmp_path / "one")
    clip = made_clip("a")
    append_clips(start_store(tmp_path / "two"), [replace(clip, audio=clip.audio.resample(8000))])
    with pytest.raises(FileError, match=r"different sample rates: \[8000, 16000\]"):
        merge_stores([tmp_path / "one", tmp_path / "two"], tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_the_rule_of_a_split():
    people = [f"p{number}" for number in range(400)]
    split = SplitRule(validation=0.1, test=0.2).split(people)
    assert len(split.validation) == pytest.approx(40, abs=15) and len(split.test) == pytest.approx(80, abs=20)
    assert split == SplitRule(validation=0.1, test=0.2).split(reversed(people)) != SplitRule(0.1, 0.2, seed=1).split(people)
    listed = SplitRule(0.5, 0.0, 0, Split(("p1",), (), ("p2",))).split(people)
    assert "p1" in listed.train and listed.test == ("p2",)
    for rule, message in (
        (SplitRule(listed=Split((), (), ("p401x",))), "'p401x', listed for test, is not in the store; it has for example p"),
        (SplitRule(listed=Split(("p1",), ("p1",), ())), "'p1' is listed for train and for validation"),
        (SplitRule(listed=Split((), tuple(people), ())), "none of 400 speakers is left"),
    ):
        with pytest.raises(OptionError, match=message):
            rule.split(people)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot make the folder"):
        start_store(tmp_path / "file" / "store")
    assert os.listdir(tmp_path) == ["file"]


def two_writers(folder):
    """A store whose index knows one shard, and a second shard beside it with the same clip "a", another "b", and one of its own."""
    store = append_clips(start_store(folder), [made_clip("a"), made_clip("b")])
    other = append_clips(start_store(folder.with_name("other")), [made_clip("a"), made_clip("b", frames=70), made_clip("c")])
    for path in other.shards:
        shutil.copy(path, folder / path.name)
    return store


def test_ids_of_two_writers_are_named_and_made_unique(tmp_path):
    known = two_writers(tmp_path / "s").shards[0].name
    problems = verify_store(tmp_path / "s")
    assert sum("is in shard-" in problem and "store index" in problem for problem in problems) == 2
    with pytest.raises(FileError, match="ids twice, such as .* mend it: visavox store index"):
        start_store(tmp_path / "s")
    said = []
    store = reindex_store(tmp_path / "s", said.append)
    assert store.ids == {"a", "b", "b~2", "c"} and verify_store(tmp_path / "s") == []
    assert len(said) == 1 and "1 clips left out that another shard holds, 1 renamed: b~2" in said[0]
    assert {clip.name: clip.motion.frames for clip in store.clips()} == {"a": 60, "b": 60, "b~2": 70, "c": 60}
    assert next(entry.ids for entry in store.index.shards if entry.name == known) == ["a", "b"], "what the index knew keeps its ids"
    assert reindex_store(tmp_path / "s", said.append).index == store.index and len(said) == 1, "and nothing is left to mend"


def test_a_shard_with_nothing_of_its_own_goes(tmp_path):
    store = append_clips(start_store(tmp_path / "s"), [made_clip("a")])
    shutil.copy(store.shards[0], tmp_path / "s" / "shard-copy.parquet")
    assert reindex_store(tmp_path / "s").ids == {"a"} and verify_store(tmp_path / "s") == []
    assert len(list((tmp_path / "s").glob("*.parquet"))) == 1


def test_a_full_disk_is_one_line_and_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    store = append_clips(start_store(tmp_path / "s"), [made_clip("a")])
    before = {path.name: path.read_bytes() for path in (tmp_path / "s").iterdir()}
    from pyarrow import parquet

    real, monkey = parquet.write_table, iter([True, False])
    monkeypatch.setattr("visavox.data.store.writing.MOST_ROWS", 1)

    def full_at_the_second(table, path, **options):
        real(table, path, **options)
        if not next(monkey):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", full_at_the_second)
    with pytest.raises(FileError, match="cannot write .*No space left on device; free some space"):
        append_clips(store, [made_clip("b"), made_clip("c")])
    assert {path.name: path.read_bytes() for path in (tmp_path / "s").iterdir()} == before
