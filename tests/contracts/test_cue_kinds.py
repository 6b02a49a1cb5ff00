"""The door of instruction kinds: what a cue does not name keeps its bytes, more is more, and what is written is read back."""

from dataclasses import replace

import numpy as np
import pytest

from frame_chance import frame_chance
from visavox.cue import Cue
from visavox.cues.files import cues_text, parse_cues
from visavox.cues.grammar import KINDS, explain, read_instruction, write_instruction
from visavox.cues.groups import GROUPS, channels_of
from visavox.cues.kind import Acting, Frames
from visavox.cues.kinds.emotion import track_of
from visavox.cues.kinds.key import LINK
from visavox.cues.kinds.pose import Pose
from visavox.cues.moves import MOVES
from visavox.cues.performing import CueGesture, perform_cues
from visavox.emotion import EmotionTrack
from visavox.gestures.gesture import Piece, Take
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, GAZE, HEAD
from visavox.rigs.flame import FLAME

FPS, FRAMES, START, END = 25.0, 150, 2.0, 3.4
ACTING = [kind for kind in KINDS if isinstance(kind, Acting)]
EXAMPLES = sorted({example for kind in KINDS for example in kind.examples} | {
    f"{move.name} {way}".strip() for move in MOVES.values() for way in move.ways
} | {f"{group} 0.4" for group in GROUPS} | {
    "nod 3 times slowly slightly", "lean back 5 deg quickly", "browInnerUp += 0.2", "look away 0.4"
})  # fmt: skip
MOVING = [text for text in EXAMPLES if isinstance(next(kind for kind in KINDS if kind.read(text)), Acting)]


def motion(rig=ARKIT) -> Motion:
    random = np.random.default_rng(5)
    walk = np.cumsum(random.normal(0, 0.02, (FRAMES, len(rig))), axis=0)
    values = 0.15 + 0.1 * np.sin(walk * 3) + 0.02 * random.random((FRAMES, len(rig)))
    return Motion(values.astype(np.float32), FPS, rig).clamped()


def cue(text: str, start=START, end=END) -> Cue:
    instruction = read_instruction(text)
    if isinstance(instruction, Pose):  # a file that is read elsewhere
        swaying = np.sin(np.arange(60) / 9)[:, None] * 0.1 + 0 * motion().values[:60]
        instruction = replace(instruction, motion=Motion(swaying, FPS, ARKIT))
    return Cue(start, end, instruction)


def performed(texts, start=START, end=END, rig=ARKIT, seed=3) -> tuple[Motion, Motion]:
    gesture, before = CueGesture([cue(text, start, end) for text in texts]), motion(rig)
    return before, gesture.step(gesture.start(Take(frame_chance(seed))), Piece(before, None, last=True))


def allowed(text: str) -> set[str]:
    """The channels that an instruction may touch, said apart from the code that performs it."""
    instruction = read_instruction(text)
    if hasattr(instruction, "group"):
        named = set(channels_of(instruction.group, ARKIT))
        return named | set(GAZE) if instruction.group == "head" else named
    if hasattr(instruction, "channel"):
        return {instruction.channel}
    if isinstance(instruction, Pose):
        return {*HEAD, *GAZE}
    if type(instruction).__name__ == "State":
        lives = {*GROUPS["brows"], *HEAD, *GAZE, *GROUPS["blinks"], "eyeWideLeft", "eyeWideRight"}
        return {*GROUPS["mouth"], *lives} if instruction.name != "speak" else set()
    parts = {
        "nod": (HEAD, GAZE), "shake": (HEAD, GAZE), "turn": (HEAD, GAZE), "tilt": (HEAD,), "lean": (HEAD, GAZE), "look": (GROUPS["eyes"],),
        "blink": (GROUPS["blinks"],), "close eyes": (GROUPS["blinks"],), "squint": (GROUPS["lids"], GROUPS["brows"], GROUPS["cheeks"]),
        "widen eyes": (GROUPS["lids"], GROUPS["brows"]), "brows": (GROUPS["brows"], GROUPS["lids"], GROUPS["cheeks"]),
        "breathe": (GROUPS["mouth"], GROUPS["brows"]), "roll eyes": (GROUPS["eyes"], GROUPS["brows"]), "sway": (HEAD,),
        "shudder": (HEAD, GAZE), "stick out tongue": (GROUPS["mouth"],), "bite lip": (GROUPS["mouth"],), "tremble lips": (GROUPS["mouth"],),
    }  # fmt: skip
    return {name for group in parts.get(instruction.name, (GROUPS["expression"],)) for name in group}


