"""The lip reader's recipe in miniature: filmed people and a stand-in recogniser to a checkpoint that reads lips."""

from dataclasses import replace

import numpy as np
import pytest

from tiny_checkpoint import write_tiny_checkpoint
from visavox.audio import Audio
from visavox.checkpoint import inspect, load, save
from visavox.data.clip import Clip
from visavox.data.measures import Measures
from visavox.errors import OptionError
from visavox.loading import load as load_animator
from visavox.models.sizes import READ
from visavox.recipes.lip_people import LipClips, LipRecipe, add_lip_reader, held_out

RECIPE = replace(LipRecipe(), speeds=(1.0,), loop=replace(LipRecipe().loop, steps=2, warm_up=1, log_every=1))
IMITATED = {"name": "a hum meter", "licence": "CC0-1.0"}


def clip(name: str, speaker: str, filmed: bool = True, seconds: float = 2.0) -> Clip:
    random = np.random.default_rng([7, *name.encode()])
    sound = Audio(0.1 * random.normal(size=round(16000 * seconds)).astype(np.float32), 16000)
    curve, frames = 0.1 + 0.05 * random.normal(size=round(25 * seconds)), round(25 * seconds)
    measures = Measures(curve, curve, np.ones(frames, bool), 25.0) if filmed else None
    return Clip(name, sound, speaker, "hums", "CC0-1.0", measures=measures)


def levels(sound: np.ndarray) -> np.ndarray:
    return np.stack([sound[: sound.size // 640 * 640].reshape(-1, 640).std(1)] * 2 * len(RECIPE.layers), 1)


SOUNDS = [clip("d1", "d", False), clip("d2", "d", False)]
HELD = next(f"p{number}" for number in range(99) if held_out(f"p{number}"))
CLIPS = LipClips([clip("a1", "a"), clip("a2", "a")], [clip("h1", HELD)], [clip("c1", "c")], SOUNDS)


def test_a_checkpoint_gains_a_lip_reader_and_keeps_the_rest(tmp_path):
    start = load(write_tiny_checkpoint(tmp_path / "start.safetensors"))
    made = add_lip_reader(start, tmp_path / "lips", RECIPE, CLIPS, levels, (IMITATED,))
    save(made, tmp_path / "made.safetensors")
    again = load(tmp_path / "made.safetensors")
    assert all(np.array_equal(again.weights[name], each) for name, each in start.weights.items())
    assert again.statistics == start.statistics
    assert start.style_encoder in again.speaks and again.calibration == start.calibration
    model = again.model()
    assert model.config.lip_cues[-2:] == READ
    header = inspect(tmp_path / "made.safetensors")
    assert header["history"][:-1] == inspect(tmp_path / "start.safetensors")["history"]
    assert (
        header["history"][-1]["distilled_from"] == [IMITATED]
        and "hums" in header["licence"]
        and "a hum meter (CC0-1.0)" in header["licence"]
    )
    assert header["history"][-1]["sources"][0]["clips"] == 5  # h is held out
    names = {gesture.name for gesture in load_animator(tmp_path / "made.safetensors").gestures}
    assert "lip reading" in names and not names & {"loudness", "breath"}


def test_who_is_held_out_depends_on_the_name_alone_and_is_no_lesson(tmp_path):
    people = [f"s{number}" for number in range(400)]
    assert 60 < sum(map(held_out, people)) < 140
    assert [held_out(f"grid_{name}") for name in people] == [held_out(name) for name in people]
    assert HELD not in {each.speaker for each in CLIPS.filmed}


def test_nobody_filmed_is_refused(tmp_path):
    start = load(write_tiny_checkpoint(tmp_path / "start.safetensors"))
    with pytest.raises(OptionError, match="no filmed person"):
        add_lip_reader(start, tmp_path / "lips", RECIPE, LipClips([], [clip("h1", HELD)], [], SOUNDS), levels)
