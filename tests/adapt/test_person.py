"""One person's pieces, habits, the correction of the lip reader, and the manner that is fitted: known by construction."""

from dataclasses import replace

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint
from visavox.adapt.habits import RESTING, Seen, habits_of
from visavox.adapt.likeness import closures
from visavox.adapt.manner import fit_manner, smiling_of
from visavox.adapt.person import Piece, cut_into_pieces, person_of
from visavox.adapt.reading import FOLDS, PLAIN, Example, corrected, examples_of, fit_reading, fitted, unseen_score
from visavox.adapt.takes import drawn_posture, takes_of
from visavox.audio import Audio
from visavox.data.clip import Clip, cut_name
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.gestures import head_fit
from visavox.loading import animator_of
from visavox.models.sizes import LipReaderConfig
from visavox.motion import Motion
from visavox.recipes.lip_people import with_lip_reader
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

HEAD = Head.default()


def motion(frames: int, seed: int = 0, **channels) -> Motion:
    values = np.zeros((frames, len(ARKIT)), np.float32)
    for name, value in channels.items():
        values[:, ARKIT.index(name)] = value
    return Motion(values, 25, ARKIT)


def noise(seconds: float, seed: int = 0) -> Audio:
    random = np.random.default_rng(seed)
    loud = np.repeat(random.uniform(0, 0.2, round(seconds * 5) + 1), 3200)[: round(seconds * 16000)]
    return Audio((loud * random.normal(size=loud.size)).astype(np.float32), 16000)


def piece(frames: int, seed: int = 0, **channels) -> Piece:
    made = motion(frames, seed, **channels)
    seen = Seen.of(made, HEAD)
    return Piece(f"p{seed}", noise(frames / 25, seed), made, seen.gap, seen.width, seen.ok)


def test_a_mouth_that_only_stretches_is_not_given_a_smile():
    wave = 0.2 + 0.1 * np.sin(np.arange(750) / 5)
    stretches, smiles = ({f"{name}{side}": wave for side in ("Left", "Right")} for name in ("mouthStretch", "mouthSmile"))
    assert smiling_of([piece(750, **stretches)]) < 0.2 and smiling_of([piece(750, **smiles)]) > 0.8
    assert smiling_of([piece(750, **stretches, **smiles)]) == pytest.approx(0.5, abs=0.01)
    assert smiling_of([piece(750)]) == 0.5, "who never moves the corners tells nothing"
    little = {name: wave[:25] for name, wave in smiles.items()}
    assert 0.5 < smiling_of([piece(25, **little)]) < 0.65, "a second tells little"


def test_long_clips_are_cut_and_one_piece_in_five_is_held_out():
    cut = cut_into_pieces([piece(2000)])
    assert len(cut) == 7 and max(each.motion.frames for each in cut) <= 300 and sum(each.motion.frames for each in cut) == 2000
    assert all(each.audio.samples.size == 640 * each.motion.frames for each in cut)
    assert [each.motion.frames for each in cut_into_pieces([piece(75, seed) for seed in range(6)] + [piece(20, 9)])] == [75] * 6
    talk = motion(75, jawOpen=np.linspace(0, 0.3, 75))
    clips = [Clip(f"c{number}", noise(3, number), "ann", "s", "l", motion=talk, consent="c") for number in range(10)]
    person = person_of(clips, "ann", "there")
    assert len(person.learned) == 8 and len(person.held_out) == 2 and person.seconds == 30
    assert person.sources[0].consent == "c" and person.sources[0].clips == 10
    with pytest.raises(FileError, match=r"there has 9.0 s of ann; 10 s or more are wanted"):
        person_of(clips[:3], "ann", "there")
    with pytest.raises(FileError, match="the lips of ann never move in there"):
        person_of([replace(clip, motion=motion(75)) for clip in clips], "ann", "there")
    wild = person_of([replace(clip, motion=motion(75, jawOpen=np.linspace(-6e4, 6e4, 75))) for clip in clips], "ann", "there")
    assert all(each.motion.values.min() >= 0 and each.motion.values.max() <= 1 for each in wild.learned), "weights are 0 to 1"


