"""Takes of Live Link Face: the format's facts one by one, and what our own exporter writes read back."""

import tracemalloc

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.data.readers.folder import read_folder
from visavox.data.readers.live_link import is_live_link, read_live_link, read_live_link_csv, rested, takes
from visavox.errors import FileError
from visavox.export.accompaniment import Accompaniment
from visavox.export.live_link_csv import write_live_link_csv
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES

COLUMNS = ["JawOpen", "MouthLeft", "HeadYaw", "HeadPitch", "HeadRoll"]


def write_csv(path, rows, header="BlendshapeCount", columns=COLUMNS):
    """`rows` are (timecode, values); the count is 61 where there are values and 0 where there are none."""
    lines = [",".join(["Timecode", header, *columns])]
    lines += [",".join([code, "61" if len(values) else "0", *map(str, values)]) for code, values in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def code(thousandths):
    """The timecode so many thousandths of a 60th after 10 o'clock."""
    frames, rest = divmod(thousandths, 1000)
    seconds, frames = divmod(frames, 60)
    return f"10:00:{seconds:02d}:{frames:02d}.{rest:03d}"


def ramp(frames, step=1001):
    """A jaw that opens by 0.001 a frame, with timecodes `step` thousandths of a 60th apart; 1001 are what the app writes."""
    return [(code(number * step), [number / 1000, 0.25, 0.1, 0.2, 0.3]) for number in range(frames)]


def write_sound(path, seconds):
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(path, 0.1 * np.sin(np.arange(round(seconds * 16000)) * 0.1), 16000)


@pytest.mark.parametrize("header", ["BlendshapeCount", "BlendShapeCount"])
def test_both_spellings_and_columns_by_name_with_the_apps_signs(tmp_path, header):
    motion, seen = read_live_link_csv(write_csv(tmp_path / "a.csv", ramp(100), header))
    assert motion.rig == ARKIT and motion.frames == 100 and seen.all()
    assert motion.channel("jawOpen") == pytest.approx(np.arange(100) / 1000)
    assert motion.channel("mouthLeft") == pytest.approx(0.25) and not motion.channel("mouthRight").any()
    assert motion.select(("headYaw", "headPitch", "headRoll"))[5] == pytest.approx([-0.1, 0.2, 0.3])


def test_the_rate_comes_from_a_base_of_60_with_thousandths_of_a_frame(tmp_path):
    motion, _ = read_live_link_csv(write_csv(tmp_path / "a.csv", ramp(100)))
    assert motion.fps == pytest.approx(60000 / 1001), "1.001 sixtieths apart"
    motion, _ = read_live_link_csv(write_csv(tmp_path / "b.csv", ramp(100, 2000)))
    assert motion.fps == pytest.approx(30)


def test_midnight_and_timecodes_without_thousandths(tmp_path):
    rows = [(f"23:59:59:{frame:02d}", [0.5] * 5) for frame in range(30, 60)] + [(f"00:00:00:{frame:02d}", [0.5] * 5) for frame in range(30)]
    motion, _ = read_live_link_csv(write_csv(tmp_path / "a.csv", rows))
    assert motion.frames == 60 and motion.fps == pytest.approx(60)


def test_dropped_frames_and_frames_without_a_face_are_filled_in(tmp_path):
    rows = ramp(100, 1000)
    rows[20:25] = [(time, []) for time, _ in rows[20:25]]
    del rows[50:60]
    motion, seen = read_live_link_csv(write_csv(tmp_path / "a.csv", rows))
    assert motion.frames == 100 and motion.fps == pytest.approx(60)
    assert motion.channel("jawOpen") == pytest.approx(np.arange(100) / 1000, abs=1e-6)
    assert np.flatnonzero(~seen).tolist() == [*range(20, 25), *range(50, 60)]


def test_the_calibrated_file_of_a_take_is_the_one_that_is_read(tmp_path):
    write_csv(tmp_path / "s" / "take1.csv", ramp(120))
    write_csv(tmp_path / "s" / "take1_cal.csv", [(time, [-0.05, *values[1:]]) for time, values in ramp(120)])
    write_csv(tmp_path / "s" / "take2.csv", ramp(120))
    (tmp_path / "s" / "frame_log.csv").write_text("F,1,2\n")
    for name in ("take1", "take2"):
        write_sound(tmp_path / "s" / f"{name}.wav", 2.0)
    assert {name: path.name for name, path in takes(tmp_path).items()} == {"take1": "take1_cal.csv", "take2": "take2.csv"}
    assert not is_live_link(tmp_path / "s" / "frame_log.csv")
    one, two = read_live_link(tmp_path, "made", "CC0")
    assert not one.motion.channel("jawOpen").any(), "below neutral is neutral"
    assert two.motion.channel("jawOpen").max() > 0.1 and two.motion.fps == 25 and two.motion.frames == 50
    assert two.speaker == tmp_path.name and two.quality == 1.0
    assert [clip.name for clip in read_folder(tmp_path)] == ["take1", "take2"], "the folder's kind is seen from its files"


def test_sound_and_motion_stay_together_at_25_fps(tmp_path):
    rows = [(code(number * 1001), [float(40 <= number < 60), 0, 0, 0, 0]) for number in range(120)]
    write_csv(tmp_path / "a.csv", rows)
    write_sound(tmp_path / "a.wav", 1.9)
    (clip,) = read_live_link(tmp_path, "made", "CC0")
    open_at = np.flatnonzero(clip.motion.channel("jawOpen") > 0.5) / 25
    assert open_at[0] == pytest.approx(40 * 1.001 / 60, abs=0.04) and open_at[-1] + 0.04 == pytest.approx(60 * 1.001 / 60, abs=0.04)
    assert clip.audio.seconds == pytest.approx(1.9, abs=0.04)


def test_a_head_that_rests_turned_away_rests_at_zero(tmp_path):
    turned = [(time, [*values[:2], 0.5, -0.3, 0.1]) for time, values in ramp(60)]
    motion, _ = read_live_link_csv(write_csv(tmp_path / "a.csv", turned))
    assert np.allclose(rested(motion).select(HEAD), 0, atol=1e-5)
    nods = np.zeros((60, len(ARKIT)))
    nods[:, ARKIT.index("headPitch")] = 0.1 * np.sin(np.arange(60) * np.pi / 15)
    nodding = Motion(nods, 25, ARKIT)
    assert np.allclose(rested(nodding).values, nodding.values, atol=1e-5), "one that rests at zero stays as it is"


def test_what_our_exporter_writes_comes_back(tmp_path):
    random = np.random.default_rng(0)
    values = {name: random.uniform(0, 1, 50) for name in SHAPES} | {name: random.uniform(-0.5, 0.5, 50) for name in HEAD}
    motion = Motion(np.zeros((50, len(ARKIT))), 25, ARKIT).with_channels(values)
    write_live_link_csv(motion, tmp_path / "a.csv", Accompaniment(Audio(np.zeros(32000), 16000)))
    found, _ = read_live_link_csv(tmp_path / "a.csv")
    assert found.fps == pytest.approx(25) and np.allclose(found.values, motion.values, atol=1e-6)


@pytest.mark.parametrize(("rows", "message"), [
    ([("10:00:00:00.000", [0.1] * 5), ("later", [0.1] * 5)], "line 3: 'later' is not a timecode"),
    ([("10:00:00:00.000", [0.1] * 5), ("10:00:00:01.000", ["x"] * 5)], "line 3 holds something other than numbers"),
    ([("10:00:00:00.000", [0.1] * 5), ("10:00:00:01.000", ["inf"] * 5)], "line 3 holds a value that is not finite"),
    ([(code(n), [0.1] * 5) for n in (0, 2000, 1000, 3000)], "line 4: the timecode does not go on"),
    ([(code(n * 1000), [0.1, 0.1, 20 + n, 0, 0]) for n in range(4)], "must be radians"),
    ([(code(0), [0.1] * 5)], "in 1 frames; at least two"),
    ([], "in 0 frames"),
])  # fmt: skip
def test_files_that_are_wrong_say_where(tmp_path, rows, message):
    with pytest.raises(FileError, match=message):
        read_live_link_csv(write_csv(tmp_path / "a.csv", rows))


def test_other_csv_files_are_refused(tmp_path):
    with pytest.raises(FileError, match="does not begin with Timecode"):
        read_live_link_csv(write_csv(tmp_path / "a.csv", [], header="Count"))
    with pytest.raises(FileError, match="none of the ARKit shapes"):
        read_live_link_csv(write_csv(tmp_path / "a.csv", [], columns=["HeadYaw", "Nose"]))
    write_csv(tmp_path / "b" / "take.csv", ramp(10))
    with pytest.raises(FileError, match="no sound for clip 'take'"):
        list(read_live_link(tmp_path / "b", "made", "CC0"))


def times(*spans):
    """Frames at 60 a second over each (first, last) second of the day."""
    seconds = np.concatenate([np.arange(start * 60, end * 60) for start, end in spans])
    return [(f"{s // 216000:02d}:{s // 3600 % 60:02d}:{s // 60 % 60:02d}:{s % 60:02d}.000", [0.5] * 5) for s in seconds]


@pytest.mark.parametrize(("lines", "message"), [
    (times((0, 2), (3600, 3602)), "line 122: the timecode leaps by 3598 s"),
    (times((0, 2), (82800, 82802)), "line 122: the timecode leaps"),
    ([("10:00:00:00.000", [0.5] * 5), ("10:00:00:00.001", [0.5] * 5), ("10:00:59:00.000", [0.5] * 5)], "frames a second"),
    ([("10:00:00:00.000", [0.5] * 5), ("10:00:50:00.000", [0.5] * 5)], "at 0.02 frames a second"),
    ([("10:00:00:" + "9" * 400, [0.5] * 5)], "is not a timecode"),
    ([("9" * 5000 + ":00:00:00", [0.5] * 5)], "is not a timecode"),
    ([("10:00:00:00.000", [1e308] * 5)], "not finite or beyond"), ([("10:00:00:00.000", ["9" * 400] * 5)], "not finite or beyond"),
    ([("10:00:00:00.000", ["1_0"] * 5)], "other than numbers"), ([("10:00:00:00.000", ["\u0663"] * 5)], "other than numbers"),
    ([("10:00:00:00.000", ["0x10"] * 5)], "other than numbers"), ([("10:00:00:00.000", ['"""'] * 5)], "line 2"),
    ([("10:00:00:00.000", ["A" * 200_000])], "line 2 is longer than 65536 bytes"), ([("\0", [0.5] * 5)], "line 2"),
])  # fmt: skip
def test_a_hostile_line_is_named(tmp_path, lines, message):
    with pytest.raises(FileError, match=message) as caught:
        read_live_link_csv(write_csv(tmp_path / "a.csv", lines))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("encode", [
    lambda text: text.encode("utf-16"), lambda text: text.encode() + b"\xff\xfe\x80", lambda text: text.replace("\n", "\r").encode(),
])  # fmt: skip
def test_a_take_in_another_encoding_is_named_and_not_taken_for_none(tmp_path, encode):
    path = write_csv(tmp_path / "a.csv", ramp(2000))
    path.write_bytes(encode(path.read_text()))
    write_sound(tmp_path / "a.wav", 2.0)
    with pytest.raises(FileError, match="a.csv, line "):
        read_folder(tmp_path)


def test_memory_grows_with_the_length_alone(tmp_path):
    """One dropped frame in a long take once compared every frame with every other."""
    rows = ramp(3501, 1000)
    del rows[70]
    path = write_csv(tmp_path / "a.csv", rows)
    tracemalloc.start()
    motion, seen = read_live_link_csv(path)
    assert motion.frames == 3501 and np.flatnonzero(~seen).tolist() == [70]
    assert tracemalloc.get_traced_memory()[1] < 3501 * 55 * 4 * 6
    tracemalloc.stop()


def test_takes_are_found_as_the_app_writes_them(tmp_path):
    def take(folder, *kinds):
        for kind in kinds:
            write_csv(tmp_path / folder / f"MySlate_1_iPhone{kind}", ramp(120))
        write_sound(tmp_path / folder / "MySlate_1_iPhone.wav", 2.0)

    take("20260410_MySlate_1", "_cal.csv", "_neutral.csv", "_raw.csv")
    take("20260411_MySlate_1", "_raw.csv")
    take("20260412_MySlate_1", ".CSV", "_raw.csv")
    write_csv(tmp_path / "anna_neutral.csv", ramp(120))  # a take that is called so, for it has a sound
    write_sound(tmp_path / "anna_neutral.wav", 2.0)
    found = {name: path.relative_to(tmp_path).as_posix() for name, path in takes(tmp_path).items()}
    assert found == {
        "anna_neutral": "anna_neutral.csv",
        "MySlate_1_iPhone": "20260410_MySlate_1/MySlate_1_iPhone_cal.csv",
        "20260411_MySlate_1_MySlate_1_iPhone": "20260411_MySlate_1/MySlate_1_iPhone_raw.csv",
        "20260412_MySlate_1_MySlate_1_iPhone": "20260412_MySlate_1/MySlate_1_iPhone.CSV",
    }
    clips = list(read_live_link(tmp_path, "made", "CC0"))
    assert {clip.name for clip in clips} == set(found) and all(clip.motion.frames == 50 for clip in clips)


def test_a_take_that_a_spreadsheet_wrote_anew_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "take.csv", ramp(60))
    path.write_text(path.read_text().replace(",", ";"))
    with pytest.raises(FileError, match="take.csv does not begin with Timecode,BlendshapeCount and commas"):
        list(read_live_link(tmp_path, "made", "CC0"))
