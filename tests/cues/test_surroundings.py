"""Sounds from a side: simulated scenes of known azimuth, by a sphere with two ears, panning and ambisonics; what the face does."""

import numpy as np
import pytest

from visavox.cues.surroundings import HEAD_RADIUS, SPEED, reactions, read_surroundings, sudden_sounds
from visavox.errors import FileError

RATE = 16000
AZIMUTHS = range(-90, 91, 15)


def burst(random, seconds=0.25) -> np.ndarray:
    size = round(seconds * RATE)
    return random.normal(size=size) * np.exp(-np.arange(size) / (0.08 * RATE)) * 0.3


def scene(kind: str, azimuth: float, at=2.0, length=4.0, seed=0, echo=0.15, noise=1e-3) -> np.ndarray:
    """The channels of a burst from `azimuth` (left positive) with an echo from elsewhere and noise."""
    random = np.random.default_rng([seed, azimuth + 360])
    angle, sound = np.radians(azimuth), burst(random)
    spectrum, frequency = np.fft.rfft(sound, 2 * sound.size), np.fft.rfftfreq(2 * sound.size, 1 / RATE)
    late = HEAD_RADIUS / SPEED * (angle + np.sin(angle))
    louder = 10 ** (8 * np.sin(angle) / 40)
    delayed = [np.fft.irfft(spectrum * np.exp(-2j * np.pi * frequency * (0.002 + delay)))[: sound.size] for delay in (-late / 2, late / 2)]
    pan = np.radians((azimuth + 90) / 2)
    ways = {
        "ears": [delayed[0] * louder, delayed[1] / louder],
        "panned": [sound * np.sin(pan), sound * np.cos(pan)],
        "ambisonic": [sound, sound * np.sin(angle), 0 * sound, sound * np.cos(angle)],
    }[kind]
    channels = random.normal(size=(len(ways), round(length * RATE))) * noise
    for channel, heard in zip(channels, ways, strict=True):
        first = round(at * RATE)
        channel[first : first + heard.size] += heard
        behind = first + round(0.03 * RATE)
        channel[behind : behind + sound.size] += echo * sound * (1 if kind != "ambisonic" else 0.3)
    return channels


@pytest.mark.parametrize("kind", ["ears", "panned", "ambisonic"])
def test_the_azimuth_is_within_ten_degrees(kind):
    errors = []
    for azimuth in AZIMUTHS:
        (heard,) = sudden_sounds(scene(kind, azimuth), RATE)
        assert abs(heard.time - 2.0) < 0.03
        errors.append(abs(heard.azimuth - azimuth))
    assert max(errors) <= 10, dict(zip(AZIMUTHS, np.round(errors, 1), strict=True))


@pytest.mark.parametrize("kind", ["ears", "panned", "ambisonic"])
def test_the_azimuth_is_within_ten_degrees_in_a_loud_room_with_echoes(kind):
    for azimuth in AZIMUTHS:
        (heard,) = sudden_sounds(scene(kind, azimuth, at=2.004, echo=0.6, noise=3e-2), RATE)
        assert abs(heard.azimuth - azimuth) <= 10, azimuth


@pytest.mark.parametrize("kind", ["ears", "panned", "ambisonic"])
def test_head_and_eyes_turn_to_its_side_in_time_and_a_centred_one_moves_nothing(kind):
    assert reactions(sudden_sounds(scene(kind, 0), RATE)) == []
    for azimuth in (-75, -30, 30, 75):
        eyes, head = reactions(sudden_sounds(scene(kind, azimuth), RATE))
        side = "left" if azimuth > 0 else "right"
        assert (eyes.instruction.name, head.instruction.name) == ("look", "turn") and eyes.instruction.way == head.instruction.way == side
        assert 0.2 <= eyes.start - 2.0 <= 0.5 and eyes.start <= head.start
        assert 0.5 * abs(azimuth) < head.instruction.manner.degrees + eyes.instruction.manner.degrees <= abs(azimuth) + 5


def test_it_gets_used_to_a_sound_that_comes_again_but_not_to_another_side():
    sounds = [sound for at in (1.0, 3.0, 5.0, 7.0) for sound in sudden_sounds(scene("ears", 60, at=at, length=8.5, seed=int(at)), RATE)]
    turns = [cue.instruction.manner.degrees for cue in reactions(sounds) if cue.instruction.name == "turn"]
    assert len(turns) >= 2 and turns == sorted(turns, reverse=True) and turns[0] > 1.8 * turns[1]
    other = sudden_sounds(scene("ears", -60, at=7.5, length=8.5), RATE)
    assert reactions([*sounds, *other])[-1].instruction.manner.degrees == pytest.approx(turns[0], rel=0.1)


def test_steady_noise_and_silence_are_not_sudden():
    random = np.random.default_rng(0)
    assert sudden_sounds(random.normal(size=(2, 3 * RATE)) * 0.05 * [[1.0], [0.3]], RATE) == []
    assert sudden_sounds(np.zeros((2, RATE)), RATE) == [] and sudden_sounds(np.zeros((2, 10)), RATE) == []


def test_files_of_other_channels_are_refused_by_name(tmp_path):
    import soundfile

    path = tmp_path / "around.wav"
    soundfile.write(path, scene("ears", 45).T.astype(np.float32), RATE)
    assert abs(read_surroundings(path)[0].azimuth - 45) < 10
    soundfile.write(path, np.zeros((RATE, 1)), RATE)
    with pytest.raises(FileError, match=r"around.wav has 1 channel\(s\)"):
        read_surroundings(path)
    (tmp_path / "none.wav").write_bytes(b"RIFF")
    for name in ("none.wav", "missing.wav"):
        with pytest.raises(FileError, match=name):
            read_surroundings(tmp_path / name)
