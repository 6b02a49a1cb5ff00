"""Every layout that people have on disk: small trees with the names as published are recognised, and who speaks in them is kept apart."""

import io
import pickle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from flame_like import egg, flame_like, head_arrays
from made_lmdb import write_lmdb
from visavox.cli import main
from visavox.data.naming import NAMINGS, chosen, recognised
from visavox.data.readers.folder import layout_of, read_folder
from visavox.data.readers.vocaset import HEAD as HEAD_FILE
from visavox.data.store.importing import Terms, import_folder
from visavox.errors import FileError, OptionError
from visavox.io.head import write_head
from visavox.prepare.film import Source, sound_of
from visavox.prepare.run import sources_of
from visavox.rigs.flame import FLAME
from visavox.rigs.heads.flame_head import FlameHead

# Films or sounds as published: path -> speaker, style, text.
NAMED = {
    "MEAD": {
        "MEAD/M003/video/front/angry/level_1/001.mp4": ("M003", "angry, level 1", ""),
        "MEAD/M003/video/left_30/angry/level_1/001.mp4": ("M003", "angry, level 1", ""),
        "MEAD/W040/video/front/fear/level_3/030.mp4": ("W040", "fearful, level 3", ""),
        "MEAD/W040/video/front/neutral_level_1/002.mp4": ("W040", "neutral, level 1", ""),
    },
    "RAVDESS": {
        "RAVDESS/Actor_12/01-01-06-01-02-01-12.mp4": ("Actor_12", "fearful, normal", "Dogs are sitting by the door"),
        "RAVDESS/Actor_12/02-01-06-01-02-01-12.mp4": ("Actor_12", "fearful, normal", "Dogs are sitting by the door"),
        "RAVDESS/Actor_01/01-02-03-02-01-02-01.mp4": ("Actor_01", "sung, happy, strong", "Kids are talking by the door"),
    },
    "CREMA-D": {
        "CREMA-D/VideoFlash/1001_DFA_ANG_XX.flv": ("1001", "angry", "Don't forget a jacket"),
        "CREMA-D/VideoFlash/1091_WSI_SAD_HI.flv": ("1091", "sad, high", "We'll stop in a couple of minutes"),
    },
    "GRID": {
        "grid/s1/bbaf2n.mpg": ("s1", "", "bin blue at f two now"),
        "grid/s34/video/mpg_6000/pwwxzs.mpg": ("s34", "", "place white with x zero soon"),
    },
    "HDTF": {
        "HDTF/RD_Radio12_000.mp4": ("Radio12", "", ""), "HDTF/WDA_JoeNeguse_001.mp4": ("JoeNeguse", "", ""),
        "HDTF/WRA_JohnThune1_002.mp4": ("JohnThune", "", ""),
    },
    "BIWI": {"biwi/wav/F1_01.wav": ("F1", "neutral", ""), "biwi/wav/M6_e40.wav": ("M6", "emotional", "")},
}  # fmt: skip
SOUNDS = {"MEAD": "MEAD/M003/audio/angry/level_1/001.wav", "RAVDESS": "R/Actor_05/03-01-05-02-01-01-05.wav",
          "CREMA-D": "C/AudioWAV/1001_DFA_ANG_XX.wav", "GRID": "audio_25k/s1/bbaf2n.wav", "BIWI": "b/wav/F1_01.wav"}  # fmt: skip
LEFT_OUT = {"MEAD": "left_30", "RAVDESS": "02-01-06"}
FREE = ["holiday.mp4", "s1/holiday.mpg", "1001_XXX_ANG_XX.flv", "01-01-09-01-02-01-12.mp4", "M003/video/above/angry/level_1/001.mp4",
        "M003/video/front/angry/level_4/001.mp4", "s35/bbaf2n.mpg", "s1/bbaw2n.mpg", "F9_01.wav", "RD_.mp4"]  # fmt: skip
TERMS = Terms("agreed", "CC0-1.0")


def write_sound(path: Path, seconds: float = 0.5) -> None:
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.sin(np.arange(round(seconds * 16000)) * 0.1), 16000)


