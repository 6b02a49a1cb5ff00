"""Gestures: rates, ranges and determinism, on motion and sound known by construction."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from frame_chance import frame_chance
from visavox.audio import Audio
from visavox.gestures import breathe, gestures_of, open_by_loudness, open_rounded
from visavox.gestures.accents import voice_accents
from visavox.gestures.brows import LIVE_RAISING, RAISING, BrowMemory, Known, raise_brows
from visavox.gestures.eyes import BLINKING, LIVE_BLINKING, LOOKING, LOWEST_GLANCE, REACH, BlinkMemory, blink
from visavox.gestures.gesture import Gesture, Piece, Take
from visavox.gestures.head_breath import BREATHING, LIVE_BREATHING, BreathMemory
from visavox.gestures.head_breath import breathe as breathe_head
from visavox.gestures.lip_closure import CLOSURE, SPREAD_LIPS
from visavox.gestures.lip_reading import READING, READINGS, gap_of, open_to, phrases, spread_by, width_of
from visavox.gestures.live import live_gestures_of
from visavox.gestures.live.lips import LIVE_CLOSURE, LIVE_READING, SOON_AFTER, later
from visavox.gestures.loudness import EFFORT, LOUDEST, SMALL, SPARED, relative_amplitude
from visavox.gestures.remembered import Remembered
from visavox.gestures.smoothing import smoothed
from visavox.models.sizes import CERTAINTY, LIP_PHONES
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SPREADERS, gaze_channels
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
from visavox.style import FaceStyle


def still(seconds: float, fps: float = 25.0) -> Motion:
    return Motion(np.zeros((round(seconds * fps), len(ARKIT)), np.float32), fps, ARKIT)


def silence(seconds: float) -> Audio:
    return Audio(np.zeros(round(seconds * 16000), np.float32), 16000)


def blinking(motion: Motion, audio: Audio, seed: int) -> Motion:
    return BLINKING.step(BLINKING.start(Take(frame_chance(seed))), Piece(motion, audio, last=True))


def looking(motion: Motion, audio: Audio, seed: int) -> Motion:
    return LOOKING.step(LOOKING.start(Take(frame_chance(seed))), Piece(motion, audio, last=True))


def with_brows(motion: Motion, audio: Audio, seed: int) -> Motion:
    return RAISING.step(RAISING.start(Take(frame_chance(seed))), Piece(motion, audio, last=True))


def blinks(motion: Motion) -> np.ndarray:
    closed = motion.channel("eyeBlinkLeft") > 0.4
    return np.flatnonzero(closed[1:] & ~closed[:-1]) / motion.fps


def test_blinks_come_at_a_human_rate_and_never_regularly():
    times = blinks(blinking(still(600), silence(1), 3))
    assert 11 < len(times) / 10 < 24
    gaps = np.diff(times)
    assert gaps.min() > 0.4 and gaps.max() < 8.5  # longer, and the face stares
    assert 0.3 < gaps.std() / gaps.mean() < 1.0


@pytest.mark.parametrize("fps", [24.0, 25.0, 60.0])
def test_full_blinks_close_the_lids_at_every_rate(fps):
    lid = blinking(still(120, fps), silence(1), 0).channel("eyeBlinkLeft")
    peaks = [lid[max(start - 2, 0) : start + 12].max() for start in np.flatnonzero((lid[1:] > 0.1) & (lid[:-1] <= 0.1))]
    assert np.median(peaks) > 0.85
    assert lid.max() <= 1


@pytest.mark.parametrize("gesture", [blinking, looking])
def test_what_comes_later_changes_no_blink_and_no_glance_before_it(gesture):
    short, long = (gesture(still(seconds), silence(1), 5).values for seconds in (60, 300))
    assert short.any() and np.array_equal(long[: len(short)], short)


def test_a_blink_is_drawn_as_one_curve_over_the_whole_recording_would_be():
    """Each lid is the largest of all blinks at every frame: what is left out around them is 0."""
    made = blinking(still(120), silence(1), 8).channel("eyeBlinkRight")
    starts = np.flatnonzero((made[1:] > 0) & (made[:-1] == 0)) + 1
    ends = np.flatnonzero((made[:-1] > 0) & (made[1:] == 0)) + 1
    lasts = ends - starts[: ends.size]
    assert lasts.min() >= 7 and np.median(lasts) <= 9  # 0.31 s at 25 fps, with the frames that they begin and end in


def test_blinks_seek_the_pauses():
    time = np.arange(16000 * 120) / 16000
    speech = np.sin(2 * np.pi * 200 * time) * (time % 4 < 3)  # falls silent at 3, 7, 11, ... s
    sound = Audio(0.5 * speech.astype(np.float32), 16000)
    phase = blinks(blinking(still(120), sound, 1)) % 4
    assert ((phase > 2.9) & (phase < 3.35)).mean() > 0.2  # 0.11 of the time


def test_blinks_of_a_recording_and_of_a_live_voice_are_one_machine():
    """With the same pauses, known at the same time, a recording and a stream in pieces give the same; only the pauses are known later."""
    pauses, take, motion = (np.random.default_rng(2).random(500) < 0.03) * 1.0, Take(frame_chance(4)), still(20)
    state, parts = LIVE_BLINKING.start(take), []
    for first in range(0, 500, 40):
        part = Motion(motion.values[first : first + 40], 25.0, ARKIT)
        parts.append(LIVE_BLINKING.step(state, Piece(part, None, {"voice offset": pauses[first : first + 40]})).values)
    whole = blink(take, BlinkMemory(), motion, pauses.tolist())
    assert np.array_equal(np.concatenate(parts), whole.values) and whole.values.any()
    ahead = blink(take, BlinkMemory(), motion, np.roll(pauses, -15).tolist(), REACH)
    assert not np.array_equal(ahead.values, whole.values)


def test_brows_and_breath_of_a_recording_and_of_a_live_voice_are_one_machine():
    """With the same knowledge a recording and a stream in pieces give the same; a recording only knows what comes a little earlier."""
    random, take = np.random.default_rng(3), Take(frame_chance(4))
    names = ("level", "tone", "speech", "accent")
    cues = {f"voice {name}": random.random(500) * (random.random(500) < 0.1 if name == "accent" else 1) for name in names}
    moving = still(20).with_channels({"headPitch": 0.1 * np.sin(np.arange(500) / 7), "browInnerUp": 0.2 * random.random(500)})
    level, tone, speech, accent = cues.values()
    known = Known(speech, level + tone, accent, np.degrees(moving.channel("headPitch").astype(float)))
    wholes = raise_brows(moving, [Remembered(take, BrowMemory())], known), breathe_head(take, BreathMemory(), moving, speech)
    for gesture, whole in zip((LIVE_RAISING, LIVE_BREATHING), wholes, strict=True):
        state, parts = gesture.start(take), []
        for first in range(0, 500, 40):
            part = Motion(moving.values[first : first + 40], 25.0, ARKIT)
            parts.append(gesture.step(state, Piece(part, None, {name: cue[first : first + 40] for name, cue in cues.items()})).values)
        assert np.array_equal(np.concatenate(parts), whole.values) and not np.array_equal(whole.values, moving.values)


def test_a_head_breathes_in_a_pause_and_not_while_somebody_speaks():
    """Also in a recording: by a third of a degree, at the pace of breath, once nobody has spoken for a while."""
    pitch = {}
    for name, sound in (("pause", silence(30)), ("speech", voice([120] * 50, [0.1] * 50))):
        made = BREATHING.step(BREATHING.start(Take(frame_chance(1))), Piece(still(30), sound, last=True))
        pitch[name] = np.degrees(made.channel("headPitch"))
    assert 0.25 < np.abs(pitch["pause"][200:]).max() < 0.4 and np.abs(pitch["speech"]).max() < 0.1
    crossings = np.flatnonzero(np.diff(np.sign(pitch["pause"][100:])) != 0)
    assert 1.5 < np.median(np.diff(crossings)) / 25 < 2.6  # half a breath


def test_gaze_of_a_recording_is_that_of_a_live_voice():
    assert {each for each in gestures_of(ARKIT) if each.name == "gaze"} == {each for each in live_gestures_of(ARKIT) if each.name == "gaze"}


def test_gaze_turns_both_eyes_the_same_way():
    weights = gaze_channels(np.array([0.1]), np.array([0.2]))
    assert weights["eyeLookOutLeft"] > 0 and weights["eyeLookInRight"] > 0 and weights["eyeLookDownLeft"] > 0
    assert weights["eyeLookInLeft"] == 0 and weights["eyeLookUpRight"] == 0


def test_eyes_hold_their_target_while_the_head_turns():
    yaw = 0.3 * np.sin(np.arange(500) / 30)
    turned = still(20).with_channels({"headYaw": yaw})
    seen = looking(turned, silence(20), 0)
    eyes = seen.channel("eyeLookOutLeft") - seen.channel("eyeLookInLeft")
    assert np.corrcoef(eyes, yaw)[0, 1] < -0.8


def test_no_glance_lowers_the_lids_as_if_asleep():
    seen = looking(still(600), silence(1), 4)
    down, lid = seen.channel("eyeLookDownLeft"), seen.channel("eyeBlinkLeft")
    assert 0.2 < down.max() <= gaze_channels(np.array([LOWEST_GLANCE]), np.zeros(1))["eyeLookDownLeft"][0] + 1e-6
    assert 0 < lid.max() < 0.2


def test_a_gesture_is_seeded_and_leaves_other_channels_alone():
    first, second, other = (looking(still(8), silence(8), seed).values for seed in (5, 5, 6))
    assert np.array_equal(first, second) and not np.array_equal(first, other)
    untouched = [name for name in ARKIT.names if not name.startswith(("eyeLook", "eyeBlink", "eyeWide"))]
    assert not first[:, ARKIT.indices(untouched)].any()


def test_the_jaw_of_a_round_vowel_opens_and_closed_or_tucked_lips_stay():
    shapes = {"mouthFunnel": [0.2, 0.2, 0.2, 0.0], "mouthPucker": [0.5, 0.5, 0.5, 0.0], "jawOpen": [0.1, 0.1, 0.1, 0.1],
              "mouthClose": [0.0, 0.1, 0.0, 0.0], "mouthRollLower": [0.0, 0.0, 0.6, 0.0]}  # fmt: skip
    still = Motion(np.zeros((4, len(ARKIT))), 25, ARKIT).with_channels({name: np.array(values) for name, values in shapes.items()})
    made = open_rounded(still)
    np.testing.assert_allclose(made.channel("jawOpen"), [0.1 + 0.35 * 0.2, 0.1, 0.1, 0.1], atol=1e-6)
    np.testing.assert_allclose(made.channel("mouthUpperUpRight"), [0.3 * 0.5, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(made.channel("mouthFunnel"), [0.02 * 0.2, 0.2, 0.2, 0.0], atol=1e-6)
    others = [name for name in ARKIT.names if not name.startswith(("jawOpen", "mouthFunnel", "mouthLowerDown", "mouthUpperUp"))]
    np.testing.assert_array_equal(made.select(others), still.select(others))


def lips_after(gesture: Gesture, motion: Motion, cues: dict[str, np.ndarray], face: FaceStyle | None = None) -> Motion:
    """`motion` after a gesture of lips, of which the `cues` are known."""
    take = Take(frame_chance(0), face=face or FaceStyle())
    return gesture.step(gesture.start(take), Piece(motion, None, cues, last=True))


def heard(**places) -> dict[str, np.ndarray]:
    """The cues of 50 frames in which the phones of `places` (frame, probability) sound for five frames and nothing else does."""
    shares = {name: np.zeros(50) for name in LIP_PHONES}
    for name, (frame, share) in places.items():
        shares[name][frame - 2 : frame + 3] = share
    return shares


def test_lips_meet_as_far_as_a_consonant_is_heard_and_no_other_moves():
    names = ("jawOpen", "mouthFunnel", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight")
    ajar = still(2).with_channels(dict.fromkeys(names, np.full(50, 0.08)))
    made = lips_after(CLOSURE, ajar, heard(P=(10, 0.3), M=(20, 0.075), V=(30, 0.9), B=(40, 0.01)))
    moved = np.flatnonzero(np.abs(made.values - ajar.values).max(1) > 1e-3)
    assert np.abs(moved[:, None] - [10, 20, 30]).min(1).max() <= 5  # B is too unsure, and all else stays
    assert made.channel("mouthClose")[[10, 20, 30]] == pytest.approx([0.08, 0.04, 0], abs=1e-3)  # of a jaw open by 0.08
    assert made.channel("mouthUpperUpLeft")[[10, 20, 30]] == pytest.approx([0, 0.04, 0.08], abs=1e-3)
    assert made.channel("mouthLowerDownRight")[[10, 20, 30]] == pytest.approx([0, 0.04, 0], abs=1e-3)
    assert made.channel("mouthRollLower")[[10, 20, 30]] == pytest.approx([0, 0, 0.5])
    assert made.channel("jawOpen") == pytest.approx(0.08)


def test_a_wide_mouth_is_shut_by_what_is_heard_surely_alone():
    for jaw, surely, shut in ((0.1, 0.1, 1), (0.5, 0.1, 0), (0.5, 1.0, 1)):
        made = lips_after(CLOSURE, still(2).with_channels({"jawOpen": np.full(50, jaw)}), heard(P=(10, surely)))
        assert made.channel("mouthClose")[10] / jaw == pytest.approx(shut, abs=0.02)


def test_lips_stay_open_where_an_open_vowel_may_be_what_is_heard():
    ajar = still(2).with_channels({"jawOpen": np.full(50, 0.2)})
    for share, closed in ((1 / 3, 0), (1 / 6, 0.2)):  # certain of neither; half of a p that is heard with 0.5 is enough
        made = lips_after(CLOSURE, ajar, heard(P=(10, 0.5), AO=(10, share)))
        assert made.channel("mouthClose")[10] == pytest.approx(closed, abs=3e-3)


def test_the_lower_lip_of_an_f_is_let_go_in_the_open_vowel_that_follows():
    ajar = still(2).with_channels({"jawOpen": np.full(50, 0.2), "mouthLowerDownLeft": np.full(50, 0.2)})
    after_f = heard(F=(10, 0.9))
    after_f["AO"][13:20], after_f["F"][13:20] = 0.9, 0.1  # what the encoder leaves of an f in a vowel would tuck the lip all the same
    made = lips_after(CLOSURE, ajar, after_f)
    assert made.channel("mouthRollLower")[[10, 16]] == pytest.approx([0.5, 0], abs=1e-3)
    assert made.channel("mouthLowerDownLeft")[[10, 16]] == pytest.approx([0, 0.2], abs=1e-3)


def test_lips_come_together_and_part_without_a_snap():
    open_jaw = still(2).with_channels({"jawOpen": np.full(50, 0.2)})
    phones = heard(P=(10, 1.0))
    phones["M"][30] = 1.0  # for a single frame
    shut = lips_after(CLOSURE, open_jaw, phones).channel("mouthClose") / 0.2
    assert shut[10] == pytest.approx(1, abs=0.01)
    assert shut[[29, 30, 31]] == pytest.approx([0.38, 0.79, 0.38], abs=0.01)  # 0.48 if it were eased alone
    assert np.abs(np.diff(shut)).max() < 0.5  # what is heard changes at once, the lips take three frames


def test_lips_round_where_rounded_sounds_are_heard():
    puckered = still(2).with_channels({"mouthPucker": np.full(50, 0.2)})
    made = lips_after(CLOSURE, puckered, heard(AO=(10, 1), R=(20, 0.5), AA=(30, 1))).channel("mouthPucker")
    assert made[[10, 20, 30, 40]] == pytest.approx([0.35, 0.25, 0.1, 0.2])


def test_lips_are_shaped_only_where_phones_are_known_and_after_the_breath_that_parts_them():
    known = heard(M=(36, 1))
    with_phones, without = ([gesture.name for gesture in gestures_of(ARKIT, cues)] for cues in (known, ()))
    assert [name for name in with_phones if name != "lip closure"] == without
    assert with_phones.index("breath") < with_phones.index("lip closure")
    jaw = np.where((np.arange(50) > 37) & (np.arange(50) < 45), 0.03, 0.0)  # hardly open, after a rest of a second and a half
    made, take = still(2).with_channels({"jawOpen": jaw, "mouthLowerDownLeft": 2 * jaw}), Take(frame_chance(0))
    for gesture in gestures_of(ARKIT, known)[: with_phones.index("lip closure") + 1]:
        made = gesture.step(gesture.start(take), Piece(made, silence(2), known, last=True))
        if gesture.name == "breath":
            assert made.channel("jawOpen").max() > 0.03
    assert made.channel("jawOpen")[36] > 0
    assert made.channel("jawOpen")[36] == pytest.approx(made.channel("mouthClose")[36], rel=0.01)
    assert made.channel("mouthLowerDownLeft")[36] == pytest.approx(0, abs=1e-3)


def hiss(*levels: float) -> Audio:
    """A second of white noise at each of `levels`."""
    noise = np.random.default_rng(2).normal(0, 0.1, (len(levels), 16000))
    return Audio((noise * np.array(levels)[:, None]).ravel().astype(np.float32), 16000)


def test_loudness_is_relative_to_the_mean_of_what_is_said():
    loud, faint, silent = relative_amplitude(hiss(1, 0.5, 0), 75, 25.0).reshape(3, 25)[:, 7:-7].mean(1)
    assert loud / faint == pytest.approx(2, rel=0.02)
    assert (loud + faint) / 2 == pytest.approx(1, abs=0.05)
    assert silent < 1e-3
    assert relative_amplitude(hiss(0.1, 0.05), 50, 25.0) == pytest.approx(relative_amplitude(hiss(1, 0.5), 50, 25.0), rel=1e-3)
    assert relative_amplitude(silence(1), 25, 25.0) == pytest.approx(1)


def test_the_noise_of_a_room_in_pauses_changes_no_loudness():
    alone = relative_amplitude(hiss(1, 0.5), 50, 25.0)
    among_pauses = relative_amplitude(hiss(1, 0.5, *[0.03] * 8), 250, 25.0)[:50]  # 30 dB below, four times as long
    assert among_pauses[7:-7] == pytest.approx(alone[7:-7], rel=0.05)


@pytest.mark.parametrize("samples", [1, 100, 399, 400, 401, 700])
@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_the_shortest_sounds_have_a_loudness(samples, rate):
    sound = Audio(np.random.default_rng(0).normal(0, 0.1, samples).astype(np.float32), rate)
    assert np.isfinite(relative_amplitude(sound, 2, 25.0)).all()


def test_an_opening_grows_with_the_voice_within_bounds_and_closed_lips_stay():
    sound, small, wide = hiss(1, 0.25), 0.1, 0.56
    louder = np.clip(relative_amplitude(sound, 50, 25.0) - 1, 0, LOUDEST)

    def opened(jaw: float, close: float = 0.0, voice: Audio = sound) -> Motion:
        return open_by_loudness(still(2).with_channels({"jawOpen": np.full(50, jaw), "mouthClose": np.full(50, close)}), voice, None)

    assert opened(small).channel("jawOpen") == pytest.approx(small * (1 + EFFORT * louder), rel=1e-4)
    faint, loud = opened(wide).channel("jawOpen")[[40, 10]]
    assert faint == pytest.approx(wide - SPARED * (wide - SMALL))  # what the loud ones gain the wide ones give
    assert loud / faint == pytest.approx(1 + EFFORT * louder[10] / 2, rel=1e-3)
    assert opened(0.3, 0.3).values.tobytes() == opened(0.3, 0.3, silence(2)).values.tobytes()
    assert opened(0.3, 0.3).channel("jawOpen") == pytest.approx(0.3)
    click = hiss(0.1, 0.1)
    click.samples[8000:8160] = 0.9
    assert opened(small, voice=click).channel("jawOpen").max() <= small * (1 + EFFORT * LOUDEST) + 1e-6


def voice(pitches, loud, rate: int = 16000) -> Audio:
    """Half-second syllables with harmonics at these pitches in Hz and amplitudes, 0.1 s apart."""
    time = np.arange(rate // 2) / rate
    swell = np.sin(np.pi * time / time[-1])
    syllables = []
    for pitch, amplitude in zip(pitches, loud, strict=True):
        tone = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6))
        syllables += [amplitude * swell * tone, np.zeros(rate // 10)]
    return Audio(np.concatenate(syllables).astype(np.float32), rate)


@pytest.mark.parametrize(
    ("pitches", "loud"), [([120, 120, 120, 170, 120, 120, 120], [0.1] * 7), ([120] * 7, [0.05, 0.05, 0.05, 0.25, 0.05, 0.05, 0.05])]
)
def test_a_higher_or_a_louder_syllable_is_an_accent(pitches, loud):
    times, heights = voice_accents(voice(pitches, loud))
    assert abs(times[heights.argmax()] - (3 * 0.6 + 0.25)) < 0.15


def test_a_monotonous_voice_and_sounds_without_pitch_have_no_strong_accent():
    noise = Audio(0.1 * np.random.default_rng(0).normal(size=160000).astype(np.float32), 16000)
    for sound in (noise, silence(10), silence(0.01)):
        assert len(voice_accents(sound)[0]) == 0
    assert voice_accents(voice([120] * 7, [0.1] * 7))[1].max(initial=0) < 1.2


def test_brows_rise_at_accents_further_in_a_lively_style():
    sound, spoken = voice([120, 120, 120, 180, 120, 120, 120], [0.1] * 7), still(4.2)
    wander = 0.5 + 0.5 * np.sin(np.arange(spoken.frames))
    raised = []
    for spread in (0.02, 0.3):
        livened = spoken.with_channels({"browInnerUp": spread * wander, "browDownLeft": np.full(spoken.frames, 0.1)})
        tried = [with_brows(livened, sound, seed) for seed in range(40)]
        moved = np.stack([motion.channel("browOuterUpLeft") for motion in tried])
        raised.append(moved.max())
        assert abs(moved.mean(0).argmax() / 25 - 2.0) < 0.2
        assert 0.1 < (moved[:, 50] > 2 * np.median(moved[:, 50])).mean() < 0.6, "an accent raises the brows sometimes"
        assert min(motion.channel("browDownLeft").min() for motion in tried) < 0.09
    assert raised[1] > 2 * raised[0] > 0


def test_brows_rise_with_a_head_that_lifts_and_not_where_it_dips():
    time = np.arange(500) / 25
    pitch = -np.radians(5) * np.exp(-(((time % 4) - 1) ** 2) / 0.08) + np.radians(5) * np.exp(-(((time % 4) - 3) ** 2) / 0.08)
    wander = 0.05 + 0.05 * np.sin(np.arange(500) / 7)
    moving = still(20).with_channels({"headPitch": pitch, "browInnerUp": wander})
    made = np.mean([with_brows(moving, silence(20), seed).channel("browInnerUp") for seed in range(20)], 0)
    at_lifts, at_dips = (made[(time % 4 > middle - 0.1) & (time % 4 < middle + 0.1)].mean() for middle in (1, 3))
    assert at_lifts > made.mean() + 0.05
    assert at_dips < 0.02 < wander.mean()


def test_lids_follow_a_glance_more_than_a_held_gaze_and_looking_up_lifts_them():
    down, up = (still(120).with_channels({"headPitch": np.full(3000, np.radians(degrees))}) for degrees in (8, -8))
    level, below, above = (looking(motion, silence(1), 0) for motion in (still(120), down, up))
    assert np.median(below.channel("eyeWideLeft")) > 0.1 > 0.03 > np.median(level.channel("eyeWideLeft"))
    assert 0.01 < np.median(above.channel("eyeBlinkLeft")) < 0.05, "of a head that is lifted the eyes look down, and its lids hardly hang"
    glance, lid = level.channel("eyeLookDownLeft"), level.channel("eyeBlinkLeft")
    np.testing.assert_allclose(lid, 0.4 * glance, atol=1e-6)


def test_lips_part_late_in_a_pause_that_speech_ends():
    jaw, closed = np.full(200, 0.3), np.zeros(200)
    jaw[50:100] = jaw[150:] = 0.0  # a pause of 2 s, and one at the end, after which nobody speaks
    jaw[110:125], closed[110:125] = 0.2, 0.2  # a long closure: pressed shut, but no pause
    made = breathe(still(8).with_channels({"jawOpen": jaw, "mouthClose": closed}), silence(8), np.random.default_rng(0))
    parted = made.channel("jawOpen") - jaw
    assert parted[78:94].min() > 0.03 and made.channel("mouthLowerDownLeft")[78:94].min() > 0.02
    assert np.abs(parted[:60]).max() < 0.01 and np.abs(parted[100:]).max() < 0.01
    assert parted[99] < 0.04 and made.values.min() >= -1
    np.testing.assert_allclose(made.channel("mouthClose"), closed, atol=1e-6)


def test_short_pauses_and_long_silence_keep_the_lips_shut():
    jaw = np.zeros(750)
    jaw[:50] = jaw[62:70] = jaw[-20:] = 0.3  # a pause of half a second, then 26 s
    made = breathe(still(30).with_channels({"jawOpen": jaw}), silence(30), np.random.default_rng(0)).channel("jawOpen")
    assert np.abs(made - jaw)[: 730 - 40].max() < 0.01 and made[710:726].max() > 0.03


@pytest.mark.parametrize(("edge", "mode"), [(True, "nearest"), (False, "constant")])
def test_a_curve_is_smoothed_as_scipy_does(edge, mode):
    curve = np.random.default_rng(0).normal(size=50)
    for width in (1.0, 2.25, 30.0):
        np.testing.assert_allclose(smoothed(curve, width, edge), gaussian_filter1d(curve, width, mode=mode), atol=1e-12)


def read_as(frames: int, **cues) -> dict[str, np.ndarray]:
    """The cues of lips where somebody speaks throughout, says nothing that lips shape and has lips at their usual, but for `cues`."""
    usual = dict.fromkeys([*LIP_PHONES, *READINGS], np.zeros(frames)) | {CERTAINTY: np.ones(frames)}
    return usual | cues


def test_the_mouth_opens_and_spreads_when_people_do():
    wave, slower = np.sin(np.arange(250) / 4), np.sin(np.arange(250) / 20)
    ajar = still(10).with_channels({"jawOpen": 0.2 + 0.1 * np.cos(np.arange(250) / 7), "mouthStretchLeft": np.full(250, 0.1)})
    made = lips_after(READING, ajar, read_as(250, gap=wave, width=slower))
    head = Head.default()
    gap, width = lip_gap(head, made), mouth_width(head, made)
    assert np.corrcoef(gap, wave)[0, 1] > 0.9 and np.corrcoef(width, slower)[0, 1] > 0.7
    largest = np.percentile(lip_gap(head, ajar), 95)
    assert 0.7 * largest < np.percentile(gap, 95) < 1.4 * largest  # as large as the model's own, whatever the units of the reading


def test_lips_that_are_known_part_and_spread_as_far_as_that_person_s():
    wave, head = np.sin(np.arange(250) / 4), Head.default()
    ajar = still(10).with_channels({"jawOpen": 0.2 + 0.1 * np.cos(np.arange(250) / 7), "mouthSmileLeft": np.full(250, 0.2)})

    def ranges(face, loud=1.0):
        made = lips_after(READING, ajar, read_as(250, gap=loud * wave, width=loud * wave), face)
        return [float(np.ptp(np.percentile(of(head, made), [5, 95]))) for of in (lip_gap, mouth_width)]

    little, much = (ranges(FaceStyle(known=1, gap=0.1, gap_range=by, width_range=by / 4)) for by in (0.02, 0.06))
    assert 0.02 < little[0] < 0.05 and 2 * little[0] < much[0] < 0.15 and 2 * little[1] < much[1]
    calm = ranges(FaceStyle(known=1, gap=0.1, gap_range=0.06, width_range=0.015), loud=0.5)
    assert calm[0] < 0.7 * much[0] and calm[1] < 0.7 * much[1], "a quiet sentence is a small one, which the model's own is not"
    assert np.allclose(ranges(FaceStyle()), ranges(FaceStyle(gap=0.3, gap_range=0.2, width_range=0.2))), "nothing is known of these"


def test_a_mouth_widens_by_the_smile_or_the_stretch_that_a_style_asks_for():
    wider, resting = np.full(50, 0.03), still(2).with_channels({name: np.full(50, 0.3) for name in SPREADERS})
    for smiling in (0.0, 0.3, 0.5, 1.0):
        made = spread_by(resting, wider, smiling)
        smiled, stretched = (made.channel(name)[0] - 0.3 for name in ("mouthSmileLeft", "mouthStretchLeft"))
        assert smiled == pytest.approx(smiling * (smiled + stretched), abs=1e-6)
        assert width_of(made)[0] - width_of(resting)[0] == pytest.approx(0.03, abs=1e-6), "as wide, whatever does it"


def test_a_live_voice_parts_the_lips_as_far_as_the_person_of_its_style():
    wave, ajar = np.sin(np.arange(250) / 4), still(10).with_channels({"jawOpen": 0.2 + 0.1 * np.cos(np.arange(250) / 7)})
    following = np.sin(np.arange(1, 251) / 4)
    cues = read_as(250, gap=wave, width=wave, **{later("SIL", SOON_AFTER): np.zeros(250), later(READINGS[0], 1): following})

    def ranges(face):
        made = lips_after(LIVE_READING, ajar, cues, face)
        return [float(np.ptp(np.percentile(of(made)[100:], [5, 95]))) for of in (gap_of, width_of)]

    little, much = (ranges(FaceStyle(known=1, gap=0.1, gap_range=by, width_range=by / 4)) for by in (0.02, 0.06))
    assert 0.02 < little[0] < 0.05 and 2 * little[0] < much[0] < 0.15 and 1.7 * little[1] < much[1]


def test_live_lips_shut_as_those_of_a_recording_as_far_as_they_know_what_comes():
    ajar, phones = still(2).with_channels({"jawOpen": np.full(50, 0.2)}), heard(P=(10, 0.5), M=(24, 0.3))
    phones["B"][36] = 0.5  # for a single frame
    recorded = lips_after(CLOSURE, ajar, phones).channel("mouthClose")
    for ahead, apart in ((2, 5e-3), (3, 5e-4), (5, 1e-6), (8, 1e-6)):
        coming = {later(name, on): np.append(values[on:], np.zeros(on)) for name, values in phones.items() for on in range(ahead + 1)}
        assert np.abs(lips_after(LIVE_CLOSURE, ajar, coming).channel("mouthClose") - recorded).max() < apart
    assert recorded.max() > 0.19 and 0.1 < recorded[36] < 0.19


def test_live_sounds_that_are_shorter_than_words_hardly_part_lips_until_a_word_comes():
    quiet = np.ones(250)
    for first in range(50, 200, 30):
        quiet[first : first + 3] = 0  # as in noise that swells
    quiet[210:240] = 0
    cues = read_as(
        250, SIL=quiet, gap=np.zeros(250), **{later("SIL", SOON_AFTER): np.append(quiet[2:], (1, 1)), later(READINGS[0], 1): np.zeros(250)}
    )
    gap = gap_of(lips_after(LIVE_READING, still(10).with_channels({"jawOpen": np.full(250, 0.2)}), cues))
    assert gap[45:60].max() > 0.5 * gap[220:240].mean() > 0.02 and gap[60:78].min() < 1e-3, "one may be a word, and shuts soon"
    assert gap[135:200].max() < 0.3 * gap[220:240].mean()


def test_live_sounds_that_were_no_words_are_forgotten_after_two_seconds_of_quiet():
    quiet = np.ones(400)
    for first in range(20, 200, 15):
        quiet[first : first + 2] = 0
    quiet[300:303] = 0
    cues = read_as(
        400, SIL=quiet, gap=np.zeros(400), **{later("SIL", SOON_AFTER): np.append(quiet[2:], (1, 1)), later(READINGS[0], 1): np.zeros(400)}
    )
    gap = gap_of(lips_after(LIVE_READING, still(16).with_channels({"jawOpen": np.full(400, 0.2)}), cues))
    assert gap[298:310].max() > 0.5 * gap[15:30].max() > 0.01 > gap[185:200].max()


def test_lips_that_are_known_are_not_held_shut_in_open_vowels():
    held = still(10).with_channels({"jawOpen": np.full(250, 0.3), "mouthClose": np.full(250, 0.2)})
    vowel = (np.arange(250) // 25 % 2).astype(float)
    cues = read_as(250, gap=np.zeros(250), AA=vowel)
    usual, known = (lips_after(READING, held, cues, face) for face in (FaceStyle(), FaceStyle(known=1, gap=0.1)))
    inside = vowel > 0
    inside[[0, *range(25, 250, 25), *range(24, 250, 25)]] = False
    assert known.channel("mouthClose")[inside].max() < 0.03 < usual.channel("mouthClose")[inside].max()
    assert gap_of(known)[inside].min() > 0.06


def test_lips_stay_parted_in_a_short_pause_and_shut_in_a_long_one():
    quiet = np.zeros(250)
    quiet[50:70] = quiet[120:200] = 1  # 0.8 s and 3.2 s
    ajar = still(10).with_channels({"jawOpen": 0.3 * (1 - quiet)})
    half_open = np.where(quiet > 0, 1.0, 1 + np.sin(np.arange(250) / 3))  # in pauses, as people's
    made = lips_after(READING, ajar, read_as(250, SIL=quiet, gap=half_open))
    gap = lip_gap(Head.default(), made)
    assert gap[52:68].min() > 0.3 * gap[20:40].mean()
    assert gap[130:190].max() < 1e-3
    own = gap_of(lips_after(READING, ajar, read_as(250, SIL=quiet, gap=half_open), FaceStyle(known=0.8, gap=0.1, paused=0.05)))
    assert own[130:190] == pytest.approx(0.04, abs=0.002), "or stay as far apart as that person's, so far as it is known"
    assert np.allclose(
        gap_of(lips_after(READING, ajar, read_as(250, SIL=np.ones(250)), FaceStyle(known=0.8, paused=0.05))), 0.04, atol=0.002
    )


def test_no_speech_opens_no_mouth():
    made = lips_after(READING, still(10), read_as(250, SIL=np.ones(250), gap=np.ones(250)))
    assert np.abs(made.values).max() < 1e-6
    music = lips_after(READING, still(10), read_as(250, gap=np.ones(250), **{CERTAINTY: np.full(250, 0.3)}))
    assert np.abs(music.values).max() < 1e-6
    click = np.ones(250)
    click[100:102] = 0
    assert not phrases(click < 0.5, 25.0).any()


def test_lips_shut_in_a_short_pause_where_they_are_read_shut_and_the_width_goes_on():
    ajar, quiet = still(10).with_channels({"jawOpen": np.full(250, 0.2)}), np.zeros(250)
    quiet[100:115] = 1.0
    spread = np.sin(np.arange(250) / 5)

    def gap_and_width(in_pause: float) -> tuple[np.ndarray, np.ndarray]:
        read = np.where(quiet > 0, in_pause, 2 * np.sin(np.arange(250) / 3))
        made = lips_after(READING, ajar, read_as(250, SIL=quiet, gap=read, width=spread))
        return gap_of(made)[104:111], width_of(made)[104:111]

    (shut, width), (parted, same_width) = gap_and_width(-1.1), gap_and_width(-0.4)
    assert shut.max() < 0.01 and parted.min() > 0.03
    assert np.ptp(width) > 0.002 and np.allclose(np.diff(width), np.diff(same_width), atol=1e-5)


@pytest.mark.parametrize("shut", [0.0, 0.1, 0.3])
def test_lips_come_to_stand_as_far_apart_as_asked(shut):
    wanted = np.linspace(0, 0.2, 50)
    ajar = still(2).with_channels(
        {
            "jawOpen": np.full(50, 0.3),
            "mouthClose": np.full(50, shut),
            "mouthLowerDownLeft": np.full(50, 0.1),
            "mouthFunnel": np.full(50, 0.0),
        }
    )
    np.testing.assert_allclose(lip_gap(Head.default(), open_to(ajar, wanted).clamped()), wanted, atol=3e-3)
    np.testing.assert_allclose(lip_gap(Head.default(), open_to(still(2), wanted).clamped()), wanted, atol=3e-3)


def test_spread_vowels_are_not_rounded():
    round_lips = still(2).with_channels({"mouthPucker": np.full(50, 0.5), "mouthFunnel": np.full(50, 0.2)})
    made = lips_after(CLOSURE, round_lips, heard(IY=(10, 1.0), AA=(30, 0.0)))
    assert made.channel("mouthPucker")[[10, 30]] == pytest.approx([0.5 * (1 - SPREAD_LIPS), 0.5], abs=1e-3)
    assert made.channel("mouthFunnel")[10] == pytest.approx(0.2 * (1 - SPREAD_LIPS), abs=1e-3)
