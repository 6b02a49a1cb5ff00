"""The bench with animators whose scores are known: one that cheats, one that sleeps, one that hears loudness only."""

import json
from dataclasses import replace

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.measures import Measures
from visavox.errors import FileError, OptionError
from visavox.evaluate import degradations as conditions
from visavox.evaluate.bench import Takes, evaluate, recognise_styles
from visavox.evaluate.controls import energy_motion, fitted, rule_based_motion
from visavox.evaluate.face_score import score_face
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.phone_score import pool, score_measures, score_phones
from visavox.evaluate.report.definitions import DEFINITIONS
from visavox.evaluate.report.writing import as_json, as_markdown, write_report
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.style import Style

RATE = 16000
WORDS = (
    ("SIL", 0.3),
    ("B", 0.1),
    ("AA", 0.2),
    ("M", 0.1),
    ("IY", 0.2),
    ("F", 0.12),
    ("UW", 0.2),
    ("S", 0.1),
    ("EH", 0.15),
    ("P", 0.1),
    ("OW", 0.2),
    ("SIL", 0.4),
)


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def clips(head):
    return [spoken(f"clip{number}", number, head) for number in range(3)]


def spoken(name, seed, head):
    """Noise whose loudness follows made-up phones, and a "filmed" face that the rule-based animator moves."""
    random = np.random.default_rng(seed)
    phones, time, samples = [], 0.0, []
    for _ in range(3):
        for phone in random.permutation(len(WORDS) - 2) + 1:
            name_of, seconds = WORDS[phone]
            seconds = round(seconds * random.uniform(0.8, 1.3), 2)
            phones.append((time, time + seconds, name_of))
            samples.append((0.02 if name_of in "BMPS" else 0.2) * random.normal(size=round(seconds * RATE)))
            time = round(time + seconds, 4)
        phones.append((time, time + 0.6, "SIL"))
        samples.append(np.zeros(round(0.6 * RATE)))
        time = round(time + 0.6, 4)
    audio = Audio(np.concatenate(samples), RATE)
    clip = Clip(name, audio, "nobody", "made", "CC0", phones=tuple(phones))
    truth = rule_based_motion(clip)
    frames = int(audio.seconds * 25)
    truth = Motion(truth.values[:frames], 25, ARKIT)
    gap, width = head_measures(head, truth)
    return Clip(name, audio, "nobody", "made", "CC0", truth, tuple(phones), Measures(gap, width, np.ones(frames, bool), 25))


class Cheat:
    """Knows the clips and answers with the rule-based animator's motion, the head shaken by the seed."""

    def __init__(self, clips):
        self.clips, self.calls = clips, 0

    def animate(self, audio, style, seed=0):
        self.calls += 1
        motion = rule_based_motion(next(clip for clip in self.clips if clip.audio is audio))
        sway = 0.05 * np.sin(np.arange(motion.frames) * 0.1 + seed)
        return motion.with_channels({"headYaw": motion.channel("headYaw") + sway})


class Sleeper:
    def animate(self, audio, style, seed=0):
        return Motion(np.zeros((int(np.ceil(audio.seconds * 25)), len(ARKIT))), 25, ARKIT)


@pytest.fixture(scope="module")
def cheated(clips, head):
    return evaluate(Takes(Cheat(clips)), clips, head, (0, 1), 100)


def test_whoever_knows_the_phones_scores_full_marks(cheated):
    assert cheated.value("closure_recall") == 1 and cheated.value("closure_precision") == 1
    assert cheated.value("false_closure") == 0 and cheated.value("tuck") == 1
    assert cheated.value("rounding_auc") > 0.95 and cheated.value("aperture_correlation") > 0.999
    assert cheated.value("gap_correlation") > 0.99 and cheated.value("lag_within_one") == 1
    assert cheated.value("articulation_ratio") == pytest.approx(1, abs=0.05) and cheated.value("lve") < 0.2


def test_the_controls_score_worse_than_the_truth(cheated):
    for control in ("energy", "shuffled"):
        assert cheated.value("closure_recall", control) < 0.8
        assert cheated.value("gap_correlation", control) < 0.85
    assert cheated.value("gap_correlation", "truth") > 0.999


