"""What DiffPoseTalk's tensors and training options say of its networks, as our configuration; what we have not is refused by name.

Source: the options and defaults of its released code. An option that is missing means what it means there.
"""

from dataclasses import dataclass, replace

import numpy as np

from visavox.diffusion.schedule import SCHEDULES
from visavox.errors import CheckpointError, OptionError
from visavox.models.face_config import FaceConfig, paper_config
from visavox.models.sizes import PADDINGS, DenoiserConfig, HubertSizes, StyleEncoderConfig
from visavox.rigs.flame import FLAME_GENERATED, FLAME_STILL_HEAD, IDENTITY

TABLE = "diffusion_sched.betas"
HEAD_SIZE = 64  # channels of an attention head, when the options do not count the heads: 8 heads of 512
POSITIONS = "constant_row"  # what the authors' style encoders were trained with
BETA_ERROR = 1e-4  # their tables are computed in single precision, ours in double
RENAMED_OPTIONS = {  # older name: newer name, and the newer value that follows from the older
    "use_alignment_mask": ("align_mask_width", int),
    "predict_head_pose": ("no_head_pose", lambda value: not value),
    "use_learnable_pe": ("no_use_learnable_pe", lambda value: not value),
}
GUIDED = {"audio", "style"}
SUPPORTED = {  # option: the values that this network has, the first being what a missing option means
    "target": ("sample",), "rot_repr": ("aa",), "audio_model": ("hubert",), "architecture": ("decoder",), "fps": (25,),
    "cfg_mode": ("incremental", "independent"), "pad_mode": PADDINGS, "no_use_learnable_pe": (False,),
}  # fmt: skip
WHOLE = ("align_mask_width", "n_diff_steps", "n_heads", "n_motions")  # options that count something
DENOISER_SHAPES = {  # as published, of the tensors that tell the sizes; they stand for one that is missing until all of those are listed
    "start_motion_feat": (1, 10, 54), "null_style_feat": (1, 1, 128), "denoising_net.PE": (1, 111, 512),
    "denoising_net.person_proj.weight": (512, 228), "denoising_net.feature_proj.weight": (512, 55),
    "denoising_net.transformer.layers.0.linear1.weight": (2048, 512),
    "audio_encoder.feature_projection.projection.weight": (768, 512),
    "audio_encoder.encoder.layers.0.feed_forward.intermediate_dense.weight": (3072, 768),
}  # fmt: skip
STYLE_SHAPES = {"motion_proj.weight": (128, 54), "transformer.layers.0.linear1.weight": (512, 128)}


@dataclass(frozen=True, eq=False)
class Authors:
    """A file of the authors: `weights` by their names, `options` of its training, the `step` it was saved at, and where it was read."""

    weights: dict[str, np.ndarray]
    options: dict
    step: int
    path: str

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor that tells sizes, or its published one where the file has none of as many axes."""
        return self.weights[name].shape if self.tells_size(name) else (DENOISER_SHAPES | STYLE_SHAPES)[name]

    def tells_size(self, name: str) -> bool:
        """Whether a tensor that tells sizes is there, with as many axes as it should have."""
        found = self.weights.get(name)
        return found is not None and bool(found.size) and found.ndim == len((DENOISER_SHAPES | STYLE_SHAPES)[name])

    def layers(self, prefix: str, published: int) -> int:
        """How many transformer layers there are under `prefix`, or the published number where there are none."""
        start = f"{prefix}layers."
        return len({name[len(start) :].partition(".")[0] for name in self.weights if name.startswith(start)}) or published


def current_options(options: dict) -> dict:
    """Their training options under today's names."""
    known = dict(options)
    for old, (new, value_of) in RENAMED_OPTIONS.items():
        if known.get(old) is not None and known.get(new) is None:
            known[new] = value_of(known[old])
    return known


