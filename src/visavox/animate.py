"""`Animator`: a recording and a style in, the motion of a face out, window by window.

Shapes: B takes, T frames, W window, P context, C channels, D width of the audio features, G guidance branches. The
animator drives an *engine*: the calls `encode_audio`, `encode_style`, `prepare` and `denoise` on NumPy arrays, with
`config` and the two normalizers, which `models.face_model.FaceModel` answers; and `lip_shares` of its `lip_phones`, which a gesture hears.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.checkpoint import load as load_checkpoint
from visavox.diffusion.guidance import Term, Threshold, combine, incremental
from visavox.diffusion.sampler import SAMPLERS, Sampler, spaced_steps
from visavox.diffusion.schedule import cosine_schedule
from visavox.errors import OptionError, RigError
from visavox.gestures import gestures_of, lips_of
from visavox.io.assets import built_in_style, default_checkpoint
from visavox.models.conditions import Conditions
from visavox.models.log_mel import FEATURES_PER_SECOND, band_means, log_mel, normalise
from visavox.motion import Motion
from visavox.style import Identity, Style
from visavox.windows import cut_window, frame_count, overlapping_chunks, plan_windows

USUAL_STYLE = "neutral"
FAR = 6.0  # deviations
CHUNK = 500  # frames of sound encoded at a time: 20 s
PostStep = Callable[[Motion, Audio, np.random.Generator], Motion]


@dataclass(frozen=True)
class Sampling:
    """How motion is drawn from the model.

    sampler: a name in `diffusion.sampler.SAMPLERS`, asked at `steps` diffusion steps; guidance: how strongly audio
    and style are followed, 1 is as trained, combined by `guide` (`incremental` or `independent`); threshold: dynamic
    thresholding, or none; lip_noise: how much of the noise the mouth starts from, 1 draws it as trained and less brings
    it towards the likeliest lips, which follow the sound better than any single draw; blend: the share of the last
    context frames that a window's own view of them replaces, 0 keeps the window before as it was, up to 1.
    """

    steps: int = 10
    audio_guidance: float = 1.15
    style_guidance: float = 1.5
    guide: Callable[[Sequence[tuple[str, float]]], list[Term]] = incremental
    sampler: str = "dpm-solver"
    threshold: Threshold | None = None
    lip_noise: float = 0.25
    blend: float = 1.0  # the default model re-predicts the end of its context better than it continues it: no seam is left

    def __post_init__(self):
        if self.sampler not in SAMPLERS:
            raise OptionError(f"there is no sampler {self.sampler!r}; choose one of {', '.join(SAMPLERS)}")
        for name in ("audio_guidance", "style_guidance"):
            if not 0 <= getattr(self, name) <= 20:
                raise OptionError(f"{name.replace('_', ' ')} {getattr(self, name)} is outside 0 to 20; 1 is no guidance")
        for name in ("blend", "lip_noise"):
            if not 0 <= getattr(self, name) <= 1:
                raise OptionError(f"{name.replace('_', ' ')} {getattr(self, name)} is outside 0 to 1")


@dataclass(frozen=True)
class Carry:
    """What one window hands to the next: the last P frames of motion (B, P, C), normalised, and of audio features (P,
    D); None at the start of a recording.
    """

    context: np.ndarray | None = None
    audio: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Speaker:
    """What stays the same from window to window: style (K,) and identity (E,), normalised, or None; the sampler, the
    guidance terms, and one noise generator for each take.
    """

    style: np.ndarray | None
    identity: np.ndarray | None
    sampler: Sampler
    terms: list[Term]
    sampling: Sampling
    noise: list[np.random.Generator]


class Animator:
    """Turns recordings into motion with one engine; `style_encoder` is the fingerprint that styles must carry.

    `post` steps run on the finished motion in order, such as blinks: each takes (motion, audio, random) and returns
    a motion. `hear` takes (engine, audio, frames, padded) and returns audio features (padded, D). `usual_style` is
    spoken where no style is given.
    """

    def __init__(
        self, engine, style_encoder: str, post: Sequence[PostStep] = (), hear: Callable | None = None, usual_style: Style | None = None
    ):
        self.engine, self.style_encoder, self.usual_style = engine, style_encoder, usual_style
        self.post = tuple(post)
        self.hear = hear or hear_log_mel
        self.schedule = cosine_schedule(engine.config.denoiser.steps)

    @property
    def window(self) -> int:
        """The number of frames W that are denoised together."""
        return self.engine.config.denoiser.window

    def animate(
        self,
        audio: Audio,
        style: Style | None = None,
        *,
        seed: int = 0,
        identity: Identity | None = None,
        sampling: Sampling | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Motion:
        """The motion of a face that says `audio`: ceil(seconds * fps) frames in the rig's units, inside its ranges.

        The same seed, audio and options give the same bytes on one machine. `progress(done, total)` is called after
        each window. Raises an OptionError for a style of another encoder, an identity of another size, or a seed
        below 0.
        """
        return self._animate([seed], audio, self.speaker([seed], style, identity, sampling or Sampling()), progress)[0]

    def takes(
        self,
        audio: Audio,
        style: Style | None = None,
        *,
        seeds: Sequence[int],
        identity: Identity | None = None,
        sampling: Sampling | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Motion]:
        """One motion for each of `seeds`, drawn together; each equals what `animate` gives for its seed, up to
        rounding.
        """
        return self._animate(seeds, audio, self.speaker(seeds, style, identity, sampling or Sampling()), progress)

    def speaker(self, seeds: Sequence[int], style: Style | None, identity: Identity | None, sampling: Sampling) -> Speaker:
        """The constants of a recording, checked."""
        if not seeds or min(seeds) < 0:
            raise OptionError(f"seeds {list(seeds)} must be one or more whole numbers from 0")
        style = style or self.usual_style
        if style is not None:
            style.check_encoder(self.style_encoder)
        scales = [("audio", sampling.audio_guidance)]
        if style is not None:
            scales.append(("style", sampling.style_guidance))
        steps = spaced_steps(self.schedule, sampling.steps)
        return Speaker(
            None if style is None else style.vector,
            self._identity(identity),
            SAMPLERS[sampling.sampler](self.schedule, steps),
            sampling.guide(scales),
            sampling,
            [np.random.default_rng([seed, 0]) for seed in seeds],
        )

    def next_window(self, carry: Carry, audio: np.ndarray, valid: int, speaker: Speaker) -> tuple[np.ndarray, np.ndarray, Carry]:
        """The window's motion (B, W, C), its own view of the context (B, P, C), both normalised, and what the next
        window needs.

        audio (W, D) are its features, of which the first `valid` frames exist. This is one beat of `animate` and of
        a stream.
        """
        sizes, takes = self.engine.config.denoiser, len(speaker.noise)
        exists = np.broadcast_to(np.arange(sizes.window) < valid, (takes, sizes.window))
        told = Conditions(
            _each(takes, audio),
            exists,
            carry.context,
            _each(takes, carry.audio),
            _each(takes, speaker.style),
            _each(takes, speaker.identity),
        )
        prepared = self.engine.prepare(told, [term.condition for term in speaker.terms])
        guided = _Guided(self.engine, prepared, speaker)
        shape, scale = (sizes.window, sizes.channels), self._noise_scale(speaker.sampling.lip_noise)

        def draw() -> np.ndarray:
            return np.stack([noise.standard_normal(shape, dtype=np.float32) * scale for noise in speaker.noise])

        motion = speaker.sampler.sample(guided, draw(), draw)
        return motion, guided.context, Carry(motion[:, -sizes.context :], audio[-sizes.context :])

    def extract_style(self, motion: Motion, name: str = "unnamed") -> Style:
        """How `motion` is spoken: the mean style of the windows that cover it. Channels that the model never learned to move, such as
        blinks, are not read, and no channel further than FAR deviations out. Raises a RigError for another rig, an OptionError for a
        motion shorter than a window.
        """
        rig, motion = self.engine.config.rig, motion.at_fps(self.engine.config.fps)
        if not set(rig.channels) <= set(motion.rig.channels):
            rigs = f"{motion.rig.name!r}, this model moves {rig.name!r}"
            raise RigError(f"style cannot be taken from a motion of rig {rigs}; retarget it first")
        if motion.frames < self.window:
            shortest = f"{motion.frames} frames, shorter than the {self.window} that the style encoder reads"
            raise OptionError(f"style cannot be taken from a motion of {shortest}; give at least {self.window / motion.fps:g} s")
        normalizer = self.engine.normalizer
        values = np.clip(normalizer.normalise(motion.select(rig.names)), -FAR, FAR) * normalizer.moving()
        last = motion.frames - self.window
        starts = [*range(0, last, self.window), last]
        windows = np.stack([values[start : start + self.window] for start in starts])
        vector = self.engine.encode_style(windows).mean(axis=0)
        if not vector.any():
            raise OptionError("this checkpoint was converted without its style encoder, so no style can be extracted; give style files")
        return Style(vector, self.style_encoder, name)

    def _animate(self, seeds: Sequence[int], audio: Audio, speaker: Speaker, progress) -> list[Motion]:
        config = self.engine.config
        frames = frame_count(audio.samples.size, audio.sample_rate, config.fps)
        parts, done = [], 0
        for values in self._windows(audio, frames, speaker):
            parts.append(values)
            done += values.shape[1]
            if progress is not None:
                progress(done, frames)
        takes = self.engine.normalizer.restore(np.concatenate(parts, axis=1))
        return [self._finish(values, audio, seed) for values, seed in zip(takes, seeds, strict=True)]

    def _windows(self, audio: Audio, frames: int, speaker: Speaker) -> Iterator[np.ndarray]:
        """Normalised motion (B, up to W, C) piece by piece. A piece leaves once the window after it has been blended
        into its end.
        """
        plan, carry, made = plan_windows(frames, self.window), Carry(), None
        features = self.hear(self.engine, audio, frames, len(plan) * self.window)
        for window in plan:
            heard = cut_window(features, window.start, self.window)
            motion, context, carry = self.next_window(carry, heard, window.valid, speaker)
            if made is not None:
                yield blend_end(made, context, speaker.sampling.blend)
            made = motion[:, : window.valid]
        yield made

    def _finish(self, values: np.ndarray, audio: Audio, seed: int) -> Motion:
        motion = Motion(values, self.engine.config.fps, self.engine.config.rig).clamped()
        random = np.random.default_rng([seed, 1])  # apart from the noise, so that a changed post step leaves the motion below it
        for step in self.post:
            motion = step(motion, audio, random)
        return motion

    def _noise_scale(self, lip_noise: float) -> np.ndarray:
        """The deviation (C,) of the noise of each channel; a rig without ARKit's mouth draws all of it as trained."""
        rig = self.engine.config.rig
        lips = lips_of(rig)
        return np.array([lip_noise if name in lips else 1.0 for name in rig.names], np.float32)

    def _identity(self, identity: Identity | None) -> np.ndarray | None:
        size = self.engine.config.denoiser.identity
        if size == 0 or identity is None:
            return None
        if identity.values.size != size:
            sizes = f"{identity.values.size} numbers, this model takes {size}"
            raise OptionError(f"identity {identity.name!r} has {sizes}; give an identity made for this model")
        return self.engine.identity_normalizer.normalise(identity.values)


