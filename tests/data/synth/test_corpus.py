"""The corpus: a plan that adds up, batches that are a function of their seed, a build that goes on and reports every refusal."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from in_process import InProcess
from visavox.data.store.shards import read_shard
from visavox.data.synth import corpus, engines, prerequisites
from visavox.data.synth.corpus import BATCH, HELD_OUT, MEAN_SECONDS, SHARES, Batch, build, plan
from visavox.data.synth.engines import EngineError, Utterance
from visavox.errors import DependencyError, FileError

pytest.importorskip("pyarrow")
REFUSED = "I answer no questions"


@pytest.fixture(autouse=True)
def humming(monkeypatch):
    """A stand-in for flite: a hum as long as the text, and a refusal of every question."""

    def flite(text: str, voice: str, pitch: float, stretch: float) -> Utterance:
        if "?" in text:
            raise EngineError(REFUSED)
        seconds = 0.05 * len(text) * stretch
        samples = 0.3 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * 8000)) / 8000)
        return Utterance(samples.astype(np.float32), 8000, [(0.0, seconds / 2, "M"), (seconds / 2, seconds, "AA")])

    monkeypatch.setattr(engines, "flite", flite)
    monkeypatch.setattr(corpus, "ProcessPoolExecutor", InProcess)
    monkeypatch.setattr(corpus, "check_voices", list)


BATCHES = [Batch(0, "flite:slt", 12, 5), Batch(1, "flite:awb", 8, 5)]


def test_a_plan_adds_up_to_its_hours_and_shares():
    batches = plan(36.0, 1)
    said = Counter()
    for batch in batches:
        said[batch.voice] += batch.count
    assert sum(said.values()) * MEAN_SECONDS / 3600 == pytest.approx(36, rel=0.01)
    for voice, share in SHARES.items():
        assert said[voice] / sum(said.values()) == pytest.approx(share / sum(SHARES.values()), rel=0.02), voice
    assert sorted(batch.number for batch in batches) == list(range(len(batches))) and max(batch.count for batch in batches) <= BATCH
    assert plan(36.0, 1) == batches != plan(36.0, 2)


def test_held_out_voices_are_in_no_training_plan():
    assert not {batch.voice for batch in plan(36.0, 1)} & set(HELD_OUT)
    assert {batch.voice for batch in plan(1.0, 1, held_out=True)} == set(HELD_OUT)
    random = Random(0)
    assert not {f"espeak:{corpus.espeak_voice(random)}" for _ in range(3000)} & set(HELD_OUT)


def test_most_speech_comes_from_recorded_people():
    people = sum(share for voice, share in SHARES.items() if voice != "espeak")
    assert people / sum(SHARES.values()) > 0.5


def test_the_same_seed_makes_the_same_shards(tmp_path):
    for name in ("one", "two"):
        build(tmp_path / name, BATCHES, 1)
    for path in (tmp_path / "one").glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    other = build(tmp_path / "other", [Batch(0, "flite:slt", 12, 6)], 1)
    assert other["hours"] > 0
    texts = [{row.text for row in read_shard(next((tmp_path / name).glob("*slt*.parquet")))} for name in ("one", "other")]
    assert not texts[0] & texts[1]


def test_rows_are_at_16_khz_with_phones_over_their_whole_length(tmp_path):
    build(tmp_path, BATCHES, 1)
    rows = [row for path in tmp_path.glob("*.parquet") for row in read_shard(path)]
    assert len({row.id for row in rows}) == len(rows) and {row.speaker for row in rows} == {"flite:slt", "flite:awb"}
    for row in rows:
        assert row.sample_rate == 16000 and np.abs(row.samples).max() == pytest.approx(0.7, abs=0.01)
        assert row.phones[-1][1] == pytest.approx(row.samples.size / 16000, abs=0.01) and row.licence and row.consent and row.text


def test_a_build_goes_on_where_it_stopped(tmp_path):
    made = []
    build(tmp_path, BATCHES[:1], 1)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}
    summary = build(tmp_path, BATCHES, 1, lambda done, total, name: made.append((done, total, name)))
    assert made == [(2, 2, "flite:awb")]
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert set(summary["hours_by_voice"]) == {"flite:slt", "flite:awb"}


def test_refusals_are_reported_not_swallowed(tmp_path):
    summary = build(tmp_path, [Batch(number, "flite:slt", 30, 1) for number in range(4)], 1)
    kept = sum(1 for path in tmp_path.glob("*.parquet") for _ in read_shard(path))
    assert summary["refused"] > 0 and kept + summary["refused"] == 120
    for refusal in summary["reasons"]:
        assert refusal["why"] == REFUSED and "?" in refusal["text"] and refusal["voice"] == "flite:slt"
    assert json.loads((tmp_path / "report.json").read_text()) == summary


def test_a_voice_that_says_nothing_leaves_no_shard_and_the_next_build_mends_it(tmp_path, monkeypatch):
    speaks = engines.flite

    def mute(*_):
        raise EngineError("no such voice")

    monkeypatch.setattr(engines, "flite", mute)
    with pytest.raises(EngineError, match="flite:slt says none of .* sentences .no such voice."):
        build(tmp_path, BATCHES, 1)
    assert not list(tmp_path.glob("*.parquet"))
    monkeypatch.setattr(engines, "flite", speaks)
    assert build(tmp_path, BATCHES, 1)["hours"] > 0


def test_an_empty_shard_of_an_older_run_is_built_again(tmp_path):
    build(tmp_path, BATCHES, 1)
    note = next(tmp_path.glob("shard-flite-slt*.json"))
    note.write_text(json.dumps({"refused": [], "seconds": 0.0}))
    assert corpus.left_to_build(tmp_path, BATCHES) == BATCHES[:1]
    note.unlink()
    assert corpus.left_to_build(tmp_path, BATCHES) == BATCHES[:1]
    build(tmp_path, BATCHES, 1)
    assert corpus.left_to_build(tmp_path, BATCHES) == []


def test_a_shard_of_another_seed_or_size_is_named_not_taken(tmp_path):
    build(tmp_path, BATCHES, 1)
    first = BATCHES[0]
    for other, says in ((replace(first, seed=first.seed + 1), "seed"), (replace(first, count=first.count + 1), "count")):
        with pytest.raises(FileError, match=rf"shard-flite-slt-00000.parquet was made with {says} \d+ \(now \d+\)"):
            corpus.left_to_build(tmp_path, [other])


def test_what_is_missing_is_named_with_the_whole_install_line(monkeypatch, tmp_path):
    monkeypatch.setattr(prerequisites.shutil, "which", lambda name: None)
    monkeypatch.setattr(prerequisites, "has_espeak", lambda: False)
    with pytest.raises(DependencyError, match="apt install espeak-ng festival festvox-italp16k festvox-ru flite$"):
        prerequisites.check_voices(["flite:slt", "festival:lp", "festival:nsh", "espeak", "flite:awb"])
    monkeypatch.setattr(corpus, "check_voices", prerequisites.check_voices)
    with pytest.raises(DependencyError):
        build(tmp_path / "corpus", BATCHES, 1)
    assert not (tmp_path / "corpus").exists()


def test_a_voice_of_festival_that_is_not_installed_is_missing(monkeypatch):
    monkeypatch.setattr(prerequisites, "festival_knows", lambda names: {"kal"} & set(names))
    assert prerequisites.missing_packages(["festival:kal", "festival:ona_hts"]) == {"festvox-ca-ona-hts": ["festival:ona_hts"]}


def test_every_voice_of_festival_has_a_package():
    assert set(prerequisites.FESTIVAL_PACKAGES) == set(engines.FESTIVAL_VOICES)
