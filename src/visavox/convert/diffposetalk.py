"""DiffPoseTalk's own files made into ours: denoiser and style encoder checkpoints, statistics, and its demo inputs.

Source: the names in its released checkpoints. The buffers that follow from the configuration (sinusoid, mask, schedule) are left out and
made anew; everything else must be there, and nothing more.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox.checkpoint import Checkpoint
from visavox.convert.diffposetalk_config import DENOISER_SHAPES, STYLE_SHAPES, Authors, denoiser_config, style_config
from visavox.errors import CheckpointError, FileError
from visavox.fields import shown
from visavox.history import Training
from visavox.io.arrays import checked_numbers, npz_names, read_npy, read_npz
from visavox.io.torch_archive import read_torch_archive
from visavox.models.face_config import FaceConfig
from visavox.models.graphs.all import weight_shapes
from visavox.motion import Motion
from visavox.rigs.flame import EXPRESSION, FLAME, FLAME_GENERATED, FLAME_STILL_HEAD, IDENTITY, POSE
from visavox.style import FlameIdentity, Style
from visavox.windows import FPS

MOST_BYTES = 1 << 28  # of what lies beside a checkpoint: a motion of days
LARGEST, SMALLEST = 1e4, 1e-9  # of a number in them, in coefficients, radians or deviations, and of a deviation
FURTHEST_FACE = 1e3  # of a coefficient of a face, in deviations
LICENCE = "DiffPoseTalk's, as its authors published the weights"
MADE_ANEW = ("denoising_net.TE.pe", "denoising_net.alignment_mask")
SCHEDULE = "diffusion_sched."
PUBLISHED = "give the file that the authors published"
COUNTS = ("n_heads", "n_diff_steps")  # options that are whole numbers from 0 on, or nothing

# Ends of names within one transformer layer: theirs -> ours.
STYLE_LAYER = {
    "self_attn.in_proj_": "attend.query_key_value.", "self_attn.out_proj.": "attend.out.", "linear1.": "perceive.0.",
    "linear2.": "perceive.3.", "norm1.": "attend_residual.norm.", "norm2.": "perceive_residual.norm.",
}  # fmt: skip
DENOISER_LAYER = STYLE_LAYER | {
    "multihead_attn.out_proj.": "attend_audio.out.", "norm2.": "attend_audio_residual.norm.", "norm3.": "perceive_residual.norm.",
}  # fmt: skip
DENOISER = {
    "diff_step_map.": "step_map.", "person_proj.": "person.", "feature_proj.": "embed.", "motion_dec.": "read.", "PE": "position",
}  # fmt: skip
LEARNED = {
    "start_audio_feat": "start_audio", "start_motion_feat": "start_motion", "null_style_feat": "null_style",
    "null_audio_feat": "null_audio", "audio_feature_map.weight": "audio_map.weight", "audio_feature_map.bias": "audio_map.bias",
}  # fmt: skip
OLD_NORM = {"conv.weight_g": "conv.parametrizations.weight.original0", "conv.weight_v": "conv.parametrizations.weight.original1"}


def read_denoiser(path: str | Path) -> Authors:
    """The denoiser file at `path`; a CheckpointError when it is something else."""
    return _read(path, "model", "a denoiser (keys args, model, iter)")


def read_style_encoder(path: str | Path) -> Authors:
    """The style encoder file at `path`; a CheckpointError when it is something else."""
    return _read(path, "encoder", "a style encoder (keys args, encoder, iter)")


def convert(denoiser: Authors, style: Authors | None, statistics: dict[str, list[float]]) -> Checkpoint:
    """Our checkpoint of their denoiser, with their style encoder or without one, normalised by `statistics`.

    Without a style encoder its weights are zero: style files can be used, styles cannot be extracted. Raises a CheckpointError that
    lists what is missing, extra or of another shape.
    """
    try:
        config, weights = _network(denoiser, style)
    except (ValueError, IndexError, KeyError, TypeError, RuntimeError) as error:  # names and shapes that no network has
        raise CheckpointError(f"{denoiser.path} is not a DiffPoseTalk checkpoint ({type(error).__name__}: {error}); {PUBLISHED}") from None
    width = len(statistics["mean"])
    if width != len(config.rig):
        raise CheckpointError(f"statistics are of {width} channels, {denoiser.path} makes {len(config.rig)}; use its own stats_train.npz")
    recipe = {
        "name": "diffposetalk, converted", "step": denoiser.step, "style_step": None if style is None else style.step,
        "options": denoiser.options,
        "jaw_rest": statistics["jaw_rest"],
    }  # fmt: skip
    kept = {name: values for name, values in statistics.items() if name != "jaw_rest"}
    source = str(denoiser.path)
    return Checkpoint(
        weights, config.to_json(), config.rig, config.fps, config.sample_rate, kept, (Training(recipe),), LICENCE, source, precision="full"
    )


def _network(denoiser: Authors, style: Authors | None) -> tuple[FaceConfig, dict[str, np.ndarray]]:
    """The configuration and the weights of our network, which fit."""
    config, weights = denoiser_config(denoiser), denoiser_weights(denoiser)
    if style is not None:
        config = replace(config, style=style_config(style, config))
        weights |= {f"style_encoder.{name}": value for name, value in style_weights(style).items()}
    held = sum(value.size for value in weights.values()) + (config.style.least_weights if style is None else 0)
    sized = {*DENOISER_SHAPES} <= {*denoiser.weights} and (style is None or {*STYLE_SHAPES} <= {*style.weights})
    whole = sized and all(map(denoiser.tells_size, DENOISER_SHAPES)) and (style is None or all(map(style.tells_size, STYLE_SHAPES)))
    if whole and config.least_weights > held:
        raise CheckpointError(f"{denoiser.path} describes a network of more weights than the {held} it holds; {PUBLISHED}")
    wanted = weight_shapes(config)
    if style is None:
        weights |= {name: np.zeros(shape, np.float32) for name, shape in wanted.items() if name.startswith("style_encoder.")}
    check_weights(weights, wanted, denoiser.path, sized)
    return config, weights


def denoiser_weights(denoiser: Authors) -> dict[str, np.ndarray]:
    """Their weights under our names; a name that has none keeps its own, so that the check lists it."""
    named = {}
    for name, value in denoiser.weights.items():
        if name in MADE_ANEW or name.startswith(SCHEDULE):
            continue
        part, _, end = name.partition(".")
        if name in LEARNED:
            named[LEARNED[name]] = value[0] if name == "null_style_feat" and value.ndim == 3 else value
        elif part == "audio_encoder":
            named[f"audio_encoder.hubert.{_renamed(end, OLD_NORM, anywhere=True)}"] = value
        elif end.startswith("transformer.layers."):
            named |= {f"denoiser.{ours}": piece for ours, piece in _layer(end, value, DENOISER_LAYER).items()}
        else:
            named[f"denoiser.{_renamed(end, DENOISER)}" if part == "denoising_net" else name] = value
    return named


def style_weights(style: Authors) -> dict[str, np.ndarray]:
    """Their style encoder's weights under our names."""
    named = {}
    for name, value in style.weights.items():
        if name.startswith("transformer.layers."):
            named |= _layer(name, value, STYLE_LAYER)
        else:
            named[_renamed(name, {"motion_proj.": "embed."})] = value
    return named


