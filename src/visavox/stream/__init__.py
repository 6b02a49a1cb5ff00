"""`Stream`: sound in as it is spoken, motion out as soon as it is ready. The same model and the same gestures as a recording's, in blocks.

The sound is encoded AHEAD frames further than the frames that are made, BLOCK of which are denoised together in one evaluation, if nothing
else is asked for. What a recording tells as a whole, such as how loud it is, is measured as it goes. Everything is computed in blocks of
fixed size, so that the same sound gives the same bytes however it is divided. Shapes: S samples, T frames, P context, C channels, D width.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from visavox.animate import Animator
from visavox.arguments import checked
from visavox.audio import LOUDEST
from visavox.cue import Cue
from visavox.cues.live import gestures_of_cues
from visavox.errors import OptionError
from visavox.gestures import lips_of
from visavox.gestures.gesture import Gesture, takes_of
from visavox.gestures.live import SOON_AFTER, LiveVoice, live_gestures_of
from visavox.gestures.live.voice import AHEAD
from visavox.models.log_mel import BANDS
from visavox.models.log_mel import HOP as MEL_HOP
from visavox.models.running_means import usual_voice
from visavox.models.sizes import AudioEncoderConfig
from visavox.motion import Motion
from visavox.provenance import AVERAGE, generated
from visavox.sampling import Sampling
from visavox.stream.blocks import CLOSES, ROWS, SMALL, Making, Voice, made_blocks
from visavox.stream.encoding import block_encoder_of
from visavox.stream.overdriven import OverdrivenMemory, restored
from visavox.stream.resampling import ResamplerMemory, resampled
from visavox.stream.state import StreamState, from_bytes, to_bytes
from visavox.style import FlameIdentity, Style
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, frame_count

__all__ = ["AHEAD", "BLOCK", "LIVE_SAMPLING", "Stream", "StreamState", "feed_together"]
BLOCK, MOST_TOGETHER = 2, 16  # frames that are made together, usually and at most
LEAST_AHEAD, MOST_AHEAD = SOON_AFTER, 8  # frames of look-ahead: lips part by the second one, and with more a state would outgrow 100 KB
LIVE_SAMPLING = Sampling(steps=1, audio_guidance=1.0, style_guidance=1.0)  # the lips need no more: docs/live.md
LOWEST_RATE, HIGHEST_RATE = 2_000, 768_000  # Hz


@checked
class Stream:
    """A face that speaks while it is spoken: `feed` it sound, take what is ready, `finish` it.

    `animator` is a loaded model. One stream is one voice; streams know nothing of one another and may share an animator. `sample_rate` is
    that of the sound, until `feed` names another. The same seed and sound give the same bytes; unlike in a recording, what chance
    gives does not depend on the sound: give every session a `seed` of its own. `block` frames are made together: each more costs 40 ms of
    latency, and a block costs hardly more than a frame. So does each frame more that is known `ahead` of them, of which the lips profit.
    `cues` act when their times come, counted from the first frame. Raises an OptionError for a model that takes no log-mel at 25 frames a
    second, for a style or identity that does not fit, and for cues that cannot act live.
    """

    def __init__(
        self,
        animator: Animator,
        style: Style | None = None,
        *,
        seed: int = 0,
        sample_rate: int = SAMPLE_RATE,
        identity: FlameIdentity | None = None,
        sampling: Sampling = LIVE_SAMPLING,
        gestures: Sequence[Gesture] | None = None,
        block: int = BLOCK,
        ahead: int = AHEAD,
        cues: Sequence[Cue] = (),
    ):
        config = animator.engine.config
        if not isinstance(config.audio, AudioEncoderConfig) or config.fps != FPS:
            raise OptionError("this model cannot follow a voice live: it encodes whole recordings; use another checkpoint, or visavox play")
        if sampling.threshold is not None:
            raise OptionError("a stream draws without a threshold; leave it out")
        if not 1 <= block <= MOST_TOGETHER:
            raise OptionError(f"{block} frames cannot be made together; choose 1 to {MOST_TOGETHER}")
        if not LEAST_AHEAD <= ahead <= MOST_AHEAD:
            raise OptionError(f"{ahead} frames cannot be known ahead; choose {LEAST_AHEAD} to {MOST_AHEAD}")
        self.animator, self.engine, self.rig, self.block, self.ahead = animator, animator.engine, config.rig, block, ahead
        self.speaker = animator.speaker([seed], style, identity, sampling, recording=0)
        own = live_gestures_of(config.rig, config.lip_cues) if gestures is None else gestures
        self.gestures = (*own, *gestures_of_cues(cues, config.rig))
        style = style or animator.usual_style
        self.provenance = generated("live sound", AVERAGE if style is None else style.name, animator.name, seed)
        self.provenance |= {"cues": f"{len(cues)} instructions"} if cues else {}
        vector = b"" if style is None else np.ascontiguousarray(style.vector, np.float32).tobytes()
        drawn = repr((sampling, identity, block, ahead, self.speaker.head, self.speaker.face, *cues))
        chosen = hashlib.blake2b(vector + drawn.encode(), digest_size=8).hexdigest()
        self._made_for = f"{animator.style_encoder} {seed} {chosen} {' '.join(gesture.name for gesture in self.gestures)}"
        encoder, voice, lips = block_encoder_of(self.engine, block, ahead), LiveVoice(ahead), config.rig.indices(lips_of(config.rig))
        self.making = Making(animator, self.speaker, self.gestures, block, ahead, encoder, voice, lips)
        self.state = self._fresh(_checked_rate(sample_rate))

    @property
    def latency(self) -> float:
        """The seconds from the middle of a block's first frame until it can be made, without the time of the computation."""
        return (self.ahead + self.block - 0.5) / FPS

    @property
    def frames(self) -> int:
        """The number of frames that were given."""
        return self.state.frame

    @checked
    def feed(self, samples: np.ndarray, sample_rate: int | None = None) -> Motion | None:
        """The frames that are ready once `samples` (S,), in [-1, 1], have come after those before; None when none is.

        Any number of samples may come at once. With another `sample_rate` than before the sound goes on at that rate. Raises an
        OptionError for samples that are none, and after `finish`.
        """
        return feed_together([self], [samples], sample_rate)[0]

    def _accept(self, samples: np.ndarray, sample_rate: int | None) -> None:
        if sample_rate is not None and sample_rate != self.state.arriving.rate:
            self._take_in(self._arrived(samples[:0], last=True))
            self.state.arriving = ResamplerMemory(_checked_rate(sample_rate))
        self._take_in(self._arrived(samples))

    def _arrived(self, samples: np.ndarray, last: bool = False) -> np.ndarray:
        """What `samples` make ready at the model's rate; with `last` all that is left."""
        arriving = self.state.arriving
        return resampled(arriving, restored(self.state.overdriven, samples, arriving.rate, last), SAMPLE_RATE, last)

    def finish(self) -> Motion | None:
        """The frames that are left, as if silence followed; None when none is. All together last as long as the sound, rounded up.

        Nothing can be fed afterwards.
        """
        self._check_open()
        state = self.state
        self._take_in(self._arrived(np.zeros(0, np.float32), last=True))
        frames = frame_count(state.known, SAMPLE_RATE, FPS) if state.known else 0
        first = state.frame
        parts = _ready([self])[0]
        while state.frame < frames:
            self._take_in(np.zeros(self.block * SAMPLES_PER_FRAME, np.float32))
            parts += _ready([self])[0]
        state.over = True
        state.frame = max(frames, first)
        values = np.concatenate(parts)[: frames - first] if parts else np.zeros((0, len(self.rig)))
        return self._motion([values] if len(values) else [])

    def interrupt(self) -> None:
        """Stops what is being said: sound that was fed and not shown is forgotten, the mouth comes to rest within CLOSES frames, and the
        next sound follows the frames that were given."""
        self._check_open()
        state = self.state
        restored(state.overdriven, np.zeros(0, np.float32), state.arriving.rate, last=True)  # and forgotten
        state.arriving = ResamplerMemory(state.arriving.rate)
        state.known = min(state.known, state.frame * SAMPLES_PER_FRAME)
        state.mel = state.mel[: max(len(state.mel) - (state.melled - state.frame * ROWS), 0)]
        state.melled = min(state.melled, state.frame * ROWS)
        state.sound = np.zeros(min(state.known, MEL_HOP), np.float32)  # what the next row of log-mel finds before it
        self.making.voice.cut(state.voice)
        state.closing = CLOSES

    def saved(self) -> bytes:
        """The state as bytes, from which a stream of the same model, style and seed goes on to the byte; under 85 KB for sound of 192 kHz
        at most."""
        return to_bytes(self.state, self._made_for)

    @checked
    def resume(self, data: bytes) -> None:
        """Goes on from what `saved` gave; a FileError for bytes that are no such state, or that of another stream."""
        self.state = from_bytes(data, self._made_for, self._fresh(SAMPLE_RATE))

    def _fresh(self, sample_rate: int) -> StreamState:
        sizes = self.engine.config.denoiser
        takes = takes_of(self.gestures, self.speaker.noise[0].named, self.speaker.head, self.speaker.face)
        states = [gesture.start(take) for gesture, take in zip(self.gestures, takes, strict=True)]
        sound, motion = np.zeros(0, np.float32), np.zeros((0, sizes.channels), SMALL)
        mel, features = (np.zeros((0, width), SMALL) for width in (BANDS, sizes.width))
        begun = usual_voice(), self.making.voice.start()
        arriving = ResamplerMemory(sample_rate), OverdrivenMemory()
        return StreamState(*arriving, sound, mel, self.making.encoder.start(), *begun, motion, features, states)

    def _check_open(self) -> None:
        if self.state.over:
            raise OptionError("this stream is finished; make another one for what comes next")

    def _take_in(self, sound: np.ndarray) -> None:
        self.state.sound = np.concatenate([self.state.sound, sound])
        self.state.known += sound.size

    @property
    def _due(self) -> bool:
        """Whether the sound so far allows another block."""
        return self.state.known >= (self.state.frame + self.block + self.ahead) * SAMPLES_PER_FRAME

    def _motion(self, blocks: list[np.ndarray]) -> Motion | None:
        return Motion(np.concatenate(blocks), FPS, self.rig, self.provenance) if blocks else None