class _Guided:
    """The guided prediction of a window's x0; remembers its latest view of the context (B, P, C)."""

    def __init__(self, engine, prepared, speaker: Speaker):
        self.engine, self.prepared, self.speaker = engine, prepared, speaker
        self.context = None

    def __call__(self, noisy: np.ndarray, step: int) -> np.ndarray:
        threshold = self.speaker.sampling.threshold
        branches = self.engine.denoise(noisy, step, self.prepared)
        before = branches.shape[2] - noisy.shape[1]
        if threshold is not None and threshold.per_branch:
            branches = np.concatenate([branches[:, :, :before], threshold.clamp(branches[:, :, before:])], axis=2)
        x0 = combine(lambda conditions: branches, self.speaker.terms)
        self.context = x0[:, :before]
        if threshold is not None and not threshold.per_branch:
            return threshold.clamp(x0[:, before:])
        return x0[:, before:]


def blend_end(motion: np.ndarray, view: np.ndarray, blend: float) -> np.ndarray:
    """`motion` (B, T, C) whose last P frames move towards `view` (B, P, C): not at all before them, by the share
    `blend` at the end.
    """
    if not blend:
        return motion
    frames = view.shape[1]
    ramp = blend * (0.5 - 0.5 * np.cos(np.pi * (np.arange(frames) + 0.5) / frames))[:, None].astype(motion.dtype)
    end = motion[:, -frames:] * (1 - ramp) + view * ramp
    return np.concatenate([motion[:, :-frames], end], axis=1)


