"""The training loop: a killed run resumes to the same losses, several processes and pieces give the same gradients, the best is kept."""

import json
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from line_task import CurveTask, config, gradients  # noqa: E402

from visavox.cli.options.progress import steps
from visavox.errors import FileError, OptionError  # noqa: E402
from visavox.train.log import lasting, read_log  # noqa: E402
from visavox.train.loop import LoopConfig, averaged_weights, best_weights, learning_rate, train, validate  # noqa: E402
from visavox.train.precision import computing_in, fast_precision, in_full
from visavox.train.processes import Share  # noqa: E402
from visavox.train.state import Progress, save_best

SCRIPT = str(Path(__file__).parent / "line_task.py")
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


def quiet(text, flush=True):
    """Takes the lines of a run."""


def both(**changes):
    task, held_out = CurveTask(), CurveTask()
    held_out.model = task.model
    return task, held_out


def lines(folder):
    return [{key: value for key, value in line.items() if key != "seconds"} for line in read_log(folder)]


def test_a_killed_run_resumes_to_the_same_losses(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    task, held_out = both()
    train(task, config(60), whole, quiet, held_out)
    with subprocess.Popen([sys.executable, SCRIPT, str(killed), "60"], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert "step 26\n" in process.stdout  # between two saves
        process.kill()
    assert 3 <= len(read_log(killed)) < len(read_log(whole))
    task, held_out = both()
    train(task, config(60), killed, quiet, held_out)
    assert lines(killed) == lines(whole)
    for name, value in averaged_weights(whole).items():
        torch.testing.assert_close(averaged_weights(killed)[name], value, rtol=0, atol=0)


@pytest.mark.parametrize("stop", [1, 13, 20, 21])
def test_an_interrupted_run_equals_a_whole_one(tmp_path, stop):
    train(CurveTask(), config(30), tmp_path / "whole", quiet)

    class Stopping(CurveTask):
        def losses(self, random):
            self.left = getattr(self, "left", stop) - 1
            if self.left < 0:
                raise KeyboardInterrupt
            return super().losses(random)

    with pytest.raises(KeyboardInterrupt):
        train(Stopping(), config(30), tmp_path / "parts", quiet)
    train(CurveTask(), config(30), tmp_path / "parts", quiet)
    assert lines(tmp_path / "parts") == lines(tmp_path / "whole")


def test_two_processes_give_the_gradients_of_one(tmp_path):
    """Gradients of the third step, so the two steps before agreed as well; with gloo on CPUs, and pieces within each process."""
    pytest.importorskip("accelerate")
    one = gradients(tmp_path / "one", 1)
    launch = ["-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1", "--mixed_precision", "no",
              "--dynamo_backend", "no", "--main_process_port", "0"]  # fmt: skip
    command = [sys.executable, *launch, SCRIPT, str(tmp_path), "--gradients", "--accumulate", "1", "2"]  # started once: it takes its time
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    for other in (gradients(tmp_path / "pieces", 4), *(np.load(tmp_path / f"{pieces}.npz") for pieces in (1, 2))):
        assert set(other) == set(one)
        for name, value in one.items():
            np.testing.assert_allclose(other[name], value, rtol=1e-5, atol=1e-7)


def test_a_state_for_which_there_is_no_room_is_one_sentence_and_the_state_before_stays(tmp_path, monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python would leave halves of it
    model = torch.nn.Linear(100, 100)
    save_best(tmp_path, Progress(average=model.state_dict(), step=1))
    before, limits = (tmp_path / "best.pt").read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(FileError, match="best.pt: .*free some space"):
            save_best(tmp_path, Progress(average=model.state_dict(), step=2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "best.pt").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_state_that_cannot_be_saved_for_another_reason_says_that_reason(tmp_path, monkeypatch):
    def refused(*_):
        raise RuntimeError("device-side assert triggered")

    monkeypatch.setattr(torch, "save", refused)
    with pytest.raises(RuntimeError, match="device-side assert triggered"):
        save_best(tmp_path, Progress())
    assert not list(tmp_path.iterdir())


def test_accelerate_in_one_process_is_the_plain_loop(tmp_path):
    accelerated = pytest.importorskip("visavox.train.accelerated")
    pytest.importorskip("accelerate")
    train(CurveTask(), config(20), tmp_path / "plain", quiet)
    train(CurveTask(), config(20), tmp_path / "accelerated", quiet, processes=accelerated.AcceleratedProcesses(cpu=True))
    assert lines(tmp_path / "accelerated") == lines(tmp_path / "plain")
    with pytest.raises(OptionError, match="bfloat16"):
        accelerated.AcceleratedProcesses("half")


def test_bfloat16_follows_float32_on_every_processor(tmp_path):
    """One field chooses; neither the processor's flags nor who runs the step has a say in it."""
    train(CurveTask(), config(40), tmp_path / "full", quiet)
    train(CurveTask(), replace(config(40), precision="bfloat16"), tmp_path / "half", quiet)
    full, half = ([line["square"] for line in read_log(tmp_path / name)] for name in ("full", "half"))
    assert half == pytest.approx(full, rel=0.05) and half != full


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_step_is_the_same_whatever_the_processor_says_of_itself(tmp_path, monkeypatch, precision):
    for name, flags in (("with", {"avx512_bf16": True, "bf16": True}), ("without", {})):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda flags=flags: flags)
        train(CurveTask(), replace(config(20), precision=precision), tmp_path / name, quiet)
        assert fast_precision() == ("bfloat16" if flags else "float32")
    assert lines(tmp_path / "with") == lines(tmp_path / "without")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_networks_compute_in_the_precision_and_losses_in_float32(tmp_path, precision):
    seen = []

    class Watching(CurveTask):
        def share_losses(self, random, share):
            linear = torch.nn.functional.linear
            seen.append(linear(torch.ones(1, 1), torch.ones(1, 1)).dtype)
            with in_full(torch.device("cpu")):
                seen.append(linear(torch.ones(1, 1), torch.ones(1, 1)).dtype)
            return super().share_losses(random, share)

    task = Watching()
    train(task, replace(config(1), precision=precision, validate_every=0), tmp_path, quiet)
    assert seen == [getattr(torch, precision), torch.float32] and task.model.up.weight.dtype == torch.float32


def test_a_cast_without_gradients_does_not_serve_one_that_needs_them():
    layer, x = torch.nn.Linear(2, 1), torch.ones(1, 2)
    with computing_in("bfloat16", x.device):
        with torch.no_grad():
            layer(x)
        layer(x).sum().backward()
    assert layer.weight.grad is not None


def test_a_precision_that_cannot_be_used_is_refused(tmp_path):
    with pytest.raises(OptionError, match="'fp8' is unknown; valid: float32, bfloat16, float16"):
        replace(config(1), precision="fp8")
    with pytest.raises(OptionError, match="choose bfloat16"):
        train(CurveTask(), replace(config(1), precision="float16"), tmp_path / "run", quiet)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": 0.1}, r"learning_rate 0\.01 \(now 0\.1\)"), ({"seed": 9}, r"seed 4 \(now 9\)"),
        ({"precision": "bfloat16"}, r"precision float32 \(now bfloat16\)"), ({"steps": 12}, r"steps 10 \(now 12\)"),
    ],
)  # fmt: skip
def test_a_finished_folder_does_not_serve_a_run_of_other_settings(tmp_path, change, words):
    train(CurveTask(), config(10), tmp_path, quiet)
    before = averaged_weights(tmp_path)
    with pytest.raises(FileError, match=words):
        train(CurveTask(), replace(config(10), **change), tmp_path, quiet)
    torch.testing.assert_close(averaged_weights(tmp_path), before, rtol=0, atol=0)
    train(CurveTask(), replace(config(10), save_every=3, log_every=1), tmp_path, quiet)  # what only watches may change


def test_a_run_on_other_data_is_refused_and_a_constant_one_may_be_prolonged(tmp_path):
    task, other = CurveTask(), CurveTask()
    task.made_of, other.made_of = {"recordings": "0123"}, {"recordings": "4567"}
    constant = replace(config(10), final_share=1.0)
    train(task, constant, tmp_path, quiet)
    with pytest.raises(FileError, match=r"recordings 0123 \(now 4567\)"):
        train(other, constant, tmp_path, quiet)
    with pytest.raises(FileError, match=r"recordings 0123 \(now nothing\)"):
        train(CurveTask(), constant, tmp_path, quiet)
    train(task, replace(constant, steps=12), tmp_path, quiet)
    assert torch.load(tmp_path / "state.pt", weights_only=True)["step"] == 12


def test_validation_keeps_the_best_average(tmp_path):
    task, held_out = both()
    train(task, replace(config(40), learning_rate=3e-2), tmp_path, quiet, held_out)
    measured = [line for line in read_log(tmp_path) if line.get("kind") == "validation"]
    assert [line["step"] for line in measured] == [20, 40]
    best = min(measured, key=lambda line: line["score"])
    again = sum(validate(held_out, best_weights(tmp_path), 2).values())
    assert math.isclose(again, best["score"], abs_tol=1e-6)


def test_it_ends_where_nothing_better_was_found_for_a_while(tmp_path):
    """Weights that are driven away from a good start are worse at every validation: the first stays the best."""
    often = replace(config(200), learning_rate=5.0, warm_up=0, final_share=1.0, ema=0.0, validate_every=2, save_every=7, patience=3)
    task, held_out = both()
    train(task, often, tmp_path, quiet, held_out)
    measured = [line for line in read_log(tmp_path) if line.get("kind") == "validation"]
    scores = [line["score"] for line in measured]
    assert len(scores) < 40 and int(np.argmin(scores)) == len(scores) - 1 - 3
    ended = torch.load(tmp_path / "state.pt", weights_only=True)["step"]
    assert ended == measured[-1]["step"]
    task, held_out = both()
    train(task, often, tmp_path, quiet, held_out)  # there is no use in going on
    assert torch.load(tmp_path / "state.pt", weights_only=True)["step"] == ended


def test_validation_leaves_training_as_it_was(tmp_path):
    task, held_out = both()
    train(task, config(30), tmp_path / "with", quiet, held_out)
    train(CurveTask(), config(30), tmp_path / "without", quiet)
    trained = [line for line in lines(tmp_path / "with") if "kind" not in line]
    assert trained == lines(tmp_path / "without")


def test_without_an_average_the_weights_themselves_are_kept(tmp_path):
    task = CurveTask()
    train(task, replace(config(10), ema=0.0), tmp_path, quiet)
    for name, value in averaged_weights(tmp_path).items():
        torch.testing.assert_close(value, task.model.state_dict()[name], rtol=0, atol=0)


def test_learning_rates():
    """Sheet 2.4: linear over 5000 steps to 1e-4, then constant; and the cosine of the small model."""
    paper = LoopConfig(200_000, 1e-4, warm_up=5000, final_share=1.0)
    assert [learning_rate(step, paper) for step in (0, 2499, 4999, 5000, 199_999)] == pytest.approx([2e-8, 5e-5, 1e-4, 1e-4, 1e-4])
    small = LoopConfig(1000, 1e-3, warm_up=100, final_share=0.02)
    assert learning_rate(999, small) == pytest.approx(2e-5, rel=0.01) and learning_rate(550, small) == pytest.approx(5.1e-4)


def test_gradients_are_clipped_to_the_norm(tmp_path):
    task = CurveTask()
    train(task, replace(config(1), clip=1e-3), tmp_path, quiet)
    norm = sum(float(w.grad.square().sum()) for w in task.model.parameters() if w.grad is not None) ** 0.5
    assert norm == pytest.approx(1e-3, rel=1e-3)


def test_a_batch_is_cut_evenly_or_not_at_all(tmp_path):
    assert [Share(number, 4).items(8) for number in range(4)] == [slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 8)]
    with pytest.raises(OptionError, match="8 cannot be cut into 3"):
        train(CurveTask(), config(5, accumulate=3), tmp_path, quiet)

    class Whole:
        model = CurveTask().model

        def losses(self, random):
            return {}

    with pytest.raises(OptionError, match="Whole cannot be cut"):
        train(Whole(), config(5, accumulate=2), tmp_path, quiet)