def feed_together(streams: Sequence[Stream], sounds: Sequence[np.ndarray], sample_rate: int | None = None) -> list[Motion | None]:
    """The frames of each stream that are ready once its samples (S,) have come, as `Stream.feed` gives them, frame by frame the same.

    Blocks of voices of one animator that are due together are made together, at half the cost for each of sixteen. A server of many voices
    feeds them at the same moments. Raises an OptionError, before any sound is taken in, where `feed` would, and for a stream given twice.
    """
    if len(streams) != len(sounds) or len({id(stream) for stream in streams}) < len(streams):
        raise OptionError(f"{len(streams)} streams were given {len(sounds)} sounds; give each stream once, and a sound for each")
    for stream in streams:
        stream._check_open()
    checked = [_checked_samples(samples) for samples in sounds]  # all, before any is taken in
    for stream, samples in zip(streams, checked, strict=True):
        stream._accept(samples, None if sample_rate is None else _checked_rate(sample_rate))
    return [stream._motion(blocks) for stream, blocks in zip(streams, _ready(streams), strict=True)]


def _ready(streams: Sequence[Stream]) -> list[list[np.ndarray]]:
    """The values (block, C) of every block that each stream's sound so far allows."""
    blocks: list[list[np.ndarray]] = [[] for _ in streams]
    while due := [number for number, stream in enumerate(streams) if stream._due]:
        made = made_blocks([Voice(streams[number].making, streams[number].state) for number in due])
        for number, block in zip(due, made, strict=True):
            blocks[number].append(block)
    return blocks


def _checked_samples(samples: np.ndarray) -> np.ndarray:
    samples = np.asarray(samples)
    if samples.ndim != 1 or samples.dtype.kind != "f":
        given = f"an array of shape {samples.shape} of {samples.dtype}"
        raise OptionError(f"a stream takes mono samples (S,) as floats in [-1, 1], not {given}; mix and scale them first")
    if not np.isfinite(samples).all():
        raise OptionError(f"sample {int(np.argmin(np.isfinite(samples)))} of those that were fed is not a number; repair the source")
    peak = max(samples.max(), -samples.min()) if samples.size else 0.0
    if peak > LOUDEST:
        raise OptionError(f"the samples reach {peak:.4g} where 1 is full scale; divide them by their full scale (16-bit: by 32768)")
    return np.clip(samples, -1, 1).astype(np.float32)


def _checked_rate(sample_rate: int) -> int:
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise OptionError(
            f"a sample rate of {sample_rate} Hz is outside {LOWEST_RATE} to {HIGHEST_RATE} Hz; give the true rate of the sound"
        )
    return int(sample_rate)
