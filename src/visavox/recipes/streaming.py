"""The streaming encoders of the default recipe: the audio encoder and the lip reader of a checkpoint, trained to do with the sound so far.

They change nothing of what whole recordings get. They are trained again whenever those of the checkpoint are.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from visavox.checkpoint import Checkpoint
from visavox.data.clip import Clip
from visavox.data.material.recogniser_features import real_sounds
from visavox.data.material.streaming_lessons import StreamingLessons, prepare_streaming_lessons
from visavox.data.origins import content_of, sources_of
from visavox.data.readers.transcribed import read_sounds
from visavox.errors import OptionError
from visavox.history import Training
from visavox.models.face_model import FaceModel
from visavox.models.weights_digest import weights_digest
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.streaming_encoder import StreamingConfig, StreamingEncoder, StreamingEncoderTask

NAMES = {"encoder": "audio_encoder", "reader": "lip_reader"}  # what the parts of a student are called in a checkpoint


@dataclass(frozen=True)
class StreamingRecipe:
    """Every number of the streaming encoders; `speeds` are those at which sounds are played."""

    loop: LoopConfig = LoopConfig(steps=2000, learning_rate=3e-4, warm_up=50, ema=0.995, seed=21, save_every=100)
    task: StreamingConfig = StreamingConfig()
    speeds: tuple[float, ...] = (0.92, 1.0, 1.1)
    seed: int = 5

    def rehearsal(self) -> "StreamingRecipe":
        """This recipe with a few steps: it runs all the code and makes nothing of use."""
        return replace(self, loop=replace(self.loop, steps=4, warm_up=1, log_every=1), speeds=(1.0,))


def read_sounds_of(folders: Sequence[str], most: int | None = None) -> list[Clip]:
    """The sounds of the folders, at most `most` clips of each."""
    return [clip for folder in folders for clip in islice(read_sounds(Path(folder)), most)]


def add_streaming(start: Checkpoint, folder: Path, recipe: StreamingRecipe, clips: list[Clip], report=print) -> Checkpoint:
    """`start` with streaming encoders trained in `folder` on the sounds of clips, and this training in its history."""
    student = learn_to_stream(start, folder, recipe, clips, report)
    steps = ({"name": "streaming encoders", **asdict(recipe.loop)},)
    training = Training(asdict(recipe) | {"name": "streaming"}, content_of(clips), sources_of(clips), steps)
    stored = {name.partition("."): value.numpy() for name, value in student.state_dict().items()}
    weights = {f"{NAMES[part]}.{name}": value for (part, _, name), value in stored.items()}
    return replace(start, history=(*start.history, training), streaming=weights)


def learn_to_stream(start: Checkpoint, folder: Path, recipe: StreamingRecipe, clips: list[Clip], report=print) -> StreamingEncoder:
    """The streaming encoders of `start`, trained in `folder` on the sounds of clips; every step resumes.

    An OptionError when there is no lip reader to imitate, or no sound.
    """
    model = start.model()
    if model.lip_reader is None:
        raise OptionError(f"{start.source} has no lip reader; train that first: visavox build --lips-only")
    if not clips:
        raise OptionError("no sound is left to learn from; give folders of recordings")
    paths, made_of = [], {"start": weights_digest(model)}
    for speed in recipe.speeds:
        sounds = real_sounds(clips, (speed,))
        path = folder / "lessons" / f"sounds-{speed:g}.npz"
        paths.append(prepare_streaming_lessons(sounds, _encode(model), made_of | sounds.made_of, path))
        report(f"sounds at {speed:g} of their speed are there")
    seed_weights(recipe.seed)
    student = StreamingEncoder(model.audio_encoder, model.lip_reader)
    train(StreamingEncoderTask(student, StreamingLessons(paths), recipe.task), recipe.loop, folder / "streaming")
    student.load_state_dict(averaged_weights(folder / "streaming"))
    return student.eval()


def _encode(model: FaceModel):
    whole = StreamingEncoder(model.audio_encoder, model.lip_reader).eval()

    @torch.inference_mode()
    def encode(mel: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        features, logits, readings = whole(torch.from_numpy(mel)[None])
        return features[0].numpy(), logits.softmax(-1)[0].numpy(), readings[0].numpy()

    return encode
