"""Which recordings a batch finds, and which names it refuses before any work."""

import os

import pytest

from visavox.batch.listing import Item, is_batch, listing
from visavox.errors import FileError, OptionError


def made(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def outputs(found):
    return {item.output for item in found.items}


def test_a_folder_keeps_its_sub_folders_and_names_what_is_no_recording(tmp_path):
    sounds = made(tmp_path / "in", "a.wav", "deep/er/b c.FLAC", "ünï/new\nline.mp3", "-o.ogg", "notes.md", ".hidden.wav", ".git/c.wav")
    found = listing(str(sounds), tmp_path / "out", ".npz")
    assert outputs(found) == {"a.npz", os.path.join("deep", "er", "b c.npz"), os.path.join("ünï", "new\nline.npz"), "-o.npz"}
    assert found.left_out == ("notes.md",)
    assert all(os.path.isfile(item.source) and item.seed is None for item in found.items)


def test_the_outputs_own_folder_is_not_heard(tmp_path):
    made(tmp_path, "a.wav", "out/a.mp4")
    assert outputs(listing(str(tmp_path), tmp_path / "out", ".mp4")) == {"a.mp4"}


def test_a_folder_that_links_to_itself_has_an_end(tmp_path):
    made(tmp_path, "a.wav")
    (tmp_path / "again").symlink_to(tmp_path)
    assert outputs(listing(str(tmp_path), tmp_path / "out", ".csv")) == {"a.csv"}


@pytest.mark.parametrize("text", ["a.wav\n\nsub/b c.wav\r\n", "a.wav\0sub/b c.wav\0", "\ufeffa.wav\nsub/b c.wav"])
def test_a_list_names_paths_from_its_own_folder(tmp_path, text):
    made(tmp_path, "a.wav", "sub/b c.wav")
    (tmp_path / "list.txt").write_bytes(text.encode())
    found = listing(str(tmp_path / "list.txt"), tmp_path / "out", ".npz")
    assert outputs(found) == {"a.npz", os.path.join("sub", "b c.npz")} and all(os.path.isfile(item.source) for item in found.items)


def test_zero_bytes_between_paths_let_a_name_have_two_lines(tmp_path):
    (tmp_path / "list.txt").write_bytes(b"new\nline.wav\0a.wav\0")
    assert outputs(listing(str(tmp_path / "list.txt"), tmp_path, ".npz")) == {"new\nline.npz", "a.npz"}


def test_a_path_from_elsewhere_gives_its_name_alone(tmp_path):
    (tmp_path / "list.txt").write_text(f"{tmp_path}/far/x.wav\n../up/y.wav\n./sub/../z.wav\n")
    assert outputs(listing(str(tmp_path / "list.txt"), tmp_path, ".npz")) == {"x.npz", "y.npz", "z.npz"}


def test_a_table_may_say_seed_style_and_output_of_each(tmp_path):
    rows = 'path,seed,style,output\na.wav,7,lively,take/one\na.wav,,,two.npz\n"b, ""c"".wav",0,,\n\n'
    (tmp_path / "lines.csv").write_text(rows)
    (tmp_path / "lines.tsv").write_text(rows.replace('"b, ""c"".wav"', 'b, "c".wav').replace(",", "\t").replace('b\t "c"', "bc"))
    first, second, third = listing(str(tmp_path / "lines.csv"), tmp_path, ".npz").items
    assert first == Item(str(tmp_path / "a.wav"), os.path.join("take", "one.npz"), 7, "lively")
    assert second == Item(str(tmp_path / "a.wav"), "two.npz") and third == Item(str(tmp_path / 'b, "c".wav'), 'b, "c".npz', 0)
    assert outputs(listing(str(tmp_path / "lines.tsv"), tmp_path, ".npz")) == {os.path.join("take", "one.npz"), "two.npz", "bc.npz"}


@pytest.mark.parametrize(("name", "text", "says"), [
    ("l.txt", "a.wav\na.flac\n", "a.wav.* and .*a.flac|a.flac.* and .*a.wav"),
    ("l.txt", "a/x.wav\n/b/x.wav\nx.wav\n", "both be written to 'x.npz'"),
    ("l.txt", "batch-done.wav\n", "the batch itself"),
    ("l.txt", "\n \n", "holds no recording"),
    ("l.csv", "file\na.wav\n", "has the columns file"),
    ("l.csv", "path,seed,path\na.wav,1,b\n", "each once"),
    ("l.csv", "path,volume\na.wav,1\n", "has the columns path, volume"),
    ("l.csv", "path,seed\na.wav,-1\n", "line 2 has the seed '-1'"),
    ("l.csv", "path,seed\na.wav,99999999999\n", "no whole number"),
    ("l.csv", "path,seed\na.wav,1.5\n", "no whole number"),
    ("l.csv", "path,seed\n,3\n", "line 2 has no path"),
    ("l.csv", "path\na,b.wav\n", "line 2 has 2 cells under 1 columns"),
    ("l.csv", 'path\n"a.wav\n', "no line of a table"),
    ("l.csv", "path,output\na.wav,../b\n", "outside the batch's folder"),
    ("l.csv", "path,output\na.wav,/b\n", "outside the batch's folder"),
    ("l.csv", "", "has the columns none"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    with pytest.raises((FileError, OptionError), match=says):
        listing(str(tmp_path / name), tmp_path, ".npz", ("batch-done.npz",))


def test_a_list_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "list.txt").write_bytes(b"a.wav\nb\xff.wav\n")
    with pytest.raises(FileError, match="line 2 is not UTF-8"):
        listing(str(tmp_path / "list.txt"), tmp_path, ".npz")


def test_two_files_of_a_folder_for_one_output_are_refused(tmp_path):
    made(tmp_path, "in/s/a.wav", "in/s/a.mp3")
    with pytest.raises(OptionError, match="both be written to 's.a.npz'; rename one"):
        listing(str(tmp_path / "in"), tmp_path / "out", ".npz")


def test_one_recording_is_no_batch(tmp_path):
    made(tmp_path, "a.wav", "a.csv")
    assert is_batch(str(tmp_path)) and is_batch(str(tmp_path / "a.csv"))
    assert not any(map(is_batch, (str(tmp_path / "a.wav"), str(tmp_path / "gone.csv"), "-", "")))
