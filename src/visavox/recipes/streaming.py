"""The changes for streams of the default recipe: the audio encoder and the lip reader of a checkpoint, changed to do with the sound so far.

What whole recordings get does not change. Train again whenever the audio encoder or the lip reader was trained: a checkpoint whose lip
reader alone is another keeps the changes of the encoder.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from visavox.checkpoint import Checkpoint
from visavox.data.clip import Clip
from visavox.data.material.streaming_lessons import StreamingLessons, Whole, prepare_streaming_lessons
from visavox.data.origins import content_of, sources_of
from visavox.errors import OptionError
from visavox.history import Training
from visavox.models.face_model import FaceModel
from visavox.models.running_means import means_with, usual_voice
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest
from visavox.recipes.share import shorter
from visavox.train.loop import LoopConfig, averaged_weights, seed_weights, train
from visavox.train.tasks.streaming_encoder import StreamingConfig, StreamingEncoder, StreamingEncoderTask

STREAMING = "streaming"  # the name of this recipe in a history, and of its numbers in it
NAMES = {"encoder": "audio_encoder", "reader": "lip_reader"}  # what the parts of a student are called in a checkpoint
HELD_OUT = 10  # of so many sounds of a folder, by name, the last is kept for validation: other speakers, where names begin with theirs


@dataclass(frozen=True)
class StreamingRecipe:
    """Every number of the changes for streams: of the training of each part, of its task, `speeds` at which sounds are played, `copies`
    that are heard at each."""

    encoder: LoopConfig = LoopConfig(
        steps=3000, learning_rate=3e-4, warm_up=50, weight_decay=0.0, ema=0.998, seed=21, save_every=100, validate_every=500,
        validation_rounds=24,
    )  # fmt: skip
    reader: LoopConfig = LoopConfig(
        steps=800, learning_rate=3e-4, warm_up=50, weight_decay=0.0, ema=0.995, seed=22, save_every=100, validate_every=400,
        validation_rounds=24,
    )  # fmt: skip
    task: StreamingConfig = StreamingConfig()
    speeds: tuple[float, ...] = (0.92, 1.0, 1.1)
    copies: int = 2
    seed: int = 5

    @property
    def loops(self) -> dict[str, LoopConfig]:
        """How each part of the student is trained, in order."""
        return {"encoder": self.encoder, "reader": self.reader}

    def scaled(self, share: float) -> "StreamingRecipe":
        """This recipe with that share of its steps."""
        return replace(self, **{part: shorter(loop, share) for part, loop in self.loops.items()})

    def in_precision(self, precision: str) -> "StreamingRecipe":
        """This recipe, whose networks compute in `precision`."""
        return replace(self, **{part: replace(loop, precision=precision) for part, loop in self.loops.items()})


def add_streaming(start: Checkpoint, folder: Path, recipe: StreamingRecipe, clips: list[Clip], report=print) -> Checkpoint:
    """`start` with changes for streams learned in `folder` from the sounds of clips, and this training in its history.

    An OptionError when there is no lip reader that they could be made for, or no sound.
    """
    model, (learned, held) = start.model(), parted(clips)
    if model.lip_reader is None:
        raise OptionError(f"{start.source} has no lip reader; train that first: visavox build --lips-only")
    if not learned:
        raise OptionError("no sound is left to learn from; give folders of recordings")
    lessons = make_lessons(model, folder, recipe, (learned, held), report)
    changes = learn_to_stream(model, folder, recipe, lessons)
    steps = tuple({"name": f"{STREAMING} {part}", **asdict(loop)} for part, loop in recipe.loops.items())
    training = Training({"name": STREAMING, STREAMING: asdict(recipe)}, content_of(learned), sources_of(learned), steps)
    return replace(start, history=(*start.history, training), streaming=changes)


def parted(clips: list[Clip]) -> tuple[list[Clip], list[Clip]]:
    """The clips that are learned, and those that are held out."""
    by_source = {}
    for clip in clips:
        by_source.setdefault(clip.source, []).append(clip)
    held = [clip for each in by_source.values() for clip in each[len(each) - len(each) // HELD_OUT :]]
    return [clip for clip in clips if clip not in held], held


def make_lessons(
    model: FaceModel, folder: Path, recipe: StreamingRecipe, clips: tuple[list[Clip], list[Clip]], report=print
) -> tuple[StreamingLessons, StreamingLessons | None]:
    """The lessons of the sounds of clips, and of those that are held out, None when there are none."""
    whole, made_of = Whole(_encode(model), _means_so_far), {"start": weights_digest(model)}
    found = []
    for name, sounds, speeds in (("sounds", clips[0], recipe.speeds), ("held", clips[1], (1.0,))):
        paths = []
        for speed in speeds if sounds else ():
            path = folder / "lessons" / f"{name}-{speed:g}.npz"
            paths.append(prepare_streaming_lessons(sounds, speed, recipe.copies, whole, made_of, path))
            report(f"{name} at {speed:g} of their speed are there")
        found.append(StreamingLessons(paths) if paths else None)
    return tuple(found)


def learn_to_stream(
    model: FaceModel, folder: Path, recipe: StreamingRecipe, lessons: tuple[StreamingLessons, StreamingLessons | None]
) -> dict[str, np.ndarray]:
    """The changes of the weights of `model` for streams, learned in `folder`: those of the encoder, then those of the lip reader, which
    reads what the changed encoder makes. Every step resumes; the weights of `model` are changed."""
    seed_weights(recipe.seed)
    student, changes = StreamingEncoder(model.audio_encoder, model.lip_reader), {}
    for part, loop in recipe.loops.items():
        student.learns(part, recipe.task.rank)
        task, held = (StreamingEncoderTask(student, each, recipe.task) if each else None for each in lessons)
        train(task, loop, folder / part, validation=held)
        student.load_state_dict(averaged_weights(folder / part))
        changes |= {f"{NAMES[part]}.{name}": value for name, value in student.changes(part).items()}
        student.settle(part)
    return changes


def _encode(model: FaceModel):
    @torch.inference_mode()
    def encode(mel: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        sound = torch.from_numpy(mel)[None]
        features, logits = model.audio_encoder.encode(sound)
        phones = logits.softmax(-1)
        return features[0].numpy(), phones[0].numpy(), model.lip_reader(sound, features, phones)[0].numpy()

    return encode


def _means_so_far(mel: np.ndarray) -> np.ndarray:
    memory = usual_voice()
    return np.stack([means_with(memory, frame) for frame in mel.reshape(-1, FEATURES_PER_FRAME, mel.shape[1])])
