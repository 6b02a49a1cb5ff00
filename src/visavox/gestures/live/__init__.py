"""The gestures of a live voice: each gives a frame as soon as it comes, from the sound up to `voice.AHEAD` frames after its start.

Their pieces carry the cues `VOICE` of the voice beside those of the lips. Each of these is there again as it is in the frames after, as far
as they are known, under the name that `later` gives. Their memories are plain values.

All are the machines of a recording (`gestures.head`, `gestures.brows`, `gestures.eyes`, `gestures.lip_reading`, `gestures.lip_closure`),
which knows more: pauses, onsets and accents earlier, and the whole range of a mouth before its first word. A live voice has neither, and to
wait for it would cost the live face. How far the two agree on the same sound is held by a test of streams.
"""

from collections.abc import Collection

from visavox.gestures import gestures_of
from visavox.gestures.brows import LIVE_RAISING
from visavox.gestures.eyes import LIVE_BLINKING
from visavox.gestures.gesture import Gesture
from visavox.gestures.head_breath import LIVE_BREATHING
from visavox.gestures.live.head import LIVE_HEAD
from visavox.gestures.live.lips import LIVE_CLOSURE, LIVE_READING, SOON_AFTER, later
from visavox.gestures.live.voice import VOICE, LiveVoice
from visavox.rig import Rig

__all__ = ["SOON_AFTER", "VOICE", "LiveVoice", "later", "live_gestures_of"]
_LIVE = {each.name: each for each in (LIVE_HEAD, LIVE_BREATHING, LIVE_READING, LIVE_CLOSURE, LIVE_RAISING, LIVE_BLINKING)}
_LEFT_OUT = ("loudness", "breath")  # they stand in for a lip reader, from the whole recording


def live_gestures_of(rig: Rig, cues: Collection[str] = ()) -> tuple[Gesture, ...]:
    """What `gestures_of` gives, in the same order, as gestures of a live voice."""
    return tuple(_LIVE.get(gesture.name, gesture) for gesture in gestures_of(rig, cues) if gesture.name not in _LEFT_OUT)