def test_takes_differ_where_the_animator_differs(cheated):
    assert cheated.value("head_take_spread") > 0.1
    assert cheated.value("lip_take_spread") == pytest.approx(0, abs=1e-6)


def test_a_sleeping_face_closes_always_and_follows_nothing(clips, head):
    asleep = evaluate(Takes(Sleeper()), clips, head)
    assert asleep.value("closure_recall") == 1 and asleep.value("false_closure") == 1
    assert asleep.value("closure_precision") < 0.6 and asleep.value("rounding_auc") == 0.5
    assert asleep.value("gap_correlation") == 0 and asleep.value("articulation_ratio") == 0
    assert asleep.value("head_range_ratio") == 0 and asleep.value("blink_rate") == 0


def test_a_motion_is_made_once_and_the_clips_must_have_names(clips, head):
    cheat = Cheat(clips)
    takes = Takes(cheat)
    takes(clips[0], 0), takes(clips[0], 0), takes(clips[0], 1)
    assert cheat.calls == 2
    with pytest.raises(OptionError, match="clip0"):
        evaluate(takes, [clips[0], clips[0]], head)


def test_clips_without_truth_are_scored_for_what_there_is(clips, head):
    bare = [Clip(clip.name, clip.audio, "nobody", "made", "CC0") for clip in clips]
    found = evaluate(Takes(Sleeper()), bare, head)
    assert [table.title for table in found.tables] == ["Head and eyes"]
    with pytest.raises(FileError, match="no phones"):
        score_phones(Sleeper().animate(bare[0].audio, None), bare[0])
    with pytest.raises(FileError, match="no tracked face"):
        score_face(Sleeper().animate(bare[0].audio, None), bare[0], head)
    with pytest.raises(FileError, match="no tracked face"):
        score_measures(bare[0])
    with pytest.raises(FileError, match="no clip with phones"):
        pool([])


def test_a_late_motion_is_found_late(clips, head):
    late = clips[0].motion.values[np.maximum(np.arange(clips[0].motion.frames) - 3, 0)]
    assert score_face(Motion(late, 25, ARKIT), clips[0], head)["best_lag"] == 3


def test_every_number_has_a_definition_and_reaches_the_report(cheated, tmp_path):
    metrics = {metric for table in cheated.tables for column in table.columns.values() for metric in column}
    assert metrics <= set(DEFINITIONS)
    about = {"model": "cheat"}
    page, values = as_markdown(cheated, about, ["lip_gaps.png"]), as_json(cheated, about)
    assert all(DEFINITIONS[metric].title in page for metric in metrics) and "![lip gaps](lip_gaps.png)" in page
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["tables"][0]["metrics"]["closure_recall"]["generated"] == 1
    written = write_report(cheated, tmp_path / "new", about, plots=False)
    assert [path.name for path in written] == ["report.md", "report.json"] and all(path.stat().st_size > 500 for path in written)


def test_plots_are_pictures(cheated, tmp_path):
    pytest.importorskip("matplotlib")
    pictures = write_report(cheated, tmp_path, {}, plots=True)[2:]
    assert {path.name for path in pictures} >= {"lip_gaps.png", "clips.png"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)


@pytest.mark.parametrize(("value", "met"), [(0.95, True), (0.85, False), (float("nan"), None)])
def test_goals(value, met):
    assert DEFINITIONS["closure_recall"].met(value) is met
    assert DEFINITIONS["lve"].met(value) is None


def test_energy_opens_with_loudness_and_nothing_else(clips):
    motion = energy_motion(clips[0])
    assert motion.frames == int(np.ceil(clips[0].audio.seconds * 25 - 1e-9))
    speech = [number for number in range(motion.frames) if any(a < (number + 0.5) / 25 < b and n == "AA" for a, b, n in clips[0].phones)]
    quiet = [
        number
        for number in range(motion.frames)
        if any(a + 0.1 < (number + 0.5) / 25 < b - 0.1 and n == "SIL" for a, b, n in clips[0].phones)
    ]
    assert motion.channel("jawOpen")[speech].mean() > 0.4 > 0.05 > motion.channel("jawOpen")[quiet].mean()
    assert not motion.select(("mouthClose", "mouthPucker", "headYaw", "eyeBlinkLeft")).any()