@pytest.mark.parametrize("text", MOVING)
@pytest.mark.parametrize("span", [(START, END), (START, START), (START, START + 0.001), (0.0, 0.3), (5.5, 60.0)])
def test_frames_and_channels_that_it_does_not_name_keep_their_bytes(text, span):
    before, after = performed([text], *span)
    changed = before.values != after.values
    seconds = (np.arange(FRAMES) + 0.5) / FPS
    instruction = read_instruction(text)
    own = 3.1 if span[0] == span[1] else 0.0  # seconds that something takes at a moment
    fall = 0.6  # the longest that anything needs to come back
    outside = (seconds <= span[0] - 0.15) | (seconds >= span[1] + own + fall)
    assert not changed[outside].any()
    touched = {ARKIT.names[index] for index in np.flatnonzero(changed.any(0))}
    assert touched <= allowed(text), f"{explain(instruction)}: {touched - allowed(text)}"
    limits = [(channel.low, channel.high) for channel in ARKIT.channels]
    assert (after.values >= [low for low, _ in limits]).all() and (after.values <= [high for _, high in limits]).all()


@pytest.mark.parametrize("text", [text for text in MOVING if text != "speak"])
def test_it_does_something_and_starts_and_ends_without_a_jump(text):
    before, after = performed([text])
    difference = np.abs(after.values - before.values)
    assert difference.max() > 0.01
    first, last = np.flatnonzero(difference.any(1))[[0, -1]]
    edge = max(difference[first].max(), difference[last].max())
    assert edge <= (1.01 if "look" in text or text in ("listen", "idle") or "blink" in text else 0.6) * difference.max()


STRENGTHS = ["nod", "shake", "turn left", "tilt right", "lean in", "look left", "blink", "close eyes", "smile", "brows up",
             "frown", "wink left"]  # fmt: skip


@pytest.mark.parametrize("text", STRENGTHS)
@pytest.mark.parametrize("span", [(START, END), (START, START)])
def test_stronger_is_more(text, span):
    sizes = []
    for strength in (0, 0.25, 0.5, 0.75, 1):
        before, after = performed([f"{text} {strength:g}" if strength < 1 else text], *span)
        sizes.append(np.abs(after.values - before.values).sum())
    assert sizes[0] == 0 and (np.diff(sizes) > 0).all()


@pytest.mark.parametrize("group", GROUPS)
def test_a_larger_gain_moves_further(group):
    sizes = []
    for factor in (0, 0.25, 0.5, 0.75, 1):
        _, after = performed([f"{group} {factor}"])
        names = channels_of(group, ARKIT)
        sizes.append(np.abs(after.select(names)[55:80]).sum())
    assert (np.diff(sizes) > 0).all()
    before, same = performed([f"{group} 1"])
    assert np.array_equal(before.values, same.values)


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_is_written_is_read_back_and_explained(text):
    instruction = read_instruction(text)
    again = read_instruction(write_instruction(instruction))
    assert again == instruction and write_instruction(again) == write_instruction(instruction)
    assert len(explain(instruction)) > 5


def test_a_file_of_everything_is_read_back():
    random = np.random.default_rng(0)
    cues = []
    for text in EXAMPLES:
        start = round(float(random.uniform(0, 4000)), 3)
        if text.startswith("take"):
            start = 5000.0
        note = ["", "why <not> & how"][int(random.integers(2))]
        cues.append(Cue(start, round(start + float(random.uniform(0.1, 90)), 3), read_instruction(text), note))
    assert parse_cues(cues_text(cues)) == cues


@pytest.mark.parametrize("ends", [[60], [1, 2, 55], [50, 51, 80, 149]])
@pytest.mark.parametrize("texts", [[text for text in MOVING if "=" not in text], MOVING])
def test_any_division_gives_the_same_values(texts, ends):
    gesture, whole = CueGesture([cue(text, START + index * 0.01) for index, text in enumerate(texts)]), motion()
    once = gesture.step(gesture.start(Take(frame_chance(1))), Piece(whole, None, last=True))
    state, start, parts = gesture.start(Take(frame_chance(1))), 0, []
    for end in [*ends, FRAMES]:
        piece = Piece(replace(whole, values=whole.values[start:end]), None, last=end == FRAMES)
        parts.append(gesture.step(state, piece))
        if gesture.delay(FPS) == 0:
            assert parts[-1].frames == end - start
        start = end
    values = np.concatenate([part.values for part in parts if part is not None])
    assert np.array_equal(values, once.values)