def test_raw_scores_that_the_landmarks_contradict_are_solved():
    wave = 0.5 + 0.5 * np.sin(np.arange(100) / 4)
    raw, right, weak = motion(100, jawOpen=1 - wave), motion(100, jawOpen=0.3 * wave), motion(100, jawOpen=0.15 * wave)
    gap = lip_gap(HEAD, right)
    for moved, kept in ((raw, False), (weak, False), (right, True)):
        clips = [
            Clip(f"c{n}", noise(4, n), "a", "s", "l", motion=moved, measures=Measures(gap, gap + 0.5, np.ones(100, bool), 25))
            for n in range(3)
        ]
        made = person_of(clips, "a", "x").learned[0]
        followed = np.corrcoef(lip_gap(HEAD, made.motion), gap[: made.motion.frames])[0, 1]
        wide = np.ptp(lip_gap(HEAD, made.motion)) / np.ptp(gap)
        assert followed > 0.9 and 0.8 < wide < 1.25 and np.array_equal(made.motion.values, moved.values[: made.motion.frames]) is kept


def test_habits_are_what_was_made_and_tell_people_apart():
    wave = np.sin(np.arange(200) / 3)
    lively = piece(
        200, mouthSmileLeft=0.3, mouthSmileRight=0.3, jawOpen=0.3 + 0.3 * wave, headYaw=np.radians(10) * wave, browInnerUp=0.2 + 0.2 * wave
    )
    calm = piece(200, jawOpen=0.1 + 0.1 * wave, headYaw=np.radians(2) * wave)
    one, other = (habits_of([Seen(each.motion, each.gap, each.width, each.ok)]) for each in (lively, calm))
    assert one.smile == pytest.approx(0.3, abs=1e-4) and one.posture[RESTING.index("mouthSmileLeft")] == pytest.approx(0.3, abs=1e-4)
    assert one.turns[1] == pytest.approx(20, abs=0.5) and other.turns[1] == pytest.approx(4, abs=0.2)
    assert one.opening > 2.5 * other.opening and one.turning_speed > 4 * other.turning_speed and one.blinks == 0
    assert all(value == 0 for value in one.distances(one).values())
    apart = one.distances(other)
    assert apart["turning"] > 1 and apart["opening"] > 0.9 and apart["brows"] > 1 and apart["smile"] == pytest.approx(0.3, abs=1e-4)


def test_a_correction_is_found_where_there_is_one_and_left_out_where_not():
    random = np.random.default_rng(0)
    inputs = [random.normal(size=(60, 24)) for _ in range(8)]
    read = [random.normal(size=(60, 2)) for _ in range(8)]
    truth = random.normal(size=(24, 2))
    right = [Example(x, r, np.stack([r[:, 0] + x @ truth[:, 0], r[:, 1]], 1), np.ones(60, bool)) for x, r in zip(inputs, read, strict=True)]
    before, after = (unseen_score(right, 0, ridge) for ridge in (0.0, 1.0))
    assert before < 0.5 and after > 0.9 and FOLDS > 2
    assert unseen_score(right, 1, 1.0) <= unseen_score(right, 1, 0.0) == pytest.approx(1)
    assert np.corrcoef(fitted(right, 0, 1.0), truth[:, 0])[0, 1] > 0.9


@pytest.fixture(scope="module")
def reading():
    """A tiny checkpoint with a lip reader."""
    start = tiny_checkpoint()
    sizes = LipReaderConfig(8, start.face_config().audio.phones, width=4, dilations=(1,))
    model = with_lip_reader(start.model(), sizes=sizes)
    return replace(start, weights=model.weights(), config=model.config.to_json())


