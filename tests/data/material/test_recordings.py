"""Recordings: joined utterances keep their phones where their sound is, windows stay inside one recording, files come back."""

import tracemalloc

import numpy as np
import pytest

from visavox.data.material.recordings import (
    SAMPLES_PER_FRAME,
    Recording,
    RecordingSet,
    join_rows,
    phone_numbers,
    record,
    save_recordings,
)
from visavox.data.store.shards import Row
from visavox.data.synth.phones import INDEX
from visavox.data.synth.rule_based_animator import Manner
from visavox.errors import FileError
from visavox.rigs.arkit import ARKIT

RATE = 16000


def beep(number: int) -> Row:
    """Half a second of silence, half a second of tone named AA, whatever else is said of it."""
    time = np.arange(RATE) / RATE
    samples = 0.4 * np.sin(2 * np.pi * 300 * time) * (time >= 0.5)
    phones = [(0.0, 0.5, "SIL"), (0.5, 1.0, "AA")]
    return Row(str(number), samples.astype(np.float32), RATE, "s", "s", "l", phones=phones)


def plain(frames: int, style: int, value: float) -> Recording:
    zeros = [np.full((frames * times, width), value, np.float32) for times, width in ((4, 80), (1, 10), (1, len(ARKIT)))]
    return Recording(zeros[0], np.full(2 * frames, INDEX["M"], np.uint8), zeros[1], zeros[2], style)


def test_joined_phones_lie_where_their_sound_is():
    joined = join_rows([beep(number) for number in range(30)], np.random.default_rng(0))
    assert sum(name == "AA" for _, phones in joined for *_, name in phones) == 30
    for sound, phones in joined:
        assert sound.size % SAMPLES_PER_FRAME == 0 and sound.dtype == np.float32
        assert 4 < sound.size / RATE < 15
        ends = [end for _, end, _ in phones]
        assert phones[0][0] == 0 and ends[-1] == pytest.approx(sound.size / RATE)
        assert all(start == pytest.approx(end) for (start, *_), end in zip(phones[1:], ends, strict=False))  # no hole, no overlap
        for start, end, name in phones:
            level = np.abs(sound[round(start * RATE) + 40 : round(end * RATE) - 40]).max(initial=0)
            assert level > 0.09 if name == "AA" else level < 0.01


def test_too_little_to_join_gives_nothing():
    assert join_rows([beep(0)], np.random.default_rng(0)) == []


def test_phone_numbers_by_construction():
    numbers = phone_numbers([(0.0, 0.1, "SIL"), (0.1, 0.2, "P"), (0.2, 0.5, "IY")], 30)
    assert numbers.tolist() == [INDEX["SIL"]] * 5 + [INDEX["P"]] * 5 + [INDEX["IY"]] * 15 + [INDEX["SIL"]] * 5


def test_a_recording_has_four_two_and_one_values_a_frame():
    sound, phones = join_rows([beep(number) for number in range(8)], np.random.default_rng(1))[0]
    made = record(sound, phones, Manner(), 3, np.random.default_rng(0))
    frames = sound.size // SAMPLES_PER_FRAME
    assert made.mel.shape == (4 * frames, 80) and made.phones.shape == (2 * frames,) and made.style == 3
    assert made.articulation.shape == (frames, 10) and made.motion.shape == (frames, len(ARKIT))
    jaw = made.motion[:, ARKIT.index("jawOpen")]
    spoken = made.phones[::2] == INDEX["AA"]
    assert jaw[spoken].mean() > 0.2 and np.percentile(jaw[~spoken], 20) < 0.07


def test_files_come_back_as_one_sequence(tmp_path):
    save_recordings([plain(30, 7, 0.25), plain(50, 8, 0.5)], tmp_path / "a.npz")
    save_recordings([plain(20, 7, 1.0)], tmp_path / "b.npz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]
    data = RecordingSet([tmp_path / "a.npz", tmp_path / "b.npz"])
    assert data.length.tolist() == [30, 50, 20] and data.start.tolist() == [0, 30, 80] and data.style.tolist() == [7, 8, 7]
    assert data.mel.shape == (400, 80) and data.phones.shape == (200,) and data.motion.shape == (100, len(ARKIT))
    assert data.motion[29, 0] == 0.25 and data.motion[30, 0] == 0.5 and data.mel[4 * 80, 0] == 1.0
    assert data.hours == pytest.approx(100 / 25 / 3600)


def test_windows_stay_inside_a_recording_and_reach_all_of_it(tmp_path):
    save_recordings([plain(10, 0, 0.0), plain(40, 1, 0.0), plain(25, 2, 0.0)], tmp_path / "a.npz")
    data = RecordingSet([tmp_path / "a.npz"])
    start, chosen = data.draw(2000, 25, np.random.default_rng(0))
    assert set(chosen.tolist()) == {1, 2}  # the first is too short
    offset = start - data.start[chosen]
    assert offset.min() == 0 and set(offset[chosen == 1].tolist()) == set(range(16)) and set(offset[chosen == 2].tolist()) == {0}
    assert (chosen == 1).mean() == pytest.approx(40 / 65, abs=0.05)  # longer recordings are drawn more often


def test_no_files_is_an_error_that_says_what_to_do():
    with pytest.raises(FileError, match="prepare"):
        RecordingSet([])


def test_many_files_are_never_in_memory_twice(tmp_path):
    """A full build joins some 7 GB of encoded recordings: with parts and whole side by side it needed twice as much."""
    paths = [tmp_path / f"{number}.npz" for number in range(12)]
    for path in paths:
        save_recordings([plain(600, 0, 0.5)], path)
    size = sum(path.stat().st_size for path in paths)
    tracemalloc.start()
    data = RecordingSet(paths)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert data.mel.shape == (12 * 2400, 80) and size < most < 1.25 * size