def hear_log_mel(engine, audio: Audio, frames: int, padded: int, encode: Callable | None = None) -> np.ndarray:
    """Audio features (padded, D) of a recording of `frames` frames, followed by silence; or what `encode` makes of its log-mel."""
    per_frame = round(FEATURES_PER_SECOND / engine.config.fps)
    mel = log_mel(audio, padded * per_frame)
    mel = normalise(mel, band_means(mel[: frames * per_frame]))
    return encode_in_chunks(encode or engine.encode_audio, mel, per_frame, engine.config.audio.margin)


def hear_samples(engine, audio: Audio, frames: int, padded: int) -> np.ndarray:
    """Audio features (padded, D) for an encoder that hears samples: standardised over the recording, then silence.

    Long sound is heard in overlapping chunks as long as the windows of training. Source: DiffPoseTalk, but for the chunks.
    """
    config = engine.config
    per_frame = round(config.sample_rate / config.fps)
    heard = audio.resample(config.sample_rate).samples[: frames * per_frame]
    samples = np.zeros(padded * per_frame, np.float32)
    samples[: heard.size] = (heard - heard.mean()) / (heard.std(ddof=min(1, heard.size - 1)) + 1e-5)
    parts = []
    for first, start, end in overlapping_chunks(padded, config.audio.chunk, config.audio.margin):
        piece = engine.encode_audio(samples[first * per_frame : (first + config.audio.chunk) * per_frame])
        parts.append(piece[start - first : end - first])
    return np.concatenate(parts)


