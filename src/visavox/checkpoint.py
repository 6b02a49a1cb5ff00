"""`Checkpoint`: everything that animating needs, in one .safetensors file with a JSON header; never pickle.

The matrices are stored in half precision unless the checkpoint says "full"; vectors (biases, norms) and the statistics are in
full. The style encoder's fingerprint is taken from its weights as stored, so that it is the same before saving and after loading.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from visavox.calibration import Calibration, Restoration
from visavox.checkpoint_versions import UPGRADES, present_names
from visavox.errors import CheckpointError, DependencyError, FileError, OptionError, RigError
from visavox.fields import Fields
from visavox.history import NOT_STATED, Source, Training, add_up, licence_line
from visavox.io.atomic import check_suffix
from visavox.io.tensors import read_header, read_tensors, write_tensors
from visavox.models.changes import misfits, with_changes
from visavox.models.face_config import FaceConfig
from visavox.models.onnx_engine import OnnxEngine
from visavox.models.precision import FLOAT32
from visavox.rig import Rig
from visavox.style import FaceStyle, HeadStyle, Style

if TYPE_CHECKING:  # inspecting a checkpoint must not load a training framework
    from visavox.models.face_model import FaceModel

KIND, VERSION = "checkpoint", 3
PRECISIONS = ("half", "full")
STYLE_ENCODER = "style_encoder."  # the prefix of its weights
STREAMING = "streaming."  # the prefix in the file of weights for streams
AGAIN = "copy or download it again"
SLOWEST, FASTEST = 1, 1000  # frames a second that a header may state
LOWEST_RATE, HIGHEST_RATE = 2_000, 768_000  # Hz, as of recordings
LARGEST = 1e6  # of a number in statistics and styles, in units of the rig or of the network


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model at rest.

    weights: name -> array (float32, in the precision of the file); config: the plain JSON from which the networks are
    built; rig, fps, sample_rate: what the model makes and takes; statistics: name -> list of floats, its normalisation, which is
    that of the motion it was trained on; history: its trainings, oldest first, of which the last has its `recipe` and `data`;
    licence: that its maker gives the weights; source: the file that it was read from, for messages; precision: of the stored
    matrices, "half" or "full" (twice the size, as a foreign model's weights deserve whose every digit may matter); calibration: how
    much further its channels move than in what it was trained on; usual_style: spoken where no style is given, None for the average;
    speaks: fingerprints of other style encoders whose styles it speaks, such as earlier forms of its own; streaming: changes of
    the weights where sound is still coming, as `models.changes` keeps them, see `for_streams`.
    """

    weights: dict[str, np.ndarray]
    config: dict
    rig: Rig
    fps: float
    sample_rate: int
    statistics: dict
    history: tuple[Training, ...]
    licence: str = NOT_STATED
    source: str = "this checkpoint"
    precision: str = "half"
    calibration: Calibration = Calibration()
    usual_style: Style | None = None
    speaks: tuple[str, ...] = ()
    streaming: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        if self.precision not in PRECISIONS:
            raise CheckpointError(f"{self.source} has precision {self.precision!r}; valid: {', '.join(PRECISIONS)}")
        stored = {name: _as_stored(array, self.precision) for name, array in self.weights.items()}
        object.__setattr__(self, "weights", stored)
        streaming = {name: _as_stored(array, self.precision) for name, array in self.streaming.items()}
        object.__setattr__(self, "streaming", streaming)
        foreign = misfits(streaming, stored)
        if foreign:
            raise CheckpointError(f"{self.source} has weights for streams that fit none of its own ({_some(foreign)}); {AGAIN}")
        if not self.history:
            raise CheckpointError(f"{self.source} says nothing of its training; give it a history of at least one")
        self.rig.indices(self.calibration.channels)  # a RigError names the channel that is not there
        if self.usual_style is not None:
            self.usual_style.check_encoder(self.style_encoder, *self.speaks)

    @property
    def recipe(self) -> dict:
        """Every choice of the last training."""
        return self.history[-1].recipe

    @property
    def data(self) -> str:
        """The hash of the content of what the last training was made on."""
        return self.history[-1].data

    @property
    def sources(self) -> list[Source]:
        """All that it was ever trained on, by origin, with hours."""
        return add_up(self.history)

    @property
    def restoration(self) -> Restoration:
        """What makes physical motion of the model's normalised motion: its statistics, then its calibration."""
        return self.calibration.restoration(self.rig, self.statistics["mean"], self.statistics["std"])

    @property
    def style_encoder(self) -> str:
        """What ties a `Style` to this checkpoint: a hash (16 digits) of the style encoder's weights and the config."""
        digest = hashlib.sha256(json.dumps(self.config, sort_keys=True).encode())
        for name, array in self._style_weights.items():
            digest.update(name.encode())
            digest.update(array.tobytes())
        return digest.hexdigest()[:16]

    @staticmethod
    def of(model: "FaceModel", training: Training, licence: str = NOT_STATED, start: "Checkpoint | None" = None) -> "Checkpoint":
        """The checkpoint of `model` after `training`, under `licence`; with `start`, from which training began, its history goes before and
        its precision stays."""
        config = model.config
        made = config.rig, config.fps, config.sample_rate
        before = () if start is None else start.history
        precision = PRECISIONS[0] if start is None else start.precision
        history = (*before, training)
        return Checkpoint(model.weights(), config.to_json(), *made, model.statistics(), history, licence, precision=precision)

    def succeeded_by(self, model: "FaceModel", training: Training) -> "Checkpoint":
        """The checkpoint of `model`, which `training` made of this one: licence, precision, calibration, usual style and history stay, and
        it speaks all styles of this one. A CheckpointError when the style encoder was trained too, since those styles mean nothing to it.
        """
        made = Checkpoint.of(model, training, self.licence, self)
        changed = [name for name, array in self._style_weights.items() if not np.array_equal(array, made._style_weights.get(name))]
        if changed:
            wrong = f"its style encoder is not that of {self.source} ({_some(changed)} differ), whose styles it cannot speak"
            raise CheckpointError(f"{wrong}; make styles with it, and a checkpoint of its own with Checkpoint.of")
        fingerprints = dict.fromkeys((self.style_encoder, *self.speaks))
        fingerprints.pop(made.style_encoder, None)
        made = replace(made, calibration=self.calibration, usual_style=self.usual_style, speaks=tuple(fingerprints))
        other = {name.partition(".")[0] for name, array in self.weights.items() if not np.array_equal(array, made.weights.get(name))}
        same = {name: array for name, array in self.streaming.items() if name.partition(".")[0] not in other}
        return replace(made, streaming=same)  # other changes imitate what is no more

    def for_streams(self) -> "Checkpoint":
        """This checkpoint with its changes for streams made: encoders that do with the sound so far. Itself, if it has none."""
        return replace(self, weights=with_changes(self.weights, self.streaming), streaming={}) if self.streaming else self

    @property
    def _style_weights(self) -> dict[str, np.ndarray]:
        return {name: self.weights[name] for name in sorted(self.weights) if name.startswith(STYLE_ENCODER)}

    def face_config(self) -> FaceConfig:
        """The sizes of its networks; a CheckpointError when they are not usable or of more weights than it holds."""
        with self._named_in_errors():
            config = FaceConfig.from_json(self.config, self.rig, self.fps, self.sample_rate)
            held = sum(array.size for array in self.weights.values())
            if config.least_weights > held:  # before gigabytes are taken for what is not there
                raise CheckpointError(f"its configuration is of {config.least_weights} weights or more, it holds {held}; {AGAIN}")
            return config

    def model(self) -> "FaceModel":
        """The face model in PyTorch; a CheckpointError when configuration, weights and statistics do not fit, a DependencyError where there
        is no PyTorch.
        """
        try:
            from visavox.models.face_model import FaceModel
        except ModuleNotFoundError as missing:
            raise DependencyError(f"training needs {missing.name}, which is not installed: pip install 'visavox[train]'") from None

        config = self.face_config()
        with self._named_in_errors():
            model = FaceModel(config)
            model.set_weights(self.weights, self.statistics)
        return model.eval()

    def engine(self, threads: int = 1, precision: str = FLOAT32) -> OnnxEngine:
        """The same model as ONNX Runtime runs it, on so many threads and in a `precision`; a CheckpointError as in `model`."""
        config = self.face_config()
        with self._named_in_errors():
            return OnnxEngine(config, self.weights, self.statistics, threads, precision)

    @contextmanager
    def _named_in_errors(self) -> Iterator[None]:
        """Errors of what makes networks name this checkpoint."""
        try:
            yield
        except (CheckpointError, OptionError) as error:
            raise CheckpointError(f"{self.source}: {error}") from None
        except (ValueError, KeyError, RuntimeError) as error:  # what the framework says of sizes that make no network
            raise CheckpointError(f"{self.source} has a configuration that makes no network ({_first_line(error)}); {AGAIN}") from None

    def header(self) -> dict:
        """All but the weights, as plain JSON."""
        usual = self.usual_style
        return {
            "kind": KIND,
            "version": VERSION,
            "licence": licence_line(self.licence, self.history),
            "weights_licence": self.licence,
            "sources": [asdict(source) for source in self.sources],
            "precision": self.precision,
            "fps": self.fps,
            "sample_rate": self.sample_rate,
            "rig": self.rig.to_json(),
            "config": self.config,
            "style_encoder": self.style_encoder,
            "speaks_styles_of": list(self.speaks),
            "streaming": bool(self.streaming),
            "usual_style": None if usual is None else _style_json(usual),
            "statistics": self.statistics,
            "calibration": self.calibration.to_json(),
            "history": [training.to_json() for training in self.history],
        }


