"""`made_blocks`: the next frames of one voice or of several, what they share in common done for all at once.

Sound is encoded, frames are drawn and gestures are laid over them in one call each. Every voice gets what it would get alone, since nothing
in those calls depends on what stands beside. Shapes: B voices, T frames of a block, C channels, D width of the features, Q cues.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from visavox.animate import Animator
from visavox.engine import BlockEncoder, Encoded
from visavox.gestures.gesture import Gesture, Piece
from visavox.gestures.live import LiveVoice, later
from visavox.gestures.live.voice import VOICE
from visavox.gestures.side_by_side import stepped
from visavox.models.conditions import Conditions
from visavox.models.log_mel import FEATURES_PER_SECOND, WINDOW, mel_power, normalise
from visavox.models.log_mel import HOP as MEL_HOP
from visavox.models.running_means import means_with
from visavox.motion import Motion
from visavox.sampling import Speaker
from visavox.stream.drawing import Draft, drawn
from visavox.stream.state import StreamState
from visavox.windows import FPS, cut_window

ROWS = round(FEATURES_PER_SECOND / FPS)  # of log-mel in a frame
EDGE = (WINDOW - MEL_HOP) // 2  # samples that a row of log-mel takes beyond its own; the last row waits for none: it is as the one before
AGAIN = 4  # frames before a block that are drawn with it: the model was trained on windows, and two frames of one are not enough of it
SMALL = np.float16  # of the log-mel, the motion and the features that are kept
CLOSES, OPENS = 4, 3  # frames in which the mouth comes to rest when it is interrupted, and opens again when it goes on


@dataclass(frozen=True, eq=False)
class Making:
    """How a stream makes its frames: by which model, whose they are, with which gestures, how many in a `block` from how many `ahead`. Also
    what encodes and describes the sound, and the channels that are the mouth's."""

    animator: Animator
    speaker: Speaker
    gestures: tuple[Gesture, ...]
    block: int
    ahead: int
    encoder: BlockEncoder
    voice: LiveVoice
    lips: list[int]

    @property
    def alike(self) -> Hashable:
        """What streams have in common whose blocks are made together."""
        return id(self.animator), self.encoder, self.block, self.ahead


class Voice(NamedTuple):
    """A stream as its blocks are made: how, and its state, which moves on."""

    making: Making
    state: StreamState


def made_blocks(voices: Sequence[Voice]) -> list[np.ndarray]:
    """The values (T, C) of the next block of each voice, whose sound allows it."""
    return _by_group(voices, lambda voice: voice.making.alike, _made_alike)


def _by_group(items: Sequence, kind: Callable[[object], Hashable], of_group: Callable[[list], Sequence]) -> list:
    """What `of_group` gives for each of `items`, those of one `kind` handed over together."""
    groups: dict[Hashable, list[int]] = {}
    for place, item in enumerate(items):
        groups.setdefault(kind(item), []).append(place)
    found = [None] * len(items)
    for places in groups.values():
        for place, each in zip(places, of_group([items[place] for place in places]), strict=True):
            found[place] = each
    return found


def _made_alike(voices: Sequence[Voice]) -> list[np.ndarray]:
    """The blocks of voices that are made alike."""
    known = _described(voices)
    encoded = _encoded(voices, [means for means, _ in known])
    begun = [_begun(voice, each) for voice, each in zip(voices, encoded, strict=True)]
    cues = _cues(voices[0].making, [rows for _, rows in begun], [voice_cues for _, voice_cues in known])
    sounds = [sound for sound, _ in begun]
    made = drawn([_draft(voice, sound) for voice, sound in zip(voices, sounds, strict=True)])
    return _finished(voices, sounds, made, cues)


