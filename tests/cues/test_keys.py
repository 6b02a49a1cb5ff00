"""Key poses of a motion: where they lie, what comes back of them, that phones and errors beat equal distances, and who guides between."""

from pathlib import Path

import numpy as np
import pytest

from frame_chance import frame_chance
from recordings import write_with_libsndfile
from visavox.cli import main
from visavox.cue import Cue
from visavox.cues import read_cues
from visavox.cues.between import TRUSTED, agreement, guided, through
from visavox.cues.grammar import read_instruction, write_instruction
from visavox.cues.keys import (
    BETWEEN_BORDERS,
    FILLED,
    LONGEST,
    WANTED,
    among,
    at_borders,
    at_phones,
    borders,
    evenly,
    keys_of,
    where_it_errs,
)
from visavox.cues.performing import CueGesture
from visavox.errors import OptionError
from visavox.gestures.gesture import Piece, Take
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

FPS, FRAMES = 25.0, 200
BORDERS = np.sort(np.random.default_rng(3).choice(np.arange(4, FRAMES - 4, 2), 40, replace=False))
MIDDLES = (BORDERS[1:] + BORDERS[:-1]) // 2


def phones() -> dict[str, np.ndarray]:
    """Probabilities of three phones that take turns at BORDERS."""
    turn = np.searchsorted(BORDERS, np.arange(FRAMES), "right") % 3
    return {name: 0.05 + 0.8 * (turn == number) for number, name in enumerate(("AA", "M", "IY"))}


def spoken(seed: int = 0) -> Motion:
    """A mouth that goes from pose to pose, and is there in the middle of each phone."""
    marks = np.concatenate([[0], MIDDLES, [FRAMES - 1]])
    random, values = np.random.default_rng(seed), np.zeros((FRAMES, len(ARKIT)), np.float32)
    for name in ("jawOpen", "mouthFunnel", "mouthSmileLeft"):
        poses = random.random(marks.size)
        place = np.searchsorted(marks, np.arange(FRAMES), "right").clip(1, marks.size - 1)
        share = (np.arange(FRAMES) - marks[place - 1]) / (marks[place] - marks[place - 1])
        values[:, ARKIT.index(name)] = poses[place - 1] + (poses[place] - poses[place - 1]) * (1 - np.cos(np.pi * share)) / 2
    return Motion(values, FPS, ARKIT)


def error(motion: Motion, keys, slopes: bool = True) -> float:
    return float(np.sqrt(np.square(drawn(motion.values.astype(float), keys, slopes) - motion.values).mean()))


def drawn(values, keys, slopes: bool = True) -> np.ndarray:
    return through(np.asarray(keys), values[keys], np.arange(len(values)), np.gradient(values, axis=0)[keys] if slopes else None)


def test_keys_at_phones_and_at_errors_beat_as_many_at_equal_distances():
    motion, keys = spoken(), at_phones(phones(), FPS)
    assert borders(phones(), FPS).tolist() == BORDERS.tolist()
    assert set(MIDDLES) <= set(keys) and np.diff(keys).max() <= FILLED * FPS
    even = evenly(len(keys), FRAMES)
    assert error(motion, keys, slopes=False) < 0.3 * error(motion, even, slopes=False)
    assert error(motion, where_it_errs(motion, len(MIDDLES))) < 0.35 * error(motion, evenly(len(MIDDLES), FRAMES))
    few, near = (where_it_errs(motion, 30, told) for told in (None, MIDDLES))
    assert len(few) == len(near) == 30
    beside = [np.mean(np.abs(found[1:-1, None] - MIDDLES).min(1) <= 1) for found in (few, near)]
    assert beside[1] >= max(beside[0] + 0.1, 0.85)