@pytest.mark.parametrize("naming", NAMINGS, ids=lambda naming: naming.name)
def test_names_as_published_tell_who_speaks_and_how(naming):
    wanted = {Path(name): labels for name, labels in NAMED[naming.name].items()}
    assert recognised(list(wanted)) is naming
    assert {path: (found.speaker, found.style, found.text) for path in wanted for found in [naming.of(path)]} == wanted
    used, left = chosen(list(wanted), naming)
    assert len(used) + len(left) == len(wanted)
    assert [LEFT_OUT[naming.name] in str(path) for path in left] == [True] * (naming.name in LEFT_OUT)
    others = [other.name for other in NAMINGS if other is not naming and any(other.of(path) for path in wanted)]
    assert not others


def test_freely_named_files_are_of_no_corpus_and_one_stray_film_spoils_none():
    assert recognised([]) is None and all(recognised([Path(name)]) is None for name in FREE)
    many = [Path(f"s1/bbaf{digit}n.mpg") for digit in "123456789z"] + [Path("s1/readme.mpg")]
    naming = recognised(many)
    assert naming.name == "GRID" and chosen(many, naming)[0][-1] == (Path("s1/readme.mpg"), None)


@pytest.mark.parametrize("naming", [each for each in NAMINGS if each.name != "BIWI"], ids=lambda naming: naming.name)
def test_films_of_a_corpus_are_prepared_with_what_their_names_tell(naming):
    paths = [Path(name) for name in NAMED[naming.name]]
    sources = sources_of(paths, ("mine" if not naming.licence else "", "agreed", "a set"), "", naming)
    assert {source.speaker for source in sources} == {speaker for speaker, _, _ in NAMED[naming.name].values()}
    assert {source.licence for source in sources} == {naming.licence or "mine"}
    assert all((source.style, source.text) == NAMED[naming.name][str(source.path)][1:] for source in sources)
    assert {source.speaker for source in sources_of(paths, ("mine", "agreed", "a set"), "anna", naming)} == {"anna"}
    if not naming.licence:
        with pytest.raises(OptionError, match="no licence is stated"):
            sources_of(paths, ("", "agreed", "a set"), "", naming)


def test_sound_apart_from_the_film_is_where_the_corpus_has_it():
    mead, crema = (next(each for each in NAMINGS if each.name == name) for name in ("MEAD", "CREMA-D"))
    assert mead.of(Path("d/M003/video/front/sad/level_2/007.mp4")).sound == Path("d/M003/audio/sad/level_2/007.m4a")
    assert crema.of(Path("d/VideoFlash/1001_DFA_ANG_XX.flv")).sound == Path("d/AudioWAV/1001_DFA_ANG_XX.wav")


@pytest.mark.parametrize("suffix", (".m4a", ".wav", ".flac"))
def test_sound_apart_is_found_though_somebody_converted_it(tmp_path, monkeypatch, suffix):
    film = tmp_path / "M003/video/front/sad/level_2/007.mp4"
    published = tmp_path / "M003/audio/sad/level_2/007.m4a"
    published.parent.mkdir(parents=True)
    published.with_suffix(suffix).touch()
    monkeypatch.setattr("visavox.prepare.film.film_of", lambda path: SimpleNamespace(sound=False))
    assert sound_of(Source(film, *"abcd", sound=published)) == published.with_suffix(suffix)
    assert sound_of(Source(film, *"abcd")) == film


@pytest.mark.parametrize("name", SOUNDS)
def test_sounds_of_a_corpus_are_imported_with_what_their_names_tell(tmp_path, name):
    pytest.importorskip("pyarrow")
    write_sound(tmp_path / "in" / SOUNDS[name])
    (tmp_path / "in" / "README.txt").write_text("About this corpus.")
    assert name in layout_of(tmp_path / "in").name
    store = import_folder(tmp_path / "in", tmp_path / "store", TERMS).store
    (row,) = store.rows()
    found = next(each for each in NAMINGS if each.name == name).of(Path(SOUNDS[name]))
    assert (row.speaker, row.style, row.language, row.text) == (found.speaker, found.style, "en", found.text)


