"""What a stream measures as it goes: resampled sound, the means of bands, and a voice, against those of the whole recording."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.gestures.live.voice import LiveVoice
from visavox.gestures.voice import voice_track
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.models.log_mel import band_means, log_mel
from visavox.models.running_means import means_with, usual_voice
from visavox.stream.resampling import ResamplerMemory, resampled


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 44099, 48000, 96000])
def test_sound_in_pieces_is_resampled_as_the_whole_is(rate):
    random = np.random.default_rng(rate)
    sound = random.normal(0, 0.1, round(0.7 * rate)).astype(np.float32)
    whole = Audio(sound, rate).resample(16000).samples
    memory, parts = ResamplerMemory(rate), []
    for piece in np.split(sound, np.sort(random.integers(0, sound.size, 9))):
        parts.append(resampled(memory, piece, 16000))
        assert memory.waiting.size < 2000 * rate / 16000 + 100
    parts.append(resampled(memory, sound[:0], 16000, last=True))
    made = np.concatenate(parts)
    assert made.size == whole.size and np.abs(made - whole).max() < 1e-6


def test_the_means_of_bands_come_to_those_of_the_recording_and_silence_changes_none():
    audio = read_audio(demo_recording())
    features = log_mel(audio, round(audio.seconds * 100))
    memory = usual_voice()
    early = means_with(memory, features[:100])
    late = means_with(memory, features[100:])
    whole = band_means(features)
    assert np.abs(late - whole).mean() < 0.35 < 2 * np.abs(early - whole).mean() + 0.35
    silent = means_with(memory, np.full((60_000, 80), -23.0, np.float32))
    assert np.allclose(silent, late, atol=1e-5)


def test_silence_and_hiss_before_the_first_word_are_quiet():
    means = means_with(usual_voice(), np.full((500, 80), -17.5, np.float32))  # hiss, 60 dB under full scale
    assert (np.full(80, -17.5) - means).mean() < -3


def test_a_live_voice_is_that_of_the_recording():
    """Speech and its loudness agree with what is known afterwards; accents and syllables come about as often."""
    audio = read_audio(demo_recording())
    live, memory = LiveVoice(), LiveVoice().start()
    cues = live.step(memory, np.concatenate([audio.samples, np.zeros(4000, np.float32)]))
    frames = int(audio.seconds * 25)
    whole = voice_track(audio, frames, 25.0)
    assert ((cues["voice speech"][:frames] > 0.5) == (whole.speech > 0.5)).mean() > 0.85
    assert np.corrcoef(cues["voice level"][:frames], whole.level)[0, 1] > 0.8
    assert 0.4 < cues["voice syllable"].sum() / whole.syllable.sum() < 1.7
    assert 0.3 < (cues["voice accent"] > 0).sum() / max((whole.accent > 0).sum(), 1) < 3


def test_silence_is_one_pause_without_marks():
    cues = LiveVoice().step(LiveVoice().start(), np.zeros(16000 * 5, np.float32))
    marks = ("voice speech", "voice onset", "voice offset", "voice accent", "voice syllable")
    assert len(cues["voice level"]) == 122 and not any(cues[name].any() for name in marks)
