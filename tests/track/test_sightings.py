"""What is kept of the frames of a person comes back as it went in, and an hour of it fits into memory."""

import tracemalloc

import numpy as np

from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.track.alignment import Pose
from visavox.track.following import Person
from visavox.track.motion_of import Facts, motion_of
from visavox.track.mouth_picture import COLUMNS, ROWS
from visavox.track.sightings import AT_ONCE, Sighting, Sightings
from visavox.track.solver import packaged_solver

MOUTH = (ROWS, COLUMNS, 3)


def sightings(count: int) -> Sightings:
    """Frames of a head that nods and talks, from chance."""
    chance, seen = np.random.default_rng(0), Sightings()
    for place in range(count):
        turn = np.array([[1, 0, 0], [0, np.cos(place / 9), -np.sin(place / 9)], [0, np.sin(place / 9), np.cos(place / 9)]])
        read = chance.random(64, np.float32), chance.random(11, np.float32) / 9, chance.random(52, np.float32)
        mouth = np.full(MOUTH, place % 250, np.uint8)
        seen.add(Sighting(place / 25, place // 70 % 2, 0.9, (80.0 + place, 0.1, 0.4), Pose(turn, np.full(3, place), 60.0), *read, mouth))
    return seen


def test_frames_come_back_as_they_went_in_over_the_edges_of_the_blocks():
    count = AT_ONCE + 3
    seen, places = sightings(count), np.arange(count)
    assert len(seen) == count and len(Sightings()) == len(Sightings().times) == 0
    np.testing.assert_array_equal(seen.times, places / 25)
    np.testing.assert_array_equal(seen.shots, places // 70 % 2)
    np.testing.assert_array_equal(seen.measures[:, 0], 80.0 + places)
    np.testing.assert_array_equal(seen.poses.middle[:, 1], places)
    np.testing.assert_array_equal(seen.last_rotation, seen.poses.rotation[-1])
    np.testing.assert_array_equal(seen.readings.mouths[:][:, 0, 0, 0], places % 250)
    np.testing.assert_array_equal(seen.readings.mouths[places % 7 == 0][:, 0, 0, 0], places[::7] % 250)
    turned = (places / 9 + np.pi) % (2 * np.pi) - np.pi
    np.testing.assert_allclose(seen.readings.turned, turned[:, None] * (1, 0, 0), atol=1e-6)
    chance = np.random.default_rng(0)
    np.testing.assert_array_equal(seen.readings.components[:1][0], chance.random(64, np.float32))


def test_frames_of_somebody_who_is_known_late_come_after():
    one, other = sightings(AT_ONCE - 2), sightings(5)
    one.join(other)
    assert len(one) == AT_ONCE + 3
    np.testing.assert_array_equal(one.measures[-5:], other.measures)
    np.testing.assert_array_equal(one.readings.mouths[-5:], other.readings.mouths[:])


def test_a_long_film_is_solved_part_by_part_as_a_whole(monkeypatch):
    seen, solver, head = sightings(207), packaged_solver(), Head.default()
    film = Facts(25.0, len(seen) / 25, (400, 400))

    def made() -> Motion:
        return motion_of(Person(0, np.zeros(1), np.zeros(1), seen), solver, head, film, 25.0).motion

    whole = made()
    for module in ("solver", "contact"):
        monkeypatch.setattr(f"visavox.track.{module}.AT_ONCE", 100)
    np.testing.assert_allclose(made().values, whole.values, atol=1e-6)


def test_what_is_kept_of_a_frame_is_small():
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        seen = sightings(AT_ONCE)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / len(seen) < 1300
