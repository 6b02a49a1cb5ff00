"""DiffPoseTalk's training flow (sheet 2.1, 2.2, 2.4, 2.5): what each window is told, how chance falls, shares, and the recipe's numbers."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from paper_small import HEAD, Folding, small_recipe, write_store  # noqa: E402

from visavox.checkpoint import load  # noqa: E402
from visavox.data.material.statistics import crop_statistics  # noqa: E402
from visavox.data.store.motion_clips import read_motion_clips  # noqa: E402
from visavox.data.store.shards import read_shard  # noqa: E402
from visavox.data.store.split import split_speakers  # noqa: E402
from visavox.diffusion.schedule import cosine_schedule  # noqa: E402
from visavox.errors import FileError, OptionError  # noqa: E402
from visavox.recipes.diffposetalk import diffposetalk, loss_terms, prepare, train_denoiser, train_style  # noqa: E402
from visavox.rigs.flame import FLAME_GENERATED  # noqa: E402
from visavox.rigs.heads.flame_skinning import FlameSkinning  # noqa: E402
from visavox.train.losses import Geometry  # noqa: E402
from visavox.train.processes import Share  # noqa: E402
from visavox.train.tasks.diffposetalk_denoiser import PairConfig, PairedWindowsTask, plan_window  # noqa: E402
from visavox.train.tasks.diffposetalk_style import StyleConfig, StylePairsTask  # noqa: E402
from visavox.train.tasks.style_encoder import nt_xent  # noqa: E402


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return write_store(tmp_path_factory.mktemp("store"))


def paired_task(store, truncated=(0.0, 0.0), clips=4):
    recipe = replace(small_recipe(clips=clips), pairs=PairConfig(clips, truncated))
    stage = prepare(recipe, store, Folding())
    geometry = Geometry(FlameSkinning(HEAD), stage.model.normalizer, stage.model.rig)
    terms = loss_terms(recipe.weights, stage.model.rig)
    return PairedWindowsTask(stage.model, stage.clips, cosine_schedule(500), terms, geometry, recipe.pairs)


class Spy:
    """Remembers what the model was asked."""

    def __init__(self, task):
        self.asked, self.heard, self.styled = [], [], []
        model = task.model
        forward, features, style = model.forward, model.features, model.style_encoder.forward

        def spy_forward(noisy, step, told, nulls):
            self.asked.append((noisy, step, told, nulls))
            return forward(noisy, step, told, nulls)

        def spy_features(samples):
            self.heard.append(samples)
            return features(samples)

        def spy_style(motion):
            self.styled.append(motion)
            return style(motion)

        model.forward, model.features, model.style_encoder.forward = spy_forward, spy_features, spy_style


def test_each_window_is_told_the_style_of_the_other(store):
    """Sheet 2.1: window i has the style extracted from window 1 - i; the encoder is frozen and in evaluation mode."""
    task = paired_task(store)
    spy = Spy(task)
    task.losses(np.random.default_rng(0))
    second, first = spy.styled  # the first window is told the second's style, which is asked for first
    told = [asked[2].style for asked in spy.asked]
    torch.testing.assert_close(told[0], task.model.style_encoder(second))
    torch.testing.assert_close(told[1], task.model.style_encoder(first))
    assert not task.model.style_encoder.training and not told[0].requires_grad
    assert all(not weight.requires_grad for weight in task.model.style_encoder.parameters())


@pytest.mark.parametrize("truncated", [0.0, 1.0])
def test_the_second_window_sees_the_true_end_of_the_first(store, truncated):
    """Sheet 2.1: learned start in window 0; in window 1 the last 10 true frames and 10 features, whole even when window 0 was cut short."""
    task = paired_task(store, (truncated, 0.0))
    spy = Spy(task)
    task.losses(np.random.default_rng(0))
    (_, _, first, _), (_, _, second, _) = spy.asked
    assert first.context is None and first.context_audio is None
    torch.testing.assert_close(second.context, spy.styled[1][:, -10:])
    untouched = spy.heard[1] if truncated else spy.heard[0]
    torch.testing.assert_close(second.context_audio, task.model.audio_map(task.model.audio_encoder(untouched))[:, -10:])
    assert not second.context_audio.requires_grad
    assert bool((first.valid.sum(1) < 100).all()) == bool(truncated)


def test_truncation_clears_sound_motion_and_indicator(store):
    """Sheet 2.1: one coin for the batch, per-sample ends in 1..99, sound and motion 0 afterwards; the noise is not cut."""
    task = paired_task(store, (1.0, 1.0))
    spy = Spy(task)
    task.losses(np.random.default_rng(0))
    noisy, step, told, _ = spy.asked[0]
    ends = told.valid.sum(1).long().tolist()
    assert len(set(ends)) > 1 and all(1 <= end <= 99 for end in ends)
    schedule = cosine_schedule(500)
    for row, end in enumerate(ends):
        assert float(spy.heard[0][row, 640 * end :].abs().sum()) == 0 and float(spy.heard[0][row, : 640 * end].abs().sum()) > 0
        beyond = noisy[row, end:] / schedule.noise[step[row]]
        assert float(beyond.abs().mean()) > 0.5  # pure noise


def test_chance_falls_as_in_the_published_code():
    """Sheet 2.1 and 2.2: 0.3 and 0.4 of batches cut; full 0.55, audio only 0.35, neither 0.10; steps 1..500."""
    random = np.random.default_rng(0)
    config = PairConfig(clips=16)
    plans = [[plan_window(config, chance, (100, 2, 500), random) for _ in range(3000)] for chance in config.truncated]
    for chance, window in zip((0.3, 0.4), plans, strict=True):
        cut = [plan for plan in window if (plan.end < 100).any()]
        assert abs(len(cut) / 3000 - chance) < 0.03 and all((plan.end < 100).all() for plan in cut)
        ends = np.concatenate([plan.end for plan in cut])
        assert ends.min() == 1 and ends.max() == 99 and abs(ends.mean() - 50) < 1
    no_style, no_audio, steps = (np.concatenate([getattr(p, n) for p in plans[0]]) for n in ("no_style", "no_audio", "step"))
    shares = [np.mean(~no_style & ~no_audio), np.mean(no_style & ~no_audio), np.mean(no_style & no_audio), np.mean(~no_style & no_audio)]
    np.testing.assert_allclose(shares, [0.55, 0.35, 0.10, 0.0], atol=0.01)
    assert steps.min() == 1 and steps.max() == 500 and abs(steps.mean() - 250.5) < 3


def test_sound_is_standardised_over_the_pair(store):
    """Sheet 1.3: z-score over the 8 s of both windows."""
    task = paired_task(store)
    spy = Spy(task)
    task.losses(np.random.default_rng(0))
    pair = torch.cat(spy.heard[:2], 1)
    torch.testing.assert_close(pair.mean(1), torch.zeros(4), atol=1e-5, rtol=0)
    torch.testing.assert_close(pair.std(1), torch.ones(4), atol=1e-3, rtol=0)


@pytest.mark.parametrize("parts", [2, 4])
def test_shares_of_a_batch_have_its_losses_and_gradients(store, parts):
    def gradients(shares):
        torch.manual_seed(0)
        task = paired_task(store, (1.0, 1.0))
        total = {}
        for share in shares:
            losses = task.share_losses(np.random.default_rng(5), share)
            sum(losses.values()).backward()
            total = {name: total.get(name, 0.0) + float(value.detach()) for name, value in losses.items()}
        return total, {name: w.grad for name, w in task.model.named_parameters() if w.grad is not None}

    whole, grads = gradients([Share()])
    cut, cut_grads = gradients([Share(number, parts) for number in range(parts)])
    assert cut == pytest.approx(whole, rel=1e-4)
    for name, gradient in grads.items():
        torch.testing.assert_close(cut_grads[name], gradient, rtol=2e-3, atol=1e-3 * float(gradient.abs().max()) + 1e-9)


def style_task(store, persons=4):
    stage = prepare(small_recipe(), store, Folding())
    stage.model.style_encoder.eval()
    return StylePairsTask(stage.model.style_encoder, stage.model.normalizer, stage.clips, StyleConfig(persons))


def test_style_windows_are_ten_frames_apart_in_one_clip(store):
    """Sheet 2.5: crops of 210 frames, of which the first 100 and the last 100 belong together."""
    task = style_task(store)
    windows = task.draw(np.random.default_rng(3))
    assert windows.shape == (8, 100, 54)
    starts = []
    for first, second in zip(windows[:4], windows[4:], strict=True):
        everything = [clip for clips in task.persons.values() for clip in clips]
        clip, at = next((clip, at) for clip in everything for at in range(len(clip) - 209) if (clip[at] == first[0]).all())
        assert np.array_equal(clip[at : at + 100], first) and np.array_equal(clip[at + 110 : at + 210], second)
        starts.append(at)
    assert len(set(starts)) > 1


def test_the_contrast_is_nt_xent():
    """Sheet 2.5: cosine similarity over 0.1; cross-entropy of the partner among 2 N - 1 others."""
    vectors = torch.tensor(np.random.default_rng(0).normal(size=(8, 5)), dtype=torch.double)
    unit = (vectors / vectors.norm(dim=1, keepdim=True)).numpy()
    total = 0.0
    for i in range(8):
        likeness = [math.exp(float(unit[i] @ unit[j]) / 0.1) for j in range(8)]
        total -= math.log(likeness[(i + 4) % 8] / (sum(likeness) - likeness[i]))
    assert float(nt_xent(vectors, 0.1)) == pytest.approx(total / 8, rel=1e-6)


def test_shares_of_a_style_batch_have_its_gradient(store):
    gradients = []
    for parts in (1, 2, 4):
        torch.manual_seed(0)
        task, value = style_task(store), 0.0
        for number in range(parts):
            share = Share(number, parts)
            losses = task.losses(np.random.default_rng(1)) if parts == 1 else task.share_losses(np.random.default_rng(1), share)
            losses["contrast"].backward()
            value += float(losses["contrast"].detach())
        gradients.append((value, [weight.grad for weight in task.model.parameters()]))
    for value, cut in gradients[1:]:
        assert value == pytest.approx(gradients[0][0], rel=1e-5)
        for one, other in zip(gradients[0][1], cut, strict=True):
            torch.testing.assert_close(other, one, rtol=1e-4, atol=1e-6)


def test_the_recipe_has_the_published_numbers():
    """Sheet 2.4 and 2.5."""
    recipe = diffposetalk()
    pairs, style = recipe.pairs_loop, recipe.style_loop
    assert (pairs.learning_rate, pairs.betas, pairs.weight_decay, pairs.warm_up, pairs.steps) == (1e-4, (0.9, 0.999), 0.0, 5000, 200_000)
    assert (pairs.final_share, pairs.ema, pairs.clip, pairs.validate_every, pairs.validation_rounds) == (1.0, 0.0, 1e9, 5000, 200)
    assert (recipe.pairs.clips, recipe.pairs.truncated) == (16, (0.3, 0.4))
    assert (style.learning_rate, style.warm_up, style.final_share, style.steps, style.validate_every) == (1e-4, 0, 1.0, 100_000, 2000)
    assert (recipe.style.persons, recipe.style.frames, recipe.style.gap, recipe.style.temperature) == (32, 100, 10, 0.1)
    assert (recipe.style.length, recipe.held_out, recipe.rounds) == (210, 64, 1000)
    assert (recipe.audio_guidance, recipe.style_guidance) == (1.15, 3.0)
    assert recipe.config.style.positional == "sinusoid" and type(recipe.config.audio).__name__ == "HubertSizes"
    json.dumps(recipe.to_json(), allow_nan=False)


def test_statistics_are_means_over_crops():
    """Sheet 1.3: the mean of the deviations within a crop, which leaves out what clips differ by; of 0 and 1 by turns it is .5."""
    steps = np.array([[0.0], [1.0]] * 100)
    mean, std = crop_statistics([steps, steps + 10], 100, 5, 0)
    assert mean == pytest.approx([5.5]) and std == pytest.approx([0.5 + 1e-9], abs=1e-12)


def test_the_jaw_rests_at_its_mean(store):
    """Sheet 1.2: what the model does not turn, y and z of the jaw, is at the mean of the training data: .01 and 0 in this store."""
    stage = prepare(small_recipe(), store, Folding())
    assert stage.jaw_rest == {"jawY": pytest.approx(0.01, abs=1e-5), "jawZ": 0.0}


def test_nobody_trained_on_is_held_out():
    """Sheet 2.6: of 588 people 64 validate and 64 test."""
    split = split_speakers([f"p{number}" for number in range(588)], 64, 0)
    assert [len(part) for part in (split.train, split.validation, split.test)] == [460, 64, 64]
    assert not set(split.train) & set(split.validation) and not set(split.train + split.validation) & set(split.test)
    assert split == split_speakers([f"p{number}" for number in reversed(range(588))], 64, 0)
    more = split_speakers([f"p{number}" for number in range(589)], 64, 0)
    moved = set(split.validation + split.test) ^ set(more.validation + more.test)
    assert len(moved) <= 2 and not set(split.train) & set(more.test + more.validation)  # one comes, one goes; nobody trained on is held out
    with pytest.raises(OptionError, match="hold out fewer"):
        split_speakers(["a", "b"], 1, 0)


def test_a_store_gives_clips_of_the_model_s_channels(store, tmp_path):
    clips = read_motion_clips(store, FLAME_GENERATED, 100, 200)
    assert len(clips.clips) == 12 and clips.speakers == [f"p{number}" for number in range(6)]
    clip = clips.clips[0]
    assert clip.motion.shape == (260, 54) and clip.samples.shape == (260 * 640,) and clip.identity.shape == (100,)
    sound, motion = clip.cut(10, 5)
    assert sound.shape == (3200,) and np.array_equal(motion, clip.motion[10:15])
    assert clips.fingerprint == read_motion_clips(store, FLAME_GENERATED, 100, 200).fingerprint
    with pytest.raises(FileError, match="12 are shorter than 500"):
        read_motion_clips(store, FLAME_GENERATED, 100, 500)
    with pytest.raises(FileError, match="no shards"):
        read_motion_clips(tmp_path, FLAME_GENERATED, 100, 200)
    short = prepare(small_recipe(), store, Folding())
    short.clips.clips[0] = replace(clip, motion=clip.motion[:150])
    with pytest.raises(OptionError, match="shorter than two windows"):
        PairedWindowsTask(short.model, short.clips, cosine_schedule(500), [], None, PairConfig())


def test_too_few_people_are_refused(store):
    with pytest.raises(OptionError, match="32 people a batch, but only 6"):
        style_task(store, 32)


def test_both_runs_make_a_checkpoint(store, tmp_path):
    loop = {"steps": 4, "save_every": 2, "validate_every": 2, "validation_rounds": 1, "log_every": 1}
    recipe = small_recipe()
    recipe = replace(recipe, style_loop=replace(recipe.style_loop, **loop), pairs_loop=replace(recipe.pairs_loop, **loop))
    stage = prepare(recipe, store, Folding())

    def quiet(text, flush=True):
        """Takes the lines of a run."""

    train_style(stage, tmp_path, quiet)
    path = train_denoiser(stage, HEAD, tmp_path, quiet)
    checkpoint = load(path)
    assert checkpoint.rig == FLAME_GENERATED and checkpoint.recipe["name"] == "diffposetalk"
    assert checkpoint.recipe["weights"]["vertex"] == 2e6 and checkpoint.data == stage.clips.of_speakers(stage.split.train).fingerprint
    trained = stage.clips.of_speakers(stage.split.train)
    (source,) = checkpoint.sources
    assert source.clips == len(trained.clips) < len(stage.clips.clips) and source.hours == pytest.approx(trained.hours, abs=1e-4)
    row = next(read_shard(sorted(store.glob("*.parquet"))[0]))
    assert (source.source, source.licence, source.consent) == (row.source, row.licence, row.consent)
    assert f"{row.source} ({row.licence}" in checkpoint.header()["licence"]
    assert checkpoint.recipe["jaw_rest"] == list(stage.jaw_rest.values())
    kinds = [json.loads(line).get("kind") for line in (tmp_path / "denoiser" / "log.jsonl").read_text().splitlines()]
    assert kinds.count("validation") == 2
