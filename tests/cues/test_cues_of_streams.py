"""Cues of a live voice: they act when their time comes, on what they name; any pieces give the same bytes; the rest is refused by name."""

from functools import cache

import numpy as np
import pytest

from tiny_checkpoint import tiny_checkpoint
from visavox.animate import Animator
from visavox.cue import LATEST, Cue
from visavox.cues import parse_cues
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.live import live_cues
from visavox.emotion import EmotionMix, EmotionTrack
from visavox.errors import OptionError
from visavox.gestures.emotions import express
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.stream import Stream

CUES = {
    "nod": ("nod twice", "headPitch"),
    "gain": ("jaw 0", "jawOpen"),
    "key": ("browInnerUp = 0.9 hold", "browInnerUp"),
    "emotion": ("happy 1", "mouthSmileLeft"),
    "state": ("idle", "jawOpen"),
    "free words": ("she nods slowly, then looks away", "headPitch"),
}


@cache
def tiny() -> Animator:
    return Animator(tiny_checkpoint().engine(), "any")


def cues_of(*lines: str) -> list[Cue]:
    return parse_cues("WEBVTT\n\n" + "\n\n".join(lines) + "\n")


@cache
def sound() -> np.ndarray:
    return read_audio(demo_recording()).samples[:64000]


@cache
def plain_motion() -> Motion:
    return spoken([])


def spoken(cues: list[Cue], pieces: int = 1) -> Motion:
    """The motion of four seconds of the packaged recording, fed in so many pieces."""
    stream = Stream(tiny(), cues=cues, seed=4)
    made = [stream.feed(piece) for piece in np.array_split(sound(), pieces)] + [stream.finish()]
    parts = [part for part in made if part is not None]
    assert parts[0].provenance.get("cues") == (f"{len(cues)} instructions" if cues else None)
    return Motion(np.concatenate([part.values for part in parts]), 25, parts[0].rig)


@pytest.mark.parametrize("name", CUES)
def test_a_cue_acts_when_its_time_has_come_on_what_it_names_and_on_nothing_before(name):
    words, channel = CUES[name]
    plain, asked = plain_motion(), spoken(cues_of(f"00:00:02.000 --> 00:00:03.000\n{words}"))
    differs = plain.values != asked.values
    assert not differs[:44].any(), "easing takes .15 s"
    assert np.abs(asked.channel(channel) - plain.channel(channel))[50:75].max() > 0.02
    if name in ("nod", "gain", "key"):
        assert not differs[80:].any() and not differs[:, plain.rig.index("mouthPucker")].any()


def test_any_pieces_and_a_saved_state_give_the_same_bytes_with_cues():
    cues = cues_of(
        "00:00:01.000 --> 00:00:02.000\nangry 0.8",
        "00:00:02.500 --> 00:00:04.000\nshake\nlisten",
        "00:00:03.000 --> 00:00:03.000\njawOpen = 0.4",
    )
    whole = spoken(cues)
    assert np.array_equal(spoken(cues, pieces=37).values, whole.values)
    first, second = Stream(tiny(), cues=cues, seed=4), Stream(tiny(), cues=cues, seed=4)
    parts = [first.feed(sound()[:30000]).values]
    second.resume(first.saved())
    parts += [motion.values for motion in (second.feed(sound()[30000:]), second.finish()) if motion is not None]
    assert np.array_equal(np.concatenate(parts), whole.values) and len(first.saved()) < 100_000


def test_what_is_felt_all_the_time_shows_as_it_does_in_a_recording():
    """Another chance draws its variants and its life; how strong it is, in which shapes, and the head's pose are those of a recording."""
    felt = Cue(0.0, LATEST, Emotion(EmotionMix.parse("sad 0.8 @ brows, mouth, head")))
    plain, live = plain_motion(), spoken([felt])
    takes = [express(plain, None, EmotionTrack.steady(felt.instruction.mix, plain.frames, 25), seed) for seed in range(6)]
    shapes = [name for name in plain.rig.names if name.startswith(("brow", "mouthFrown", "mouthShrug"))]
    usual = np.array([(take.select(shapes) - plain.select(shapes)).mean(0) for take in takes])
    shown = (live.select(shapes) - plain.select(shapes)).mean(0)
    assert (shown > usual.min(0) - 0.1).all() and (shown < usual.max(0) + 0.1).all() and shown.max() > 0.3
    turned = np.degrees(np.abs(live.select(HEAD) - plain.select(HEAD)).max())
    assert 0.5 < turned < 20
    untouched = [name for name in plain.rig.names if name.startswith(("cheek", "eyeBlink"))]
    assert np.array_equal(live.select(untouched), plain.select(untouched))


REFUSED = {
    "style lively": "line 4: 'style lively' cannot act live",
    "style guidance 2": "line 4: 'style guidance 2' cannot act live",
    "word printing: nod": "line 4: 'word printing: nod' cannot act live: it names a word, which is not known before it is said",
    "take 3": "line 4: 'take 3' cannot act live",
    "jawOpen = 0.2\n\n00:00:01.500 --> 00:00:01.500\njawOpen = 0.4": "line 7: 'jawOpen = 0.4' cannot act live: it is joined",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_act_live_is_refused_by_name_with_its_line(words):
    with pytest.raises(OptionError, match="animate the recording") as error:
        live_cues(cues_of(f"00:00:01.000 --> 00:00:02.000\n{words}"))
    assert REFUSED[words] in str(error.value)