def test_a_key_at_a_border_tells_most_with_its_slope():
    motion, keys = spoken(), at_borders(phones(), FPS)
    assert np.diff(keys).max() <= BETWEEN_BORDERS * FPS and len(set(BORDERS) & set(keys)) > 0.9 * len(BORDERS)
    even = evenly(len(keys), FRAMES)
    assert error(motion, keys) < 0.5 * error(motion, keys, slopes=False)
    assert error(motion, keys) < error(motion, even)
    assert error(motion, keys, slopes=False) > error(motion, even, slopes=False), "poses alone are on their way there"
    best = among(motion, BORDERS, len(keys))
    assert len(best) == len(keys) and np.isin(BORDERS, best).mean() > 0.8
    for slopes in (True, False):  # chosen among the borders they say more than even ones, with slopes and without
        assert error(motion, best, slopes=slopes) < 0.9 * error(motion, even, slopes=slopes)
    values, at = motion.select(["jawOpen"]).astype(float), np.arange(FRAMES)
    slopes, few = np.gradient(values, axis=0), keys[::2]
    near, rising = few[1:-1] + 1e-3, lambda times: 0.004 * times[:, None]  # a base that opens all the time
    there = (few, values[few]), (rising(few), rising(near)), near, (slopes[few], np.full_like(slopes[few], 0.004))
    assert np.abs((guided(*there) - values[few][1:-1]) / 1e-3 - slopes[few][1:-1]).max() < 1e-2
    nothing = np.full_like(slopes[few], np.nan)
    assert np.array_equal(through(few, values[few], at, nothing), through(few, values[few], at))


def test_as_many_keys_as_are_asked_for_even_very_few_or_all():
    motion = spoken()
    for count in (2, 5, 17, 90, FRAMES):
        keys = where_it_errs(motion, count)
        assert len(keys) == len(set(keys.tolist())) == count and keys[0] == 0 and keys[-1] == FRAMES - 1
    errors = [error(motion, where_it_errs(motion, count)) for count in (17, 25, 40, 90)]
    assert (np.diff(errors) < 0).all()
    assert where_it_errs(motion, 2 * FRAMES).tolist() == list(range(FRAMES))


def test_between_keys_the_motion_goes_on_as_far_as_it_agrees_with_them():
    target, stranger = spoken().select(["jawOpen"]).astype(float), spoken(9).select(["jawOpen"]).astype(float)
    keys = evenly(50, FRAMES)
    at = np.arange(FRAMES)

    def far(base):
        made = guided((keys, target[keys]), (base[keys], base), at)
        assert np.abs(made[keys] - target[keys]).max() < 1e-9
        return np.sqrt(np.square(made - target).mean())

    alone = error_of(target, drawn(target, keys, slopes=False))
    assert far(0.2 + 1.3 * target) < 0.5 * alone, "one that opens when it should, too far"
    assert far(stranger) < 1.15 * alone, "one that moves at other times"
    two = keys[[20, 22]]
    assert np.array_equal(agreement(two, target[two], stranger[two]), np.ones((2, 1))), "who sets two keys wants the rest to go on"
    assert agreement(keys, target[keys], stranger[keys]).mean() < 0.4 and TRUSTED > 0


def error_of(values, made) -> float:
    return float(np.sqrt(np.square(values - made).mean()))


def test_keys_by_error_are_enough_and_no_more_than_needed():
    motion = spoken(1)
    keys = where_it_errs(motion)
    assert np.abs(drawn(motion.values.astype(float), keys) - motion.values).max() <= WANTED + 1e-6 and len(keys) < 0.6 * FRAMES
    still = Motion(np.full((FRAMES, len(ARKIT)), 0.25, np.float32), FPS, ARKIT)
    assert len(where_it_errs(still)) <= FRAMES / FPS / LONGEST + 2
    assert keys_of(still, [0, 5]) == []
    assert where_it_errs(Motion(still.values[:1], FPS, ARKIT)).tolist() == [0]


