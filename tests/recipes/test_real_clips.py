"""Which real clips a recipe takes: a share of them, those with words first, and each shown while it is aligned."""

import numpy as np
import pytest
import soundfile

from visavox.data.store.split import place_of
from visavox.errors import FileError
from visavox.recipes import real_clips
from visavox.recipes.real_clips import WORDS_SHARE, Sources, read_all_sounds, read_real_clips


@pytest.fixture
def speech(tmp_path):
    """A folder of five short sounds, of which the first two have no words."""
    folder = tmp_path / "speech"
    folder.mkdir()
    for number in range(5):
        soundfile.write(folder / f"clip-{number}.wav", np.random.default_rng(number).normal(0, 0.1, 8000), 16000)
    lines = [f"clip-{number}.wav|word|word|somebody" for number in range(2, 5)]
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize(("share", "kept"), [(1, "01234"), (0.6, "013"), (0, "02")])
def test_a_share_of_the_clips_is_spread_over_all_of_them(speech, tmp_path, monkeypatch, share, kept):
    monkeypatch.setattr("visavox.recipes.share.LEAST_CLIPS", 2)
    real = read_real_clips(tmp_path / "out", Sources(unlabelled=(str(speech),)), share)
    assert [clip.name for clip in real.unlabelled] == [f"clip-{number}" for number in kept]
    assert real.with_words == [] and real.tracked == []


def test_all_sounds_are_those_with_words_too_under_the_terms_of_their_folder(speech, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    soundfile.write(other / "voice.wav", np.full(8000, 0.1), 16000)
    sources = Sources(ljspeech=str(speech), unlabelled=(str(other),))
    assert sources.without_licence == [str(other)]
    (other / "meta.json").write_text('{"source": "a reader", "licence": "CC0-1.0"}')
    assert {(clip.source, clip.licence) for clip in read_all_sounds(sources)} == {("a reader", "CC0-1.0"), ("LJ Speech", "public domain")}
    assert len(read_all_sounds(sources)) == 6 and sources.without_licence == []


def test_clips_with_words_are_watched_while_they_are_aligned(speech, tmp_path, monkeypatch):
    monkeypatch.setattr(real_clips, "align_clips", lambda clips, path: path.write_text("".join(_aligned(clips))))
    seen = []

    def watch(clips):
        for clip in clips:
            seen.append(clip.name)
            yield clip

    real = read_real_clips(tmp_path, Sources(ljspeech=str(speech)), watch=watch)
    assert seen == ["clip-2", "clip-3", "clip-4"]
    half = [name for name in seen if place_of(name) < WORDS_SHARE]  # they train, the others measure
    assert [clip.name for clip in real.with_words] == half and 0 < len(half) < len(seen)


@pytest.mark.parametrize(("kind", "message"), [("grid", "words.jsonl does not exist"), ("ljspeech", "metadata.csv does not exist"),
                                               ("unlabelled", "is not a folder")])  # fmt: skip
def test_a_missing_folder_is_named_before_the_work(tmp_path, kind, message):
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(FileError, match=f"nowhere.*{message}"):
        read_real_clips(tmp_path, Sources(**{kind: (nowhere,) if kind == "unlabelled" else nowhere}))


def test_a_folder_without_a_usable_clip_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="empty holds no clip that --unlabelled could train on"):
        read_real_clips(tmp_path, Sources(unlabelled=(str(tmp_path / "empty"),)))


def _aligned(clips):
    for clip in clips:
        yield f'{{"clip": "{clip.name}", "phones": [[0.0, 0.4, "AA"]]}}\n'