def _described(voices: Sequence[Voice]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The means of the bands so far of each voice, and its cues (T, V) of the next frames; makes log-mel up to the end of what is known."""
    making, waiting, pieces = voices[0].making, [], []
    for _, state in voices:
        rows = (state.frame + making.block + making.ahead) * ROWS - 1
        more = min(state.melled, 1)  # a row before the first new one, where there is sound before it
        waiting.append((state.sound, rows - state.melled, more))
        pieces.append(state.sound[more * MEL_HOP : (more + rows - state.melled) * MEL_HOP])
    made = _by_group(waiting, lambda each: (each[0].size, *each[1:]), _mel_of)
    found = []
    for (_, state), (sound, new, more), mel in zip(voices, waiting, made, strict=True):
        found.append(means_with(state.bands, mel))
        state.mel, state.melled = np.concatenate([state.mel, mel.astype(SMALL)]), state.melled + new
        state.sound = sound[(new + more - 1) * MEL_HOP :]
    return list(zip(found, making.voice.step_all([state.voice for _, state in voices], pieces), strict=True))


def _mel_of(waiting: list[tuple[np.ndarray, int, int]]) -> np.ndarray:
    """The new rows of log-mel (B, rows, bands) of sounds as long as one another."""
    _, new, more = waiting[0]
    sounds = np.stack([sound[: (new + more) * MEL_HOP + EDGE] for sound, *_ in waiting])
    return mel_power(sounds, new + more)[:, more:]


def _encoded(voices: Sequence[Voice], means: Sequence[np.ndarray]) -> list[Encoded]:
    """The features and cues of each voice, of the frames before its next block that are encoded again, of that block and those ahead."""
    making = voices[0].making
    # the last row of log-mel is not known yet
    seen = [
        normalise(np.concatenate([voice.state.mel, voice.state.mel[-1:]]).astype(np.float32), own)
        for voice, own in zip(voices, means, strict=True)
    ]
    found = []
    for (_, state), (encoded, memory) in zip(voices, making.encoder.encode(seen, [voice.state.encoder for voice in voices]), strict=True):
        following = max(state.frame + making.block - making.encoder.past, 0)
        state.encoder, state.mel = memory, state.mel[len(state.mel) - (state.melled - following * ROWS) :]  # what the next block sees again
        found.append(Encoded(*encoded))
    return found


def _begun(voice: Voice, encoded: Encoded) -> tuple[np.ndarray, np.ndarray]:
    """The features (.., D) of the next block after those that are kept, and the cues (.., Q) from that block on."""
    making, state = voice
    first = min(state.frame, making.encoder.past)
    return np.concatenate([state.context_audio.astype(np.float32), encoded.features[first : first + making.block]]), encoded.cues[first:]


def _cues(making: Making, lips: Sequence[np.ndarray], voice_cues: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """The cues (B T,) by name of voices side by side, of their `lips` (T and more, Q) and of the voice, `voice_cues` (T, V)."""
    names, frames = making.animator.engine.config.lip_cues, making.block
    named = _columns(VOICE, np.concatenate(voice_cues))
    for ahead in range(making.ahead + 1):
        named |= _columns([later(name, ahead) for name in names], np.concatenate([rows[ahead : ahead + frames] for rows in lips]))
    return named


def _columns(names: Sequence[str], values: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(names, np.ascontiguousarray(values.T), strict=True))


def _draft(voice: Voice, sound: np.ndarray) -> Draft:
    """What draws the next block, of which `sound` (.., D) are the last features, with the AGAIN frames before, which are then forgotten
    again."""
    (making, state), engine = voice, voice.making.animator.engine
    speaker, context = making.speaker, engine.config.denoiser.context
    again = min(len(state.context), AGAIN)
    window, earlier = sound[len(sound) - making.block - again :], len(state.context) - again
    contexts = state.context[:earlier][-context:].astype(np.float32), sound[:earlier][-context:]
    before, sound_before = (_filled(each, context)[None] if earlier else None for each in contexts)
    style, identity = (None if each is None else each[None] for each in (speaker.style, speaker.identity))
    first, frames = state.frame - again, again + making.block
    named = _named(speaker, first, frames)
    given = Conditions(window[None], np.ones((1, frames), bool), before, sound_before, style, identity, named)
    return Draft(engine, speaker, given, first)


def _named(speaker: Speaker, first: int, frames: int) -> dict[str, np.ndarray]:
    """The named conditions of so many frames from the `first` on."""
    found = {}
    for name, given in speaker.sampling.conditions.items():
        values = np.asarray(given.values, np.float32)
        found[name] = (cut_window(values, first, frames) if values.ndim == 2 else values)[None]
    return found


def _filled(frames: np.ndarray, size: int) -> np.ndarray:
    """`frames` (T, ...) as `size` ones: the first is repeated where there are fewer."""
    return np.concatenate([np.repeat(frames[:1], size - len(frames), axis=0), frames])


def _finished(
    voices: Sequence[Voice], sounds: Sequence[np.ndarray], made: Sequence[np.ndarray], cues: dict[str, np.ndarray]
) -> list[np.ndarray]:
    """The values (T, C) of each block: the last of `made` (.., C), normalised motion, with gestures; `sounds` are kept as context."""
    making = voices[0].making
    made, rig = np.stack([each[-making.block :] for each in made]), making.animator.engine.config.rig
    kept = making.animator.engine.config.denoiser.context + AGAIN
    for (_, state), block, sound in zip(voices, made.astype(SMALL), sounds, strict=True):
        state.context = np.concatenate([state.context, block])[-kept:]
        state.context_audio = sound.astype(SMALL)[-kept:]
    restored = making.animator.restored(made)
    motion = Motion(restored.reshape(-1, restored.shape[-1]), FPS, rig).clamped()
    values = _gestured(voices, Piece(motion, None, cues)).reshape(restored.shape)
    speech = cues["voice speech"].reshape(len(voices), -1)
    for (_, state), each, speaks in zip(voices, values, speech, strict=True):
        state.frame += making.block
        _rest(state, each, speaks, making.lips)
    return list(values)


def _gestured(voices: Sequence[Voice], piece: Piece) -> np.ndarray:
    """The values (B T, C) of voices side by side after the gestures of each, in their order."""
    rows = np.arange(piece.motion.frames).reshape(len(voices), -1)
    values, styles = piece.motion.values.copy(), {}
    style_of = [styles.setdefault((making.speaker.head, making.speaker.face), len(styles)) for making, _ in voices]
    for place in range(max(len(voice.making.gestures) for voice in voices)):
        groups: dict[Hashable, list[int]] = {}
        for number, (making, _) in enumerate(voices):
            if place < len(making.gestures):
                groups.setdefault((id(making.gestures[place]), style_of[number]), []).append(number)
        for numbers in groups.values():
            whole = len(numbers) == len(voices)
            mine = rows[numbers].ravel()
            shown = values if whole else values[mine]
            own = piece.cues if whole else {name: cue[mine] for name, cue in piece.cues.items()}
            states = [voices[number].state.gestures[place] for number in numbers]
            motion = stepped(voices[numbers[0]].making.gestures[place], states, Piece(Motion(shown, FPS, piece.motion.rig), None, own))
            values[mine] = motion.values
    return values


def _rest(state: StreamState, values: np.ndarray, speech: np.ndarray, lips: list[int]) -> None:
    """Brings the mouth in `values` (T, C) to rest after an interruption, and opens it again when somebody speaks."""
    for frame, speaks in zip(values, speech.tolist(), strict=True):
        if state.closing:
            state.open, state.closing = max(state.open - 1 / CLOSES, 0.0), state.closing - 1
        elif state.open < 1 and speaks > 0.5:
            state.open = min(state.open + 1 / OPENS, 1.0)
        if state.open < 1:
            frame[lips] *= np.float32(state.open)