def test_keys_bring_one_take_to_another():
    """Keys of one motion, performed over another, pass through the first and stay close between."""
    target, base = spoken(2), spoken(5)
    cues = keys_of(target, where_it_errs(target))
    gesture = CueGesture(cues)
    made = gesture.step(gesture.start(Take(frame_chance(0))), Piece(base, None, last=True))
    apart = np.abs(base.channel("jawOpen") - target.channel("jawOpen"))
    assert np.abs(made.channel("jawOpen") - target.channel("jawOpen")).mean() < 0.15 * apart.mean()
    at = [round(cue.start * FPS - 0.5) for cue in cues if cue.instruction.channel == "jawOpen"]
    assert np.abs(made.channel("jawOpen") - target.channel("jawOpen"))[at].max() < 1e-3


def test_the_verb_writes_cues_that_are_read_back(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_motion(spoken(), "face.npz")
    assert main(["keys", "face.npz", "-o", "keys.vtt", "--count", "30"]) == 0
    assert capsys.readouterr().out == "wrote keys.vtt: 30 poses of 3 channels, 3.8 a second\n"
    cues = read_cues("keys.vtt")
    assert len(cues) == 90 and all(isinstance(cue, Cue) for cue in cues)
    assert abs(cues[0].instruction.value - spoken().channel("jawOpen")[0]) < 1e-3
    assert read_instruction("jawOpen = 0.25").value == 0.25
    slopes = [cue.instruction.slope for cue in cues if cue.instruction.channel == "jawOpen"]
    frames = [round(cue.start * FPS - 0.5) for cue in cues if cue.instruction.channel == "jawOpen"]
    assert np.abs(np.gradient(spoken().channel("jawOpen"))[frames] * FPS - slopes).max() < 1e-2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.npz", "-o", "k.vtt"], "missing.npz"),
        (["face.npz", "-o", "k.txt"], "end it in one of .vtt"),
        (["face.npz", "-o", "k.vtt", "--count", "5", "--speech", "a.wav"], "a.wav"),
        (["face.npz", "-o", "k.vtt", "--speech", "short.wav"], "--speech short.wav lasts 0.50 s, the motion 8.00 s; give the sound"),
        (["face.npz", "-o", "k.vtt", "--at", "borders"], "--at borders sets a key for each phone of the sound; give that with --speech"),
        (["face.npz", "-o", "k.vtt", "--at", "middles", "--speech", "short.wav", "--count", "9"], "leave out --count"),
        (["face.npz", "-o", "k.vtt", "--checkpoint", "a.safetensors"], "--speech"),
    ],
)
def test_bad_requests_are_one_line(arguments, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_motion(spoken(), "face.npz")
    write_with_libsndfile(Path("short.wav"), 0.5, 16000)
    assert main(["keys", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jawOpen = 0.3 slope", "is no key"),
        ("jawOpen = 0.3 slope 1.2.3", "is no slope"),
        ("jawOpen += 0.3 slope 1", "has a slope; only a key that is passed through has one"),
        ("jawOpen = 0.3 slope 1 hold", "has a slope"),
        ("jawOpen = 0.3 slope 400", "is steeper than jawOpen can move, 100 a second"),
    ],
)
def test_a_slope_that_makes_no_sense_is_refused_in_a_line(text, said):
    with pytest.raises(OptionError, match=said):
        read_instruction(text)


def test_a_slope_is_in_the_units_of_its_key():
    turned = read_instruction("headYaw = 10deg slope -30")
    assert (turned.value, turned.slope) == (pytest.approx(np.radians(10), abs=1e-6), pytest.approx(np.radians(-30), abs=1e-6))
    lone = CueGesture([Cue(1.0, 1.0, read_instruction("jawOpen = 0.5 slope 2"))])
    jaw = lone.step(lone.start(Take(frame_chance(0))), Piece(Motion(0 * spoken().values, FPS, ARKIT), None, last=True)).channel("jawOpen")
    assert (jaw[25] - jaw[24]) * FPS == pytest.approx(2, abs=0.3) and jaw[24:26].mean() == pytest.approx(0.5, abs=0.03)
    assert read_instruction(write_instruction(turned)) == turned and read_instruction("headYaw = 0.1rad slope 0.5").slope == 0.5