def save(checkpoint: Checkpoint, path: str | Path) -> None:
    """Writes `checkpoint` to `path` (suffix .safetensors), whole or not at all."""
    check_suffix(path, (".safetensors",), "the checkpoint")
    everything = checkpoint.weights | {STREAMING + name: array for name, array in checkpoint.streaming.items()}
    broken = [name for name, array in everything.items() if not np.isfinite(array).all()]
    if broken:
        raise CheckpointError(f"weights {_some(broken)} do not fit half precision or are not numbers; train again")
    stored = {name: array.astype(_stored_type(array, checkpoint.precision)) for name, array in everything.items()}
    write_tensors(stored, checkpoint.header(), path)


def inspect(path: str | Path) -> dict:
    """The header of a checkpoint as `Checkpoint.header` gives it, without weights; a CheckpointError as in `load`."""
    try:
        header = read_header(path)
    except FileError as error:
        raise CheckpointError(str(error)) from None
    if header["kind"] != KIND:
        raise CheckpointError(f"{path} is a {header['kind']}, not a checkpoint; give a file that holds a model")
    try:
        while header["version"] in UPGRADES:
            header = UPGRADES[header["version"]](header)
    except KeyError as error:
        raise CheckpointError(f"{path} lacks {error.args[0]}; {AGAIN}") from None
    if header["version"] != VERSION:
        versions = f"checkpoint version {header['version']}, this Visavox reads {VERSION} and older"
        raise CheckpointError(f"{path} has {versions}; install the Visavox that wrote it, or take another checkpoint")
    return header