def denoiser_config(denoiser: Authors) -> FaceConfig:
    """The configuration that their tensors and options describe; a CheckpointError when ours has no such network."""
    options = checked_options(denoiser)
    rig = _rig(denoiser, options)
    _check_conditions(denoiser, options)
    paper = paper_config(rig, constant_row=True)
    try:
        return replace(
            paper, audio=_hubert_sizes(denoiser, options), denoiser=_denoiser_sizes(paper.denoiser, denoiser, options),
            style=replace(paper.style, style=_style_size(denoiser)),
        )  # fmt: skip
    except OptionError as error:
        raise CheckpointError(f"{denoiser.path} describes no network that can be built ({error}); give the authors' file") from None


def style_config(style: Authors, config: FaceConfig) -> StyleEncoderConfig:
    """The sizes of their style encoder; a CheckpointError when it does not belong to the denoiser of `config`."""
    options = checked_options(style)
    width, channels = style.shape("motion_proj.weight")
    if channels != len(config.rig) or width != config.denoiser.style:
        theirs, ours = f"{channels} channels and {width} numbers", f"{len(config.rig)} and {config.denoiser.style}"
        raise CheckpointError(f"{style.path} is of {theirs}, the denoiser of {ours}; give the style encoder that belongs to it")
    window = options.get("n_motions") or config.denoiser.window
    if window != config.denoiser.window:
        reads = f"reads n_motions={window} frames, the denoiser makes {config.denoiser.window}"
        raise CheckpointError(f"{style.path} {reads}; give the style encoder that belongs to it")
    heads = options.get("n_heads") or max(width // 32, 1)
    feed_forward = style.shape("transformer.layers.0.linear1.weight")[0]
    return StyleEncoderConfig(channels, width, width, style.layers("transformer.", 4), heads, feed_forward, POSITIONS)


def checked_options(authors: Authors) -> dict:
    """Their options under today's names; a CheckpointError that names one which this network does not have."""
    options = current_options(authors.options)
    for name, known in SUPPORTED.items():
        value = options.get(name)
        if value is not None and value not in known:
            has = " or ".join(f"{name}={each}" for each in known)
            raise CheckpointError(f"{authors.path} was trained with {name}={value}, this network has {has}; it cannot be converted")
    for name in WHOLE:
        value = options.get(name)
        if value is not None and (not isinstance(value, int) or abs(value) > 1 << 20):
            raise CheckpointError(f"{authors.path} says {name}={str(value)[:40]}, which counts nothing; give the authors' file")
    return options


def schedule_name(denoiser: Authors, options: dict) -> str:
    """The name of the noise schedule that their table, or without one their option, is of; a CheckpointError when it is none of ours."""
    stated, table = options.get("diff_schedule") or "cosine", denoiser.weights.get(TABLE)
    if stated not in SCHEDULES:
        known = f"this network has {', '.join(SCHEDULES)}"
        raise CheckpointError(f"{denoiser.path} was trained with diff_schedule={stated}, {known}; it cannot be converted")
    if table is None:
        return stated
    for name in (stated, *SCHEDULES):
        beta = SCHEDULES[name](steps_of(denoiser, options)).beta
        if table.shape == beta.shape and np.abs(table - beta).max() < BETA_ERROR:
            return name
    steps = f"{steps_of(denoiser, options)} steps, neither {stated} as its diff_schedule says nor {', '.join(set(SCHEDULES) - {stated})}"
    raise CheckpointError(f"{denoiser.path} holds a noise schedule ({TABLE}) of {steps}; it cannot be converted")


def steps_of(denoiser: Authors, options: dict) -> int:
    """The number of diffusion steps: that of the option, or of the table, or 500; a CheckpointError when the first two differ."""
    table, stated = denoiser.weights.get(TABLE), options.get("n_diff_steps")
    rows = 500 if table is None else len(table.reshape(-1)) - 1
    if stated and table is not None and stated != rows:
        raise CheckpointError(f"{denoiser.path} says n_diff_steps={stated}, its {TABLE} is of {rows}; give the authors' file")
    return stated or rows


def _rig(denoiser: Authors, options: dict):
    """The rig of as many channels as the denoiser makes, which the option on the head's pose agrees with."""
    still = options.get("no_head_pose")
    rigs = {len(rig): rig for rig in (FLAME_GENERATED, FLAME_STILL_HEAD)}
    channels = denoiser.shape("start_motion_feat")[-1]
    if still and not denoiser.tells_size("start_motion_feat"):
        channels = len(FLAME_STILL_HEAD)
    if channels not in rigs or (still is not None and bool(still) != (rigs[channels] is FLAME_STILL_HEAD)):
        stated = f"{channels} channels with no_head_pose={still}"
        raise CheckpointError(f"{denoiser.path} makes {stated}; known are 54 with the head's rotation and 51 without")
    return rigs[channels]


def _check_conditions(denoiser: Authors, options: dict) -> None:
    """Refuses a denoiser that is not told a style, or was never left without sound or style, so that neither can be guided."""
    guided = options.get("guiding_conditions")
    named = GUIDED if guided is None else {name.strip() for name in str(guided).split(",")} & GUIDED
    if named != GUIDED:
        has = "this network has guiding_conditions=audio,style"
        raise CheckpointError(f"{denoiser.path} was trained with guiding_conditions={guided}, {has}; it cannot be converted")
    if denoiser.shape("denoising_net.person_proj.weight")[1] <= IDENTITY:
        raise CheckpointError(f"{denoiser.path} was trained without a style encoder (style_enc_ckpt), which this network has; take another")


def _style_size(denoiser: Authors) -> int:
    """The numbers K of a style: those of the null style, or without one what the person's input has beside the face."""
    if denoiser.tells_size("null_style_feat"):
        return denoiser.shape("null_style_feat")[-1]
    return denoiser.shape("denoising_net.person_proj.weight")[1] - IDENTITY


def _denoiser_sizes(paper: DenoiserConfig, denoiser: Authors, options: dict) -> DenoiserConfig:
    context, channels = denoiser.shape("start_motion_feat")[1:]
    width, person = denoiser.shape("denoising_net.person_proj.weight")
    style = _style_size(denoiser)
    frames = denoiser.shape("denoising_net.PE")[1] - 1
    indicator = denoiser.shape("denoising_net.feature_proj.weight")[1] > channels
    mask = options.get("align_mask_width") or 0  # without the option, or from 0 down, there is no mask: all frames are attended to
    return replace(
        paper, style=style, identity=person - style, width=width, layers=denoiser.layers("denoising_net.transformer.", 8),
        heads=options.get("n_heads") or max(width // HEAD_SIZE, 1),
        feed_forward=denoiser.shape("denoising_net.transformer.layers.0.linear1.weight")[0], window=frames - context, context=context,
        indicator=indicator, align_width=mask if mask > 0 else frames, steps=steps_of(denoiser, options),
        schedule=schedule_name(denoiser, options), guide=options.get("cfg_mode") or "incremental",
    )  # fmt: skip


def _hubert_sizes(denoiser: Authors, options: dict) -> HubertSizes:
    """HuBERT's sizes; a denoiser that was given both windows of a training pair at once encodes chunks of as much."""
    hidden, conv = denoiser.shape("audio_encoder.feature_projection.projection.weight")
    feed_forward = denoiser.shape("audio_encoder.encoder.layers.0.feed_forward.intermediate_dense.weight")[0]
    layers, usual = denoiser.layers("audio_encoder.encoder.", 12), HubertSizes()
    return HubertSizes(
        hidden, layers, max(hidden // HEAD_SIZE, 1), feed_forward, conv, padding=options.get("pad_mode") or PADDINGS[0],
        chunk=usual.chunk * (2 if options.get("use_context_audio_feat") else 1),
    )  # fmt: skip
