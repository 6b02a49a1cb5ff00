"""Recordings as an encoder hears them: made once, aligned with the motion, and lips that open as a filmed speaker's would."""

import numpy as np
import pytest
import torch

from train.small_corpus import hummed, write_recordings
from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.lips.filmed_lips import FilmedLips, fit_filmed_lips
from visavox.data.lips.lip_following import LipReading
from visavox.data.material.encoded_recordings import COPIES, encode_recordings
from visavox.data.material.recordings import EncodedSet, RecordingSet
from visavox.data.measures import Measures
from visavox.data.synth.phones import INDEX
from visavox.data.synth.rule_based_animator import Manner
from visavox.errors import FileError
from visavox.io.assets import read_head_asset
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import AudioEncoderConfig
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

RATE = 16000


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def encoder():
    torch.manual_seed(0)
    return AudioEncoder(AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,), dropout=0.0)).eval()


def filmed(gap: float) -> list[Clip]:
    """Clips whose mouth is open by `gap` while AA hums, and shut elsewhere."""
    clips = []
    for number in range(4):
        sound, phones = hummed(60, np.random.default_rng(number))
        mouth = np.zeros(60, np.float32)
        for start, end, name in phones:
            if name == "AA":
                mouth[round(start * 25) : round(end * 25)] = gap
        phones = tuple((start, min(end, 2.4), name) for start, end, name in phones if start < 2.4)
        measures = Measures(mouth, np.full(60, 0.5, np.float32), np.ones(60, bool), 25.0)
        clips.append(Clip(str(number), Audio(sound, RATE), "s", "film", "CC0-1.0", phones=phones, measures=measures))
    return clips


def test_the_first_copy_is_the_sound_as_it_is_and_the_others_are_not(tmp_path, encoder):
    path = write_recordings(tmp_path / "small.npz", recordings=2, frames=60)
    made = encode_recordings(path, tmp_path / "encoded", encoder, None)
    data, encoded = RecordingSet([path]), EncodedSet([made])
    assert encoded.features.shape == (120, COPIES, 16) and encoded.length.tolist() == [60, 60]
    np.testing.assert_array_equal(encoded.motion, data.motion)
    with torch.inference_mode():
        wanted = encoder(torch.from_numpy(normalise(data.mel[240:480].astype(np.float32)))[None])[0].numpy()
    np.testing.assert_allclose(encoded.features[60:, 0], wanted, atol=2e-3)
    assert np.abs(encoded.features[60:, 1] - wanted).mean() > 0.01
    before = made.read_bytes()
    assert encode_recordings(path, tmp_path / "encoded", encoder, None).read_bytes() == before


def test_what_another_encoder_or_other_recordings_gave_is_named_not_taken(tmp_path, encoder):
    path = write_recordings(tmp_path / "small.npz", recordings=1, frames=30)
    encode_recordings(path, tmp_path / "encoded", encoder, None)
    other = AudioEncoder(encoder.config)
    with pytest.raises(FileError, match=r"small\.npz was made with encoder \w+ \(now \w+\); remove it"):
        encode_recordings(path, tmp_path / "encoded", other, None)
    write_recordings(path, recordings=1, frames=30, seed=1)
    with pytest.raises(FileError, match="was made with recordings"):
        encode_recordings(path, tmp_path / "encoded", encoder, None)


def test_the_reading_follows_the_filmed_lips(head, encoder):
    clips = filmed(0.12)
    lips = fit_filmed_lips(clips, encoder, head)
    features = encoder.encoded(normalise(mel_power(clips[0].audio.samples, 240))[None])[0]
    gap, width = lips.reading.lips(features)
    assert np.corrcoef(gap, clips[0].measures.lip_gap)[0, 1] > 0.7
    assert np.abs(width).max() < 0.01  # the filmed mouth is always equally wide


def test_lips_open_as_the_filmed_speaker_opens_them(head):
    """A speaker four times as open opens the rule-based animator's lips further, closures stay shut, and silence stays as it was."""
    taught = np.zeros((60, len(ARKIT)), np.float32)
    taught[:, ARKIT.index("jawOpen")] = 0.2
    taught[10:20, ARKIT.index("jawOpen")] = 0
    phones = np.repeat([INDEX["K"], INDEX["SIL"]], [80, 40])
    gaps = []
    for gap in (0.03, 0.12):
        reading = LipReading(np.zeros((5 * 16, 2)), np.array([gap, 0.0]))
        moved = FilmedLips(reading, head).open(taught, np.zeros((60, 16), np.float32), phones, Manner())
        gaps.append(lip_gap(head, Motion(moved, 25, ARKIT)))
    assert gaps[1][25:35].mean() > 1.3 * gaps[0][25:35].mean()
    assert max(gaps[0][12:18].max(), gaps[1][12:18].max()) < 0.012
    still = lip_gap(head, Motion(taught, 25, ARKIT))
    np.testing.assert_allclose(gaps[1][45:], still[45:], atol=0.005)


def test_an_open_vowel_is_not_shut_by_a_speaker_who_mumbles(head):
    taught = np.zeros((60, len(ARKIT)), np.float32)
    taught[:, ARKIT.index("jawOpen")] = 0.2
    lips = FilmedLips(LipReading(np.zeros((5 * 16, 2)), np.zeros(2)), head)
    still = lip_gap(head, Motion(taught, 25, ARKIT))
    for name, least, most in (("AO", 0.6, 0.7), ("K", 0.15, 0.35)):
        moved = lips.open(taught, np.zeros((60, 16), np.float32), np.full(120, INDEX[name]), Manner())
        assert least < (lip_gap(head, Motion(moved, 25, ARKIT)) / still)[20:40].mean() < most, name
