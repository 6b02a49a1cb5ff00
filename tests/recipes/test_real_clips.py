"""Which real clips a recipe takes: at most so many, those with words first, and each shown while it is aligned."""

import numpy as np
import pytest
import soundfile

from visavox.data.store.split import place_of
from visavox.errors import FileError
from visavox.recipes import real_clips
from visavox.recipes.real_clips import WORDS_SHARE, Sources, read_real_clips


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


@pytest.mark.parametrize(("most", "kept"), [(None, 5), (3, 3), (9, 5)])
def test_at_most_so_many_clips_are_taken(speech, tmp_path, most, kept):
    real = read_real_clips(tmp_path / "out", Sources(unlabelled=(str(speech),)), most)
    assert len(real.unlabelled) == kept and real.with_words == [] and real.tracked == []


def test_clips_with_words_are_watched_while_they_are_aligned(speech, tmp_path, monkeypatch):
    monkeypatch.setattr(real_clips, "align_clips", lambda clips, path: path.write_text("".join(_aligned(clips))))
    seen = []

    def watch(clips):
        for clip in clips:
            seen.append(clip.name)
            yield clip

    real = read_real_clips(tmp_path, Sources(ljspeech=str(speech)), 2, watch)
    assert seen == ["clip-2", "clip-3"]
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
