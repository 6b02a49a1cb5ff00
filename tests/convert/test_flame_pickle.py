"""FLAME's pickles: read without running anything; hostile, foreign and damaged ones refused in one line."""

import os
import pickle
import tracemalloc

import numpy as np
import pytest

from flame_like import egg, flame_like, head_arrays, write_flame_pickle
from visavox.cli import main
from visavox.convert.flame import read_flame_pickle
from visavox.errors import FileError
from visavox.io.head import read_head

MODEL = flame_like(*egg())


@pytest.fixture
def flame_pickle(tmp_path):
    path = tmp_path / "generic_model.pkl"
    write_flame_pickle(MODEL, path)
    return path


def check(arrays):
    wanted = head_arrays(MODEL)
    assert set(arrays) == set(wanted)
    for name, array in wanted.items():
        np.testing.assert_array_equal(arrays[name], array)


def test_a_pickle_like_flames_own(flame_pickle):
    check(read_flame_pickle(flame_pickle))


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_plain_arrays_in_every_protocol(tmp_path, protocol):
    path = tmp_path / "flame2023.pkl"
    path.write_bytes(pickle.dumps({**MODEL, "f": np.asfortranarray(MODEL["f"])}, protocol))
    check(read_flame_pickle(path))


def test_convert_head_writes_a_head_file(flame_pickle, tmp_path, capsys):
    out = tmp_path / "flame.safetensors"
    assert main(["convert-head", str(flame_pickle), "-o", str(out)]) == 0
    check(read_head(out))
    assert "192 vertices" in capsys.readouterr().out


