"""`Animator`: a recording and a style in, the motion of a face out, window by window.

Shapes: B takes, T frames, W window, P context, C channels, D width of the audio features, G guidance branches. The animator drives an
`Engine`: networks behind calls on arrays, whatever runs them.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from visavox.audio import Audio
from visavox.cue import Cue
from visavox.cues.performing import CueGesture, settled
from visavox.diffusion.guidance import guide_of
from visavox.diffusion.noise import FrameNoise, recording_hash
from visavox.diffusion.sampler import SAMPLERS, spaced_steps
from visavox.diffusion.schedule import schedule_of
from visavox.encoding import RecordingEncoder
from visavox.engine import Engine
from visavox.errors import OptionError
from visavox.gestures import lips_of
from visavox.gestures.gesture import Gesture, Piece, Take, perform
from visavox.models.conditions import Conditions
from visavox.motion import Motion
from visavox.provenance import AVERAGE, generated
from visavox.redrawing import Drawing, check_styles, redrawn
from visavox.sampling import Guided, Sampling, Speaker
from visavox.style import FlameIdentity, HeadStyle, Style
from visavox.style_extraction import extract_style
from visavox.windows import cut_window, fade_in, frame_count, plan_windows

CUES = 1000  # the purpose of the chance of cues, apart from that of every gesture


@dataclass(frozen=True)
class Carry:
    """What one window hands to the next: the last P frames of motion (B, P, C), normalised, and of audio features (P,
    D), None at the start of a recording; and the number of the window's first frame.
    """

    context: np.ndarray | None = None
    audio: np.ndarray | None = None
    frame: int = 0


class Animator:
    """Turns recordings into motion with one engine; `style_encoder` is the fingerprint that styles must carry.

    `gestures` change the finished motion in order, such as the head's and blinks.
    `encode` encodes a recording, log-mel by default. `usual_style` is spoken where no style is given. `restore` makes physical motion of
    normalised motion, with the checkpoint's calibration; None is the statistics of the engine. `speaks` are fingerprints of other style
    encoders whose styles are spoken too; `name` is the checkpoint's, for the provenance of what it makes.
    """

    def __init__(
        self,
        engine: Engine,
        style_encoder: str,
        gestures: Sequence[Gesture] = (),
        encode: RecordingEncoder | None = None,
        usual_style: Style | None = None,
        restore: Callable[[np.ndarray], np.ndarray] | None = None,
        speaks: Sequence[str] = (),
        name: str = "",
    ):
        self.engine, self.style_encoder, self.usual_style, self.speaks = engine, style_encoder, usual_style, tuple(speaks)
        self.restore, self.name = restore or engine.motion.restore, name
        self.gestures = tuple(gestures)
        self.encode = encode or RecordingEncoder(engine)
        self.progress: Callable[[int, int], None] | None = None
        self.schedule = schedule_of(engine.config.denoiser.schedule, engine.config.denoiser.steps)
        self.guide = guide_of(engine.config.denoiser.guide)

    def reporting(self, progress: Callable[[int, int], None] | None) -> "Animator":
        """This animator, which calls `progress(done, total)` after each window of what it draws."""
        reporting = copy(self)
        reporting.progress = progress
        return reporting

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
        identity: FlameIdentity | None = None,
        sampling: Sampling | None = None,
        cues: Sequence[Cue] = (),
    ) -> Motion:
        """The motion of a face that says `audio`: ceil(seconds * fps) frames in the rig's units, inside its ranges.

        The same seed, audio and options give the same bytes on one machine; with another recording a seed is another take. What `cues`
        do not name keeps the bytes that it has without them. Raises an OptionError for a style of another encoder, an identity of
        another size, a seed below 0, or a cue that does not fit the recording.
        """
        return self.takes(audio, style, seeds=[seed], identity=identity, sampling=sampling, cues=cues)[0]

    def takes(
        self,
        audio: Audio,
        style: Style | None = None,
        *,
        seeds: Sequence[int],
        identity: FlameIdentity | None = None,
        sampling: Sampling | None = None,
        cues: Sequence[Cue] = (),
    ) -> list[Motion]:
        """One motion for each of `seeds`, drawn together; each equals what `animate` gives for its seed, up to
        rounding.
        """
        recording, sampling = recording_hash(audio.samples, audio.sample_rate), sampling or Sampling()
        cues = settled(cues, audio.seconds)
        check_styles(cues, self.style_encoder, *self.speaks)
        speaker = self.speaker(seeds, style, identity, sampling, recording)
        made = self._animate(audio, speaker, self.progress)
        if cues:
            usual = [Drawing(style, seed, sampling) for seed in seeds]
            directed = zip(made, usual, speaker.noise, strict=True)
            made = [self._directed(motion, audio, cues, one, identity, _Chance(noise, CUES)) for motion, one, noise in directed]
        style = style or self.usual_style
        spoken = AVERAGE if style is None else style.name
        said = [generated(audio.source, spoken, self.name, seed) for seed in seeds]
        return [replace(motion, provenance=each) for motion, each in zip(made, said, strict=True)]

    def speaker(
        self, seeds: Sequence[int], style: Style | None, identity: FlameIdentity | None, sampling: Sampling, recording: int
    ) -> Speaker:
        """The constants of a recording, checked; `recording` is its hash (`diffusion.noise.recording_hash`)."""
        if not seeds or min(seeds) < 0:
            raise OptionError(f"seeds {list(seeds)} must be one or more whole numbers from 0")
        style = style or self.usual_style
        if style is not None:
            style.check_encoder(self.style_encoder, *self.speaks)
        scales = [("audio", sampling.audio_guidance)]
        if style is not None:
            scales.append(("style", sampling.style_guidance))
        self._check_conditions(sampling)
        scales += [(name, told.guidance) for name, told in sampling.conditions.items()]
        steps = spaced_steps(self.schedule, sampling.steps)
        return Speaker(
            None if style is None else style.vector,
            self._identity(identity),
            SAMPLERS[sampling.sampler](self.schedule, steps),
            (sampling.guide or self.guide)(scales),
            sampling,
            [FrameNoise(seed, recording) for seed in seeds],
            HeadStyle() if style is None else style.head,
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
            self._named(carry.frame, speaker),
        )
        prepared = self.engine.prepare(told, [term.condition for term in speaker.terms])
        guided = Guided(self.engine, prepared, speaker)
        shape, scale = (sizes.window, sizes.channels), self._noise_scale(speaker.sampling.lip_noise)
        draws = count()

        def draw() -> np.ndarray:
            number = next(draws)
            return np.stack([noise.frames(carry.frame, shape, number) * scale for noise in speaker.noise])

        motion = speaker.sampler.sample(guided, draw(), draw)
        return motion, guided.context, Carry(motion[:, -sizes.context :], audio[-sizes.context :], carry.frame + sizes.window)

    def extract_style(self, motion: Motion, name: str = "unnamed", start: float | None = None) -> Style:
        """How `motion` is spoken, over all of it or in the window from `start` seconds on; see `style_extraction.extract_style`."""
        return extract_style(self.engine, self.style_encoder, motion, name, start)

    def _animate(self, audio: Audio, speaker: Speaker, progress) -> list[Motion]:
        config = self.engine.config
        frames = frame_count(audio.samples.size, audio.sample_rate, config.fps)
        parts, done = [], 0
        for values in self._windows(audio, frames, speaker):
            parts.append(values)
            done += values.shape[1]
            if progress is not None:
                progress(done, frames)
        takes = self.restore(np.concatenate(parts, axis=1))
        return [self._finish(values, audio, noise, speaker.head) for values, noise in zip(takes, speaker.noise, strict=True)]

    def _windows(self, audio: Audio, frames: int, speaker: Speaker) -> Iterator[np.ndarray]:
        """Normalised motion (B, up to W, C) piece by piece. A piece leaves once the window after it has been blended
        into its end.
        """
        plan, carry, made = plan_windows(frames, self.window), Carry(), None
        features = self.encode(audio, frames, speaker.sampling.encode_at_once).features
        for window in plan:
            piece = cut_window(features, window.start, self.window)
            motion, context, carry = self.next_window(carry, piece, window.valid, speaker)
            if made is not None:
                yield blend_end(made, context, speaker.sampling.blend)
            made = motion[:, : window.valid]
        yield made

    def _finish(self, values: np.ndarray, audio: Audio, noise: FrameNoise, head: HeadStyle) -> Motion:
        motion = Motion(values, self.engine.config.fps, self.engine.config.rig).clamped()
        # a gesture's chance is apart from the denoiser's noise and from the others', so that a changed one leaves them as they were
        takes = [Take(_Chance(noise, purpose=1 + number), head) for number in range(len(self.gestures))]
        return perform(self.gestures, takes, Piece(motion, audio, self.encode.cues(audio, motion.frames), last=True))

    def _directed(
        self, motion: Motion, audio: Audio, cues: Sequence[Cue], usual: Drawing, identity: FlameIdentity | None, chance: "_Chance"
    ) -> Motion:
        """`motion`, drawn in the `usual` way, as `cues` direct it."""

        def draw(drawing: Drawing) -> Motion:
            return self.animate(audio, drawing.style, seed=drawing.seed, identity=identity, sampling=drawing.sampling)

        gesture = CueGesture(cues)
        motion = redrawn(motion, cues, usual, draw)
        return gesture.step(gesture.start(Take(chance)), Piece(motion, audio, self.encode.cues(audio, motion.frames), last=True))

    def _named(self, first: int, speaker: Speaker) -> dict[str, np.ndarray]:
        """The named conditions of the window that begins with frame `first`, for each take."""
        takes, found = len(speaker.noise), {}
        for entry in self.engine.config.denoiser.conditions:
            if entry.name in speaker.sampling.conditions:
                values = np.asarray(speaker.sampling.conditions[entry.name].values, np.float32)
                found[entry.name] = _each(takes, cut_window(values, first, self.window) if entry.per == "frame" else values)
        return found

    def _check_conditions(self, sampling: Sampling) -> None:
        """An OptionError for a condition that the model does not know, or values of another size."""
        known = {entry.name: entry for entry in self.engine.config.denoiser.conditions}
        for name, told in sampling.conditions.items():
            if name not in known:
                names = ", ".join(known) or "none but sound, style and identity"
                raise OptionError(f"this model knows no condition {name!r}; it knows {names}")
            ranks = {"clip": 1, "frame": 2}
            if np.ndim(told.values) != ranks[known[name].per] or np.shape(told.values)[-1] != known[name].size:
                wanted = f"({known[name].size},)" if known[name].per == "clip" else f"(frames, {known[name].size})"
                raise OptionError(f"condition {name!r} has values of shape {np.shape(told.values)}; this model takes {wanted}")

    def _noise_scale(self, lip_noise: float) -> np.ndarray:
        """The deviation (C,) of the noise of each channel; a rig without ARKit's mouth draws all of it as trained."""
        rig = self.engine.config.rig
        lips = lips_of(rig)
        return np.array([lip_noise if name in lips else 1.0 for name in rig.names], np.float32)

    def _identity(self, identity: FlameIdentity | None) -> np.ndarray | None:
        size = self.engine.config.denoiser.identity
        if size == 0 or identity is None:
            return None
        if identity.values.size != size:
            sizes = f"{identity.values.size} numbers, this model takes {size}"
            raise OptionError(f"identity {identity.name!r} has {sizes}; give an identity made for this model")
        return self.engine.identity.normalise(identity.values)


class _Chance:
    """The chance of a take for one purpose."""

    def __init__(self, noise: FrameNoise, purpose: int):
        self.noise, self.purpose = noise, purpose

    def generator(self) -> np.random.Generator:
        return self.noise.generator(purpose=self.purpose)

    def frames(self, first: int, shape: tuple[int, int]) -> np.ndarray:
        return self.noise.frames(first, shape, purpose=self.purpose)


def blend_end(motion: np.ndarray, view: np.ndarray, blend: float) -> np.ndarray:
    """`motion` (B, T, C) whose last P frames move towards `view` (B, P, C): not at all before them, by the share
    `blend` at the end.
    """
    if not blend:
        return motion
    frames = view.shape[1]
    ramp = blend * fade_in(frames)[:, None].astype(motion.dtype)
    end = motion[:, -frames:] * (1 - ramp) + view * ramp
    return np.concatenate([motion[:, :-frames], end], axis=1)


def _each(takes: int, values: np.ndarray | None) -> np.ndarray | None:
    """`values` for each take: (B, ...), without a copy."""
    return None if values is None else np.broadcast_to(values, (takes, *values.shape))