def test_fitted_turns_back_at_the_end():
    motion = Motion(np.zeros((4, len(ARKIT))), 25, ARKIT).with_channels({"jawOpen": np.arange(4) / 10})
    assert fitted(motion, 9 / 25).channel("jawOpen") == pytest.approx(np.array([0, 1, 2, 3, 2, 1, 0, 1, 2]) / 10)
    assert fitted(motion, 2 / 25).frames == 2


class Mannered:
    """Speaks in the style it is given, or always in the same one; the style is the resting roll of the head."""

    window = 50

    def __init__(self, deaf):
        self.deaf = deaf

    def extract_style(self, motion, name="unnamed"):
        return Style(np.array([1.0, float(motion.channel("headRoll").mean())]), "made", name)

    def animate(self, audio, style, seed=0):
        roll = 0.1 if self.deaf else style.vector[1]
        still = Motion(np.zeros((int(audio.seconds * 25), len(ARKIT))), 25, ARKIT)
        return still.with_channels({"headRoll": roll})


def test_styles_are_recognised_when_the_motion_shows_them(clips):
    faces = [replace(clip, motion=clip.motion.with_channels({"headRoll": n / 2})) for n, clip in enumerate(clips)]
    shown, blind = (recognise_styles(Mannered(deaf), faces).columns for deaf in (False, True))
    assert shown["generated"]["style_gain"] == 3 and shown["shuffled"]["style_gain"] == 0
    assert blind["generated"]["style_gain"] <= 1
    with pytest.raises(OptionError, match="with 1 clips"):
        recognise_styles(Mannered(False), faces[:1])


def test_worse_conditions_are_as_much_worse_as_they_say(clips):
    random, clip = np.random.default_rng(0), clips[0]
    noisy = conditions.with_pink_noise(clip, 10, random)
    scale = (noisy.audio.samples @ clip.audio.samples) / (clip.audio.samples @ clip.audio.samples)
    noise = noisy.audio.samples / scale - clip.audio.samples
    assert 20 * np.log10(clip.audio.samples.std() / noise.std()) == pytest.approx(10, abs=0.5)
    assert np.mean(np.abs(conditions.overdriven(clip, 12).audio.samples) == 1.0) > 0.01
    assert np.allclose(conditions.quieter(clip, 20).audio.samples, 0.1 * clip.audio.samples)
    room = conditions.with_reverberation(clip, 0.4, random)
    assert room.audio.samples.size == clip.audio.samples.size and not np.allclose(room.audio.samples, clip.audio.samples)
    narrow = np.abs(np.fft.rfft(conditions.over_telephone(clip).audio.samples))
    bins = np.fft.rfftfreq(clip.audio.samples.size, 1 / RATE)
    assert narrow[(bins > 500) & (bins < 3000)].mean() > 20 * narrow[bins < 100].mean()
    assert noisy.phones == clip.phones


def test_sounds_without_speech_are_what_they_are_called():
    found = {clip.name: clip.audio for clip in conditions.sounds_without_speech(2, np.random.default_rng(0))}
    assert not found["digital silence"].samples.any() and found["white noise"].samples.std() == pytest.approx(0.1, rel=0.05)
    spectrum = np.abs(np.fft.rfft(found["pink noise"].samples)) ** 2
    bins = np.fft.rfftfreq(found["pink noise"].samples.size, 1 / RATE)
    octaves = [spectrum[(bins > low) & (bins < 2 * low)].mean() for low in (200, 400, 800, 1600)]
    assert np.diff(10 * np.log10(octaves)) == pytest.approx(-3, abs=1)
    quarters = found["chords and drums"].samples.reshape(8, -1)  # each begins with a drum
    assert (quarters[:, : RATE // 50].std(1) > 1.5 * quarters[:, -RATE // 50 :].std(1)).all()