def coefficients(frames: int, seed: int = 0) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    widths = {"shape": 100, "exp": 50, "pose": 6}
    return {name: chance.normal(0, 0.1, (frames, width)).astype(np.float32) for name, width in widths.items()}


def segment(frames: int, seed: int = 0, protocol: int = pickle.HIGHEST_PROTOCOL, **changes) -> bytes:
    import soundfile

    sound = io.BytesIO()
    soundfile.write(sound, np.full(frames * 640, 0.01 * (seed + 1)), changes.pop("sample_rate", 16000), format="FLAC", subtype="PCM_16")
    return pickle.dumps({"audio": sound.getvalue(), "coef": coefficients(frames, seed) | changes}, protocol=protocol)


def database(**changes) -> dict[str, bytes]:
    entries = {
        "metadata": pickle.dumps({"seg_len": 100}), "TH_00001/000/metadata": pickle.dumps({"n_frames": 130}),
        "TH_00001/000/000": segment(100), "TH_00001/000/001": segment(30, 1), "TH_00001/001/metadata": pickle.dumps({"n_frames": 25}),
        "TH_00001/001/000": segment(25, 2, 2), "WDA_X/000/metadata": pickle.dumps({"n_frames": np.int64(1)}),
        "WDA_X/000/000": segment(1, 3),
    }  # fmt: skip
    return {key: value for key, value in (entries | changes).items() if value is not None}


def write_database(folder: Path, **changes) -> Path:
    write_lmdb({key.encode(): value for key, value in database(**changes).items()}, folder / "data.mdb")
    return folder


def test_the_authors_database_is_read_film_by_film(tmp_path):
    folder = write_database(tmp_path / "HDTF_TFHP")
    assert "DiffPoseTalk" in layout_of(folder).name
    films = {(clip.speaker, clip.name): clip for clip in read_folder(folder)}
    assert list(films) == [("TH_00001", "000"), ("TH_00001", "001"), ("WDA_X", "000")]
    film = films["TH_00001", "000"]
    assert film.motion.rig == FLAME and film.motion.frames == 130 and film.audio.seconds == pytest.approx(5.2)
    joined = {name: np.concatenate([coefficients(100)[name], coefficients(30, 1)[name]]) for name in ("shape", "exp", "pose")}
    np.testing.assert_allclose(film.motion.values, np.concatenate([joined["exp"], joined["pose"]], 1), atol=1e-6)
    np.testing.assert_allclose(film.identity, joined["shape"].mean(0), atol=1e-5)
    assert film.audio.samples[[0, -1]] == pytest.approx([0.01, 0.02], abs=1e-3)


def test_segments_beyond_the_thousandth_follow_each_other(tmp_path):
    several = {"X/1/metadata": pickle.dumps({"n_frames": 8}), "X/1/0100": segment(2, 0), "X/1/101": segment(2, 1)}
    several |= {"X/1/1000": segment(2, 3), "X/1/999": segment(2, 2)}
    film = next(clip for clip in read_folder(write_database(tmp_path, **several)) if clip.speaker == "X")
    assert film.audio.samples[::1280] == pytest.approx([0.01, 0.02, 0.03, 0.04], abs=1e-3)


class Harm:
    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(("changes", "says"), [
    ({"TH_00001/000/metadata": None}, "film TH_00001/000 has no metadata"),
    ({"TH_00001/000/001": None}, "100 frames, its metadata says 130"), ({"TH_00001/000/000": b"x"}, "entry TH_00001/000/000 is damaged"),
    ({"TH_00001/000/001": segment(30, pose=np.zeros((30, 9)))}, r"pose of shape \(30, 9\)"),
    ({"TH_00001/000/001": segment(30, exp=np.full((30, 50), np.nan))}, "not a number"),
    ({"TH_00001/000/001": segment(30, sample_rate=8000)}, "8000 Hz"),
    ({"TH_00001/000/001": segment(30, exp=np.zeros((90, 50)))}, "with 90 frames"),
    ({"TH_00001/000/notes": b"x"}, "entry TH_00001/000/notes is neither"),
    ({"TH_00001/000/001": pickle.dumps(Harm())}, "asks to run builtins.print"), ({"TH_00001/000/metadata": pickle.dumps([1])}, "n_frames"),
    ({"TH_00001/000/001": pickle.dumps({"audio": b"RIFF", "coef": coefficients(30)})}, "no FLAC sound"),
])  # fmt: skip
def test_an_entry_that_is_not_as_published_is_named_and_nothing_runs(tmp_path, capsys, changes, says):
    with pytest.raises(FileError, match=says):
        read_folder(write_database(tmp_path, **changes))
    assert not capsys.readouterr().out