HEARING = {"log-mel": hear_log_mel, "hubert": hear_samples}  # by the kind of a checkpoint's audio encoder


def encode_in_chunks(encode: Callable, features: np.ndarray, per_frame: int, margin: int, chunk: int = CHUNK) -> np.ndarray:
    """`encode(features)` (T, D) of features (T * per_frame, bands), made `chunk` frames at a time, in memory that does
    not grow.

    Each chunk is heard with `margin` frames to either side; with an encoder that hears no further, the result is
    that of one call.
    """
    frames = features.shape[0] // per_frame
    parts = []
    for first in range(0, frames, chunk):
        start, end = max(first - margin, 0), min(first + chunk + margin, frames)
        heard = encode(features[start * per_frame : end * per_frame])
        parts.append(heard[first - start : first - start + chunk])
    return np.concatenate(parts)


def load(path: str | Path | None = None, post: Sequence[PostStep] | None = None) -> Animator:
    """An animator of the checkpoint at `path`, or of the packaged one; a CheckpointError when it cannot be used.

    `post` None means the gestures, such as blinks and lips that meet, when the checkpoint's rig has the channels that they move. The
    packaged checkpoint speaks in the built-in style USUAL_STYLE where none is given, any other in its average style.
    """
    checkpoint = load_checkpoint(default_checkpoint() if path is None else path)
    usual = built_in_style(USUAL_STYLE) if path is None else None
    model, hear = checkpoint.model(), HEARING[checkpoint.config["audio"]["kind"]]
    post = gestures_of(checkpoint.rig, _lip_hearing(model)) if post is None else post
    return Animator(model, checkpoint.style_encoder, post, hear, usual)


def _lip_hearing(engine) -> Callable[[Audio, int], dict[str, np.ndarray]] | None:
    """How to hear the phones of the lips with `engine`, None for one that names none. Takes of one recording are heard once."""
    if not engine.lip_phones:
        return None

    @lru_cache(maxsize=1)
    def hear(audio: Audio, frames: int) -> dict[str, np.ndarray]:
        silence = engine.config.audio.margin  # after the end, as the model hears it
        shares = hear_log_mel(engine, audio, frames, frames + silence, engine.lip_shares)[:frames]
        return dict(zip(engine.lip_phones, shares.T, strict=True))

    return hear


def _each(takes: int, values: np.ndarray | None) -> np.ndarray | None:
    """`values` for each take: (B, ...), without a copy."""
    return None if values is None else np.broadcast_to(values, (takes, *values.shape))
