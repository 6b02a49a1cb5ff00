"""From landmarks to motion: alignment, smoothing, lips and gaps by construction; then our own heads, whose motion is known."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from drawn_faces import drawn, head, landmarker
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.track.alignment import aligned
from visavox.track.contact import MOST_WIDER, Belief, gap_of_face, lip_rows, spread_as_seen, touching, true_gap, without_bias
from visavox.track.following import Follower
from visavox.track.motion_of import TRACKED, Facts, even_sides, motion_of
from visavox.track.mouth_picture import COLUMNS, ROWS
from visavox.track.smoothing import smooth, smooth_turns, turns_between
from visavox.track.solver import Readings, packaged_solver


def followed(frames, fps=25.0, times=None):
    """What the follower makes of `frames` shown at `times`."""
    follower = Follower(landmarker(), packaged_solver())
    for place, frame in enumerate(frames):
        follower.feed(place / fps if times is None else times[place], frame)
    return follower.finish(len(frames) / fps if times is None else times[-1] + 1 / fps)


def tracked(frames, fps=25.0, times=None):
    return solved(followed(frames, fps, times), frames, fps, fps)


def solved(people, frames, fps, to_fps):
    return motion_of(people.people[0], packaged_solver(), head(), Facts(fps, people.seconds, frames[0].shape[:2]), to_fps)


def test_alignment_undoes_a_turn_a_shift_and_a_size():
    canonical = packaged_solver().canonical.astype(float)
    turn = Rotation.from_euler("YXZ", [0.4, -0.2, 0.1])
    seen = (turn.apply(canonical) * 120 + (300, -200, 5)) * (1, -1, -1)
    straight, pose = aligned(seen, canonical)
    np.testing.assert_allclose(straight, canonical, atol=1e-6)
    np.testing.assert_allclose(pose.rotation, turn.as_matrix(), atol=1e-6)
    np.testing.assert_allclose(pose.middle, (300, -200, 5), atol=1e-4)
    assert pose.unit == pytest.approx(120)


def test_smoothing_has_no_delay_keeps_a_blink_and_takes_noise_away():
    seconds = np.arange(100) / 25
    slow = np.sin(2 * np.pi * seconds)[:, None]
    np.testing.assert_allclose(smooth(slow, 25), slow, atol=0.03)
    blink = np.exp(-(((seconds - 2) / 0.08) ** 2))[:, None]
    kept = smooth(blink, 25)
    assert kept.argmax() == blink.argmax() and kept.max() > 0.85
    noise = np.random.default_rng(0).normal(0, 1, (4000, 1))
    assert smooth(noise, 25).std() < 0.75 and smooth(noise[::-1], 25)[::-1] == pytest.approx(smooth(noise, 25))
    assert smooth(noise[:2], 25) is not None and len(smooth(noise[:2], 25)) == 2


def test_turns_are_smoothed_alike_whichever_way_the_head_is_held():
    angles = np.stack([0.3 * np.sin(np.arange(60) / 6), 0.2 * np.cos(np.arange(60) / 9), 0.01 * np.arange(60)], 1)
    turns = Rotation.from_rotvec(angles)
    held = Rotation.from_euler("xyz", [2.0, -1.3, 3.0])
    apart = (held * smooth_turns(turns, 25)) * smooth_turns(held * turns, 25).inv()
    assert np.degrees(apart.magnitude()).max() < 1e-6
    assert np.degrees((smooth_turns(turns, 25) * turns.inv()).magnitude()).max() < 1.0
    shaken = Rotation.from_rotvec(np.random.default_rng(1).normal(0, 0.02, (2000, 3)))
    assert smooth_turns(shaken, 25).magnitude().mean() < 0.75 * shaken.magnitude().mean()
    half = turns_between(np.array([0.5]), np.array([0.0, 1.0]), Rotation.from_rotvec([[0, 0, 0], [0, 3.0, 0]]))
    np.testing.assert_allclose(half.as_rotvec(), [[0, 1.5, 0]], atol=1e-9)


def test_lips_get_the_gap_that_was_seen_and_weights_stay_weights():
    chance = np.random.default_rng(2)
    weights = np.zeros((200, len(SHAPES)))
    for name in ("jawOpen", "mouthLowerDownLeft", "mouthUpperUpRight", "mouthFunnel", "mouthClose", "mouthRollUpper"):
        weights[:, SHAPES.index(name)] = chance.uniform(0, 0.5, 200)
    gap = np.where(np.arange(200) % 4 == 0, 0, chance.uniform(0, 0.35, 200))
    fitted = touching(weights, gap, head())
    assert fitted.min() >= 0 and fitted.max() <= 1
    values = np.zeros((200, len(ARKIT)))
    values[:, ARKIT.indices(SHAPES)] = fitted
    np.testing.assert_allclose(lip_gap(head(), Motion(values, 25, ARKIT)), gap, atol=0.005)
    moved = np.abs(fitted - weights).max(0)
    assert moved[SHAPES.index("browInnerUp")] == 0
    assert np.median(np.abs(fitted - weights)[:, SHAPES.index("mouthRollUpper")]) < 0.02 < moved[SHAPES.index("jawOpen")]


def test_a_mouth_spreads_as_the_corners_of_the_lips_say_and_its_middle_stays():
    weights = np.zeros((100, len(SHAPES)))
    wave = np.sin(np.arange(100) / 5)
    for name in ("mouthSmileLeft", "mouthSmileRight"):
        weights[:, SHAPES.index(name)] = 0.2 + 0.1 * wave
    weights[:, SHAPES.index("mouthPucker")] = 0.2 - 0.15 * wave
    weights[:, SHAPES.index("browInnerUp")] = 0.3
    _, row = lip_rows(head())
    made = weights @ row
    for gain, level in ((2.0, 0.0), (0.5, 0.2)):  # how wide a mouth is at rest is its build, whatever the landmarks say
        fitted = spread_as_seen(weights, gain * made + level, Belief(0.0, 1.0), head())
        widths = fitted @ row
        np.testing.assert_allclose(widths - np.median(widths), gain * (made - np.median(made)), atol=0.004)
        assert abs(np.median(widths) - np.median(made)) < 0.002 and fitted.min() >= 0 and fitted.max() <= 1
        assert (fitted[:, SHAPES.index("browInnerUp")] == 0.3).all()
    np.testing.assert_allclose(spread_as_seen(weights, made, Belief(1.0, 0.0), head()), weights, atol=1e-9)
    wild = spread_as_seen(weights, 1e9 * made, Belief(0.0, 1.0), head()) @ row
    assert np.abs(wild - made).max() <= MOST_WIDER + 1e-6  # landmarks that are no mouth's


def test_turns_are_mended_by_what_changes():
    solver, chance = packaged_solver(), np.random.default_rng(4)
    still = Readings(
        *(np.tile(np.abs(chance.normal(0, 0.3, size)).astype(np.float32), (30, 1)) for size in (len(solver.basis), 11, 52, 3)),
        np.zeros((30, ROWS, COLUMNS, 3), np.uint8),
    )
    _, mended = solver.solve(still)
    assert np.degrees(mended.magnitude()).max() < 1e-3  # how a face is built tells nothing
    moved = replace(still, turned=np.linspace(0, 0.3, 30)[:, None] * np.eye(3)[0])
    assert np.degrees(solver.solve(moved)[1].magnitude()).max() > 0.1
    wild = replace(still, components=still.components * 1e6, turned=still.turned * 10)
    assert np.degrees(solver.solve(wild)[1].magnitude()).max() < 60


def test_gaps_of_shut_lips_are_zero_unless_somebody_never_shuts_them():
    shut = np.concatenate([np.full(10, 0.012), np.linspace(0.02, 0.2, 90)])
    assert without_bias(shut)[:10].max() < 1e-9 and without_bias(shut)[-1] == pytest.approx(0.188)
    np.testing.assert_array_equal(without_bias(shut + 0.1), shut + 0.1)
    table = packaged_solver().gap
    assert (np.diff(table) >= 0).all() and true_gap(np.zeros(1), table) == 0


def test_a_gap_takes_its_size_from_the_picture_and_its_contact_from_the_landmarks():
    true = 0.08 * (1 - np.cos(np.arange(100) / 5)).clip(0.1) - 0.008  # shut for a while, then open to 0.15
    for gain in (0.6, 1.5):
        made = gap_of_face(gain * true, true)
        assert np.abs(made - true).mean() < 0.45 * np.abs(gain * true - true).mean(), gain  # a lens that misreads this face
        assert made[true < 1e-9].max() == 0
    noise = np.random.default_rng(0).normal(0, 0.01, 100)
    kept = gap_of_face(true, (true + noise + 0.03).clip(0))  # a level that the lips contradict, and noise
    assert kept[true < 1e-9].max() == 0 and np.corrcoef(kept, true)[0, 1] > 0.98
    other = gap_of_face(true, true[::-1] + 0.02)  # a picture that shows something else, such as a beard: the landmarks' course
    assert np.corrcoef(other, true)[0, 1] > 0.999 and other.max() < 1.2 * true.max()
    np.testing.assert_allclose(gap_of_face(true + 0.06, true + 0.06), true + 0.06)  # somebody who never shuts the lips
    assert np.isfinite(gap_of_face(np.zeros(1), np.zeros(1))).all() and np.isfinite(gap_of_face(np.full(3, 0.1), np.zeros(3))).all()
    wild = gap_of_face(np.linspace(0, 0.2, 50), np.linspace(0, 9, 50))
    assert wild.max() < 9 and np.isfinite(wild).all()


def test_sides_are_made_even_but_a_wink_stays():
    weights = np.zeros((100, len(SHAPES)))
    weights[:, SHAPES.index("mouthSmileLeft")], weights[:, SHAPES.index("mouthSmileRight")] = 0.5, 0.3
    weights[40:45, SHAPES.index("eyeBlinkLeft")] = 1
    weights[:, SHAPES.index("mouthLeft")] = 0.4
    even = even_sides(weights)
    np.testing.assert_allclose(even[:, SHAPES.index("mouthSmileLeft")], 0.4)
    np.testing.assert_array_equal(even[:, SHAPES.index("eyeBlinkLeft")], weights[:, SHAPES.index("eyeBlinkLeft")])
    np.testing.assert_array_equal(even[:, SHAPES.index("mouthLeft")], weights[:, SHAPES.index("mouthLeft")])


@pytest.fixture(scope="module")
def nodding():
    """A head that nods, turns, speaks and blinks for two seconds, and the film of it."""
    at = np.arange(50) / 25
    truth = {
        "headYaw": 0.2 * np.sin(2 * np.pi * 0.6 * at), "headPitch": 0.1 * np.sin(2 * np.pi * 0.9 * at), "headRoll": 0.08 * np.sin(3 * at),
        "jawOpen": 0.3 * (1 - np.cos(2 * np.pi * 1.5 * at)) * (at < 1.3), "eyeBlinkLeft": np.exp(-(((at - 1) / 0.09) ** 2)),
        "eyeBlinkRight": np.exp(-(((at - 1) / 0.09) ** 2)), "mouthSmileLeft": 0.6 * (at > 1.5), "mouthSmileRight": 0.6 * (at > 1.5),
    }  # fmt: skip
    return truth, drawn(truth, "male")


def test_our_own_head_is_read_as_it_moved(nodding):
    truth, frames = nodding
    read = tracked(frames)
    assert read.motion.rig == TRACKED and read.motion.frames == 50 and read.seen == 1 and len(read.spans) == 1
    for name in ("headYaw", "headPitch", "headRoll"):
        off = np.degrees(read.motion.channel(name) - truth[name])
        assert np.abs(off - off.mean()).mean() < 1.0 and abs(off.mean()) < 4.0, name  # what changes, and where straight ahead is
    for name, least in (("jawOpen", 0.95), ("eyeBlinkLeft", 0.85), ("eyeBlinkRight", 0.85), ("mouthSmileLeft", 0.9)):
        assert np.corrcoef(read.motion.channel(name), truth[name])[0, 1] > least, name
    assert np.abs(read.motion.channel("eyeBlinkLeft").argmax() - 25) <= 1  # nothing is late
    assert np.abs(read.motion.select(("headX", "headY", "headZ"))).max() < 0.05  # it only turned
    assert read.confidence.min() > 0.8


def test_variable_rate_and_another_rate_give_the_same_motion(nodding):
    truth, frames = nodding
    keep = np.array([place for place in range(50) if place % 7 != 3])
    varied = tracked([frames[place] for place in keep], times=keep / 25)
    people = followed(frames)
    steady, fast = (solved(people, frames, 25.0, rate) for rate in (25.0, 60.0))
    assert varied.motion.frames == 50
    for name in ("headYaw", "jawOpen"):
        assert np.abs(varied.motion.channel(name) - steady.motion.channel(name)).mean() < 0.03, name
    assert fast.motion.fps == 60 and fast.motion.frames == 120
    assert np.abs(fast.motion.channel("headYaw") - np.interp(np.arange(120) / 60, np.arange(50) / 25, truth["headYaw"])).mean() < 0.03


def test_a_short_loss_is_bridged_and_a_long_one_rests(nodding):
    _, frames = nodding
    hidden = frames[0].copy()
    hidden[40:220, 50:210] = frames[0].mean((0, 1))
    short = tracked(frames[8:20] + [hidden] * 5 + frames[25:36])
    assert len(short.spans) == 1 and short.confidence.min() > 0
    long = tracked(frames[:20] + [hidden] * 13 + frames[33:44])
    assert len(long.spans) == 2 and (long.confidence[20:33] == 0).all() and long.confidence[[0, 10, 40]].min() > 0.5
    assert np.abs(np.diff(long.motion.channel("headYaw")[:31])).max() < 0.1


def test_a_cut_is_not_smoothed_over_and_the_same_person_goes_on(nodding):
    _, frames = nodding
    moved = [np.roll(frame, (20, 40), (0, 1)) // 2 for frame in frames[25:]]
    people = followed(frames[:25] + moved).people
    assert len(people) == 1 and set(people[0].seen.shots) == {0, 1} and len(people[0].seen) == 50
    read = tracked(frames[:25] + moved)
    assert len(read.spans) == 2 and read.spans[0][1] == pytest.approx(1.0, abs=0.05)


def test_a_cut_to_somebody_else_before_the_same_wall_is_one(nodding):
    _, frames = nodding
    other = drawn({"jawOpen": 0.3}, "female_af")[0]
    before, after = frames[5].astype(float), other.astype(float)
    after += (before.mean() - after.mean()) * 0.6  # little changes but the face
    people = followed(frames[:6] + [after.clip(0, 255).astype(np.uint8)] * 6).people
    assert sum(len(person.seen) for person in people) == 12
    assert sorted(shot for person in people for shot in person.seen.shots.tolist()) == [0] * 6 + [1] * 6


def test_faces_that_look_alike_are_told_apart_by_their_build(nodding):
    _, frames = nodding
    narrow = np.asarray(Image.fromarray(frames[5]).resize((214, 256)))
    other = np.pad(narrow, ((0, 0), (21, 21), (0, 0)), mode="edge") // 2  # darker, so that the cut is seen
    people = followed([*frames[:6], *[other] * 6, *frames[6:12]]).people
    assert sorted(len(person.seen) for person in people) == [6, 12]  # the first one is known again


def test_two_people_stay_two_people_though_one_looks_away(nodding):
    _, frames = nodding
    other = drawn({"jawOpen": 0.3}, "female_af")[0]
    dark = np.zeros_like(other)
    films = [np.concatenate([frame, dark if 15 <= place < 35 else other], axis=1) for place, frame in enumerate(frames)]
    people = followed(films).people
    assert len(people) == 2
    assert [len(person.seen) for person in people] == [50, 30]


@pytest.mark.parametrize("fps, count, slower", ((25, 60, 1), (60, 96, 4.8)))
def test_two_people_who_cross_keep_who_they_are(nodding, fps, count, slower):
    _, frames = nodding
    before, films = drawn({"jawOpen": 0.3}, "female_af")[0], []
    for place in range(count):
        picture, step = np.full((256, 704, 3), 60, np.uint8), 96 + round(16 * min(place / slower, 18))
        picture[:, 448 - step : 448 - step + 256] = frames[0]  # from right to left, and then they stand
        picture[30:220, 40 + step : 40 + step + 176] = before[30:220, 40:216]
        films.append(picture)
    people = followed(films, fps).people
    assert len(people) == 2  # though half a face, which comes from behind the other, is like nobody at first
    front, back = sorted(people, key=lambda person: person.seen.poses.middle[0, 0])
    assert len(front.seen) == count and back.seen.times[0] == 0 and back.seen.times[-1] > (count - 2) / fps
    right, left = front.seen.poses.middle[:, 0], -back.seen.poses.middle[:, 0]
    assert all(np.ptp(way) > 250 and (np.maximum.accumulate(way) - way).max() < 8 for way in (right, left))  # nobody turns round
