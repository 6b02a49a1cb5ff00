"""Readers: made-up folders for the rules, real ones for the facts."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from shared_data import shared_data
from visavox.data.readers.facegood import read_facegood, to_arkit
from visavox.data.readers.folder import read_folder
from visavox.data.readers.grid import read_grid
from visavox.data.readers.tracked import find_sound, head_rotations, read_track, read_tracked
from visavox.data.readers.transcribed import read_ljspeech, read_transcribed
from visavox.data.store.importing import Terms, import_folder
from visavox.errors import FileError
from visavox.io.assets import read_head_asset
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.default_head import Head

NAMES = ["_neutral", "mouthClose", "jawOpen"]


def write_sound(path, seconds=2.0):
    soundfile = pytest.importorskip("soundfile")
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.sin(np.arange(round(seconds * 16000)) * 0.1), 16000)


def write_track(path, frames=50, **changes):
    arrays = {
        "names": np.array(NAMES), "weights": np.tile([0.9, 0.1, 0.4], (frames, 1)),
        "matrix": np.tile(np.eye(4), (frames, 1, 1)),
        "ok": np.ones(frames, bool), "fps": 25.0, "lip_gap": np.linspace(0, 0.1, frames),
        "mouth_width": np.full(frames, 0.5),
    } | changes  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})


def test_weights_are_found_by_name_and_what_is_absent_stays_still(tmp_path):
    write_track(tmp_path / "a.npz")
    motion, measures = read_track(tmp_path / "a.npz")
    assert motion.channel("jawOpen") == pytest.approx(0.4) and motion.channel("mouthClose") == pytest.approx(0.1)
    assert not motion.channel("tongueOut").any() and measures.lip_gap[-1] == pytest.approx(0.1)


def test_frames_without_a_face_are_filled_in_and_marked(tmp_path):
    ok = np.ones(50, bool)
    ok[10:20] = False
    weights = np.tile([0.9, 0.1, 0.4], (50, 1))
    weights[10:20], weights[20:] = 9.0, [0.9, 0.1, 0.8]
    gap = np.where(ok, 0.1, np.nan)
    write_track(tmp_path / "a.npz", ok=ok, weights=weights, lip_gap=gap)
    motion, measures = read_track(tmp_path / "a.npz")
    assert motion.channel("jawOpen")[9:21] == pytest.approx(np.linspace(0.4, 0.8, 12), abs=1e-5)
    assert measures.lip_gap == pytest.approx(0.1) and (measures.ok == ok).all()


@pytest.mark.parametrize(("changes", "message"), [({"lip_gap": None}, "lacks lip_gap"), ({"ok": np.zeros(50, bool)}, "shows no face")])
def test_files_that_are_no_tracks_are_refused(tmp_path, changes, message):
    write_track(tmp_path / "a.npz", **changes)
    with pytest.raises(FileError, match=message):
        read_track(tmp_path / "a.npz")


def test_head_rotations_turn_the_default_head_as_the_matrix_does():
    head = Head.from_asset(read_head_asset())
    turn = Rotation.from_euler("xyz", [0.2, -0.3, 0.15])
    matrix = np.tile(np.eye(4), (1, 1, 1))
    matrix[0, :3, :3] = turn.as_matrix()
    values = np.zeros((1, len(ARKIT)), np.float32)
    values[0, ARKIT.indices(HEAD)] = head_rotations(matrix, Rotation.identity())[0]
    skull = np.flatnonzero(head.head_weight > 0.999)[::500]
    expected = turn.apply(head.neutral()[skull] - head.pivot) + head.pivot
    assert np.allclose(head.vertices(values)[0, skull], expected, atol=1e-4)


def test_a_head_that_rests_turned_away_rests_at_zero():
    matrix = np.tile(np.eye(4), (20, 1, 1))
    matrix[:, :3, :3] = Rotation.from_euler("y", 0.5).as_matrix()
    assert np.allclose(head_rotations(matrix), 0, atol=1e-6)


def test_late_sound_is_moved_by_what_the_offset_file_says(tmp_path):
    write_track(tmp_path / "motion" / "a.npz")
    write_sound(tmp_path / "audio" / "a.wav")
    (tmp_path / "AV_OFFSET.json").write_text(json.dumps({"a.mp4": {"lag_ms": 120}, "note": "measured"}))
    clip = next(read_tracked(tmp_path, "made", "CC0"))
    assert clip.audio.seconds == pytest.approx(1.88) and clip.motion.frames == 47
    assert clip.audio.samples[0] == pytest.approx(0.1 * np.sin(1920 * 0.1), abs=1e-3)


def test_a_track_without_sound_says_where_to_put_it(tmp_path):
    write_track(tmp_path / "motion" / "a.npz")
    with pytest.raises(FileError, match="no sound for clip 'a'"):
        list(read_tracked(tmp_path, "made", "CC0"))


def test_texts_from_their_three_places(tmp_path):
    for name in ("one", "two", "three"):
        write_sound(tmp_path / f"{name}.wav")
    (tmp_path / "x_transcription.txt").write_text("<s> hello there </s> (one)\n")
    (tmp_path / "two.txt").write_text("Good day.\n")
    found = {clip.name: clip.transcript for clip in read_transcribed(tmp_path, "made", "CC0", {"three": "bye"})}
    assert found == {"one": "hello there", "two": "Good day.", "three": "bye"}
    (tmp_path / "metadata.csv").write_text("file|text|spelled|who\nwavs/one.wav|in 1455|in fourteen fifty five|x\ntwo|plain\n")
    found = {clip.name: clip.transcript for clip in read_ljspeech(tmp_path, "made", "CC0")}
    assert found == {"one": "in fourteen fifty five", "two": "plain", "three": None}


def test_the_sound_beside_a_video_stands_for_it(tmp_path):
    write_sound(tmp_path / "a.flac")
    (tmp_path / "a.mp4").write_bytes(b"a video without sound")
    assert [clip.name for clip in read_folder(tmp_path)] == ["a"]


def test_facegood_curves_map_by_name():
    names = ["mouth_stretch_c", "mouth_oh_c", "mouth_lipCornerPull_l", *_other_curves()]
    curves = np.zeros((2, len(names)))
    curves[0, :3], curves[1, 0] = [0.5, 0.2, 0.3], 1.5
    values = to_arkit(curves, names)
    assert values[:, ARKIT.index("jawOpen")] == pytest.approx([0.56, 1.0])
    assert values[0, ARKIT.index("mouthFunnel")] == pytest.approx(0.14)
    assert values[0, ARKIT.index("mouthSmileLeft")] == pytest.approx(0.3) and values[0, ARKIT.index("mouthSmileRight")] == 0


def _other_curves():
    from visavox.data.readers.facegood import arkit_mapping

    needed = {curve for _, recipe in arkit_mapping() for curve in recipe}
    return sorted(needed - {"mouth_stretch_c", "mouth_oh_c", "mouth_lipCornerPull_l"})


def test_the_kind_of_a_folder_is_seen_from_its_files(tmp_path):
    write_sound(tmp_path / "plain" / "deep" / "a.wav")
    assert [clip.name for clip in read_folder(tmp_path / "plain")] == ["a"]
    write_track(tmp_path / "faces" / "motion" / "b.npz")
    write_sound(tmp_path / "faces" / "b.wav")
    assert read_folder(tmp_path / "faces")[0].measures is not None
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="no recording"):
        read_folder(tmp_path / "empty")
    with pytest.raises(FileError, match="not a folder"):
        read_folder(tmp_path / "nowhere")


def many_people(folder, names, words):
    for name in names:
        write_track(folder / "motion" / f"{name}.npz")
        write_sound(folder / "audio" / f"{name}.wav")
    if words:
        (folder / "words.jsonl").write_text(json.dumps({"clip": names[0], "words": [[0.0, 0.5, "bin"]]}))
    return folder


@pytest.mark.parametrize("words", [True, False], ids=["with words", "tracked faces alone"])
def test_who_speaks_in_a_folder_of_several_people_is_read_from_its_meta_or_its_names(tmp_path, words):
    names = ["s2_bbaf1n", "s32_bbap1p", "s2_lgbb3a"]
    clips = read_folder(many_people(tmp_path, names, words))
    assert {clip.name: clip.speaker for clip in clips} == {"s2_bbaf1n": "s2", "s32_bbap1p": "s32", "s2_lgbb3a": "s2"}
    assert [clip.transcript for clip in clips] == (["bin", None, None] if words else [None] * 3), "a track without words is a clip too"
    told = [{"clip": name, "speaker": f"grid_{name.split('_')[0]}"} for name in names[:2]]
    (tmp_path / "meta.json").write_text(json.dumps({"clips": told}))
    found = {clip.name: clip.speaker for clip in read_folder(tmp_path)}
    assert found == {"s2_bbaf1n": "grid_s2", "s32_bbap1p": "grid_s32", "s2_lgbb3a": "s2"}, "what nobody told is named by the file"
    (tmp_path / "meta.json").write_text('{"made by": "another program"}')
    assert {clip.speaker for clip in read_folder(tmp_path)} == {"s2", "s32"}


def test_the_same_sentence_of_two_people_stays_two_clips_of_a_store(tmp_path):
    folder = many_people(tmp_path / "takes", ["s2_bbaf1n", "s3_bbaf1n"], True)
    done = import_folder(folder, tmp_path / "store", Terms("made", "CC0"))
    assert done.store.speakers == ["s2", "s3"] and sorted(done.added) == ["s2/s2_bbaf1n", "s3/s3_bbaf1n"]


def test_phones_beside_the_recordings_are_used(tmp_path):
    write_sound(tmp_path / "a.wav")
    (tmp_path / "phones.jsonl").write_text(json.dumps({"clip": "a", "phones": [[0.1, 0.5, "AA"]]}))
    assert read_folder(tmp_path)[0].phones == ((0.1, 0.5, "AA"),)


def test_real_grid_clips():
    clips = list(read_grid(shared_data("grid_s1"), limit=3))
    assert clips[0].transcript == "bin blue at f two now" and clips[0].motion.rig == ARKIT
    assert all(0.02 < clip.measures.lip_gap.max() < 0.5 for clip in clips)
    assert all(np.abs(clip.motion.select(HEAD)).max() < 0.5 for clip in clips), "radians around the speaker's mean"


def test_real_tracked_faces():
    clips = list(read_tracked(shared_data("us_gov"), "US government", "public domain"))
    assert len(clips) == 5 and all(clip.motion.seconds > 15 for clip in clips)


def test_real_facegood_takes():
    clip = next(read_facegood(shared_data("facegood")))
    jaw = clip.motion.channel("jawOpen")
    assert clip.motion.fps == 30 and np.percentile(jaw, 95) > 0.2 and np.percentile(jaw, 5) < 0.05


def test_the_sound_of_a_clip_is_found_in_capitals_too(tmp_path):
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "take.WAV").touch()
    assert find_sound(tmp_path, "take") == tmp_path / "audio" / "take.WAV"


SIDE_FILES = {
    "a.txt": "Grüße", "metadata.csv": "a|Grüße|Grüße\n", "phones.jsonl": '{"clip": "a", "phones": [[0, 0.5, "ü"]]}\n',
    "words.jsonl": '{"clip": "a", "words": [[0, 0.5, "ü"]]}\n', "bs_name.json": '["ü"]',
    "ATRANSCRIPTION.txt": "<s> Grüße </s> (a)",
}  # fmt: skip


@pytest.mark.parametrize("name", SIDE_FILES)
def test_a_side_file_that_is_not_utf8_is_named(tmp_path, name):
    write_sound(tmp_path / "a.wav")
    (tmp_path / name).write_bytes(SIDE_FILES[name].encode("latin-1"))
    with pytest.raises(FileError, match=f"{name}, line 1 is not UTF-8 text"):
        read_folder(tmp_path)


@pytest.mark.parametrize("spans", [
    '"x"', "[[0, 1]]", '[[0, 1, 2]]', '[["0", 1, "x"]]', '[[0, NaN, "x"]]', '[[0, 1e300, "x"]]', "[" * 5000, '[[true, 1, "x"]]', '{"a": 1}',
])  # fmt: skip
@pytest.mark.parametrize(("name", "kind"), [("phones.jsonl", "phones"), ("words.jsonl", "words")])
def test_hostile_spans_are_named_by_file_and_line(tmp_path, name, kind, spans):
    write_sound(tmp_path / "a.wav")
    (tmp_path / name).write_text(f'{{"clip": "b", "{kind}": [[0, 0.5, "x"]]}}\n{{"clip": "a", "{kind}": {spans}}}\n')
    with pytest.raises(FileError, match=f"{name}, line 2") as caught:
        read_folder(tmp_path)
    assert str(caught.value).isprintable()


TRACK = {
    "names": np.array(["jawOpen"]), "weights": np.zeros((9, 1)), "matrix": np.tile(np.eye(4), (9, 1, 1)), "ok": np.ones(9, bool),
    "fps": np.array(25.0), "lip_gap": np.zeros(9), "mouth_width": np.ones(9),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), [
    ({}, None), ({"weights": np.full((9, 1), np.nan), "ok": np.arange(9) < 1}, "weights, where a face was seen"),
    ({"weights": np.where(np.arange(9)[:, None] < 5, 0, np.nan), "ok": np.arange(9) < 5}, None), ({"fps": np.array(0.0)}, "fps"),
    ({"fps": np.array([25.0, 25.0])}, "fps"), ({"names": np.arange(1)}, "not of text"), ({"matrix": np.zeros((9, 4, 4))}, "no rotation"),
    ({"matrix": np.zeros((9, 3, 3))}, "matrix of shape"), ({"ok": np.ones((9, 1))}, "no track"),
    ({"lip_gap": np.zeros(8)}, "lip_gap of shape"),
    ({"weights": np.zeros((9, 2))}, "weights of shape"), ({"mouth_width": np.full(9, 1e300)}, "mouth_width"),
])  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_tracks_are_held_against_their_shapes(tmp_path, change, says):
    np.savez(tmp_path / "a.npz", **TRACK | change)
    if says is None:
        assert read_track(tmp_path / "a.npz")[0].frames == 9
        return
    with pytest.raises(FileError, match=says):
        read_track(tmp_path / "a.npz")