@pytest.mark.parametrize("text", ["happy 0.6", "sad 1 @ brows"])
def test_emotions_are_felt_in_their_time_and_regions(text):
    before, after = performed([text], 2.0, 3.0)
    changed = before.values != after.values
    seconds = (np.arange(FRAMES) + 0.5) / FPS
    assert changed[(seconds > 2.5) & (seconds < 3)].any(1).all()
    assert not changed[(seconds < 2) | (seconds > 6)].any()
    if "@" in text:
        assert {ARKIT.names[index] for index in np.flatnonzero(changed.any(0))} <= set(GROUPS["brows"])


def test_what_is_felt_is_what_the_cues_say_and_thousands_take_no_square_of_time():
    cues = [cue("happy 0.5", 0, 3), cue("sad 0.8 @ brows, mouth", 1, 2), cue("neutral", 4, 20)]
    track = EmotionTrack.calm(FRAMES, FPS)
    for one in cues:
        track = track.with_mix(one.instruction.mix, one.start, one.end)
    assert np.array_equal(track_of(cues, FRAMES, FPS).intensity, track.intensity)
    assert np.flatnonzero(track_of([cue("angry", 2.0, 2.0)], FRAMES, FPS).intensity.any((1, 2))).tolist() == [50]
    many = [cue("happy 0.5", index / 10, index / 10 + 0.001) for index in range(10_000)]
    assert track_of(many, 25_000, FPS).felt  # a copy of the track for each would take minutes


@pytest.mark.parametrize("text", MOVING)
def test_a_rig_without_these_channels_is_left_alone(text):
    before, after = performed([text], rig=FLAME)
    assert np.array_equal(before.values, after.values)


def test_chance_is_seeded_and_belongs_to_the_cue():
    ways = set()
    for seed in range(8):
        _, one = performed(["turn"], seed=seed)
        _, again = performed(["turn"], seed=seed)
        before, other = performed(["turn", "smile"], seed=seed)
        assert np.array_equal(one.values, again.values) and np.array_equal(one.channel("headYaw"), other.channel("headYaw"))
        ways.add(np.sign((one.channel("headYaw") - before.channel("headYaw"))[65]))
    assert ways == {1.0, -1.0}


def test_keys_are_reached_and_joined_ones_hold_hands():
    times = (2.0, 2.6, 3.2)
    cues = [Cue(time, time, read_instruction(f"jawOpen = {value}")) for time, value in zip(times, (0.3, 0.1, 0.5), strict=True)]
    before = motion()
    seconds = (np.arange(FRAMES) + 0.5) / FPS
    values = perform_cues(before.values, Frames(before.values, seconds, ARKIT), cues)
    jaw = np.interp(times, seconds, values[:, ARKIT.index("jawOpen")])
    assert np.abs(jaw - [0.3, 0.1, 0.5]).max() < 0.02
    apart = [cues[0], replace(cues[2], start=2.0 + LINK + 0.6, end=2.0 + LINK + 0.6)]
    values = perform_cues(before.values, Frames(before.values, seconds, ARKIT), apart)
    between = (seconds > 2.3) & (seconds < 2.0 + LINK + 0.3)
    assert np.array_equal(values[between], before.values[between])


def test_gains_at_one_moment_multiply_within_what_a_number_can_hold():
    before = motion()
    seconds = (np.arange(FRAMES) + 0.5) / FPS
    cues = [Cue(0.0, FRAMES / FPS, read_instruction(f"lips {factor}")) for factor in (*[3] * 100, 0)]
    with np.errstate(over="raise", invalid="raise"):
        most = perform_cues(before.values, Frames(before.values, seconds, ARKIT), cues[:-1])
        none = perform_cues(before.values, Frames(before.values, seconds, ARKIT), cues)
    assert np.isfinite(most).all() and np.abs(most).max() > 1e3 and none[FRAMES // 2, ARKIT.index("mouthFunnel")] == 0
