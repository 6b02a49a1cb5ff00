"""`direct`: cues that a person can read, in their places, with the reasons; voice and words apart and together."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.cli import main
from visavox.cues import parse_cues, read_cues
from visavox.cues.files import cues_text
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.word import plain
from visavox.cues.transcript import read_transcript
from visavox.direction.feeling import Phrase
from visavox.direction.fusion import fused, words_by_phrase
from visavox.direction.performance import direct
from visavox.direction.transcript import between_pauses, sentences_of, spread
from visavox.direction.voice import read_voice
from visavox.direction.words import Sentence, read_words
from visavox.emotion import EMOTIONS
from visavox.io.wav import wav_bytes

RATE = 16000
HAPPY = EMOTIONS.index("happy")


def speech() -> Audio:
    """Four phrases of three seconds, a pause of 1.5 s after each, the third one higher and louder."""
    time, parts = np.arange(3 * RATE) / RATE, []
    for pitch, loud in ((120, 0.1), (118, 0.1), (190, 0.3), (121, 0.1)):
        buzz = sum(np.sin(2 * np.pi * pitch * order * time) / order for order in range(1, 12))
        parts += [loud * buzz * (0.3 + np.square(np.sin(np.pi * 3 * time))), np.zeros(3 * RATE // 2)]
    return Audio(np.concatenate(parts).astype(np.float32), RATE)


def test_every_cue_has_its_reason_and_is_read_back():
    audio = speech()
    voice = read_voice(audio)
    cues = direct(audio, voice)
    assert all(cue.note for cue in cues) and cues == sorted(cues, key=lambda cue: cue.start)
    assert parse_cues(cues_text(cues)) == cues
    felt = [cue for cue in cues if isinstance(cue.instruction, Emotion)]
    assert [cue.start for cue in felt] == [round(phrase.start, 3) for phrase in voice.phrases]
    strongest = [max(0 if name == "neutral" else share for name, share in cue.instruction.mix.intensities.items()) for cue in felt]
    assert np.argmax(strongest) == 2 and strongest[2] > 2 * strongest[0], "the high, loud phrase is felt most"
    assert all("no transcript" in cue.note and "together" in cue.note for cue in felt)
    assert sum("breath" in cue.note for cue in cues) == 3, "one in each long pause"


def test_gestures_are_whole_before_the_end_and_at_their_height_where_the_voice_stands_out():
    even, seconds = speech(), 15.6
    swelling = even.samples * (0.3 + 0.7 * (np.arange(even.samples.size) / RATE % 1.7 < 0.3))
    said = Audio(swelling[: round(seconds * RATE)].astype(np.float32), RATE)  # the last accent is 0.2 s before the end
    timed = [cue for cue in direct(said, read_voice(said)) if "stands out" in cue.note]
    for cue in timed:
        height = float(cue.note.removesuffix(" s").rsplit(" ", 1)[1])
        assert 0.1 < height - cue.start < 0.25 and cue.start + 0.55 < seconds
    assert len(timed) > 2


def test_a_voice_in_noise_is_not_taken_for_a_feeling():
    said, random = speech(), np.random.default_rng(0)
    level = np.sqrt(np.square(said.samples).mean())
    noisy = Audio((said.samples + random.normal(0, level, said.samples.size)).astype(np.float32).clip(-1, 1), said.sample_rate)
    clear, drowned = read_voice(said), read_voice(noisy)
    assert clear.clear == 1 and drowned.clear < 0.5
    assert not drowned.phrases or drowned.overall[0] > clear.overall[0]


def test_words_count_where_they_are_said_and_are_shown_apart():
    audio = speech()
    voice = read_voice(audio)
    words = read_words([Sentence(4.5, 7.5, "We are so happy that you won!"), Sentence(13.5, 16.5, "The station is over there.")])
    of_words = words_by_phrase(voice.phrases, words)
    assert of_words[1].argmax() == HAPPY and np.allclose(of_words[[0, 2, 3]], 1 / 8)
    together = fused(voice.chances, of_words)
    assert together[1, HAPPY] > voice.chances[1, HAPPY] and np.allclose(together[[0, 2, 3]], voice.chances[[0, 2, 3]])
    notes = [cue.note for cue in direct(audio, voice, words) if isinstance(cue.instruction, Emotion)]
    assert "happy, won" in notes[1] and "none that tells" in notes[3]


def test_a_sure_voice_does_not_rule_out_what_words_say_plainly():
    sad, happy = (np.full((1, 8), 0.001) for _ in range(2))
    sad[0, EMOTIONS.index("sad")], happy[0, HAPPY] = 0.993, 0.993
    assert fused(sad, happy)[0].argmax() == HAPPY and np.isclose(fused(sad, happy).sum(), 1)
    assert np.array_equal(fused(sad, np.full((1, 8), 1 / 8)), sad) and fused(sad, None) is sad


def test_words_with_times_become_sentences_between_pauses():
    words = [(0.0, 0.3, "i"), (0.35, 0.6, "won"), (1.4, 1.8, "really")]
    assert [(one.start, one.end, one.text) for one in between_pauses(words)] == [(0.0, 0.6, "i won"), (1.4, 1.8, "really")]


KINDS = {
    "a.txt": "I won. Really!", "a.vtt": "WEBVTT\n\n00:00.000 --> 00:00.600\nI won.\n\n00:01.400 --> 00:01.800\nReally!\n",
    "a.srt": "1\n00:00:00,000 --> 00:00:00,600\nI won.\n\n2\n00:00:01,400 --> 00:00:01,800\nReally!\n",
    "a.json": '{"words": [{"word": "I", "start": 0, "end": 0.3}, {"word": "won.", "start": 0.35, "end": 0.6},'
              ' {"word": "Really!", "start": 1.4, "end": 1.8}]}',
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_one_reader_gives_words_and_sentences_of_every_kind_of_transcript(name, tmp_path):
    (tmp_path / name).write_text(KINDS[name])
    transcript = read_transcript(tmp_path / name)
    assert [word for _, _, word in transcript.words] == ([] if name == "a.txt" else ["i", "won", "really"])
    first, second = sentences_of(transcript, [Phrase(0.0, 0.6, 0, 60), Phrase(1.4, 1.8, 140, 180)])
    assert [plain(one.text) for one in (first, second)] == ["i won", "really"]
    assert (first.start, second.end) == pytest.approx((0.0, 1.8)) and 0.4 < first.end < 1.0 and 0.4 < second.start < 1.5


def test_plain_text_is_spread_over_the_voice():
    phrases = [Phrase(1.0, 3.0, 100, 300), Phrase(5.0, 7.0, 500, 700)]
    first, second = spread("Aaaa aaaa. Bbbb bbbb.", phrases)
    assert (first.start, second.end) == (1.0, 7.0)
    assert first.end == pytest.approx(3.0, abs=0.2) and second.start == pytest.approx(5.0, abs=0.2)
    assert spread("...", phrases) == [] and spread("Words.", []) == []


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(wav_bytes(speech()))
    (tmp_path / "t.vtt").write_text("WEBVTT\n\n00:04.500 --> 00:07.500\nI am so happy, what a joy!\n")
    assert main(["direct", "a.wav", "--transcript", "t.vtt", "-o", "b.vtt"]) == 0
    assert "4 phrases" in capsys.readouterr().out
    (felt,) = (cue for cue in read_cues("b.vtt") if isinstance(cue.instruction, Emotion) and cue.start == pytest.approx(4.5, abs=0.1))
    assert "happy" in felt.instruction.mix.intensities
    (tmp_path / "de.txt").write_text("Ich bin so glücklich, dass wir gewonnen haben und jetzt feiern.")
    assert main(["direct", "a.wav", "--transcript", "de.txt", "-o", "c.vtt"]) == 0
    assert "not English" in capsys.readouterr().out and "not English" in (tmp_path / "c.vtt").read_text()


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("-o", "b.txt"), ".vtt"),
        (("-o", "b.vtt", "--transcript", "t.doc"), ".srt"),
        (("-o", "b.vtt", "--transcript", "empty.txt"), "no words"),
        (("-o", "b.vtt", "--transcript", "none.txt"), "does not exist"),
        (("-o", "b.vtt", "--transcript", "broken.vtt"), "line 3"),
        (("-o", "t.vtt", "--transcript", "t.vtt"), "also an input"),
    ],
)
def test_bad_requests(arguments, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(wav_bytes(speech()))
    (tmp_path / "empty.txt").write_text(" \n ...")
    (tmp_path / "t.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n")
    (tmp_path / "broken.vtt").write_text("WEBVTT\n\nnonsense\n")
    assert main(["direct", "a.wav", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and says in error and not (tmp_path / "b.vtt").exists()


def test_gestures_are_where_the_voice_stands_out_most_and_phrases_alike_are_one_cue():
    time = np.arange(4 * RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * 120 * order * time) / order for order in range(1, 12))
    loud = np.full(time.size, 0.03)
    for middle, height in ((0.4, 0.1), (2.0, 0.2)):  # the beginning, and what is stressed
        loud += height * np.exp(-np.square((time - middle) / 0.1))
    phrase = Audio(np.tile(np.concatenate([(loud * buzz).astype(np.float32), np.zeros(RATE // 2, np.float32)]), 3), RATE)
    voice = read_voice(phrase)
    cues = direct(phrase, voice)
    accents = [float(cue.note.removesuffix(" s").rsplit(" ", 1)[1]) for cue in cues if "stands out" in cue.note]
    assert np.allclose(accents, [2.0, 6.5, 11.0], atol=0.15)
    (felt,) = (cue for cue in cues if isinstance(cue.instruction, Emotion))
    assert (felt.start, felt.end) == (voice.phrases[0].start, voice.phrases[-1].end) and felt.note.endswith(
        f"{len(voice.phrases)} phrases alike"
    )
