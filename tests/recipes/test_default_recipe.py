"""The default recipe in miniature: hums of a stand-in engine to recordings, three short trainings, a checkpoint, and its styles."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from in_process import InProcess
from train.small_corpus import RATE, hummed
from visavox.audio import Audio
from visavox.checkpoint import inspect
from visavox.checkpoint import load as load_checkpoint
from visavox.data.clip import Clip, Measures
from visavox.data.material import synthetic_recordings as prepare
from visavox.data.synth import corpus, engines
from visavox.data.synth.engines import Utterance
from visavox.errors import FileError
from visavox.io.assets import built_in_style, read_head_asset
from visavox.io.style import read_style
from visavox.loading import load
from visavox.recipes import default
from visavox.recipes.default import STYLES, DefaultRecipe, Material, RealClips, build, make_material, make_taught, training_part
from visavox.rigs.heads.default_head import Head
from visavox.train.log import read_log
from visavox.train.loop import LoopConfig
from visavox.train.tasks.denoiser import DenoisingConfig

pytest.importorskip("pyarrow")
SHORT = LoopConfig(steps=2, warm_up=1, save_every=1, log_every=1)
LONGER = replace(SHORT, steps=3)
TINY = DefaultRecipe(
    hours=0.05, negative_files=1, hearing=SHORT, distilling=SHORT, styling=SHORT, denoising=SHORT, continuing=LONGER,
    task=DenoisingConfig(clips=2),
)  # fmt: skip


def flite(text: str, voice: str, pitch: float, stretch: float) -> Utterance:
    """Stands in for the speech engine: hums as long as the text asks for."""
    sound, phones = hummed(max(len(text), 25), np.random.default_rng([len(text), int(pitch)]))
    return Utterance(sound, RATE, phones)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recipe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "flite", flite)
        patch.setattr(corpus, "SHARES", {"flite:slt": 1.0})
        patch.setattr(corpus, "ProcessPoolExecutor", InProcess)
        patch.setattr(corpus, "check_voices", list)
        patch.setattr(prepare, "ProcessPoolExecutor", InProcess)
        patch.setattr(prepare, "NEGATIVES_A_FILE", 2)
        patch.setattr(prepare, "MANNERS", 3)  # few enough that each has two recordings
        patch.setattr(default, "HearingTask", partial(default.HearingTask, clips=2))
        patch.setattr(default, "StylingTask", partial(default.StylingTask, styles=2))
        head = Head.from_asset(read_head_asset())
        material = make_material(folder, TINY, head, RealClips(), 1, lambda *progress: None)
        path = build(folder, TINY, head, RealClips(), material)
        trained = {name: (folder / name / "log.jsonl").stat().st_mtime_ns for name in ("hearing", "styling", "denoising")}
        written = path.read_bytes()
        build(folder, TINY, head, RealClips(), make_material(folder, TINY, head, RealClips(), 1, lambda *progress: None))
    prepare.manners.cache_clear()  # those of other tests are not the three of this one
    return folder, path, trained, written


def test_every_task_was_trained_and_logged(built):
    folder, *_ = built
    assert {name: read_log(folder / name)[-1]["step"] for name in ("hearing", "styling", "denoising")} == dict.fromkeys(
        ("hearing", "styling", "denoising"), 2
    )


def test_the_checkpoint_says_how_it_was_made(built):
    header = inspect(built[1])
    (training,) = header["history"]
    recipe = training["recipe"]
    assert recipe["name"] == "default" and 0.01 < recipe["corpus_hours"] < 0.2
    assert recipe["denoising"]["steps"] == 2 and recipe["task"]["clips"] == 2
    assert len(training["data"]) == 16 and "synthetic" in header["licence"]


def test_it_animates_with_every_built_in_style(built):
    folder, path, *_ = built
    animator = load(path)
    audio = Audio(hummed(30, np.random.default_rng(1))[0], RATE)
    files = sorted((folder / "styles").iterdir())
    assert [file.stem for file in files] == sorted(STYLES)
    made = [animator.animate(audio, read_style(file)) for file in files[:2]]
    assert made[0].frames == 30 and np.isfinite(made[0].values).all() and not np.array_equal(made[0].values, made[1].values)


def test_a_finished_build_changes_nothing(built):
    folder, path, _, written = built
    assert path.read_bytes() == written
    assert len(read_log(folder / "denoising")) == 2


def test_a_rehearsal_shortens_every_training_and_changes_nothing_else():
    recipe = DefaultRecipe()
    short = recipe.rehearsal()
    for name, value in vars(recipe).items():
        if isinstance(value, LoopConfig):
            assert getattr(short, name).steps == default.REHEARSED and getattr(short, name).learning_rate == value.learning_rate
    assert {loop.precision for loop in vars(recipe.in_precision("bfloat16")).values() if isinstance(loop, LoopConfig)} == {"bfloat16"}
    assert short.hours < 1 and short.task == recipe.task and short.corpus_seed == recipe.corpus_seed


def test_training_sees_nine_clips_in_ten_and_none_without_a_face():
    def clip(name: str, seen: float) -> Clip:
        ok = np.arange(25) < 25 * seen
        measures = Measures(np.zeros(25), np.zeros(25), ok, 25.0)
        return Clip(name, Audio(np.full(16000, 0.1), 16000), "s", "film", "CC0-1.0", phones=((0.0, 1.0, "SIL"),), measures=measures)

    clips = [clip(f"{number:03d}", 1.0) for number in range(300)] + [clip("blind", 0.5)]
    kept = {chosen.name for chosen in training_part(clips[::-1])}
    assert 250 < len(kept) < 290 and "blind" not in kept
    for left in (1, 50, 299):  # whatever clips come or go, the others stay where they are
        assert {chosen.name for chosen in training_part(clips[:left])} == kept & {clip.name for clip in clips[:left]}


def test_training_goes_on_from_a_checkpoint_with_its_ears(built, tmp_path, monkeypatch):
    """The encoder that hears is the one of the start, the denoiser is another, and nobody hears again."""
    monkeypatch.setattr(default, "StylingTask", partial(default.StylingTask, styles=2))
    folder, path, *_ = built
    head, start = Head.from_asset(read_head_asset()), load_checkpoint(path)
    shards = sorted((folder / "corpus").glob("*.parquet"))
    recordings = sorted((folder / "recordings").glob("*.npz"))
    made = load_checkpoint(build(tmp_path, TINY, head, RealClips(), Material(shards, 0.05, recordings, []), start))
    assert not (tmp_path / "hearing").exists() and read_log(tmp_path / "denoising")[-1]["step"] == 3
    before, after = start.weights, made.weights
    assert all(np.array_equal(before[name], after[name]) for name in before if name.startswith("audio_encoder."))
    assert not np.array_equal(before["denoiser.person.weight"], after["denoiser.person.weight"])


def test_a_recogniser_teaches_the_ears_of_a_checkpoint(built, tmp_path, monkeypatch):
    monkeypatch.setattr(default, "StylingTask", partial(default.StylingTask, styles=2))
    monkeypatch.setattr(default, "DistillingTask", partial(default.DistillingTask, clips=2))
    folder, path, *_ = built
    head, start = Head.from_asset(read_head_asset()), load_checkpoint(path)
    shards, recordings = sorted((folder / "corpus").glob("*.parquet")), sorted((folder / "recordings").glob("*.npz"))
    recordings = [file for file in recordings if file.name.startswith(default.FAMILIAR)]
    sound, phones = hummed(200, np.random.default_rng(4))
    unlabelled = [Clip("a", Audio(sound, RATE), "s", "test", "CC0-1.0")]
    lips = Measures(np.abs(np.sin(np.arange(200))) / 10, np.full(200, 0.5), np.ones(200, bool), 25.0)
    tracked = [Clip("b", Audio(sound, RATE), "s", "film", "CC0-1.0", phones=tuple(phones), measures=lips)]
    real, asked = RealClips(unlabelled=unlabelled, tracked=tracked), []

    def teacher(sound):
        asked.append(sound.size)
        return np.square(sound).reshape(-1, 4, 160).mean(2).astype(np.float32)

    material = Material(shards, 0.05, recordings, [])
    taught = make_taught(tmp_path, material, real, teacher, lambda *progress: None)
    times = len(asked)
    assert make_taught(tmp_path, material, real, teacher, lambda *progress: None) == taught  # what was heard is kept
    assert [file.stem for file in taught.taught] == ["unlabelled", "filmed", "slower", *(shard.stem for shard in shards)]
    assert times == len(asked) > 0
    made = load_checkpoint(build(tmp_path, TINY, head, real, taught, start))
    assert read_log(tmp_path / "distilling")[-1]["step"] == 2 and (tmp_path / "recordings" / "heard-named.npz").exists()
    assert not np.array_equal(start.weights["audio_encoder.hear.weight"], made.weights["audio_encoder.hear.weight"])
    assert made.weights.keys() == start.weights.keys()
    with pytest.raises(FileError, match="begun with a recogniser"):  # what these ears heard would be taken for the others
        build(tmp_path, TINY, head, real, material, start)


def test_the_packaged_styles_have_the_heads_of_their_manners():
    for name, manner in default.STYLES.items():
        assert built_in_style(name).head == default.head_style(manner)
    assert built_in_style("lively").head.amplitude > 1.3 > 0.7 > built_in_style("calm").head.amplitude
