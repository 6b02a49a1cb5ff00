"""How long each stage takes on this machine, from the bundled recording to motion and to pictures."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from visavox.audio import Audio
from visavox.io.assets import demo_recording
from visavox.motion import Motion

FRAMES, SIZE = 6, 512  # that are drawn, and their height and width
ENGINES = {"OnnxEngine": "ONNX Runtime", "TorchEngine": "PyTorch"}
NETWORKS = ("encode", "prepare", "denoise")


@dataclass
class Stage:
    """Seconds of a stage by the clock and of the processors; `calls` of it; `note` says what was done."""

    name: str
    seconds: float = 0.0
    processor_seconds: float = 0.0
    calls: int = 0
    note: str = ""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Adds the time of what is done in it."""
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - clock
        self.processor_seconds += time.process_time() - processor
        self.calls += 1


@dataclass
class Stages:
    """The stages so far, in their order; `faster` is how many times faster than real time motion is made on one thread, by the clock and by
    processor time, once it is.
    """

    stages: list[Stage] = field(default_factory=list)
    engine: str = ""
    precision: str = ""
    faster: tuple[float, float] | None = None

    def add(self, name: str, note: str = "") -> Stage:
        """A new stage, the last."""
        self.stages.append(Stage(name, note=note))
        return self.stages[-1]

    def to_json(self) -> list[dict]:
        """The stages as plain JSON."""
        return [asdict(stage) for stage in self.stages]


class _Timed:
    """An engine whose calls are timed, each kind as a stage."""

    def __init__(self, engine, stages: dict[str, Stage]):
        self._engine, self._stages = engine, stages

    def __getattr__(self, name: str):
        found = getattr(self._engine, name)
        if name not in self._stages:
            return found

        def timed(*given):
            with self._stages[name].timed():
                return found(*given)

        return timed


def motion_stages(stages: Stages) -> tuple[Audio, Motion]:
    """The bundled recording and its motion; every stage from the file to motion is added, once warm."""
    with stages.add("read a recording").timed():
        from visavox.io.audio import read_audio

        audio = read_audio(demo_recording())
    stages.stages[-1].note = f"{audio.seconds:.1f} s of sound"
    with stages.add("load the model", "with the libraries that run it").timed():
        from visavox.loading import load

        animator = load(threads=1)
    stages.engine, stages.precision = ENGINES[type(animator.engine).__name__], animator.engine.precision
    animator.animate(audio)  # what is only done once is no speed
    parts = {name: Stage(name) for name in NETWORKS}
    timed = _Timed(animator.engine, parts)
    animator.engine = timed
    animator.encode = type(animator.encode)(timed, animator.encode.encode)
    whole = Stage("animate", note="all of it, on one thread")
    with whole.timed():
        motion = animator.animate(audio)
    rest = Stage("sample, gestures", calls=1, note="noise, blinks, gaze, head and brows")
    rest.seconds = whole.seconds - sum(part.seconds for part in parts.values())
    rest.processor_seconds = whole.processor_seconds - sum(part.processor_seconds for part in parts.values())
    stages.stages += [*parts.values(), rest, whole]
    stages.faster = audio.seconds / whole.seconds, audio.seconds / whole.processor_seconds
    return audio, motion


def picture_stages(stages: Stages, motion: Motion, report: Callable[[str], None] = lambda line: None) -> None:
    """Adds the drawing of frames; before the first one on a new machine `report` is called, since its loops are compiled then."""
    from visavox.render import Camera, render
    from visavox.rigs.heads.default_head import Head

    head = Head.default()
    pictures = render(replace(motion, values=motion.values[: 1 + FRAMES]), head, Camera.portrait(head, size=SIZE))
    report("drawing; on a new machine its loops are compiled first, once")
    with stages.add("first frame", "with what is loaded and compiled for it").timed():
        next(pictures)
    drawing = stages.add("draw a frame", f"{SIZE} x {SIZE} pixels, the mean of {FRAMES}")
    with drawing.timed():
        count = sum(1 for _ in pictures)
    drawing.seconds, drawing.processor_seconds, drawing.calls = drawing.seconds / count, drawing.processor_seconds / count, count