def test_a_corrected_checkpoint_reads_what_was_fitted(reading):
    pieces = [piece(75, seed, jawOpen=np.random.default_rng(seed).uniform(0, 0.5, 75)) for seed in range(6)]
    animator = animator_of(reading, "x", precision="float32")
    correction = fit_reading(reading, animator, pieces)
    assert set(correction.ridges) == {"gap", "width"} and all(after >= correction.before[name] for name, after in correction.after.items())
    weights = np.random.default_rng(1).normal(size=(24, 2))
    made = corrected(reading, replace(correction, weights=weights))
    assert [name for name in made.weights if not np.array_equal(made.weights[name], reading.weights[name])] == [PLAIN]
    before, after = (animator_of(each, "x", precision="float32").encode.cues(pieces[0].audio, 75) for each in (reading, made))
    added = examples_of(reading, animator, pieces[:1])[0].inputs @ weights
    for column, name in enumerate(("gap", "width")):
        assert (after[name] - before[name])[:60] == pytest.approx(added[:60, column], abs=0.05)  # behind them a window's end is encoded


def test_the_manner_that_is_fitted_moves_as_the_person_does(monkeypatch):
    monkeypatch.setattr(head_fit, "TAKES", 1)
    wave = np.sin(np.arange(75) / 8)
    asked = {
        "mouthSmileLeft": 0.3,
        "mouthSmileRight": 0.3,
        "headYaw": np.radians(1) * wave,
        "headPitch": np.radians(0.5) * wave,
        "headRoll": 0.003 * wave,
    }
    pieces = [piece(75, seed, jawOpen=0.2 + 0.2 * wave, **asked) for seed in range(3)]
    start, own = tiny_checkpoint(), habits_of([Seen(each.motion, each.gap, each.width, each.ok) for each in pieces])
    manner = fit_manner(start, pieces, "ann", start)
    made = animator_of(replace(start, calibration=manner.calibration, usual_style=manner.style), "ann")
    for_default = own.distances(habits_of([Seen.of(animator_of(start, "d").animate(each.audio, seed=5), HEAD) for each in pieces]))
    fitted = own.distances(habits_of([Seen.of(made.animate(each.audio, seed=5), HEAD) for each in pieces]))
    for name in ("posture", "smile", "turning", "turning speed"):
        assert fitted[name] < 0.5 * for_default[name], name
    assert manner.style.head.amplitude < 0.6 and manner.style.name == "ann"


def test_a_posture_is_drawn_towards_the_usual_as_far_as_takes_differ():
    usual, own = np.zeros(20), np.full(20, 0.2)
    noise = 0.05 * np.random.default_rng(0).normal(size=(6, 20))
    alike, moody = (drawn_posture(own + by * noise[:2], np.array([10.0, 20.0]), usual) for by in (0.1, 3.0))
    assert alike == pytest.approx((own + 0.1 * (noise[0] + 2 * noise[1]) / 3), rel=0.01), "takes that agree are believed"
    assert 0.3 < moody.mean() / own.mean() < 0.9, "of moods less is kept"
    more = drawn_posture(own + 3 * noise, np.ones(6), usual)
    assert abs(more.mean() - 0.2) < abs(moody.mean() - 0.2), "and the more of them, the better"
    assert np.array_equal(drawn_posture(own[None], np.ones(1), usual), own), "one take says nothing of other takes"
    assert np.array_equal(drawn_posture(np.stack([own, -own]), np.ones(2), usual), usual), "nothing comes back"


def test_a_take_is_a_film_or_a_clip_that_is_no_part_of_one():
    films = [cut_name("ann", digit * 16, frame) for digit, frame in (("a", 0), ("a", 1234567), ("b", 0))]
    names = ["a@0", "a@50", "b@0", *(f"{name}@{frame}" for name in films for frame in (0, 50)), "ann/take-000001@0", "ann/take-000002@0"]
    made = piece(50)
    takes = takes_of([replace(made, name=name) for name in names])
    assert [len(take) for take in takes] == [2, 1, 4, 2, 1, 1]


def test_closures_are_counted_where_they_are_asked_for():
    class Encode:
        @staticmethod
        def cues(audio, frames):
            likely = np.zeros(frames)
            likely[10:13] = likely[40:42] = 0.9
            return {"P": likely, "B": np.zeros(frames), "M": np.zeros(frames)}

    class Asked:
        encode = Encode

    shut = np.full(75, 0.5)
    shut[11] = 0
    made = motion(75, jawOpen=shut)
    assert closures(Asked, made, piece(75)).tolist() == [1, 0]
