"""The adaptation task: clips shorter than a window, frames that do not count, shares that add up, and low-rank changes that merge."""

import numpy as np
import pytest
import torch

from tiny_checkpoint import tiny_checkpoint
from visavox.diffusion.schedule import schedule_of
from visavox.errors import OptionError
from visavox.models.low_rank import add_low_rank, merge_low_rank
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.train.face_losses import LipGeometry
from visavox.train.processes import Share
from visavox.train.tasks.adaptation import AdaptationConfig, AdaptationTask, Examples
from visavox.train.tasks.denoiser import DenoisingConfig

GEOMETRY = LipGeometry(Head.default())


def examples(lengths=(30, 80, 200), seed=0, ok=1.0) -> Examples:
    random, frames = np.random.default_rng(seed), sum(lengths)
    return Examples(
        random.normal(size=(frames, 2, 8)).astype(np.float16), random.uniform(0, 0.4, (frames, len(ARKIT))).astype(np.float32),
        random.random(frames) < ok, np.array(lengths), random.normal(size=(len(lengths), 4)).astype(np.float32),
    )  # fmt: skip


def task(person, replay=None, **changes) -> AdaptationTask:
    model = tiny_checkpoint().model()
    schedule = schedule_of(model.config.denoiser.schedule, model.config.denoiser.steps)
    return AdaptationTask(model, person, replay, schedule, GEOMETRY, AdaptationConfig(windows=8, **changes))


def test_short_clips_are_masked_where_they_end():
    made = task(examples((3, 30, 80)), usual=DenoisingConfig(truncated=0.0))
    batch = made.batch(np.random.default_rng(1))
    lengths = batch.there.sum(1)
    assert set(lengths) <= {3, 30, 80} and (batch.counts == batch.there).all()
    assert (batch.motion[batch.there == 0] == 0).all() and (batch.features[batch.there == 0] == 0).all()
    assert (batch.there[batch.first, : made.sizes.context] == 0).all() and batch.there[~batch.first, : made.sizes.context].all()
    long = task(examples((300,)), usual=DenoisingConfig(truncated=0.0, first_window=0.0)).batch(np.random.default_rng(1))
    assert long.there.all() and not long.first.any()


def test_frames_without_a_face_count_for_nothing():
    seen, unseen = (task(each) for each in (examples(ok=1.0), examples(ok=0.5)))
    assert unseen.batch(np.random.default_rng(0)).counts.mean() < 0.7 * seen.batch(np.random.default_rng(0)).counts.mean()
    other = examples(ok=0.5)
    gone = task(Examples(other.features, other.motion, np.zeros_like(other.ok), other.length, other.style))
    assert all(value.item() == 0 for value in gone.losses(np.random.default_rng(0)).values())


def test_the_shares_of_a_batch_add_up_to_it():
    made = task(examples(), examples(seed=3))
    made.model.eval()
    whole = made.losses(np.random.default_rng(5))
    parts = [made.share_losses(np.random.default_rng(5), Share(number, 4)) for number in range(4)]
    for name, value in whole.items():
        assert float(sum(part[name] for part in parts)) == pytest.approx(float(value), rel=1e-4, abs=1e-7)


def test_half_of_a_batch_is_replayed_in_its_own_style():
    person, replay = examples((200,), 0), examples((200,), 3)
    batch = task(person, replay).batch(np.random.default_rng(0))
    assert (batch.style[:4] == person.style[0]).all() and (batch.style[4:] == replay.style[0]).all()
    assert (task(person, replay, replayed=0.0).batch(np.random.default_rng(0)).style == person.style[0]).all()


def test_low_rank_changes_begin_as_nothing_and_merge_into_plain_maps():
    model = tiny_checkpoint().model()
    names, before = set(model.state_dict()), model.denoiser.person.weight.detach().clone()
    add_low_rank(model.denoiser, 2)
    learning = [name for name, value in model.denoiser.named_parameters() if value.requires_grad]
    assert learning and all(name.endswith((".up", ".down")) for name in learning)
    assert torch.equal(model.denoiser.person.weight, before)
    with torch.no_grad():
        model.denoiser.person.parametrizations.weight[0].up.fill_(0.5)
    changed = model.denoiser.person.weight.detach().clone()
    merge_low_rank(model.denoiser)
    assert set(model.state_dict()) == names and torch.equal(model.denoiser.person.weight, changed) and not torch.equal(changed, before)
    assert np.linalg.matrix_rank((changed - before).numpy(), tol=1e-5) <= 2
    with pytest.raises(OptionError, match="rank 0 is none"):
        add_low_rank(model.denoiser, 0)