class Runs:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_hostile_pickle_runs_nothing(tmp_path, capsys, protocol):
    path, proof = tmp_path / "evil.pkl", tmp_path / "proof"
    path.write_bytes(pickle.dumps({**MODEL, "v_template": Runs(os.system, f"touch {proof}")}, protocol))
    assert main(["convert-head", str(path), "-o", str(tmp_path / "out.safetensors")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "posix.system" in said and "nothing was run" in said
    assert not proof.exists() and not (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize("payload", [
    b"cos\nsystem\n(S'true'\ntR.",  # the call is the whole file
    b"(S'true'\nios\nsystem\n.",  # as an instance
    b"\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.",
    b"\x80\x02)R.", b"\x80\x02.", b"\x80\x02N", b"", b"not a pickle", b"\x80\x02\x8a\xff", b"\x80\x02(lp0\nh\x00a.", b"\x82\x01.",
])  # fmt: skip
def test_other_pickles_are_refused(tmp_path, payload):
    path = tmp_path / "bad.pkl"
    path.write_bytes(payload)
    with pytest.raises(FileError, match="bad.pkl"):
        read_flame_pickle(path)


def test_nesting_that_doubles_at_each_level_is_read_in_no_time(tmp_path):
    deep = [0]
    for _ in range(50):
        deep = [deep, deep]
    path = tmp_path / "bomb.pkl"
    path.write_bytes(pickle.dumps({**MODEL, "extra": deep}))
    check(read_flame_pickle(path))
    endless: list = []
    endless.append(endless)
    path.write_bytes(pickle.dumps({**MODEL, "extra": endless}))
    with pytest.raises(FileError, match="nests"):
        read_flame_pickle(path)


def changed(name, value):
    return {**MODEL, name: value}


@pytest.mark.parametrize(("model", "words"), [
    (changed("shapedirs", MODEL["shapedirs"][..., :150]), "another version of FLAME: shapedirs"),
    (changed("weights", MODEL["weights"][:, [0, 1, 2, 3]]), "another version of FLAME: weights"),
    (changed("weights", MODEL["weights"] @ np.eye(5)[[0, 1, 1, 3, 4]]), "jaw does not move"),
    (changed("kintree_table", np.array([[-1, 0, 1, 2, 3], range(5)])), "parents"),
    (changed("f", MODEL["f"] + 3), "do not fit"),
    (changed("v_template", np.full_like(MODEL["v_template"], np.nan)), "not a number"),
    ({"v_template": MODEL["v_template"]}, "lacks shapedirs"),
    ([1, 2], "holds a list"),
    (changed("v_template", {"a": 1}), "not a FLAME model|another version"),
])  # fmt: skip
def test_models_that_are_not_flame(tmp_path, model, words):
    path = tmp_path / "other.pkl"
    path.write_bytes(pickle.dumps(model))
    with pytest.raises(FileError, match=words):
        read_flame_pickle(path)


def test_every_truncation_is_refused(flame_pickle, tmp_path):
    data = flame_pickle.read_bytes()
    for length in np.linspace(0, len(data) - 1, 40).astype(int):
        path = tmp_path / "part.pkl"
        path.write_bytes(data[:length])
        with pytest.raises(FileError, match="part.pkl"):
            read_flame_pickle(path)


def test_a_flame_pickle_given_as_a_head_says_how_to_convert_it(flame_pickle):
    with pytest.raises(FileError, match="convert-head"):
        read_head(flame_pickle)


def machine(*parts: bytes) -> bytes:
    return b"\x80\x02" + b"".join(parts) + b"."


def test_marks_without_end_are_read_in_no_time(tmp_path):
    """Each of 300,000 marks that are closed at once once took a walk through the stack."""
    (tmp_path / "marks.pkl").write_bytes(machine(b"(t" * 300_000, b"0" * 299_999))
    with pytest.raises(FileError, match="holds a tuple"):
        read_flame_pickle(tmp_path / "marks.pkl")
    (tmp_path / "long.pkl").write_bytes(machine(b"N0" * 1_100_000, b"N"))
    with pytest.raises(FileError, match="more than 2000000 instructions"):
        read_flame_pickle(tmp_path / "long.pkl")


def doubling(levels: int = 40):
    """A list that is small in a file and has 2 ** levels numbers as an array."""
    deep = [0.0]
    for _ in range(levels):
        deep = [deep, deep]
    return deep


class Chumpy:
    """Pickles as chumpy's arrays do."""

    def __init__(self, **state):
        self.state = state

    def __reduce__(self):
        return type(self), (), self.state


class Sparse(Chumpy):
    """Pickles as SciPy's sparse arrays do."""


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: changed("v_template", doubling()), "v_template is a list, not an array"),
        (lambda: changed("v_template", Chumpy(x=doubling())), "list in place of an array"),
        (lambda: changed("J_regressor", Sparse(_shape=(10**7, 10**7), data=np.ones(1), indices=np.zeros(1, int), indptr=np.array([0, 1]))),
         "sparse array does not fit"),
        (lambda: changed("J_regressor", Sparse(_shape=(5, 9), data=np.ones(1), indices=np.zeros(1, int), indptr=np.array([0, 2**40]))),
         "sparse array does not fit"),
        (lambda: changed("v_template", np.array(["a"] * 3)), "not of numbers"),
        (lambda: changed("v_template", np.array([{}])), "not of numbers"),
        (lambda: changed("v_template", MODEL["v_template"] * 1e30), "template with the value"),
        (lambda: changed("f", MODEL["f"].astype(float)), "triangles of shape"),
        (lambda: changed("f", MODEL["f"][:, :2]), "triangles of shape"),
        (lambda: changed("kintree_table", np.full((2, 5), np.inf)), "joints with parents"),
        (lambda: changed("weights", np.float64(3)), "is not a FLAME model|another version"),
        (lambda: changed("weights", np.full_like(MODEL["weights"], 0.5)), "do not add up to 1"),
    ],
)  # fmt: skip
def test_hostile_arrays_take_no_memory(tmp_path, model, words):
    data = pickle.dumps(model(), 2)
    for mine, theirs in ((b"test_flame_pickle\nChumpy", b"chumpy.ch\nCh"), (b"test_flame_pickle\nSparse", b"scipy.sparse.csc\ncsc_matrix")):
        data = data.replace(mine, theirs)
    (tmp_path / "hostile.pkl").write_bytes(data)
    tracemalloc.start()
    with pytest.raises(FileError, match=words) as caught:
        read_flame_pickle(tmp_path / "hostile.pkl")
    assert tracemalloc.get_traced_memory()[1] < 100e6 and "\n" not in str(caught.value)
    tracemalloc.stop()
