"""Adding by adding: a pretend gesture, format, renderer, condition and task, each written here and entered by one line, is all there is."""

import numpy as np
import torch
from torch import nn

import visavox.cli.options.picture
import visavox.export
import visavox.gestures
from recordings import write_with_libsndfile
from tiny_checkpoint import write_tiny_checkpoint
from train.small_corpus import encoded_recordings, small_face, small_recordings
from visavox.cli import main
from visavox.diffusion.schedule import cosine_schedule
from visavox.export import Format
from visavox.gestures import Listed
from visavox.gestures.gesture import FrameByFrame
from visavox.io.atomic import write_bytes
from visavox.io.motion import read_motion, write_motion
from visavox.io.video_frames import read_frames
from visavox.loading import load
from visavox.models.conditions import NamedCondition
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.stream import Stream
from visavox.train.face_losses import LipGeometry
from visavox.train.log import read_log
from visavox.train.loop import LoopConfig, train
from visavox.train.tasks.denoiser import DenoisingConfig, DenoisingTask
from visavox.train.terms import LossTerm, weighted


def enter(monkeypatch, home, name: str, entry, first: bool = False) -> None:
    """The one line: `entry` stands in the list `home.name`."""
    listed = getattr(home, name)
    monkeypatch.setattr(home, name, (entry, *listed) if first else (*listed, entry))


def puff(piece, take):
    """A pretend gesture: cheeks that puff, by chance."""
    chance = take.chance.frames(0, (piece.motion.frames, 1))[:, 0]
    return piece.motion.with_channels({"cheekPuff": np.clip(0.5 + 0.1 * chance, 0, 1)})


def test_a_gesture_is_made_by_recordings_and_streams_and_changes_no_other(tmp_path, monkeypatch):
    weights, sound = write_tiny_checkpoint(tmp_path / "tiny.safetensors"), write_with_libsndfile(tmp_path / "a.wav", 1.0, 16000)
    animate = ["animate", str(sound), "--checkpoint", str(weights), "--seed", "3", "-o"]
    assert main([*animate, str(tmp_path / "before.npz")]) == 0
    enter(monkeypatch, visavox.gestures, "GESTURES", Listed(FrameByFrame("puff", puff)), first=True)
    assert main([*animate, str(tmp_path / "after.npz")]) == 0
    before, after = (read_motion(tmp_path / f"{name}.npz") for name in ("before", "after"))
    changed = {name for name in ARKIT.names if not np.array_equal(before.channel(name), after.channel(name))}
    assert changed == {"cheekPuff"} and after.channel("cheekPuff").std() > 0.05
    live = Stream(load(weights)).feed(visavox.read_audio(sound).samples)
    assert live.channel("cheekPuff").mean() > 0.4


def write_count(motion, path, accompaniment) -> None:
    """A pretend format: how many frames there are."""
    write_bytes(f"{motion.frames} frames".encode(), path)


COUNT = Format(".count", write_count, "a count", frozenset({"provenance"}), "a number", "the motion", "visavox export a.npz -o a.count")


def test_a_format_is_written_by_the_command_line_and_named_where_it_is_asked_for(tmp_path, monkeypatch, capsys):
    enter(monkeypatch, visavox.export, "FORMATS", COUNT)
    write_motion(Motion(np.zeros((4, len(ARKIT))), 25, ARKIT), tmp_path / "a.npz")
    assert main(["export", str(tmp_path / "a.npz"), "-o", str(tmp_path / "a.count")]) == 0
    assert (tmp_path / "a.count").read_text() == "4 frames"
    assert main(["export", str(tmp_path / "a.npz"), "-o", str(tmp_path / "a.other")]) == 2
    assert ".count" in capsys.readouterr().err


class Meter:
    """A pretend renderer: as bright as the jaw is open."""

    size = (64, 64)

    def frames(self, motion):
        return (np.full((64, 64, 3), int(255 * jaw), np.uint8) for jaw in motion.channel("jawOpen"))


def test_a_renderer_draws_the_video_of_the_command_line(tmp_path, monkeypatch):
    enter(monkeypatch, visavox.cli.options.picture, "RENDERERS", lambda picture, motion: Meter(), first=True)
    open_jaw = Motion(np.zeros((4, len(ARKIT))), 25, ARKIT).with_channels({"jawOpen": np.full(4, 0.8)})
    write_motion(open_jaw, tmp_path / "a.npz")
    assert main(["render", str(tmp_path / "a.npz"), "-o", str(tmp_path / "a.mp4")]) == 0
    frames = [frame for _, frame in read_frames(tmp_path / "a.mp4")[1]]
    assert all(abs(frame.mean() - 204) < 8 for frame in frames) and len(frames) == 4


class SmilingTask(DenoisingTask):
    """A pretend condition in the task of the denoiser: how much is smiled in the clip. The line of the task is `named`."""

    def named(self, motion):
        self.smile = motion[..., ARKIT.indices(["mouthSmileLeft"])].mean(1).requires_grad_()
        return {"smile": self.smile}


def test_a_condition_is_one_line_of_the_model_and_one_of_the_task(tmp_path):
    recordings = encoded_recordings(tmp_path, small_recordings(tmp_path))
    torch.manual_seed(0)
    model = small_face(recordings).gaining(NamedCondition("smile", 1, "clip"))
    for name, weights in model.named_parameters():
        if "named" in name:
            weights.data.normal_()  # as if some of it had been learned: fresh ones change nothing yet
    task = SmilingTask(model, recordings, cosine_schedule(50), LipGeometry(Head.default()), DenoisingConfig(clips=4, no_style=0.5))
    sum(task.losses(np.random.default_rng(1)).values()).backward()
    reached = task.smile.grad.abs().sum(1) > 0
    assert reached.any() and not reached.all(), "what is told reaches the loss, but of windows that go without it"
    assert model.null_named["smile"].grad.any()


class CountingTask:
    """A pretend task: one weight learns to be seven."""

    def __init__(self):
        self.model = nn.Linear(1, 1)

    def losses(self, random):
        made = self.model(torch.full((4, 1), float(random.uniform(0.5, 1))))
        return weighted([LossTerm("seven", lambda made: (made - 7).square().mean(), 0.5)], made)


def test_a_task_is_trained_by_the_loop(tmp_path):
    torch.manual_seed(0)
    train(
        CountingTask(), LoopConfig(steps=60, warm_up=1, learning_rate=0.5, log_every=30), tmp_path / "run", report=lambda *line, **how: None
    )
    losses = [line["seven"] for line in read_log(tmp_path / "run")]
    assert losses[-1] < 0.1 * losses[0] and (tmp_path / "run" / "state.pt").exists()