@pytest.fixture
def vocaset(tmp_path):
    """A subject on an egg of FLAME's structure, one sentence, with what moved it."""
    head = FlameHead.from_arrays(head_arrays(flame_like(*egg(8, 10))))
    chance, folder, truth = np.random.default_rng(1), tmp_path / "vocaset", {}
    (folder / "vertices_npy").mkdir(parents=True)
    templates = {}
    for subject in ("FaceTalk_170725_00137_TA",):
        rest = head.template + np.tensordot(chance.normal(0, 1, 100), head.identity_shapes, 1)
        values = np.zeros((12, len(FLAME)), np.float32)
        values[:, :3] = chance.normal(0, 1, (12, 3))
        values[:, FLAME.index("jawX")] = np.linspace(0, 0.3, 12)
        moved = type(head)(head.rig, head.faces, rest, *(getattr(head, name) for name in FIELDS)).vertices(values)
        np.save(folder / "vertices_npy" / f"{subject}_sentence01.npy", moved.reshape(12, -1))
        write_sound(folder / "wav" / f"{subject}_sentence01.wav")
        templates[subject], truth[subject] = rest, values
    (folder / "templates.pkl").write_bytes(pickle.dumps(templates, protocol=2))
    return folder, truth


FIELDS = ("identity_shapes", "expression_shapes", "jaw_shapes", "joint_regressor", "skin_weights")


def test_meshes_are_carried_to_channels_by_the_users_own_head(vocaset):
    folder, truth = vocaset
    with pytest.raises(FileError, match="put it there as flame.safetensors"):
        read_folder(folder)
    write_head(head_arrays(flame_like(*egg(8, 10))), "a test", folder / HEAD_FILE)
    clips = read_folder(folder)
    assert [(clip.speaker, clip.name) for clip in clips] == [(subject, "sentence01") for subject in truth]
    for clip in clips:
        values = truth[clip.speaker]
        assert clip.motion.fps == 60 and clip.motion.rig == FLAME and clip.quality > 0.9 and clip.identity.shape == (100,)
        np.testing.assert_allclose(clip.motion.channel("jawX"), values[:, FLAME.index("jawX")], atol=0.03)
        assert np.corrcoef(clip.motion.channel("expression01"), values[:, 0])[0, 1] > 0.95
    np.save(folder / "vertices_npy" / "FaceTalk_170725_00137_TA_sentence01.npy", np.zeros((9, 30)))
    with pytest.raises(FileError, match=r"shape \(9, 30\), not \(frames, "):
        read_folder(folder)


def test_the_command_says_what_it_recognised_and_speakers_stay_apart(tmp_path, capsys):
    pytest.importorskip("pyarrow")
    for speaker in range(1, 7):
        write_sound(tmp_path / "RAVDESS" / f"Actor_0{speaker}" / f"03-01-05-02-01-01-0{speaker}.wav")
    assert main(["store", "import", str(tmp_path / "RAVDESS"), "-o", str(tmp_path / "store"), "--consent", "released"]) == 0
    assert "is read as sounds of RAVDESS: speaker, emotion and its strength" in capsys.readouterr().out
    assert main(["store", "split", str(tmp_path / "store"), "--validation", "0.3", "--test", "0.3"]) == 0
    assert main(["store", "info", str(tmp_path / "store")]) == 0
    shown = capsys.readouterr().out
    assert "CC BY-NC-SA 4.0" in shown and "released" in shown and "angry, strong" in shown