def load(path: str | Path) -> Checkpoint:
    """The checkpoint stored in a file.

    Raises a CheckpointError that names the file when it is missing, truncated, damaged, a pickle, of another version or
    kind, or does not hold what its header declares.
    """
    header = inspect(path)
    try:
        stored = Fields(header, path, AGAIN)
        statistics = stored.fields("statistics")
        checkpoint = Checkpoint(
            {},
            stored.fields("config").value,
            Rig.from_json(stored.raw("rig"), f"the rig of {path}"),
            stored.number("fps", SLOWEST, FASTEST),
            stored.whole("sample_rate", LOWEST_RATE, HIGHEST_RATE),
            {name: statistics.numbers(name, -LARGEST, LARGEST) for name in statistics.value},
            tuple(Training.from_json(entry) for entry in stored.each("history")),
            stored.text("weights_licence"),
            str(path),
            stored.text("precision") if "precision" in stored else "half",
            Calibration.from_json(stored.fields("calibration")),
            speaks=tuple(stored.texts("speaks_styles_of")),
        )
        weights, written = read_tensors(path)
        weights = present_names(weights, written["version"])
        streaming = {name.removeprefix(STREAMING): weights.pop(name) for name in sorted(weights) if name.startswith(STREAMING)}
        checkpoint = replace(checkpoint, weights=weights, streaming=streaming, usual_style=_usual_style(stored))
        broken = [name for name, array in (checkpoint.weights | checkpoint.streaming).items() if not np.isfinite(array).all()]
        if broken:
            raise FileError(f"{path} holds weights {_some(broken)} that are not numbers; {AGAIN}")
    except FileError as error:
        raise CheckpointError(str(error)) from None
    except (RigError, OptionError) as error:
        raise CheckpointError(f"{path} has a header that does not fit together: {error}; {AGAIN}") from None
    if checkpoint.style_encoder != header.get("style_encoder"):
        raise CheckpointError(f"{path} does not hold the style encoder that its header names; {AGAIN}")
    computed = checkpoint.header()
    for name in ("licence", "sources"):
        if header.get(name, computed[name]) != computed[name]:
            raise CheckpointError(f"the {name} of {path} are not those of its history; {AGAIN}")
    return checkpoint


def _usual_style(stored: Fields) -> Style | None:
    if stored.raw("usual_style") is None:
        return None
    usual = stored.fields("usual_style")
    vector, head = np.array(usual.numbers("vector", -LARGEST, LARGEST), np.float32), HeadStyle.of(usual)
    return Style(vector, stored.text("style_encoder"), usual.text("name"), head, FaceStyle.of(usual))


def _style_json(style: Style) -> dict:
    face = {} if style.face == FaceStyle() else {"face": style.face.to_json()}
    return {"name": style.name, "vector": style.vector.tolist(), "head": style.head.to_json(), **face}


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _stored_type(array: np.ndarray, precision: str) -> np.dtype:
    return np.dtype(np.float16 if array.ndim > 1 and precision == "half" else np.float32)


def _as_stored(array: np.ndarray, precision: str) -> np.ndarray:
    """`array` as it comes back from a file: float32 with the precision that is stored."""
    if array.dtype == _stored_type(array, precision):
        return np.ascontiguousarray(array, np.float32)
    whole = np.asarray(array, np.float32)
    with np.errstate(over="ignore"):  # `save` refuses what does not fit
        return np.ascontiguousarray(whole.astype(_stored_type(whole, precision)), np.float32)
