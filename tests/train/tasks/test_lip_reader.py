"""The lip reader's task: readings that the features hold are learned, and batches depend on their seed alone."""

import numpy as np
import pytest
import torch

from visavox.data.lips.lip_lessons import COPIES, LipLessons
from visavox.models.lip_reader import LipReader
from visavox.models.sizes import LipReaderConfig
from visavox.recipes.lip_last_maps import fit_last_maps
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.lip_reader import LipReaderTask, LipResult, shape_loss

SIZES = LipReaderConfig(encoder=4, phones=2, width=8, dilations=(1,), dropout=0.0)


def lessons(path, frames: int, seed: int) -> LipLessons:
    random = np.random.default_rng(seed)
    features = random.normal(size=(frames, COPIES, 4)).astype(np.float16)
    lips = features[:, 0].astype(np.float32) @ np.array([[1, 0], [0, 1], [-1, 1], [0, 0]], np.float32)
    features[:] = features[:, :1]  # every copy says the same
    heard = {"mel": np.zeros((frames, COPIES, 320), np.float16), "features": features, "phones": np.zeros((frames, COPIES, 4), np.float16)}
    np.savez(path, **heard, lips=lips, length=[frames])
    return LipLessons([path])


@pytest.fixture
def task(tmp_path):
    seed_weights(0)
    people = [lessons(tmp_path / "a.npz", 30, 1), lessons(tmp_path / "b.npz", 80, 2)]  # one is shorter than a window
    return LipReaderTask(LipReader(SIZES), people, [1.0, 2.0], lessons(tmp_path / "c.npz", 200, 3), windows=6, frames=40)


def test_what_the_features_hold_is_learned(task, tmp_path):
    before = float(task.losses(np.random.default_rng(9))["lips"])
    train(
        task, LoopConfig(steps=120, learning_rate=0.02, warm_up=5, weight_decay=0, ema=0.9), tmp_path / "run", report=lambda *a, **k: None
    )
    task.model.load_state_dict(averaged_weights(tmp_path / "run"))
    assert float(task.losses(np.random.default_rng(9))["lips"]) < 0.1 * before


def test_a_batch_is_a_function_of_its_seed(task):
    one, again, other = (float(task.losses(np.random.default_rng(seed))["lips"]) for seed in (1, 1, 2))
    assert one == again != other


def test_the_plain_reading_is_the_one_that_was_set():
    reader = LipReader(SIZES).eval()
    weights, offset = torch.randn(12, 2), torch.randn(2)
    reader.set_plain(weights, offset)
    features = torch.randn(1, 9, 4)
    stacked = torch.cat([features[:, shift : shift + 7] for shift in range(3)], -1)
    plain = reader.plain(features.transpose(1, 2)).transpose(1, 2)[:, 1:-1]
    torch.testing.assert_close(plain, stacked @ weights + offset, atol=1e-4, rtol=1e-4)


def test_the_last_maps_are_those_of_a_ridge_over_all_lessons(task, tmp_path):
    reader, sounds, ridge = task.model, task.sounds, 0.01
    torch.nn.init.normal_(reader.read.weight)
    fit_last_maps(reader, [(sounds, 0.7), (task.people[0], 0.3)], ridge)
    said = reader(
        *(
            torch.from_numpy(np.asarray(each[:, 0], np.float32))[None]
            for each in (sounds.mel.reshape(200, COPIES, -1), sounds.features, sounds.phones)
        )
    )
    missed = said[0].detach().numpy() - sounds.lips
    assert np.mean(missed**2) < 0.01 * np.mean(sounds.lips**2)
    small = float(reader.read.weight.square().sum() + reader.plain.weight.square().sum())
    fit_last_maps(reader, [(sounds, 0.7), (task.people[0], 0.3)], 100 * ridge)
    assert float(reader.read.weight.square().sum() + reader.plain.weight.square().sum()) < small


def test_a_level_that_is_missed_all_along_has_no_shape():
    exists = torch.tensor([[1.0, 1, 1, 0]])
    level = torch.tensor([[[2.0, -1], [2, -1], [2, -1], [0, 0]]])
    assert float(shape_loss(LipResult(level, exists))) == pytest.approx(0, abs=1e-9)
    bent = torch.tensor([[[1.0, 0], [-1, 0], [0, 0], [0, 0]]])
    assert float(shape_loss(LipResult(bent, exists))) == pytest.approx(2 / 6)
