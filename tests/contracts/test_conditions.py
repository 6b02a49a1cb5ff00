"""The door of conditions by name: whatever a model is told by a name of its own keeps these promises."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tiny_checkpoint import tiny_checkpoint
from tiny_model import some_conditions, tiny_config, tiny_model
from visavox.animate import Animator
from visavox.audio import Audio
from visavox.checkpoint import Checkpoint, load, save
from visavox.errors import OptionError
from visavox.models.conditions import NamedCondition, Nulls
from visavox.models.torch_engine import TorchEngine
from visavox.sampling import ConditionValue, Sampling

# A pretend condition of each kind. A new one of the product belongs here.
FAMILY = [NamedCondition("mood", 3, "clip"), NamedCondition("partner", 2, "frame")]
SPEECH = Audio(np.sin(np.arange(16000 * 5) / 9).astype(np.float32) * 0.3, 16000)  # longer than one window


@pytest.fixture(params=FAMILY, ids=lambda entry: entry.per)
def entry(request):
    return request.param


def trained(model):
    """`model` as if its conditions had been learned."""
    torch.manual_seed(5)
    for name, parameter in model.named_parameters():
        if "named" in name:
            parameter.data.normal_()
    return model.eval()


def values(entry, batch=2, seed=0):
    torch.manual_seed(seed)
    return torch.randn(entry.shape(batch, 12))


def test_a_model_that_gains_one_moves_as_before(entry):
    old = tiny_model()
    new = old.gaining(entry).eval()
    told, noisy, step = some_conditions(), torch.randn(2, 12, 5), torch.tensor([3, 17])
    with torch.inference_mode():
        assert torch.equal(old(noisy, step, told), new(noisy, step, replace(told, named={entry.name: values(entry)})))


def test_absent_is_null_and_null_is_learned(entry):
    model = trained(tiny_model().gaining(entry))
    told, noisy, step = some_conditions(), torch.randn(2, 12, 5), torch.tensor([3, 17])
    with_it = replace(told, named={entry.name: values(entry)})
    masked = Nulls(named={entry.name: torch.tensor([True, False])})
    with torch.inference_mode():
        absent, present, mixed = model(noisy, step, told), model(noisy, step, with_it), model(noisy, step, with_it, masked)
        assert (absent - present).abs().max() > 1e-3
        assert torch.allclose(mixed[0], absent[0], atol=1e-6) and torch.allclose(mixed[1], present[1], atol=1e-6)
        model.null_named[entry.name].data += 1
        assert (model(noisy, step, told) - absent).abs().max() > 1e-3


def test_the_engine_answers_each_branch_as_the_network_does(entry):
    model = trained(tiny_model().gaining(entry))
    told, noisy = replace(some_conditions(), named={entry.name: values(entry)}), torch.randn(2, 12, 5)
    branches = [frozenset(), frozenset({"audio"}), frozenset({"audio", entry.name}), frozenset({"audio", "style", entry.name})]
    engine = TorchEngine(model)
    prepared = engine.prepare(told.map(lambda value: value.numpy()), branches)
    answers = engine.denoise(noisy.numpy(), 7, prepared, told.context.numpy())
    everything = torch.ones(2, dtype=torch.bool)
    for branch, answer in zip(branches, answers, strict=True):
        untold = {name: everything if name not in branch else None for name in ("style", "audio")}
        nulls = Nulls(untold["style"], untold["audio"], named={entry.name: everything} if entry.name not in branch else {})
        with torch.inference_mode():
            wanted = model(noisy, torch.full((2,), 7), told, nulls)
        assert np.allclose(answer, wanted.numpy(), atol=1e-5)


def test_it_survives_a_file_and_is_guided_by_its_own_weight(entry, tmp_path):
    checkpoint = tiny_checkpoint()
    model = trained(checkpoint.model().gaining(entry))
    save(Checkpoint.of(model, checkpoint.history[-1]), tmp_path / "told.safetensors")
    animator = Animator(TorchEngine(load(tmp_path / "told.safetensors").model()), "encoder")
    frames = 125 if entry.per == "frame" else 1
    track = np.random.default_rng(0).normal(size=(frames, entry.size)).astype(np.float32)
    track = track if entry.per == "frame" else track[0]

    def motion(**conditions):
        return animator.animate(SPEECH, sampling=Sampling(steps=3, conditions=conditions)).values

    plain, weak, strong = motion(), motion(**{entry.name: ConditionValue(track)}), motion(**{entry.name: ConditionValue(track, 4.0)})
    assert np.abs(weak - plain).max() > 1e-4
    assert np.abs(strong - plain).sum() > 1.5 * np.abs(weak - plain).sum()


def test_a_track_is_told_to_the_frames_that_it_is_of():
    entry = FAMILY[1]
    animator = Animator(TorchEngine(trained(tiny_checkpoint().model().gaining(entry))), "encoder")
    track = np.zeros((125, entry.size), np.float32)
    late = track.copy()
    late[110:] = 3.0  # in the second window

    def motion(values):
        return animator.animate(SPEECH, sampling=Sampling(steps=3, blend=0.0, conditions={entry.name: ConditionValue(values)})).values

    one, other = motion(track), motion(late)
    assert np.array_equal(one[:100], other[:100]) and not np.array_equal(one[100:], other[100:])


def test_what_a_model_does_not_know_is_refused_by_name(entry):
    animator = Animator(TorchEngine(tiny_checkpoint().model().gaining(entry)), "encoder")
    for conditions, words in (
        ({"weather": ConditionValue(np.zeros(3))}, f"'weather'; it knows {entry.name}"),
        ({entry.name: ConditionValue(np.zeros((7, 9)))}, "takes"),
    ):
        with pytest.raises(OptionError, match=words):
            animator.animate(SPEECH, sampling=Sampling(conditions=conditions))
    with pytest.raises(OptionError, match="guidance"):
        Sampling(conditions={entry.name: ConditionValue(np.zeros(3), 99.0)})


@pytest.mark.parametrize("bad", [("audio", 3, "clip"), ("mood", 0, "clip"), ("mood", 3, "word")])
def test_a_configuration_that_makes_no_sense_is_refused(bad):
    config = tiny_config().denoiser
    with pytest.raises(OptionError, match="conditions"):
        replace(config, conditions=(bad,))


def test_a_model_without_any_has_the_configuration_that_it_always_had():
    assert "conditions" not in tiny_config().to_json()["denoiser"]
