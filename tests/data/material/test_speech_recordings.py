"""Real speech without faces: phone segments by construction, and the surest clips kept."""

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.speech_recordings import name_phones, prepare_speech, segments
from visavox.data.synth.phones import INDEX, PHONES


def test_segments_are_runs_and_a_flicker_goes_to_the_phone_before():
    numbers = np.array([INDEX["SIL"]] * 5 + [INDEX["B"]] * 4 + [INDEX["S"]] + [INDEX["B"]] * 2 + [INDEX["AA"]] * 8)
    assert segments(numbers) == [(0.0, 0.1, "SIL"), (0.1, 0.24, "B"), (0.24, 0.4, "AA")]


class Listener:
    """Hears AA everywhere, more surely the louder the clip's first band is."""

    def eval(self):
        return self

    def phone_shares(self, features):
        shares = np.full((len(features) // 2, len(PHONES)), 0.1 / len(PHONES))
        shares[:, INDEX["AA"]] += 0.2 + 0.1 * (features.std() > 0.3)
        return shares


def clip(name: str, sound: np.ndarray) -> Clip:
    return Clip(name, Audio(sound.astype(np.float32), 16000), "someone", "made", "ours")


def test_the_surest_clips_are_kept_with_the_phones_that_were_heard():
    time = np.arange(16000) / 16000
    clips = [clip("silence", np.zeros(16000)), clip("speech", 0.5 * np.sin(2 * np.pi * 300 * time) * (np.sin(40 * time) > 0))]
    kept = name_phones(clips, Listener(), share=0.5)
    assert [clip.name for clip in kept] == ["speech"]
    assert {name for _, _, name in kept[0].phones} == {"AA"}


def test_copies_make_more_recordings_of_the_same_words(tmp_path):
    phones = [(0.0, 2.0, "AA"), (2.0, 5.0, "M")]
    said = Clip("one", Audio(0.1 * np.ones(16000 * 5, np.float32), 16000), "someone", "made", "ours", phones=phones)
    once = RecordingSet([prepare_speech([said], tmp_path / "once.npz", 1)])
    twice = RecordingSet([prepare_speech([said], tmp_path / "twice.npz", 2)])
    assert len(once.length) == 1 and len(twice.length) == 2
    assert (twice.phones == INDEX["M"]).sum() == 2 * (once.phones == INDEX["M"]).sum() > 250