def read_statistics(path: str | Path, head_moves: bool) -> dict[str, list[float]]:
    """Their stats_train.npz as our statistics (mean, std, identity_mean, identity_std) and `jaw_rest`, the mean of jaw y and z."""
    sizes = {"shape": IDENTITY, "exp": len(EXPRESSION), "pose": len(POSE)}
    names = [f"{name}_{what}" for name in sizes for what in ("mean", "std")]
    arrays = _npz(path, names, LARGEST, "stats_train.npz of DiffPoseTalk's own data")
    for name, array in arrays.items():
        wanted = sizes[name.rpartition("_")[0]]
        if array.shape != (wanted,):
            raise FileError(f"{path} has {name} of shape {array.shape}, not ({wanted},); give stats_train.npz of its own data")
    rig = FLAME_GENERATED if head_moves else FLAME_STILL_HEAD
    whole = {what: np.concatenate([arrays[f"exp_{what}"], arrays[f"pose_{what}"]]) for what in ("mean", "std")}
    chosen = {what: values[FLAME.indices(rig.names)] for what, values in whole.items()}
    if min(chosen["std"].min(), arrays["shape_std"].min()) < SMALLEST:
        raise FileError(f"{path} has a standard deviation of 0 or less in a channel that is used; give stats_train.npz of its own data")
    return {
        "mean": chosen["mean"].tolist(), "std": chosen["std"].tolist(), "identity_mean": arrays["shape_mean"].tolist(),
        "identity_std": arrays["shape_std"].tolist(), "jaw_rest": arrays["pose_mean"][4:6].tolist(),
    }  # fmt: skip


