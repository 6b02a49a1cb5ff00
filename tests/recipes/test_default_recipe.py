"""The default recipe in miniature: hums of a stand-in engine to recordings, three short trainings, a checkpoint, and its styles."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from in_process import InProcess
from train.small_corpus import RATE, hummed
from visavox import __version__
from visavox.audio import Audio
from visavox.checkpoint import inspect
from visavox.checkpoint import load as load_checkpoint
from visavox.data.clip import Clip
from visavox.data.material import synthetic_recordings as prepare
from visavox.data.measures import Measures
from visavox.data.store.shards import read_shard
from visavox.data.synth import corpus, engines
from visavox.data.synth.engines import Utterance
from visavox.errors import FileError
from visavox.io.assets import built_in_style, read_head_asset
from visavox.io.style import read_style
from visavox.loading import load
from visavox.models.face_config import FaceConfig
from visavox.models.sizes import AudioEncoderConfig, DenoiserConfig, StyleEncoderConfig
from visavox.recipes import default_stages
from visavox.recipes.default import build
from visavox.recipes.default_choices import LEAST_HOURS, DefaultRecipe, StyleChoices
from visavox.recipes.default_material import Kind, Material, MaterialFile, RealClips, make_material, make_recogniser_features, training_part
from visavox.recipes.default_styles import STYLES, head_style
from visavox.recipes.lip_people import LipRecipe
from visavox.recipes.share import LEAST_STEPS
from visavox.recipes.streaming import StreamingRecipe
from visavox.rigs.heads.default_head import Head
from visavox.train.log import read_log
from visavox.train.loop import LoopConfig
from visavox.train.tasks.denoiser import DenoisingConfig

pytest.importorskip("pyarrow")
SHORT = LoopConfig(steps=2, warm_up=1, save_every=1, log_every=1)
TINY = DefaultRecipe(
    hours=0.05, negative_files=1, encoder=SHORT, encoder_on_words=SHORT, encoder_on_named=SHORT, distillation=SHORT, style_encoder=SHORT,
    denoiser=SHORT, denoiser_onward=replace(SHORT, steps=3), task=DenoisingConfig(clips=2), clips=2, manners=2,
    styles=StyleChoices(recordings=1, utterances=4),
)  # fmt: skip
SILENT = {"report": lambda *progress: None}


def tiny_config(rig) -> FaceConfig:
    """Stands in for the sizes of the default model."""
    audio = AudioEncoderConfig(width=8, fast_dilations=(1,), slow_dilations=(1,))
    style = StyleEncoderConfig(len(rig), style=4, width=8, layers=1, heads=2, feed_forward=8)
    return FaceConfig(rig, audio, style, DenoiserConfig(len(rig), style=4, width=8, layers=1, heads=2, feed_forward=8, steps=50))


def flite(text: str, voice: str, pitch: float, stretch: float) -> Utterance:
    """Stands in for the speech engine: hums as long as the text asks for."""
    sound, phones = hummed(max(len(text), 25), np.random.default_rng([len(text), int(pitch)]))
    return Utterance(sound, RATE, phones)


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def built(tmp_path_factory, head):
    """The folder of a build, its checkpoint, the bytes of that, and its material; it was built twice."""
    folder = tmp_path_factory.mktemp("recipe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "flite", flite)
        patch.setattr(corpus, "SHARES", {"flite:slt": 1.0})
        patch.setattr(corpus, "ProcessPoolExecutor", InProcess)
        patch.setattr(corpus, "check_voices", list)
        patch.setattr(prepare, "ProcessPoolExecutor", InProcess)
        patch.setattr(prepare, "NEGATIVES_A_FILE", 2)
        patch.setattr(prepare, "MANNERS", 3)  # few enough that each has two recordings
        patch.setattr(default_stages, "small_config", tiny_config)
        prepare.manners.cache_clear()
        material = make_material(folder, TINY, head, RealClips(), 1, **SILENT)
        path = build(folder, TINY, head, RealClips(), material)
        written = path.read_bytes()
        again = make_material(folder, TINY, head, RealClips(), 1, **SILENT)
        assert again == material
        build(folder, TINY, head, RealClips(), again)
        with pytest.raises(FileError, match="seed 1 .now 2."):
            make_material(folder, replace(TINY, corpus_seed=2), head, RealClips(), 1, **SILENT)
    prepare.manners.cache_clear()  # those of other tests are not the three of this one
    return folder, path, written, material


def test_every_stage_was_trained_and_logged(built):
    folder, *_ = built
    stages = ("encoder", "style_encoder", "denoiser")
    assert {name: read_log(folder / name)[-1]["step"] for name in stages} == dict.fromkeys(stages, 2)


def test_the_checkpoint_says_how_it_was_made(built):
    folder, path, _, material = built
    header = inspect(path)
    (training,) = header["history"]
    recipe = training["recipe"]
    assert recipe["name"] == "default" and 0.01 < recipe["corpus_hours"] < 0.2
    assert recipe["denoiser"]["steps"] == 2 and recipe["task"]["clips"] == 2 and recipe["calibration"] == inspect(path)["calibration"]
    assert recipe["material"]["filmed_lips"]["TRUST"] == 0.8 and recipe["material"]["synthetic_recordings"]["SHARD_SEED"] == 3
    assert [step["name"] for step in training["steps"]] == ["encoder", "style_encoder", "denoiser"]
    assert training["visavox"] == __version__ and "distilled_from" not in training


def test_its_sources_are_added_up_from_what_the_clips_say(built):
    folder, path, _, material = built
    header = inspect(path)
    rows = [row for shard in material.shards for row in read_shard(shard.path)]
    speech = next(source for source in header["sources"] if source["source"] == "flite")
    assert speech["clips"] == len(rows) and speech["licence"] == rows[0].licence and speech["consent"] == "synthetic voice"
    assert speech["hours"] == pytest.approx(sum(row.samples.size / row.sample_rate for row in rows) / 3600, abs=1e-4)
    noise = next(source for source in header["sources"] if "generated" in source["source"])
    assert noise["clips"] == 2 and noise["hours"] == pytest.approx(2 * 12 / 3600, rel=0.01)
    assert header["licence"].startswith("weights: Apache-2.0; trained on ") and "flite (Festvox licence" in header["licence"]


def test_the_hash_of_the_data_is_that_of_its_content(built, tmp_path):
    _, path, _, material = built
    assert material.digest() == inspect(path)["history"][0]["data"]
    copies = []
    for number, file in enumerate(material.recordings):
        copies.append(replace(file, path=tmp_path / f"{number}.npz"))
        copies[-1].path.write_bytes(file.path.read_bytes())
    same = replace(material, recordings=copies[::-1])
    assert same.digest() == material.digest()
    changed = bytearray(copies[0].path.read_bytes())
    changed[-1] ^= 1
    copies[0].path.write_bytes(changed)
    assert same.digest() != material.digest()


def test_it_animates_with_every_built_in_style(built):
    folder, path, *_ = built
    animator = load(path)
    audio = Audio(hummed(30, np.random.default_rng(1))[0], RATE)
    files = sorted((folder / "styles").iterdir())
    assert [file.stem for file in files] == sorted(STYLES)
    made = [animator.animate(audio, read_style(file)) for file in files[:2]]
    assert made[0].frames == 30 and np.isfinite(made[0].values).all() and not np.array_equal(made[0].values, made[1].values)


def test_a_finished_build_changes_nothing(built):
    folder, path, written, _ = built
    assert path.read_bytes() == written
    assert len(read_log(folder / "denoiser")) == 2


@pytest.mark.parametrize("recipe", [DefaultRecipe(), LipRecipe(), StreamingRecipe()], ids=lambda recipe: type(recipe).__name__)
def test_a_share_shortens_every_training_alike_and_the_whole_is_the_recipe_as_it_is(recipe):
    assert recipe.scaled(1) == recipe
    for share, steps in ((0.02, lambda whole: max(round(whole * 0.02), LEAST_STEPS)), (0, lambda whole: LEAST_STEPS)):
        for name, value in vars(recipe).items():
            found = getattr(recipe.scaled(share), name)
            if isinstance(value, LoopConfig):
                short = replace(value, steps=found.steps, warm_up=found.warm_up, log_every=found.log_every, save_every=found.save_every)
                assert found.steps == steps(value.steps) and 1 <= found.warm_up < found.steps and short == found
            else:
                assert found == value or name in ("hours", "negative_files")


def test_a_share_has_its_part_of_the_corpus():
    recipe = DefaultRecipe()
    short = recipe.scaled(0)
    assert {loop.precision for loop in vars(recipe.in_precision("bfloat16")).values() if isinstance(loop, LoopConfig)} == {"bfloat16"}
    assert short.hours == LEAST_HOURS < 1 and recipe.scaled(0.5).hours == recipe.hours / 2 and recipe.scaled(0.5).negative_files == 3


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


def test_training_goes_on_from_a_checkpoint_with_its_audio_encoder(built, head, tmp_path):
    """The audio encoder is the one of the start, the denoiser is another, and no encoder is trained again."""
    _, path, _, material = built
    start = load_checkpoint(path)
    made = load_checkpoint(build(tmp_path, TINY, head, RealClips(), material, start))
    assert not (tmp_path / "encoder").exists() and read_log(tmp_path / "denoiser")[-1]["step"] == 3
    before, after = start.weights, made.weights
    assert all(np.array_equal(before[name], after[name]) for name in before if name.startswith("audio_encoder."))
    assert not np.array_equal(before["denoiser.person.weight"], after["denoiser.person.weight"])
    assert made.history[0] == start.history[0]
    assert [step["name"] for step in made.history[1].steps] == ["style_encoder", "denoiser_onward"]
    assert made.sources == start.sources  # the same clips count once


class Powers:
    """Stands in for a recogniser: the power of quarters of a frame."""

    digest, about = "powers", {"name": "powers", "licence": "CC0-1.0"}

    def __init__(self):
        self.asked = 0

    def __call__(self, sound):
        self.asked += 1
        return np.square(sound).reshape(-1, 4, 160).mean(2).astype(np.float32)


def test_a_recogniser_teaches_the_audio_encoder_of_a_checkpoint(built, head, tmp_path):
    _, path, _, made = built
    start, recogniser = load_checkpoint(path), Powers()
    familiar = [file for file in made.recordings if file.path in made.familiar(TINY.familiar_voices)]
    sound, phones = hummed(200, np.random.default_rng(4))
    unlabelled = [Clip("a", Audio(sound, RATE), "s", "test", "CC0-1.0")]
    lips = Measures(np.abs(np.sin(np.arange(200))) / 10, np.full(200, 0.5), np.ones(200, bool), 25.0)
    tracked = [Clip("b", Audio(sound, RATE), "s", "film", "CC0-1.0", phones=tuple(phones), measures=lips)]
    real, material = RealClips(unlabelled=unlabelled, tracked=tracked), replace(made, recordings=familiar)
    taught = make_recogniser_features(tmp_path, TINY, material, real, recogniser, **SILENT)
    times = recogniser.asked
    assert make_recogniser_features(tmp_path, TINY, material, real, recogniser, **SILENT) == taught and recogniser.asked == times > 0
    assert [file.kind for file in taught.features] == [Kind.UNLABELLED, Kind.FILMED, Kind.SLOWER, *[Kind.SYNTHETIC] * len(made.shards)]
    checkpoint = load_checkpoint(build(tmp_path, TINY, head, real, taught, start))
    assert read_log(tmp_path / "distillation")[-1]["step"] == 2 and (tmp_path / "recordings" / "named.npz").exists()
    assert not np.array_equal(start.weights["audio_encoder.stem.weight"], checkpoint.weights["audio_encoder.stem.weight"])
    assert checkpoint.weights.keys() == start.weights.keys() and checkpoint.history[-1].distilled_from == (Powers.about,)
    with pytest.raises(FileError, match="was made with encoder"):  # what this encoder gave would be taken for the other's
        build(tmp_path, TINY, head, real, material, start)


def test_material_is_chosen_by_what_it_is_not_by_what_its_file_is_called():
    files = [
        MaterialFile(Path("negatives-of-flite.npz"), Kind.SYNTHETIC, "festival:krb"),
        MaterialFile(Path("x.npz"), Kind.SYNTHETIC, "flite:awb"),
        MaterialFile(Path("shard-flite.npz"), Kind.FILMED),
        MaterialFile(Path("y.npz"), Kind.NOISE),
    ]
    material = Material([], 0.0, files)
    assert [path.name for path in material.familiar(DefaultRecipe.familiar_voices)] == ["x.npz", "y.npz"]
    assert [path.name for path in material.recordings_of(Kind.FILMED)] == ["shard-flite.npz"]


def test_the_packaged_styles_have_the_heads_of_their_manners():
    for name, manner in STYLES.items():
        assert built_in_style(name).head == head_style(manner)
    assert built_in_style("lively").head.amplitude > 1.3 > 0.7 > built_in_style("calm").head.amplitude
