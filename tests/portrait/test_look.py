"""Looks: words change background, light and tone as they say, and never the person."""

import numpy as np
import pytest
from sitter import source

from visavox.errors import FileError, OptionError
from visavox.portrait.look import Background, Look, look_of, with_look
from visavox.portrait.segmenter import person_in

FACE = (50.0, 40.0)


def photo() -> np.ndarray:
    noise = np.random.default_rng(3).integers(0, 60, (80, 100, 1))
    return np.uint8(np.array([120, 100, 90]) + noise)


def alpha() -> np.ndarray:
    cut = np.zeros((80, 100), np.uint8)
    cut[20:, 30:70] = 255
    return cut


def looked(text: str, cut=None) -> np.ndarray:
    return with_look(photo(), cut, look_of(text), FACE).astype(float)


def test_the_words_of_the_manual():
    look = look_of("warm evening light, blurred grey background")
    assert look.warmth == 1.5 and look.strength < 0 and look.background.blurred == 1 and look.background.colour == (128, 130, 134)
    assert look_of("blue gradient background").background == Background((58, 96, 150), 0.0, True)
    assert look_of("slightly warm light from the left").side == -0.5
    assert look_of("black and white, high contrast") == Look(grey="grey", contrast=0.2)
    assert look_of("Warm light and vivid").colour > 0


def test_light_and_tone_do_what_they_say():
    before = photo().astype(float)
    warm, cool = looked("warm light"), looked("cool light")
    assert (
        warm[..., 0].mean() > before[..., 0].mean() > cool[..., 0].mean()
        and warm[..., 2].mean() < before[..., 2].mean() < cool[..., 2].mean()
    )
    assert looked("bright light").mean() > before.mean() > looked("dim light").mean()
    left = looked("light from the left") - before
    assert left[:, :40].mean() > 5 and left[:, 60:].mean() < -5
    assert np.ptp(looked("black and white"), axis=2).max() == 0
    assert looked("high contrast").std() > before.std() > looked("low contrast").std()
    assert np.ptp(looked("vivid").mean((0, 1))) > np.ptp(before.mean((0, 1))) > np.ptp(looked("muted").mean((0, 1)))


@pytest.mark.parametrize("text", ["grey background", "blurred background", "very blurred blue background", "green gradient background"])
def test_a_background_changes_behind_the_person_alone(text):
    changed = looked(text, alpha())
    person = alpha() > 0
    assert np.abs(changed[person] - photo()[person]).max() <= 1
    assert np.abs(changed[~person] - photo()[~person]).mean() > 5
    assert changed[~person].std(0).mean() < photo()[~person].std(0).mean() or "gradient" in text


def test_a_picture_stands_behind_the_person_unstretched():
    """Half red, half blue, and wider than the photo: its middle is seen, both in equal shares, and not its ends."""
    scene = np.zeros((40, 100, 3), np.uint8)
    scene[:, :50, 0], scene[:, 50:, 2] = 200, 200
    scene[:, :25, 1] = scene[:, 75:, 1] = 255
    photo_, cut = photo()[:, :80], alpha()[:, 10:90]
    behind = with_look(photo_, cut, Look(), FACE, scene)
    person = cut == 255
    inner = person & (np.roll(person, 6, 1) & np.roll(person, -6, 1) & np.roll(person, 6, 0) & np.roll(person, -6, 0))
    assert np.abs(behind[inner].astype(int) - photo_[inner]).max() <= 2
    assert abs(int(behind[5, 20, 0]) - 200) < 3 and abs(int(behind[5, 60, 2]) - 200) < 3 and behind[5, 8:72, 1].max() < 8
    with pytest.raises(OptionError, match="leave one out"):
        with_look(photo_, cut, look_of("grey background"), FACE, scene)
    with pytest.raises(OptionError, match="alpha channel"):
        with_look(photo_, None, Look(), FACE, scene)


def test_the_rim_of_the_person_loses_the_old_background():
    """A grey person before green, with a soft rim: before red nothing green is left."""
    share = np.clip((28 - np.abs(np.arange(100) - 50)) / 6, 0, 1)
    cut = np.uint8(np.broadcast_to(255 * share, (80, 100)))
    mixed = np.array([120, 120, 120]) * share[None, :, None] + np.array([0, 250, 0]) * (1 - share[None, :, None])
    shown = with_look(np.uint8(np.broadcast_to(mixed, (80, 100, 3))), cut, look_of("red background"), (50.0, 100.0)).astype(int)
    assert (shown[..., 1] - shown[..., 0]).max() < 18, "24 where the rim stays as it is"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("older", "cannot change age ('older')"),
        ("long blonde hair, warm light", "cannot change hair"),
        ("in a suit", "cannot change clothes ('suit')"),
        ("smiling", "cannot change the face"),
        ("like a pirate", "cannot change who it is"),
        ("sparkling light", "does not know 'sparkling'"),
        ("mauve background", "does not know 'mauve'"),
        ("plain background", "names no colour"),
        ("", "asks for nothing"),
        (", ,", "asks for nothing"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(text, said):
    with pytest.raises(OptionError) as error:
        look_of(text)
    assert said in str(error.value)


def test_a_background_needs_to_be_known():
    with pytest.raises(OptionError, match="alpha channel"):
        looked("grey background")


def test_a_segmenter_that_is_not_known_is_not_run(tmp_path):
    (tmp_path / "a.tflite").write_bytes(b"TFL3" * 100)
    with pytest.raises(FileError, match="not the segmenter that is known"):
        person_in(photo(), tmp_path / "a.tflite")


def test_a_look_keeps_the_landmarks_and_is_said():
    given = source().looking("cool light").looking("black and white")
    assert given.landmarks is not None and np.array_equal(given.landmarks.points, source().landmarks.points)
    assert given.provenance()["look"] == "cool light; black and white"