def read_shape(path: str | Path) -> FlameIdentity:
    """A demo face: .npy of (100,) or (F, 100), of which the first frame counts, or .npz with `shape`; FLAME's own coefficients."""
    values = _array(path, "shape", FURTHEST_FACE, f"a shape file of FLAME: {IDENTITY} numbers, or rows of them")
    values = values[0] if values.ndim == 2 and len(values) else values
    if values.shape != (IDENTITY,):
        raise FileError(f"{path} has shape {values.shape}, a face of FLAME has ({IDENTITY},) numbers; give a shape file")
    return FlameIdentity(values, Path(path).stem)


def read_style(path: str | Path, encoder: str) -> Style:
    """A demo style, .npy of (K,) or .npz with `style`, for the checkpoint whose style encoder has the fingerprint `encoder`."""
    values = _array(path, "style", LARGEST, "a style file of DiffPoseTalk: one row of numbers")
    if values.ndim != 1:
        raise FileError(f"{path} has shape {values.shape}, a style is one row of numbers; give a style file of DiffPoseTalk")
    return Style(values, encoder, Path(path).stem)


def npz_kind(path: str | Path) -> str:
    """What a .npz of theirs holds: "motion" (exp and pose), "style" or "shape"; a FileError when it is none of them."""
    advice = "give a motion with exp and pose, or a style"
    names = npz_names(path, advice)
    kinds = {"motion": {"exp", "pose"}, "style": {"style"}, "shape": {"shape"}}
    for kind, wanted in kinds.items():
        if wanted <= names:
            return kind
    raise FileError(f"{path} holds {', '.join(sorted(names)[:6]) or 'nothing'}; {advice}")


def read_motion(path: str | Path) -> Motion:
    """Their motion, .npz with `exp` (F, 50) and `pose` (F, 6: head, jaw), as motion of the FLAME rig at 25 frames a second."""
    arrays = _npz(path, ["exp", "pose"], LARGEST, "a motion with exp (F, 50) and pose (F, 6)")
    exp, pose = arrays["exp"], arrays["pose"]
    if exp.ndim != 2 or exp.shape[1] != len(EXPRESSION) or pose.shape != (len(exp), len(POSE)) or not len(exp):
        raise FileError(f"{path} has exp {exp.shape} and pose {pose.shape}, not (F, 50) and (F, 6); give un-normalised FLAME motion")
    return Motion(np.concatenate([exp, pose], 1), FPS, FLAME)