def test_a_run_that_diverges_stops_and_says_so(tmp_path):
    class Bad(CurveTask):
        def losses(self, random):
            return {"square": super().losses(random)["square"] * float("nan")}

    with pytest.raises(OptionError, match="square.*step 10"):
        train(Bad(), config(20), tmp_path, quiet)


def test_a_damaged_state_says_what_to_do(tmp_path):
    (tmp_path / "state.pt").write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(FileError, match="remove it"):
        train(CurveTask(), config(5), tmp_path, quiet)
    with pytest.raises(FileError, match="does not exist"):
        averaged_weights(tmp_path / "nowhere")


def test_a_log_line_cut_short_is_dropped(tmp_path):
    train(CurveTask(), replace(config(14), final_share=1.0), tmp_path, quiet)
    with (tmp_path / "log.jsonl").open("a") as log:
        log.write('{"step": 12, "squ')
    train(CurveTask(), replace(config(20), final_share=1.0), tmp_path, quiet)
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [10, 20]


def test_tensorboard_holds_the_same_numbers(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    train(CurveTask(), replace(config(20), tensorboard=True), tmp_path, quiet)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    written = [(event.step, round(event.value, 5)) for event in events.Scalars("train/square")]
    assert written == [(line["step"], round(line["square"], 5)) for line in read_log(tmp_path)]


def test_a_run_says_in_words_how_far_it_is(tmp_path, capsys):
    task, held_out = both()
    said = []
    train(task, replace(config(4), log_every=2, validate_every=4), tmp_path, lambda line, flush: said.append(line), held_out)
    assert [(line.step, line.steps) for line in said] == [(2, 4), (4, 4), (4, 4)]
    assert re.fullmatch(r"step 2 of 4: loss \S+, \d+ s left at most", str(said[0])) and str(said[2]).endswith("the best so far")
    with steps("training") as report:  # nobody watches a test: lines, as in a log file
        for line in (said[0], "measuring"):
            report(line)
    assert capsys.readouterr().out == f"{said[0]}\nmeasuring\n"


@pytest.mark.parametrize(("seconds", "words"), [(5, "5 s"), (600, "10 min"), (9000, "2.5 h")])
def test_what_is_left_is_said_in_fitting_units(seconds, words):
    assert lasting(seconds) == words
