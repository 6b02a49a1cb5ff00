"""What DiffPoseTalk's full size costs on this machine: prints one JSON object. Weights are random; nothing is downloaded.

    python benchmarks/paper.py [--clips N] [--threads N] [--calls N]

"training": one step of the denoiser with HuBERT, forward and backward through all losses on a head of FLAME's 5,023 vertices, for --clips
clips (the recipe has 16): seconds a step and a clip, and the most memory of the process so far. "speech": seconds of work for one second
of speech at several numbers of steps, as HuBERT on a chunk, the constants of a window and one denoising call of three branches cost.
Seconds are of the processor, of all threads together, so that another program beside this one counts less.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from flame_like import egg, flame_like, head_arrays  # noqa: E402
from visavox.data.store.motion_clips import MotionClip, MotionClips  # noqa: E402
from visavox.diffusion.schedule import cosine_schedule  # noqa: E402
from visavox.models.conditions import Conditions  # noqa: E402
from visavox.models.face_model import FaceModel  # noqa: E402
from visavox.models.torch_engine import TorchEngine  # noqa: E402
from visavox.recipes.diffposetalk import diffposetalk, loss_terms  # noqa: E402
from visavox.rigs.heads.flame_head import FlameHead  # noqa: E402
from visavox.rigs.heads.flame_skinning import FlameSkinning  # noqa: E402
from visavox.train.losses import Geometry  # noqa: E402
from visavox.train.tasks.diffposetalk_denoiser import PairedWindowsTask  # noqa: E402

STEPS = (500, 50, 20, 10, 5)
BRANCHES = (frozenset(), frozenset({"audio"}), frozenset({"audio", "style"}))
WINDOW, SECONDS = 100, 4.0
FLAME_VERTICES = 5023


def flame_sized_head() -> FlameHead:
    """A head of FLAME's structure and size."""
    vertices, faces = egg(72, 70)  # 5,040 vertices, of which 5,023 are taken
    kept = vertices[:FLAME_VERTICES]
    return FlameHead.from_arrays(head_arrays(flame_like(kept, faces[(faces < len(kept)).all(1)])))


def memory_mb() -> float:
    """The most memory of this process so far in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def training(model: FaceModel, clips: int) -> dict:
    """Seconds and memory of one step's forward and backward."""
    recipe, random = diffposetalk(), np.random.default_rng(0)
    channels = len(model.rig)
    noise = [random.normal(0, 3000, 2 * WINDOW * 640).astype(np.int16) for _ in range(clips)]
    motion = [random.normal(0, 0.1, (2 * WINDOW, channels)).astype(np.float32) for _ in range(clips)]
    face = np.zeros(100, np.float32)
    pairs = zip(noise, motion, strict=True)
    data = MotionClips([MotionClip(str(n), str(n), sound, values, face) for n, (sound, values) in enumerate(pairs)], model.rig)
    geometry = Geometry(FlameSkinning(flame_sized_head()), model.normalizer, model.rig)
    config = replace(recipe.pairs, clips=clips, truncated=(0.0, 0.0))
    task = PairedWindowsTask(model, data, cosine_schedule(500), loss_terms(recipe.weights, model.rig), geometry, config)
    model.train()
    start = time.process_time()
    losses = task.losses(random)
    forward = time.process_time() - start
    sum(losses.values()).backward()
    whole = time.process_time() - start
    return {
        "clips": clips, "forward_seconds": round(forward, 2), "step_seconds": round(whole, 2),
        "seconds_a_clip": round(whole / clips, 2), "most_memory_mb": round(memory_mb()),
    }  # fmt: skip


def speech(model: FaceModel, calls: int) -> dict:
    """Seconds of work for each second of speech."""
    model.eval()
    sizes, random = model.config.denoiser, np.random.default_rng(0)

    def normal(*shape):
        return random.normal(size=shape).astype(np.float32)

    samples = normal(WINDOW * 640)
    hearing, features = timed(calls, lambda: TorchEngine(model).encode(samples)[0])
    told = Conditions(
        features[None], np.ones((1, WINDOW)), normal(1, sizes.context, sizes.channels), normal(1, sizes.context, sizes.width),
        normal(1, sizes.style), normal(1, sizes.identity),
    )  # fmt: skip
    once, prepared = timed(calls, lambda: TorchEngine(model).prepare(told, BRANCHES))
    noisy = normal(1, WINDOW, sizes.channels)
    call, _ = timed(calls, lambda: TorchEngine(model).denoise(noisy, 250, prepared, told.context))
    overlap = model.config.audio.chunk / (model.config.audio.chunk - 2 * model.config.audio.margin)
    return {
        "hearing_seconds_a_chunk": round(hearing, 3), "prepare_seconds": round(once, 4), "call_seconds": round(call, 4),
        "work_seconds_a_second": {steps: round((hearing * overlap + once + steps * call) / SECONDS, 3) for steps in STEPS},
        "most_memory_mb": round(memory_mb()),
    }  # fmt: skip


def timed(calls: int, work):
    """The median seconds of `calls` calls after one that is not counted, and what the last returned."""
    answer, times = work(), []
    for _ in range(calls):
        start = time.process_time()
        answer = work()
        times.append(time.process_time() - start)
    return statistics.median(times), answer


def main() -> None:
    """Measures speech first, so that its memory is not that of training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--calls", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = FaceModel(diffposetalk().config)
    counts = {"all": sum(w.numel() for w in model.parameters()), "learning": 0}
    measured = {"threads": options.threads, "speech": speech(model, options.calls), "training": training(model, options.clips)}
    counts["learning"] = sum(w.numel() for w in model.parameters() if w.requires_grad)
    print(json.dumps({"weights": counts, **measured}, indent=2))


if __name__ == "__main__":
    main()
