"""`Animator`: a recording and a style in, the motion of a face out, window by window.

Shapes: B takes, T frames, W window, P context, C channels, D width of the audio features, G guidance branches. The animator drives an
`Engine`: networks behind calls on arrays, whatever runs them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from functools import cache, partial
from itertools import count
from numbers import Integral

import numpy as np

from visavox.arguments import checked
from visavox.audio import Audio
from visavox.calibration import Restoration
from visavox.cue import Cue
from visavox.cues.pauses import pauses_of
from visavox.cues.performing import CueGesture, check_rig, settled
from visavox.diffusion.guidance import guide_of
from visavox.diffusion.noise import FrameNoise, recording_hash
from visavox.diffusion.sampler import SAMPLERS, spaced_steps
from visavox.diffusion.schedule import schedule_of
from visavox.encoding import RecordingEncoder
from visavox.engine import Engine
from visavox.errors import CheckpointError, OptionError
from visavox.gestures import lips_of
from visavox.gestures.accents import Hops, hops_of
from visavox.gestures.gesture import Chance, Gesture, Piece, Take, perform, takes_of
from visavox.lockstep import Carry, Drawn, Held, Run, Stretch, draw, joined
from visavox.motion import Motion
from visavox.provenance import AVERAGE, generated
from visavox.redrawing import check_styles, spans_of
from visavox.sampling import Sampling, Speaker
from visavox.spans import Span, in_order, passed_over, windows_around
from visavox.style import FaceStyle, FlameIdentity, HeadStyle, Style
from visavox.style_extraction import extract_style
from visavox.windows import cut_window, frame_count, padded_frames

FURTHEST = 8.0  # deviations out to which known motion is shown to the model: an edited one may lie anywhere


class Animator:
    """Turns recordings into motion with one engine; `style_encoder` is the fingerprint that styles must carry.

    `gestures` change the finished motion in order, such as the head's and blinks.
    `encode` encodes a recording, log-mel by default. `usual_style` is spoken where no style is given. `restore` makes physical motion of
    normalised motion, with the checkpoint's calibration; None is the statistics of the engine. `speaks` are fingerprints of other style
    encoders whose styles are spoken too; `name` is the checkpoint's, for the provenance of what it makes. `threads` is the number of
    threads that draw windows; no result depends on it.
    """

    def __init__(
        self,
        engine: Engine,
        style_encoder: str,
        gestures: Sequence[Gesture] = (),
        encode: RecordingEncoder | None = None,
        usual_style: Style | None = None,
        restore: Restoration | None = None,
        speaks: Sequence[str] = (),
        name: str = "",
        threads: int = 1,
    ):
        self.engine, self.style_encoder, self.usual_style, self.speaks = engine, style_encoder, usual_style, tuple(speaks)
        self.restore, self.name = restore or Restoration(engine.motion.std, engine.motion.mean), name
        self.gestures, self.threads = tuple(gestures), threads
        self.encode = encode or RecordingEncoder(engine)
        self.progress: Callable[[int, int], None] | None = None
        self.schedule = schedule_of(engine.config.denoiser.schedule, engine.config.denoiser.steps)
        self.guide = guide_of(engine.config.denoiser.guide)

    def reporting(self, progress: Callable[[int, int], None] | None) -> "Animator":
        """This animator, which calls `progress(done, total)` with the frames that are done, while it draws."""
        reporting = copy(self)
        reporting.progress = progress
        return reporting

    @property
    def window(self) -> int:
        """The number of frames W that are denoised together."""
        return self.engine.config.denoiser.window

    @checked
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

    @checked
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
        cues = settled(cues, audio.seconds, pauses=partial(pauses_of, audio))
        check_rig(cues, self.engine.config.rig)
        check_styles(cues, self.style_encoder, *self.speaks)
        speaker = self.speaker(seeds, style, identity, sampling, recording)
        made = self._animate(audio, speaker, self.progress)
        if cues:
            usual = [Span(0.0, audio.seconds, style, seed, sampling) for seed in seeds]
            directed = zip(made, usual, speaker.noise, strict=True)
            made = [self._directed(motion, audio, cues, one, identity, noise.named("cues")) for motion, one, noise in directed]
        style = style or self.usual_style
        style_name = AVERAGE if style is None else style.name
        origins = [generated(audio.source, style_name, self.name, seed) for seed in seeds]
        directed = {"cues": f"{len(cues)} instructions"} if cues else {}
        return [replace(motion, provenance=each | directed) for motion, each in zip(made, origins, strict=True)]

    @checked
    def redraw(self, audio: Audio, motion: Motion, spans: Sequence[Span], identity: FlameIdentity | None = None) -> Motion:
        """`motion`, which may be edited, with each of `spans` drawn again to `audio` as the span says; all other frames keep their bytes.

        The frames on both sides of a span are known to the model, which leads from one to the other. The same span gives the same bytes.
        Raises an OptionError for a motion that is not one of this model to this recording, spans that overlap or begin after the end, or
        what `animate` refuses.
        """
        config = self.engine.config
        frames = frame_count(audio.samples.size, audio.sample_rate, config.fps)
        if motion.rig != config.rig or motion.fps != config.fps or motion.frames != frames:
            found = f"{motion.frames} frames of rig {motion.rig.name!r} at {motion.fps:g} a second"
            wanted = f"{frames} of rig {config.rig.name!r} at {config.fps:g}"
            raise OptionError(f"the motion has {found}, this model makes {wanted} of that recording; give a motion that it made")
        recording = recording_hash(audio.samples, audio.sample_rate)
        for span in in_order(spans):
            speaker = self.speaker([span.seed], span.style, identity, span.sampling, recording)
            first, end = span.frames(motion)
            drawn = self._between(audio, motion, first, end, speaker)
            new = self._gestured(replace(motion, values=drawn).clamped(), audio, speaker.noise[0], speaker).values[first:end]
            motion = replace(motion, values=passed_over(motion, new, first, end))
        return motion

    def _between(self, audio: Audio, motion: Motion, first: int, end: int, speaker: Speaker) -> np.ndarray:
        """The values (T, C) of `motion` with frames [first, end) as the model draws them between the others."""
        sizes = self.engine.config.denoiser
        features = self.encode(audio, motion.frames, speaker.sampling.encode_at_once).features
        start, number = windows_around(first, end, motion.frames, sizes.window, sizes.context)
        known = np.where(self.engine.motion.moving(), self.restore.undo(motion.values), 0).clip(-FURTHEST, FURTHEST)
        carry = Carry()
        if start:
            before = slice(start - sizes.context, start)
            carry = Carry(known[None, before], features[before], start)
        length = number * sizes.window
        covered = np.arange(start, start + length)
        held = Held(cut_window(known, start, length), (covered >= first) & (covered < end) | (covered >= motion.frames), self.schedule)
        stretch = Stretch(cut_window(features, start, length), min(length, motion.frames - start), held)
        with ThreadPoolExecutor(self.threads) as pool:
            drawn, _ = draw(self.engine, speaker, carry, stretch, map if self.threads == 1 else pool.map)
        (new,) = joined([drawn], speaker.sampling.blend)
        return np.concatenate([motion.values[:first], self.restored(new[0, first - start : end - start]), motion.values[end:]])

    def speaker(
        self, seeds: Sequence[int], style: Style | None, identity: FlameIdentity | None, sampling: Sampling, recording: int
    ) -> Speaker:
        """The constants of a recording, checked; `recording` is its hash (`diffusion.noise.recording_hash`)."""
        if not seeds or not all(isinstance(seed, Integral) and seed >= 0 for seed in seeds):
            raise OptionError(f"seeds {list(seeds)} must be one or more whole numbers from 0")
        style = style or self.usual_style
        if style is not None:
            style.check_encoder(self.style_encoder, *self.speaks)
        scales = [("audio", sampling.audio_guidance)]
        if style is not None:
            scales.append(("style", sampling.style_guidance))
        self._check_conditions(sampling)
        scales += [(name, value.guidance) for name, value in sampling.conditions.items()]
        steps = spaced_steps(self.schedule, sampling.steps)
        return Speaker(
            None if style is None else style.vector,
            self._identity(identity),
            SAMPLERS[sampling.sampler](self.schedule, steps),
            (sampling.guide or self.guide)(scales),
            sampling,
            [FrameNoise(seed, recording) for seed in seeds],
            self._noise_scale(sampling.lip_noise),
            HeadStyle() if style is None else style.head,
            FaceStyle() if style is None else style.face,
        )

    @checked
    def extract_style(self, motion: Motion, name: str = "unnamed", start: float | None = None) -> Style:
        """How `motion` is spoken, over all of it or in the window from `start` seconds on; see `style_extraction.extract_style`."""
        return extract_style(self.engine, self.style_encoder, motion, name, start)

    def _animate(self, audio: Audio, speaker: Speaker, progress) -> list[Motion]:
        config = self.engine.config
        frames = frame_count(audio.samples.size, audio.sample_rate, config.fps)
        analysed = cache(partial(hops_of, audio))
        features = self.encode(audio, frames, speaker.sampling.encode_at_once).features
        with ThreadPoolExecutor(self.threads) as pool:
            if self.threads > 1 and self.gestures:
                pool.submit(analysed)  # beside the windows, whose number is seldom a multiple of the threads'
            run = map if self.threads == 1 else pool.map
            pieces = list(joined(self._windows(features, frames, speaker, progress, run), speaker.sampling.blend))
        takes = self.restored(np.concatenate(pieces, axis=1)[:, :frames])
        return [self._finish(values, audio, noise, speaker, analysed) for values, noise in zip(takes, speaker.noise, strict=True)]

    def _windows(self, features: np.ndarray, frames: int, speaker: Speaker, progress, run: Run) -> Iterator[Drawn]:
        """The windows that cover `frames` frames, normalised, as many at a time as are drawn together."""
        carry, size, steps = Carry(), speaker.sampling.lockstep * self.window, len(speaker.sampler.steps)
        done = progress or (lambda drawn, total: None)
        for first in range(0, padded_frames(frames, self.window), size):
            piece, valid = features[first : first + size], min(size, frames - first)
            counted = _counted(run, lambda step, first=first, valid=valid: done(first + valid * step // steps, frames))
            drawn, carry = draw(self.engine, speaker, carry, Stretch(piece, valid), counted)
            yield drawn

    def restored(self, drawn: np.ndarray) -> np.ndarray:
        """Physical motion of normalised motion; a CheckpointError that names the checkpoint when weights of its make what is no number."""
        values = self.restore(drawn)
        if not np.isfinite(values).all():
            origins = f"the checkpoint {self.name!r} makes motion that is not a number"
            raise CheckpointError(f"{origins}: some of its weights are far too large; copy or download it again, or train it anew")
        return values

    def _finish(self, values: np.ndarray, audio: Audio, noise: FrameNoise, speaker: Speaker, analysed: Callable[[], Hops]) -> Motion:
        return self._gestured(Motion(values, self.engine.config.fps, self.engine.config.rig).clamped(), audio, noise, speaker, analysed)

    def _gestured(
        self, motion: Motion, audio: Audio, noise: FrameNoise, speaker: Speaker, analysed: Callable[[], Hops] | None = None
    ) -> Motion:
        """`motion` after all gestures of a take; `analysed` gives the voice where its analysis is shared."""
        takes = takes_of(self.gestures, noise.named, speaker.head, speaker.face)
        cues = self.encode.cues(audio, motion.frames, speaker.sampling.encode_at_once)
        return perform(self.gestures, takes, Piece(motion, audio, cues, last=True, analysed=analysed))

    def _directed(
        self, motion: Motion, audio: Audio, cues: Sequence[Cue], usual: Span, identity: FlameIdentity | None, chance: Chance
    ) -> Motion:
        """`motion`, drawn in the `usual` way, as `cues` direct it."""
        gesture = CueGesture(cues)
        motion = self.redraw(audio, motion, spans_of(cues, usual), identity)
        known = self.encode.cues(audio, motion.frames, usual.sampling.encode_at_once)
        return gesture.step(gesture.start(Take(chance)), Piece(motion, audio, known, last=True))

    def _check_conditions(self, sampling: Sampling) -> None:
        """An OptionError for a condition that the model does not know, or values of another size."""
        known = {entry.name: entry for entry in self.engine.config.denoiser.conditions}
        for name, value in sampling.conditions.items():
            if name not in known:
                names = ", ".join(known) or "none but sound, style and identity"
                raise OptionError(f"this model knows no condition {name!r}; it knows {names}")
            ranks = {"clip": 1, "frame": 2}
            if np.ndim(value.values) != ranks[known[name].per] or np.shape(value.values)[-1] != known[name].size:
                wanted = f"({known[name].size},)" if known[name].per == "clip" else f"(frames, {known[name].size})"
                raise OptionError(f"condition {name!r} has values of shape {np.shape(value.values)}; this model takes {wanted}")

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


def _counted(run: Run, done: Callable[[int], None]) -> Run:
    """`run`, after each call of which `done` is told how many there were."""
    times = count(1)

    def counting(function: Callable, items: Iterable) -> list:
        answers = list(run(function, items))
        done(next(times))
        return answers

    return counting