def _read(path: str | Path, key: str, what: str) -> Authors:
    try:
        stored = read_torch_archive(path)
    except FileError as error:
        raise CheckpointError(str(error)) from None
    fits = isinstance(stored, dict) and isinstance(stored.get(key), dict) and isinstance(stored.get("args"), dict)
    if not fits:
        found = _keys(stored) if isinstance(stored, dict) else type(stored).__name__
        raise CheckpointError(f"{path} holds {found}, not {what}; {PUBLISHED}")
    foreign = [name for name, value in stored[key].items() if not isinstance(value, np.ndarray) or not isinstance(name, str)]
    if foreign:
        raise CheckpointError(f"{path} holds {foreign[0]} that is not a tensor; {PUBLISHED}")
    options = {name: value for name, value in stored["args"].items() if isinstance(name, str) and _is_plain(value)}
    for name, value in {**{name: options.get(name) for name in COUNTS}, "iter": stored.get("iter", 0)}.items():
        if value is not None and (not isinstance(value, int) or not 0 <= value < 1 << 31):
            raise CheckpointError(f"{path} says {name} is {shown(value)}, not a whole number; {PUBLISHED}")
    return Authors(stored[key], options, int(stored.get("iter") or 0), str(path))


def _is_plain(value: object) -> bool:
    """Whether an option can be kept in a header: a short text, a finite number, true, false or nothing."""
    if isinstance(value, str):
        return len(value) < 1000 and value.isprintable()
    return value is None or (isinstance(value, int | float) and abs(value) < 1e15)


def _keys(stored: dict) -> str:
    names = [str(name) for name in stored]
    return f"keys {', '.join(names[:6])}{f' and {len(names) - 6} more' if len(names) > 6 else ''}"


def _layer(name: str, value: np.ndarray, ends: dict[str, str]) -> dict[str, np.ndarray]:
    """One tensor of a transformer layer, `transformer.layers.N.END`, under our names; queries apart from keys and values."""
    if name.count(".") < 3 or not value.ndim:
        return {name: value}
    _, _, number, end = name.split(".", 3)
    kind = end.rpartition("_")[2]
    if end.startswith("multihead_attn.in_proj_"):
        width = len(value) // 3
        return {
            f"layers.{number}.attend_audio.query.{kind}": value[:width],
            f"layers.{number}.attend_audio.key_value.{kind}": value[width:],
        }
    return {f"layers.{number}.{_renamed(end, ends)}": value}


def _renamed(name: str, starts: dict[str, str], anywhere: bool = False) -> str:
    for theirs, ours in starts.items():
        if name.startswith(theirs) or (anywhere and theirs in name):
            return name.replace(theirs, ours, 1)
    return name


def check_weights(weights: dict[str, np.ndarray], wanted: dict[str, tuple[int, ...]], path: str, sized: bool = True) -> None:
    """Refuses weights that are not those wanted; the shapes count only where all that tells sizes is there."""
    lists = {
        "missing": sorted(set(wanted) - set(weights)),
        "extra": sorted(set(weights) - set(wanted)),
        "of another shape": sorted(name for name in wanted if sized and name in weights and weights[name].shape != wanted[name]),
    }
    if any(lists.values()):
        differences = "; ".join(f"{len(names)} {what}: {', '.join(names[:8])}" for what, names in lists.items() if names)
        raise CheckpointError(f"{path} is not a DiffPoseTalk checkpoint that can be converted: {differences}; give the authors' file")


def _array(path: str | Path, key: str, most: float, what: str) -> np.ndarray:
    """The numbers of a .npy, or `key` of a .npz, none beyond `most`."""
    if Path(path).suffix.lower() == ".npz":
        return _npz(path, [key], most, what)[key]
    return checked_numbers(read_npy(path, f"give {what}", MOST_BYTES), f"{path} holds an array", f"give {what}", most)


def _npz(path: str | Path, names: list[str], most: float, what: str) -> dict[str, np.ndarray]:
    arrays = read_npz(path, names, f"give {what}", most_bytes=MOST_BYTES)
    return {name: checked_numbers(array, f"{path} has {name}", f"give {what}", most) for name, array in arrays.items()}
